package table

import (
	"strings"
	"testing"
)

// TestSetAnswers reads the ways in which tools write a select-multiple answer.
func TestSetAnswers(t *testing.T) {
	field := Field{Name: "via", Kind: Set,
		Levels:       []Level{{Code: "TUR"}, {Code: "GRC"}, {Code: "CIV"}, {Code: "oth_er"}},
		Aliases:      map[string]string{"Turkey": "TUR", "Türkiye": "TUR", "Greece": "GRC", "Ivory Coast": "CIV", "Other, which": "oth_er"},
		MissingCodes: map[string]Missing{"refused": Refused, "Prefers not to say": Refused},
	}
	cells := []string{
		"TUR GRC", "tur  civ", "Turkey, Greece", "Turkey;Ivory Coast", "Turkey|Greece", "Ivory Coast Turkey", "Other, which", "Turkey Other, which Ivory Coast",
		"refused", "Prefers not to say", "TUR refused", "TUR XYZ", "XYZ", "", "T\u0075\u0308rkiye",
	}
	wants := []string{
		"TUR GRC", "TUR CIV", "TUR GRC", "TUR CIV", "TUR GRC", "TUR CIV", "oth_er", "TUR CIV oth_er",
		"<refused>", "<refused>", "TUR", "TUR", "<unreadable>", "<blank>", "TUR",
	}
	r := mustRead(t, "via\tx\n"+strings.Join(cells, "\t1\n")+"\t1\n", Options{Match: fixed(field)})
	for i, got := range strings.Split(texts(r.Table.Column("via")), "|") {
		if got != wants[i] {
			t.Errorf("%q is %q, expected %q", cells[i], got, wants[i])
		}
	}
	if w := warnings(r); !strings.Contains(w, `"XYZ" is not a code of "via"; it occurs 2 times (rows 13 and 14)`) {
		t.Errorf("warnings: %s", w)
	}
}

func TestOpenSetGrows(t *testing.T) {
	var cells []string
	for i := range 130 {
		cells = append(cells, strings.Repeat("o", i+1)+" o")
	}
	r := mustRead(t, "via,x\n"+strings.Join(cells, ",1\n")+",1\n", Options{Match: fixed(Field{Name: "via", Kind: Set, Open: true})})
	c := r.Table.Column("via").(*SetColumn)
	if c.Words != 3 || len(c.Levels) != 130 {
		t.Fatalf("%d levels in %d words", len(c.Levels), c.Words)
	}
	for row := range c.Len() {
		if !c.Has(row, row) || !c.Has(row, 0) {
			t.Errorf("row %d is %s", row, c.Text(row))
		}
	}
}
