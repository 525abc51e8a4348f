package review

import (
	"cmp"
	"slices"
	"strings"

	"waymark/internal/ids"
	"waymark/internal/lang"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// progressView is how far a round is, from its totals alone.
type progressView struct {
	Facts page.Summary
	// Points is the table by point and period; People by enumerator, for those who
	// may see them; Days by day, or by week for a long round.
	Points  []pointRow
	Periods []string
	People  []personRow
	Days    []dayRow
	Weekly  bool
	Map     bool
	Empty   page.Empty
	Targets bool
	Links   []page.Link
}

// share is a count beside its target. Target 0 is none.
type share struct {
	Count, Target int
	// Bar is the part of a bar of 100 that is filled; Over tells that the count is
	// beyond the target.
	Bar  int
	Over bool
	// Percent is the share in the page's language, "" without a target.
	Percent string
}

type pointRow struct {
	Name, Route string
	Total       share
	Periods     []share // in the order of progressView.Periods
	Approved    int
}

type personRow struct {
	Name                    string
	Total, Approved, Issues int
	Rejected, Days          int
	PerDay                  float64
	First, Last             string
	Bar                     int // of the greatest, in 100
}

type dayRow struct {
	Day   string
	Count int
	Bar   int
}

// maxDays is how many days are listed singly; a longer round is listed by week.
const maxDays = 62

// totals is a round's totals with what they are counted by.
type totals struct {
	tallies []collection.Tally
	points  []*collection.Point
	periods []*collection.Period
	targets map[[2]ids.ID]int
	looks   *looked
}

func (a *area) totals(r *page.Request) (*totals, error) {
	t := &totals{targets: map[[2]ids.ID]int{}}
	var err error
	if t.looks, err = a.looks.of(r.Context(), r.Round); err != nil {
		return nil, err
	}
	t.points = t.looks.points
	if t.tallies, err = a.house.Collection.Tallies(r.Context(), r.Round.ID); err != nil {
		return nil, err
	}
	if t.periods, err = a.house.Collection.ListPeriods(r.Context(), r.Round.ID); err != nil {
		return nil, err
	}
	targets, err := a.house.Collection.ListTargets(r.Context(), r.Round.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range targets {
		t.targets[[2]ids.ID{x.Point, x.Period}] = x.Count
	}
	return t, nil
}

// counted tells whether a submission counts towards a target: not if rejected.
func counted(t collection.Tally) bool { return t.State != collection.Rejected }

// progress shows totals against targets.
func (a *area) progress(r *page.Request) error {
	t, err := a.totals(r)
	if err != nil {
		return err
	}
	v := &progressView{Targets: len(t.targets) > 0}
	byState, all := map[collection.State]int{}, 0
	for _, x := range t.tallies {
		byState[x.State] += x.Count
		all += x.Count
	}
	v.Facts.Rows = append(v.Facts.Rows, page.SummaryRow{Key: r.Text("review.progress.all"), Value: page.Cell{Text: r.Words().Whole(all)}})
	for _, s := range collection.States {
		v.Facts.Rows = append(v.Facts.Rows, page.SummaryRow{Key: r.Text("review.state." + string(s)), Value: page.Cell{Text: r.Words().Whole(byState[s])}})
	}
	v.points(r, t)
	if r.May(access.EnumeratorView) {
		v.people(r, t)
	}
	v.days(r, t)
	v.Map = slices.ContainsFunc(t.points, func(p *collection.Point) bool { return p.Lat != nil && p.Lon != nil })
	v.Links = a.progressLinks(r)
	v.Empty = page.Empty{Title: r.Text("review.progress.empty.title"), Text: r.Text("review.progress.empty.text")}
	if r.May(access.RoundSet) {
		v.Empty.Actions = []page.Link{{Text: r.Text("review.progress.empty.action"), Href: page.Path("/rounds/{round}", "round", r.Round.ID)}}
	}
	return r.Render(200, "review/progress", v)
}

func (a *area) progressLinks(r *page.Request) []page.Link {
	var links []page.Link
	add := func(may access.Action, key, path string) {
		if r.May(may) {
			links = append(links, page.Link{Text: r.Text(key), Href: page.Path(path, "round", r.Round.ID)})
		}
	}
	add(access.SubmissionList, "review.nav.list", "/rounds/{round}/submissions")
	add(access.SubmissionList, "review.nav.quality", "/rounds/{round}/quality")
	return links
}

func shareOf(r *page.Request, count, target int) share {
	s := share{Count: count, Target: target}
	if target > 0 {
		s.Bar, s.Over = min(100, count*100/target), count > target
		s.Percent = r.Words().Percent(float64(count)/float64(target), 0)
	}
	return s
}

// points fills the table by point and period. Points that only the answers name
// stand at its end.
func (v *progressView) points(r *page.Request, t *totals) {
	for _, p := range t.periods {
		v.Periods = append(v.Periods, p.Name)
	}
	type key struct {
		point  string
		period int
	}
	counts, approved := map[key]int{}, map[string]int{}
	named := map[string]bool{}
	for _, p := range t.points {
		named[p.Code] = true
	}
	var strangers []string
	for _, x := range t.tallies {
		if !counted(x) {
			continue
		}
		if !named[x.Point] {
			named[x.Point] = true
			strangers = append(strangers, x.Point)
		}
		counts[key{x.Point, -1}] += x.Count
		for i, p := range t.periods {
			if (p.From == "" || x.Day >= p.From) && (p.To == "" || x.Day <= p.To) {
				counts[key{x.Point, i}] += x.Count
			}
		}
		if x.State == collection.Approved {
			approved[x.Point] += x.Count
		}
	}
	row := func(code, name, route string, id ids.ID) {
		w := pointRow{Name: name, Route: route, Approved: approved[code]}
		total := 0
		for i, p := range t.periods {
			target := t.targets[[2]ids.ID{id, p.ID}]
			total += target
			w.Periods = append(w.Periods, shareOf(r, counts[key{code, i}], target))
		}
		w.Total = shareOf(r, counts[key{code, -1}], total)
		v.Points = append(v.Points, w)
	}
	for _, p := range t.points {
		row(p.Code, t.looks.pointName(p.Code), t.looks.routeName(p.Route), p.ID)
	}
	slices.Sort(strangers)
	for _, code := range strangers {
		name := code
		if code == "" {
			name = r.Text("review.progress.nowhere")
		}
		row(code, name, "", 0)
	}
}

// people fills the table by enumerator, most interviews first.
func (v *progressView) people(r *page.Request, t *totals) {
	rows, days := map[ids.ID]*personRow{}, map[ids.ID]map[string]bool{}
	for _, x := range t.tallies {
		w := rows[x.Enumerator]
		if w == nil {
			w = &personRow{Name: t.looks.enumeratorName(x.Enumerator, true)}
			if w.Name == "" {
				w.Name = r.Text("review.progress.nobody")
			}
			rows[x.Enumerator], days[x.Enumerator] = w, map[string]bool{}
		}
		w.Total += x.Count
		switch x.State {
		case collection.Approved:
			w.Approved += x.Count
		case collection.HasIssues:
			w.Issues += x.Count
		case collection.Rejected:
			w.Rejected += x.Count
		}
		if x.Day == "" {
			continue
		}
		days[x.Enumerator][x.Day] = true
		if w.First == "" || x.Day < w.First {
			w.First = x.Day
		}
		w.Last = max(w.Last, x.Day)
	}
	most := 0
	for id, w := range rows {
		if w.Days = len(days[id]); w.Days > 0 {
			w.PerDay = float64(w.Total) / float64(w.Days)
		}
		most = max(most, w.Total)
	}
	for _, w := range rows {
		w.Bar = w.Total * 100 / max(most, 1)
		v.People = append(v.People, *w)
	}
	slices.SortFunc(v.People, func(a, b personRow) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), strings.Compare(a.Name, b.Name))
	})
}

