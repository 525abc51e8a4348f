package monitoring

import (
	"math"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// question gathers everything that is asked of one design, so that it is
// answered together.
type question struct {
	f           *frame
	jobs        []job
	comparisons []comparisonJob
	trendJobs   []testJob
	testJobs    []testJob
	trendAsks   []survey.TrendRequest
	testAsks    []survey.IndependenceRequest
}

type comparisonJob struct {
	id      string
	of      Group
	against Group
	request survey.ComparisonRequest
}

// testJob is a trend or a test of independence.
type testJob struct {
	id, variable, within string
	by                   []*table.CategoryColumn
}

// compare asks for the plan's ratios. A level that the file does not have
// leaves the comparison out: there is nobody to compare.
func (q *question) compare() {
	for _, c := range q.f.plan.Compare {
		over := q.f.groups[c.Group]
		if over == nil || over.Index(c.Of) < 0 || over.Index(c.Against) < 0 {
			continue
		}
		for _, id := range q.f.wanted(c.Indicators) {
			q.comparisons = append(q.comparisons, comparisonJob{
				id: id, of: Group{{c.Group, c.Of}}, against: Group{{c.Group, c.Against}},
				request: survey.ComparisonRequest{Measure: survey.RiskRatio, Variable: q.f.indicators[id], Level: "yes",
					Over: []*table.CategoryColumn{over}, Of: []string{c.Of}, Against: []string{c.Against}, Confidence: q.f.plan.Confidence},
			})
		}
	}
}

// wanted returns the listed indicators, or the plan's, that the file has.
func (f *frame) wanted(ids []string) []string {
	if len(ids) == 0 {
		ids = f.plan.Indicators
	}
	var have []string
	for _, id := range ids {
		if f.indicators[id] != nil {
			have = append(have, id)
		}
	}
	return have
}

func (q *question) trends() {
	for _, t := range q.f.plan.Trends {
		over := q.f.groups[t.Group]
		by, ok := q.f.within(t.Within)
		if over == nil || !ok {
			continue
		}
		for _, id := range q.f.wanted(t.Indicators) {
			q.trendJobs = append(q.trendJobs, testJob{id, t.Group, t.Within, by})
			q.trendAsks = append(q.trendAsks, survey.TrendRequest{Variable: q.f.indicators[id], Level: "yes", Over: over, By: by, Confidence: q.f.plan.Confidence})
		}
	}
}

func (q *question) tests() {
	for _, t := range q.f.plan.Tests {
		columns := q.f.groups[t.Group]
		by, ok := q.f.within(t.Within)
		if columns == nil || !ok {
			continue
		}
		for _, id := range q.f.wanted(t.Indicators) {
			q.testJobs = append(q.testJobs, testJob{id, t.Group, t.Within, by})
			q.testAsks = append(q.testAsks, survey.IndependenceRequest{Rows: q.f.indicators[id], Columns: columns, By: by})
		}
	}
}

func (f *frame) within(name string) ([]*table.CategoryColumn, bool) {
	if name == "" {
		return nil, true
	}
	return f.by([]string{name})
}

func (q *question) query() survey.Query {
	query := survey.Query{Trends: q.trendAsks, Independences: q.testAsks}
	for _, j := range q.jobs {
		query.Estimates = append(query.Estimates, j.request)
	}
	for _, c := range q.comparisons {
		query.Comparisons = append(query.Comparisons, c.request)
	}
	return query
}

// collect turns the answers into findings, trends and tests, in the order that
// they were asked.
func (q *question) collect(a *Analysis, answer *survey.Answer, k keys) {
	for i := range q.jobs {
		for e := range answer.Estimates[i].Estimates {
			a.Findings = append(a.Findings, q.f.finding(&q.jobs[i], &answer.Estimates[i].Estimates[e], k))
		}
	}
	for i, c := range q.comparisons {
		for _, r := range answer.Comparisons[i] {
			a.Findings = append(a.Findings, q.ratio(c, r, k))
		}
	}
	for i, j := range q.trendJobs {
		for _, t := range answer.Trends[i] {
			out := Trend{ID: j.id, Variable: j.variable, Within: j.group(t.Domain), OddsRatio: t.OddsRatio, Lo: t.Lo, Hi: t.Hi,
				Statistic: t.Statistic, DF1: t.DF1, DF2: t.DF2, P: t.P, Method: t.Method}
			for _, l := range q.trendAsks[i].Over.Levels {
				out.Levels = append(out.Levels, l.Code)
			}
			out.Key = k.of("trend."+j.id+"."+j.variable, out.Within)
			out.NotShown = q.f.hide(t.Base, t.NotEstimable)
			if t.NoOddsRatio != "" {
				out.OddsRatio, out.Lo, out.Hi = math.NaN(), math.NaN(), math.NaN()
			}
			a.Trends = append(a.Trends, out)
		}
	}
	for i, j := range q.testJobs {
		for _, t := range answer.Independences[i] {
			out := Test{ID: j.id, Variable: j.variable, Within: j.group(t.Domain), Statistic: t.Statistic, DF1: t.DF1, DF2: t.DF2, P: t.P, Method: t.Method}
			out.Key = k.of("test."+j.id+"."+j.variable, out.Within)
			out.NotShown = q.f.hide(t.Base, t.NotEstimable)
			a.Tests = append(a.Tests, out)
		}
	}
}

func (f *frame) hide(base int, notEstimable string) string {
	switch {
	case base < f.plan.MinimumBase:
		return NotShownBase
	case notEstimable != "":
		return NotShownNotEstimable
	}
	return ""
}

func (j *testJob) group(domain []int) Group {
	if j.within == "" {
		return nil
	}
	return Group{{j.within, j.by[0].Levels[domain[0]].Code}}
}

// ratio makes the finding of one comparison. It is shown only if both groups
// reach the minimum base.
func (q *question) ratio(c comparisonJob, r survey.Comparison, k keys) Finding {
	out := Finding{
		ID: "ratio." + c.id, Section: SectionCompare, Statistic: "ratio of shares", Variable: c.id, Of: c.of, Against: c.against,
		Estimate: r.Value, SE: r.SE, Lo: r.Lo, Hi: r.Hi, DF: r.DF, Deff: math.NaN(), NEff: math.NaN(),
		P: r.P, N: r.Of.N, Base: r.Of.Base + r.Against.Base, Method: "log ratio",
	}
	for i := range out.Missing {
		out.Missing[i] = r.Of.Missing[i] + r.Against.Missing[i]
	}
	out.Key = k.of(out.ID, c.of, c.against)
	q.f.mark(&out, r.NotEstimable)
	if min(r.Of.Base, r.Against.Base) < q.f.plan.MinimumBase {
		out.NotShown = NotShownBase
	}
	return out
}
