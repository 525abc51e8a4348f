package people

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/account/accounttest"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var ctx = context.Background()

// Two programmes, of made-up names.
const north, south ids.ID = 7, 8

type programmeStore struct{ collection.Store }

func (programmeStore) ListProgrammes(context.Context) ([]*collection.Programme, error) {
	return []*collection.Programme{{ID: north, Name: "Northern Route"}, {ID: south, Name: "Southern Route"}}, nil
}

func (s programmeStore) Programme(ctx context.Context, id ids.ID) (*collection.Programme, error) {
	list, _ := s.ListProgrammes(ctx)
	for _, p := range list {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.Place{}, "there is no such programme", "")
}

func (programmeStore) ListRounds(context.Context, ids.ID) ([]*collection.Round, error) {
	return nil, nil
}

// site is the area over an empty store, with the real policies and some people.
type site struct {
	t       testing.TB
	store   *accounttest.Memory
	service *account.Service
	house   *page.House
	admin   *account.Account
	leads   *account.Account // coordinates the north
	reviews *account.Account // reviews the north
	away    *account.Account // analyses the south
}

func newSite(t testing.TB, base string) *site {
	t.Helper()
	s := &site{t: t, store: accounttest.New()}
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	s.house = pagetest.House(page.House{Collection: programmeStore{}, Accounts: s.store, Policies: policies, Base: base})
	if s.service, err = account.New(account.Settings{Store: s.store, Now: s.house.Now, Base: s.house.Base, Secret: s.house.Secret,
		Cost: account.Cost{Memory: 64, Time: 1, Threads: 1}}); err != nil {
		t.Fatal(err)
	}
	s.admin = s.add("Ada Synthetic", "ada@example.org", access.Membership{Role: access.Administrator})
	s.leads = s.add("Bo Synthetic", "bo@example.org", access.Membership{Programme: north, Role: access.Coordinator})
	s.reviews = s.add("Cem Synthetic", "cem@example.org", access.Membership{Programme: north, Role: access.Reviewer})
	s.away = s.add("Dia Synthetic", "dia@example.org", access.Membership{Programme: south, Role: access.Analyst})
	return s
}

