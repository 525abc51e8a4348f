package casework

import (
	"net/http"
	"net/url"
	"testing"

	"waymark/referral"
	"waymark/referral/demo"
	"waymark/referral/referraltest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/assets"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

// seat is a browser at which one person after another sits down.
type seat struct{ *pagetest.Person }

func (s *seat) Identify(r *http.Request) (*account.Account, page.Session, error) {
	return s.Person.Identify(r)
}

// browser is a tab over the example network, whose cases are the caseworker's.
func browser(t *testing.T) (*site, *webtest.Tab, *seat) {
	t.Helper()
	server := webtest.NewServer(t)
	s := newSite(t)
	s.house.Base = server.Base
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	const network = referraltest.Plain
	by := audit.Actor{Kind: audit.System, Via: "command"}
	must(demo.Fill(ctx, demo.Options{Store: s.Memory, Rules: s.uk, Network: network, By: by, Now: referraltest.Now, Digest: func(s string) []byte { return []byte(s) }}))
	agencies, err := s.Agencies(ctx, network)
	must(err)
	var council *referral.Agency
	for _, a := range agencies {
		if a.Desk {
			council = a
		}
	}
	for _, p := range []struct {
		who  *account.Account
		role access.Role
	}{{s.Caseworker, access.Caseworker}, {s.Colleague, access.Caseworker}, {s.Coordinator, access.Coordinator}} {
		must(s.Accounts.SetMember(ctx, by, p.who.ID, access.Membership{Programme: network, Role: p.role}, true))
		if p.role == access.Caseworker {
			must(s.SetMember(ctx, by, network, p.who.ID, council.ID))
		}
	}
	list, err := s.ListMatters(ctx, referral.Filter{Network: network, Kind: referral.Case})
	must(err)
	for _, m := range list.Matters {
		s.Make(m.Assign(s.Caseworker.ID, "Synthetic example", s.Who(s.Caseworker, network)))
	}
	who := &seat{}
	handler, _, err := page.New(s.house, who, matter.Area(), Area(s.house, s.kit))
	must(err)
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", handler)
	server.Serve(t, page.Outer(s.house, mux))
	return s, server.Tab(t), who
}

// sit lets somebody sit down at the browser.
func (w *seat) sit(s *site, a *account.Account) {
	s.t.Helper()
	a, err := s.Accounts.Account(ctx, a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	w.Person = &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}
}

// TestPagesOfCasesInABrowser looks at every page: accessible, no wider than a phone,
// without a request to anyone else, with a title that tells nothing.
func TestPagesOfCasesInABrowser(t *testing.T) {
	s, tab, who := browser(t)
	who.sit(s, s.Caseworker)
	base := "/programmes/" + referraltest.Plain.String()
	list, err := s.ListMatters(ctx, referral.Filter{Network: referraltest.Plain, Kind: referral.Case, States: []referral.State{referral.Sent}})
	if err != nil {
		t.Fatal(err)
	}
	var full *referral.File
	for _, m := range list.Matters {
		if f := s.Whole(m.ID); len(f.Of(referral.PartConference)) > 0 {
			full = f
		}
	}
	if full == nil {
		t.Fatal("the example has no case with something of everything")
	}
	at := path(full.ID)
	look := func(name, address string, status int) {
		t.Helper()
		if got := tab.Go(address); got != status {
			t.Errorf("%s answered %d: %s", name, got, tab.Text("main"))
			return
		}
		var title string
		if tab.Eval(`document.title`, &title); title != "Waymark" {
			t.Errorf("the title of %s is %q", name, title)
		}
		tab.Axe()
		tab.Screenshot("case-" + name)
	}
	look("list", base+"/cases", 200)
	look("reminders", "/reminders", 200)
	for _, v := range views {
		look(v, page.Path(at, "view", v), 200)
	}
	for _, k := range kinds {
		look("new-"+string(k.of), at+"/new/"+string(k.of), 200)
	}
	look("course", partPath(full.ID, full.Of(referral.PartPartner)[0].ID)+"/course", 200)
	look("event", at+"/event", 200)
	look("document", at+"/document", 200)
	look("share", at+"/share", 200)
	look("close", at+"/state/close", 200)
	look("restrict", at+"/state/restrict", 200)
	look("right", at+"/right", 200)
	look("withdrawal", at+"/withdrawal", 200)
	look("held", at+"/held?lang=fr", 200)
	look("held-arabic", at+"/held?lang=ar", 200)
	look("history", at+"/history", 200)
	look("erasure-ask", at+"/erasure", 200)

	// A mistake, and two people at once.
	c := s.as(s.Caseworker)
	tab.Go(at + "/new/risk")
	if got := tab.Press("Save"); got != 422 {
		t.Errorf("an empty form answered %d", got)
	}
	tab.Axe()
	tab.Screenshot("case-faults")
	note := full.Of(referral.PartRisk)[0]
	tab.Go(partPath(full.ID, note.ID))
	form := c.Get(partPath(full.ID, note.ID)).Want(t, 200)
	c.Post(partPath(full.ID, note.ID), date(url.Values{"area": {"debt"}, "level": {"immediate"}, "what": {"Another person's words"}, "etag": {etag(form)}}, "date", "2026-3-4")).Want(t, 303)
	tab.Fill("what", "My words")
	if got := tab.Press("Save"); got != 409 {
		t.Errorf("the second of two people is answered %d", got)
	}
	tab.Axe()
	tab.Screenshot("case-clash")

	who.sit(s, s.Colleague)
	look("emergency", at+"/emergency", 200)
	s.Make(s.Row(full.ID).Break("The hospital rings (synthetic)", s.Who(s.Colleague, referraltest.Plain)))
	look("broken-open", at, 200)
	s.Make(s.Whole(full.ID).ProposeErasure("The person asks (synthetic)", s.Who(s.Caseworker, referraltest.Plain)))
	grants, err := s.Grants(ctx, full.ID)
	if err != nil {
		t.Fatal(err)
	}

	who.sit(s, s.Coordinator)
	look("emergencies", base+"/emergencies", 200)
	look("review", page.Path("/cases/{matter}/emergencies/{grant}", "matter", full.ID, "grant", grants[len(grants)-1].ID), 200)
	look("assign", at+"/assign", 200)
	look("leaver", base+"/hand-over", 200)
	look("erasures", base+"/erasures", 200)
	look("erase", at+"/erase", 200)
	if err := s.Erase(ctx, audit.Actor{Kind: audit.System, Via: "job"}, full.ID); err != nil {
		t.Fatal(err)
	}
	look("proof", at+"/proof", 200)
	if asked := tab.Foreign(); len(asked) > 0 {
		t.Errorf("pages asked others: %v", asked)
	}
}

func TestMain(m *testing.M) { webtest.Main(m) }
