package table

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// readText reads a text as the file "test.csv".
func readText(t testing.TB, text string, opt Options) (*Result, error) {
	t.Helper()
	return ReadFrom(context.Background(), strings.NewReader(text), int64(len(text)), "test.csv", opt)
}

// mustRead reads a text that has to be read.
func mustRead(t testing.TB, text string, opt Options) *Result {
	t.Helper()
	r, err := readText(t, text, opt)
	if err != nil {
		t.Fatalf("reading failed: %v", err)
	}
	return r
}

// texts renders a column with reasons for missing values in angle brackets.
func texts(c Column) string {
	if c == nil {
		return "<no column>"
	}
	var parts []string
	for row := range c.Len() {
		if m := c.Missing(row); m != Present {
			parts = append(parts, "<"+m.String()+">")
		} else {
			parts = append(parts, c.Text(row))
		}
	}
	return strings.Join(parts, "|")
}

// fixed returns a Match that gives the file's columns these fields in order.
func fixed(fields ...Field) func(Header) (*Schema, error) {
	return func(h Header) (*Schema, error) {
		s := &Schema{Fields: fields}
		for i := range h.Names {
			target := Target{Field: -1, Option: -1}
			if i < len(fields) {
				target.Field = i
			}
			s.Targets = append(s.Targets, target)
		}
		return s, nil
	}
}

func warnings(r *Result) string {
	if err := r.Warnings.Err(); err != nil {
		return err.Error()
	}
	return ""
}

func TestReadCSVInfers(t *testing.T) {
	r := mustRead(t, "id,sex,age,date,ok,code\nu1,female,30,2016-10-06,true,01\nu2,male,,2016-10-07,false,02\nu3,male,25,2016-10-08,true,01\nu4,female,19,,true,02\n", Options{})
	for name, want := range map[string]string{
		"id":   "u1|u2|u3|u4",
		"sex":  "female|male|male|female",
		"age":  "30|<blank>|25|19",
		"date": "2016-10-06|2016-10-07|2016-10-08|<blank>",
		"ok":   "true|false|true|true",
		"code": "01|02|01|02",
	} {
		if got := texts(r.Table.Column(name)); got != want {
			t.Errorf("%s = %s, expected %s", name, got, want)
		}
	}
	kinds := []Kind{Text, Category, Number, Date, Bool, Category}
	for i, inf := range r.Inferred {
		if inf.Kind != kinds[i] || inf.Why == "" {
			t.Errorf("%s was inferred as %s because %s, expected %s", inf.Column, inf.Kind, inf.Why, kinds[i])
		}
	}
	if got := warnings(r); got != "" {
		t.Errorf("unexpected warnings: %s", got)
	}
	if r.Source.Rows != 4 || r.Source.FirstRow != 2 || r.Source.Format != "csv" {
		t.Errorf("source is %+v", r.Source)
	}
	// Python 3.11.7, hashlib.sha256 of the same bytes.
	if r.Source.SHA256 != "121ded4f57faff1bb6f78521e57ab539d2b2a2db88db0541750bef013124d597" {
		t.Errorf("checksum is %q", r.Source.SHA256)
	}
}