func (s *site) add(name, email string, m access.Membership) *account.Account {
	s.t.Helper()
	a := &account.Account{ID: ids.New(), Name: name, Email: email, Lang: "en", State: account.Active, Created: pagetest.Now, Password: "x", Members: []access.Membership{m}}
	if err := s.store.AddAccount(ctx, account.Actor(1), a); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// as is a browser in which someone is signed in, who proved who they are just now
// if fresh is set.
func (s *site) as(a *account.Account, fresh bool) *pagetest.Client {
	return pagetest.New(s.t, s.house, &pagetest.Person{Account: s.read(a.ID), Session: page.Session{Strong: true, Fresh: fresh}}, Area(s.house, s.service))
}

func (s *site) read(id ids.ID) *account.Account {
	s.t.Helper()
	a, err := s.store.Account(ctx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func goes(t testing.TB, a *pagetest.Answer, to string) {
	t.Helper()
	if a.Code != 303 || a.Location() != to {
		t.Fatalf("the answer is %d to %q, wanted a redirect to %q; %.2000s", a.Code, a.Location(), to, a.Body)
	}
}

var linkOn = regexp.MustCompile(`<code>(http://waymark\.test/link/([A-Za-z0-9_-]{43}))</code>`)

func TestWords(t *testing.T) {
	s := newSite(t, "")
	pagetest.CheckLanguages(t, Area(s.house, s.service))
}

func TestListsByWhoLooks(t *testing.T) {
	s := newSite(t, "")
	all := s.as(s.admin, true).Get("/people").Want(t, 200, "Ada Synthetic", "Dia Synthetic", "Reviewer in Northern Route", "Administrator, of the whole system")
	if !strings.Contains(all.Body, "/people/"+s.away.ID.String()) {
		t.Error("no way to a person")
	}
	c := s.as(s.leads, true)
	c.Get("/people").Want(t, 404)
	mine := c.Get("/programmes/"+north.String()+"/people").Want(t, 200, "Bo Synthetic", "Cem Synthetic")
	for _, hidden := range []string{"Ada Synthetic", "Dia Synthetic"} {
		if strings.Contains(mine.Body, hidden) {
			t.Errorf("a coordinator sees %s", hidden)
		}
	}
	c.Get("/programmes/"+south.String()+"/people").Want(t, 404)
	c.Get("/programmes/"+north.String()+"/people/"+s.away.ID.String()).Want(t, 404)
	c.Get("/people/"+s.reviews.ID.String()).Want(t, 404)
	s.as(s.reviews, true).Get("/programmes/"+north.String()+"/people").Want(t, 404)
}

func TestInvite(t *testing.T) {
	s := newSite(t, "")
	goes(t, s.as(s.admin, false).Get("/people/new"), "/sign-in/again?to=%2Fpeople%2Fnew")
	c := s.as(s.admin, true)
	c.Get("/people/new").Want(t, 200, "Northern Route", "The whole system", "Cannot read interviews")
	c.Post("/people/new", url.Values{"name": {""}, "email": {"nobody"}}).Want(t, 422, "must be filled in", "write one like", "choose from what is offered", `value="nobody"`)
	c.Post("/people/new", url.Values{"name": {"E"}, "email": {"e@example.org"}, "role": {"reviewer"}, "where": {"system"}}).Want(t, 422, "Only administrators and auditors")
	c.Post("/people/new", url.Values{"name": {"E"}, "email": {"e@example.org"}, "role": {"tour"}, "where": {north.String()}}).Want(t, 422, "choose from what is offered")
	made := c.Post("/people/new", url.Values{"name": {"Eve Synthetic"}, "email": {"eve@example.org"}, "role": {"data-officer"}, "where": {north.String()}}).
		Want(t, 200, "A link for Eve Synthetic", "shown only now", "5 March 2026, 10:30")
	m := linkOn.FindStringSubmatch(made.Body)
	if m == nil {
		t.Fatalf("no link: %s", made.Body)
	}
	if _, err := s.service.Open(ctx, m[2]); err != nil {
		t.Error(err)
	}
	// Someone who is there gets the role and no link.
	there := c.Post("/people/new", url.Values{"name": {"X"}, "email": {"DIA@example.org"}, "role": {"publisher"}, "where": {north.String()}})
	goes(t, there, "/people/"+s.away.ID.String())
	c.Get("/people/"+s.away.ID.String()).Want(t, 200, "has an account already", "Publisher in Northern Route")
	c.Post("/people/new", url.Values{"name": {"X"}, "email": {"ada@example.org"}, "role": {"auditor"}, "where": {"system"}}).Want(t, 403, "Nobody changes their own roles")
}

func TestCoordinatorsInviteIntoTheirProgramme(t *testing.T) {
	s := newSite(t, "")
	root := "/programmes/" + north.String() + "/people"
	c := s.as(s.leads, true)
	form := c.Get(root + "/new")
	form.Want(t, 200, "Reviewer")
	if strings.Contains(form.Body, `value="administrator"`) || strings.Contains(form.Body, "Southern Route") {
		t.Error("a coordinator is offered what is not theirs to give")
	}
	c.Post(root+"/new", url.Values{"name": {"E"}, "email": {"e@example.org"}, "role": {"administrator"}}).Want(t, 422, "may not give or take this role")
	// A programme in the form is not looked at.
	made := c.Post(root+"/new", url.Values{"name": {"Eve Synthetic"}, "email": {"eve@example.org"}, "role": {"reviewer"}, "where": {south.String()}}).Want(t, 200, "A link for Eve Synthetic")
	eve, err := s.store.AccountByEmail(ctx, "eve@example.org")
	if err != nil || len(eve.Members) != 1 || eve.Members[0].Programme != north {
		t.Fatalf("%+v %v", eve, err)
	}
	first := linkOn.FindStringSubmatch(made.Body)[2]
	// They may make the invitation again, and no link for anyone who is in.
	c.Get(root+"/"+eve.ID.String()).Want(t, 200, "Make a new invitation link")
	again := c.Post(root+"/"+eve.ID.String()+"/link", url.Values{"renew": {"yes"}}).Want(t, 200, "A link for Eve Synthetic", "lets in whoever has it")
	if _, err := s.service.Open(ctx, first); err == nil {
		t.Error("the earlier link still works")
	}
	if _, err := s.service.Open(ctx, linkOn.FindStringSubmatch(again.Body)[2]); err != nil {
		t.Error(err)
	}
	c.Get(root+"/"+s.reviews.ID.String()+"/link").Want(t, 404)
	c.Post(root+"/"+s.reviews.ID.String()+"/link", nil).Want(t, 404)
	// Nor for someone invited elsewhere too.
	if err := s.store.SetMember(ctx, account.Actor(1), eve.ID, access.Membership{Programme: south, Role: access.Coordinator}, true); err != nil {
		t.Fatal(err)
	}
	c.Post(root+"/"+eve.ID.String()+"/link", nil).Want(t, 404)
	for _, below := range []string{"/suspend", "/restore", "/sessions", "/hand-over"} {
		c.Post("/people/"+eve.ID.String()+below, nil).Want(t, 404)
	}
}

func TestRoles(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.admin, true)
	page := "/people/" + s.reviews.ID.String()
	c.Get(page+"/roles").Want(t, 200, "Reviewer in Northern Route", "Take away")
	c.Post(page+"/roles", url.Values{"role": {"analyst"}}).Want(t, 422, "choose from what is offered")
	goes(t, c.Post(page+"/roles", url.Values{"role": {"analyst"}, "where": {south.String()}}), page)
	c.Get(page).Want(t, 200, "The role is given", "Analyst in Southern Route")
	goes(t, c.Post(page+"/roles", url.Values{"take": {north.String() + " reviewer"}}), page)
	c.Get(page).Want(t, 200, "The role is taken away")
	c.Post(page+"/roles", url.Values{"take": {north.String() + " reviewer"}}).Want(t, 404)
	if got := s.read(s.reviews.ID).Members; len(got) != 1 || got[0].Role != access.Analyst {
		t.Errorf("%v", got)
	}
	own := "/people/" + s.admin.ID.String()
	c.Post(own+"/roles", url.Values{"take": {" administrator"}}).Want(t, 403, "Nobody changes their own roles")
	c.Get(own).Want(t, 200, "This is you")
	// In a programme, taking the last role leads back to its list.
	b := s.as(s.leads, true)
	d := s.add("Eve Synthetic", "eve@example.org", access.Membership{Programme: north, Role: access.Publisher})
	root := "/programmes/" + north.String() + "/people"
	goes(t, b.Post(root+"/"+d.ID.String()+"/roles", url.Values{"take": {north.String() + " publisher"}}), root)
	b.Get(root+"/"+d.ID.String()).Want(t, 404)
	// A local administrator's role is not a coordinator's to take.
	if err := s.store.SetMember(ctx, account.Actor(1), s.reviews.ID, access.Membership{Programme: north, Role: access.Administrator}, true); err != nil {
		t.Fatal(err)
	}
	b.Get(root+"/"+s.reviews.ID.String()+"/roles").Want(t, 200, "Only an administrator of the whole system")
	b.Post(root+"/"+s.reviews.ID.String()+"/roles", url.Values{"take": {north.String() + " administrator"}}).Want(t, 403, "may not give or take")
}

func TestSuspendRestoreSessionsLinks(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.admin, true)
	page := "/people/" + s.reviews.ID.String()
	c.Get(page).Want(t, 200, "Suspend", "Make a link for a new password", "Hand over their work", "End all their sessions")
	c.Get(page+"/suspend").Want(t, 200, "Suspend Cem Synthetic?")
	goes(t, c.Post(page+"/suspend", nil), page)
	c.Get(page).Want(t, 200, "Suspended", "Restore")
	c.Get(page+"/link").Want(t, 404)
	c.Post(page+"/link", nil).Want(t, http.StatusConflict)
	goes(t, c.Post(page+"/restore", nil), page)
	c.Post(page+"/restore", nil).Want(t, 422, "not suspended")
	before := s.read(s.reviews.ID).Epoch
	goes(t, c.Post(page+"/sessions", nil), page)
	if s.read(s.reviews.ID).Epoch == before {
		t.Error("sessions go on")
	}
	c.Get(page+"/link").Want(t, 200, "false voice on the phone", `name="renew"`)
	c.Post(page+"/link", nil).Want(t, 200, "sets a new password")
	c.Post(page+"/link", url.Values{"renew": {"yes"}}).Want(t, 200, "sets up the account anew")
	own := "/people/" + s.admin.ID.String()
	for _, below := range []string{"/suspend", "/restore", "/sessions", "/hand-over", "/link"} {
		c.Get(own+below).Want(t, 404)
		c.Post(own+below, nil).Want(t, 404)
	}
	c.Get("/people/0000000000001").Want(t, 404)
	c.Get("/people/x").Want(t, 404)
}

func TestLastAdministratorStays(t *testing.T) {
	s := newSite(t, "")
	// Someone whose administrator's role was taken while they looked at the page.
	second := s.add("Fay Synthetic", "fay@example.org", access.Membership{Role: access.Administrator})
	c := s.as(second, true)
	if err := s.store.SetMember(ctx, account.Actor(1), second.ID, access.Membership{Role: access.Administrator}, false); err != nil {
		t.Fatal(err)
	}
	c.Post("/people/"+s.admin.ID.String()+"/suspend", nil).Want(t, 422, "the last administrator")
	c.Post("/people/"+s.admin.ID.String()+"/roles", url.Values{"take": {" administrator"}}).Want(t, 422, "the last administrator")
}

func TestHandOver(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.admin, true)
	page := "/people/" + s.reviews.ID.String() + "/hand-over"
	form := c.Get(page).Want(t, 200, "Reviewer in Northern Route", "Dia Synthetic")
	if strings.Contains(form.Body, `<option value="`+s.admin.ID.String()) || strings.Contains(form.Body, `<option value="`+s.reviews.ID.String()) {
		t.Error("work can be handed to oneself or to who leaves")
	}
	c.Post(page, nil).Want(t, 422, "choose from what is offered")
	c.Post(page, url.Values{"to": {s.admin.ID.String()}}).Want(t, 422, "choose from what is offered")
	goes(t, c.Post(page, url.Values{"to": {s.away.ID.String()}}), "/people/"+s.away.ID.String())
	c.Get("/people/"+s.away.ID.String()).Want(t, 200, "The work is handed over", "Reviewer in Northern Route", "Analyst in Southern Route")
	if left := s.read(s.reviews.ID); left.State != account.Suspended || len(left.Members) != 0 {
		t.Errorf("%+v", left)
	}
}

