package main

import (
	"context"
	"os"
	"time"

	"waymark/forms/openrosa"
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/handover"
	"waymark/referral/handover/post"
	"waymark/referral/rule"
	"waymark/web/casework"
	"waymark/web/concern"
	"waymark/web/desk"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/refer"
)

// pathways are the rules of the program, and those of folders that the settings name,
// which replace one of the same id.
func (c *serveConfig) pathways() ([]*rule.Pathway, error) {
	builtin, err := rule.Builtin()
	if err != nil {
		return nil, err
	}
	all := map[string]*rule.Pathway{}
	for id, p := range builtin {
		all[id] = p
	}
	for _, dir := range c.Referral.Rules {
		p, err := rule.Load(os.DirFS(dir))
		if err != nil {
			return nil, fault.InFile(err, dir)
		}
		all[p.ID] = p
	}
	list := make([]*rule.Pathway, 0, len(all))
	for _, p := range all {
		list = append(list, p)
	}
	return list, nil
}

// tokenDigest is how links of organisations are stored.
func (s *site) tokenDigest() (func(token string) []byte, error) {
	secret, err := s.house.secret("referral")
	kit := &matter.Kit{Options: matter.Options{Secret: secret}}
	return func(token string) []byte { return kit.Digest(matter.LinkKind, token) }, err
}

// referralAreas are the pages of concerns, referrals and cases.
func (s *site) referralAreas(h *page.House, stop <-chan struct{}) ([]page.Area, error) {
	rules, err := s.settings.pathways()
	if err != nil {
		return nil, err
	}
	secret, err := s.house.secret("referral")
	if err != nil {
		return nil, err
	}
	db := s.house.db.Referral()
	kit, err := matter.New(matter.Options{House: h, Store: db, Library: referral.NewLibrary(db, rules...), Secret: secret})
	if err != nil {
		return nil, err
	}
	return []page.Area{
		matter.Area(),
		concern.Area(kit),
		desk.Area(desk.Options{Kit: kit, QR: openrosa.QR, Stop: stop}),
		casework.Area(h, kit),
		refer.Area(kit, s.referOptions()),
	}, nil
}

// deliverJob brings packages to the authority's service. It is asked for when one
// was queued.
const deliverJob = "deliveries"

func (s *site) referOptions() refer.Options {
	a := s.settings.Referral.Service
	if a == nil {
		return refer.Options{}
	}
	return refer.Options{Service: a.Pathway, Start: func(ctx context.Context) error { return s.jobs.Ask(ctx, deliverJob) }}
}

// deliveries does a round of the outbox. What a service does not take now waits there:
// that is no failure of the round.
func (s *site) deliveries(a *authorityConfig) (func(context.Context) error, error) {
	sender, err := post.New(post.Options{URL: a.URL, TokenFile: a.TokenFile})
	if err != nil {
		return nil, fault.InFile(err, s.settings.file)
	}
	rules, err := s.settings.pathways()
	if err != nil {
		return nil, err
	}
	db := s.house.db.Referral()
	d := handover.Delivery{Store: db, Library: referral.NewLibrary(db, rules...), Sender: sender, Now: time.Now, Log: s.log}
	return func(ctx context.Context) error {
		_, err := d.Deliver(ctx)
		return err
	}, nil
}
