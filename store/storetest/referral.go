package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// Network is a small network of synthetic agencies.
type Network struct {
	referral.Store
	Home, Other              ids.ID
	Council, Police, Charity *referral.Agency
	Fire                     *referral.Link
	t                        testing.TB
}

// linkToken is the digest of the token of a network's link.
var linkToken = []byte("synthetic digest of a link's tok")

// NewNetwork makes one in a store, in two programmes of it.
func NewNetwork(t testing.TB, s referral.Store, home, other ids.ID) *Network {
	t.Helper()
	ctx := context.Background()
	n := &Network{Store: s, Home: home, Other: other, t: t}
	for _, p := range []ids.ID{home, other} {
		must(t, s.PutNetwork(ctx, Officer, &referral.Network{Programme: p, Pathway: "uk", Nation: "england-wales", AcceptWithin: 2}))
	}
	agency := func(name, kind string) *referral.Agency {
		a := &referral.Agency{Network: home, Name: name, Kind: kind, Desk: true, Contact: 31, Deputy: 32, DeputyAfter: 60, SeeWithin: 120,
			Hours: referral.Hours{From: 540, To: 1020, EveryDay: true}}
		must(t, s.PutAgency(ctx, Officer, a))
		return a
	}
	n.Council, n.Police, n.Charity = agency("Synthetic Council", "local-authority"), agency("Synthetic Police", "police"), agency("A Synthetic Charity", "charity")
	n.Fire = &referral.Link{Network: home, Desk: n.Council.ID, Name: "Synthetic Fire and Rescue", Kind: "fire-and-rescue", Lang: "en"}
	must(t, s.PutLink(ctx, Officer, n.Fire, linkToken))
	for account, a := range map[ids.ID]*referral.Agency{31: n.Council, 32: n.Council, 33: n.Council, 41: n.Police, 51: n.Charity} {
		must(t, s.SetMember(ctx, Officer, home, account, a.ID))
	}
	return n
}

// OpenNetwork makes a network in a new store.
func OpenNetwork(t testing.TB, db *store.DB) *Network {
	t.Helper()
	var all [2]ids.ID
	for i := range all {
		p := &collection.Programme{Name: fmt.Sprintf("Synthetic network %d", i)}
		must(t, db.PutProgramme(context.Background(), Officer, p))
		all[i] = p.ID
	}
	return NewNetwork(t, db.Referral(), all[0], all[1])
}

// Case is a new case of an agency with parts.
func (n *Network) Case(agency ids.ID, bodies ...string) ids.ID {
	n.t.Helper()
	c := &referral.Change{New: true, Row: true, Matter: referral.Matter{Network: n.Home, Kind: referral.Case, State: referral.Draft, Agency: agency, Owner: 33,
		Opened: Noon, Changed: Noon}}
	for _, b := range bodies {
		c.Put = append(c.Put, &referral.Part{Kind: referral.PartNote, Agency: agency, By: 33, Body: []byte(b)})
	}
	return n.do(c)
}

func (n *Network) do(c *referral.Change) ids.ID {
	n.t.Helper()
	id, err := n.Do(context.Background(), c)
	must(n.t, err)
	return id
}

func (n *Network) row(id ids.ID) *referral.Matter {
	n.t.Helper()
	m, err := n.Matter(context.Background(), id)
	must(n.t, err)
	return m
}

func (n *Network) file(id ids.ID) *referral.File {
	n.t.Helper()
	f, err := n.Open(context.Background(), Officer, id, "case.read")
	must(n.t, err)
	return f
}

// Referral holds a referral.Store, in which two programmes are there and nothing
// else, to what its interface says.
func Referral(t *testing.T, fresh func(t testing.TB) *Network) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, n *Network)
	}{
		{"networks", networks},
		{"changes", changes},
		{"clashes", clashes},
		{"codes", codes},
		{"grants", grants},
		{"reminders", reminders},
		{"outbox", outbox},
		{"documents", documents},
		{"erasure", erasure},
		{"history", matterHistory},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := fresh(t)
			n.t = t
			c.run(t, n)
		})
	}
}

