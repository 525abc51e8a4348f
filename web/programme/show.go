package programme

import (
	"strconv"
	"time"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// show is the page of a programme: what it is, and its rounds.
func show(r *page.Request) error {
	rounds, err := r.House.Collection.ListRounds(r.Context(), r.Programme.ID)
	if err != nil {
		return err
	}
	mayRounds := r.May(access.RoundView)
	table := page.Table{Caption: r.Text("programme.rounds"), Head: []page.Head{
		{Text: r.Text("programme.round.name")}, {Text: r.Text("programme.round.state")}, {Text: r.Text("programme.round.dates")},
		{Text: r.Text("programme.round.instrument")}}}
	today := Today(r)
	for _, one := range rounds {
		cell := page.Cell{Text: one.Name}
		if mayRounds {
			cell.Href = page.Path("/rounds/{round}", "round", one.ID)
		}
		if r.May(access.RetentionView) {
			cell.Tags = retentionTags(r, one, today)
		}
		table.Rows = append(table.Rows, page.Row{Cells: []page.Cell{cell,
			{Tags: []page.Tag{StateTag(r, one.State)}}, {Text: dates(r, one)}, {Text: instrumentTitle(r, one.Instrument)}}})
	}
	table.Empty = page.Empty{Title: r.Text("programme.rounds.empty.title"), Text: r.Text("programme.rounds.empty.text")}
	addTo := page.Path("/programmes/{programme}/rounds/new", "programme", r.Programme.ID)
	if r.May(access.RoundSet) {
		table.Empty.Text = r.Text("programme.rounds.empty.add")
		table.Empty.Actions = []page.Link{{Text: r.Text("programme.round.add"), Href: addTo}}
	} else if r.May(access.PeopleSet) {
		table.Empty.Text = r.Text("programme.rounds.empty.people")
		table.Empty.Actions = []page.Link{{Text: r.Text("programme.people"), Href: page.Path("/programmes/{programme}/people", "programme", r.Programme.ID)}}
	}
	return r.Render(200, "programme/show", struct {
		Programme *collection.Programme
		Table     page.Table
		Add       string
	}{r.Programme, table, addTo})
}

// Today is the civil date where the server is.
func Today(r *page.Request) string {
	return r.House.Now().In(r.House.Zone).Format(time.DateOnly)
}

// StateTag is the tag of a round's state.
func StateTag(r *page.Request, s collection.RoundState) page.Tag {
	return page.Tag{Text: r.Text("programme.state." + string(s)), Colour: page.StateColour(string(s))}
}

// retentionTags warn of a round whose answers are to be deleted soon.
func retentionTags(r *page.Request, one *collection.Round, today string) []page.Tag {
	switch one.Retention(today) {
	case collection.RetentionSoon:
		return []page.Tag{{Text: r.Text("programme.retention.soon", "days", collection.DaysUntil(today, one.Retain)), Colour: "yellow"}}
	case collection.RetentionDue:
		return []page.Tag{{Text: r.Text("programme.retention.due"), Colour: "red"}}
	}
	return nil
}

// dates prints the days of a round.
func dates(r *page.Request, one *collection.Round) string {
	w := r.Words()
	switch {
	case one.From != "" && one.To != "":
		return r.Text("programme.dates.both", "from", w.Date(one.From), "to", w.Date(one.To))
	case one.From != "":
		return r.Text("programme.dates.from", "from", w.Date(one.From))
	case one.To != "":
		return r.Text("programme.dates.to", "to", w.Date(one.To))
	}
	return r.Text("programme.dates.none")
}

func degrees(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

func etagText(etag int64) string { return strconv.FormatInt(etag, 10) }
