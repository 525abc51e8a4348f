package brief

import (
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/stats/survey"
)

// weightsMade says how the weights were made and how they settled.
func (c *composer) weightsMade(w *monitoring.Weighting) Paragraph {
	if w.Method == "" {
		return nil
	}
	p := []Paragraph{c.para("weighted.method." + strings.ReplaceAll(w.Method, "-", "_"))}
	if w.Lower != 0 || w.Upper != 0 {
		p = append(p, c.para("weighted.bounds", c.times("low", w.Lower), c.times("high", w.Upper)))
	}
	if w.Converged && w.Iterations > 1 {
		p = append(p, c.para("weighted.rounds", c.say.Count("n", w.Iterations)))
	}
	if t := w.Trim; t != nil {
		if t.Upper != 0 {
			p = append(p, c.para("weighted.trim.upper", c.times("high", t.Upper)))
		}
		if t.Lower != 0 {
			p = append(p, c.para("weighted.trim.lower", c.times("low", t.Lower)))
		}
		n := lang.Text("n", c.maskedCount(w.Trimmed, "").Text)
		p = append(p, c.para(c.records("weighted.trim.count"), n))
		if !t.KeepMargins && w.Trimmed > 0 {
			p = append(p, c.para("weighted.trim.margins"))
		}
	}
	return join(p...)
}

// times is a multiple of the average in words of digits: "0.3", "4".
func (c *composer) times(name string, x float64) lang.Arg {
	decimals := 0
	for d, at := 0, x; d < 3 && at != float64(int64(at)); d++ {
		decimals, at = d+1, at*10
	}
	return lang.Text(name, c.say.Decimal(x, decimals))
}

// spreadTable describes the weights before and after: multiples of the average,
// then what their inequality costs.
func (c *composer) spreadTable(w *monitoring.Weighting) *Table {
	t := &Table{ID: "weighting-spread", Caption: c.text("weighted.spread"), Columns: []TableColumn{
		{Label: c.text("col.weights"), HXL: "#meta+weights+name"},
		{Label: c.text("col.before"), HXL: "#meta+weights+num+before", Numeric: true},
		{Label: c.text("col.after"), HXL: "#meta+weights+num+after", Numeric: true},
	}, Notes: []string{c.text("weighted.spread.note")}}
	if w.Before.Rows == 0 || w.After.Mean <= 0 {
		return t
	}
	for _, r := range []struct {
		key      string
		of       func(survey.Spread) float64
		decimals int
	}{
		{"spread.smallest", func(s survey.Spread) float64 { return s.Min / s.Mean }, 2},
		{"spread.q1", func(s survey.Spread) float64 { return s.Q1 / s.Mean }, 2},
		{"spread.median", func(s survey.Spread) float64 { return s.Median / s.Mean }, 2},
		{"spread.q3", func(s survey.Spread) float64 { return s.Q3 / s.Mean }, 2},
		{"spread.largest", func(s survey.Spread) float64 { return s.Max / s.Mean }, 2},
		{"col.deff", func(s survey.Spread) float64 { return s.Deff }, 2},
		{c.records("spread.neff"), func(s survey.Spread) float64 { return s.NEff }, 0},
	} {
		t.Rows = append(t.Rows, []Cell{{Text: c.text(r.key), Header: true}, c.number(r.of(w.Before), r.decimals, ""), c.number(r.of(w.After), r.decimals, "")})
	}
	return t
}