func networks(t *testing.T, n *Network) {
	ctx := context.Background()
	net, err := n.Network(ctx, n.Home)
	must(t, err)
	old := *net
	net.Nation = "scotland"
	must(t, n.PutNetwork(ctx, Officer, net))
	kind(t, "an old etag", n.PutNetwork(ctx, Officer, &old), fault.Conflict)
	kind(t, "made twice", n.PutNetwork(ctx, Officer, &referral.Network{Programme: n.Home}), fault.Conflict)
	if net, _ = n.Network(ctx, n.Home); net.Nation != "scotland" || net.Pathway != "uk" || net.AcceptWithin != 2 {
		t.Errorf("read %+v", net)
	}
	_, err = n.Network(ctx, 99)
	kind(t, "no network", err, fault.NotFound)
	if all, err := n.ListNetworks(ctx); err != nil || len(all) != 2 {
		t.Errorf("%d networks, %v", len(all), err)
	}
	agencies, err := n.Agencies(ctx, n.Home)
	must(t, err)
	if len(agencies) != 3 || agencies[0].ID != n.Charity.ID || *agencies[1] != *n.Council {
		t.Errorf("read %+v", agencies)
	}
	before := *n.Council
	n.Council.ContactAway = true
	must(t, n.PutAgency(ctx, Officer, n.Council))
	kind(t, "an old agency", n.PutAgency(ctx, Officer, &before), fault.Conflict)
	kind(t, "an agency of no network", n.PutAgency(ctx, Officer, &referral.Agency{Network: 99, Name: "x"}), fault.NotFound)
	if a, err := n.Agency(ctx, n.Council.ID); err != nil || !a.ContactAway || a.Hours != n.Council.Hours {
		t.Errorf("read %+v, %v", a, err)
	}
	if of, err := n.AgencyOf(ctx, n.Home, 41); err != nil || of != n.Police.ID {
		t.Errorf("the agency of 41 is %v, %v", of, err)
	}
	must(t, n.SetMember(ctx, Officer, n.Home, 41, n.Charity.ID))
	must(t, n.SetMember(ctx, Officer, n.Home, 51, 0))
	kind(t, "an agency of another network", n.SetMember(ctx, Officer, n.Other, 41, n.Charity.ID), fault.NotFound)
	if of, _ := n.AgencyOf(ctx, n.Home, 51); of != 0 {
		t.Errorf("51 is still of %v", of)
	}
	members, err := n.Members(ctx, n.Home)
	must(t, err)
	if len(members) != 4 || !slices.Contains(members, referral.Member{Account: 41, Agency: n.Charity.ID}) {
		t.Errorf("members %v", members)
	}
	links, err := n.Links(ctx, n.Home)
	must(t, err)
	if len(links) != 1 || links[0].Desk != n.Council.ID || links[0].Name != n.Fire.Name {
		t.Errorf("links %+v", links)
	}
	if l, err := n.LinkByToken(ctx, linkToken); err != nil || l.ID != n.Fire.ID {
		t.Errorf("by token %+v, %v", l, err)
	}
	another := []byte("another digest of thirty-two byt")
	must(t, n.PutLink(ctx, Officer, n.Fire, another))
	_, err = n.LinkByToken(ctx, linkToken)
	kind(t, "a token that was replaced", err, fault.NotFound)
	n.Fire.Revoked = Noon
	must(t, n.PutLink(ctx, Officer, n.Fire, nil))
	_, err = n.LinkByToken(ctx, another)
	kind(t, "a token that was revoked", err, fault.NotFound)
	if l, err := n.Link(ctx, n.Fire.ID); err != nil || !l.Revoked.Equal(Noon) || l.Name != n.Fire.Name {
		t.Errorf("read %+v, %v", l, err)
	}
	must(t, n.KeepRules(ctx, "2026.1+aa", []byte("rules")))
	must(t, n.KeepRules(ctx, "2026.1+aa", []byte("rules")))
	if text, err := n.Rules(ctx, "2026.1+aa"); err != nil || string(text) != "rules" {
		t.Errorf("rules %q, %v", text, err)
	}
	_, err = n.Rules(ctx, "2027.1+bb")
	kind(t, "rules that are not there", err, fault.NotFound)
}

