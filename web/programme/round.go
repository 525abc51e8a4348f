package programme

import (
	"strings"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// roundPage is what the page of a round shows.
type roundPage struct {
	Round   *collection.Round
	State   page.Tag
	About   page.Summary
	Steps   []step
	Open    bool // offer to open it
	Ready   bool // nothing is left to set up
	Close   bool // offer to close it
	Deleted *page.Notice
	Retain  *page.Notice
}

// step is a part of setting a round up.
type step struct {
	Title, Text, Href string
	Done              bool
	Tag               page.Tag
}

// showRound is the page of a round: its state, what is set up, what to do next.
func showRound(r *page.Request) error {
	v := roundPage{Round: r.Round, State: StateTag(r, r.Round.State)}
	v.About = aboutRound(r)
	if !r.Round.Live() {
		v.Deleted = &page.Notice{Title: r.Text("programme.round.deleted.title"), Text: r.Text("programme.round.deleted.text")}
		if r.May(access.RetentionView) {
			v.Deleted.Links = []page.Link{{Text: r.Text("programme.round.deleted.proof"), Href: page.Path("/rounds/{round}/retention", "round", r.Round.ID)}}
		}
		return r.Render(200, "programme/round", v)
	}
	var err error
	if v.Steps, err = steps(r); err != nil {
		return err
	}
	v.Ready = true
	for _, s := range v.Steps {
		v.Ready = v.Ready && s.Done
	}
	if r.May(access.RetentionView) {
		v.Retain = retainNotice(r)
	}
	if r.May(access.RoundSet) {
		for _, to := range r.Round.Moves() {
			v.Open, v.Close = v.Open || to == collection.Open, v.Close || to == collection.Closed
		}
	}
	return r.Render(200, "programme/round", v)
}

func aboutRound(r *page.Request) page.Summary {
	var change []page.Link
	if r.May(access.RoundSet) && r.Round.Live() {
		change = []page.Link{{Text: r.Text("page.change"), Href: roundPath(r) + "/change"}}
	}
	routes := make([]string, len(r.Round.Routes))
	for i, x := range r.Round.Routes {
		routes[i] = x.Code + " – " + x.Name
	}
	row := func(key, value string) page.SummaryRow {
		return page.SummaryRow{Key: r.Text(key), Value: page.Cell{Text: value}}
	}
	s := page.Summary{Rows: []page.SummaryRow{
		row("programme.round.dates", dates(r, r.Round)),
		row("programme.round.instrument", instrumentTitle(r, r.Round.Instrument)),
		row("programme.round.routes", or(strings.Join(routes, "; "), r.Text("programme.round.routes.none"))),
	}}
	s.Rows[0].Actions = change
	return s
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// retainNotice warns of a day of deletion that is near or has passed.
func retainNotice(r *page.Request) *page.Notice {
	today := Today(r)
	n := &page.Notice{Kind: "warning", Links: []page.Link{{Text: r.Text("programme.retention.look"), Href: page.Path("/rounds/{round}/retention", "round", r.Round.ID)}}}
	switch r.Round.Retention(today) {
	case collection.RetentionSoon:
		n.Text = r.Text("programme.retention.warn", "days", collection.DaysUntil(today, r.Round.Retain), "day", r.Words().Date(r.Round.Retain))
	case collection.RetentionDue:
		n.Text = r.Text("programme.retention.passed", "day", r.Words().Date(r.Round.Retain))
	default:
		return nil
	}
	return n
}

// steps say how far the round is set up, in the order in which it is done.
func steps(r *page.Request) ([]step, error) {
	ctx, c, id := r.Context(), r.House.Collection, r.Round.ID
	var list []step
	add := func(may access.Action, key, path string, done bool, count int) {
		if !r.May(may) {
			return
		}
		s := step{Title: r.Text("programme.step." + key), Href: page.Path(path, "round", id),
			Text: r.Text("programme.step." + key + ".none"), Tag: page.Tag{Text: r.Text("programme.step.todo"), Colour: "blue"}}
		if done {
			s.Done = true
			s.Tag = page.Tag{Text: r.Text("programme.step.done"), Colour: "green"}
			s.Text = r.Text("programme.step."+key+".some", "n", count)
		}
		list = append(list, s)
	}
	points, err := c.ListPoints(ctx, id)
	if err != nil {
		return nil, err
	}
	add(access.RoundView, "points", "/rounds/{round}/points", len(points) > 0, len(points))
	if r.May(access.FormView) {
		forms, err := c.ListForms(ctx, id)
		if err != nil {
			return nil, err
		}
		published := 0
		for _, f := range forms {
			if f.Current != 0 {
				published++
			}
		}
		add(access.FormView, "forms", "/rounds/{round}/forms", published > 0, published)
	}
	if r.May(access.EnumeratorView) {
		people, err := c.ListEnumerators(ctx, id)
		if err != nil {
			return nil, err
		}
		equipped := 0
		for _, e := range people {
			if s := e.Phone(); s == collection.PhoneReady || s == collection.PhoneUsed {
				equipped++
			}
		}
		add(access.EnumeratorView, "enumerators", "/rounds/{round}/enumerators", equipped > 0, equipped)
	}
	periods, err := c.ListPeriods(ctx, id)
	if err != nil {
		return nil, err
	}
	add(access.RoundView, "targets", "/rounds/{round}/targets", len(periods) > 0, len(periods))
	if r.May(access.RetentionView) {
		add(access.RetentionView, "retention", "/rounds/{round}/retention", r.Round.Retain != "", 1)
		if last := &list[len(list)-1]; r.Round.Retain != "" {
			last.Text = r.Text("programme.step.retention.day", "day", r.Words().Date(r.Round.Retain))
		}
	}
	return list, nil
}
