package desk

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

func concerns() string { return "/programmes/" + referraltest.Harbour.String() + "/concerns" }

// handIn puts a concern into the store as a frontline worker hands it in.
func (s *site) handIn(answers rule.Answers) ids.ID {
	s.t.Helper()
	w := referral.Who{By: audit.Actor{Kind: audit.Visitor, Via: "web"}, At: s.Time()}
	if answers == nil {
		answers = rule.Answers{"danger": {"no"}, "age": {"adult"}, "words": {"Synthetic words of a worker"}, "signs-general": {"gen-fearful"}}
	}
	id := s.Make(referral.NewConcern(s.Fire, s.uk.Version, s.Time().Add(24*time.Hour), []byte(ids.New().String()), w))
	s.must(s.KeepRules(ctx, s.uk.Version, s.uk.Bundle()))
	c, _, err := s.Whole(id).SaveConcern(s.uk.Concern, answers, w)
	s.Make(c, err)
	due, err := s.Council.SeeBy(s.uk, "england-wales", s.Time())
	s.must(err)
	s.Make(s.Whole(id).HandIn(s.uk, s.uk.Today("england-wales", s.Time()), due, []byte(id.String()), w))
	return id
}

func concernAt(id ids.ID) string { return "/concerns/" + id.String() }

func TestTheListShowsCodesTimesAndTurnsAlone(t *testing.T) {
	s := newSite(t, "")
	c := s.as(s.Contact)
	c.Get(concerns()).Want(t, 200, "Nothing to do", "<title>Waymark</title>")
	id := s.handIn(rule.Answers{"danger": {"yes"}, "age": {"child"}, "words": {"Synthetic words of a worker"}})
	got := c.Get(concerns()).Want(t, 200, s.Row(id).Reference(), "Urgent", "Child", "Harbour Fire and Rescue", "2 h 0 min left", "Cem Synthetic", "Yours", "New")
	if strings.Contains(got.Body, "Synthetic words") {
		t.Error("the list shows what was written")
	}
	s.Pass(90 * time.Minute)
	c.Get(concerns()).Want(t, 200, "30 min left", "Cem Synthetic and Dia Synthetic")
	s.as(s.Deputy).Get(concerns()).Want(t, 200, "Yours")
	s.Pass(time.Hour)
	c.Get(concerns()).Want(t, 200, "30 min late")
	c.Get(concerns()+"?view=asked").Want(t, 200, "No question waits")
	c.Get(concerns()+"?view=decided&urgent=yes").Want(t, 200, "Nothing was decided yet")
	c.Get(concerns()+"?view=nonsense&after=nonsense").Want(t, 200)
	s.as(s.Contact).Get("/concerns").Want(t, 303)
}

func TestTheDeputyStepsInAtOnceWhileTheContactIsAway(t *testing.T) {
	s := newSite(t, "")
	s.handIn(nil)
	c := s.as(s.Contact)
	if got := s.as(s.Deputy).Get(concerns()); strings.Contains(got.Body, "Yours") {
		t.Error("it is the deputy’s turn at once")
	}
	goes(t, c.Post(concerns()+"/away", url.Values{"away": {"yes"}}), concerns())
	s.as(s.Deputy).Get(concerns()).Want(t, 200, "Yours")
	c.Get(concerns()).Want(t, 200, "You are away")
	s.as(s.Deputy).Post(concerns()+"/away", url.Values{"away": {"no"}}).Want(t, 404)
	goes(t, c.Post(concerns()+"/away", url.Values{"away": {"no"}}), concerns())
	s.as(s.Caseworker).Post(concerns()+"/away", url.Values{"away": {"yes"}}).Want(t, 404)
}

