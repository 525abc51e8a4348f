package page

import (
	"strconv"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

// Fault returns a fault as a sentence of the page's language, where its rule has
// words (page.breach.CODE), else as the domain's English. language is "en" for the
// latter and "" otherwise.
func (w *Words) Fault(one *fault.Fault) (text, language string) {
	b := collection.BreachOf(one)
	if b == nil || !w.Has("page.breach."+b.Code) {
		return sentence(one), "en"
	}
	args := make([]any, 0, 2*len(b.Values))
	for name, value := range b.Values {
		args = append(args, name, w.Date(value)) // what is no day stays as it is
	}
	return w.Text("page.breach."+b.Code, args...), ""
}

// Sentence is Fault with a capital at its start, for where it stands alone.
func (w *Words) Sentence(one *fault.Fault) (text, language string) {
	text, language = w.Fault(one)
	return upperFirst(text), language
}

// take marks one fault of the domain. Where a form repeats fields by rows, the field
// NAME of row 2 is NAME-2; a fault of a row without such a field says its row.
func (f *Form) take(one *fault.Fault) {
	text, language := f.words.Fault(one)
	field := one.Place.Field
	known := field != "" && f.words.Has(f.prefix+"."+field)
	switch {
	case known && one.Place.Row > 0:
		text = f.words.Text("page.breach.at.row", "row", one.Place.Row, "label", f.label(field), "text", text)
		field = RowField(field, one.Place.Row)
		if _, repeated := f.values[field]; !repeated {
			field = ""
		}
	case known && language == "":
		text = f.words.Text("page.breach.at.field", "label", f.label(field), "text", text)
	case !known && language == "" && one.Place.Row > 0:
		field, text = "", f.words.Text("page.breach.at.line", "row", one.Place.Row, "text", text)
	case !known:
		field = ""
		if at := one.Place.String(); at != "" && language != "" {
			text = at + ": " + text
		}
	}
	f.wrong(field, text, language)
}

// RowField names a field that a form repeats by rows, from 1.
func RowField(name string, row int) string { return name + "-" + strconv.Itoa(row) }
