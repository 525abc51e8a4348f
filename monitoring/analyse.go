package monitoring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"

	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// Options say how to analyse.
type Options struct {
	// Workers is the most goroutines. Default 1. It does not change any figure.
	Workers int
	// PlanText is the plan as it was read; its hash is in every receipt.
	PlanText string
	// Totals for the plan's weighting. Required if the plan has one.
	Totals *Totals
}

// Analyse estimates what the plan asks of a round. The result holds no row of
// any interview.
func Analyse(ctx context.Context, r *Round, p *Plan, opt Options) (*Analysis, error) {
	opt.Workers = max(1, opt.Workers)
	f, err := newFrame(ctx, r, p, opt.Workers)
	if err != nil {
		return nil, err
	}
	q := question{f: f}
	var design *survey.Design
	var a *Analysis
	var side errgroup.Group
	side.SetLimit(opt.Workers)
	side.Go(func() (err error) { design, err = f.design(); return r.inRound(err) })
	side.Go(func() error { q.jobs = f.jobs(); return nil })
	side.Go(func() error { a = f.describe(opt); return nil })
	if err := side.Wait(); err != nil {
		return nil, err
	}
	a.Design = f.designNote(design)
	q.compare()
	q.trends()
	q.tests()
	engine := survey.EngineOptions{Workers: opt.Workers}
	answer, err := design.Run(ctx, q.query(), engine)
	if err != nil {
		return nil, err
	}
	k := keys{}
	q.collect(a, answer, k)
	if p.Weighting != nil && opt.Totals != nil {
		if err := f.weigh(ctx, a, opt.Totals, k, engine); err != nil {
			return nil, err
		}
	}
	a.Warnings.Merge(f.warnings)
	a = Guarded(a)
	return a, a.Adjust(p.Multiple)
}

// warningsKept bounds the warnings of an analysis.
const warningsKept = 200

// describe fills in what the analysis says of its round.
func (f *frame) describe(opt Options) *Analysis {
	r := f.round
	sum := sha256.Sum256([]byte(opt.PlanText))
	a := &Analysis{
		Title: f.plan.Title, Synthetic: f.plan.Synthetic || r.Synthetic, Instrument: r.Instrument, Source: r.Source,
		Plan: f.plan, PlanSHA256: hex.EncodeToString(sum[:]), Program: Program, Warnings: fault.NewList(warningsKept),
		Counts: Counts{Received: r.Table.Rows(), Excluded: f.who.Counts, Eligible: f.who.Eligible},
	}
	a.Pooling = r.Pooling
	for _, part := range r.Parts {
		a.Parts = append(a.Parts, PooledPart{part.Source, part.Instrument})
	}
	if len(a.Title) == 0 {
		a.Title = r.Instrument.Title
	}
	a.Warnings.Merge(r.Warnings)
	a.First, a.Last = r.period(f.include)
	if route := f.groups[r.Instrument.Roles[instrument.RoleRoute]]; route != nil {
		a.Counts.EligibleByRoute = countLevels(route, f.include)
	}
	return a
}

// countLevels counts the included rows of each level, leaving out levels
// without any.
func countLevels(c *table.CategoryColumn, include []bool) []LevelCount {
	counts := make([]int, len(c.Levels))
	for row, in := range include {
		if l := c.Level(row); in && l >= 0 {
			counts[l]++
		}
	}
	var list []LevelCount
	for i, n := range counts {
		if n > 0 {
			list = append(list, LevelCount{c.Levels[i].Code, n})
		}
	}
	return list
}

func (f *frame) designNote(d *survey.Design) DesignNote {
	none := func(s string) string {
		if !named(s) {
			return ""
		}
		return s
	}
	p := f.plan.Design
	note := DesignNote{
		Strata: none(p.Strata), Clusters: strings.Join(p.Clusters, ", "), Weights: none(p.Weights),
		NStrata: d.Strata(), NPSU: d.PSUs(), DF: d.DF(), FPC: d.FPC(), Lonely: p.LonelyPSU, Notes: f.notes,
	}
	if r, ok := d.Replicates(); ok {
		note.Replicates, note.NReplicates, note.Given = r.Kind().String(), r.Count(), len(p.Replicates.Columns) > 0
	}
	return note
}

// finding makes a finding of one estimate of a job.
func (f *frame) finding(j *job, e *survey.Estimate, k keys) Finding {
	out := Finding{
		ID: j.id, Section: j.section, Statistic: j.statistic, Variable: j.variable, Level: j.level,
		Estimate: e.Value, SE: e.SE, Lo: e.Lo, Hi: e.Hi, DF: e.DF, Deff: e.Deff, NEff: e.NEff,
		N: e.N, Base: e.Base, Missing: e.Missing, Method: methodName(e.Method),
	}
	for i, name := range j.cross {
		out.Group = append(out.Group, Part{name, j.request.By[i].Levels[e.Domain[i]].Code})
	}
	if e.Level >= 0 && j.request.Statistic == survey.Share {
		out.Level = j.request.Variable.(*table.CategoryColumn).Levels[e.Level].Code
	}
	id := j.id
	if out.Level != "" && j.section != SectionIndicator {
		id += "." + out.Level
	}
	if j.section == SectionWeighted {
		id = "weighted." + id
	}
	out.Key = k.of(id, out.Group)
	f.mark(&out, e.NotEstimable)
	return out
}

// mark says whether a finding may be shown.
func (f *frame) mark(out *Finding, notEstimable string) {
	switch {
	case out.Base < f.plan.MinimumBase:
		out.NotShown = NotShownBase
	case notEstimable != "" || math.IsNaN(out.Estimate):
		out.NotShown, out.Why = NotShownNotEstimable, notEstimable
	}
	out.MaskN = out.N > 0 && out.N < f.plan.MaskBelow
}

func methodName(m survey.Interval) string {
	for name, method := range intervalMethods {
		if method == m {
			return name
		}
	}
	return ""
}
