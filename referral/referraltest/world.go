package referraltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/account/accounttest"
	"waymark/trust/audit"
)

// Now is when a world begins: a Wednesday, 10:00 in London, in winter.
var Now = time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)

// The programmes: the network of a world, another network, and one that is none.
const (
	Harbour ids.ID = 7001
	Upland  ids.ID = 7002
	Plain   ids.ID = 7003
)

// Token is what the fire service's link of a world ends in.
const Token = "synthetic-token-of-the-fire-service-0000000"

// Secret keys digests and cookies in tests.
var Secret = bytes.Repeat([]byte("s"), 32)

// World is a network of made-up agencies with their people. Nothing in it is real.
type World struct {
	*Memory
	Accounts   *accounttest.Memory
	Collection collection.Store

	// Council has the desk; Police and Charity take part; Fire comes by its link.
	// Far is the desk of the other network.
	Council, Police, Charity, Far *referral.Agency
	Fire                          *referral.Link

	// People, each with the roles that their names say. Contact and Deputy are of
	// the council's desk, Stranger is the contact of the other network's, Partner
	// works at the charity, Officer writes referrals for the police.
	Administrator, Coordinator, Contact, Deputy, Caseworker, Colleague,
	Officer, Partner, Stranger, Auditor *account.Account

	t  testing.TB
	at time.Time
}

// NewWorld makes one. digest is how the pages store the token of a link.
func NewWorld(t testing.TB, digest func(token string) []byte) *World {
	t.Helper()
	w := &World{t: t, at: Now, Accounts: accounttest.New(),
		Collection: programmes{list: []*collection.Programme{
			{ID: Harbour, Name: "Harbour network (synthetic)"}, {ID: Upland, Name: "Upland network (synthetic)"},
			{ID: Plain, Name: "Plain survey (synthetic)"}}}}
	if digest == nil {
		digest = func(token string) []byte { d := sha256.Sum256([]byte(token)); return d[:] }
	}
	w.Memory = NewMemory(w.Time)
	for _, n := range []ids.ID{Harbour, Upland} {
		w.must(w.PutNetwork(ctx, w.by(), &referral.Network{Programme: n, Pathway: "uk", Nation: "england-wales", AcceptWithin: 2}))
	}
	w.people()
	w.Council = w.agency(Harbour, "Harbour Council", "local-authority", true, w.Contact.ID, w.Deputy.ID)
	w.Police = w.agency(Harbour, "Harbour Police", "police", false, 0, 0)
	w.Charity = w.agency(Harbour, "Lantern Charity", "charity", false, 0, 0)
	w.Far = w.agency(Upland, "Upland Council", "local-authority", true, w.Stranger.ID, 0)
	for a, of := range map[*account.Account]*referral.Agency{w.Contact: w.Council, w.Deputy: w.Council,
		w.Caseworker: w.Council, w.Colleague: w.Council, w.Officer: w.Police, w.Partner: w.Charity, w.Stranger: w.Far} {
		w.must(w.SetMember(ctx, w.by(), of.Network, a.ID, of.ID))
	}
	w.Fire = &referral.Link{Network: Harbour, Desk: w.Council.ID, Name: "Harbour Fire and Rescue", Kind: "fire-and-rescue", Lang: "en"}
	w.must(w.PutLink(ctx, w.by(), w.Fire, digest(Token)))
	return w
}

var ctx = context.Background()

func (w *World) people() {
	of := func(name string, programme ids.ID, roles ...access.Role) *account.Account {
		a := &account.Account{ID: w.ids.New(), Name: name, Email: "a" + w.ids.New().String() + "@example.org", Lang: "en",
			State: account.Active, Created: Now, Password: "x"}
		for _, r := range roles {
			a.Members = append(a.Members, access.Membership{Programme: programme, Role: r})
		}
		w.must(w.Accounts.AddAccount(ctx, w.by(), a))
		return a
	}
	w.Administrator = of("Ada Synthetic", 0, access.Administrator)
	w.Coordinator = of("Bo Synthetic", Harbour, access.Coordinator)
	w.Contact = of("Cem Synthetic", Harbour, access.Contact)
	w.Deputy = of("Dia Synthetic", Harbour, access.Contact)
	w.Caseworker = of("Eli Synthetic", Harbour, access.Caseworker)
	w.Colleague = of("Fay Synthetic", Harbour, access.Caseworker)
	w.Officer = of("Gil Synthetic", Harbour, access.Responder)
	w.Partner = of("Hana Synthetic", Harbour, access.Partner)
	w.Stranger = of("Ivo Synthetic", Upland, access.Contact)
	w.Auditor = of("Jo Synthetic", Harbour, access.Auditor)
}

func (w *World) agency(network ids.ID, name, kind string, desk bool, contact, deputy ids.ID) *referral.Agency {
	a := &referral.Agency{Network: network, Name: name, Kind: kind, Desk: desk, Contact: contact, Deputy: deputy,
		DeputyAfter: 60, SeeWithin: 120, Hours: referral.Hours{From: 9 * 60, To: 17 * 60}}
	w.must(w.PutAgency(ctx, w.by(), a))
	return a
}

// Time is the world's clock. It stands still until Pass.
func (w *World) Time() time.Time { return w.at }

// Pass lets time go by.
func (w *World) Pass(d time.Duration) { w.at = w.at.Add(d) }

func (w *World) by() audit.Actor { return audit.Actor{Kind: audit.System, Via: "job"} }

func (w *World) must(err error) {
	if err != nil {
		w.t.Helper()
		w.t.Fatal(err)
	}
}

// Row reads a matter, or ends the test.
func (w *World) Row(id ids.ID) *referral.Matter {
	w.t.Helper()
	m, err := w.Matter(ctx, id)
	w.must(err)
	return m
}

// Whole reads a matter with all its parts, or ends the test.
func (w *World) Whole(id ids.ID) *referral.File {
	w.t.Helper()
	f, err := w.Open(ctx, w.by(), id, "test.read")
	w.must(err)
	return f
}

// Make carries out a change, or ends the test.
func (w *World) Make(c *referral.Change, err error) ids.ID {
	w.t.Helper()
	w.must(err)
	id, err := w.Do(ctx, c)
	w.must(err)
	return id
}

// Who is a person at work now, for the agency that they belong to in a network.
func (w *World) Who(a *account.Account, network ids.ID) referral.Who {
	agency, err := w.AgencyOf(ctx, network, a.ID)
	w.must(err)
	return referral.Who{By: audit.Actor{Kind: audit.Account, ID: a.ID, Via: "web"}, Agency: agency, At: w.at}
}

// programmes is a collection that has programmes and no rounds.
type programmes struct {
	collection.Store
	list []*collection.Programme
}

func (p programmes) ListProgrammes(context.Context) ([]*collection.Programme, error) {
	return p.list, nil
}

func (p programmes) ListRounds(context.Context, ids.ID) ([]*collection.Round, error) { return nil, nil }

func (p programmes) Programme(_ context.Context, id ids.ID) (*collection.Programme, error) {
	for _, one := range p.list {
		if one.ID == id {
			return one, nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such programme", "")
}