// TestPromise15NoPersonInAddresses: no address of these pages names a person.
func TestPromise15NoPersonInAddresses(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.admin, true)
	links := regexp.MustCompile(`(?:href|action)="([^"]*)"`)
	for _, path := range []string{"/people", "/people/new", "/people/" + s.reviews.ID.String(), "/people/" + s.reviews.ID.String() + "/roles", "/people/" + s.reviews.ID.String() + "/hand-over"} {
		for _, m := range links.FindAllStringSubmatch(c.Get(path).Body, -1) {
			for _, personal := range []string{"@", "%40", "synthetic", "example.org"} {
				if strings.Contains(strings.ToLower(m[1]), personal) {
					t.Errorf("%s links to %s", path, m[1])
				}
			}
		}
	}
}

// TestMarkupInNames: what people type as a name is text on every page.
func TestMarkupInNames(t *testing.T) {
	s := newSite(t, "")
	evil := s.add(`<script>alert(1)</script>{{.}}"'`, "evil@example.org", access.Membership{Programme: north, Role: access.Reviewer})
	c := s.as(s.admin, true)
	for _, path := range []string{"/people", "/people/" + evil.ID.String(), "/people/" + evil.ID.String() + "/roles", "/people/" + evil.ID.String() + "/suspend", "/people/" + evil.ID.String() + "/link", "/people/" + s.reviews.ID.String() + "/hand-over"} {
		if body := c.Get(path).Want(t, 200, "&lt;script&gt;").Body; strings.Contains(body, "<script>alert") {
			t.Errorf("%s holds a script", path)
		}
	}
}