// days fills the table by day, or by week, in order.
func (v *progressView) days(r *page.Request, t *totals) {
	counts := map[string]int{}
	for _, x := range t.tallies {
		if counted(x) && x.Day != "" {
			counts[x.Day] += x.Count
		}
	}
	if v.Weekly = len(counts) > maxDays; v.Weekly {
		weeks := map[string]int{}
		for day, n := range counts {
			weeks[monday(day)] += n
		}
		counts = weeks
	}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	for day, n := range counts {
		v.Days = append(v.Days, dayRow{Day: day, Count: n, Bar: n * 100 / max(most, 1)})
	}
	slices.SortFunc(v.Days, func(a, b dayRow) int { return strings.Compare(a.Day, b.Day) })
}

// progressMap is the points with circles by their counts, as a picture.
func (a *area) progressMap(r *page.Request) error {
	t, err := a.totals(r)
	if err != nil {
		return err
	}
	v := &progressView{}
	v.points(r, t)
	width := 880.0
	if r.URL.Query().Get("width") == "narrow" {
		width = 340
	}
	spec := figure.PointMapSpec{Frame: figure.Frame{Title: r.Text("review.progress.map"), Description: r.Text("review.progress.map.about"), RTL: r.Words().RTL, Width: width},
		Also: r.Text("review.progress.map.also"), Kilometres: r.Text("review.progress.map.km"), Disclaimer: r.Text("review.progress.map.disclaimer"),
		Series: []figure.Series{{Name: r.Text("review.progress.interviews"), Paint: figure.Series1}}}
	if r.Resource.Demo {
		spec.Badge = r.Text("review.progress.synthetic")
	}
	for i, p := range t.points {
		if p.Lat == nil || p.Lon == nil {
			continue
		}
		w := v.Points[i]
		text := r.Words().Whole(w.Total.Count)
		if w.Total.Target > 0 {
			text = r.Text("review.progress.of", "count", w.Total.Count, "target", w.Total.Target, "share", w.Total.Percent)
		}
		name := w.Name
		if r.Words().RTL {
			name, text = lang.Isolate(name), lang.Isolate(text)
		}
		spec.Points = append(spec.Points, figure.Position{Lat: *p.Lat, Lon: *p.Lon, Name: name, Text: text, Value: float64(w.Total.Count)})
	}
	h := r.W.Header()
	h.Set("Content-Type", "image/svg+xml")
	// The picture carries its own style sheet, and can do nothing else.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	_, err = r.W.Write(figure.PointMap(spec).SVG(figure.SVGOptions{ID: "points"}))
	return err
}
