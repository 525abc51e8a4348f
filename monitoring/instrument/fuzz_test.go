package instrument

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// checkBinding checks what must hold of every binding, whatever the header.
func checkBinding(t interface{ Errorf(string, ...any) }, in *Instrument, names []string, b *Binding) {
	s := b.Schema
	if len(s.Targets) != len(names) {
		t.Errorf("%d targets for %d columns", len(s.Targets), len(names))
	}
	fields := map[string]bool{}
	for _, f := range s.Fields {
		if fields[f.Name] {
			t.Errorf("two fields are named %s", f.Name)
		}
		fields[f.Name] = true
	}
	fed := make([]int, len(s.Fields))
	options := map[[2]int]bool{}
	read := 0
	for i, target := range s.Targets {
		if target.Field < 0 {
			continue
		}
		read++
		fed[target.Field]++
		f := s.Fields[target.Field]
		if target.Option >= len(f.Levels) || target.Option >= 0 && f.Kind != table.Set {
			t.Errorf("column %d is option %d of %s", i, target.Option, f.Name)
		}
		if target.Missing != table.Present && (target.Option >= 0 || f.Kind != table.Set) {
			t.Errorf("column %d stands for a reason and feeds %s, option %d", i, f.Name, target.Option)
		}
		// Options that stand for a reason may be several.
		if key := [2]int{target.Field, target.Option}; options[key] && target.Missing == table.Present {
			t.Errorf("two columns feed %s, option %d", f.Name, target.Option)
		} else {
			options[key] = true
		}
	}
	for i, n := range fed {
		if n == 0 {
			t.Errorf("no column feeds %s", s.Fields[i].Name)
		}
	}
	if read+len(b.Unknown)+len(b.Skipped) > len(names) {
		t.Errorf("%d columns read, %d unknown, %d skipped of %d", read, len(b.Unknown), len(b.Skipped), len(names))
	}
	for _, name := range b.Missing {
		if in.Question(name) == nil || fields[name] {
			t.Errorf("%s is reported as missing", name)
		}
	}
	if len(s.Notes) > maxNotes+1 {
		t.Errorf("%d notes", len(s.Notes))
	}
}

// FuzzBind binds headers of any kind, one name a line.
func FuzzBind(f *testing.F) {
	for _, seed := range []string{
		"age\nheld\n_uuid", "profile/age\nprofile-age", "transit_countries/TUR\ntransit_countries/LBY\ntransit_countries",
		"How old are you, in years?\nSexe\nالجنس", "a/age\nb/age", "_point_location_latitude\npoint_location-Latitude\npoint_location",
		"KEY\nmeta/instanceID\n_id", "::\n//\n-.-\n", "held - where\n<b>age</b>\n&nbsp;", "age\nage\nAGE", "transit_countries/refused\ntransit_countries/dk",
	} {
		f.Add(seed)
	}
	instruments := []*Instrument{}
	for _, id := range Builtin() {
		instruments = append(instruments, mustLoad(f, id))
	}
	f.Fuzz(func(t *testing.T, header string) {
		names := strings.Split(header, "\n")
		for _, in := range instruments {
			b, err := in.Bind(table.Header{Names: names})
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("the header is at fault, not the program: %v", err)
				}
				continue
			}
			checkBinding(t, in, names, b)
		}
	})
}

// FuzzParse reads any three files as an instrument. What loads must hold
// together; what does not must be told as faults of the input.
func FuzzParse(f *testing.F) {
	f.Add(small[surveyFile], small[choicesFile], small[definition])
	f.Add("type,name\ntext,a\n", "", "citation: {authority: A, source: S, date: '2016'}")
	f.Add("type;name\nselect_one_from_file x.csv;a\n", "list_name,name\n", "id: x\nmissing: {a: refused}\n")
	f.Add("type,name\nselect_multiple l or_other,a\n", "list_name,name\nl,b\n", "a: &x [*x]\n")
	f.Add("type,name\nrank l,a\n", "list name,value\nl,b\n", "groups:\n- {id: a, from: a, bands: [{code: x, from: .inf}]}\n")
	f.Add("", "", "? : : -")
	f.Fuzz(func(t *testing.T, survey, choices, yaml string) {
		src := &source{name: "fuzz", stem: "fuzz", files: map[string][]byte{surveyFile: []byte(survey), choicesFile: []byte(choices), definition: []byte(yaml)}}
		in, err := src.parse()
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("the files are at fault, not the program: %v", err)
			}
			return
		}
		for _, q := range in.Questions {
			if in.Question(q.Name) == nil || q.Kind == 0 {
				t.Errorf("question %+v", q)
			}
			in.Field(&q)
		}
		for _, i := range in.Indicators {
			if i.Citation.Authority == "" || (i.Question == "") == (len(i.Of) == 0) {
				t.Errorf("indicator %+v", i)
			}
		}
		if d := Diff(in, in); len(d.Questions)+len(d.Codes) > 0 {
			t.Errorf("it differs from itself: %+v", d)
		}
	})
}

// TestDraftBindsItsOwnFile: whatever the headers of a file are, the drafted
// instrument reads each column as its own question again.
func TestDraftBindsItsOwnFile(t *testing.T) {
	dir := t.TempDir()
	part := rapid.SampledFrom([]string{"age", "Age", "AGE ", "held", "a b", "a  b", "q1", "q1*", "/", "-", ".", ":", "%", "العمر", "é", "weight", "_x", "label::", "name", "status", "1", "[", `"`, "#"})
	rapid.Check(t, func(rt *rapid.T) {
		seen := map[string]bool{}
		var names []string
		for _, parts := range rapid.SliceOfN(rapid.SliceOfN(part, 1, 3), 1, 8).Draw(rt, "headers") {
			name := strings.TrimSpace(strings.Join(parts, ""))
			if name != "" && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		var b strings.Builder
		for row := range 5 {
			for i, name := range names {
				if i > 0 {
					b.WriteByte(',')
				}
				if row == 0 {
					b.WriteString(quote(name))
				} else {
					b.WriteString(fmt.Sprintf("value %d of %d", row%2, i))
				}
			}
			b.WriteByte('\n')
		}
		path := filepath.Join(dir, "data.csv")
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			rt.Fatal(err)
		}
		d, err := Draft(context.Background(), path, DraftOptions{Date: "2026-11-22"})
		if err != nil {
			rt.Fatalf("%q: %v", names, err)
		}
		src := &source{name: "draft", stem: "draft", files: map[string][]byte{}}
		for _, f := range d.Files {
			src.files[f.Name] = f.Data
		}
		in, err := src.parse()
		if err != nil {
			rt.Fatal(err)
		}
		res, err := table.Read(context.Background(), path, table.Options{Match: in.Match})
		if err != nil {
			rt.Fatalf("%q: %v", names, err)
		}
		if len(in.Questions) != len(names) {
			rt.Fatalf("%q: %d questions", names, len(in.Questions))
		}
		if got := len(res.Table.Columns()); got != len(in.Questions) {
			rt.Fatalf("%q: %d columns of %d questions are read", names, got, len(in.Questions))
		}
		for _, q := range in.Questions {
			c := res.Table.Column(q.Name)
			for i, name := range names {
				if cleanHeader(name) == q.Label["en"] {
					if want := fmt.Sprintf("of_%d", i); q.List != "" && !strings.HasSuffix(c.Text(0), want) {
						rt.Fatalf("%q: %s holds %q, want one that ends in %s", names, q.Name, c.Text(0), want)
					}
				}
			}
		}
	})
}
