package casework

import (
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// seen is a case as somebody sees it, with what pages of it need.
type seen struct {
	*referral.File
	standing referral.Standing
	network  *referral.Network
	rules    *rule.Pathway
	today    rule.Date
	who      referral.Who
}

// open reads the case of the address, and keeps of it what the person may see.
func (a *area) open(r *page.Request) (*seen, error) {
	h := matter.At(r)
	f, err := a.Open(r)
	if err != nil {
		return nil, err
	}
	r.Crumb(r.Text("casework.nav"), page.Path("/programmes/{programme}/cases", "programme", f.Network))
	r.Crumb(f.Reference(), path(f.ID))
	return &seen{File: f, standing: h.Standing, network: h.Network, rules: h.Pathway, who: a.Who(r),
		today: h.Pathway.Today(h.Network.Nation, a.house.Now())}, nil
}

// do carries a change out, and takes what is wrong with it onto the form. saved is
// false if the form must be shown again.
func (a *area) do(r *page.Request, f *page.Form, c *referral.Change, err error) (saved bool, _ error) {
	if _, err = a.Do(r, c, err); err == nil {
		return true, nil
	}
	return false, f.Take(err)
}

func path(id ids.ID) string { return page.Path("/cases/{matter}", "matter", id) }

func partPath(m, p ids.ID) string {
	return page.Path("/cases/{matter}/parts/{part}", "matter", m, "part", p)
}

// midnight is the start of a civil date, which a part's Due holds in UTC.
func midnight(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// late says that the last day of a date, kept as its start in UTC, is over.
func late(due, now time.Time) bool { return !now.Before(due.AddDate(0, 0, 1)) }

func expired(m *referral.Matter, now time.Time) bool {
	return !m.KeepUntil.IsZero() && !now.Before(m.KeepUntil)
}

// agencies are the names of the network's agencies, and the agencies.
func (a *area) agencies(r *page.Request) (map[ids.ID]string, []*referral.Agency, error) {
	list, err := a.Store.Agencies(r.Context(), matter.At(r).Network.Programme)
	names := map[ids.ID]string{}
	for _, x := range list {
		names[x.ID] = x.Name
	}
	return names, list, err
}
