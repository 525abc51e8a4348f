package table

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"

	"waymark/internal/fault"
	"waymark/stats/table/sav"
)

// WriteSAV writes a table for SPSS, compressed by bytes; see WriteZSAV.
func WriteSAV(w io.Writer, t *Table, opt WriteOptions) error { return writeSPSS(w, t, opt, false) }

// WriteZSAV writes a table for SPSS 21 and later, compressed by zlib.
//
// Categories, true and false, sets and texts are written as WriteDTA writes
// them. Dates and instants have the formats DATE11 and DATETIME20, in UTC. The
// reason for a missing value is a number that the file declares missing, with a
// label: -96 not asked, -99 refused, -98 don't know, -97 not applicable, -95
// unreadable, or such numbers with more nines where the column itself has these;
// blank is system-missing, and a text without a value is empty whatever the
// reason. Texts lose spaces at their end and may have 32,767 bytes. Names that
// SPSS does not take are changed, and kept as the variable's label; value labels
// are cut to 120 bytes. What SPSS has no place for stands in custom attributes,
// by which the readers here make the same columns again.
func WriteZSAV(w io.Writer, t *Table, opt WriteOptions) error { return writeSPSS(w, t, opt, true) }

func writeSPSS(w io.Writer, t *Table, opt WriteOptions, zlib bool) error {
	outs, err := statOuts(t, opt, &spssBounds)
	if err != nil {
		return err
	}
	d := &sav.Output{Rows: t.rows, Zlib: zlib}
	for i := range outs {
		v, err := outs[i].spss()
		if err != nil {
			return err
		}
		d.Variables = append(d.Variables, v)
	}
	if err := sav.Write(w, d); err != nil {
		return writeFault(err)
	}
	return nil
}

func (o *statOut) spss() (sav.OutVariable, error) {
	v := sav.OutVariable{Variable: sav.Variable{Name: o.name, Label: o.label, Measure: 1, Attributes: map[string][]string{}}}
	for key, text := range o.own {
		v.Attributes[ownPrefix+key] = []string{text}
	}
	if o.value == nil {
		v.Width, v.Text = max(1, o.width), o.text
		v.Format = sav.Format{Type: sav.FormatA, Width: uint8(min(v.Width, 255))}
		if v.Width > sav.MaxWidth {
			return v, fault.New(fault.Invalid, fault.Place{Field: o.c.Name()}, fmt.Sprintf("a text has %d bytes; SPSS holds at most %d", v.Width, sav.MaxWidth), "leave the column out, or write the table as CSV, Parquet or .dta")
		}
		return v, nil
	}
	scale := scale{0, 1}
	switch {
	case o.clock == Date:
		scale.from, scale.times, v.Format, v.Measure = -spssEpoch, daySeconds, sav.Format{Type: sav.FormatDate, Width: 11}, 3
	case o.clock == Time:
		scale.from, v.Format, v.Measure = -spssEpoch*daySeconds, sav.Format{Type: sav.FormatDateTime, Width: 20}, 3
	case o.whole:
		v.Format = sav.Format{Type: sav.FormatF, Width: 8}
	default:
		v.Format = sav.Format{Type: sav.FormatF, Width: 8, Decimals: 2}
	}
	switch c := o.c.(type) {
	case *NumberColumn:
		v.Measure = 3
	case *CategoryColumn:
		if c.Ordered {
			v.Measure = 2
		}
	}
	for _, l := range o.labels {
		v.Labels = append(v.Labels, sav.Label{Number: l.value, Text: l.text})
	}
	codes, err := o.reasonCodes(scale)
	if err != nil {
		return v, err
	}
	for m, used := range o.used {
		if used && reasonLabels[m] != "" {
			v.Labels = append(v.Labels, sav.Label{Number: codes[m], Text: reasonLabels[m]})
			v.Missing.Numbers = append(v.Missing.Numbers, codes[m])
		}
	}
	if len(v.Missing.Numbers) > 3 { // SPSS takes three, or a range
		v.Missing = sav.Missing{Range: true, Low: codes[Refused], Top: codes[Unreadable]}
	}
	v.Number = func(row int) (float64, bool) {
		switch m := o.missing(row); m {
		case Present:
			return scale.of(o.value(row)), true
		case Blank:
			return 0, false
		default:
			return codes[m], true
		}
	}
	return v, nil
}

// reasonCodes are numbers for the reasons that no value of the column lies among.
func (o *statOut) reasonCodes(scale scale) ([FirstLevel]float64, error) {
	var codes [FirstLevel]float64
	for base := 99.0; base < 1e15; base = 10*base + 9 {
		for i, m := range []Missing{Refused, DontKnow, NotApplicable, NotAsked, Unreadable} {
			codes[m] = -base + float64(i)
		}
		if o.free(codes[Refused], codes[Unreadable], scale) {
			return codes, nil
		}
	}
	return codes, fault.New(fault.Invalid, fault.Place{Field: o.c.Name()}, "the column leaves no numbers to stand for missing values", "leave the column out, or write the table as .dta")
}

// free says whether no value and no label lies from low to top.
func (o *statOut) free(low, top float64, scale scale) bool {
	if first, last := scale.of(o.low), scale.of(o.high); !(first <= top && last >= low) {
		return true
	}
	for _, l := range o.labels {
		if l.value >= low && l.value <= top {
			return false
		}
	}
	for row := range o.c.Len() {
		if o.missing(row) == Present {
			if x := scale.of(o.value(row)); x >= low && x <= top {
				return false
			}
		}
	}
	return true
}

// spssBounds: names have 64 bytes, variable labels 255, value labels 120.
var spssBounds = statBounds{
	program: "SPSS", labelChars: 255, labelBytes: 255, valueBytes: 120,
	// The greatest number is SPSS's own "highest", and minus it system-missing.
	maxNumber: math.Nextafter(math.MaxFloat64, 0),
	sameName:  strings.ToUpper,
	longest:   longForSPSS,
	valid: func(name string) string {
		first := func(r rune) bool { return r == '@' || unicode.IsLetter(r) }
		name = validName(name, "v", first, func(r rune) bool { return first(r) || unicode.IsDigit(r) || strings.ContainsRune("._$#", r) },
			func(s string) bool { return slices.Contains(spssWords, strings.ToUpper(s)) }, longForSPSS)
		if strings.HasSuffix(name, ".") {
			name = name[:len(name)-1] + "_"
		}
		return name
	},
}

func longForSPSS(name string) bool { return len(name) > 64 }

// spssWords may not be names. Source: PSPP's manual, "Attributes of Variables".
var spssWords = []string{"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
