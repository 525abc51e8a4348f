package review

import (
	"net/url"
	"slices"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// filter is what the list is narrowed to, as typed and as the store takes it.
type filter struct {
	Form *page.Form
	collection.Filter
	// query holds what was taken, for links that keep it.
	query url.Values
}

// filtered reads the filter of an address, with what there is to choose from.
func (a *area) filtered(r *page.Request) (*filter, *looked, error) {
	k, err := a.looks.of(r.Context(), r.Round)
	if err != nil {
		return nil, nil, err
	}
	f, err := parseFilter(r, k)
	return f, k, err
}

// parseFilter reads the filter of an address. A value that is not offered marks its
// field and does not restrict.
func parseFilter(r *page.Request, k *looked) (*filter, error) {
	form, err := r.ReadQuery("review.filter")
	if err != nil {
		return nil, err
	}
	f := &filter{Form: form, Filter: collection.Filter{Round: r.Round.ID}, query: url.Values{}}
	f.offer(r, k)
	for _, s := range form.ChoiceMany("state", texts(collection.States)) {
		f.States = append(f.States, collection.State(s))
		f.query.Add("state", s)
	}
	if v := f.pick("point"); v != "" {
		f.Points = []string{v}
	}
	if v := f.pick("route"); v != "" {
		f.Routes = []string{v}
	}
	if v := f.pick("enumerator"); v != "" {
		f.Enumerators = f.identified(v)
	}
	if v := f.pick("version"); v != "" {
		f.Versions = f.identified(v)
	}
	f.Worst = collection.Severity(f.pick("worst"))
	if f.Rule = form.Text("rule", page.Max(100)); f.Rule != "" {
		f.query.Set("rule", f.Rule)
	}
	if f.From = form.Date("from"); f.From != "" {
		f.query.Set("from", f.From)
	}
	if f.To = form.Date("to"); f.To != "" {
		f.query.Set("to", f.To)
	}
	if f.From != "" && f.To != "" && f.From > f.To {
		form.Wrong("to", "review.filter.to.before")
	}
	if f.Alike = form.Checked("alike"); f.Alike {
		f.query.Set("alike", "yes")
	}
	if f.Text = form.Text("text", page.Max(80)); f.Text != "" {
		f.query.Set("text", f.Text)
	}
	return f, nil
}

// offer fills in what may be chosen.
func (f *filter) offer(r *page.Request, k *looked) {
	form := f.Form
	all := page.Option{Text: r.Text("review.filter.any")}
	form.Choices("state", texts(collection.States)...)
	points, routes, people, versions := []page.Option{all}, []page.Option{all}, []page.Option{all}, []page.Option{all}
	for _, p := range k.points {
		points = append(points, page.Option{Value: p.Code, Text: k.pointName(p.Code)})
	}
	for _, p := range r.Round.Routes {
		routes = append(routes, page.Option{Value: p.Code, Text: k.routeName(p.Code)})
	}
	named := r.May("enumerator.view")
	for _, e := range k.enumerators {
		people = append(people, page.Option{Value: e.ID.String(), Text: k.enumeratorName(e.ID, named)})
	}
	for _, v := range k.versions {
		if !v.Published.IsZero() {
			versions = append(versions, page.Option{Value: v.ID.String(), Text: k.versionName(v.ID)})
		}
	}
	worst := append([]page.Option{all}, form.Choices("worst", "error", "warning", "note")...)
	for name, options := range map[string][]page.Option{"point": points, "route": routes, "enumerator": people, "version": versions, "worst": worst} {
		form.SetOptions(name, options)
	}
}

// pick reads one of the values that are offered.
func (f *filter) pick(name string) string {
	field, err := f.Form.Field(name)
	if err != nil {
		return ""
	}
	var offered []string
	for _, o := range field.Options {
		if o.Value != "" {
			offered = append(offered, o.Value)
		}
	}
	v := f.Form.Choice(name, offered)
	if v != "" {
		f.query.Set(name, v)
	}
	return v
}

func (f *filter) identified(text string) []ids.ID {
	id, err := ids.Parse(text)
	if err != nil {
		return nil
	}
	return []ids.ID{id}
}

// Narrow tells whether anything is asked for beyond the round.
func (f *filter) Narrow() bool { return len(f.query) > 0 }

// More tells whether one of the filters that are folded away is used.
func (f *filter) More() bool {
	for _, name := range []string{"rule", "version", "from", "to", "alike", "route"} {
		if f.query.Has(name) {
			return true
		}
	}
	return slices.ContainsFunc(f.Form.Faults(), func(x page.FormFault) bool { return x.Field != "text" })
}

// path is an address that keeps the filter, with further pairs.
func (f *filter) path(at string, pairs ...string) string {
	q := url.Values{}
	for name, values := range f.query {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
			continue
		}
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return at
	}
	return at + "?" + q.Encode()
}

// Path is an address that keeps the filter, for templates.
func (f *filter) Path(at string) string { return f.path(at) }

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
