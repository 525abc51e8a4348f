package table

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/stats/table/dta"
)

// stataMarks are the extended missing values that reasons are written as.
var stataMarks = [FirstLevel]uint8{Blank: 1, NotAsked: mark('s'), Refused: mark('r'), DontKnow: mark('d'), NotApplicable: mark('n'), Unreadable: mark('u')}

func mark(letter byte) uint8 { return letter - 'a' + 2 }

// WriteDTA writes a table for Stata 14 and later: format 118, or 119 if there
// are more than 32,767 columns.
//
// A category is a number with value labels: its codes if they are whole
// numbers, else 1, 2, 3. True and false are 1 and 0. A set is its codes as one
// text, separated by spaces. Dates are %td, instants %tc in UTC. The reason for
// a missing value is an extended missing value with a label: .s not asked, .r
// refused, .d don't know, .n not applicable, .u unreadable; blank is ".", and a
// text without a value is empty whatever the reason. Names that Stata does not
// take are changed, and kept as the variable's label. Labels that are too long
// are cut. What Stata has no place for stands in characteristics, by which the
// readers here make the same columns again.
func WriteDTA(w io.Writer, t *Table, opt WriteOptions) error {
	outs, err := statOuts(t, opt, &stataBounds)
	if err != nil {
		return err
	}
	if len(outs) > maxStata {
		return fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the table has %d columns; a Stata file has at most %d", len(outs), maxStata), "leave out columns, or write it as Parquet")
	}
	d := &dta.Output{Rows: t.rows, Labels: map[string][]dta.Label{}}
	for i := range outs {
		d.Variables = append(d.Variables, outs[i].stata(d.Labels))
	}
	if err := dta.Write(w, d); err != nil {
		return writeFault(err)
	}
	return nil
}

// maxStata is the most variables that a Stata of any edition has.
const maxStata = 120_000

func (o *statOut) stata(sets map[string][]dta.Label) dta.OutVariable {
	v := dta.OutVariable{Variable: dta.Variable{Name: o.name, Label: o.label, Characteristics: map[string]string{}}}
	for key, text := range o.own {
		v.Characteristics[ownPrefix+key] = text
	}
	if o.value == nil {
		v.Type, v.Width, v.Text = dta.Str, max(1, o.width), o.text
		v.Format = fmt.Sprintf("%%-%ds", min(max(9, v.Width), 80))
		if o.width > dta.MaxStr {
			v.Type, v.Format = dta.StrL, "%9s"
		}
		return v
	}
	scale := scale{0, 1}
	switch o.clock {
	case Date:
		scale.from, v.Format = -stataEpoch, "%td"
	case Time:
		scale.from, scale.times, v.Format = -stataEpoch*daySeconds, 1000, "%tc"
	default:
		v.Format = "%9.0g"
	}
	v.Type = dta.Double
	if o.whole {
		v.Type = dta.Byte
		if o.low <= o.high {
			v.Type = dta.Fit(scale.of(o.low), scale.of(o.high))
		}
	}
	switch {
	case o.clock != 0:
	case v.Type == dta.Double:
		v.Format = "%10.0g"
	case v.Type == dta.Long:
		v.Format = "%12.0g"
	}
	v.Number = func(row int) (float64, uint8) {
		if m := o.missing(row); m != Present {
			return 0, stataMarks[m]
		}
		return scale.of(o.value(row)), 0
	}
	var labels []dta.Label
	for _, l := range o.labels {
		labels = append(labels, dta.Label{Value: int32(l.value), Text: l.text})
	}
	for m, used := range o.used {
		if used && reasonLabels[m] != "" {
			labels = append(labels, dta.Label{Mark: stataMarks[m], Text: reasonLabels[m]})
		}
	}
	if labels != nil {
		v.LabelSet = o.name
		sets[o.name] = labels
	}
	return v
}

// stataBounds: names have 32 characters, variable labels 80, value labels
// 32,000 bytes. Source: Stata, help limits.
var stataBounds = statBounds{
	program: "Stata", labelChars: 80, labelBytes: 320, valueBytes: 32_000, maxNumber: dta.MaxDouble,
	sameName: func(name string) string { return name },
	longest:  longForStata,
	valid: func(name string) string {
		letter := func(r rune) bool { return r == '_' || unicode.IsLetter(r) }
		return validName(name, "v", letter, func(r rune) bool { return letter(r) || unicode.IsDigit(r) },
			func(s string) bool { return slices.Contains(stataWords, s) || stataStr.MatchString(s) }, longForStata)
	},
}

func longForStata(name string) bool { return utf8.RuneCountInString(name) > 32 }

// stataWords may not be names. Source: Stata, [U] 11.3.
var stataWords = []string{"_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "byte", "double", "float", "if", "in", "int", "long", "strL", "using", "with"}

var stataStr = regexp.MustCompile(`^str[0-9]+$`)
