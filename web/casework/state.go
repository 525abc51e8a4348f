package casework

import (
	"slices"

	"waymark/referral"
	"waymark/web/page"
)

// statePage asks for a reason, and where a case is closed for a result.
type statePage struct {
	Form    *page.Form
	Verb    string
	Back    string
	Results bool
}

// byHand are the verbs of the page of a state; the others have pages of their own.
var byHand = []referral.Verb{referral.Close, referral.Reopen, referral.Restrict, referral.Lift}

func (a *area) verbOf(r *page.Request) (*seen, referral.Verb, error) {
	v := referral.Verb(r.PathValue("verb"))
	if !slices.Contains(byHand, v) {
		return nil, "", page.NotFound()
	}
	s, err := a.open(r)
	if err != nil {
		return nil, "", err
	}
	if !s.Can(v) {
		return nil, "", page.NotFound()
	}
	return s, v, nil
}

func (a *area) renderState(r *page.Request, status int, s *seen, v referral.Verb, f *page.Form) error {
	f.Choices("result", results()...)
	return r.Render(status, "casework/state", statePage{Form: f, Verb: string(v), Back: page.Path(path(s.ID), "view", "rights"), Results: v == referral.Close})
}

func results() []string {
	list := make([]string, len(referral.Closings))
	for i, x := range referral.Closings {
		list[i] = string(x)
	}
	return list
}

func (a *area) state(r *page.Request) error {
	s, v, err := a.verbOf(r)
	if err != nil {
		return err
	}
	return a.renderState(r, 200, s, v, r.NewForm("casework.close"))
}

func (a *area) statePost(r *page.Request) error {
	s, v, err := a.verbOf(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.close")
	if err != nil {
		return err
	}
	reason := f.Text("reason", page.Required, page.Max(4000), page.Lines)
	result := ""
	if v == referral.Close {
		result = f.Choice("result", results(), page.Required)
	}
	if !f.Bad() {
		var c *referral.Change
		switch v {
		case referral.Close:
			c, err = s.Closing(s.rules, s.network, referral.Result(result), reason, s.who)
		case referral.Reopen:
			if c, err = s.Reopen(reason, s.who); err == nil && c.Matter.State == referral.Draft {
				c.Matter.KeepUntil, err = s.Keep(s.rules, s.network.Nation, referral.KeepDraft, s.who.At)
			}
		case referral.Restrict:
			c, err = s.Restrict(reason, s.who)
		case referral.Lift:
			c, err = s.Lift(reason, s.who)
		}
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderState(r, 422, s, v, f)
	}
	r.Flash("casework.done." + string(v))
	return r.Redirect(path(s.ID))
}
