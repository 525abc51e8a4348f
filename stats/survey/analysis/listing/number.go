package listing

import (
	"math"
	"strconv"
	"strings"

	"waymark/stats/survey/analysis"
)

// precision is the number of decimals for the values of each variable, or of
// each coefficient of a model.
type precision map[string]int

// scaleOf names what shares its decimals with a row.
func scaleOf(r *analysis.Row) string {
	if !math.IsNaN(r.T) {
		return r.Term
	}
	return r.Variable
}

// decimals chooses decimals so that the standard errors of a variable, or its
// values where there are none, have about three digits.
func decimals(rows []analysis.Row) precision {
	least := map[string]float64{}
	for i := range rows {
		r := &rows[i]
		size := math.Abs(r.SE)
		if !(size > 0) {
			size = math.Abs(r.Value) / 100
		}
		if old, ok := least[scaleOf(r)]; size > 0 && !math.IsInf(size, 0) && (!ok || size < old) {
			least[scaleOf(r)] = size
		}
	}
	out := precision{}
	for name, size := range least {
		out[name] = min(8, max(0, 2-int(math.Floor(math.Log10(size)))))
	}
	return out
}

// write writes a value of a row; "" for none.
func (p precision) write(row *analysis.Row, v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	places, known := p[scaleOf(row)]
	if !known {
		return plain(v, 5)
	}
	if a := math.Abs(v); a >= 1e15 || a > 0 && a < 0.5*math.Pow10(-places) {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return Thousands(strconv.FormatFloat(v, 'f', places, 64))
}

// Format writes values of a result as its table does.
func Format(r *analysis.Result) func(row *analysis.Row, v float64) string {
	return decimals(r.Rows).write
}

// Thousands puts commas into a number of five digits or more.
func Thousands(text string) string {
	sign, rest := "", text
	if strings.HasPrefix(text, "-") {
		sign, rest = "-", text[1:]
	}
	digits, fraction, _ := strings.Cut(rest, ".")
	if len(digits) < 5 {
		return text
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// plain writes a number with so many significant digits; "" for none.
func plain(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	if a := math.Abs(v); a >= 1e5 && a < 1e15 {
		return Thousands(strconv.FormatFloat(v, 'f', 0, 64))
	}
	return strconv.FormatFloat(v, 'g', digits, 64)
}

func whole(n int) string { return Thousands(strconv.Itoa(n)) }

// degrees writes one or two degrees of freedom.
func degrees(row *analysis.Row) string {
	first, second := plain(row.DF, 5), plain(row.DF2, 5)
	if second != "" {
		return first + "; " + second
	}
	return first
}

// probability writes a p-value.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return ""
	case p < 0.0001:
		return "<0.0001"
	}
	return strconv.FormatFloat(p, 'f', 4, 64)
}
