package rule

import "testing"

func TestBuiltinPathwaysLoad(t *testing.T) {
	all, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range all {
		again, err := Parse(p.Bundle())
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if again.Version != p.Version || again.ID != p.ID {
			t.Errorf("%s: the bundle reads as %s %s", id, again.ID, again.Version)
		}
	}
	if len(all) < 2 {
		t.Fatalf("%d pathways", len(all))
	}
}
