package desk

import (
	"context"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var ctx = context.Background()

// site is the pages over a world, with the real policies.
type site struct {
	*referraltest.World
	t     testing.TB
	kit   *matter.Kit
	house *page.House
	area  page.Area
	uk    *rule.Pathway
}

func newSite(t testing.TB, base string) *site {
	t.Helper()
	s := &site{t: t}
	s.World = referraltest.NewWorld(t, digest)
	policies, err := access.Load()
	s.must(err)
	s.house = pagetest.House(page.House{Collection: s.Collection, Accounts: s.Accounts, Policies: policies, Now: s.Time, Secret: referraltest.Secret, Base: base})
	rules, err := rule.Builtin()
	s.must(err)
	s.uk = rules["uk"]
	s.kit, err = matter.New(matter.Options{House: s.house, Store: s.Memory, Library: referral.NewLibrary(s.Memory, rules["uk"], rules["it"])})
	s.must(err)
	s.area = Area(Options{Kit: s.kit, QR: square})
	return s
}

// square stands for a QR code.
func square(w io.Writer, _, label string) error {
	_, err := io.WriteString(w, `<svg viewBox="0 0 9 9" role="img" aria-label="`+label+`"></svg>`)
	return err
}

func digest(token string) []byte {
	return (&matter.Kit{Options: matter.Options{Secret: referraltest.Secret}}).Digest(matter.LinkKind, token)
}

func (s *site) must(err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatal(err)
	}
}

// as is a browser in which somebody is signed in, freshly and with a second factor.
func (s *site) as(a *account.Account) *pagetest.Client {
	s.t.Helper()
	if a != nil {
		var err error
		a, err = s.Accounts.Account(ctx, a.ID)
		s.must(err)
	}
	return pagetest.New(s.t, s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), s.area)
}

func network(below string) string {
	return "/programmes/" + referraltest.Harbour.String() + "/network" + below
}

func goes(t testing.TB, a *pagetest.Answer, to string) {
	t.Helper()
	if a.Code != 303 || a.Location() != to {
		t.Fatalf("the answer is %d to %q, wanted a redirect to %q; %.2000s", a.Code, a.Location(), to, a.Body)
	}
}

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, newSite(t, "").area) }

func TestACoordinatorMakesAProgrammeANetwork(t *testing.T) {
	s := newSite(t, "")
	s.must(s.Accounts.SetMember(ctx, account.Actor(1), s.Coordinator.ID, access.Membership{Programme: referraltest.Plain, Role: access.Coordinator}, true))
	c := s.as(s.Coordinator)
	at := "/programmes/" + referraltest.Plain.String() + "/network"
	c.Get(at).Want(t, 200, "This programme is no network", at+"/new")
	c.Get(at+"/new").Want(t, 200, "England and Wales", "These rules are an example")
	c.Post(at+"/new", url.Values{"pathway": {"uk/atlantis"}, "accept": {"0"}}).Want(t, 422, `href="#f-pathway"`, `href="#f-accept"`)
	goes(t, c.Post(at+"/new", url.Values{"pathway": {"uk/scotland"}, "accept": {"3"}}), at)
	n, err := s.Network(ctx, referraltest.Plain)
	s.must(err)
	if n.Pathway != "uk" || n.Nation != "scotland" || n.AcceptWithin != 3 || n.Version != s.uk.Version {
		t.Errorf("the network is %+v", n)
	}
	if _, err := s.Rules(ctx, n.Version); err != nil {
		t.Errorf("the text of its rules was not kept: %v", err)
	}
	c.Post(at+"/new", url.Values{"pathway": {"it/italy"}, "accept": {"3"}}).Want(t, 422)
	c.Get(at).Want(t, 200, "Scotland", "3 working days", "No agency yet")
	goes(t, c.Post(at+"/change", url.Values{"accept": {"5"}, "etag": {"1"}}), at)
	c.Post(at+"/change", url.Values{"accept": {"6"}, "etag": {"1"}}).Want(t, 422, "Somebody else changed this meanwhile")
}

