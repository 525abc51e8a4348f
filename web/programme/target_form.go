package programme

import (
	"strconv"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const targetWords = "programme.targets"

// Rows and fields of the form. A field a cell is fine for the rounds that there are;
// beyond that, one target for every point is still to be had.
const (
	sparePeriods = 2
	mostCells    = 3000
)

// targetForm is what the page of changing periods and targets shows.
type targetForm struct {
	Form  *page.Form
	Clash *page.Clash
	// Rows are those of periods, from 1.
	Rows []int
	// Columns are the periods that have targets already, Points the rows of the
	// table; both empty without points.
	Columns []*collection.Period
	Points  []*collection.Point
	Many    bool // too many cells: only one target for all points
	Weeks   bool // offer to make periods
	Back    string
}

// Cell names the field of one target.
func (targetForm) Cell(point, period ids.ID) string { return collection.TargetField(point, period) }

// Every names the field of the target of all points that have none.
func (targetForm) Every(period ids.ID) string { return "every." + period.String() }

func changeTargets(r *page.Request) error {
	p, err := readPlan(r)
	if err != nil {
		return err
	}
	f := r.NewForm(targetWords)
	setPeriods(f, p.periods)
	for _, point := range p.points {
		for _, one := range p.periods {
			if n, ok := p.counts[[2]ids.ID{point.ID, one.ID}]; ok {
				f.Set(collection.TargetField(point.ID, one.ID), strconv.Itoa(n))
			}
		}
	}
	f.SetEtag(r.Round.Etag)
	return renderTargets(r, 200, f, nil, p, p.periods)
}

func setPeriods(f *page.Form, periods []*collection.Period) {
	for i, one := range periods {
		f.Set(page.RowField("id", i+1), one.ID.String())
		f.Set(page.RowField("name", i+1), one.Name)
		f.Set(page.RowField("from", i+1), one.From)
		f.Set(page.RowField("to", i+1), one.To)
	}
}

func renderTargets(r *page.Request, status int, f *page.Form, c *page.Clash, p *plan, typed []*collection.Period) error {
	if !maySet(r) {
		return page.NotFound()
	}
	v := targetForm{Form: f, Clash: c, Back: roundPath(r) + "/targets", Points: p.points, Weeks: len(typed) == 0 && r.Round.From != "" && r.Round.To != ""}
	for i := 1; i <= min(len(typed)+sparePeriods, collection.MostPeriods); i++ {
		v.Rows = append(v.Rows, i)
	}
	for _, one := range typed {
		if one.ID != 0 {
			v.Columns = append(v.Columns, one)
		}
	}
	v.Many = len(v.Columns)*len(v.Points) > mostCells
	r.Crumb(r.Text("programme.targets"), v.Back)
	return r.Render(status, "programme/targets-form", v)
}

func changeTargetsPost(r *page.Request) error {
	f, err := r.ReadForm(targetWords)
	if err != nil {
		return err
	}
	p, err := readPlan(r)
	if err != nil {
		return err
	}
	periods := readPeriods(f, p.periods)
	switch f.Raw("do") {
	case "weeks":
		periods = r.Round.Parts(collection.Weekly, func(n int) string { return r.Text("programme.targets.week", "n", n) })
	case "months":
		periods = r.Round.Parts(collection.Monthly, func(n int) string { return r.Text("programme.targets.month", "n", n) })
	}
	setPeriods(f, periods)
	for i := len(periods) + 1; i <= collection.MostPeriods+sparePeriods; i++ {
		for _, name := range []string{"id", "name", "from", "to"} {
			f.Set(page.RowField(name, i), "")
		}
	}
	if do := f.Raw("do"); do == "rows" || do == "weeks" || do == "months" {
		return renderTargets(r, 200, f, nil, p, periods)
	}
	list := readTargets(f, p, periods)
	_ = f.Take(collection.CheckTargets(r.Round, p.points, numbered(periods), list)) // faults of kind Invalid alone
	if f.Bad() {
		return renderTargets(r, 422, f, nil, p, periods)
	}
	isNew := false
	for _, one := range periods {
		one.Round = r.Round.ID
		if one.ID == 0 {
			one.ID, isNew = ids.New(), true
		}
	}
	err = r.House.Collection.SetTargets(r.Context(), r.By, r.Round.ID, f.Etag(), periods, list)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return clashTargets(r, f, p, periods, list)
	}
	if err != nil {
		return err
	}
	r.Flash("programme.targets.saved")
	if isNew && len(p.points) > 0 { // their targets come next
		return r.Redirect(roundPath(r) + "/targets/change")
	}
	return r.Redirect(roundPath(r) + "/targets")
}

