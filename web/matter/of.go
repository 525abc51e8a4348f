package matter

import (
	"context"
	"net/http"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/page"
)

// Here is what a route of referral is about.
type Here struct {
	Network *referral.Network
	// Pathway that applies: to the matter, or in the network now.
	Pathway *rule.Pathway
	// Matter is nil on pages of a network or a link.
	Matter *referral.Matter
	// Standing of who asks; outside a matter only Of is set.
	Standing referral.Standing
	// Link and its Token, on pages of a link.
	Link  *referral.Link
	Token string
}

// At is what the route is about. It is nil where no Of of the kit was.
func At(r *page.Request) *Here {
	h, _ := r.Found.(*Here)
	return h
}

// Nation is the network's nation in its rules.
func (h *Here) Nation() *rule.Nation {
	if n := h.Pathway.Nation(h.Network.Nation); n != nil {
		return n
	}
	return h.Pathway.Nations[0] // a pathway without nations does not load
}

// Zone is where the network's days begin and end.
func (h *Here) Zone() *time.Location {
	if zone, err := time.LoadLocation(h.Nation().Zone); err == nil {
		return zone
	}
	return time.UTC // a zone that the system does not know does not load
}

// OfMatter reads {matter}, which must be of the kind. A concern that was not handed
// over yet is nobody's to see.
func (k *Kit) OfMatter(kind referral.Kind) page.Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := page.PathID(r, "matter")
		if err != nil {
			return access.Resource{}, err
		}
		m, err := k.Store.Matter(ctx, id)
		if err != nil {
			return access.Resource{}, err
		}
		if m.Kind != kind || m.State == referral.Begun {
			return access.Resource{}, page.NotFound()
		}
		h, p, err := k.network(ctx, m.Network, m)
		if err != nil {
			return access.Resource{}, err
		}
		res := access.Resource{Programme: p.ID, Demo: p.Demo, Proposer: m.EraseAsked, Restricted: m.Restricted}
		h.Matter = m
		if who := page.Asking(ctx).Account; who != 0 {
			if h.Standing, err = k.Store.Standing(ctx, m, who, k.House.Now()); err != nil {
				return access.Resource{}, err
			}
			s := h.Standing
			res.Assigned, res.Agency, res.Shared, res.Glass = s.Assigned, s.Agency, len(s.Shared) > 0, s.Glass
		}
		k.settle(ctx, h, p)
		return res, nil
	}
}

// OfNetwork reads {programme}, which must be a network.
func (k *Kit) OfNetwork() page.Of { return k.ofNetwork(true) }

// OfSettings is OfNetwork for pages that tell of no matter: they have titles.
func (k *Kit) OfSettings() page.Of { return k.ofNetwork(false) }

func (k *Kit) ofNetwork(safe bool) page.Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := page.PathID(r, "programme")
		if err != nil {
			return access.Resource{}, err
		}
		h, p, err := k.network(ctx, id, nil)
		if err != nil {
			return access.Resource{}, err
		}
		if who := page.Asking(ctx).Account; who != 0 {
			if h.Standing.Of, err = k.Store.AgencyOf(ctx, id, who); err != nil {
				return access.Resource{}, err
			}
		}
		if safe {
			k.settle(ctx, h, p)
		} else {
			page.Place(ctx, p, nil)
			page.Find(ctx, h)
		}
		return access.Resource{Programme: p.ID, Demo: p.Demo}, nil
	}
}

// mostToken bounds what is looked up, in bytes.
const mostToken = 100

// OfLink reads {token}, which must be that of a link that is not revoked.
func (k *Kit) OfLink() page.Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		token := r.PathValue("token")
		if token == "" || len(token) > mostToken {
			return access.Resource{}, page.NotFound()
		}
		l, err := k.Store.LinkByToken(ctx, k.Digest(LinkKind, token))
		if err != nil {
			return access.Resource{}, err
		}
		h, p, err := k.network(ctx, l.Network, nil)
		if err != nil {
			return access.Resource{}, err
		}
		h.Link, h.Token = l, token
		k.settle(ctx, h, p)
		return access.Resource{Programme: p.ID, Demo: p.Demo, Link: true}, nil
	}
}

// network reads a network with the rules that apply.
func (k *Kit) network(ctx context.Context, id ids.ID, m *referral.Matter) (*Here, *collection.Programme, error) {
	n, err := k.Store.Network(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	p, err := k.House.Collection.Programme(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	h := &Here{Network: n}
	h.Pathway, err = k.Pathway(ctx, n, m)
	return h, p, err
}

// settle tells the page where it is and makes it safe.
func (k *Kit) settle(ctx context.Context, h *Here, p *collection.Programme) {
	page.Place(ctx, p, nil)
	page.Find(ctx, h)
	page.KeepSafe(ctx, page.Safe{Danger: h.Pathway.Emergency.Text, Number: h.Pathway.Emergency.Number})
}
