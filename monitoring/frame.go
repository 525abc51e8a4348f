package monitoring

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// frame is a round ready to estimate: who is included, and every indicator and
// group that the plan names as a column.
type frame struct {
	round      *Round
	plan       *Plan
	who        *Eligibility
	include    []bool
	indicators map[string]*table.CategoryColumn
	groups     map[string]*table.CategoryColumn
	warnings   *fault.List
	notes      []string // on the design
	silent     []string // on margins that the totals do not have
	workers    int
}

// newFrame applies the rules and derives what the plan needs. What the file
// lacks is a warning that names it; the plan's other figures go on.
func newFrame(ctx context.Context, r *Round, p *Plan, workers int) (*frame, error) {
	who, err := Exclude(r.Table, r.Instrument, p.Exclusions.Skip)
	if err != nil {
		return nil, fault.InFile(err, r.Source.Name)
	}
	if who.Eligible == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{File: r.Source.Name}, "no interview is left after the rules for who is left out", "`waymark check` shows the answers that the rules look at")
	}
	f := &frame{round: r, plan: p, who: who, include: who.Include(),
		indicators: map[string]*table.CategoryColumn{}, groups: map[string]*table.CategoryColumn{}, warnings: fault.NewList(planFaults), workers: workers}
	if err := f.deriveIndicators(ctx, workers); err != nil {
		return nil, err
	}
	return f, f.deriveGroups(ctx, workers)
}

// deriveIndicators derives every indicator of the instrument, those on
// questions first, then those that count others.
func (f *frame) deriveIndicators(ctx context.Context, workers int) error {
	pending := f.round.Instrument.Indicators
	for len(pending) > 0 {
		var now, later []instrument.Indicator
		for _, ind := range pending {
			needs := slices.Concat(ind.Of, ind.UnlessAny)
			if slices.ContainsFunc(needs, func(id string) bool {
				return slices.ContainsFunc(pending, func(o instrument.Indicator) bool { return o.ID == id })
			}) {
				later = append(later, ind)
			} else {
				now = append(now, ind)
			}
		}
		if len(now) == 0 {
			return fault.New(fault.Invalid, fault.Place{Field: later[0].ID}, "this indicator is defined by itself", "break the circle in instrument.yaml")
		}
		columns := make([]*table.CategoryColumn, len(now))
		g, _ := errgroup.WithContext(ctx)
		g.SetLimit(workers)
		for i := range now {
			g.Go(func() error {
				columns[i] = indicatorColumn(f.round.Table, &now[i], f.indicators)
				return ctx.Err()
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for i, c := range columns {
			if c != nil {
				f.indicators[now[i].ID] = c
			} else if slices.Contains(f.plan.Indicators, now[i].ID) {
				f.lacks(now[i].ID, "the indicator")
			}
		}
		pending = later
	}
	return nil
}

// maxLevels is the most levels of a group that a brief shows. A column that
// tells everyone apart, such as an id, would fill it with groups of one.
const maxLevels = 1000

func (f *frame) deriveGroups(ctx context.Context, workers int) error {
	names := f.plan.groupNames()
	columns := make([]*table.CategoryColumn, len(names))
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for i, name := range names {
		g.Go(func() error {
			columns[i] = groupColumn(f.round.Table, f.round.Instrument, name)
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, c := range columns {
		switch {
		case c != nil && len(c.Levels) > maxLevels && len(countLevels(c, f.include)) > maxLevels:
			f.warnings.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: names[i]},
				"make a group of fewer levels in the instrument, or take the name out of the plan",
				"the group has %d levels, and a brief shows at most %d; its figures are left out", len(countLevels(c, f.include)), maxLevels)
		case c != nil:
			f.groups[names[i]] = c
		case f.round.Table.Column(names[i]) == nil || f.round.Table.Column(names[i]).Kind() != table.Set:
			f.lacks(names[i], "the group")
		}
	}
	return nil
}

func (f *frame) lacks(name, what string) {
	f.warnings.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: name},
		"add the column to the file, or take the name out of the plan", "the file lacks a question that %s needs; its figures are left out", what)
}

// groupNames are all variables that the plan divides or describes by, once each.
func (p *Plan) groupNames() []string {
	var names []string
	add := func(list ...string) {
		for _, n := range list {
			if n != "" && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, crosses := range [][][]string{p.Groups, p.Places.By, p.Profile.By} {
		for _, c := range crosses {
			add(c...)
		}
	}
	add(p.Profile.Questions...)
	for _, m := range p.Measures {
		for _, c := range m.By {
			add(c...)
		}
	}
	for _, c := range p.Compare {
		add(c.Group)
	}
	for _, t := range p.Trends {
		add(t.Group, t.Within)
	}
	for _, t := range p.Tests {
		add(t.Group, t.Within)
	}
	if w := p.Weighting; w != nil {
		add(w.Within)
		add(w.Margins...)
		for _, c := range w.Groups {
			add(c...)
		}
	}
	return names
}

// by returns the columns of a cross, or false if the file lacks one.
func (f *frame) by(cross []string) ([]*table.CategoryColumn, bool) {
	columns := make([]*table.CategoryColumn, len(cross))
	for i, name := range cross {
		c := f.groups[name]
		if c == nil {
			return nil, false
		}
		columns[i] = c
	}
	return columns, true
}

// design makes the plan's design over the included interviews.
func (f *frame) design() (*survey.Design, error) {
	spec, err := f.spec()
	if err != nil {
		return nil, err
	}
	if f.plan.Design.Replicates != nil {
		return f.replicated(spec)
	}
	return survey.New(spec)
}

// spec describes the plan's design by the columns of the file.
func (f *frame) spec() (survey.Spec, error) {
	spec := survey.Spec{Include: f.include, Nest: f.plan.Design.Nest, LonelyPSU: lonelyChoices[f.plan.Design.LonelyPSU]}
	d := f.plan.Design
	faults := fault.NewList(planFaults)
	number := func(name, what string) *table.NumberColumn {
		c := f.round.Table.Number(name)
		if c == nil {
			faults.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: name}, "correct the design in the plan", "the %s column is not in the file or does not hold numbers", what)
		}
		return c
	}
	if named(d.Weights) {
		spec.Weights = number(d.Weights, "weights")
	}
	if named(d.Strata) {
		c := groupColumn(f.round.Table, f.round.Instrument, d.Strata)
		if c == nil {
			faults.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: d.Strata}, "correct the design in the plan", "the strata column is not in the file")
		} else {
			var missing int
			if spec.Strata, missing = knownStrata(c, f.include); missing > 0 {
				f.notes = append(f.notes, fmt.Sprintf("%s without %s make a stratum of their own", interviews(missing), d.Strata))
			}
		}
	}
	for _, stage := range d.Clusters {
		if c := f.cluster(stage, faults); c != nil {
			spec.Clusters = append(spec.Clusters, c)
		}
	}
	for _, name := range d.FPC {
		spec.FPC = append(spec.FPC, number(name, "population size"))
	}
	return spec, faults.Err()
}

