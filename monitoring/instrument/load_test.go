package instrument

import "testing"

func TestBuiltin(t *testing.T) {
	for _, id := range Builtin() {
		in, err := Load(id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if in.ID != id {
			t.Errorf("%s has the id %s", id, in.ID)
		}
		if len(in.Indicators) < 8 || len(in.Exclusions) != 3 || len(in.Groups) != 13 {
			t.Errorf("%s: %d indicators, %d exclusions, %d groups", id, len(in.Indicators), len(in.Exclusions), len(in.Groups))
		}
	}
}
