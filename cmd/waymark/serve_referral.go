package main

import (
	"os"

	"waymark/forms/openrosa"
	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/casework"
	"waymark/web/concern"
	"waymark/web/desk"
	"waymark/web/matter"
	"waymark/web/page"
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
	}, nil
}
