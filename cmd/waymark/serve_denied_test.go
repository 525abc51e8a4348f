package main

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/page"
)

// contents plants words in what is told, and leaves people's names as they are.
func contents(c *canaries) planter {
	return func(of, kind string) string {
		if strings.HasPrefix(of, "account ") {
			return ""
		}
		return c.plant(of, kind)
	}
}

// stocked is a concern and a case with something of each kind in them.
type stocked struct {
	*network
	concern, kept      ids.ID
	part, grant, right ids.ID
	link               ids.ID
}

func newStocked(t testing.TB, r *running, plant planter) *stocked {
	t.Helper()
	s := &stocked{network: newNetwork(t, r, plant)}
	_, _, s.concern = s.handIn(nil)
	s.kept = s.refer(s.concern)
	at := "/cases/" + s.kept.String()
	s.write("caseworker", at+"/new/note", nil)
	s.write("caseworker", at+"/document", fields{"purpose": {"health"}})
	s.write("caseworker", at+"/right", fields{"language": {"en"}})
	s.write("caseworker", at+"/share", fields{"agency": {s.agencies["charity"].String()}, "purpose": {"health"}, "text": {""}})
	s.write("deputy", at+"/emergency", nil)
	s.part, s.right = s.newest(s.kept, referral.PartDocument), s.newest(s.kept, referral.PartRight)
	grants, err := s.house.db.Referral().Grants(t.Context(), s.kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if g.Kind == referral.Glass {
			s.grant = g.ID
		}
	}
	links, err := s.house.db.Referral().Links(t.Context(), s.here)
	if err != nil || len(links) == 0 || s.grant == 0 {
		t.Fatalf("%d links, grant %v, %v", len(links), s.grant, err)
	}
	s.link = links[0].ID
	return s
}

// path fills in the address of a route.
func (s *stocked) path(pattern string) string {
	matter, part := s.kept, s.part
	if strings.HasPrefix(pattern, "/concerns/") {
		matter = s.concern
	}
	if strings.Contains(pattern, "/right/") {
		part = s.right
	}
	return strings.NewReplacer("{programme}", s.here.String(), "{matter}", matter.String(), "{part}", part.String(), "{grant}", s.grant.String(), "{kind}", "note", "{verb}", "close",
		"{token}", s.token, "{agency}", s.agencies["police"].String(), "{link}", s.link.String(), "{question}", "birthplace", "{paper}", "package.pdf", "{step}", "danger").Replace(pattern)
}

