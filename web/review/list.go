package review

import (
	"slices"
	"strconv"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// pageRows is how many submissions a page of the list has.
const pageRows = 50

// listView is what the list shows. It holds no answers.
type listView struct {
	Filter *filter
	Tabs   page.Tabs
	Rows   []row
	Total  string
	Pages  page.Pagination
	Empty  page.Empty
	// Newest is the submission after which news counts; Here comes back to this
	// page of the list.
	Newest        ids.ID
	News, Refresh string
	Here          string
	// Review lets the person decide about many at once; Form is its form.
	Review bool
	Form   *page.Form
	// Versions tells that the round has several versions to tell apart.
	Versions bool
	States   []page.Option
}

// row is one submission.
type row struct {
	*collection.Submission
	Href       string
	Received   page.Time
	Point      string
	Route      string
	Enumerator string
	// EnumeratorName is for those who may see it.
	EnumeratorName string
	Version        string
	State          page.Tag
	Tags           []page.Tag
	Twin           string // address of the comparison with a near-duplicate
	// Item is what a checkbox sends: the submission as it was seen.
	Item string
}

func (a *area) list(r *page.Request) error {
	f, k, err := a.filtered(r)
	if err != nil {
		return err
	}
	return a.showList(r, f, k, r.NewForm("review.many"))
}

// showList answers with a page of the list. many is the form of the decision about
// several.
func (a *area) showList(r *page.Request, f *filter, k *looked, many *page.Form) error {
	v := &listView{Filter: f, Review: r.May(access.SubmissionReview), Form: many, Versions: len(k.versions) > 1}
	before, err := f.turn(r)
	if err != nil {
		return err
	}
	got, err := a.house.Collection.ListSubmissions(r.Context(), f.Filter)
	if err != nil {
		return err
	}
	rows := got.Rows
	if before {
		slices.Reverse(rows)
	}
	base := page.Path("/rounds/{round}/submissions", "round", r.Round.ID)
	if len(rows) > 0 {
		if before && got.More || !before && f.After != 0 {
			v.Pages.Previous = f.path(base, "before", rows[0].ID.String())
		}
		if before || got.More {
			v.Pages.Next = f.path(base, "after", rows[len(rows)-1].ID.String())
		}
	}
	for _, s := range rows {
		v.Rows = append(v.Rows, a.row(r, k, s, f))
	}
	if got.Total >= 0 {
		v.Total = r.Text("review.list.total", "n", got.Total)
	}
	if v.Newest, err = a.house.Collection.Newest(r.Context(), r.Round.ID); err != nil {
		return err
	}
	v.News = page.Path("/rounds/{round}/submissions/news", "round", r.Round.ID, "after", v.Newest)
	if v.Newest == 0 {
		v.News = page.Path("/rounds/{round}/submissions/news", "round", r.Round.ID)
	}
	v.Refresh, v.Here = f.path(base), f.path(base, "after", r.URL.Query().Get("after"), "before", r.URL.Query().Get("before"))
	if v.Tabs, err = a.stateTabs(r, f, base); err != nil {
		return err
	}
	v.States = append([]page.Option{{Text: r.Text("review.many.state.choose")}}, many.Choices("state", texts(collection.States)...)...)
	v.Empty = a.emptyList(r, f, base)
	status := 200
	if f.Form.Bad() || many.Bad() {
		status = 422
	}
	return r.Render(status, "review/list", v)
}

// turn sets which page of the list is asked for: the one behind ?after=, or the one
// before ?before=, which is read from the old end and turned around.
func (f *filter) turn(r *page.Request) (before bool, err error) {
	f.Limit = pageRows
	q := r.URL.Query()
	for _, name := range []string{"after", "before"} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		id, err := ids.Parse(text)
		if err != nil {
			return false, page.NotFound()
		}
		f.After, f.OldestFirst = id, name == "before"
		return f.OldestFirst, nil
	}
	return false, nil
}

