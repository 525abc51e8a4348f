package retention

import (
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const dateWords = "retention.form"

// datePage is what the page of a round's date shows.
type datePage struct {
	Form  *page.Form
	Clash *page.Clash
	Back  string
}

func renderDate(r *page.Request, status int, v datePage) error {
	v.Back = roundPath(r.Round.ID)
	r.Crumb(r.Text("retention.nav"), v.Back)
	return r.Render(status, "retention/date", v)
}

func date(r *page.Request) error {
	if !r.Round.Live() {
		return page.NotFound()
	}
	f := r.NewForm(dateWords)
	f.SetDate("retain", r.Round.Retain)
	f.SetEtag(r.Round.Etag)
	return renderDate(r, 200, datePage{Form: f})
}

func datePost(r *page.Request) error {
	f, err := r.ReadForm(dateWords)
	if err != nil {
		return err
	}
	if !r.Round.Live() {
		return page.NotFound()
	}
	one := *r.Round
	one.Etag, one.Retain = f.Etag(), f.Date("retain")
	if !f.Bad() {
		_ = f.Take(collection.CheckRetain(&one, one.Retain, today(r))) // faults of kind Invalid alone
	}
	if f.Bad() {
		return renderDate(r, 422, datePage{Form: f})
	}
	err = r.House.Collection.PutRound(r.Context(), r.By, &one)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		now, err := r.House.Collection.Round(r.Context(), one.ID)
		if err != nil {
			return err
		}
		c := &page.Clash{}
		c.Add(r.Text("retention.date"), until(r, now), until(r, &one))
		f.SetEtag(now.Etag)
		r.Round = now // what else was changed stays as it is now
		return renderDate(r, 409, datePage{Form: f, Clash: c})
	}
	if err != nil {
		return err
	}
	r.Flash("retention.date.saved")
	return r.Redirect(roundPath(r.Round.ID))
}