// readPeriods reads the rows of periods; those that are left empty are closed up. A
// number that is none of the round's periods, or stands twice, makes a new one.
func readPeriods(f *page.Form, stored []*collection.Period) []*collection.Period {
	var periods []*collection.Period
	known := map[ids.ID]bool{}
	for _, one := range stored {
		known[one.ID] = true
	}
	for i := 1; i <= collection.MostPeriods+sparePeriods; i++ {
		one := &collection.Period{Name: collection.Clean(f.Raw(page.RowField("name", i))),
			From: collection.Clean(f.Raw(page.RowField("from", i))), To: collection.Clean(f.Raw(page.RowField("to", i)))}
		if one.Name == "" && one.From == "" && one.To == "" {
			continue
		}
		if id, err := ids.Parse(f.Raw(page.RowField("id", i))); err == nil && known[id] {
			one.ID = id
			delete(known, id)
		}
		periods = append(periods, one)
	}
	return periods
}

// numbered gives new periods numbers of their own for the check, which tells them
// apart; the store's come later.
func numbered(periods []*collection.Period) []*collection.Period {
	out := make([]*collection.Period, len(periods))
	for i, one := range periods {
		c := *one
		if c.ID == 0 {
			c.ID = ids.ID(-1 - i)
		}
		out[i] = &c
	}
	return out
}

// readTargets reads the cells. A cell that is empty takes the target of all points,
// if there is one; cells that the form did not show keep what is stored.
func readTargets(f *page.Form, p *plan, periods []*collection.Period) []collection.Target {
	var list []collection.Target
	for _, one := range periods {
		if one.ID == 0 {
			continue
		}
		every, hasEvery := readCount(f, targetForm{}.Every(one.ID), "")
		for _, point := range p.points {
			name := collection.TargetField(point.ID, one.ID)
			n, ok := readCount(f, name, point.Code)
			if !ok && f.Values(name) == nil {
				n, ok = p.counts[[2]ids.ID{point.ID, one.ID}]
				if hasEvery {
					n, ok = every, true
				}
			}
			if !ok && f.Raw(name) == "" && hasEvery {
				n, ok = every, true
			}
			if ok {
				list = append(list, collection.Target{Point: point.ID, Period: one.ID, Count: n})
			}
		}
	}
	return list
}

// readCount reads a count from a cell; ok is false if it is empty or wrong.
func readCount(f *page.Form, name, point string) (n int, ok bool) {
	s := collection.Clean(f.Raw(name))
	if s == "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > collection.MostTarget {
		f.Wrong(name, "programme.targets.wrong", "point", point, "most", collection.MostTarget)
		return 0, false
	}
	return n, true
}

// clashTargets shows what another person made of the round meanwhile.
func clashTargets(r *page.Request, f *page.Form, p *plan, mine []*collection.Period, list []collection.Target) error {
	now, err := r.House.Collection.Round(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	c := &page.Clash{}
	span := func(one *collection.Period) string { return one.Name + ": " + one.From + " – " + one.To }
	for i := range max(len(p.periods), len(mine)) {
		var a, b string
		if i < len(p.periods) {
			a = span(p.periods[i])
		}
		if i < len(mine) {
			b = span(mine[i])
		}
		c.Add(r.Text("programme.targets.period", "n", i+1), a, b)
	}
	typed := map[[2]ids.ID]string{}
	for _, t := range list {
		typed[[2]ids.ID{t.Point, t.Period}] = strconv.Itoa(t.Count)
	}
	for _, point := range p.points {
		for _, one := range p.periods {
			key := [2]ids.ID{point.ID, one.ID}
			stored := ""
			if n, ok := p.counts[key]; ok {
				stored = strconv.Itoa(n)
			}
			c.Add(point.Code+", "+one.Name, stored, typed[key])
		}
	}
	f.SetEtag(now.Etag)
	return renderTargets(r, 409, f, c, p, mine)
}