func changes(t *testing.T, n *Network) {
	ctx := context.Background()
	day := Noon.AddDate(0, 0, 3)
	m := referral.Matter{Network: n.Home, Kind: referral.Case, State: referral.Draft, Outcome: "nrm", Agency: n.Council.ID, Owner: 33, Origin: 17, Link: n.Fire.ID,
		Urgent: true, Child: true, Opened: Noon, Changed: Noon.Add(time.Hour), Due: day, DueRule: "see-within", Rules: "2026.1+0123456789ab", KeepUntil: day, EraseAsked: 0}
	p := &referral.Part{Kind: referral.PartAnswers, Agency: n.Council.ID, Purpose: referral.Health, Private: true, Due: day, For: 33, By: 33, Body: []byte(`{"form":"referral"}`)}
	c := &referral.Change{New: true, Row: true, Matter: m, Put: []*referral.Part{p}}
	id := n.do(c)
	got := n.row(id)
	if got.Print == "" || got.Etag == 0 {
		t.Errorf("a new matter is %+v", got)
	}
	m.ID, m.Print, m.Etag = id, got.Print, got.Etag
	if *got != m {
		t.Errorf("read %+v\nwrote %+v", got, m)
	}
	f := n.file(id)
	if len(f.Parts) != 1 || f.Matter != m {
		t.Fatalf("read %+v", f)
	}
	if q := f.Parts[0]; q.ID != p.ID || p.ID == 0 || q.Matter != id || q.Kind != p.Kind || q.Agency != p.Agency || q.Purpose != p.Purpose || !q.Private || !q.Due.Equal(day) ||
		q.For != 33 || q.Done || q.Etag != p.Etag || q.By != 33 || q.Made.IsZero() || string(q.Body) != `{"form":"referral"}` || string(p.Body) != string(q.Body) {
		t.Errorf("read %+v\nwrote %+v", q, p)
	}
	// The row changes, parts come, change and go in one.
	f.Matter.State, f.Matter.Due, f.Matter.Owner = referral.Ready, time.Time{}, 0
	first := f.Parts[0]
	first.Body, first.Private = []byte(`{"form":"referral","done":["a"]}`), false
	n.do(&referral.Change{Matter: f.Matter, Row: true, Put: []*referral.Part{first, {Kind: referral.PartNote, Body: []byte(`{"text":"x"}`)}, {Kind: referral.PartTask, Body: []byte(`{}`)}}})
	f = n.file(id)
	if f.State != referral.Ready || !f.Due.IsZero() || f.Owner != 0 || f.Etag <= m.Etag || f.Print != m.Print {
		t.Errorf("the row is %+v", f.Matter)
	}
	if len(f.Parts) != 3 || string(f.Parts[0].Body) != `{"form":"referral","done":["a"]}` || f.Parts[0].Private || f.Parts[1].Kind != referral.PartNote {
		t.Fatalf("parts %+v", f.Parts)
	}
	n.do(&referral.Change{Matter: f.Matter, Drop: []referral.Dropped{{ID: f.Parts[1].ID, Etag: f.Parts[1].Etag}}})
	if f = n.file(id); len(f.Parts) != 2 {
		t.Errorf("%d parts", len(f.Parts))
	}
	_, err := n.Do(ctx, &referral.Change{Matter: referral.Matter{ID: 99}, Row: true})
	kind(t, "no such matter", err, fault.NotFound)
	_, err = n.Open(ctx, Officer, 99, "case.read")
	kind(t, "opening no such matter", err, fault.NotFound)
}