func (a *area) row(r *page.Request, k *looked, s *collection.Submission, f *filter) row {
	out := row{Submission: s, Received: received(r, s.Received, !r.May(access.SubmissionRead)), Point: k.pointName(s.Point), Route: k.routeName(s.Route),
		Enumerator: k.enumeratorName(s.Enumerator, false), Version: k.versionName(s.Version),
		State: stateTag(r, s.State), Tags: findingTags(r, s), Item: s.ID.String() + ":" + strconv.FormatInt(s.Etag, 10)}
	if out.Enumerator == "" && s.Sender != 0 {
		out.Enumerator = r.Text("review.sender.page")
	}
	if e := k.enumerator[s.Enumerator]; e != nil && r.May(access.EnumeratorView) {
		out.EnumeratorName = e.Name
	}
	out.Href = a.recordPath(r, s.ID, "")
	if out.Href != "" {
		out.Href = f.path(out.Href)
	}
	if s.Similar != 0 {
		out.Twin = a.recordPath(r, s.ID, "/similar/"+s.Similar.String())
	}
	return out
}

// recordPath is the address of a submission, or of a page below it, for what this
// person may read; "" if that is nothing.
func (a *area) recordPath(r *page.Request, id ids.ID, below string) string {
	at := page.Path("/submissions/{submission}", "submission", id)
	switch {
	case r.May(access.SubmissionRead):
		return at + below
	case r.May(access.SubmissionReadPseudonymous):
		return at + "/pseudonymous" + below
	}
	return ""
}

func stateTag(r *page.Request, s collection.State) page.Tag {
	return page.Tag{Text: r.Text("review.state." + string(s)), Colour: page.StateColour(string(s))}
}

// findingTags are the counts of findings and what else is to be known of a
// submission at a glance.
func findingTags(r *page.Request, s *collection.Submission) []page.Tag {
	var tags []page.Tag
	add := func(key, colour string, args ...any) {
		tags = append(tags, page.Tag{Text: r.Text(key, args...), Colour: colour})
	}
	if s.Errors > 0 {
		add("review.count.error", "red", "n", s.Errors)
	}
	if s.Warnings > 0 {
		add("review.count.warning", "orange", "n", s.Warnings)
	}
	if s.Notes > 0 {
		add("review.count.note", "blue", "n", s.Notes)
	}
	if !s.Checked {
		add("review.flag.unchecked", "grey")
	}
	if s.Unreadable {
		add("review.flag.unreadable", "red")
	}
	if !s.Complete {
		add("review.flag.incomplete", "yellow")
	}
	if s.Revision > 1 {
		add("review.flag.edited", "purple", "n", s.Revision-1)
	}
	return tags
}

// stateTabs are the states with their counts in the round. Each narrows the list to
// its state and keeps what else it is narrowed to.
func (a *area) stateTabs(r *page.Request, f *filter, base string) (page.Tabs, error) {
	tabs := page.Tabs{Label: r.Text("review.tabs")}
	all, known := 0, true
	var links []page.Link
	for _, s := range collection.States {
		got, err := a.house.Collection.ListSubmissions(r.Context(), collection.Filter{Round: r.Round.ID, States: []collection.State{s}, Limit: 1})
		if err != nil {
			return tabs, err
		}
		link := page.Link{Text: r.Text("review.state." + string(s)), Href: f.path(base, "state", string(s)), Current: slices.Equal(f.States, []collection.State{s})}
		if got.Total >= 0 {
			link.Count = r.Words().Whole(got.Total)
			all += got.Total
		} else {
			known = false
		}
		links = append(links, link)
	}
	first := page.Link{Text: r.Text("review.tabs.all"), Href: f.path(base, "state", ""), Current: len(f.States) == 0}
	if known {
		first.Count = r.Words().Whole(all)
	}
	tabs.Links = append([]page.Link{first}, links...)
	return tabs, nil
}

// emptyList says what to do next where there is nothing.
func (a *area) emptyList(r *page.Request, f *filter, base string) page.Empty {
	if f.Narrow() || f.After != 0 {
		return page.Empty{Title: r.Text("review.empty.filter.title"), Text: r.Text("review.empty.filter.text"),
			Actions: []page.Link{{Text: r.Text("review.empty.filter.action"), Href: base}}}
	}
	e := page.Empty{Title: r.Text("review.empty.title"), Text: r.Text("review.empty.text")}
	if r.May(access.EnumeratorView) {
		e.Actions = append(e.Actions, page.Link{Text: r.Text("review.empty.enumerators"), Href: page.Path("/rounds/{round}/enumerators", "round", r.Round.ID)})
	}
	return e
}
