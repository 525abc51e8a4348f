package arrival

import (
	"context"
	"fmt"

	"waymark/forms/record"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
	"waymark/monitoring/quality"
	"waymark/stats/table"
	"waymark/trust/audit"
)

// RoundStore is what the check of a round needs of the store.
type RoundStore interface {
	Round(ctx context.Context, id ids.ID) (*collection.Round, error)
	Version(ctx context.Context, id ids.ID) (*collection.Version, error)
	ListForms(ctx context.Context, round ids.ID) ([]*collection.Form, error)
	ListVersions(ctx context.Context, form ids.ID) ([]*collection.Version, error)
	EachAnswers(ctx context.Context, by audit.Actor, purpose string, f collection.Filter, use func(*collection.Submission, *collection.Revision) error) error
}

// Report is what the check of a round found.
type Report struct {
	*quality.Report
	// Submissions are the interviews by their row in the report, from row 1 on.
	Submissions []ids.ID
	// Left counts submissions that could not be read: encrypted or damaged.
	Left int
}

// Submission is the interview of a row of the report, or zero.
func (r *Report) Submission(row int) ids.ID {
	if row < 1 || row > len(r.Submissions) {
		return 0
	}
	return r.Submissions[row-1]
}

// Round runs all of waymark check over the submissions of one form of a round
// that were not rejected. form may be zero for the form that asks most of the
// round's instrument. The outcome is that of waymark check on the export of the
// same submissions.
//
// Memory is that of the typed columns: about 100 MB for 500,000 interviews of
// the built-in questionnaire.
func (c *Checker) Round(ctx context.Context, store RoundStore, by audit.Actor, round, form ids.ID, opt quality.Options) (*Report, error) {
	r, err := store.Round(ctx, round)
	if err != nil {
		return nil, err
	}
	var inst *instrument.Instrument
	if r.Instrument != "" {
		if inst, err = c.opt.Instrument(r.Instrument); err != nil {
			return nil, err
		}
	}
	g, err := gatherLayouts(ctx, store, round, form, inst)
	if err != nil {
		return nil, err
	}
	if opt.Thresholds == nil {
		opt.Thresholds = c.opt.Thresholds
	}
	sheet, err := newSheet(g.merged.Tables[0], inst, opt.Thresholds)
	if err != nil {
		return nil, err
	}
	typing, err := sheet.typist.Begin()
	if err != nil {
		return nil, err
	}
	out := &Report{}
	wide := make([]string, len(g.merged.Tables[0].Columns))
	cells := make([]string, 0, len(sheet.names))
	err = store.EachAnswers(ctx, by, "check", collection.Filter{Round: round, Form: g.form,
		States: []collection.State{collection.Received, collection.HasIssues, collection.Approved}}, func(s *collection.Submission, rev *collection.Revision) error {
		l := g.layouts[rev.Version]
		if l == nil {
			l = g.layouts[s.Version]
		}
		if l == nil || s.Unreadable || encrypted(rev.XML) {
			out.Left++
			return nil
		}
		rec, err := l.Read(rev.XML)
		if err != nil {
			out.Left++
			return nil
		}
		g.merged.Cells(wide, l, 0, rec.Rows[0][0].Cells)
		cells = sheet.cells(cells[:0], rec, wide, s.Received)
		out.Submissions = append(out.Submissions, s.ID)
		return typing.Add(cells)
	})
	if err != nil {
		return nil, err
	}
	t, warnings, err := typing.Table()
	if err != nil {
		return nil, err
	}
	if t.Rows() == 0 {
		return nil, fault.New(fault.NotFound, fault.Place{}, "the round has no submission that can be checked", "wait for the first one")
	}
	out.Report, err = quality.Check(ctx, &quality.Input{Table: t, Instrument: sheet.inst, Warnings: warnings, Binding: sheet.binding,
		Source: table.Source{Name: r.Name, Rows: t.Rows(), FirstRow: 1}, Synthetic: false, Options: opt})
	return out, err
}

// gathered are the versions of one form with their columns put together.
type gathered struct {
	form    ids.ID
	layouts map[ids.ID]*record.Layout
	merged  *record.Merged
}

// gatherLayouts reads the published versions of a form, oldest first. Where no
// form is named it takes the one whose questions the instrument knows most of.
func gatherLayouts(ctx context.Context, store RoundStore, round, form ids.ID, inst *instrument.Instrument) (*gathered, error) {
	forms, err := store.ListForms(ctx, round)
	if err != nil {
		return nil, err
	}
	var best *gathered
	most := -1
	for _, f := range forms {
		if form != 0 && f.ID != form {
			continue
		}
		g := &gathered{form: f.ID, layouts: map[ids.ID]*record.Layout{}}
		versions, err := store.ListVersions(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		var layouts []*record.Layout
		for _, v := range oldestFirst(versions) {
			whole, err := store.Version(ctx, v.ID)
			if err != nil {
				return nil, err
			}
			parsed, err := xform.Parse(whole.XForm)
			if err != nil {
				return nil, fault.Wrap(fault.Internal, fault.Place{}, fmt.Sprintf("version %q of a form cannot be read", v.Version), "look at the form's versions", err)
			}
			l := record.Of(parsed)
			g.layouts[v.ID] = l
			layouts = append(layouts, l)
		}
		if len(layouts) == 0 {
			continue
		}
		g.merged = record.Merge(layouts...)
		if n := known(g.merged.Tables[0], inst); n > most {
			best, most = g, n
		}
	}
	if best == nil {
		return nil, fault.New(fault.NotFound, fault.Place{}, "the round has no published form", "publish a form first")
	}
	return best, nil
}

// known counts the questions of the instrument that a form asks.
func known(t *record.Table, inst *instrument.Instrument) int {
	if inst == nil {
		return len(t.Columns)
	}
	n := 0
	for _, c := range t.Columns {
		if inst.Question(c.Name) != nil {
			n++
		}
	}
	return n
}

// oldestFirst orders published versions by when they were published.
func oldestFirst(versions []*collection.Version) []*collection.Version {
	var published []*collection.Version
	for _, v := range versions {
		if !v.Published.IsZero() {
			published = append(published, v)
		}
	}
	for i := range published { // few
		for j := i; j > 0 && published[j].Published.Before(published[j-1].Published); j-- {
			published[j], published[j-1] = published[j-1], published[j]
		}
	}
	return published
}
