package definition

import (
	"strings"
	"testing"

	"waymark/forms/xlsform/workbook"
)

// The paths are those of process_header in pyxform 4.5.0.
func TestHeaderPaths(t *testing.T) {
	for _, c := range []struct {
		header string
		double bool
		want   string
	}{
		{"label", false, "label"},
		{"Label", false, "label"},
		{"caption", false, "label"},
		{"label::French (fr)", true, "label|French (fr)"},
		{"Label :: French (fr)", true, "label|French (fr)"},
		{"label:fr", false, "label|fr"},
		{"Constraint Message::fr", true, "bind|jr:constraintMsg|fr"},
		{"constraint_message", false, "bind|jr:constraintMsg"},
		{"bind:jr:constraintMsg", false, "bind|jr:constraintMsg"},
		{"bind::jr:constraintMsg", true, "bind|jr:constraintMsg"},
		{"jr:count", false, "control|jr:count"},
		{"jr:count", true, "control|jr:count"},
		{"repeat count", false, "control|jr:count"},
		{"relevance", false, "bind|relevant"},
		{"body::accuracyThreshold", true, "control|accuracyThreshold"},
		{"image::fr", true, "media|image|fr"},
		{"media::image", true, "media|image"},
		{"Save To", false, "bind|entities:saveto"},
		{"instance::ns:x", true, "instance|ns:x"},
		{"my own", false, "my own"},
		{"a::b", true, "a|b"},
	} {
		path, _ := surveyWords.path(c.header, c.double)
		if got := strings.Join(path, "|"); got != c.want {
			t.Errorf("%q is %s, wanted %s", c.header, got, c.want)
		}
	}
}

func TestColumnsOfOneMeaning(t *testing.T) {
	rejects(t, []rejection{
		{"two aliases", survey("type | name | label | relevant | relevance", "text | a | A | 1 | 2"), []string{"survey 1 5: two names"}},
		{"alias after name", survey("type | name | label | caption", "text | a | A | B"), []string{"survey 1 4: two names"}},
		{"languages", survey("type | name | label | relevant::fr | body::appearance::en | bind::a::b | jr:count::c | default::fr", "text | a | A | 1 | 2 | 3 | 4 | 5"),
			[]string{"survey 2 4: \"relevant\" has no parts", "survey 2 5: \"appearance\" has no", "survey 2 6: \"a\" has no", "survey 2 7: \"jr:count\" has no"}},
		{"parts", survey("type | name | label: | trigger: | default:", "text | a | A | ${a} | "), []string{"survey 2 4: no parts"}},
		{"no type", survey("typ | name | label", "text | a | A"), []string{"survey 1: no column \"type\"", "survey 2: no type"}},
	})
	// pyxform takes the name of the column itself beside an alias of it.
	form := sound(t, survey("type | name | caption | label", "text | a | A | B"))
	if got := child(t, form, "a").Label.Plain; got != "B" {
		t.Errorf("the label is %q", got)
	}
}

func TestSwappedLetters(t *testing.T) {
	form, _ := define(t, survey("type | name | lable", "note | a | A"))
	if len(form.Warnings) != 1 || !strings.Contains(form.Warnings[0].Message, `named "label"`) {
		t.Errorf("warnings: %v", form.Warnings)
	}
}

func TestColumnHints(t *testing.T) {
	form := sound(t, survey("type | name | label | relevent | notes | constraint | Hints | hint", "text | a | A | 1 | x | . > 1 | y | z"))
	if len(form.Warnings) != 1 || form.Warnings[0].Place.Column != 4 || !strings.Contains(form.Warnings[0].Message, `"relevant"`) {
		t.Errorf("warnings: %v", form.Warnings)
	}
}

// A sheet that begins with a title is told where its header seems to be.
func TestHeaderBelow(t *testing.T) {
	book, err := workbook.Read([]byte("| survey |\n| | Visits 2026 | to the points | this year |\n| | type | name | label |\n| | text | a | A |\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(book, Options{})
	if err == nil || !strings.Contains(err.Error(), "row 2 looks like the header: take out what stands above it") {
		t.Errorf("%v", err)
	}
}
