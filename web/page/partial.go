package page

import "time"

// Link is a link with its text.
type Link struct {
	Text, Href string
	// Hidden is said to screen readers behind Text: "Change" + "name". Default "".
	Hidden  string
	Current bool
	// Count is shown behind the text; Default nothing.
	Count string
}

// Crumb is one breadcrumb.
type Crumb struct{ Text, Href string }

// Tag is a coloured word for a state. Colour is one of "grey", "green", "teal",
// "blue", "purple", "magenta", "red", "orange", "yellow"; never the only sign.
type Tag struct{ Text, Colour string }

// Empty is what a page shows where there is nothing yet: what this is, and what to
// do next. Partial "part/empty".
type Empty struct {
	Title, Text string
	// Actions are shown as buttons. Default none.
	Actions []Link
}

// Table is a table that becomes a list of cards on a narrow screen. Partial
// "part/table".
type Table struct {
	// Caption is Required: screen readers name the table by it.
	Caption string
	// Quiet hides the caption from the eye.
	Quiet bool
	Head  []Head
	Rows  []Row
	// Empty is shown in place of a table without rows. Required.
	Empty Empty
}

// Head is the head of a column.
type Head struct {
	Text string
	// Number sets the column to the end, with figures of one width.
	Number bool
	// Href sorts by the column; Sorted is "ascending", "descending" or "".
	Href, Sorted string
}

// Row is a row of a table. Its first cell names it.
type Row struct{ Cells []Cell }

// Cell is what a cell or a value shows: parts that are empty are left out.
type Cell struct {
	Text string
	// Href makes the text a link.
	Href string
	Tags []Tag
	// Note is smaller, below the text.
	Note string
	// Time is shown as day and time of day, with the machine's form beside it: use
	// Moment to fill it.
	Time Time
	// Links stand behind everything.
	Links []Link
	// Lang marks text that is not in the page's language. Default "".
	Lang string
}

// Time is a moment as shown and as machines read it.
type Time struct{ Text, ISO string }

// Tab is one of several views of a thing; each is a page. Partial "part/tabs" takes
// Tabs.
type Tabs struct {
	// Label names the tabs for screen readers. Required.
	Label string
	Links []Link
}

// Pagination leads to the pages before and behind. Partial "part/pagination".
type Pagination struct{ Previous, Next string }

// Summary is a list of names and values. Partial "part/summary".
type Summary struct{ Rows []SummaryRow }

// SummaryRow is one name and value, with what can be done about it.
type SummaryRow struct {
	Key     string
	Value   Cell
	Actions []Link
}

// Details is text that opens. Partial "part/details".
type Details struct {
	Summary string
	Lines   []string
}

// Notice is a message in a box. Partial "part/notice".
type Notice struct {
	// Kind is "success", "information" or "warning". Default "information".
	Kind  string
	Title string
	Text  string
	Links []Link
}

// Confirm asks before something is done. Page "page/confirm" shows it: fill it and
// call Request.Confirm.
type Confirm struct {
	Title string
	// Lines say what will happen, in short sentences.
	Lines []string
	// Action is where the confirmation is posted; Button is its text. Required.
	Action, Button string
	// Dangerous paints the button red. For what cannot be undone.
	Dangerous bool
	// Cancel is where "Cancel" leads. Required.
	Cancel string
	// Hidden are fields to send along.
	Hidden map[string]string
	// Form holds further fields to fill in, in this order, or nil.
	Form   *Form
	Fields []Field
}

// Confirm shows a page that asks before something is done.
func (r *Request) Confirm(c Confirm) error {
	status := 200
	if c.Form != nil && c.Form.Bad() {
		status = 422
	}
	return r.Render(status, "page/confirm", c)
}

// StateColour is the colour of a state's tag, the same on every page. Unknown
// states are grey.
func StateColour(state string) string {
	return stateColours[state]
}

var stateColours = map[string]string{
	"received": "blue", "has-issues": "orange", "approved": "green", "rejected": "red",
	"preparing": "grey", "open": "green", "closing": "yellow", "closed": "grey", "deleted": "red",
	"draft": "grey", "published": "green",
	"invited": "blue", "active": "green", "suspended": "red", "revoked": "red",
	"error": "red", "warning": "orange", "note": "blue",
}

// Moment is a cell with a time.
func (r *Request) Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{Text: "–"}
	}
	return Cell{Time: Time{Text: r.Words().Moment(t), ISO: t.UTC().Format(time.RFC3339)}}
}
