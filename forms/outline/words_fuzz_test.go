package outline

import (
	"os"
	"strings"
	"testing"
	"time"

	"waymark/forms/xform"
)

// FuzzWords: whatever the expression, words come out, in bounded work.
func FuzzWords(f *testing.F) {
	for _, s := range []string{
		"/data/consent = 'yes' and not(selected(/data/means, 'boat') or . > 3)", "instance('district')/root/item[region = current()/../region and name != '']/label",
		"if(/data/age > 1, concat('a', /data/member[position() = 2]/name), pulldata('places', 'a', 'b', ../x))", "int((today() - /data/dob) div 365.25) mod 2",
		"(/data/age | /data/dob)[1]", "-(-1)", "regex(., '^[A-Z]{2}\\d+$')", "checklist(-1, 2, true(), false())", "//a/*[@b]/..", "current()/../../..", "${name} = 1", "",
		"not(selected(., 'a') and count-selected(.) > 1)", "jr:choice-name(selected-at(/data/means, 0), '/data/means')", "/", ".", "..", "@a", "1 < 2 = true()",
	} {
		f.Add(s)
	}
	data, err := os.ReadFile("testdata/household.xml")
	if err != nil {
		f.Fatal(err)
	}
	form, err := xform.Parse(data)
	if err != nil {
		f.Fatal(err)
	}
	o := Of(form)
	at := o.At("/data/member/member_sex")
	f.Fuzz(func(t *testing.T, s string) {
		for _, i := range []*Item{at, o.At("/data/district"), nil} {
			for _, words := range []Sentence{o.Condition(s, i), o.Constraint(s, i), o.Value(s, i)} {
				if strings.TrimSpace(s) != "" && words.In(o, 0) == "" {
					t.Errorf("%q says nothing", s)
				}
			}
			o.Resolved(s, i, (*Item).Path)
			if i != nil {
				o.Filter(s, i)
				o.Limit(s, i)
			}
		}
	})
}

// TestBoundedWork: deep expressions take no longer than they are long.
func TestBoundedWork(t *testing.T) {
	o := household(t)
	at := o.At("/data/track")
	for _, s := range []string{
		strings.Repeat("/data/age + ", 150) + "1",
		strings.Repeat("round(", 90) + "1" + strings.Repeat(")", 90),
		strings.Repeat("contains(", 90) + "'a'" + strings.Repeat(", 'b')", 90),
		strings.Repeat("string-length(", 60) + "'a'" + strings.Repeat(" > 1) > 1", 1) + strings.Repeat(")", 59),
		strings.Repeat("not(/data/age > 1 and ", 60) + "true()" + strings.Repeat(")", 60),
		strings.Repeat("/data/member[member_age = ", 60) + "1" + strings.Repeat("]/member_age", 60),
		strings.Repeat("not(selected(/data/means, 'boat') and count-selected(", 60) + "'a'" + strings.Repeat(") > 1)", 60),
		strings.Repeat("(", 90) + "1" + strings.Repeat(")", 90) + " = 1",
	} {
		begun := time.Now()
		o.Condition(s, at)
		o.Value(s, at)
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%.60s... took %v", s, took)
		}
	}
}