// clashes: what was changed meanwhile is never overwritten, and a refused change
// leaves nothing behind.
func clashes(t *testing.T, n *Network) {
	ctx := context.Background()
	id := n.Case(n.Council.ID, `{"text":"one"}`, `{"text":"two"}`)
	a, b := n.file(id), n.file(id)
	// Two people, two parts: no clash.
	a.Parts[0].Body, b.Parts[1].Body = []byte(`{"text":"one, changed"}`), []byte(`{"text":"two, changed"}`)
	late := *a.Parts[0]
	n.do(&referral.Change{Matter: a.Matter, Put: []*referral.Part{a.Parts[0]}})
	n.do(&referral.Change{Matter: b.Matter, Put: []*referral.Part{b.Parts[1]}})
	// The same part against an old etag, with others beside it.
	late.Body = []byte(`{"text":"late"}`)
	etag := late.Etag
	_, err := n.Do(ctx, &referral.Change{Matter: b.Matter, Put: []*referral.Part{{Kind: referral.PartNote, Body: []byte(`{}`)}, &late}, Give: []*referral.Grant{{Kind: referral.Team, Account: 32, From: Noon}},
		Send: &referral.Message{Key: "k", Body: []byte("b")}, Codes: map[referral.CodeKind][]byte{referral.Resume: []byte("digest")}, Entries: []audit.Entry{{Actor: Officer, Action: "case.write"}}})
	kind(t, "an old part", err, fault.Conflict)
	if late.Etag != etag {
		t.Error("a refused change moved the etag of the caller")
	}
	_, err = n.Do(ctx, &referral.Change{Matter: b.Matter, Drop: []referral.Dropped{{ID: late.ID, Etag: etag}}})
	kind(t, "dropping an old part", err, fault.Conflict)
	f := n.file(id)
	if len(f.Parts) != 2 || string(f.Parts[0].Body) != `{"text":"one, changed"}` || string(f.Parts[1].Body) != `{"text":"two, changed"}` {
		t.Errorf("%d parts", len(f.Parts))
	}
	g, _ := n.Grants(ctx, id)
	m, _ := n.Messages(ctx, id)
	_, codeErr := n.MatterByCode(ctx, referral.Resume, []byte("digest"))
	if len(g)+len(m) != 0 || fault.KindOf(codeErr) != fault.NotFound {
		t.Errorf("a refused change left %v, %v, %v", g, m, codeErr)
	}
	// The row against an old etag; a part of a closed case.
	row := f.Matter
	row.State = referral.Closed
	n.do(&referral.Change{Matter: row, Row: true})
	_, err = n.Do(ctx, &referral.Change{Matter: row, Row: true})
	kind(t, "an old row", err, fault.Conflict)
	_, err = n.Do(ctx, &referral.Change{Matter: *n.row(id), Put: []*referral.Part{{Kind: referral.PartNote, Body: []byte(`{}`)}}})
	kind(t, "a part of a closed case", err, fault.Conflict)
	// A part under another matter's name.
	other := n.Case(n.Council.ID, `{"text":"other"}`)
	strange := *f.Parts[0]
	_, err = n.Do(ctx, &referral.Change{Matter: *n.row(other), Put: []*referral.Part{&strange}})
	kind(t, "another matter's part", err, fault.Conflict)
}