func TestReadCSVSchema(t *testing.T) {
	fourteen, hundred := 14.0, 100.0
	yes := Field{Name: "held", Kind: Category, Levels: []Level{{Code: "yes"}, {Code: "no"}},
		Aliases: map[string]string{"oui": "yes", "non": "no"}, MissingCodes: map[string]Missing{"refused": Refused, "dk": DontKnow}}
	age := Field{Name: "age", Kind: Number, Min: &fourteen, Max: &hundred, MissingCodes: map[string]Missing{"-99": Refused}}
	via := Field{Name: "via", Kind: Set, Levels: []Level{{Code: "TUR"}, {Code: "GRC"}, {Code: "LBY"}}}
	r := mustRead(t, "held,age,via\nYES,20,TUR GRC\n oui ,-99,\nyse,8,LBY XYZ\nrefused,abc,QQQ\nDK,1e2,TUR\n", Options{Match: fixed(yes, age, via)})
	for name, want := range map[string]string{
		"held": "yes|yes|<unreadable>|<refused>|<don't know>",
		"age":  "20|<refused>|8|<unreadable>|100",
		"via":  "TUR GRC|<blank>|LBY|<unreadable>|TUR",
	} {
		if got := texts(r.Table.Column(name)); got != want {
			t.Errorf("%s = %s, expected %s", name, got, want)
		}
	}
	for _, want := range []string{
		`test.csv, row 4, column 1, "held": "yse" is not a code of "held"; it occurs 1 time (row 4) (did you mean "yes"?`,
		`test.csv, row 4, column 2, "age": 8 is below the lowest expected, 14`,
		`test.csv, row 5, column 2, "age": "abc" is not a number`,
		`"XYZ" is not a code of "via"`, `"QQQ" is not a code of "via"`,
	} {
		if !strings.Contains(warnings(r), want) {
			t.Errorf("no warning %q in:\n%s", want, warnings(r))
		}
	}
}

func TestReadCSVSplitSet(t *testing.T) {
	match := func(h Header) (*Schema, error) {
		return &Schema{
			Fields:  []Field{{Name: "via", Kind: Set, Levels: []Level{{Code: "TUR"}, {Code: "GRC"}}}},
			Targets: []Target{{Field: 0, Option: 0}, {Field: -1, Option: -1}, {Field: 0, Option: 1}},
		}, nil
	}
	r := mustRead(t, "via/TUR,x,via/GRC\n1,,0\n0,,0\n,,\nTRUE,,1\n,a,\n", Options{Match: match})
	if got, want := texts(r.Table.Column("via")), "TUR||TUR GRC|<blank>"; got != want {
		t.Errorf("via = %s, expected %s", got, want)
	}
	if r.Source.FileRow(2) != 5 {
		t.Errorf("row 2 of the table is row %d of the file, expected 5", r.Source.FileRow(2))
	}
}

func TestReadCSVFaultsAllAtOnce(t *testing.T) {
	_, err := readText(t, "a,b\n1,2,3\n4,5\n6,7,8,9\n", Options{})
	var list *fault.List
	if !errors.As(err, &list) || len(list.Faults) != 2 {
		t.Fatalf("expected two faults, got %v", err)
	}
	for i, want := range []string{"test.csv, row 2, column 3: the row has 3 cells, the header 2", "test.csv, row 4, column 3: the row has 4 cells"} {
		if !strings.Contains(list.Faults[i].Error(), want) {
			t.Errorf("fault %d is %q, expected %q", i, list.Faults[i], want)
		}
	}
}

// changing is a file whose content differs from the second reading on.
type changing struct {
	*strings.Reader
	later string
	read  int
}

func (c *changing) ReadAt(b []byte, at int64) (int, error) {
	if at == 0 {
		c.read++
	}
	if c.read > 2 { // the sniffing, and the pass that infers
		return strings.NewReader(c.later).ReadAt(b, at)
	}
	return c.Reader.ReadAt(b, at)
}

func TestFileThatChanges(t *testing.T) {
	before, after := "a,b\n1,x\n2,y\n", "a,b\n1,x\n2,z\n"
	_, err := ReadFrom(context.Background(), &changing{Reader: strings.NewReader(before), later: after}, int64(len(before)), "test.csv", Options{})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("a file that changes gives %v", err)
	}
}

func TestReadPath(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(context.Background(), dir+"/none.csv", Options{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a missing file gives %v", err)
	}
	if _, err := Read(context.Background(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "this is a folder (give the file") {
		t.Errorf("a folder gives %v", err)
	}
	if err := os.WriteFile(dir+"/interviews.xlsx", []byte("a,b\n1,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Read(context.Background(), dir+"/interviews.xlsx", Options{})
	if err != nil || r.Source.Name != "interviews.xlsx" || r.Source.Format != "csv" || r.Source.Bytes != 8 {
		t.Errorf("%+v, %v", r, err)
	}
}
