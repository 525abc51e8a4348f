package matter

import (
	"waymark/trust/access"
	"waymark/web/page"
)

// Mine leads to the only network in which somebody may do an action, to a page below it
// such as "/cases", or returns links to choose from: then it has not answered.
func (k *Kit) Mine(r *page.Request, a access.Action, below string) (choose []page.Link, answered bool, err error) {
	all, err := k.Store.ListNetworks(r.Context())
	if err != nil {
		return nil, false, err
	}
	for _, n := range all {
		p, err := r.House.Collection.Programme(r.Context(), n.Programme)
		if err != nil {
			return nil, false, err
		}
		if r.MayOn(a, access.Resource{Programme: p.ID, Demo: p.Demo}) {
			choose = append(choose, page.Link{Text: p.Name, Href: page.Path("/programmes/{programme}", "programme", p.ID) + below})
		}
	}
	switch len(choose) {
	case 0:
		return nil, false, page.NotFound()
	case 1:
		return nil, true, r.Redirect(choose[0].Href)
	}
	return choose, false, nil
}
