package home

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// shelf is a store with what the start page reads.
type shelf struct {
	collection.Store
	programmes []*collection.Programme
	rounds     []*collection.Round
}

func (s shelf) ListProgrammes(context.Context) ([]*collection.Programme, error) {
	return s.programmes, nil
}

func (s shelf) ListRounds(_ context.Context, p ids.ID) ([]*collection.Round, error) {
	var in []*collection.Round
	for _, r := range s.rounds {
		if r.Programme == p {
			in = append(in, r)
		}
	}
	return in, nil
}

func (s shelf) Tallies(context.Context, ids.ID) ([]collection.Tally, error) {
	return []collection.Tally{{State: collection.Received, Count: 1200}, {State: collection.Received, Count: 34, Day: "2016-10-06"},
		{State: collection.HasIssues, Count: 3}, {State: collection.Approved, Count: 900}}, nil
}

type noAccounts struct{ account.Store }

func full() shelf {
	return shelf{
		programmes: []*collection.Programme{{ID: 1, Name: "Northern points (synthetic)", Demo: true}, {ID: 2, Name: "Southern points (synthetic)"}, {ID: 3, Name: "Another programme (synthetic)"}},
		rounds: []*collection.Round{
			{ID: 10, Programme: 1, Name: "Autumn 2016", State: collection.Closed, From: "2016-09-01", To: "2016-11-30"},
			{ID: 11, Programme: 1, Name: "Spring 2017", State: collection.Open, From: "2017-03-01"},
			{ID: 12, Programme: 3, Name: "Hidden round", State: collection.Open},
		}}
}

func house(t *testing.T, s shelf) *page.House {
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	return pagetest.House(page.House{Collection: s, Accounts: noAccounts{}, Policies: policies, Version: "1.0.0"})
}

// officer works in two programmes of three.
func officer() *pagetest.Person {
	who := pagetest.Somebody(1, access.DataOfficer)
	who.Account.Members = append(who.Account.Members, access.Membership{Programme: 2, Role: access.Coordinator})
	return who
}

func TestStart(t *testing.T) {
	h := house(t, full())
	a := pagetest.New(t, h, officer(), Area(h)).Get("/").Want(t, 200, "Northern points", "Southern points", "Autumn 2016",
		"1,234 new submissions in Spring 2017", "3 submissions with issues in Spring 2017", "2,137 submissions", "Add a round",
		`href="/rounds/`+ids.ID(11).String()+`/submissions?state=has-issues"`)
	for _, hidden := range []string{"Another programme", "Hidden round", "Audit log", "/people"} {
		if strings.Contains(a.Body, hidden) {
			t.Errorf("the page shows %q", hidden)
		}
	}
	pagetest.New(t, h, pagetest.Somebody(0, access.Administrator), Area(h)).Get("/").Want(t, 200, "Add a programme", "State of the system")
	if a := pagetest.New(t, h, pagetest.Somebody(1, access.Analyst), Area(h)).Get("/").Want(t, 200, "2,137 submissions"); strings.Contains(a.Body, "waits for you") {
		t.Error("an analyst, who reviews nothing, is told that something waits")
	}
}

func TestStartOfAnAuditor(t *testing.T) {
	h := house(t, full())
	a := pagetest.New(t, h, pagetest.Somebody(1, access.Auditor), Area(h)).Get("/").Want(t, 200,
		"Audit log of Northern points", "/programmes/"+ids.ID(1).String()+"/audit")
	if strings.Contains(a.Body, "Southern points") || strings.Contains(a.Body, "Spring 2017") || strings.Contains(a.Body, "no role") {
		t.Error("an auditor is shown more than the log, or told to have no role")
	}
	pagetest.New(t, h, pagetest.Somebody(0, access.Auditor), Area(h)).Get("/").Want(t, 200, `href="/audit"`)
}

// People of a network find their work from the start page: they see no rounds.
func TestStartOfAContact(t *testing.T) {
	h := house(t, full())
	a := pagetest.New(t, h, pagetest.Somebody(1, access.Contact), Area(h)).Get("/").Want(t, 200,
		"Concerns of Northern points", "/programmes/"+ids.ID(1).String()+"/concerns", "Cases of Northern points")
	if strings.Contains(a.Body, "Southern points") || strings.Contains(a.Body, "Spring 2017") || strings.Contains(a.Body, "no role") {
		t.Error("a contact is shown more than the network, or told to have no role")
	}
}

func TestStartWhereThereIsNothing(t *testing.T) {
	h := house(t, shelf{})
	pagetest.New(t, h, pagetest.Somebody(0, access.Administrator), Area(h)).Get("/").Want(t, 200, "Begin with a programme", "/programmes/new")
	pagetest.New(t, h, pagetest.Somebody(1, access.Reviewer), Area(h)).Get("/").Want(t, 200, "no role in a programme")
	if a := pagetest.New(t, h, &pagetest.Person{}, Area(h)).Get("/"); a.Location() != "/sign-in?to=%2F" {
		t.Errorf("a visitor is sent to %q", a.Location())
	}
}

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, Area(house(t, shelf{}))) }

func TestInTheBrowser(t *testing.T) {
	s := webtest.NewServer(t)
	h := house(t, full())
	h.Base = s.Base
	pages, _, err := page.New(h, officer(), Area(h))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", pages)
	s.Serve(t, page.Outer(h, mux))
	for _, lang := range page.Languages {
		tab := s.Tab(t)
		tab.Cookie("lang", lang)
		for path, name := range map[string]string{"/": "start", "/about": "about", "/privacy": "privacy", "/accessibility": "accessibility"} {
			if code := tab.Go(path); code != 200 {
				t.Fatalf("%s is answered with %d", path, code)
			}
			tab.Axe()
			tab.Screenshot("home-" + lang + "-" + name)
		}
	}
}
