package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/trust/account"
)

// network is two networks on a running server, with people who come in by their links
// and work with their browsers.
type network struct {
	*running
	watch       *watch
	plant       planter
	first       *account.Account // the administrator
	here, there ids.ID           // programmes; all happens in the first
	people      map[string]*visitor
	accounts    map[string]ids.ID
	agencies    map[string]ids.ID
	token       string // of the link of an organisation
}

// newNetwork sets it up as a coordinator does, with the pages.
func newNetwork(t testing.TB, r *running, plant planter) *network {
	t.Helper()
	n := &network{running: r, watch: newWatch(t, r), plant: plant, people: map[string]*visitor{}, accounts: map[string]ids.ID{}, agencies: map[string]ids.ID{}}
	setUp, err := r.accounts.SetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.people["administrator"] = r.enter(n.watch, setUp, "First Person (synthetic)", "first@example.org")
	if n.first, err = r.house.db.AccountByEmail(t.Context(), "first@example.org"); err != nil {
		t.Fatal(err)
	}
	n.here, n.there = n.programme("Harbour network (synthetic)"), n.programme("Upland network (synthetic)")
	n.person("coordinator", n.here, access.Coordinator)
	n.person("contact", n.here, access.Contact)
	n.person("deputy", n.here, access.Contact)
	n.person("caseworker", n.here, access.Caseworker)
	n.person("colleague", n.here, access.Caseworker)
	n.person("officer", n.here, access.Responder)
	n.person("partner", n.here, access.Partner)
	n.setUp()
	return n
}

func (n *network) programme(name string) ids.ID {
	n.t.Helper()
	p := &collection.Programme{Name: name, Created: time.Now()}
	if err := n.house.db.PutProgramme(n.t.Context(), testBy, p); err != nil {
		n.t.Fatal(err)
	}
	return p.ID
}

// person lets somebody in with a role.
func (n *network) person(name string, in ids.ID, role access.Role) *visitor {
	n.t.Helper()
	full, email := n.plant("account name", "text"), n.plant("account email", "email")
	if full == "" {
		full, email = "Synthetic "+name, name+"@example.org"
	}
	a, link, err := n.running.accounts.InvitePerson(n.t.Context(), n.first, account.Invitee{Name: full, Email: email, Lang: "en", Member: access.Membership{Programme: in, Role: role}})
	if err != nil {
		n.t.Fatal(err)
	}
	n.accounts[name] = a.ID
	n.people[name] = n.enter(n.watch, link, full, email)
	return n.people[name]
}

// root is where a network is set up.
func root(programme ids.ID) string { return "/programmes/" + programme.String() + "/network" }

func (n *network) setUp() {
	t := n.t
	t.Helper()
	c, at := n.people["coordinator"], root(n.here)
	c.submit(c.get(at+"/new"), at+"/new", fields{"pathway": {"uk/england-wales"}}).want(c, 303)
	agency := func(name, kind string, set fields) {
		t.Helper()
		set["name"], set["kind"] = []string{name}, []string{kind}
		page := c.get(at+"/agencies/new").want(c, 200)
		to := c.submit(page, at+"/agencies/new", set).want(c, 303).to()
		id, err := ids.Parse(to[strings.LastIndexByte(to, '/')+1:])
		if err != nil {
			t.Fatal(err)
		}
		n.agencies[kind] = id
	}
	agency("Harbour Council (synthetic)", "local-authority", fields{"desk": {"yes"}, "contact": {n.accounts["contact"].String()}, "deputy": {n.accounts["deputy"].String()},
		"from": {"09:00"}, "to": {"17:00"}, "see": {"120"}, "after": {"60"}})
	for kind, name := range map[string]string{"police": "Harbour Police (synthetic)", "charity": "Lantern Charity (synthetic)"} {
		agency(name, kind, fields{"contact": {""}, "deputy": {""}, "from": {"09:00"}, "to": {"17:00"}, "see": {"120"}, "after": {"60"}})
	}
	members := fields{}
	for name, kind := range map[string]string{"caseworker": "local-authority", "colleague": "local-authority", "officer": "police", "partner": "charity"} {
		members["of."+n.accounts[name].String()] = []string{n.agencies[kind].String()}
	}
	c.submit(c.get(at+"/members").want(c, 200), at+"/members", members).want(c, 303)
	c.submit(c.get(at+"/agencies/"+n.agencies["police"].String()+"/change").want(c, 200), at+"/agencies/"+n.agencies["police"].String()+"/change",
		fields{"name": {"Harbour Police (synthetic)"}, "contact": {""}, "deputy": {""}, "from": {"08:00"}, "to": {"18:00"}}).want(c, 303)
	c.submit(c.get(at+"/change").want(c, 200), at+"/change", fields{"accept": {"3"}}).want(c, 303)
	n.token = n.link()
	extra := n.link()
	_ = extra
}

