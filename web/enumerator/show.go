package enumerator

import (
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// show is the page of one person.
func show(r *page.Request) error {
	e, err := find(r)
	if err != nil {
		return err
	}
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	w := r.Words()
	row := func(key string, c page.Cell) page.SummaryRow { return page.SummaryRow{Key: r.Text(key), Value: c} }
	phone := page.Cell{Tags: []page.Tag{phoneTag(r, e)}, Note: r.Text("enumerator.phone." + string(e.Phone()) + ".what")}
	v := struct {
		Enumerator *collection.FieldEnumerator
		About      page.Summary
		Set, Code  bool
		New        bool // no code yet, or none that works
		Path       string
		Codes      string
	}{e, page.Summary{}, maySet(r), mayCode(r), e.Phone() == collection.PhoneNone || e.Phone() == collection.PhoneRevoked, pathOf(e),
		page.Path("/rounds/{round}/enumerators/codes", "round", r.Round.ID, "who", e.ID)}
	v.About.Rows = []page.SummaryRow{row("enumerator.form.code", page.Cell{Text: e.Code}), row("enumerator.form.name", page.Cell{Text: or(e.Name, "–")}),
		row("enumerator.form.points", page.Cell{Text: wherePeopleWork(r, pointCodes(e, collection.PointsByID(points)))}), row("enumerator.phone", phone)}
	if !e.Coded.IsZero() {
		v.About.Rows = append(v.About.Rows, row("enumerator.coded", page.Cell{Text: w.Moment(e.Coded)}))
	}
	v.About.Rows = append(v.About.Rows, row("enumerator.used", page.Cell{Text: w.Moment(e.Used), Note: r.Text("enumerator.used.hour")}))
	if !e.Revoked.IsZero() {
		v.About.Rows = append(v.About.Rows, row("enumerator.revoked", page.Cell{Text: w.Moment(e.Revoked)}))
	}
	if v.Set {
		v.About.Rows[0].Actions = []page.Link{{Text: r.Text("page.change"), Href: v.Path + "/change"}}
	}
	r.Crumb(r.Text("enumerator.title"), rootPath(r))
	return r.Render(200, "enumerator/show", v)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
