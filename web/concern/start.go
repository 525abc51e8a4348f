package concern

import (
	"time"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/clock"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// startPage is what the first page shows.
type startPage struct {
	Organisation string
	Desk         string
	// Open says that this browser has begun a concern; Until is when it is erased.
	Open  bool
	Until page.Cell
	Here  string
}

// start says what this is, and offers to go on with what was begun here.
func (a *area) start(r *page.Request) error {
	d, err := a.desk(r)
	if err != nil {
		return err
	}
	v := startPage{Organisation: matter.At(r).Link.Name, Desk: d.Name, Here: of(r, "")}
	m, err := a.row(r)
	switch {
	case err == errNone:
	case err != nil:
		return err
	default:
		v.Open, v.Until = true, r.Moment(m.KeepUntil)
	}
	return r.Render(200, "concern/start", v)
}

// startPost begins. What was begun before is gone on with, or erased if the worker
// says so.
func (a *area) startPost(r *page.Request) error {
	f, err := r.ReadForm("concern.start")
	if err != nil {
		return err
	}
	m, err := a.row(r)
	switch {
	case err == errNone:
	case err != nil:
		return err
	case f.Raw("again") == "":
		return matter.Onward(r, of(r, ""))
	default:
		if err := a.store.Erase(r.Context(), r.By, m.ID); err != nil {
			return err
		}
	}
	h := matter.At(r)
	if err := a.slow.begin(h.Link.ID, r.RemoteAddr); err != nil {
		return err
	}
	until, err := keep(h, r.House.Now())
	if err != nil {
		return err
	}
	token := matter.NewToken()
	c, err := referral.NewConcern(h.Link, h.Pathway.Version, until, a.kit.Digest(string(referral.Resume), token), a.kit.Who(r))
	if _, err := a.kit.Do(r, c, err); err != nil {
		return err
	}
	setCookie(r, token, until.Sub(r.House.Now()))
	return matter.Onward(r, of(r, "/form"))
}

// keepDraft is how long a draft is kept where the rules do not say.
const keepDraft = 24 * time.Hour

// keep is until when what begins now is kept if it is not handed in.
func keep(h *matter.Here, now time.Time) (time.Time, error) {
	kept, err := clock.Keep(h.Pathway, h.Nation().ID, "frontline-draft", now, rule.Date{})
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return now.Add(keepDraft), nil
	}
	return kept.Until, err
}
