package table

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The files of testdata/stat were made by R's haven and by PSPP; the scripts
// that made them stand beside them.

// look renders a column: its kind and one value or reason a row.
func look(c Column) string {
	parts := []string{c.Kind().String()}
	for row := range c.Len() {
		text := c.Text(row)
		if len(text) > 40 {
			text = text[:5] + strings.Repeat("*", 3) + text[len(text)-3:]
		}
		if m := c.Missing(row); m != Present {
			text = "<" + m.String() + ">"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "|")
}

func readFixture(t *testing.T, name string, opt Options) *Result {
	t.Helper()
	r, err := Read(context.Background(), filepath.Join("testdata", "stat", name), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fixture is what a file holds, column by column.
type fixture struct {
	column, want string
}

var havenColumns = []fixture{
	{"id", "text|S001|S002|S003|S004|S005|S006"},
	{"sex", "category|1|2|2|1|2|1"},
	{"age", "number|18|25.5|31|<blank>|44|102"},
	{"held", "category|1|2|1|<refused>|<don't know>|<blank>"},
	{"small", "number|-5|0|100|101|32741|2147483000"},
	{"day", "date|2016-10-06|1959-12-31|1960-01-01|<blank>|2020-02-29|1899-12-31"},
	{"at", "time|2016-10-06T09:30:15Z|1970-01-01T00:00:00Z|<blank>|2000-02-29T23:59:59Z|1960-01-01T00:00:00Z|1959-06-01T12:00:00Z"},
}

var havenSPSS = append(slices.Clone(havenColumns),
	fixture{"words", "text|<blank>|a|été|€ 5|two words|=1+1"},
	fixture{"essay", "text|xxxxx***xxx|<blank>|short|" + "éé\xc3***\xa9é|yyyyy***yyy|end"},
	fixture{"income", "number|100|0|<not asked>|<not applicable>|<blank>|5000.25"},
	fixture{"country", "category|TUR|GRC|TUR|LBY|GRC|TUR"})

var psppColumns = []fixture{
	{"id", "text|S001|S002|S003|S004|S005|S006"},
	{"sex", "category|1|2|2|1|2|1"},
	{"age", "number|18|25|31|<blank>|44|102"},
	{"held", "category|1|2|<refused>|<don't know>|2|1"},
	{"incomeInTheMonthBefore", "number|100|0|<not asked>|<not applicable>|<blank>|5000.25"},
	{"day", "date|2016-10-06|1959-12-31|1960-01-01|2020-02-29|<blank>|1600-01-01"},
	{"at", "time|2016-10-06T09:30:15Z|1970-01-01T00:00:00Z|2000-02-29T23:59:59Z|1600-10-14T00:00:01Z|<blank>|1960-01-01T00:00:00Z"},
	{"eday", "date|2016-10-06|1959-12-31|1960-01-01|2020-02-29|<blank>|1600-01-01"},
	{"moyr", "date|2016-10-01|1959-12-01|1960-01-01|2020-02-01|<blank>|1600-01-01"},
	{"how", "number|5400|10|36000|86399|<blank>|0"},
	{"w", "number|1.5|0.25|1|2|<blank>|1"},
	{"country", "category|TUR|GRC|TUR|<refused>|GRC|TUR"},
	{"note", "text|first|<blank>|été|=1+1|€ 5|two words"},
	{"essay", "text|begin***end|<blank>|short|begin***end|begin***end|begin***end"},
}

func TestReadStatFiles(t *testing.T) {
	stata := func(words, essay string) []fixture {
		return append(slices.Clone(havenColumns), fixture{"words", words}, fixture{"essay", essay})
	}
	const whole = "text|<blank>|a|été|€ 5|two words|=1+1"
	const five = "text|<blank>|a|été|5|two words|=1+1" // a sign that old encodings lack was left out
	essay := havenSPSS[8].want
	for name, want := range map[string][]fixture{
		"haven113.dta": stata(five, essay), "haven114.dta": stata(five, essay), "haven115.dta": stata(five, essay),
		"haven117.dta": stata(whole, essay), "haven118.dta": stata(whole, essay), "haven119.dta": stata(whole, essay),
		"haven_none.sav": havenSPSS, "haven_byte.sav": havenSPSS, "haven_zsav.zsav": havenSPSS,
		"pspp.sav": psppColumns, "pspp_byte.sav": psppColumns, "pspp.zsav": psppColumns,
	} {
		t.Run(name, func(t *testing.T) {
			r := readFixture(t, name, Options{})
			if len(r.Table.Columns()) != len(want) {
				t.Errorf("%d columns, expected %d", len(r.Table.Columns()), len(want))
			}
			for i, w := range want {
				if c := r.Table.Columns()[i]; c.Name() != w.column || look(c) != w.want {
					t.Errorf("%s: %s\nexpected %s: %s", c.Name(), look(c), w.column, w.want)
				}
			}
			for column, label := range map[string]string{"id": "Interview", "sex": "Sex of the person", "held": "Held against their will, été €"} {
				if r.Labels[column] != label {
					t.Errorf("the label of %s is %q", column, r.Labels[column])
				}
			}
			if levels := r.Table.Category("sex").Levels; !slices.Equal(levels, []Level{{"1", "Man"}, {"2", "Woman"}, {"3", "Other"}}) {
				t.Errorf("levels of sex: %q", levels)
			}
			if levels := r.Table.Category("held").Levels; !slices.Equal(levels, []Level{{"1", "Yes"}, {"2", "No"}}) {
				t.Errorf("levels of held: %q", levels)
			}
			if s := r.Source; s.Rows != 6 || s.FileRow(0) != 1 || len(s.SHA256) != 64 || !strings.Contains(name, s.Format) {
				t.Errorf("source %+v", s)
			}
		})
	}
}

// TestStatInspection: what stood for a missing value is said, with counts; so
// are the weight and the sets that an SPSS file has.
func TestStatInspection(t *testing.T) {
	for name, wants := range map[string][]string{
		"haven118.dta": {`"held": the file declares values missing, and they were read so: .a "Refused" as refused (1 row), .b "Don't know" as don't know (1 row)`},
		"pspp.zsav": {
			`"w": the file weights its cases by this variable`,
			`"$both": the file joins variables in a multiple response set "Sex and held": sex, held`,
			`-99 as blank (1 row), -7 "Not applicable" as not applicable (1 row), -1 "Skipped" as not asked (1 row)`,
			`"country": the file declares values missing, and they were read so: "XXX" "Prefer not to say" as refused (1 row)`,
		},
	} {
		r := readFixture(t, name, Options{})
		var said strings.Builder
		for _, w := range r.Warnings.Faults {
			said.WriteString(w.Error() + "\n")
		}
		for _, want := range wants {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s: nothing says %s in\n%s", name, want, said.String())
			}
		}
	}
	if c := readFixture(t, "pspp.sav", Options{}).Table.Category("held"); !c.Ordered {
		t.Error("an ordinal variable has no order")
	}
}

// TestStatMatch: a schema reads the same files by codes or by labels.
func TestStatMatch(t *testing.T) {
	fields := map[string]Field{
		"sex":  {Name: "sex", Kind: Category, Levels: []Level{{Code: "m"}, {Code: "f"}}, Aliases: map[string]string{"Man": "m", "Woman": "f"}},
		"held": {Name: "held", Kind: Category, Levels: []Level{{Code: "1"}, {Code: "2"}, {Code: "98", Label: "Don't know"}}, Aliases: map[string]string{"don't know": "98"}},
		"day":  {Name: "day", Kind: Date},
		"at":   {Name: "at", Kind: Date},
		"age":  {Name: "age", Kind: Number, MissingCodes: map[string]Missing{"102": Refused}},
		"id":   {Name: "id", Kind: Text},
	}
	match := func(h Header) (*Schema, error) {
		s := &Schema{}
		for _, name := range h.Names {
			target := Target{Field: -1, Option: -1}
			if f, ok := fields[name]; ok {
				target.Field = len(s.Fields)
				s.Fields = append(s.Fields, f)
			}
			s.Targets = append(s.Targets, target)
		}
		return s, nil
	}
	for name, want := range map[string]map[string]string{
		"haven118.dta": {
			"sex": "category|m|f|f|m|f|m", "held": "category|1|2|1|<refused>|98|<blank>", "age": "number|18|25.5|31|<blank>|44|<refused>",
			"day": havenColumns[5].want, "at": "date|2016-10-06|1970-01-01|<blank>|2000-02-29|1960-01-01|1959-06-01",
		},
		"pspp_byte.sav": {
			"sex": "category|m|f|f|m|f|m", "held": "category|1|2|<refused>|98|2|1", "age": "number|18|25|31|<blank>|44|<refused>",
			"day": psppColumns[5].want, "at": "date|2016-10-06|1970-01-01|2000-02-29|1600-10-14|<blank>|1960-01-01",
		},
	} {
		r := readFixture(t, name, Options{Match: match})
		for column, w := range want {
			if got := look(r.Table.Column(column)); got != w {
				t.Errorf("%s, %s: %s\nexpected %s", name, column, got, w)
			}
		}
	}
}
