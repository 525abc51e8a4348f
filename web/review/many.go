package review

import (
	"strconv"
	"strings"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// maxMany is how many submissions are decided about at once, inclusive.
const maxMany = 500

// manyView lists what was not changed, because someone else did.
type manyView struct {
	Changed   string
	Conflicts []row
	Back      string
}

// reviewMany sets the state of the submissions that were ticked.
func (a *area) reviewMany(r *page.Request) error {
	form, err := r.ReadForm("review.many")
	if err != nil {
		return err
	}
	back := page.Path("/rounds/{round}/submissions", "round", r.Round.ID)
	if to := form.Raw("to"); page.LocalPath(to) && strings.HasPrefix(to, back) {
		back = to
	}
	to := collection.State(form.Choice("state", texts(collection.States), page.Required))
	comment := form.Text("comment", page.Max(maxComment), page.Lines)
	items := a.ticked(r, form)
	if form.Bad() {
		return a.listAgain(r, form, back)
	}
	changed, conflicts, err := a.house.Collection.ReviewMany(r.Context(), r.By, items, to, comment)
	if err != nil {
		return err
	}
	if len(conflicts) == 0 {
		r.Flash("review.many.done", "n", changed)
		return r.Redirect(back)
	}
	k, err := a.looks.of(r.Context(), r.Round)
	if err != nil {
		return err
	}
	v := manyView{Changed: r.Text("review.many.done", "n", changed), Back: back}
	for _, id := range conflicts {
		s, err := a.house.Collection.Submission(r.Context(), id)
		if err != nil {
			return err
		}
		v.Conflicts = append(v.Conflicts, a.row(r, k, s, &filter{}))
	}
	return r.Render(409, "review/many", v)
}

// ticked reads the checkboxes. A submission of another round is as if it were not
// there.
func (a *area) ticked(r *page.Request, form *page.Form) []collection.Reviewed {
	values := form.Values("item")
	if len(values) == 0 {
		form.Wrong("item", "review.many.none")
		return nil
	}
	if len(values) > maxMany {
		form.Wrong("item", "review.many.most", "max", maxMany)
		return nil
	}
	var items []collection.Reviewed
	seen := map[ids.ID]bool{}
	for _, v := range values {
		text, mark, _ := strings.Cut(v, ":")
		id, err := ids.Parse(text)
		etag, err2 := strconv.ParseInt(mark, 10, 64)
		if err != nil || err2 != nil || id == 0 {
			form.Wrong("item", "review.many.none")
			return nil
		}
		s, err := a.house.Collection.Submission(r.Context(), id)
		if err != nil || s.Round != r.Round.ID {
			form.Wrong("item", "review.many.gone")
			return nil
		}
		if !seen[id] {
			seen[id] = true
			items = append(items, collection.Reviewed{ID: id, Etag: etag})
		}
	}
	return items
}

// listAgain shows the list that the form was on, with what is wrong.
func (a *area) listAgain(r *page.Request, form *page.Form, back string) error {
	_, query, _ := strings.Cut(back, "?")
	at := *r.URL
	at.RawQuery = query
	was := r.URL
	r.URL = &at
	defer func() { r.URL = was }()
	f, k, err := a.filtered(r)
	if err != nil {
		return err
	}
	return a.showList(r, f, k, form)
}
