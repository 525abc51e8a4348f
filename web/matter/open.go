package matter

import (
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/page"
)

// Who is the person of a request at work now. A frontline worker has no agency.
func (k *Kit) Who(r *page.Request) referral.Who {
	w := referral.Who{By: r.By, At: k.House.Now()}
	if h := At(r); h != nil {
		w.Agency = h.Standing.Of
	}
	return w
}

// Open decrypts the matter at hand and leaves out what is not the reader's to see.
// The reading stands in the audit.
func (k *Kit) Open(r *page.Request) (*referral.File, error) {
	h := At(r)
	action := access.CaseRead
	if h.Matter.Kind == referral.Concern {
		action = access.ConcernRead
	}
	f, err := k.Store.Open(r.Context(), r.By, h.Matter.ID, string(action))
	if err != nil {
		return nil, err
	}
	// The desk of a concern sees all of it, and so does whoever looks at an example.
	f.Show(h.Standing, h.Matter.Kind == referral.Concern && h.Standing.Agency || r.Resource.Demo)
	return f, nil
}

// Do carries out a change. It takes what a function of package referral returned.
func (k *Kit) Do(r *page.Request, c *referral.Change, err error) (ids.ID, error) {
	if err != nil {
		return 0, err
	}
	return k.Store.Do(r.Context(), c)
}