func TestFromNewToDecided(t *testing.T) {
	s := newSite(t, "")
	id := s.handIn(nil)
	at := concernAt(id)
	c := s.as(s.Contact)
	c.Get(at).Want(t, 200, "Synthetic words of a worker", "Seems afraid", "What this may mean", "It may also mean", "Nobody has taken this on yet", "Take it on", "<title>Waymark</title>", "data-exit")
	c.Get(at+"/decide").Want(t, 303)
	c.Post(at+"/decide", url.Values{"result": {"no-action"}, "reason": {"Synthetic reason"}}).Want(t, 422, "has changed meanwhile")
	goes(t, c.Post(at+"/take", nil), at)
	if m := s.Row(id); m.State != referral.Seen || m.Owner != s.Contact.ID || !m.Due.IsZero() {
		t.Errorf("taken on it is %+v", m)
	}
	c.Post(at+"/ask", url.Values{"text": {" "}}).Want(t, 422, `href="#f-text"`)
	goes(t, c.Post(at+"/ask", url.Values{"text": {"Which door?"}}), at)
	c.Get(at).Want(t, 200, "Which door?", "Waits for a reply", "The worker")
	f := s.Whole(id)
	s.Make(f.Reply(f.Of(referral.PartAsk)[0].ID, "The blue one", referral.Who{By: audit.Actor{Kind: audit.Visitor, Via: "web"}, At: s.Time()}))
	c.Get(at).Want(t, 200, "The blue one")
	c.Post(at+"/decide", url.Values{"result": {"perhaps"}, "reason": {""}}).Want(t, 422, `href="#f-result"`, `href="#f-reason"`)
	goes(t, c.Post(at+"/decide", url.Values{"result": {"intelligence"}, "reason": {"Synthetic reason"}}), at)
	if m := s.Row(id); m.State != referral.Decided || m.Result != referral.Intelligence || m.KeepUntil.IsZero() {
		t.Errorf("decided it is %+v", m)
	}
	c.Get(at).Want(t, 200, "Synthetic reason", "Decided: Intelligence", "To be erased on", "Open it again", "Who read it")
	c.Get(concerns()+"?view=decided").Want(t, 200, "Intelligence")
	goes(t, c.Post(at+"/reopen", url.Values{"reason": {"Something new"}}), at)
	if m := s.Row(id); m.State != referral.Seen || m.Result != "" || !m.KeepUntil.IsZero() {
		t.Errorf("opened again it is %+v", m)
	}
	s.as(s.Deputy).Get(at+"/assign").Want(t, 200, "Dia Synthetic")
	c.Post(at+"/assign", url.Values{"to": {s.Caseworker.ID.String()}, "reason": {"x"}}).Want(t, 422, `href="#f-to"`)
	goes(t, c.Post(at+"/assign", url.Values{"to": {s.Deputy.ID.String()}, "reason": {"Leave"}}), at)
	if m := s.Row(id); m.Owner != s.Deputy.ID {
		t.Error("it was not given to the deputy")
	}
}

func TestAReferralStartsFromWhatIsKnown(t *testing.T) {
	s := newSite(t, "")
	id := s.handIn(nil)
	at := concernAt(id)
	c := s.as(s.Contact)
	c.Post(at+"/refer", url.Values{}).Want(t, 404) // nobody has taken it on
	goes(t, c.Post(at+"/take", nil), at)
	for range 2 { // two people
		got := c.Post(at+"/refer", url.Values{})
		if got.Code != 303 || !strings.HasPrefix(got.Location(), "/cases/") || !strings.HasSuffix(got.Location(), "/referral") {
			t.Fatalf("%d to %q", got.Code, got.Location())
		}
	}
	found, err := s.ListMatters(ctx, referral.Filter{Network: referraltest.Harbour, Kind: referral.Case, Origin: id})
	s.must(err)
	if len(found.Matters) != 2 {
		t.Fatalf("there are %d cases", len(found.Matters))
	}
	m := found.Matters[0]
	if m.State != referral.Draft || m.Owner != s.Contact.ID || m.Agency != s.Council.ID || m.Rules != s.uk.Version {
		t.Errorf("the case is %+v", m)
	}
	c.Get(at).Want(t, 200, m.Reference(), "/cases/"+m.ID.String())
}

// TestNobodyElseComesNearAConcern tries every page of concerns as everybody who may
// not, and looks for a difference to what is not there.
func TestNobodyElseComesNearAConcern(t *testing.T) {
	s := newSite(t, "")
	id := s.handIn(nil)
	for _, route := range s.area.Routes {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		if !strings.HasPrefix(pattern, "/concerns/{matter}") {
			continue
		}
		for who, a := range map[string]*account.Account{"another network's contact": s.Stranger, "a partner": s.Partner, "an administrator": s.Administrator,
			"a coordinator": s.Coordinator, "a caseworker": s.Caseworker, "an officer": s.Officer, "an auditor": s.Auditor} {
			ask := func(path string) *pagetest.Answer {
				if method == "GET" {
					return s.as(a).Get(path)
				}
				return s.as(a).Post(path, url.Values{"result": {"no-action"}, "reason": {"x"}, "text": {"x"}})
			}
			got, none := ask(strings.Replace(pattern, "{matter}", id.String(), 1)), ask(strings.Replace(pattern, "{matter}", ids.New().String(), 1))
			if got.Code != 404 || len(got.Body) != len(none.Body) {
				t.Errorf("%s gets %d from %s", who, got.Code, route.Pattern)
			}
		}
	}
	if m := s.Row(id); m.State != referral.Received || m.Owner != 0 {
		t.Errorf("it is %+v", m)
	}
	s.as(s.Stranger).Get(concerns()).Want(t, 404)
	weak := pagetest.New(t, s.house, &pagetest.Person{Account: s.Contact, Session: page.Session{Fresh: true}}, matter.Area(), s.area)
	if got := weak.Get(concernAt(id)); got.Code != 303 || !strings.HasPrefix(got.Location(), page.StrongPath) {
		t.Errorf("a password alone gets %d", got.Code)
	}
}

