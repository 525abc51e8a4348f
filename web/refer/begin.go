package refer

import (
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/web/matter"
	"waymark/web/page"
)

// begin asks before a case is made: one person, one referral.
func (a *area) begin(r *page.Request) error {
	h := matter.At(r)
	lines := []string{r.Text("refer.begin.one"), r.Text("refer.begin.kept")}
	if h.Pathway.Illustrative {
		lines = append([]string{r.Text("refer.illustrative")}, lines...)
	}
	return r.Confirm(page.Confirm{Title: r.Text("refer.begin.title"), Lines: lines, Action: r.URL.Path, Button: r.Text("refer.begin.button"),
		Cancel: page.Path("/programmes/{programme}/cases", "programme", h.Network.Programme)})
}

func (a *area) beginPost(r *page.Request) error {
	if _, err := r.ReadForm("refer.begin"); err != nil {
		return err
	}
	h := matter.At(r)
	agency, err := a.Store.Agency(r.Context(), h.Standing.Of)
	if err != nil {
		return err
	}
	if agency.Closed {
		return fault.New(fault.Denied, fault.Place{}, "this agency has left the network", "ask the coordinator")
	}
	who := a.Who(r)
	keep, err := (&referral.File{}).Keep(h.Pathway, h.Network.Nation, referral.KeepDraft, who.At)
	if err != nil {
		return err
	}
	var id ids.ID
	c, err := referral.NewCase(referral.Starter{Network: h.Network, Agency: agency, Rules: h.Pathway, Keep: keep}, who)
	if id, err = a.Do(r, c, err); err != nil {
		return err
	}
	return r.Redirect(page.Path(at, "matter", id))
}
