package refer

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/trust/account"
)

// addresses are every address of a referral, with whether something is posted there.
func (s *site) addresses(id ids.ID) map[string]bool {
	all := map[string]bool{}
	fill := strings.NewReplacer("{matter}", id.String(), "{question}", "under18", "{paper}", "package.json", "{programme}", referraltest.Harbour.String())
	for _, r := range s.area.Routes {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		all[method+" "+fill.Replace(pattern)] = method == "POST"
	}
	return all
}

// ready is a notification of the officer's that waits to be handed over.
func (s *site) ready() (id ids.ID, at string) {
	s.t.Helper()
	c := s.as(s.Officer)
	id, at = s.drafted(c)
	s.walk(c, at, answers)
	if got := c.Post(at+"/check", nil); got.Location() != at+"/package" {
		s.t.Fatalf("%d %.2000s", got.Code, got.Body)
	}
	return id, at
}

// TestPromise4NobodyElseComesNearAReferral: whoever is not given the case finds
// nothing, on every address.
func TestPromise4NobodyElseComesNearAReferral(t *testing.T) {
	s := newSite(t, "", Options{})
	id, _ := s.ready()
	looked := 0
	for name, a := range map[string]*account.Account{"administrator": s.Administrator, "coordinator": s.Coordinator, "auditor": s.Auditor, "partner": s.Partner,
		"another network": s.Stranger, "another agency's contact": s.Contact, "another agency's caseworker": s.Caseworker, "nobody": nil} {
		c := s.as(a)
		for address, post := range s.addresses(id) {
			if strings.Contains(address, "/programmes/") {
				continue // beginning one of their own is another matter
			}
			_, path, _ := strings.Cut(address, " ")
			got := c.Get(path)
			if post {
				got = c.Post(path, url.Values{"q-under18": {"no"}})
			}
			looked++
			if a == nil && got.Code == 303 && strings.HasPrefix(got.Location(), "/sign-in") {
				continue
			}
			if got.Code != 404 && got.Code != 403 || strings.Contains(got.Body, canary) {
				t.Errorf("%s at %s: %d", name, address, got.Code)
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d were looked at", looked)
	}
}

// TestAColleagueWhoIsNotOnTheCaseSeesNothing: belonging to the agency is not enough, and
// what was given is taken back at the next request.
func TestAColleagueWhoIsNotOnTheCaseSeesNothing(t *testing.T) {
	s := newSite(t, "", Options{})
	id, at := s.drafted(s.as(s.Caseworker))
	c := s.as(s.Colleague)
	if got := c.Get(at); got.Code != 404 && got.Code != 403 {
		t.Errorf("a colleague: %d", got.Code)
	}
	s.Make(s.Whole(id).Join(s.Colleague.ID, s.Who(s.Caseworker, referraltest.Harbour)))
	c.Get(at).Want(t, 200)
	grants, err := s.Grants(ctx, id)
	s.must(err)
	s.Make(s.Whole(id).Unshare(grants[0].ID, s.Who(s.Caseworker, referraltest.Harbour)), nil)
	if got := c.Get(at); got.Code != 404 && got.Code != 403 {
		t.Errorf("after it was taken back: %d", got.Code)
	}
}

// TestWhoMayBeginAReferral: an agency that may refer, and somebody of it.
func TestWhoMayBeginAReferral(t *testing.T) {
	s := newSite(t, "", Options{})
	for _, a := range []*account.Account{s.Officer, s.Caseworker, s.Contact} {
		s.as(a).Get(beginAt()).Want(t, 200, "Start a referral")
	}
	for _, a := range []*account.Account{s.Administrator, s.Coordinator, s.Auditor, s.Partner, s.Stranger} {
		if got := s.as(a).Get(beginAt()); got.Code != 404 && got.Code != 403 {
			t.Errorf("%s: %d", a.Name, got.Code)
		}
	}
	// Somebody with the role and no agency.
	s.must(s.SetMember(ctx, s.Who(s.Officer, referraltest.Harbour).By, referraltest.Harbour, s.Officer.ID, 0))
	if got := s.as(s.Officer).Post(beginAt(), nil); got.Code != 404 && got.Code != 403 {
		t.Errorf("without an agency: %d", got.Code)
	}
	// An agency that may not refer by the rules.
	charity := *s.Charity
	charity.Kind = "fire-and-rescue"
	s.must(s.PutAgency(ctx, s.Who(s.Officer, referraltest.Harbour).By, &charity))
	s.must(s.SetMember(ctx, s.Who(s.Officer, referraltest.Harbour).By, referraltest.Harbour, s.Officer.ID, charity.ID))
	if got := s.as(s.Officer).Post(beginAt(), nil); got.Code == 303 {
		t.Error("an agency that is no first responder begins a referral")
	}
}

// TestARestrictedOrClosedReferralStandsStill: nothing is saved, handed over or fetched.
func TestARestrictedOrClosedReferralStandsStill(t *testing.T) {
	s := newSite(t, "", Options{Service: "uk"})
	c := s.as(s.Officer)
	id, at := s.drafted(c)
	s.save(c, at, "under18", "no")
	s.Make(s.Whole(id).Restrict("the person asked", s.Who(s.Officer, referraltest.Harbour)))
	c.Get(at).Want(t, 200, "asked that nothing more be done")
	before := s.Row(id).Etag
	if got := c.Post(at+"/questions/reporting-region", url.Values{"q-reporting-region": {"wales"}}); got.Code == 303 {
		t.Errorf("saved: %d", got.Code)
	}
	for _, p := range []string{"/check", "/send", "/hand-over", "/thaw"} {
		if got := c.Post(at+p, url.Values{"how": {"post"}, "reason": {"x"}}); got.Code != 404 && got.Code != 403 {
			t.Errorf("%s: %d", p, got.Code)
		}
	}
	if s.Row(id).Etag != before {
		t.Error("a restricted case changed")
	}

	id, _ = s.ready()
	n, err := s.Network(ctx, referraltest.Harbour)
	s.must(err)
	s.Make(s.Whole(id).Closing(s.uk, n, referral.Mistaken, "begun twice", s.Who(s.Officer, referraltest.Harbour)))
	before = s.Row(id).Etag
	for address, post := range s.addresses(id) {
		if _, path, _ := strings.Cut(address, " "); post && !strings.Contains(path, "/programmes/") {
			c.Post(path, url.Values{"q-under18": {"yes"}, "how": {"post"}, "reason": {"x"}})
		}
	}
	if m := s.Row(id); m.Etag != before || m.State != referral.Closed {
		t.Errorf("a closed case changed: %+v", m)
	}
}
