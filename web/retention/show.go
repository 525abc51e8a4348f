package retention

import (
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

func today(r *page.Request) string {
	return r.House.Now().In(r.House.Zone).Format(time.DateOnly)
}

var stateColours = map[collection.RetentionState]string{collection.RetentionUnset: "grey", collection.RetentionFar: "green",
	collection.RetentionSoon: "yellow", collection.RetentionDue: "red", collection.RetentionDone: "grey"}

var stageColours = map[collection.DeletionStage]string{collection.DeletionProposed: "yellow", collection.DeletionRefused: "grey",
	collection.DeletionApproved: "orange", collection.DeletionDone: "green"}

func stateTag(r *page.Request, one *collection.Round) page.Tag {
	s := one.Retention(today(r))
	return page.Tag{Text: r.Text("retention.state." + string(s)), Colour: stateColours[s]}
}

func stageTag(r *page.Request, d *collection.Deletion) page.Tag {
	s := d.Stage()
	return page.Tag{Text: r.Text("retention.stage." + string(s)), Colour: stageColours[s]}
}

// until is the day that answers are kept until.
func until(r *page.Request, one *collection.Round) string {
	if one.Retain == "" {
		return r.Text("retention.date.none")
	}
	return r.Words().Date(one.Retain)
}

// overview lists the rounds of a programme by their dates, and what waits.
func overview(r *page.Request) error {
	ctx, c := r.Context(), r.House.Collection
	rounds, err := c.ListRounds(ctx, r.Programme.ID)
	if err != nil {
		return err
	}
	pending, err := c.PendingDeletions(ctx, r.Programme.ID)
	if err != nil {
		return err
	}
	names, err := people(r)
	if err != nil {
		return err
	}
	v := struct {
		Warn    page.Table
		Pending page.Table
		Rounds  page.Table
	}{Warn: table(r, "retention.warn"), Pending: pendingTable(r), Rounds: table(r, "retention.rounds")}
	byID := map[string]*collection.Round{}
	for _, one := range rounds {
		byID[one.ID.String()] = one
		row := page.Row{Cells: []page.Cell{{Text: one.Name, Href: roundPath(one.ID)}, {Text: until(r, one)}, {Tags: []page.Tag{stateTag(r, one)}}}}
		v.Rounds.Rows = append(v.Rounds.Rows, row)
		if s := one.Retention(today(r)); s == collection.RetentionSoon || s == collection.RetentionDue {
			v.Warn.Rows = append(v.Warn.Rows, row)
		}
	}
	for _, d := range pending {
		if one := byID[d.Round.String()]; one != nil {
			v.Pending.Rows = append(v.Pending.Rows, page.Row{Cells: []page.Cell{{Text: one.Name, Href: roundPath(one.ID)},
				{Text: r.Words().Moment(d.Proposed), Note: or(names[d.Proposer], "–")}, {Tags: []page.Tag{stageTag(r, d)}}}})
		}
	}
	v.Rounds.Empty = page.Empty{Title: r.Text("retention.rounds.empty.title"), Text: r.Text("retention.rounds.empty.text"),
		Actions: []page.Link{{Text: r.Text("retention.rounds.empty.link"), Href: page.Path("/programmes/{programme}", "programme", r.Programme.ID)}}}
	return r.Render(200, "retention/overview", v)
}

func table(r *page.Request, caption string) page.Table {
	return page.Table{Caption: r.Text(caption), Head: []page.Head{{Text: r.Text("retention.round")}, {Text: r.Text("retention.date")}, {Text: r.Text("retention.state")}}}
}

func pendingTable(r *page.Request) page.Table {
	return page.Table{Caption: r.Text("retention.pending"), Head: []page.Head{{Text: r.Text("retention.round")}, {Text: r.Text("retention.proposed")}, {Text: r.Text("retention.stage")}}}
}

// showPage is what the page of a round's retention shows.
type showPage struct {
	Round     *collection.Round
	State     page.Tag
	About     page.Summary
	Notice    *page.Notice
	Proposals []proposal
	Propose   string // path, "" if it cannot be proposed now
	Why       string // why not
}

// proposal is one, with what the person may do about it.
type proposal struct {
	Tag     page.Tag
	Reason  string
	Facts   page.Summary
	Actions []page.Link
	Own     bool // it waits for another person
}

// show is the page of a round's retention.
func show(r *page.Request) error {
	list, err := r.House.Collection.ListDeletions(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	names, err := people(r)
	if err != nil {
		return err
	}
	v := showPage{Round: r.Round, State: stateTag(r, r.Round), Notice: notice(r)}
	set := r.May(access.RetentionPropose)
	row := page.SummaryRow{Key: r.Text("retention.date"), Value: page.Cell{Text: until(r, r.Round)}}
	if set && r.Round.Live() {
		row.Actions = []page.Link{{Text: r.Text("page.change"), Href: roundPath(r.Round.ID) + "/date", Hidden: r.Text("retention.date")}}
	}
	v.About.Rows = []page.SummaryRow{row}
	waiting := false
	for _, d := range list {
		s := d.Stage()
		waiting = waiting || s == collection.DeletionProposed || s == collection.DeletionApproved
		v.Proposals = append(v.Proposals, proposalOf(r, d, names))
	}
	switch {
	case !set || !r.Round.Live() || waiting:
	case r.Round.State != collection.Closed:
		v.Why = r.Text("retention.propose.open")
	default:
		v.Propose = roundPath(r.Round.ID) + "/propose"
	}
	return r.Render(200, "retention/show", v)
}

// notice warns of a date that is near or has passed.
func notice(r *page.Request) *page.Notice {
	switch r.Round.Retention(today(r)) {
	case collection.RetentionSoon:
		return &page.Notice{Kind: "warning", Text: r.Text("retention.notice.soon", "days", collection.DaysUntil(today(r), r.Round.Retain), "day", until(r, r.Round))}
	case collection.RetentionDue:
		return &page.Notice{Kind: "warning", Text: r.Text("retention.notice.due", "day", until(r, r.Round))}
	}
	return nil
}

func proposalOf(r *page.Request, d *collection.Deletion, names map[ids.ID]string) proposal {
	w := r.Words()
	p := proposal{Tag: stageTag(r, d), Reason: d.Reason}
	row := func(key, text string) {
		p.Facts.Rows = append(p.Facts.Rows, page.SummaryRow{Key: r.Text(key), Value: page.Cell{Text: text}})
	}
	row("retention.proposed", w.Join(w.Moment(d.Proposed), or(names[d.Proposer], "–")))
	if !d.Decided.IsZero() {
		row("retention.decided", w.Join(w.Moment(d.Decided), or(names[d.Approver], "–")))
	}
	if !d.Done.IsZero() {
		row("retention.done", w.Moment(d.Done))
	}
	switch d.Stage() {
	case collection.DeletionProposed:
		if mayDecide(r, d) {
			p.Actions = []page.Link{{Text: r.Text("retention.approve"), Href: pathOf(d) + "/approve"}, {Text: r.Text("retention.refuse"), Href: pathOf(d) + "/refuse"}}
		} else {
			p.Own = r.Principal.Account == d.Proposer
		}
	case collection.DeletionApproved:
		if mayDecide(r, d) {
			p.Actions = []page.Link{{Text: r.Text("retention.go-on"), Href: pathOf(d) + "/go-on"}}
		}
	case collection.DeletionDone:
		p.Actions = []page.Link{{Text: r.Text("retention.proof"), Href: pathOf(d) + "/proof"}}
	}
	return p
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