// TestBrowserPages holds the pages against axe-core, the keyboard and narrow windows.
func TestBrowserPages(t *testing.T) {
	server := webtest.NewServer(t)
	s := newSite(t, server.Base)
	person := &pagetest.Person{Account: s.read(s.admin.ID), Session: page.Session{Strong: true, Fresh: true}}
	handler, _, err := page.New(s.house, person, Area(s.house, s.service))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", page.Outer(s.house, handler))
	mux.Handle(assets.Prefix, assets.Handler())
	tab := server.Serve(t, mux).Tab(t)
	look := func(name string) {
		t.Helper()
		tab.Axe()
		tab.Keyboard()
		tab.Screenshot(name)
	}
	tab.Go("/people")
	look("people-list")
	tab.Press("Let someone in")
	look("people-new")
	tab.Fill("name", "Eve Synthetic")
	if code := tab.Press("Make the link"); code != 422 {
		t.Fatalf("%d", code)
	}
	look("people-new-error")
	tab.Fill("email", "eve@example.org")
	tab.Choose("where", north.String())
	tab.Choose("role", "reviewer")
	if code := tab.Press("Make the link"); code != 200 {
		t.Fatalf("%d", code)
	}
	look("people-link")
	tab.Press("I have handed it over")
	look("people-person")
	for _, x := range []string{"roles", "suspend", "link", "hand-over"} {
		tab.Go("/people/" + s.reviews.ID.String() + "/" + x)
		look("people-" + x)
	}
	tab.Press("العربية")
	look("people-hand-over-ar")
	person.Account = s.read(s.leads.ID)
	tab.Go("/programmes/" + north.String() + "/people")
	look("people-programme-ar")
}
