// Package analysis answers what an analyst asks of a survey file by the names
// of its columns: a sample design, estimates, tests and models, in groups and
// for a subset.
//
// An Analysis is data: what is asked (Ask), of which columns, by which groups
// (By), for whom (Where). Run turns the names into columns, puts everything that
// one scan can answer into one survey.Query, and gives every answer as rows
// (Row) that say their base, what is missing and why a number is not there; on
// demand it says in words what was computed and how R would be asked the same.
// `waymark analyse` and the JSON cases of `waymark estimate` are two faces of it.
//
// It does no statistics of its own, knows no questionnaires and prints nothing
// (see analysis/listing).
package analysis

import (
	"context"
	"fmt"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// maxFaults bounds the faults that one call reports; the rest are counted.
const maxFaults = 50

// Analysis is one call: everything in it is answered together.
type Analysis struct {
	Data   *Data  // Required
	Sample Sample // Default: every row weighs 1 and is its own PSU
	Asks   []Ask  // Required: at least one
	// By repeats what can be repeated in every combination of these columns;
	// each entry is one grouping. Default: the whole sample.
	By [][]string
	// Overall adds the whole sample to the groupings. Default false.
	Overall bool
	// Where restricts all answers to a domain (see package condition). The
	// design stays whole. Default: everyone.
	Where   string
	Options Options
	// Imputation fills missing answers. Default: none, complete cases.
	Imputation *Imputation
}

// Options are those of all answers; an Ask can differ.
type Options struct {
	// Confidence of intervals. Default 0.95.
	Confidence float64
	// DF of intervals of means, totals, ratios and shares: 0 for the normal
	// quantile, as R's confint; DesignDF for the design's; else this number.
	DF float64
	// Interval of proportions (see Intervals). Default wilson.
	Interval string
	// QuantileRule and QuantileInterval are of quantiles. Default math and mean.
	QuantileRule, QuantileInterval string
	// Deff is what design effects compare with.
	Deff survey.DeffBase
	// Adjust the p-values of all results together (see Adjustments). Default none.
	Adjust string
	// Explain adds words, formulas and the calls of R to the results.
	Explain bool
	// Workers is the number of goroutines. Default: the number of processors.
	Workers int
}

// DesignDF as Options.DF: the design's degrees of freedom.
const DesignDF = -1

// Report is the answers to an Analysis.
type Report struct {
	Design  Design
	Where   string
	Results []Result
	// Notes say what a reader of any of the results should know.
	Notes []string
}

// Result is the answer to one Ask in one grouping.
type Result struct {
	Kind    string   // see Kinds
	Title   string   // such as "mean of api00"
	Ask     string   // as it was written
	By      []string // columns of the groups
	Rows    []Row
	Notes   []string // what a reader of this result should know
	Ratio   bool     // values are ratios: their scale is that of the logarithm
	Explain []string // sentences; only with Options.Explain
	Sources []string // books and papers; only with Options.Explain
	R       string   // the same in R; only with Options.Explain
}

// Group is a column and one of its levels.
type Group struct {
	Column string
	Level  string
}

// plan turns names into columns and collects what one scan answers.
type plan struct {
	data    *Data
	d       *survey.Design
	sample  *Sample
	where   []bool
	subset  *condition.Condition // nil: everyone
	opt     Options
	query   survey.Query
	faults  *fault.List
	seen    map[string]bool
	pending []pending
	fits    map[string]*survey.Fit // see fitOf
}

// gather makes the rows of a result, after the query has run.
type gather func(ctx context.Context, a *survey.Answer) ([]Row, error)

type pending struct {
	ask    *Ask
	result Result
	rows   gather
}

// Run answers everything. All faults in names, levels and texts come back at
// once as a *fault.List. What the data do not support is no fault: the row says
// why in NotEstimable.
func (a *Analysis) Run(ctx context.Context) (*Report, error) {
	if a.Imputation != nil {
		return a.runImputed(ctx)
	}
	p := &plan{data: a.Data, sample: &a.Sample, opt: a.Options, faults: fault.NewList(maxFaults), seen: map[string]bool{}}
	if p.opt.Confidence == 0 {
		p.opt.Confidence = 0.95
	}
	if !(p.opt.Confidence > 0 && p.opt.Confidence < 1) {
		p.faults.Addf(fault.Invalid, fault.Place{Field: "confidence"}, "use a share such as 0.95", "the confidence %v is not between 0 and 1", p.opt.Confidence)
	}
	_, err := adjustmentOf(p.opt.Adjust)
	p.add(err)
	if len(a.Asks) == 0 {
		p.faults.Addf(fault.Usage, fault.Place{}, "such as --mean COLUMN, --share COLUMN or --test A~B", "nothing is asked")
	}
	if a.Where != "" {
		p.restrict(a.Where)
	}
	d, design, err := a.Sample.Design(ctx, a.Data)
	p.add(err)
	if err := p.faults.Err(); d == nil {
		return nil, err
	}
	p.d = d
	if p.opt.DF == DesignDF {
		p.opt.DF = d.DF()
	}
	groupings := a.By
	if len(groupings) == 0 || a.Overall {
		groupings = append([][]string{nil}, groupings...)
	}
	for i := range a.Asks {
		p.ask(&a.Asks[i], groupings)
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	answer, err := p.d.Run(ctx, p.query, survey.EngineOptions{Workers: p.opt.Workers})
	if err != nil {
		return nil, err
	}
	report := &Report{Design: *design, Where: a.Where, Notes: design.Notes}
	for _, w := range p.pending {
		rows, err := w.rows(ctx, answer)
		if err != nil {
			p.add(err)
			continue
		}
		w.result.Rows, w.result.Notes = rows, w.ask.notes
		report.Results = append(report.Results, w.result)
	}
	p.add(p.adjustAll(report))
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	return report, ctx.Err()
}

// restrict makes the domain of all answers.
func (p *plan) restrict(text string) {
	c, err := condition.Parse(text)
	if err == nil {
		p.where, err = c.Rows(p.data.Table)
		p.subset = c
	}
	p.add(err)
}

// ask plans one ask in every grouping.
func (p *plan) ask(asked *Ask, groupings [][]string) {
	own := *asked // notes are this run's
	a := &own
	k := kindOf(a.Kind)
	if k == nil {
		p.faults.Addf(fault.Invalid, fault.Place{Field: "estimate"}, fmt.Sprintf("one of %v", Kinds()), "there is no estimate %q", a.Kind)
		return
	}
	if k.whole {
		groupings = [][]string{nil}
	}
	for _, by := range groupings {
		rows := k.plan(p, a, by)
		if rows == nil {
			continue // its faults are told
		}
		r := Result{Kind: a.Kind, Title: k.title(a), Ask: a.Text, By: by}
		r.Ratio = a.Kind == "compare" && a.Measure != "difference" || a.Kind == "trend"
		if p.opt.Explain {
			k.explain(p, a, &r)
		}
		p.pending = append(p.pending, pending{a, r, rows})
	}
}

// add takes an error's faults, each once.
func (p *plan) add(err error) {
	for _, f := range faultsOf(err) {
		if text := f.Error(); !p.seen[text] {
			p.seen[text] = true
			p.faults.Add(f)
		}
	}
}

// groups returns the columns of a grouping; ok is false if one is not there.
func (p *plan) groups(by []string) (cols []*table.CategoryColumn, ok bool) {
	ok = true
	for i, name := range by {
		c, err := p.data.grouping(name)
		if err == nil && slices.Contains(by[:i], name) {
			err = fault.New(fault.Invalid, fault.Place{Field: name}, "the column is crossed with itself", "name each column once")
		}
		if err != nil {
			p.add(err)
			ok = false
			continue
		}
		cols = append(cols, c)
	}
	return cols, ok
}

// domain names the groups of an answer.
func domain(by []*table.CategoryColumn, levels []int) []Group {
	var out []Group
	for k, c := range by {
		out = append(out, Group{c.Name(), c.Levels[levels[k]].Code})
	}
	return out
}