// cluster makes the column of one stage, joining the columns named with "+".
func (f *frame) cluster(stage string, faults *fault.List) *table.CategoryColumn {
	var joined table.Column
	for _, name := range strings.Split(stage, "+") {
		c := f.round.Table.Column(strings.TrimSpace(name))
		if c == nil {
			if strings.Contains(stage, "+") {
				faults.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: strings.TrimSpace(name)}, "add the column, or set clusters: [] in the plan: every interview then counts as drawn by itself", "the clusters need a column that the file lacks")
			} else {
				faults.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: stage}, "correct the design in the plan", "the cluster column is not in the file")
			}
			return nil
		}
		if joined == nil {
			joined = c
		} else {
			joined = join(stage, joined, c)
		}
	}
	if c, ok := joined.(*table.CategoryColumn); ok {
		c, _ = knownStrata(c, f.include)
		return c
	}
	return join(stage, joined, constant(joined.Len()))
}

// constant is a column of one level, to turn any column into categories with
// missing values as a level of their own.
func constant(rows int) *table.CategoryColumn {
	codes := make([]uint8, rows)
	for i := range codes {
		codes[i] = table.FirstLevel
	}
	return table.NewCategory8("", []table.Level{{Code: "-"}}, codes)
}

func named(column string) bool { return column != "" && column != "none" }

func interviews(n int) string {
	if n == 1 {
		return "1 interview"
	}
	return fmt.Sprintf("%d interviews", n)
}
