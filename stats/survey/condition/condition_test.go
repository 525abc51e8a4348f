package condition

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"waymark/stats/table"
)

const people = `stype,meals,api99,held,food,day,wide col
E,10,500,true,rice oil,2016-10-06,a b
M,60,,false,oil,2016-10-07,c
H,30,700,,rice,2016-10-08,
,90,800,true,,,c
E,10,500,true,rice oil,2016-10-06,a b
M,60,,false,oil,2016-10-07,c
`

func read(t testing.TB) *table.Table {
	t.Helper()
	kinds := []table.Kind{table.Category, table.Number, table.Number, table.Bool, table.Set, table.Date, table.Text}
	opt := table.Options{Match: func(h table.Header) (*table.Schema, error) {
		s := &table.Schema{}
		for i, n := range h.Names {
			f := table.Field{Name: n, Kind: kinds[i], Open: true}
			s.Fields = append(s.Fields, f)
			s.Targets = append(s.Targets, table.Target{Field: i, Option: -1})
		}
		return s, nil
	}}
	r, err := table.ReadFrom(context.Background(), strings.NewReader(people), int64(len(people)), "people.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return r.Table
}

func TestRows(t *testing.T) {
	tab := read(t)
	for text, want := range map[string]string{
		`stype == E`:                            "100010",
		`stype != E`:                            "011001",
		`not stype == E`:                        "011001",
		`stype = "E" or stype='M'`:              "110011",
		`stype in (E, H)`:                       "101010",
		`stype not in (E, H)`:                   "010001",
		`stype is missing`:                      "000100",
		`api99 is not missing`:                  "101110",
		`meals < 60`:                            "101010",
		`meals <= 60 & meals >= 30`:             "011001",
		`meals <> 60`:                           "101110",
		`!(meals < 60)`:                         "010101",
		`api99 > 600`:                           "001100",
		`not (api99 > 600)`:                     "100010",
		`api99 > 600 or stype == M`:             "011101",
		`held`:                                  "100110",
		`not held`:                              "010001",
		`held == false`:                         "010001",
		`food == rice`:                          "101010",
		`food != rice`:                          "010001",
		`food in (rice, oil)`:                   "111011",
		`day >= 2016-10-07`:                     "011001",
		"`wide col` == \"a b\"":                 "100010",
		"(stype == E and meals == 10) || held":  "100110",
		"STYPE_ == 1":                           "",
		`meals in (1e1, 9e+1)`:                  "100110",
		`stype == E AND NOT meals IN (60, 1e3)`: "100010",
	} {
		c, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		rows, err := c.Rows(tab)
		if want == "" {
			if err == nil {
				t.Errorf("%s: no error", text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := ""
		for _, r := range rows {
			got += fmt.Sprint(map[bool]int{true: 1}[r])
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestFaultsSayWhereAndSuggest(t *testing.T) {
	tab := read(t)
	for text, want := range map[string]string{
		`meals`:                              `column 1, "where": "meals" is a number column, not true or false`,
		`stpe == E`:                          `did you mean stype?`,
		`stype == e and mels < 3`:            `did you mean meals?`,
		`stype == "Excellent"`:               `"stype" has no level "Excellent" (the levels are [E M H])`,
		`meals < ten`:                        `column 9, "where": "meals" is a column of numbers`,
		`stype < M`:                          `a category without an order`,
		`held == yes`:                        `use == true or == false`,
		`day > yesterday`:                    `write it as 2016-10-06`,
		`stype == `:                          `a value is expected before the end`,
		`stype == E meals`:                   `column 12, "where": "meals" is left over`,
		`(stype == E`:                        `a ) is expected before the end`,
		`stype in E`:                         `a ( is expected before "E"`,
		`stype is E`:                         `missing is expected before "E"`,
		`stype == "E`:                        `the " has no end`,
		`stype == E; drop`:                   `has no meaning here`,
		``:                                   `a column is expected before the end`,
		strings.Repeat("(", 200) + "x":       `nested more than 100 deep`,
		strings.Repeat("not ", 200) + "held": `nested more than 100 deep`,
		strings.Repeat("a", maxLength+1):     `longer than`,
		"held == true or \xff":               `not UTF-8`,
		`held and stype in (E` + strings.Repeat(",E", 9_000) + `) and api00 > 2`: `there is no column "api00"`,
	} {
		c, err := Parse(text)
		if err == nil {
			_, err = c.Rows(tab)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %s", text, err, want)
		}
	}
}

// Whatever is written, it is an error or a condition whose every row is decided.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`stype == E`, `not (meals < 3 or held) and stype in (E,"M")`, "`wide col` is not missing", `a <> 1e+5`, `food != rice`} {
		f.Add(s)
	}
	tab := read(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		rows, err := c.Rows(tab)
		if err == nil && len(rows) != tab.Rows() {
			t.Fatalf("%d rows of %d", len(rows), tab.Rows())
		}
		again, err := Parse(c.String())
		if err != nil {
			t.Fatalf("%q does not read back: %v", c.String(), err)
		}
		if a, b := fmt.Sprint(c.Columns()), fmt.Sprint(again.Columns()); a != b {
			t.Fatalf("%s and then %s", a, b)
		}
	})
}
