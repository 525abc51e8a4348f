package analysis

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// ParseMargin reads counts in place: "stype: E=4421, H=755, M=1018".
func ParseMargin(text string) (Margin, error) {
	name, counts, ok := strings.Cut(text, ":")
	if !ok || bare(name) == "" {
		return Margin{}, fault.New(fault.Usage, fault.Place{}, strconv.Quote(text)+" is neither a file nor a margin", "such as stype: E=4421, H=755, M=1018")
	}
	m := Margin{Columns: []string{bare(name)}}
	for _, part := range split(counts, ",") {
		level, v, err := parseTotal(part)
		if err != nil {
			return Margin{}, err
		}
		m.Counts = append(m.Counts, MarginCount{[]string{level}, v})
	}
	return m, nil
}

// ParseTotals reads totals in place: "(Intercept)=6194, enroll=3811472".
func ParseTotals(text string) (map[string]float64, error) {
	out := map[string]float64{}
	for _, part := range split(text, ",") {
		name, v, err := parseTotal(part)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

func parseTotal(part string) (string, float64, error) {
	at := strings.LastIndexByte(part, '=')
	if at < 0 {
		return "", 0, fault.New(fault.Usage, fault.Place{}, strconv.Quote(part)+" has no count", "such as E=4421")
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(part[at+1:]), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return "", 0, fault.New(fault.Usage, fault.Place{}, strconv.Quote(part)+" has no number behind the =", "such as E=4421")
	}
	return bare(part[:at]), v, nil
}

// MarginsOf reads margins from a table of text cells. Its last column has the
// counts, the others the levels of the columns that they are named after; or
// its columns are variable, level and count, and each variable is a margin.
func MarginsOf(file string, t *table.Table) ([]Margin, error) {
	cols := t.Columns()
	if len(cols) < 2 {
		return nil, fault.New(fault.Invalid, fault.Place{File: file}, "a file of totals has a column for each variable and a last one with counts", "such as stype,count")
	}
	counts := cols[len(cols)-1]
	names := make([]string, len(cols)-1)
	for i := range names {
		names[i] = cols[i].Name()
	}
	stacked := len(names) == 2 && strings.EqualFold(names[0], "variable") && strings.EqualFold(names[1], "level")
	faults := fault.NewList(maxFaults)
	var out []Margin
	if !stacked {
		out = []Margin{{Columns: names}}
	}
	for i := range t.Rows() {
		v, err := strconv.ParseFloat(counts.Text(i), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			faults.Addf(fault.Invalid, fault.Place{File: file, Row: i + 2, Field: counts.Name()}, "write it as 755", "the count is not a number")
			continue
		}
		levels := make([]string, len(names))
		for k := range names {
			levels[k] = cols[k].Text(i)
		}
		if !stacked {
			out[0].Counts = append(out[0].Counts, MarginCount{levels, v})
			continue
		}
		at := slices.IndexFunc(out, func(m Margin) bool { return m.Columns[0] == levels[0] })
		if at < 0 {
			at = len(out)
			out = append(out, Margin{Columns: levels[:1]})
		}
		out[at].Counts = append(out[at].Counts, MarginCount{levels[1:], v})
	}
	return out, faults.Err()
}
