package retention

import (
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// proposePage is what the page of a proposal shows.
type proposePage struct {
	Form  *page.Form
	Round *collection.Round
	Back  string
}

func renderPropose(r *page.Request, status int, f *page.Form) error {
	back := roundPath(r.Round.ID)
	r.Crumb(r.Text("retention.nav"), back)
	return r.Render(status, "retention/propose", proposePage{Form: f, Round: r.Round, Back: back})
}

func propose(r *page.Request) error {
	list, err := r.House.Collection.ListDeletions(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	if collection.CheckProposal(r.Round, &collection.Deletion{Reason: "-"}, list) != nil {
		return r.Redirect(roundPath(r.Round.ID)) // the page says why not
	}
	return renderPropose(r, 200, r.NewForm(dateWords))
}

func proposePost(r *page.Request) error {
	f, err := r.ReadForm(dateWords)
	if err != nil {
		return err
	}
	ctx, c := r.Context(), r.House.Collection
	list, err := c.ListDeletions(ctx, r.Round.ID)
	if err != nil {
		return err
	}
	d := &collection.Deletion{Round: r.Round.ID, Proposed: r.House.Now(), Proposer: r.By.ID, Reason: collection.CleanLines(f.Raw("reason"))}
	_ = f.Take(collection.CheckProposal(r.Round, d, list)) // faults of kind Invalid alone
	if !f.Bad() {
		if err := c.ProposeDeletion(ctx, r.By, d); err != nil {
			if err := f.Take(err); err != nil {
				return err
			}
		}
	}
	if f.Bad() {
		return renderPropose(r, 422, f)
	}
	r.Flash("retention.propose.done")
	return r.Redirect(roundPath(r.Round.ID))
}

// approve asks before everything that was answered in the round is destroyed.
func approve(r *page.Request) error {
	d, err := find(r)
	if err != nil {
		return err
	}
	if d.Stage() != collection.DeletionProposed {
		return r.Redirect(roundPath(r.Round.ID)) // decided meanwhile: the page says so
	}
	return askApprove(r, d, r.NewForm("retention.approve"))
}

func askApprove(r *page.Request, d *collection.Deletion, f *page.Form) error {
	sure, err := f.Field("sure")
	if err != nil {
		return err
	}
	sure.Type = "checkbox"
	r.Crumb(r.Text("retention.nav"), roundPath(r.Round.ID))
	return r.Confirm(page.Confirm{Title: r.Text("retention.approve.title", "name", r.Round.Name),
		Lines:  []string{r.Text("retention.approve.reason", "reason", d.Reason), r.Text("retention.approve.what"), r.Text("retention.approve.kept"), r.Text("retention.approve.backups")},
		Action: pathOf(d) + "/approve", Button: r.Text("retention.approve.button"), Dangerous: true, Cancel: roundPath(r.Round.ID), Form: f, Fields: []page.Field{*sure}})
}

func (a *area) approvePost(r *page.Request) error {
	f, err := r.ReadForm("retention.approve")
	if err != nil {
		return err
	}
	d, err := find(r)
	if err != nil {
		return err
	}
	if !f.Checked("sure", page.Required) {
		return askApprove(r, d, f)
	}
	done, err := decide(r, d, true)
	if err != nil || !done {
		return err
	}
	return a.carryOut(r, d)
}

// decide stores a decision. done is false if another person's came first, and the
// answer is given.
func decide(r *page.Request, d *collection.Deletion, approved bool) (done bool, err error) {
	err = r.House.Collection.DecideDeletion(r.Context(), r.By, d.ID, approved, r.House.Now())
	if err != nil && fault.KindOf(err) == fault.Conflict {
		r.Flash("retention.decided.already")
		return false, r.Redirect(roundPath(d.Round))
	}
	return err == nil, err
}

// carryOut deletes. If it breaks off, the page of the round offers to go on.
func (a *area) carryOut(r *page.Request, d *collection.Deletion) error {
	if err := a.Start(r.Context(), r.By, d.ID); err != nil {
		return err
	}
	r.Flash("retention.approve.done")
	return r.Redirect(roundPath(d.Round))
}

func refuse(r *page.Request) error {
	d, err := find(r)
	if err != nil {
		return err
	}
	if d.Stage() != collection.DeletionProposed {
		return r.Redirect(roundPath(r.Round.ID))
	}
	r.Crumb(r.Text("retention.nav"), roundPath(r.Round.ID))
	return r.Confirm(page.Confirm{Title: r.Text("retention.refuse.title", "name", r.Round.Name),
		Lines:  []string{r.Text("retention.approve.reason", "reason", d.Reason), r.Text("retention.refuse.what")},
		Action: pathOf(d) + "/refuse", Button: r.Text("retention.refuse"), Cancel: roundPath(r.Round.ID)})
}

func refusePost(r *page.Request) error {
	d, err := find(r)
	if err != nil {
		return err
	}
	done, err := decide(r, d, false)
	if err != nil || !done {
		return err
	}
	r.Flash("retention.refuse.done")
	return r.Redirect(roundPath(d.Round))
}

// goOn asks before a deletion that broke off is carried on.
func goOn(r *page.Request) error {
	d, err := find(r)
	if err != nil {
		return err
	}
	if d.Stage() != collection.DeletionApproved {
		return r.Redirect(roundPath(r.Round.ID))
	}
	r.Crumb(r.Text("retention.nav"), roundPath(r.Round.ID))
	return r.Confirm(page.Confirm{Title: r.Text("retention.go-on"), Lines: []string{r.Text("retention.go-on.what")},
		Action: pathOf(d) + "/go-on", Button: r.Text("retention.go-on"), Dangerous: true, Cancel: roundPath(r.Round.ID)})
}

func (a *area) goOnPost(r *page.Request) error {
	d, err := find(r)
	if err != nil {
		return err
	}
	if d.Stage() != collection.DeletionApproved {
		return r.Redirect(roundPath(r.Round.ID))
	}
	return a.carryOut(r, d)
}
