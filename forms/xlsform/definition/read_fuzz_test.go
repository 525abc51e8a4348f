package definition

import (
	"testing"

	"waymark/forms/xlsform/workbook"
)

// FuzzRead reads any markdown that is a workbook at all: a form or faults, never
// a panic, with every child under its parent.
func FuzzRead(f *testing.F) {
	f.Add([]byte(survey("type | name | label | relevant | parameters | default", "begin group | g | G | ${a} | | ", "select_one l or_other | a | A | | randomize=true | now()",
		"end group | | | | | ", "range | r | R | | start=0 end=1 step=.1 | ", "begin loop over l | lp | L | | | ", "text | t | %(label)s | | rows=2 | ", "end loop | | | | | ") +
		choicesLM + sheet("settings", "form_id | flat | instance_name", "f | yes | ${a}")))
	f.Add([]byte(survey("type | name | label::en | media::image | trigger | save_to", "audit | | | | | ", "geopoint | p | P | i.png | | e", "begin repeat | r | R | | | ", "calculate | c | | | ${p} | ", "end repeat | | | | | ") +
		sheet("entities", "list_name | label", "e | ${p}") + sheet("osm", "list_name | name", "o | x")))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := workbook.Read(data)
		if err != nil {
			return
		}
		form, err := Read(book, Options{})
		if err == nil && form.Root == nil {
			t.Fatal("neither a form nor a fault")
		}
		if form.Root != nil {
			checkParents(t, form.Root)
		}
	})
}

func checkParents(t *testing.T, el *Element) {
	for _, c := range el.Children {
		if c.Parent != el {
			t.Fatalf("%q is not under its parent", c.Name)
		}
		checkParents(t, c)
	}
}
