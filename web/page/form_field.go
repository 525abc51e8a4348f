package page

import (
	"fmt"
	"slices"
	"strconv"
)

// Field is a field as partials "field/..." show it.
type Field struct {
	Name, ID     string
	Label, Hint  string
	Lang         string // of label, hint and options, if not the page's
	Value        string
	Values       []string
	Errors       []FormFault
	Optional     bool
	Options      []Option
	Type         string // of an input. Default "text"
	Autocomplete string
	InputMode    string // "numeric", "decimal"
	Width        string // "2", "3", "4", "5", "10", "20" characters, or ""
	Rows         int    // of a textarea. Default 5
	Prefix       string
	Suffix       string
	Accept       string // of a file field
	Multiple     bool   // a file field that takes several: see Form.Files
	LabelSize    string // "s", "m", "l": the label as a heading, or ""
	Heading      bool   // the label is the page's h1
	Day          string // of a date
	Month        string
	Year         string
	// Spell is "false" where spelling must not be checked.
	Spell string
	// Sensitive keeps browsers and their helpers from storing what is typed.
	Sensitive bool
}

// Field returns a field for its partial. attributes are pairs of a name and a value:
// "optional" true, "type" "email", "autocomplete" "email", "inputmode" "numeric",
// "width" "5", "rows" 8, "prefix" "£", "suffix" "days", "accept" ".xlsx", "multiple" true, "size" "m",
// "heading" true, "spell" "false", "sensitive" true, "label" and "hint" texts,
// "lang" "en" for those and the options, "options" []Option.
func (f *Form) Field(name string, attributes ...any) (*Field, error) {
	if f == nil {
		return nil, errNoForm
	}
	key := f.prefix + "." + name
	d := &Field{Name: name, ID: f.anchor(name), Value: f.values.Get(name), Values: f.values[name],
		Type: "text", Rows: 5, Options: f.options[name],
		Day: f.values.Get(name + "-day"), Month: f.values.Get(name + "-month"), Year: f.values.Get(name + "-year")}
	for i := 0; i+1 < len(attributes); i += 2 {
		if err := d.set(fmt.Sprint(attributes[i]), attributes[i+1]); err != nil {
			return nil, err
		}
	}
	if d.Label == "" {
		d.Label = f.words.Text(key)
	}
	if d.Hint == "" && f.words.Has(key+".hint") {
		d.Hint = f.words.Text(key + ".hint")
	}
	if d.Type == "password" || d.Sensitive && d.Type == "code" {
		d.Value = ""
	}
	for _, w := range f.faults {
		if w.Field == name {
			d.Errors = append(d.Errors, w)
		}
	}
	return d, nil
}

func (d *Field) set(name string, v any) error {
	text := fmt.Sprint(v)
	switch name {
	case "optional":
		d.Optional = v == true
	case "heading":
		d.Heading = v == true
	case "sensitive":
		d.Sensitive = v == true
	case "type":
		d.Type = text
	case "autocomplete":
		d.Autocomplete = text
	case "inputmode":
		d.InputMode = text
	case "width":
		d.Width = text
	case "rows":
		d.Rows, _ = strconv.Atoi(text)
	case "prefix":
		d.Prefix = text
	case "suffix":
		d.Suffix = text
	case "multiple":
		d.Multiple = v == true
	case "accept":
		d.Accept = text
	case "size":
		d.LabelSize = text
	case "spell":
		d.Spell = text
	case "lang":
		d.Lang = text
	case "label":
		d.Label = text
	case "hint":
		d.Hint = text
	case "options":
		o, ok := v.([]Option)
		if !ok {
			return fmt.Errorf("field %s: options are no options", d.Name)
		}
		d.Options = o
	default:
		return fmt.Errorf("field %s has no attribute %q", d.Name, name)
	}
	return nil
}

// Has says whether a value was chosen.
func (d *Field) Has(value string) bool { return slices.Contains(d.Values, value) }

// Described is what aria-describedby names: the hint and the error, if there are.
func (d *Field) Described() string {
	s := ""
	if d.Hint != "" {
		s = d.ID + "-hint"
	}
	if len(d.Errors) > 0 {
		if s != "" {
			s += " "
		}
		s += d.ID + "-error"
	}
	return s
}

// SetOptions sets the choices of a field.
func (f *Form) SetOptions(name string, options []Option) { f.options[name] = options }

// Choices makes options of values, whose texts and hints are words of the form.
func (f *Form) Choices(name string, values ...string) []Option {
	options := make([]Option, 0, len(values))
	for _, v := range values {
		key := f.prefix + "." + name + "." + v
		o := Option{Value: v, Text: f.words.Text(key)}
		if f.words.Has(key + ".hint") {
			o.Hint = f.words.Text(key + ".hint")
		}
		options = append(options, o)
	}
	f.options[name] = options
	return options
}
