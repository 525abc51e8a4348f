package rule

// Organisation is a kind of organisation, or a named one, and what the law
// lets and makes it do. May refer and must notify are two different things.
type Organisation struct {
	Rule  `rule:",inline"`
	Kind  string `rule:"kind,required"` // police, local-authority, health ...
	Title Text   `rule:"title,required"`
	// Refer: it is a first responder and may send the national referral.
	Refer bool `rule:"refer"`
	// Notify: it must notify the authority of a suspected victim.
	Notify bool `rule:"notify"`
	// NotifyCite is the source of that duty, needed where Notify is true.
	NotifyCite *Cite `rule:"notifyCite"`
}

// Organisation returns an organisation by its id, or nil.
func (p *Pathway) Organisation(id string) *Organisation {
	for _, o := range p.Organisations {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// MayRefer says whether an organisation, by its id or its kind, is a first
// responder in a nation.
func (p *Pathway) MayRefer(organisation, nation string) bool {
	return p.organisation(organisation, nation, func(o *Organisation) bool { return o.Refer })
}

// MustNotify says whether the duty to notify binds an organisation, by its id
// or its kind, in a nation.
func (p *Pathway) MustNotify(organisation, nation string) bool {
	return p.organisation(organisation, nation, func(o *Organisation) bool { return o.Notify })
}

func (p *Pathway) organisation(id, nation string, has func(*Organisation) bool) bool {
	for _, o := range p.Organisations {
		if (o.ID == id || o.Kind == id) && o.For(nation) && has(o) {
			return true
		}
	}
	return false
}
