package brief

import (
	"strconv"
	"strings"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// ReceiptEntries puts receipts into the words of a language for the receipts
// page: what holds for all numbers, and one entry a number, in their order.
func ReceiptEntries(r *monitoring.Receipts, a *monitoring.Analysis, code string) (entries []ReceiptEntry, shared [][2]string, err error) {
	c, err := newComposer(a, code)
	if err != nil {
		return nil, nil, err
	}
	shared = [][2]string{
		{c.text("receipt.file"), r.Source.Name},
		{c.text("receipt.rows"), strconv.Itoa(r.Source.Rows)},
		{"SHA-256", r.Source.SHA256},
		{c.text("receipt.instrument"), r.Instrument.ID + " " + r.Instrument.Version},
		{c.text("receipt.plan"), r.Plan.SHA256},
		{c.text("receipt.program"), r.Program},
	}
	if r.Weighting != nil {
		shared = append(shared, [2]string{c.text("receipt.totals"), r.Weighting.Name}, [2]string{"SHA-256", r.Weighting.SHA256})
	}
	titles := c.receiptTitles()
	for i := range r.Receipts {
		e := c.receiptEntry(&r.Receipts[i])
		if title := titles[e.Key]; title != "" {
			e.Title = title
		}
		entries = append(entries, e)
	}
	return entries, shared, c.say.Err()
}

// receiptTitles names each finding, trend and test by what it is of, at which
// level, and in which group.
func (c *composer) receiptTitles() map[string]string {
	titles := map[string]string{}
	name := func(key, what string, rest ...string) {
		for _, s := range rest {
			if s != "" {
				what += " · " + s
			}
		}
		titles[key] = what
	}
	for i := range c.a.Findings {
		f := &c.a.Findings[i]
		switch {
		case f.Of != nil:
			name(f.Key, c.indicator(f.Variable), c.parts(f.Of)+" / "+c.parts(f.Against))
		case f.Section == monitoring.SectionPlace:
			name(f.Key, c.indicator(strings.TrimPrefix(f.ID, "place.")), c.country(f), c.parts(f.Group))
		case f.Section == monitoring.SectionIndicator:
			name(f.Key, c.indicator(f.ID), c.group(f.Group))
		case f.Section == monitoring.SectionWeighted:
			name(f.Key, c.indicator(f.ID), c.group(f.Group), c.text("col.weighted"))
		default:
			level := ""
			if f.Level != "" {
				level = c.level(f.Variable, f.Level)
			}
			name(f.Key, c.variable(f.Variable), level, c.parts(f.Group))
		}
	}
	for _, t := range c.a.Trends {
		name(t.Key, c.indicator(t.ID), c.variable(t.Variable), c.parts(t.Within))
	}
	for _, t := range c.a.Tests {
		name(t.Key, c.indicator(t.ID), c.variable(t.Variable), c.parts(t.Within))
	}
	return titles
}

func (c *composer) receiptEntry(r *monitoring.Receipt) ReceiptEntry {
	e := ReceiptEntry{Key: r.Key, Title: c.in.Label(r.Estimator.Variable, c.code)}
	if n := len(r.Filter); n > 0 && strings.HasPrefix(r.Key, "count.") {
		e.Title = r.Filter[n-1].Step
	}
	add := func(label, value string) {
		if value != "" {
			e.Lines = append(e.Lines, [2]string{label, value})
		}
	}
	steps := make([]string, 0, len(r.Filter))
	for _, s := range r.Filter {
		if s.Rows == nil {
			steps = append(steps, s.Step)
			continue
		}
		steps = append(steps, s.Step+": "+c.say.Whole(*s.Rows))
	}
	add(c.text("receipt.filter"), strings.Join(steps, " → "))
	what := r.Estimator.Statistic + " · " + r.Estimator.Variable
	if r.Estimator.Level != "" {
		what += " = " + r.Estimator.Level
	}
	add(c.text("receipt.estimator"), what)
	add(c.text("receipt.variance"), r.Estimator.Variance)
	add(c.text("receipt.interval"), r.Estimator.Interval)
	add(c.text("receipt.value"), c.receiptValue(r))
	if r.P != nil {
		add(c.text("col.p"), lang.Isolate(strconv.FormatFloat(*r.P, 'g', -1, 64)))
	}
	if r.Adjusted != nil {
		add(c.text("col.p_adjusted"), lang.Isolate(strconv.FormatFloat(*r.Adjusted, 'g', -1, 64)+" ("+r.Estimator.Adjustment+")"))
	}
	if r.NotShown != "" {
		add(c.text("receipt.not_shown"), r.NotShown)
	}
	add(c.text("receipt.again"), "waymark receipt "+r.Key)
	return e
}

// receiptValue is the number to all its digits, for machines and doubters.
func (c *composer) receiptValue(r *monitoring.Receipt) string {
	full := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	switch {
	case r.Estimate != nil && r.CI != nil:
		return lang.Isolate(full(*r.Estimate) + " [" + full(r.CI[0]) + ", " + full(r.CI[1]) + "]")
	case r.Estimate != nil:
		return lang.Isolate(full(*r.Estimate))
	case r.N != nil:
		return c.say.Whole(*r.N)
	}
	return ""
}
