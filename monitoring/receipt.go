package monitoring

import (
	"encoding/json"
	"fmt"
	"math"

	"waymark/stats/table"
)

// Receipts names, for every number of a brief, where it came from. It holds
// the plan's text, so that one file is enough to compute a number again from
// the same interviews.
type Receipts struct {
	Program    string            `json:"program"`
	Synthetic  bool              `json:"synthetic"`
	Source     ReceiptSource     `json:"source"`
	Instrument ReceiptInstrument `json:"instrument"`
	// Parts are the files that were pooled, in order; empty for a single file.
	Parts     []ReceiptPart  `json:"parts,omitempty"`
	Plan      ReceiptPlan    `json:"plan"`
	Weighting *ReceiptTotals `json:"weighting,omitempty"`
	Design    DesignNote     `json:"design"`
	Receipts  []Receipt      `json:"receipts"`
}

// ReceiptSource identifies the file of interviews.
type ReceiptSource struct {
	Name   string `json:"name"`
	Format string `json:"format"`
	Sheet  string `json:"sheet,omitempty"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Rows   int    `json:"rows"`
}

// ReceiptInstrument identifies the questionnaire.
type ReceiptInstrument struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// ReceiptPart is one file of a pooled analysis.
type ReceiptPart struct {
	Source     ReceiptSource     `json:"source"`
	Instrument ReceiptInstrument `json:"instrument"`
}

// ReceiptPlan holds the plan.
type ReceiptPlan struct {
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

// ReceiptTotals identifies the file of totals that weights were made from.
type ReceiptTotals struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Receipt is where one number came from. The numbers are null where the brief
// does not show them.
type Receipt struct {
	Key       string       `json:"key"`
	Filter    []FilterStep `json:"filter"`
	Estimator Estimator    `json:"estimator"`
	Estimate  *float64     `json:"estimate"`
	SE        *float64     `json:"se"`
	CI        *[2]float64  `json:"ci"`
	DF        *float64     `json:"df,omitempty"`
	N         *int         `json:"n"`
	Base      *int         `json:"base"`
	P         *float64     `json:"p,omitempty"`
	// Adjusted is P after adjustment for many comparisons; Estimator.Adjustment
	// says how.
	Adjusted *float64 `json:"p_adjusted,omitempty"`
	NotShown string   `json:"not_shown,omitempty"`
}

// FilterStep is one step from all interviews to those that a number stands on.
// Rows is null where the count is masked.
type FilterStep struct {
	Step string `json:"step"`
	Rows *int   `json:"rows"`
}

// Estimator says how the number was made.
type Estimator struct {
	Statistic  string  `json:"statistic"`
	Variable   string  `json:"variable"`
	Level      string  `json:"level,omitempty"`
	Variance   string  `json:"variance"`
	Interval   string  `json:"interval,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
	// Adjustment of the p-value: "holm, 24 p-values together".
	Adjustment string `json:"adjustment,omitempty"`
}

// variance says how the variances of an analysis were made.
func (d *DesignNote) variance() string {
	if d.Replicates == "" {
		return "Taylor linearisation, ultimate clusters within strata"
	}
	return fmt.Sprintf("replicate weights: %d %s", d.NReplicates, d.Replicates)
}

// MakeReceipts writes the receipt of every finding, trend, test and count.
func MakeReceipts(a *Analysis, planText string) *Receipts {
	r := &Receipts{
		Program: a.Program, Synthetic: a.Synthetic,
		Source:     receiptSource(a.Source),
		Instrument: ReceiptInstrument{a.Instrument.ID, a.Instrument.Version, a.Instrument.SHA256},
		Plan:       ReceiptPlan{a.PlanSHA256, planText},
		Design:     a.Design,
	}
	if w := a.Weighting; w != nil {
		r.Weighting = &ReceiptTotals{w.Source, w.SHA256}
	}
	if len(a.Parts) > 1 {
		for _, p := range a.Parts {
			r.Parts = append(r.Parts, ReceiptPart{receiptSource(p.Source), ReceiptInstrument{p.Instrument.ID, p.Instrument.Version, p.Instrument.SHA256}})
		}
	}
	steps := countSteps(a.Counts)
	r.Receipts = countReceipts(a.Counts, steps)
	for i := range a.Findings {
		r.Receipts = append(r.Receipts, findingReceipt(a, &a.Findings[i], steps))
	}
	for i := range a.Trends {
		t := &a.Trends[i]
		rec := a.testReceipt(t.Key, "trend across "+t.Variable, t.ID, t.Method, t.Within, steps, t.NotShown)
		if t.NotShown == "" {
			rec.Estimate, rec.P, rec.CI = number(t.OddsRatio), number(t.P), interval(t.Lo, t.Hi)
			rec.Estimator.Confidence = a.Plan.Confidence
			rec.adjust(a, t.Adjusted, KindTrend, t.Variable)
		}
		r.Receipts = append(r.Receipts, rec)
	}
	for i := range a.Tests {
		t := &a.Tests[i]
		rec := a.testReceipt(t.Key, "independence of "+t.Variable, t.ID, t.Method, t.Within, steps, t.NotShown)
		if t.NotShown == "" {
			rec.Estimate, rec.P = number(t.Statistic), number(t.P)
			rec.adjust(a, t.Adjusted, KindTest, t.Variable)
		}
		r.Receipts = append(r.Receipts, rec)
	}
	return r
}

func receiptSource(s table.Source) ReceiptSource {
	return ReceiptSource{s.Name, s.Format, s.Sheet, s.SHA256, s.Bytes, s.Rows}
}