// state is what stands of everything that strangers might change.
func (s *stocked) state() string {
	s.t.Helper()
	ctx, db := s.t.Context(), s.house.db.Referral()
	var b strings.Builder
	for _, id := range []ids.ID{s.concern, s.kept} {
		f, err := db.Open(ctx, testBy, id, "case.read")
		if err != nil {
			s.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %v %d:", id, f.State, f.Owner, f.Etag)
		for _, p := range f.Parts {
			fmt.Fprintf(&b, " %s %d", p.ID, p.Etag)
		}
		grants, err := db.Grants(ctx, id)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, g := range grants {
			fmt.Fprintf(&b, " %s %v %v", g.ID, g.Ended, g.Reviewed)
		}
	}
	agencies, err := db.Agencies(ctx, s.here)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range agencies {
		fmt.Fprintf(&b, " %+v", *a)
	}
	members, err := db.Members(ctx, s.here)
	if err != nil {
		s.t.Fatal(err)
	}
	links, err := db.Links(ctx, s.here)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range links {
		fmt.Fprintf(&b, " %+v", *l)
	}
	for _, kind := range []referral.Kind{referral.Concern, referral.Case} {
		matters, err := db.ListMatters(ctx, referral.Filter{Network: s.here, Kind: kind, Limit: 200})
		if err != nil {
			s.t.Fatal(err)
		}
		fmt.Fprintf(&b, " %d", len(matters.Matters))
	}
	fmt.Fprintf(&b, " %v", members)
	return b.String()
}

// everything is what a form of any page might hold.
func (s *stocked) everything() fields {
	who := s.accounts["colleague"].String()
	return fields{"reason": {"x"}, "text": {"x"}, "to": {who}, "from": {s.accounts["caseworker"].String()}, "account": {who}, "agency": {s.agencies["police"].String()}, "purpose": {"health"},
		"until-day": {"1"}, "until-month": {"1"}, "until-year": {"2030"}, "result": {"lost-contact"}, "sure": {"yes"}, "verdict": {"justified"}, "name": {"x"}, "kind": {"police"}, "lang": {"en"},
		"desk": {s.agencies["local-authority"].String()}, "accept": {"9"}, "away": {"yes"}, "q-birthplace": {"x"}, "how": {"upload"}, "date-day": {"1"}, "date-month": {"6"}, "date-year": {"2026"},
		"language": {"en"}, "answer": {"x"}, "granted": {"yes"}, "answered-day": {"1"}, "answered-month": {"6"}, "answered-year": {"2026"}, "pathway": {"uk/scotland"}}
}

// stranger is somebody who stands in no relation to what is there.
type stranger struct {
	name string
	*visitor
	who    access.Principal
	agency bool // belongs to one of the network
}

// strangers are people of every role, in the network and in another; who has no role
// any more; and a visitor.
func (s *stocked) strangers() (all []stranger) {
	t := s.t
	t.Helper()
	ctx, db := t.Context(), s.house.db.Referral()
	far := &referral.Network{Programme: s.there, Pathway: "uk", Nation: "england-wales", AcceptWithin: 2}
	if err := db.PutNetwork(ctx, testBy, far); err != nil {
		t.Fatal(err)
	}
	desk := &referral.Agency{Network: s.there, Name: "Upland Council (synthetic)", Kind: "local-authority", Desk: true, Contact: s.first.ID, DeputyAfter: 60, SeeWithin: 60, Hours: referral.Hours{From: 540, To: 1020}}
	if err := db.PutAgency(ctx, testBy, desk); err != nil {
		t.Fatal(err)
	}
	add := func(name string, in ids.ID, role access.Role, agency ids.ID) {
		t.Helper()
		v := s.person(name, in, role)
		id := s.accounts[name]
		if agency != 0 {
			if err := db.SetMember(ctx, testBy, in, id, agency); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, stranger{name, v, access.Principal{Account: id, Strong: true, Fresh: true, Members: []access.Membership{{Programme: in, Role: role}}}, agency != 0 && in == s.here})
	}
	for _, role := range access.Roles {
		if role != access.Enumerator {
			add("own-"+string(role), s.here, role, 0)
			add("other-"+string(role), s.there, role, desk.ID)
		}
	}
	for _, role := range []access.Role{access.Contact, access.Responder, access.Caseworker, access.Partner} {
		add("police-"+string(role), s.here, role, s.agencies["police"])
	}
	add("none", s.here, access.Caseworker, 0)
	none := &all[len(all)-1]
	if err := s.running.accounts.SetRole(ctx, s.first, s.accounts["none"], none.who.Members[0], false); err != nil {
		t.Fatal(err)
	}
	none.who.Members = nil
	return append(all, stranger{"visitor", s.visit(s.watch, "visitor"), access.Principal{}, false})
}

// TestPromise4NobodyWithoutARelationComesIn sends a request to every route of networks,
// concerns and cases as people of every role who have nothing to do with what is there.
// What the policies do not permit is not there, tells nothing and changes nothing; what
// they permit shows nothing of what was told.
func TestPromise4NobodyWithoutARelationComesIn(t *testing.T) {
	c := &canaries{}
	s := newStocked(t, newRunning(t), contents(c))
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	strangers := s.strangers()
	search := newSearcher(c)
	before := s.state()
	denied, shown := 0, 0
	for _, route := range s.routes {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		if !ofReferral(pattern) || strings.HasSuffix(pattern, "/news") {
			continue
		}
		resource := access.Resource{Programme: s.here, Link: strings.HasPrefix(pattern, "/report/")}
		if route.Of == nil || reflect.ValueOf(route.Of).Pointer() == reflect.ValueOf(page.OfSystem).Pointer() {
			resource = access.Resource{}
		}
		for _, who := range strangers {
			on := resource
			if strings.Contains(pattern, "/referrals/new") {
				on.Assigned, on.Agency = who.agency, who.agency
			}
			allowed := policies.Allow(who.who, route.Action, on)
			if allowed && method == http.MethodPost {
				continue
			}
			var got *reply
			if path := s.path(pattern); method == http.MethodGet {
				got = who.get(path)
			} else {
				got = who.post(path, s.everything())
			}
			if found := search.in([]byte(got.body)); len(found) > 0 && !strings.Contains(pattern, "/emergencies/{grant}") {
				t.Errorf("%s reads what was told at %s", who.name, route.Pattern)
			}
			if allowed {
				shown++
				continue
			}
			denied++
			if toSignIn := who.name == "visitor" && got.StatusCode == http.StatusSeeOther && got.to() == page.SignInPath; got.StatusCode != http.StatusNotFound && !toSignIn {
				t.Errorf("%s gets %d from %s", who.name, got.StatusCode, route.Pattern)
			}
		}
	}
	if denied < 1500 || shown < 50 {
		t.Errorf("only %d were denied, %d shown", denied, shown)
	}
	if after := s.state(); after != before {
		t.Errorf("somebody changed something:\n%s\n%s", before, after)
	}
	s.otherParents(t)
}

// otherParents asks for what is there below the address of something that one may see.
func (s *stocked) otherParents(t *testing.T) {
	_, _, concern := s.handIn(nil)
	own := s.refer(concern)
	s.assign(own, "colleague")
	before := s.state()
	tried := 0
	for _, route := range s.routes {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		path, who := "", s.people["colleague"]
		switch {
		case strings.HasPrefix(pattern, "/cases/") && (strings.Contains(pattern, "{part}") || strings.Contains(pattern, "{grant}")):
			path = strings.Replace(s.path(pattern), s.kept.String(), own.String(), 1)
			if strings.Contains(pattern, "/emergencies/") {
				who = s.people["coordinator"]
			}
		case strings.Contains(pattern, "{agency}"), strings.Contains(pattern, "{link}"):
			path, who = strings.Replace(s.path(pattern), s.here.String(), s.there.String(), 1), s.people["other-coordinator"]
		default:
			continue
		}
		tried++
		got := who.get(path)
		if method == http.MethodPost {
			got = who.post(path, s.everything())
		}
		// Taking what is not there off a list leads back to the case.
		if back := got.StatusCode == http.StatusSeeOther && strings.HasPrefix(got.to(), "/cases/"+own.String()); got.StatusCode != http.StatusNotFound && got.StatusCode != http.StatusMethodNotAllowed && !back {
			t.Errorf("%s answers %d below another", route.Pattern, got.StatusCode)
		}
	}
	if tried < 12 {
		t.Errorf("only %d routes were tried", tried)
	}
	if after := s.state(); after != before {
		t.Errorf("something was changed from elsewhere:\n%s\n%s", before, after)
	}
}

// TestPromise5RevocationCountsAtTheNextRequest: a role, a share, a link, a place in an
// agency and an account are taken away from people who are in.
func TestPromise5RevocationCountsAtTheNextRequest(t *testing.T) {
	c := &canaries{}
	s := newStocked(t, newRunning(t), contents(c))
	ctx, db := t.Context(), s.house.db.Referral()
	at := "/cases/" + s.kept.String()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	role := func(name string, r access.Role, member bool) {
		t.Helper()
		must(s.running.accounts.SetRole(ctx, s.first, s.accounts[name], access.Membership{Programme: s.here, Role: r}, member))
	}
	out := func(who *visitor, paths ...string) {
		t.Helper()
		for _, path := range paths {
			got := who.get(path)
			if got.StatusCode != http.StatusNotFound && !strings.HasPrefix(got.to(), "/sign-in") {
				t.Errorf("%s still gets %d from %s", who.name, got.StatusCode, path)
			}
		}
		if got := who.post(at+"/new/note", fields{"text": {"x"}}); got.StatusCode != http.StatusNotFound && !strings.HasPrefix(got.to(), "/sign-in") {
			t.Errorf("%s still writes: %d", who.name, got.StatusCode)
		}
	}
	caseworker, partner, contact := s.people["caseworker"], s.people["partner"], s.people["contact"]

	// A role, which is given back.
	caseworker.get(at).want(caseworker, 200)
	role("caseworker", access.Caseworker, false)
	out(caseworker, at, at+"/parts/"+s.part.String()+"/file")
	role("caseworker", access.Caseworker, true)
	caseworker.get(at).want(caseworker, 200)

	// A share, ended with the page; and its end has come.
	file := at + "/parts/" + s.part.String() + "/file"
	partner.get(file).want(partner, 200)
	shared := caseworker.get(at+"/share").want(caseworker, 200)
	for f := range shared.nodes("form") {
		if to := attr(f, "action"); strings.HasSuffix(to, "/end") && strings.Contains(render(f), "Lantern") {
			caseworker.post(to, fields{}).want(caseworker, 303)
		}
	}
	out(partner, at, file)

	// A link, half way through.
	worker := s.visit(s.watch, "worker")
	link := "/report/" + s.token
	next := worker.submit(worker.get(link).want(worker, 200), link+"/start", nil).want(worker, 303).to()
	next = worker.get(next).to()
	worker.get(next).want(worker, 200)
	links, err := db.Links(ctx, s.here)
	must(err)
	for _, l := range links {
		if l.Revoked = time.Now(); l.Network == s.here {
			must(db.PutLink(ctx, testBy, l, nil))
		}
	}
	for _, path := range []string{link, next, link + "/advice", link + "/back", link + "/paper"} {
		worker.get(path).want(worker, 404)
	}
	worker.post(next, fields{"q-danger": {"no"}}).want(worker, 404)
	worker.post(link+"/back", fields{"code": {"0000-0000-0000-0000"}}).want(worker, 404)

	// Another agency. Who answers for a case by name goes on; what the agency gave ends.
	concern := "/concerns/" + s.concern.String()
	deputy := s.people["deputy"]
	deputy.get(concern).want(deputy, 200)
	must(db.SetMember(ctx, testBy, s.here, s.accounts["deputy"], s.agencies["police"]))
	if got := deputy.get(concern); got.StatusCode != http.StatusNotFound {
		t.Errorf("who moved to another agency gets %d from a concern of the former", got.StatusCode)
	}

	// An account, and what it holds by name.
	contact.get(concern).want(contact, 200)
	must(s.running.accounts.Suspend(ctx, s.first, s.accounts["contact"]))
	out(contact, concern, "/concerns", "/")
	must(s.running.accounts.Suspend(ctx, s.first, s.accounts["caseworker"]))
	out(caseworker, at, "/")
}