func codes(t *testing.T, n *Network) {
	ctx := context.Background()
	begin := func(digest string) ids.ID {
		return n.do(&referral.Change{New: true, Row: true, Matter: referral.Matter{Network: n.Home, Kind: referral.Concern, State: referral.Begun, Agency: n.Council.ID},
			Codes: map[referral.CodeKind][]byte{referral.Resume: []byte(digest)}})
	}
	id, other := begin("one"), begin("two")
	if m, err := n.MatterByCode(ctx, referral.Resume, []byte("one")); err != nil || m.ID != id {
		t.Errorf("found %v, %v", m, err)
	}
	_, err := n.MatterByCode(ctx, referral.Receipt, []byte("one"))
	kind(t, "a code of another kind", err, fault.NotFound)
	_, err = n.Do(ctx, &referral.Change{Matter: *n.row(other), Row: true, Codes: map[referral.CodeKind][]byte{referral.Resume: []byte("one")}})
	kind(t, "another's code", err, fault.Conflict)
	n.do(&referral.Change{Matter: *n.row(id), Row: true}) // nil leaves what there is
	if _, err := n.MatterByCode(ctx, referral.Resume, []byte("one")); err != nil {
		t.Error(err)
	}
	n.do(&referral.Change{Matter: *n.row(id), Row: true, Codes: map[referral.CodeKind][]byte{referral.Resume: {}, referral.Receipt: []byte("two")}})
	_, err = n.MatterByCode(ctx, referral.Resume, []byte("one"))
	kind(t, "a code that was removed", err, fault.NotFound)
	n.do(&referral.Change{Matter: *n.row(id), Row: true, Codes: map[referral.CodeKind][]byte{referral.Receipt: []byte("three")}})
	_, err = n.MatterByCode(ctx, referral.Receipt, []byte("two"))
	kind(t, "a code that was replaced", err, fault.NotFound)
	if m, err := n.MatterByCode(ctx, referral.Receipt, []byte("three")); err != nil || m.ID != id {
		t.Errorf("found %v, %v", m, err)
	}
	n.do(&referral.Change{Matter: *n.row(id), Row: true, Codes: map[referral.CodeKind][]byte{referral.Receipt: nil}})
	_, err = n.MatterByCode(ctx, referral.Receipt, []byte("three"))
	kind(t, "a code that was removed", err, fault.NotFound)
}

func grants(t *testing.T, n *Network) {
	ctx := context.Background()
	id := n.Case(n.Council.ID)
	m := *n.row(id)
	team := &referral.Grant{Kind: referral.Team, Account: 32, By: 33, From: Noon}
	share := &referral.Grant{Kind: referral.Share, Agency: n.Charity.ID, Purposes: []referral.Purpose{referral.Health, referral.Legal}, By: 33, From: Noon, Until: Noon.Add(48 * time.Hour)}
	glass := &referral.Grant{Kind: referral.Glass, Account: 41, By: 41, From: Noon, Until: Noon.Add(referral.GlassFor)}
	n.do(&referral.Change{Matter: m, Give: []*referral.Grant{team, share, glass}})
	all, err := n.Grants(ctx, id)
	must(t, err)
	if len(all) != 3 || all[0].ID != team.ID || team.ID == 0 || !slices.Equal(all[1].Purposes, share.Purposes) || !all[1].Until.Equal(share.Until) || all[2].Matter != id {
		t.Fatalf("grants %+v", all)
	}
	at := Noon.Add(time.Hour)
	for account, want := range map[ids.ID]referral.Standing{
		33: {Assigned: true, Agency: true, Of: n.Council.ID}, 32: {Assigned: true, Agency: true, Of: n.Council.ID}, 31: {Agency: true, Of: n.Council.ID},
		51: {Shared: share.Purposes, Of: n.Charity.ID}, 41: {Glass: true, Of: n.Police.ID}, 99: {},
	} {
		got, err := n.Standing(ctx, &m, account, at)
		must(t, err)
		if got.Assigned != want.Assigned || got.Agency != want.Agency || got.Glass != want.Glass || got.Of != want.Of || !slices.Equal(got.Shared, want.Shared) {
			t.Errorf("%v stands %+v, want %+v", account, got, want)
		}
	}
	if s, _ := n.Standing(ctx, &m, 41, Noon.Add(3*time.Hour)); s.Glass {
		t.Error("a broken glass outlives its two hours")
	}
	n.do(&referral.Change{Matter: m, End: []ids.ID{share.ID}})
	if s, _ := n.Standing(ctx, &m, 51, time.Now().Add(time.Minute)); len(s.Shared) != 0 {
		t.Error("a share that was taken back is in force")
	}
	_, err = n.Do(ctx, &referral.Change{Matter: m, End: []ids.ID{99}})
	kind(t, "ending no grant", err, fault.NotFound)
	other := n.Case(n.Council.ID)
	_, err = n.Do(ctx, &referral.Change{Matter: *n.row(other), End: []ids.ID{team.ID}})
	kind(t, "ending another matter's grant", err, fault.NotFound)
	second := &referral.Grant{Kind: referral.Glass, Account: 31, By: 31, From: Noon, Until: Noon.Add(referral.GlassFor)}
	n.do(&referral.Change{Matter: *n.row(other), Give: []*referral.Grant{second}})
	n.do(&referral.Change{Matter: *n.row(other), Review: []ids.ID{second.ID}, Entries: []audit.Entry{{Actor: Coordinator, Action: "glass.review"}}})
	broken, err := n.Glasses(ctx, n.Home, 10)
	must(t, err)
	if len(broken) != 2 || broken[0].ID != glass.ID || !broken[0].Reviewed.IsZero() || broken[1].ID != second.ID || broken[1].Reviewed.IsZero() || broken[1].Reviewer != Coordinator.ID {
		t.Errorf("broken glasses %+v", broken)
	}
	if none, _ := n.Glasses(ctx, n.Other, 10); len(none) != 0 {
		t.Errorf("another network's are %v", none)
	}
}

