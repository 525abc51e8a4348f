// Package demo fills a network with made-up agencies, concerns and cases, so that
// people can look around before they begin. Nobody in it exists, and everything that
// is shown says so.
//
// It writes through the functions of referral, as pages do, and knows no database.
package demo

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/trust/audit"
)

// Options say where the example goes. All are Required.
type Options struct {
	Store   referral.Store
	Rules   *rule.Pathway // of the United Kingdom
	Network ids.ID        // a programme with synthetic data
	By      audit.Actor
	Now     time.Time
	// Digest is how a link's token is stored.
	Digest func(token string) []byte
}

// Fill makes the example once; where there is a network already it does nothing.
func Fill(ctx context.Context, o Options) error {
	_, err := o.Store.Network(ctx, o.Network)
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return err
	}
	f := &filling{Options: o, ctx: ctx, n: &referral.Network{Programme: o.Network, Pathway: o.Rules.ID, Nation: "england-wales", Version: o.Rules.Version, AcceptWithin: 2}}
	f.try(o.Store.KeepRules(ctx, o.Rules.Version, o.Rules.Bundle()))
	f.try(o.Store.PutNetwork(ctx, o.By, f.n))
	f.agencies()
	f.concerns()
	f.cases()
	return f.err
}

// linkName is the link by which people try the pages of frontline workers.
const linkName = "Example fire service (synthetic)"

// NewLink makes a link for frontline workers and ends those that it made before: a
// token is not kept, so that it cannot be shown again. It returns the token.
func NewLink(ctx context.Context, o Options) (token string, err error) {
	links, err := o.Store.Links(ctx, o.Network)
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if l.Name == linkName && l.Revoked.IsZero() {
			l.Revoked = o.Now
			if err := o.Store.PutLink(ctx, o.By, l, nil); err != nil {
				return "", err
			}
		}
	}
	agencies, err := o.Store.Agencies(ctx, o.Network)
	if err != nil {
		return "", err
	}
	for _, a := range agencies {
		if !a.Desk {
			continue
		}
		token = secret()
		return token, o.Store.PutLink(ctx, o.By, &referral.Link{Network: o.Network, Desk: a.ID, Name: linkName, Kind: "fire-and-rescue", Lang: "en", Made: o.Now}, o.Digest(token))
	}
	return "", fault.New(fault.NotFound, fault.Place{}, "the example has no desk", "")
}

func secret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// filling is an example that is being made; the first error ends it.
type filling struct {
	Options
	ctx                      context.Context
	n                        *referral.Network
	council, police, charity *referral.Agency
	fire, health, hous       *referral.Link
	err                      error
}

func (f *filling) try(err error) {
	if f.err == nil {
		f.err = err
	}
}

func (f *filling) who(a *referral.Agency, ago time.Duration) referral.Who {
	w := referral.Who{By: f.By, At: f.Now.Add(-ago).UTC()}
	if a != nil {
		w.Agency = a.ID
	}
	return w
}

// do carries a change out and returns the matter as it is then.
func (f *filling) do(c *referral.Change, err error) *referral.File {
	f.try(err)
	if f.err != nil {
		return &referral.File{}
	}
	id, err := f.Store.Do(f.ctx, c)
	f.try(err)
	return f.open(id)
}

func (f *filling) open(id ids.ID) *referral.File {
	if f.err != nil {
		return &referral.File{}
	}
	file, err := f.Store.Open(f.ctx, f.By, id, "case.read")
	f.try(err)
	if err != nil {
		return &referral.File{}
	}
	return file
}

func (f *filling) agencies() {
	add := func(name, kind string, desk bool) *referral.Agency {
		a := &referral.Agency{Network: f.Network, Name: name + " (synthetic)", Kind: kind, Desk: desk, SeeWithin: 120, DeputyAfter: 60,
			Hours: referral.Hours{From: 8 * 60, To: 18 * 60, EveryDay: true}}
		f.try(f.Store.PutAgency(f.ctx, f.By, a))
		return a
	}
	f.council = add("Example council", "local-authority", true)
	f.police = add("Example police", "police", false)
	f.charity = add("Example charity", "charity", false)
	link := func(name, kind string) *referral.Link {
		l := &referral.Link{Network: f.Network, Desk: f.council.ID, Name: name + " (synthetic)", Kind: kind, Lang: "en", Made: f.Now}
		f.try(f.Store.PutLink(f.ctx, f.By, l, f.Digest(secret()))) // nobody knows the token: it only says where concerns came from
		return l
	}
	f.fire, f.health, f.hous = link("Example fire station", "fire-and-rescue"), link("Example hospital", "health"), link("Example housing office", "housing")
}