// countSteps are the steps from received to eligible that all numbers share.
func countSteps(c Counts) []FilterStep {
	left := c.Received
	steps := []FilterStep{{"interviews received", whole(left)}}
	for _, e := range c.Excluded {
		left -= e.Count
		steps = append(steps, FilterStep{"after leaving out: " + e.Rule, whole(left)})
	}
	return steps
}

func countReceipts(c Counts, steps []FilterStep) []Receipt {
	count := func(key string, n, upTo int, extra ...FilterStep) Receipt {
		filter := append(append([]FilterStep(nil), steps[:upTo]...), extra...)
		return Receipt{Key: key, Filter: filter, Estimator: Estimator{Statistic: "count", Variable: "interviews", Variance: "none: a count"}, N: whole(n), Base: whole(n)}
	}
	receipts := []Receipt{count("count.received", c.Received, 1)}
	for i, e := range c.Excluded {
		receipts = append(receipts, count("count.excluded."+safe(e.Rule), e.Count, i+2))
	}
	receipts = append(receipts, count("count.eligible", c.Eligible, len(steps)))
	for _, l := range c.EligibleByRoute {
		receipts = append(receipts, count("count.eligible."+safe(l.Code), l.Count, len(steps), FilterStep{"route = " + l.Code, whole(l.Count)}))
	}
	return receipts
}

func findingReceipt(a *Analysis, f *Finding, shared []FilterStep) Receipt {
	r := Receipt{Key: f.Key, NotShown: f.hidden(), Filter: append([]FilterStep(nil), shared...)}
	masked := func(n int) *int {
		if n > 0 && n < a.Plan.MaskBelow {
			return nil
		}
		return whole(n)
	}
	rows := f.Base
	for _, m := range f.Missing {
		rows += m
	}
	switch {
	case f.Of != nil:
		r.Filter = append(r.Filter, FilterStep{"numerator: " + f.Of.String() + "; denominator: " + f.Against.String(), masked(rows)})
	case len(f.Group) > 0:
		r.Filter = append(r.Filter, FilterStep{f.Group.String(), masked(rows)})
	}
	if f.Section == SectionPlace {
		r.Filter = append(r.Filter, FilterStep{"answered yes and named a place", masked(f.Base)})
	} else {
		r.Filter = append(r.Filter, FilterStep{"answered", masked(f.Base)})
	}
	r.Estimator = Estimator{Statistic: f.Statistic, Variable: f.Variable, Level: f.Level, Variance: a.Design.variance(), Interval: f.Method, Confidence: a.Plan.Confidence}
	if f.Section == SectionWeighted {
		r.Estimator.Variance = "Taylor linearisation on the residuals of " + a.Weighting.words()
	}
	if r.Estimator.Variable == "" {
		r.Estimator.Variable = f.ID
	}
	r.Base = masked(f.Base)
	if r.NotShown != "" {
		return r
	}
	r.Estimate, r.SE, r.CI, r.DF = number(f.Estimate), number(f.SE), interval(f.Lo, f.Hi), number(f.DF)
	r.N = whole(f.N)
	if f.Section == SectionCompare {
		r.P = number(f.P)
		r.adjust(a, f.Adjusted, KindComparison, ComparisonTable(f.Of, f.Against))
	}
	return r
}

// adjust writes the adjusted p-value and how it was made.
func (r *Receipt) adjust(a *Analysis, p float64, kind TestKind, table string) {
	if family := a.Multiple.Of(kind, table); family != nil && a.Multiple.Adjusts() {
		r.Adjusted = number(p)
		r.Estimator.Adjustment = fmt.Sprintf("%s, %d p-values together", a.Multiple.Method, family.Size())
	}
}

func (a *Analysis) testReceipt(key, statistic, variable, method string, within Group, shared []FilterStep, notShown string) Receipt {
	r := Receipt{Key: key, NotShown: notShown, Filter: append([]FilterStep(nil), shared...),
		Estimator: Estimator{Statistic: statistic, Variable: variable, Variance: a.Design.variance(), Interval: method}}
	if len(within) > 0 {
		r.Filter = append(r.Filter, FilterStep{Step: within.String()})
	}
	return r
}

// String writes a group as "route = CMR and sex = female".
func (g Group) String() string {
	s := ""
	for i, p := range g {
		if i > 0 {
			s += " and "
		}
		s += p.Variable + " = " + p.Level
	}
	return s
}

// Find returns the receipt with this key, or nil.
func (r *Receipts) Find(key string) *Receipt {
	for i := range r.Receipts {
		if r.Receipts[i].Key == key {
			return &r.Receipts[i]
		}
	}
	return nil
}

// JSON writes the receipts with one receipt a line.
func (r *Receipts) JSON() ([]byte, error) {
	list := r.Receipts
	head := *r
	head.Receipts = []Receipt{}
	out, err := json.MarshalIndent(head, "", " ")
	if err != nil {
		return nil, err
	}
	out = out[:len(out)-len("[]\n}")]
	out = append(out, '[')
	for i := range list {
		line, err := json.Marshal(list[i])
		if err != nil {
			return nil, fmt.Errorf("receipt %s: %w", list[i].Key, err)
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, "\n  "...), line...)
	}
	return append(out, "\n ]\n}\n"...), nil
}

func whole(n int) *int { return &n }

// number is nil for what JSON cannot hold.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func interval(lo, hi float64) *[2]float64 {
	if number(lo) == nil || number(hi) == nil {
		return nil
	}
	return &[2]float64{lo, hi}
}
