package review

import (
	"maps"
	"slices"

	"waymark/trust/access"
	"waymark/web/page"
)

// historyView is what the audit says of one submission, newest first.
type historyView struct {
	*seen
	Table page.Table
}

// history shows who read, changed and decided. It shows no answers.
func (a *area) history(r *page.Request) error {
	s, err := a.open(r, !r.May(access.SubmissionRead))
	if err != nil {
		return err
	}
	entries, err := a.house.Collection.History(r.Context(), s.ID)
	if err != nil {
		return err
	}
	v := &historyView{seen: s, Table: page.Table{Caption: r.Text("review.history.caption"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("review.history.when")}, {Text: r.Text("review.history.who")}, {Text: r.Text("review.history.what")}, {Text: r.Text("review.history.entry"), Number: true}},
		Empty: page.Empty{Title: r.Text("review.history.none")}}}
	for _, e := range slices.Backward(entries) {
		what := page.Cell{Text: e.Action}
		if key := "review.action." + e.Action; r.Words().Has(key) {
			what.Text = r.Text(key)
		}
		for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
			if what.Note != "" {
				what.Note += " · "
			}
			said := name
			if key := "review.detail." + name; r.Words().Has(key) {
				said = r.Text(key)
			}
			what.Note += said + ": " + a.detail(r, e.Detail[name])
		}
		v.Table.Rows = append(v.Table.Rows, page.Row{Cells: []page.Cell{{Time: moment(r, e.At)}, {Text: s.names.actor(e.Actor)}, what, {Text: r.Words().Whole(int(e.Number))}}})
	}
	r.Crumb(r.Text("review.record.title", "id", s.ID), s.base)
	return r.Render(200, "review/history", v)
}

// detail says a state, yes or no in words; every other detail is a code.
func (a *area) detail(r *page.Request, value string) string {
	for _, key := range []string{"review.state." + value, "review." + value} {
		if r.Words().Has(key) {
			return r.Text(key)
		}
	}
	return value
}