// concern is one that a frontline worker handed in some time ago.
func (f *filling) concern(l *referral.Link, ago time.Duration, answers rule.Answers) *referral.File {
	c, err := referral.NewConcern(l, f.Rules.Version, f.Now.Add(24*time.Hour), code(), f.who(nil, ago))
	file := f.do(c, err)
	if f.err != nil {
		return file
	}
	for _, q := range f.Rules.Concern.Asked(answers) { // what was passed over counts as seen
		if answers[q.ID] == nil && q.Kind != rule.Note {
			answers[q.ID] = []string{}
		}
	}
	c, _, err = file.SaveConcern(f.Rules.Concern, answers, f.who(nil, ago))
	file = f.do(c, err)
	if f.err != nil {
		return file
	}
	due, err := f.council.SeeBy(f.Rules, f.n.Nation, f.Now.Add(-ago))
	f.try(err)
	return f.do(file.HandIn(f.Rules, f.Rules.Today(f.n.Nation, f.Now), due, code(), f.who(nil, ago)))
}

// code is the digest of a code that nobody has.
func code() []byte {
	b := make([]byte, 32)
	rand.Read(b)
	return b
}

func (f *filling) concerns() {
	desk := f.council
	f.concern(f.fire, 12*time.Minute, rule.Answers{"danger": {"no"}, "age": {"adult"}, "people": {"few"},
		"signs-general": {"gen-not-free", "gen-fearful"}, "themes": {"work"}, "signs-work": {"lab-sleeps-there", "lab-no-pay"},
		"place": {"Example Car Wash, Example Road"}, "when": {"today"}, "still": {"there"},
		"words": {"Synthetic example: six mattresses behind the car wash, one door, no fire exit. Two men did not want to speak while the owner was near."},
		"told":  {"manager"}, "aware": {"no"}, "contact-name": {"Crew manager (synthetic)"}, "contact-phone": {"+44 7700 900123"}, "contact-when": {"Weekdays after 16:00"}})
	f.concern(f.health, 3*time.Hour, rule.Answers{"danger": {"unsure"}, "age": {"unsure"}, "people": {"one"},
		"signs-general": {"gen-answered-for", "gen-injury", "gen-script"}, "themes": {"crime"}, "signs-crime": {"crim-carry", "crim-phones"}, "signs-child": {"child-unrelated", "child-older"},
		"place": {"Example hospital, ward 3"}, "when": {"now"}, "still": {"there"},
		"words": {"Synthetic example: a young person with a cut hand. The story does not fit the wound, and an older man answers every question."}, "told": {"nobody"}, "aware": {"no"}})
	seen := f.concern(f.hous, 26*time.Hour, rule.Answers{"danger": {"no"}, "age": {"adult"}, "people": {"one"},
		"signs-general": {"gen-isolated"}, "themes": {"home"}, "signs-home": {"dom-all-hours", "dom-no-room", "dom-no-phone"},
		"words": {"Synthetic example: a woman who sleeps in the kitchen and never goes out alone."}, "when": {"week"}, "still": {"there"}})
	if f.err == nil {
		seen = f.do(seen.Take(f.who(desk, 25*time.Hour)))
	}
	if f.err == nil {
		f.do(seen.AskBack("Was anybody else in the flat when you were there?", f.who(desk, 24*time.Hour)))
	}
	done := f.concern(f.fire, 9*24*time.Hour, rule.Answers{"danger": {"no"}, "age": {"adult"}, "people": {"one"}, "signs-general": {"gen-few-things"}, "themes": {"none"},
		"words": {"Synthetic example: a man sleeps in his van beside a building site."}})
	if f.err != nil {
		return
	}
	done = f.do(done.Take(f.who(desk, 9*24*time.Hour-time.Hour)))
	if f.err != nil {
		return
	}
	keep, err := done.Keep(f.Rules, f.n.Nation, referral.KeepConcern, f.Now)
	f.try(err)
	f.do(done.Decide(referral.NoAction, "Synthetic example: he works there as he says, has his papers and his pay, and the van is his own choice.", keep, f.who(desk, 8*24*time.Hour)))
}