// TestAnotherDeskOfTheNetworkReadsNothing: two desks in one network.
func TestAnotherDeskOfTheNetworkReadsNothing(t *testing.T) {
	s := newSite(t, "")
	id := s.handIn(nil)
	other := &account.Account{ID: ids.New(), Name: "Kai Synthetic", Email: "kai@example.org", Lang: "en", State: account.Active, Created: s.Time(), Password: "x",
		Members: []access.Membership{{Programme: referraltest.Harbour, Role: access.Contact}}}
	s.must(s.Accounts.AddAccount(ctx, account.Actor(1), other))
	second := &referral.Agency{Network: referraltest.Harbour, Name: "Harbour Hospital", Kind: "health", Desk: true, Contact: other.ID, DeputyAfter: 60, SeeWithin: 60}
	s.must(s.PutAgency(ctx, account.Actor(1), second))
	s.must(s.SetMember(ctx, account.Actor(1), referraltest.Harbour, other.ID, second.ID))
	s.as(other).Get(concerns()).Want(t, 200, "Nothing to do", "Harbour Hospital")
	s.as(other).Get(concernAt(id)).Want(t, 404)
	s.as(other).Post(concernAt(id)+"/take", nil).Want(t, 404)
	// Who leaves the agency leaves its concerns at the next request.
	s.as(s.Contact).Get(concernAt(id)).Want(t, 200)
	s.must(s.SetMember(ctx, account.Actor(1), referraltest.Harbour, s.Contact.ID, 0))
	s.as(s.Contact).Get(concernAt(id)).Want(t, 404)
	s.as(s.Contact).Get(concerns()).Want(t, 200, "No desk")
}

func TestWhatClashesOrFailsChangesNothing(t *testing.T) {
	s := newSite(t, "")
	id := s.handIn(nil)
	at := concernAt(id)
	one, two := s.as(s.Contact), s.as(s.Deputy)
	goes(t, one.Post(at+"/take", nil), at)
	goes(t, one.Post(at+"/decide", url.Values{"result": {"no-action"}, "reason": {"First"}}), at)
	two.Post(at+"/decide", url.Values{"result": {"refer"}, "reason": {"Second"}}).Want(t, 422, "has changed meanwhile", "Second")
	goes(t, two.Post(at+"/take", nil), at)
	if m := s.Row(id); m.Result != referral.NoAction || m.Owner != s.Contact.ID {
		t.Errorf("it is %+v", m)
	}
	s.Fail(fault.New(fault.Unavailable, fault.Place{}, "the database does not answer", "try again"))
	one.Post(at+"/reopen", url.Values{"reason": {"x"}}).Want(t, 503)
}

// TestTheDeskHearsOfAConcernWithinSeconds listens to the stream that the list opens.
func TestTheDeskHearsOfAConcernWithinSeconds(t *testing.T) {
	s := newSite(t, "")
	s.area = Area(Options{Kit: s.kit, Every: time.Millisecond})
	listen := func(a *account.Account, since string) (string, int) {
		handler, _, err := page.New(s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), s.area)
		s.must(err)
		wait, stop := context.WithTimeout(ctx, 20*time.Second)
		defer stop()
		r := httptest.NewRequestWithContext(wait, "GET", "http://waymark.test"+concerns()+"/news?since="+since, nil)
		w := &heard{ResponseRecorder: httptest.NewRecorder(), until: "data: ", stop: stop}
		page.Outer(s.house, handler).ServeHTTP(w, r)
		return w.Body.String(), w.Code
	}
	contact, err := s.Accounts.Account(ctx, s.Contact.ID)
	s.must(err)
	body := s.as(s.Contact).Get(concerns()).Body
	_, rest, _ := strings.Cut(body, "/news?since=")
	since, _, _ := strings.Cut(rest, `"`)
	s.Pass(time.Second)
	s.handIn(nil)
	if got, _ := listen(contact, since); !strings.Contains(got, "1 new concern: show") {
		t.Errorf("the desk hears %q", got)
	}
	stranger, err := s.Accounts.Account(ctx, s.Stranger.ID)
	s.must(err)
	if _, code := listen(stranger, since); code != 404 {
		t.Errorf("another network’s contact hears with %d", code)
	}
	if _, code := listen(contact, "nonsense"); code != 404 {
		t.Errorf("nonsense gives %d", code)
	}
}

// heard ends a stream once it held a text.
type heard struct {
	*httptest.ResponseRecorder
	until string
	stop  func()
}

func (h *heard) Write(b []byte) (int, error) {
	n, err := h.ResponseRecorder.Write(b)
	if strings.Contains(h.Body.String(), h.until) {
		h.stop()
	}
	return n, err
}

var _ http.Flusher = (*heard)(nil)
