package matter

import (
	"strings"
	"time"

	"waymark/referral/clock"
	"waymark/referral/rule"
	"waymark/web/page"
)

// Calendar knows the working days of the network's nation.
func (h *Here) Calendar() (*clock.Calendar, error) {
	return clock.CalendarOf(h.Pathway, h.Nation().ID)
}

// Clocks is a table of clocks as they stand: date, what is left, the rule behind it
// and how its date came about. Clocks that wait for their start are left out.
func Clocks(r *page.Request, caption string, all []clock.Reading) page.Table {
	p := At(r).Pathway
	t := page.Table{Caption: caption, Head: []page.Head{{Text: r.Text("matter.clock")}, {Text: r.Text("matter.clock.date")},
		{Text: r.Text("matter.clock.left")}, {Text: r.Text("matter.clock.rule")}},
		Empty: page.Empty{Title: r.Text("matter.clock.none"), Text: r.Text("matter.clock.none.text")}}
	for i := range all {
		c := &all[i]
		if c.State == clock.Waiting {
			continue
		}
		name := Say(r, c.Rule.Title).Cell()
		name.Note = r.Text("matter.clock." + string(c.Rule.Sort))
		source := page.Cell{Text: Say(r, c.Rule.Text).Text, Lang: Say(r, c.Rule.Text).Lang,
			Note: Cite(p, c.Rule.Cite), Tags: []page.Tag{Checked(r, &c.Rule.Rule)}}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{name, date(r, c), Left(r, c), source}})
	}
	return t
}

func date(r *page.Request, c *clock.Reading) page.Cell {
	cell := page.Cell{Text: "–"}
	switch {
	case !c.DueAt.IsZero():
		cell = r.Moment(c.DueAt)
	case !c.Due.IsZero():
		cell = page.Cell{Text: r.Words().Date(c.Due.String())}
	}
	if c.AtLeast {
		cell.Note = r.Text("matter.clock.open")
	}
	return cell
}

// Left is how a clock stands, as a cell: days left, late, met.
func Left(r *page.Request, c *clock.Reading) page.Cell {
	switch c.State {
	case clock.Met:
		return page.Cell{Tags: []page.Tag{{Text: r.Text("matter.clock.met"), Colour: "green"}}}
	case clock.Missed:
		return page.Cell{Tags: []page.Tag{{Text: r.Text("matter.clock.missed"), Colour: "red"}}}
	case clock.Ended:
		return page.Cell{Tags: []page.Tag{{Text: r.Text("matter.clock.ended"), Colour: "grey"}}}
	}
	cell := page.Cell{}
	switch {
	case c.Due.IsZero() || c.AtLeast:
		cell.Text = r.Text("matter.clock.gone", "n", c.DaysGone)
	case c.DaysLeft < 0 && c.Rule.Sort == rule.Minimum:
		cell.Tags = []page.Tag{{Text: r.Text("matter.clock.over"), Colour: "grey"}}
	case c.DaysLeft < 0:
		colour := "red"
		if c.Target() {
			colour = "orange"
		}
		cell.Tags = []page.Tag{{Text: r.Text("matter.clock.late", "n", -c.DaysLeft), Colour: colour}}
	case c.DaysLeft == 0:
		cell.Tags = []page.Tag{{Text: r.Text("matter.clock.today"), Colour: "orange"}}
	default:
		cell.Text = r.Text("matter.clock.days", "n", c.DaysLeft)
	}
	if c.State == clock.Paused {
		cell.Tags = append(cell.Tags, page.Tag{Text: r.Text("matter.clock.paused"), Colour: "grey"})
	}
	if c.Err != nil {
		cell.Note = r.Text("matter.clock.unsure")
	}
	return cell
}

// How says step by step how a clock came to its date.
func How(r *page.Request, c *clock.Reading) []string {
	var lines []string
	for _, s := range c.Steps {
		var pairs []any
		for k, v := range s.Args {
			name := k
			if k == "dayOne" {
				name = "day_one" // a variable of words has small letters
			}
			pairs = append(pairs, name, argument(r, k, v))
		}
		lines = append(lines, r.Text("matter.how."+s.Code, pairs...))
	}
	return lines
}

// argument is an argument of a step as people read it.
func argument(r *page.Request, name, v string) string {
	p := At(r).Pathway
	switch name {
	case "date", "dates", "from", "until":
		days := strings.Split(v, ", ")
		for i, d := range days {
			if _, err := time.Parse(time.DateOnly, d); err == nil {
				days[i] = r.Words().Date(d)
			}
		}
		return r.Words().Join(days...)
	case "event", "events":
		names := strings.Split(v, ", ")
		for i, id := range names {
			names[i] = eventName(r, p, id)
		}
		return r.Words().Join(names...)
	case "unit":
		return r.Text("matter.unit." + v)
	case "dayOne":
		return r.Text("matter.day-one." + v)
	}
	return v
}

// EventName is what the rules call something that happened.
func EventName(r *page.Request, id string) string { return eventName(r, At(r).Pathway, id) }

func eventName(r *page.Request, p *rule.Pathway, id string) string {
	for _, e := range p.Events {
		if e.ID == id {
			return Say(r, e.Title).Text
		}
	}
	return id
}
