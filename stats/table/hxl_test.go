package table

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"waymark/internal/fault"
)

func TestHXLTag(t *testing.T) {
	for tag, want := range map[string]bool{
		"#adm1+name": true, "#indicator+value+num": true, "#date": true, "#affected + f": true, "#x_1": true,
		"": false, "#": false, "adm1": false, "#1st": false, "#adm1+": false, "#a b": false, "#+name": false, "# see note": false,
	} {
		if got := isHXLTag([]byte(tag)); got != want {
			t.Errorf("%q is a tag: %v, expected %v", tag, got, want)
		}
	}
}

func TestHXLRow(t *testing.T) {
	var header Header
	match := func(h Header) (*Schema, error) {
		header = h
		return fixed(Field{Name: "place", Kind: Text}, Field{Name: "n", Kind: Number})(h)
	}
	r := mustRead(t, "Place,People\n#adm1+name,#affected\nA,3\n", Options{Match: match})
	if !slices.Equal(header.HXL, []string{"#adm1+name", "#affected"}) || r.Source.FirstRow != 3 || r.Source.FileRow(0) != 3 || texts(r.Table.Column("n")) != "3" {
		t.Errorf("tags %q, first row %d, n = %s", header.HXL, r.Source.FirstRow, texts(r.Table.Column("n")))
	}
	// One tag in five cells is too few: the row is data.
	r = mustRead(t, "a,b,c,d,e\n#tag,1,2,3,4\n", Options{})
	if r.Table.Rows() != 1 {
		t.Errorf("%d rows, expected 1", r.Table.Rows())
	}
}

func TestWriteHXL(t *testing.T) {
	table := mustRead(t, "a,b\n1,x\n", Options{}).Table
	var b bytes.Buffer
	if err := WriteCSV(&b, table, WriteOptions{HXL: []string{"#indicator+num", ""}}); err != nil || b.String() != "a,b\n#indicator+num,\n1,x\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
	err := WriteCSV(&b, table, WriteOptions{HXL: []string{"num", ""}})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), `column 1, "a": "num" is not an HXL tag`) {
		t.Errorf("a wrong tag gives %v", err)
	}
}

func TestFormulasAreWrittenAsText(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+44 20": "'+44 20", "@a": "'@a", "-": "'-", "-5": "-5", "+1.5": "+1.5", "'=1": "''=1", "'": "'", "it's": "it's", "\tx": "'\tx"} {
		if got := escapeFormula(text); got != want {
			t.Errorf("%q is written as %q, expected %q", text, got, want)
		}
		if got := string(unescape([]byte(want))); got != text {
			t.Errorf("%q is read as %q, expected %q", want, got, text)
		}
	}
}
