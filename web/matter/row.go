package matter

import (
	"waymark/referral"
	"waymark/web/page"
)

// Path is the address of a matter's page.
func Path(m *referral.Matter) string {
	if m.Kind == referral.Concern {
		return page.Path("/concerns/{matter}", "matter", m.ID)
	}
	return page.Path("/cases/{matter}", "matter", m.ID)
}

// Reference is a matter as the first cell of a row: what people call it, which tells
// nothing, and the signs that stand in clear.
func Reference(r *page.Request, m *referral.Matter, href string) page.Cell {
	c := page.Cell{Text: m.Reference(), Href: href}
	if m.Urgent {
		c.Tags = append(c.Tags, page.Tag{Text: r.Text("matter.urgent"), Colour: "red"})
	}
	if m.Child {
		c.Tags = append(c.Tags, page.Tag{Text: r.Text("matter.child"), Colour: "purple"})
	}
	if m.Restricted {
		c.Tags = append(c.Tags, page.Tag{Text: r.Text("matter.restricted"), Colour: "orange"})
	}
	return c
}

var stateColours = map[referral.State]string{
	referral.Begun: "grey", referral.Received: "red", referral.Seen: "blue", referral.Asked: "yellow", referral.Decided: "green",
	referral.Draft: "blue", referral.Ready: "yellow", referral.Sent: "green", referral.Closed: "grey", referral.Erased: "grey",
}

// State is the state of a matter as a tag, with the result behind it.
func State(r *page.Request, m *referral.Matter) page.Cell {
	c := page.Cell{Tags: []page.Tag{{Text: r.Text("matter.state." + string(m.State)), Colour: stateColours[m.State]}}}
	if m.Result != "" {
		c.Note = r.Text("matter.result." + string(m.Result))
	}
	return c
}