func TestAgenciesSayWhatTheRulesSayOfThem(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.Coordinator)
	c.Get(network("")).Want(t, 200, "Harbour Council", "May refer", "Must notify", "Goes through a desk", "Cem Synthetic", "Harbour Fire and Rescue")
	c.Get(network("/agencies/"+s.Council.ID.String())).Want(t, 200, "Modern Slavery Act 2015, section 52", "After 60 minutes", "120 minutes of open hours", "Dia Synthetic")
	fields := url.Values{"name": {"Harbour Health"}, "kind": {"health"}, "after": {"60"}, "see": {"120"}, "from": {"09:00"}, "to": {"17.30"}}
	got := c.Post(network("/agencies/new"), fields)
	if got.Code != 303 {
		t.Fatalf("%d %.2000s", got.Code, got.Body)
	}
	c.Get(got.Location()).Want(t, 200, "Harbour Health", "The change was saved")
	for _, wrong := range []struct {
		set  url.Values
		says string
	}{
		{url.Values{"desk": {"yes"}}, "choose who looks at concerns"},
		{url.Values{"desk": {"yes"}, "contact": {s.Contact.ID.String()}}, "belongs to another agency"},
		{url.Values{"contact": {s.Officer.ID.String()}}, "choose"},
		{url.Values{"from": {"9 o’clock"}}, "Write a time of day"},
		{url.Values{"kind": {"ministry"}}, `href="#f-kind"`},
		{url.Values{"name": {strings.Repeat("x", 121)}}, `href="#f-name"`},
	} {
		f := url.Values{}
		for k, v := range fields {
			f[k] = v
		}
		for k, v := range wrong.set {
			f[k] = v
		}
		c.Post(network("/agencies/new"), f).Want(t, 422, wrong.says)
	}
	f := url.Values{"name": {"Harbour Council"}, "kind": {"local-authority"}, "desk": {"yes"}, "contact": {s.Contact.ID.String()}, "deputy": {s.Contact.ID.String()},
		"after": {"60"}, "see": {"120"}, "from": {"09:00"}, "to": {"17:00"}, "etag": {"1"}}
	change := network("/agencies/" + s.Council.ID.String() + "/change")
	c.Post(change, f).Want(t, 422, "choose another person than the contact")
	f.Set("deputy", s.Deputy.ID.String())
	f.Set("away", "yes")
	goes(t, c.Post(change, f), strings.TrimSuffix(change, "/change"))
	c.Post(change, f).Want(t, 422, "Somebody else changed this meanwhile")
	if a, _ := s.Agency(ctx, s.Council.ID); !a.ContactAway {
		t.Error("the contact is not away")
	}
}

func TestWhoBelongsWhere(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.Coordinator)
	c.Get(network("/members")).Want(t, 200, "Hana Synthetic")
	of := func(a *account.Account, was, to string) url.Values {
		return url.Values{"of." + a.ID.String(): {to}, "was." + a.ID.String(): {was}}
	}
	goes(t, c.Post(network("/members"), of(s.Partner, s.Charity.ID.String(), s.Police.ID.String())), network(""))
	if id, _ := s.AgencyOf(ctx, referraltest.Harbour, s.Partner.ID); id != s.Police.ID {
		t.Error("the partner was not moved")
	}
	c.Post(network("/members"), of(s.Partner, s.Charity.ID.String(), s.Council.ID.String())).Want(t, 422, "Somebody else changed this")
	c.Post(network("/members"), of(s.Partner, s.Police.ID.String(), s.Far.ID.String())).Want(t, 422, "Choose one of the agencies")
	c.Post(network("/members"), of(s.Contact, s.Council.ID.String(), "")).Want(t, 422, "change the desk first")
}

var addressOn = regexp.MustCompile(`http://waymark\.test/report/([A-Za-z0-9_-]{43})<`)

