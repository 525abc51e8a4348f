package definition

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// The words that random sheets are made of: the grammar's own, and some that
// are nearly so.
var (
	randomHeaders = map[string][]string{
		"survey": {"type", "name", "label", "label::French (fr)", "label::x", "hint", "guidance_hint", "relevant", "calculation", "default",
			"parameters", "appearance", "choice_filter", "trigger", "repeat_count", "save_to", "media::image", "image::x", "disabled", "intent",
			"bind::a:b", "body::c", "flat", "media", "Type", "labell", "constraint_message::x", ""},
		"choices":          {"list_name", "name", "label", "label::x", "image", "extra", "ex tra", "1", "value", ""},
		"settings":         {"form_id", "name", "default_language", "flat", "instance_name", "omit_instanceID", "public_key", "add_none_option", "attribute::x", "type", "id_string"},
		"entities":         {"list_name", "dataset", "label", "entity_id", "create_if", "update_if", "repeat"},
		"external_choices": {"list_name", "name", "x"},
		"osm":              {"list_name", "name", "label"},
	}
	randomTypes = []string{"text", "begin group", "begin repeat", "begin loop over l", "begin loop", "end group", "end repeat", "end loop", "end group",
		"select_one l", "select_multiple l or_other", "rank l", "select_one_external l", "select_one_from_file a.csv", "select_one ${a}", "range",
		"image", "audio", "geopoint", "audit", "note", "calculate", "background-geopoint", "start-geopoint", "csv-external", "osm l", "form_id", "nonsense", "repeat"}
	randomCells = []string{"a", "b", "l", "a", "meta", "data", "1", "", "", "", "${a}", "${b", "${nobody}", "yes", "no", "table-list", "label", "search('x')",
		"randomize=true seed=${a}", "start=1 end=0 step=3", "tick_labelset=l", "now()", "%(name)s %(label)s %", "l#p", "1 = 1", "e\u0301\u00c9", "\u201cq\u201d", "a b"}
)

func randomBook(t *rapid.T) *workbook.Workbook {
	book := &workbook.Workbook{}
	for _, name := range []string{"survey", "choices", "settings", "entities", "external_choices", "osm"} {
		if name != "survey" && !rapid.Bool().Draw(t, name) {
			continue
		}
		s := &workbook.Sheet{Name: name, Title: name}
		// The first two columns are what makes most rows mean something.
		s.Header = append(s.Header, randomHeaders[name][:2]...)
		s.Header = append(s.Header, rapid.SliceOfN(rapid.SampledFrom(randomHeaders[name][2:]), 0, 6).Draw(t, name+" header")...)
		for number := range rapid.IntRange(0, 12).Draw(t, name+" rows") {
			row := workbook.Row{Number: number + 2}
			for column := range s.Header {
				words := randomCells
				if name == "survey" && column == 0 {
					words = randomTypes
				}
				if text := rapid.SampledFrom(words).Draw(t, "cell"); text != "" {
					row.Cells = append(row.Cells, workbook.Cell{Column: column, Text: text})
				}
			}
			if len(row.Cells) > 0 {
				s.Rows = append(s.Rows, row)
			}
		}
		book.Names, book.Sheets = append(book.Names, name), append(book.Sheets, s)
	}
	return book
}

// Any sheets at all are a form or faults: the same each time, the tree whole,
// every fault with a sentence.
func TestAnySheets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := randomBook(t)
		form, err := Read(book, Options{})
		again, errAgain := Read(book, Options{})
		if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("read twice, other faults: %v; %v", err, errAgain)
		}
		if !reflect.DeepEqual(form.Warnings, again.Warnings) || form.Root != nil && !reflect.DeepEqual(outline(form.Root), outline(again.Root)) {
			t.Fatal("read twice, another form")
		}
		var list *fault.List
		if err != nil && !errors.As(err, &list) {
			t.Fatalf("a %T", err)
		}
		if list != nil {
			for _, f := range list.Faults {
				if f.Message == "" || f.Kind != fault.Invalid || f.Place.Sheet == "" {
					t.Fatalf("%#v", f)
				}
			}
		}
	})
}

// outline is the tree as nested slices, with a check of every parent.
func outline(el *Element) []any {
	out := []any{el.Kind, el.Type, el.Name, el.Tag, el.Label, el.Bind, el.Control, el.Itemset}
	for _, c := range el.Children {
		if c.Parent != el {
			panic(c.Name + " is not under its parent")
		}
		out = append(out, outline(c))
	}
	return out
}
