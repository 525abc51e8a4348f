package codebook

import (
	"encoding/csv"
	"io"
	"strings"
)

// header and cells are the table of variables as CSV and XLSX have it.
var header = []string{"table", "column", "name", "path", "section", "label", "hint", "type", "type in words", "unit", "list", "values", "offered where", "asked if", "asked if (code)",
	"answer", "answer (code)", "message", "required", "calculated", "calculated (code)", "default", "entity property"}

// fewValues is how many values are written beside a variable; longer lists are
// named only.
const fewValues = 30

func (v *Variable) cells() []string {
	list, values := "", ""
	if v.List != nil {
		list = v.List.Name
		if v.List.Source != "" {
			values = "in the file " + v.List.Source
		}
		if len(v.List.Values) <= fewValues {
			var pairs []string
			for _, x := range v.List.Values {
				pairs = append(pairs, x.pair())
			}
			values += strings.Join(pairs, "; ")
		}
	}
	asked := v.Asked
	if asked == "" && v.Asks() {
		asked = "everyone"
	}
	return []string{v.Table, strings.Join(v.Columns, ", "), v.Name, v.Path, strings.Join(v.Section, " / "), v.Label, v.Hint, v.Type, v.TypeWords, v.Unit, list, values, v.Offered,
		asked, strings.Join(v.AskedCode, " ; "), v.Must, v.MustCode, v.Message, v.Required, v.Calculated, v.CalculatedCode, v.Default, v.Entity}
}

// pair is "yes = Yes", with the kind of a missing answer in brackets.
func (x Value) pair() string {
	s := x.Code
	if x.Label != "" && x.Label != x.Code {
		s += " = " + x.Label
	}
	if x.Missing != "" {
		s += " [missing: " + x.Missing + "]"
	}
	return s
}

// CSV writes one row a variable: UTF-8 with a mark at the front, by which
// spreadsheet programs know it, and lines that end in CRLF. A text that begins
// as a formula does gets an apostrophe before it.
func (b *Codebook) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(header); err != nil {
		return err
	}
	for _, v := range b.Variables {
		cells := v.cells()
		for n, c := range cells {
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				cells[n] = "'" + c
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
