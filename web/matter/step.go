package matter

import (
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/web/page"
)

// StepView is one line of a matter's history.
type StepView struct {
	Title  string
	When   page.Cell
	By     string
	Reason string
}

// Steps is what was done to a matter, the newest first, with reasons. names are of
// accounts, see Names.
func (k *Kit) Steps(r *page.Request, f *referral.File, names map[ids.ID]string) ([]StepView, error) {
	var all []StepView
	for _, p := range f.Of(referral.PartStep) {
		var s referral.Step
		if err := p.Decode(&s); err != nil {
			return nil, err
		}
		v := StepView{Title: r.Text("matter.verb." + string(s.Verb)), When: r.Moment(s.At), Reason: s.Reason, By: names[p.By]}
		if s.Result != "" {
			v.Title = r.Text("matter.verb.result", "verb", v.Title, "result", r.Text("matter.result."+string(s.Result)))
		}
		if p.By == 0 && f.Kind == referral.Concern {
			v.By = r.Text("matter.worker")
		}
		all = append([]StepView{v}, all...)
	}
	return all, nil
}

// Names are the names of the people of a network, by account.
func (k *Kit) Names(r *page.Request) (map[ids.ID]string, error) {
	people, err := k.House.Accounts.Accounts(r.Context(), At(r).Network.Programme)
	if err != nil {
		return nil, err
	}
	names := map[ids.ID]string{}
	for _, a := range people {
		names[a.ID] = a.Name
	}
	return names, nil
}

// Agencies are the agencies of the network, by ID.
func (k *Kit) Agencies(r *page.Request) (map[ids.ID]*referral.Agency, error) {
	all, err := k.Store.Agencies(r.Context(), At(r).Network.Programme)
	if err != nil {
		return nil, err
	}
	by := map[ids.ID]*referral.Agency{}
	for _, a := range all {
		by[a.ID] = a
	}
	return by, nil
}
