package page

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Form is what a person typed and what is wrong with it. A form that is shown for
// the first time is empty; one that is shown again keeps what was typed, except
// passwords and files.
//
// The words of a field NAME of a form PREFIX are "PREFIX.NAME" (label, Required) and
// "PREFIX.NAME.hint"; those of its choice VALUE "PREFIX.NAME.VALUE" and
// "PREFIX.NAME.VALUE.hint".
type Form struct {
	prefix string
	words  *Words
	values url.Values
	files  map[string][]*Upload
	// options by field, for selects, radios and checkboxes.
	options map[string][]Option
	faults  []FormFault
}

// FormFault is something wrong: of a field, or of the whole form if Field is "".
type FormFault struct {
	Field string
	// Anchor is the ID of the field's first input.
	Anchor string
	Text   string
	// Lang is set where the text is not in the page's language.
	Lang string
}

// Option is one choice of a field.
type Option struct{ Value, Text, Hint string }

// NewForm returns a form to be shown for the first time.
func (r *Request) NewForm(prefix string) *Form {
	return &Form{prefix: prefix, words: r.Words(), values: url.Values{}, files: map[string][]*Upload{}, options: map[string][]Option{}}
}

// Set fills a field in advance.
func (f *Form) Set(name string, values ...string) { f.values[name] = values }

// SetDate fills the three fields of a date from a text like 2016-10-06.
func (f *Form) SetDate(name, iso string) {
	parts := strings.SplitN(iso, "-", 3)
	if len(parts) != 3 {
		return
	}
	f.Set(name+"-year", parts[0])
	f.Set(name+"-month", strings.TrimPrefix(parts[1], "0"))
	f.Set(name+"-day", strings.TrimPrefix(parts[2], "0"))
}

// Raw returns what was typed, unchecked, at most 10,000 bytes of it.
func (f *Form) Raw(name string) string {
	v := f.values.Get(name)
	if len(v) > 10_000 {
		return ""
	}
	return v
}

// Values returns all values of a field, unchecked.
func (f *Form) Values(name string) []string { return f.values[name] }

// Wrong marks a field with a text of the words; "" is the whole form.
func (f *Form) Wrong(name, key string, args ...any) {
	f.wrong(name, f.words.Text(key, args...), "")
}

func (f *Form) wrong(name, text, lang string) {
	f.faults = append(f.faults, FormFault{Field: name, Anchor: f.anchor(name), Text: text, Lang: lang})
}

// Label sets the name of its field before the last thing that is wrong.
func (f *Form) Label(label string) {
	if n := len(f.faults); n > 0 {
		f.faults[n-1].Text = label + " – " + f.faults[n-1].Text
	}
}

// anchor is where the error summary leads.
func (f *Form) anchor(name string) string {
	if name == "" {
		return ""
	}
	return "f-" + name
}

// Bad says whether anything is wrong.
func (f *Form) Bad() bool { return len(f.faults) > 0 }

// Faults lists what is wrong, for the error summary: partial "part/errors".
func (f *Form) Faults() []FormFault {
	if f == nil {
		return nil
	}
	return f.faults
}

// Take turns an error of the domain into marks on the form: faults of kind Invalid or
// Conflict, each on the field that its place names, if the form has such a field. It
// returns nil then, and any other error as it is. Texts are in the page's language
// where the domain's rule has words, else English; see Words.Fault.
func (f *Form) Take(err error) error {
	if err == nil {
		return nil
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	found := faultsOf(err)
	if found == nil {
		return err
	}
	for _, one := range found {
		f.take(one)
	}
	return nil
}

// sentence is message and remedy of a fault.
func sentence(one *fault.Fault) string {
	text := upperFirst(one.Message)
	if one.Remedy != "" {
		text += ": " + one.Remedy
	}
	return text
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// errNoForm is for templates that ask for a field of no form.
var errNoForm = errors.New("a field was asked for without a form")
