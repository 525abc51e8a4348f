package audit

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
)

// perPage is how many entries a page of the log shows.
const perPage = 100

// view is what the page of the log shows.
type view struct {
	Form  *page.Form
	Table page.Table
	Pages page.Pagination
	// Filtered says that not all entries are asked for.
	Filtered bool
	// Clear leads to the log without a filter; Export is where one is asked for;
	// Checkpoints is "" on the pages of a programme.
	Clear, Export, Checkpoints string
}

// list shows the log, newest first, narrowed by the filter.
func (a *area) list(r *page.Request) error {
	form, f, query, err := filterOf(r)
	if err != nil {
		return err
	}
	base := baseOf(r)
	v := view{Form: form, Clear: base, Export: base + "/export", Filtered: len(query) > 0}
	if r.Programme == nil {
		v.Checkpoints = "/audit/checkpoints"
	}
	found := &audit.Page{}
	if !form.Bad() {
		if found, err = a.log.ListEntries(r.Context(), f); err != nil {
			return err
		}
	}
	if err := note(r, query); err != nil {
		return err
	}
	v.Table = page.Table{Caption: r.Text("audit.list.caption"), Quiet: true,
		Empty: page.Empty{Title: r.Text("audit.empty.title"), Text: r.Text("audit.empty.text")},
		Head: []page.Head{{Text: r.Text("audit.head.number")}, {Text: r.Text("audit.head.time")}, {Text: r.Text("audit.head.who")},
			{Text: r.Text("audit.head.what")}, {Text: r.Text("audit.head.subject")}, {Text: r.Text("audit.head.detail")}}}
	if v.Filtered {
		v.Table.Empty.Text = r.Text("audit.empty.filtered")
		v.Table.Empty.Actions = []page.Link{{Text: r.Text("audit.filter.clear"), Href: base}}
	}
	who := &names{r: r, accounts: map[ids.ID]string{}, programmes: map[ids.ID]string{}}
	for _, e := range found.Entries {
		v.Table.Rows = append(v.Table.Rows, who.row(e))
	}
	if n := len(found.Entries); n > 0 && found.More {
		v.Pages.Next = with(base, query, "before", strconv.FormatInt(found.Entries[n-1].Number, 10))
	}
	if f.Before > 0 {
		v.Pages.Previous = with(base, query, "", "")
	}
	status := 200
	if form.Bad() {
		status = 422
	}
	return r.Render(status, "audit/list", v)
}

// baseOf is the address of the log that the page is in.
func baseOf(r *page.Request) string {
	if r.Programme == nil {
		return "/audit"
	}
	return page.Path("/programmes/{programme}/audit", "programme", r.Programme.ID)
}

// with is the address of the log with a filter and one more value.
func with(base string, query url.Values, name, value string) string {
	q := url.Values{}
	for k, v := range query {
		q[k] = v
	}
	if name != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

// note writes into the log that it was read, and what it was narrowed by: names of
// fields, not their values.
func note(r *page.Request, query url.Values) error {
	e := audit.Entry{At: r.House.Now().UTC(), Actor: r.By, Action: string(access.AuditRead), Programme: r.Resource.Programme}
	if len(query) > 0 {
		fields := make([]string, 0, len(query))
		for k := range query {
			fields = append(fields, k)
		}
		slices.Sort(fields)
		e.Detail = map[string]string{"filter": strings.Join(fields, ".")}
	}
	return r.House.Accounts.Note(r.Context(), e)
}

// filterOf reads the filter of the address. The query holds what was taken, without
// the place in the list.
func filterOf(r *page.Request) (*page.Form, audit.Filter, url.Values, error) {
	form, err := r.ReadQuery("audit.filter")
	if err != nil {
		return nil, audit.Filter{}, nil, err
	}
	f := audit.Filter{Programme: r.Resource.Programme, Limit: perPage}
	query := url.Values{}
	take := func(name, v string) string {
		if v != "" {
			query.Set(name, v)
		}
		return v
	}
	offer(r, form)
	if v := take("action", form.Choice("action", actions())); v != "" {
		f.Actions = []string{v}
	}
	if v := take("kind", form.Choice("kind", kinds)); v != "" {
		f.Actor.Kind = audit.ActorKind(v)
	}
	if v := take("actor", form.Text("actor", page.Max(20))); v != "" {
		id, err := ids.Parse(v)
		if err != nil || id == 0 {
			form.Wrong("actor", "audit.filter.actor.wrong")
		}
		f.Actor.ID = id
		if f.Actor.Kind == "" {
			f.Actor.Kind = audit.Account
		}
	}
	f.Subject = take("subject", form.Text("subject", page.Max(80)))
	zone := r.House.Zone
	if v := take("from", form.Date("from")); v != "" {
		f.From = day(v, zone)
	}
	if v := take("to", form.Date("to")); v != "" {
		f.To = day(v, zone).AddDate(0, 0, 1)
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		form.Wrong("to", "audit.filter.to.before")
	}
	if n, ok := form.Whole("before", page.Between(0, 1<<53)); ok {
		f.Before = int64(n)
	}
	return form, f, query, nil
}

func day(iso string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, iso, zone)
	if err != nil {
		return time.Time{} // Form.Date has checked it
	}
	return t
}

var kinds = []string{string(audit.Account), string(audit.Enumerator), string(audit.System), string(audit.Visitor)}

// actions are those that a filter offers: of requests, and of what is no request.
func actions() []string {
	all := []string{audit.KeyDestroyed, audit.Restored, audit.BackedUp, audit.Exported}
	for _, a := range access.Actions {
		if a != access.Public && a != access.Home {
			all = append(all, string(a))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// offer fills in what may be chosen.
func offer(r *page.Request, form *page.Form) {
	all := page.Option{Text: r.Text("audit.filter.any")}
	options := []page.Option{all}
	for _, a := range actions() {
		options = append(options, page.Option{Value: a, Text: actionText(r, a)})
	}
	form.SetOptions("action", options)
	form.SetOptions("kind", append([]page.Option{all}, form.Choices("kind", kinds...)...))
}