func TestALinkIsShownOnceAndRevokedAtOnce(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.Coordinator)
	c.Get(network("/links/new")).Want(t, 200, "shown only once", "Harbour Council")
	c.Post(network("/links/new"), url.Values{"name": {""}, "desk": {s.Far.ID.String()}}).Want(t, 422, `href="#f-name"`, `href="#f-desk"`, `href="#f-kind"`)
	got := c.Post(network("/links/new"), url.Values{"name": {"Harbour Housing"}, "kind": {"housing"}, "desk": {s.Council.ID.String()}, "lang": {"fr"}})
	got.Want(t, 200, "Harbour Housing", `lang="fr"`, "Imprimer")
	m := addressOn.FindStringSubmatch(got.Body)
	if m == nil {
		t.Fatalf("no address on the sheet: %.2000s", got.Body)
	}
	l, err := s.LinkByToken(ctx, digest(m[1]))
	s.must(err)
	if strings.Contains(c.Get(network("")).Want(t, 200, "Harbour Housing").Body, m[1]) {
		t.Error("the list shows the token again")
	}
	revoke := network("/links/" + l.ID.String() + "/revoke")
	c.Get(revoke).Want(t, 200, "Revoke the link of Harbour Housing?")
	goes(t, c.Post(revoke, nil), network(""))
	if _, err := s.LinkByToken(ctx, digest(m[1])); err == nil {
		t.Error("the revoked link still works")
	}
	goes(t, c.Post(revoke, nil), network(""))
	c.Get(network("")).Want(t, 200, "Revoked")
}

// TestNobodyElseSetsTheNetworkUp tries every page of set-up as everybody who may not.
func TestNobodyElseSetsTheNetworkUp(t *testing.T) {
	s := newSite(t, "")
	other := strings.Replace(network(""), referraltest.Harbour.String(), referraltest.Upland.String(), 1)
	for _, route := range s.area.Routes {
		if !strings.Contains(route.Pattern, "/network") {
			continue
		}
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		path := strings.NewReplacer("{programme}", referraltest.Harbour.String(), "{agency}", s.Council.ID.String(), "{link}", s.Fire.ID.String()).Replace(pattern)
		for who, a := range map[string]*account.Account{"a contact": s.Contact, "a caseworker": s.Caseworker, "an officer": s.Officer, "a partner": s.Partner,
			"another network's contact": s.Stranger, "an auditor": s.Auditor} {
			var got *pagetest.Answer
			if method == "GET" {
				got = s.as(a).Get(path)
			} else {
				got = s.as(a).Post(path, url.Values{"name": {"x"}})
			}
			if may := route.Action == access.NetworkView && a != s.Stranger && a != s.Auditor; may != (got.Code == 200) || !may && got.Code != 404 {
				t.Errorf("%s gets %d from %s", who, got.Code, route.Pattern)
			}
		}
		if method == "GET" {
			if got := s.as(s.Coordinator).Get(strings.Replace(path, network(""), other, 1)); got.Code != 404 {
				t.Errorf("a coordinator gets %d from %s of another network", got.Code, route.Pattern)
			}
			if got := s.as(nil).Get(path); got.Code != 303 {
				t.Errorf("a visitor gets %d from %s", got.Code, route.Pattern)
			}
		}
	}
}

func TestAgenciesOfAnotherNetworkAreNotThere(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.Coordinator)
	c.Get(network("/agencies/"+s.Far.ID.String())).Want(t, 404)
	c.Post(network("/agencies/"+s.Far.ID.String()+"/change"), url.Values{"name": {"x"}}).Want(t, 404)
	l := &referral.Link{Network: referraltest.Upland, Desk: s.Far.ID, Name: "Upland Fire", Kind: "fire-and-rescue"}
	s.must(s.PutLink(ctx, account.Actor(1), l, []byte("x")))
	c.Post(network("/links/"+l.ID.String()+"/revoke"), nil).Want(t, 404)
}