func reminders(t *testing.T, n *Network) {
	ctx := context.Background()
	mine, others := n.Case(n.Council.ID), n.Case(n.Council.ID)
	row := *n.row(others)
	row.Owner = 32
	n.do(&referral.Change{Matter: row, Row: true})
	task := func(matter ids.ID, days int, account ids.ID, done bool) *referral.Part {
		p := &referral.Part{Kind: referral.PartTask, Due: Noon.AddDate(0, 0, days), For: account, Done: done, Body: []byte(`{"text":"secret"}`)}
		n.do(&referral.Change{Matter: *n.row(matter), Put: []*referral.Part{p}})
		return p
	}
	second, first := task(mine, 2, 0, false), task(others, 1, 33, false)
	task(others, 1, 0, false) // the other owner's
	task(mine, 1, 32, false)  // somebody else's
	task(mine, 1, 33, true)   // done
	task(mine, 9, 33, false)  // later
	n.do(&referral.Change{Matter: *n.row(mine), Put: []*referral.Part{{Kind: referral.PartTask, For: 33, Body: []byte(`{}`)}}})
	due, err := n.Reminders(ctx, 33, Noon.AddDate(0, 0, 5), 10)
	must(t, err)
	if len(due) != 2 || due[0].Part.ID != first.ID || due[0].Matter.ID != others || due[1].Part.ID != second.ID || due[1].Part.Body != nil || !due[1].Part.Due.Equal(second.Due) {
		t.Fatalf("reminders %+v", due)
	}
	if due, _ = n.Reminders(ctx, 33, Noon.AddDate(0, 0, 5), 1); len(due) != 1 || due[0].Part.ID != first.ID {
		t.Errorf("the first of them is %+v", due)
	}
	// What is the owner's goes with the matter.
	over := *n.row(mine)
	over.Owner = 32
	n.do(&referral.Change{Matter: over, Row: true})
	if due, _ = n.Reminders(ctx, 33, Noon.AddDate(0, 0, 5), 10); len(due) != 1 || due[0].Part.ID != first.ID {
		t.Errorf("the owner before is reminded of %+v", due)
	}
	if due, _ = n.Reminders(ctx, 32, Noon.AddDate(0, 0, 5), 10); len(due) != 3 || due[2].Part.ID != second.ID {
		t.Errorf("the owner now is reminded of %+v", due)
	}
	over = *n.row(mine)
	over.Owner = 33
	n.do(&referral.Change{Matter: over, Row: true})
	closed := *n.row(mine)
	closed.State = referral.Closed
	n.do(&referral.Change{Matter: closed, Row: true})
	if due, _ = n.Reminders(ctx, 33, Noon.AddDate(0, 0, 5), 10); len(due) != 1 {
		t.Errorf("a closed case reminds: %+v", due)
	}
	if due, _ = n.Reminders(ctx, 0, Noon.AddDate(1, 0, 0), 10); len(due) != 0 {
		t.Errorf("nobody is reminded of %+v", due)
	}
}

// CaseScope is the scope of a matter's key.
func CaseScope(matter ids.ID) vault.Scope { return vault.Scope(matter.String()) }
