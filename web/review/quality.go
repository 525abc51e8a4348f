package review

import (
	"context"
	"sync"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
)

// reports keeps the latest report of each round, since one reads every answer. It
// holds no answer itself.
type reports struct {
	make func(context.Context, audit.Actor, *collection.Round) (*quality.Report, error)
	mu   sync.Mutex
	by   map[ids.ID]*kept
}

// kept is the report of one round. Its own lock lets one person make it while the
// others wait.
type kept struct {
	mu     sync.Mutex
	report *quality.Report
	at     time.Time
}

// reportLife is how long a report is shown before the next visit makes it anew.
const reportLife = 15 * time.Minute

const maxReports = 64

func newReports(do func(context.Context, audit.Actor, *collection.Round) (*quality.Report, error)) *reports {
	return &reports{make: do, by: map[ids.ID]*kept{}}
}

// of returns a round's report and when it was made.
func (rs *reports) of(ctx context.Context, by audit.Actor, round *collection.Round, now time.Time) (*quality.Report, time.Time, error) {
	rs.mu.Lock()
	k := rs.by[round.ID]
	if k == nil {
		if len(rs.by) >= maxReports {
			clear(rs.by)
		}
		k = &kept{}
		rs.by[round.ID] = k
	}
	rs.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.report != nil && now.Sub(k.at) < reportLife {
		return k.report, k.at, nil
	}
	report, err := rs.make(ctx, by, round)
	if err != nil {
		return nil, time.Time{}, err
	}
	k.report, k.at = report, now
	return report, now, nil
}

// forget makes the next visit make the report anew.
func (rs *reports) forget(round ids.ID) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.by, round)
}

// qualityView is the report of the whole round.
type qualityView struct {
	Report *quality.Report
	Made   page.Time
	Groups []findingGroup
	Rules  page.Table
	Empty  page.Empty
	Again  bool
	Points []profileTable
}

// findingGroup is the findings of one severity.
type findingGroup struct {
	Title    string
	Severity string
	Findings []quality.Finding
}

// profileTable sums up the interviews of enumerators or points.
type profileTable struct {
	Title string
	Table page.Table
}

// quality shows what waymark check finds in the round as a whole: findings about
// single interviews stand with them.
func (a *area) quality(r *page.Request) error {
	v := &qualityView{Again: r.May(access.SubmissionReview), Empty: page.Empty{Title: r.Text("review.quality.none.title"), Text: r.Text("review.quality.none.text")}}
	newest, err := a.house.Collection.Newest(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	switch {
	case a.readers.instrument(r.Round.Instrument) == nil || a.reports.make == nil:
		v.Empty.Text = r.Text("review.quality.none.instrument")
		return r.Render(200, "review/quality", v)
	case newest == 0:
		return r.Render(200, "review/quality", v)
	}
	report, made, err := a.reports.of(r.Context(), r.By, r.Round, a.house.Now())
	if err != nil {
		return err
	}
	v.Report, v.Made = report, moment(r, made)
	for _, s := range quality.Severities {
		g := findingGroup{Title: r.Text("review.quality.severity."+string(s), "n", report.Counts[s]), Severity: string(s)}
		for _, f := range report.Findings {
			if f.Severity == s {
				g.Findings = append(g.Findings, f)
			}
		}
		if len(g.Findings) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	v.Rules = rulesTable(r, report)
	v.Points = append(v.Points, profiles(r, report, "review.quality.points", report.Points))
	if r.May(access.EnumeratorView) {
		v.Points = append(v.Points, profiles(r, report, "review.quality.enumerators", report.Enumerators))
	}
	return r.Render(200, "review/quality", v)
}

// qualityAgain makes the report anew.
func (a *area) qualityAgain(r *page.Request) error {
	a.reports.forget(r.Round.ID)
	return r.Redirect(page.Path("/rounds/{round}/quality", "round", r.Round.ID))
}

func rulesTable(r *page.Request, report *quality.Report) page.Table {
	t := page.Table{Caption: r.Text("review.quality.rules"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("review.quality.rule")}, {Text: r.Text("review.quality.found"), Number: true}, {Text: r.Text("review.quality.unchecked")}},
		Empty: page.Empty{Title: r.Text("review.quality.none.title")}}
	for _, o := range report.Rules {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: o.Title, Lang: "en"}, {Text: r.Words().Whole(o.Findings)}, {Text: o.NotChecked, Lang: "en"}}})
	}
	return t
}

// profiles lists enumerators or points with the measures in which they differ from
// the others.
func profiles(r *page.Request, report *quality.Report, key string, list []quality.Profile) profileTable {
	t := page.Table{Caption: r.Text(key), Quiet: true, Empty: page.Empty{Title: r.Text("review.quality.profiles.none")},
		Head: []page.Head{{Text: r.Text("review.quality.name")}, {Text: r.Text("review.quality.interviews"), Number: true}, {Text: r.Text("review.quality.days"), Number: true},
			{Text: r.Text("review.quality.per-day"), Number: true}, {Text: r.Text("review.quality.minutes"), Number: true}, {Text: r.Text("review.quality.differs")}}}
	for _, p := range list {
		minutes := "–"
		if p.MedianMinutes != nil {
			minutes = r.Words().Decimal(*p.MedianMinutes, 0)
		}
		differs := page.Cell{Lang: "en"}
		for i, m := range p.Measures {
			if m.Flagged && i < len(report.Measures) {
				differs.Tags = append(differs.Tags, page.Tag{Text: report.Measures[i].Title, Colour: "orange"})
			}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.Name}, {Text: r.Words().Whole(p.Interviews)}, {Text: r.Words().Whole(p.Days)},
			{Text: r.Words().Decimal(p.PerDay, 1)}, {Text: minutes}, differs}})
	}
	return profileTable{Title: r.Text(key), Table: t}
}