var tokenOn = regexp.MustCompile(`/report/([A-Za-z0-9_-]{40,})`)

// link makes one for an organisation and returns its token.
func (n *network) link() string {
	n.t.Helper()
	c, at := n.people["coordinator"], root(n.here)
	sheet := c.submit(c.get(at+"/links/new").want(c, 200), at+"/links/new", fields{"name": {"Harbour Fire and Rescue (synthetic)"}, "kind": {"fire-and-rescue"}}).want(c, 200)
	m := tokenOn.FindStringSubmatch(sheet.body)
	if m == nil {
		n.t.Fatalf("there is no link on the sheet: %.2000s", sheet.body)
	}
	return m[1]
}

var receiptOn = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// handIn lets a frontline worker hand in a concern, and returns their browser, the
// code with which they come back, and the concern.
func (n *network) handIn(set fields) (worker *visitor, code string, id ids.ID) {
	n.t.Helper()
	v := n.visit(n.watch, "worker")
	at := "/report/" + n.token
	start := v.get(at).want(v, 200)
	next := v.submit(start, at+"/start", nil).want(v, 303).to()
	for range 30 {
		page := v.get(next)
		if page.StatusCode == http.StatusSeeOther {
			next = page.to()
			continue
		}
		page.want(v, 200)
		if strings.HasSuffix(next, "/advice") {
			break
		}
		next = v.fill(page, next, set, n.plant, nil).want(v, 303).to()
	}
	advice := v.get(at+"/advice").want(v, 200)
	v.submit(advice, at+"/hand", nil).want(v, 303)
	code = receiptOn.FindString(v.get(at+"/receipt").want(v, 200).body)
	if code == "" {
		n.t.Fatal("there is no code on the receipt")
	}
	newest, err := n.house.db.Referral().ListMatters(n.t.Context(), filterOf(n.here))
	if err != nil || len(newest.Matters) == 0 {
		n.t.Fatalf("%v, %v", newest, err)
	}
	for _, m := range newest.Matters {
		id = max(id, m.ID)
	}
	return v, code, id
}

func filterOf(network ids.ID) referral.Filter {
	return referral.Filter{Network: network, Kind: referral.Concern, Limit: 200}
}

// refer takes a concern on as its contact and begins a case of it, which a
// coordinator gives to the caseworker.
func (n *network) refer(concern ids.ID) (id ids.ID) {
	n.t.Helper()
	c, at := n.people["contact"], "/concerns/"+concern.String()
	if page := c.get(at).want(c, 200); page.form(at+"/take", nil) != nil {
		c.submit(page, at+"/take", nil).want(c, 303)
	}
	to := c.submit(c.get(at).want(c, 200), at+"/refer", nil).want(c, 303).to()
	id, err := ids.Parse(strings.Split(to, "/")[2])
	if err != nil {
		n.t.Fatal(err)
	}
	n.assign(id, "caseworker")
	return id
}

// assign gives a case to somebody.
func (n *network) assign(id ids.ID, to string) {
	n.t.Helper()
	c, at := n.people["coordinator"], "/cases/"+id.String()+"/assign"
	c.fill(c.get(at).want(c, 200), at, fields{"to": {n.accounts[to].String()}}, n.plant, nil).want(c, 303)
}
