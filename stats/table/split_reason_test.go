package table

import (
	"context"
	"strings"
	"testing"
)

// An option that stands for a reason makes the answer missing, unless another
// option is chosen as well: then people did answer.
func TestSplitColumnOfAReason(t *testing.T) {
	text := "q/a,q/refused,q/b\n1,0,0\n0,1,0\n0,0,0\n,,\n0,1,1\n"
	match := func(Header) (*Schema, error) {
		return &Schema{
			Fields:  []Field{{Name: "q", Kind: Set, Levels: []Level{{Code: "a"}, {Code: "b"}}}},
			Targets: []Target{{Field: 0, Option: 0}, {Field: 0, Option: -1, Missing: Refused}, {Field: 0, Option: 1}},
		}, nil
	}
	result, err := ReadFrom(context.Background(), strings.NewReader(text), int64(len(text)), "a.csv", Options{Match: match})
	if err != nil {
		t.Fatal(err)
	}
	c := result.Table.Column("q")
	for row, want := range []struct {
		text    string
		missing Missing
	}{{"a", Present}, {"", Refused}, {"", Present}, {"b", Present}} {
		if c.Text(row) != want.text || c.Missing(row) != want.missing {
			t.Errorf("row %d: %q, %v; want %q, %v", row, c.Text(row), c.Missing(row), want.text, want.missing)
		}
	}
}
