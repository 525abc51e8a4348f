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
	for i := range r.Receipts {
		entries = append(entries, c.receiptEntry(&r.Receipts[i]))
	}
	return entries, shared, c.say.Err()
}

func (c *composer) receiptEntry(r *monitoring.Receipt) ReceiptEntry {
	e := ReceiptEntry{Key: r.Key, Title: c.in.Label(r.Estimator.Variable, c.code)}
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
