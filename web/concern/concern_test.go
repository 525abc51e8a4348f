package concern

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var ctx = context.Background()

const at = "/report/" + referraltest.Token

// site is the pages over a world, with the real policies and a log that is looked at.
type site struct {
	*referraltest.World
	t     testing.TB
	kit   *matter.Kit
	house *page.House
	area  page.Area
	log   *bytes.Buffer
}

func newSite(t testing.TB, base string) *site {
	t.Helper()
	s := &site{t: t, log: &bytes.Buffer{}}
	s.World = referraltest.NewWorld(t, func(token string) []byte {
		return (&matter.Kit{Options: matter.Options{Secret: referraltest.Secret}}).Digest(matter.LinkKind, token)
	})
	policies, err := access.Load()
	s.must(err)
	s.house = pagetest.House(page.House{Collection: s.Collection, Accounts: s.Accounts, Policies: policies, Now: s.Time,
		Secret: referraltest.Secret, Base: base, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	rules, err := rule.Builtin()
	s.must(err)
	s.kit, err = matter.New(matter.Options{House: s.house, Store: s.Memory, Library: referral.NewLibrary(s.Memory, rules["uk"])})
	s.must(err)
	s.area = Area(s.kit)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	return s
}

func (s *site) must(err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatal(err)
	}
}

// phone is a browser without an account.
func (s *site) phone() *pagetest.Client {
	return pagetest.New(s.t, s.house, &pagetest.Person{}, matter.Area(), s.area)
}

func goes(t testing.TB, a *pagetest.Answer, to string) *pagetest.Answer {
	t.Helper()
	if a.Code != 303 || a.Location() != to {
		t.Fatalf("the answer is %d to %q, wanted a redirect to %q; %.2000s", a.Code, a.Location(), to, a.Body)
	}
	return a
}

// canary stands in every field that takes words.
const canary = "Synthetic-Canary"

// typed are answers with two themes.
var typed = url.Values{"q-danger": {"yes"}, "q-age": {"unsure"}, "q-people": {"few"},
	"q-signs-general": {"gen-fearful", "gen-no-documents"}, "q-themes": {"work", "home"},
	"q-place": {canary + " place"}, "q-when": {"now"}, "q-still": {"there"}, "q-words": {canary + " words"}, "q-told": {"nobody"}, "q-aware": {"no"},
	"q-contact-name": {canary + " name"}, "q-contact-phone": {"020 7946 0999"}, "q-contact-when": {canary + " evenings"}}

var fieldOn = regexp.MustCompile(`(?:<input|<textarea|<select)[^>]* name="(q-[a-z-]+)"`)

// answer fills in every page until the advice, and returns the pages that were asked.
func answer(t testing.TB, c *pagetest.Client) []string {
	t.Helper()
	goes(t, c.Post(at+"/start", nil), at+"/form")
	var pages []string
	next := c.Get(at + "/form").Location()
	for strings.HasPrefix(next, at+"/form/") {
		pages = append(pages, next)
		if len(pages) > 20 {
			t.Fatalf("the pages do not end: %q", pages)
		}
		shown := c.Get(next).Want(t, 200, "Step")
		fields := url.Values{}
		for _, m := range fieldOn.FindAllStringSubmatch(shown.Body, -1) {
			if v := typed[m[1]]; v != nil {
				fields[m[1]] = v
			}
		}
		saved := c.Post(next, fields)
		if saved.Code != 303 {
			t.Fatalf("%s answered %d: %.3000s", next, saved.Code, saved.Body)
		}
		next = saved.Location()
	}
	if next != at+"/advice" {
		t.Fatalf("the pages end at %q", next)
	}
	return pages
}

// only is the one concern of the store.
func (s *site) only() *referral.Matter {
	s.t.Helper()
	p, err := s.ListMatters(ctx, referral.Filter{Network: referraltest.Harbour, Kind: referral.Concern})
	s.must(err)
	if len(p.Matters) != 1 {
		s.t.Fatalf("there are %d concerns", len(p.Matters))
	}
	return p.Matters[0]
}

var codeOn = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, newSite(t, "").area) }

// TestFromSuspicionToTheDesk is the way of a frontline worker, with two themes.
func TestFromSuspicionToTheDesk(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	c.Get(at).Want(t, 200, "Harbour Fire and Rescue", "Harbour Council", "999", "Exit this page")
	pages := answer(t, c)
	if len(pages) > 8 {
		t.Errorf("with two themes and a child there are %d pages of questions: %q", len(pages), pages)
	}
	if m := s.only(); m.State != referral.Begun || m.Opened.IsZero() || m.KeepUntil.Sub(s.Time()) != 24*time.Hour {
		t.Errorf("before it is handed over it is %+v", m)
	}
	c.Get(at+"/advice").Want(t, 200, "Call 999 now", "Now", "Today", "Hand it to Harbour Council", "Someone who may be a child", canary+" words")
	s.Pass(time.Minute)
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
	m := s.only()
	if m.State != referral.Received || !m.Urgent || !m.Child || m.Agency != s.Council.ID || m.Link != s.Fire.ID || !m.Due.Equal(s.Time().Add(2*time.Hour)) || !m.KeepUntil.IsZero() {
		t.Errorf("handed over it is %+v", m)
	}
	receipt := c.Get(at+"/receipt").Want(t, 200, m.Reference(), "Harbour Council has it", "call now")
	if !codeOn.MatchString(receipt.Body) {
		t.Fatal("there is no code on the receipt")
	}
	_, a, err := s.Whole(m.ID).Answered()
	s.must(err)
	if !slices.Equal(a.Values["place"], typed["q-place"]) || !slices.Equal(a.Values["themes"], []string{"work", "home"}) || len(a.Values["contact-when"]) != 1 {
		t.Errorf("the answers are %v", a.Values)
	}
	goes(t, c.Post(at+"/done", url.Values{}), at)
	goes(t, c.Get(at+"/receipt"), at)
}

// TestTwoThemesAreEightPages holds the promise of five minutes: with two themes there
// are seven pages of questions and that of the advice, then one button.
func TestTwoThemesAreEightPages(t *testing.T) {
	was := typed["q-age"]
	typed["q-age"] = []string{"adult"}
	defer func() { typed["q-age"] = was }()
	if pages := answer(t, newSite(t, "").phone()); len(pages) != 7 {
		t.Errorf("there are %d pages of questions: %q", len(pages), pages)
	}
}

// TestNoLineOfTheServerTellsOfTheConcern looks for what was typed where it must not be.
func TestNoLineOfTheServerTellsOfTheConcern(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	pages := append(answer(t, c), at, at+"/advice")
	for _, p := range pages {
		if strings.Contains(p, canary) || strings.ContainsAny(p, "?#") {
			t.Errorf("the address %q tells too much", p)
		}
		got := c.Get(p).Want(t, 200, "<title>Waymark</title>", "data-exit", `href="tel:999"`)
		if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s may be kept or told on", p)
		}
	}
	k := c.Cookie(cookieName)
	if k == nil || !k.HttpOnly || k.SameSite != 3 || k.Path != "/report" || len(k.Value) != 43 || strings.Contains(k.Value, canary) {
		t.Errorf("the cookie is %+v", k)
	}
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
	for _, e := range s.Entries() {
		if strings.Contains(fmt.Sprint(e), canary) {
			t.Errorf("the audit tells: %v", e)
		}
	}
	for _, secret := range []string{canary, "7946", k.Value, referraltest.Token} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
	if k := c.Cookie(cookieName); k == nil || k.MaxAge > 3600 {
		t.Error("the browser keeps the receipt for longer than an hour")
	}
}

func TestAKilledTabGoesOnWhereItWas(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	goes(t, c.Post(at+"/start", nil), at+"/form")
	first := c.Get(at + "/form").Location()
	second := c.Post(first, typed).Location()
	c.Get(at).Want(t, 200, "You began a report on this phone", "Go on", "Start again")
	goes(t, c.Get(at+"/form"), second)
	goes(t, c.Post(at+"/start", nil), at) // it does not begin another behind one's back
	was := s.only()
	goes(t, c.Post(at+"/start", url.Values{"again": {"yes"}}), at+"/form")
	if m := s.Row(was.ID); m.State != referral.Erased {
		t.Errorf("what was begun before is %s", m.State)
	}
	goes(t, c.Get(at+"/form"), first)
}

func TestADraftIsErasedAfterADay(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	goes(t, c.Post(at+"/start", nil), at+"/form")
	id := s.only().ID
	s.Pass(24*time.Hour + time.Minute)
	goes(t, c.Get(at+"/form/danger"), at)
	c.Get(at).Want(t, 200, "Start")
	if m := s.Row(id); m.State != referral.Erased {
		t.Errorf("after a day it is %s", m.State)
	}
}

func TestWhatIsNotAskedAnyMoreGoesAway(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	c.Post(at+"/form/signs-work", url.Values{"q-signs-work": {"lab-sleeps-there"}})
	signs := ""
	for _, st := range planOf(mustRules(t).Concern) {
		for _, q := range st.Questions {
			if q.ID == "themes" {
				signs = st.Name
			}
		}
	}
	c.Post(at+"/form/"+signs, url.Values{"q-signs-general": {"gen-fearful"}, "q-themes": {"none"}})
	_, a, err := s.Whole(s.only().ID).Answered()
	s.must(err)
	if len(a.Values["signs-work"]) != 0 || !slices.Equal(a.Values["themes"], []string{"none"}) {
		t.Errorf("the answers are %v", a.Values)
	}
	goes(t, c.Get(at+"/form/signs-work"), at+"/form")
}

func mustRules(t testing.TB) *rule.Pathway {
	t.Helper()
	rules, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return rules["uk"]
}

func TestWhatIsMissingIsSaidBesideTheField(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	goes(t, c.Post(at+"/start", nil), at+"/form")
	first := c.Get(at + "/form").Location()
	c.Post(first, url.Values{}).Want(t, 422, `href="#f-q-danger"`, "Answer this question", "<title>Waymark</title>")
	c.Post(first, url.Values{"q-danger": {"' OR 1=1"}, "q-age": {"adult"}}).Want(t, 422, "Choose one of the answers shown")
	goes(t, c.Get(at+"/advice"), first) // nothing is handed over half way
	goes(t, c.Post(at+"/hand", nil), first)
	if m := s.only(); m.State != referral.Begun {
		t.Errorf("it is %s", m.State)
	}
}

func TestHandingOverTwiceIsOnce(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
	first := codeOn.FindString(c.Get(at + "/receipt").Body)
	// The answer was lost on the way and the page sends again.
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
	if again := codeOn.FindString(c.Get(at + "/receipt").Body); again != first {
		t.Errorf("the code changed from %s to %s", first, again)
	}
	m := s.only()
	history, _ := s.MatterHistory(ctx, m.ID)
	n := 0
	for _, e := range history {
		if e.Action == "concern.hand-in" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it was handed over %d times", n)
	}
	// A page that was left open changes nothing any more.
	goes(t, c.Post(at+"/form/danger", url.Values{"q-danger": {"no"}, "q-age": {"adult"}}), at)
}

func TestTheScriptIsToldWhereToGo(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	goes(t, c.Post(at+"/start", nil), at+"/form")
	first := c.Get(at + "/form").Location()
	r := httptest.NewRequest("POST", "http://waymark.test"+first, strings.NewReader(typed.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(matter.KeepHeader, "yes")
	got := c.Do(r)
	if next := got.Header.Get(matter.NextHeader); got.Code != 204 || !strings.HasPrefix(next, at+"/form/") || next == first {
		t.Errorf("the script gets %d and %q", got.Code, next)
	}
}

// ask has the desk ask something.
func (s *site) ask(id ids.ID, text string) {
	f := s.Whole(id)
	if f.State == referral.Received {
		s.Make(f.Take(s.Who(s.Contact, referraltest.Harbour)))
		f = s.Whole(id)
	}
	s.Make(f.AskBack(text, s.Who(s.Contact, referraltest.Harbour)))
}

func TestComingBackWithTheCode(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	c.Post(at+"/hand", nil)
	code := codeOn.FindString(c.Get(at + "/receipt").Body)
	id := s.only().ID
	other := s.phone()
	other.Post(at+"/back", url.Values{"code": {code}}).Want(t, 200, "Nobody has looked at it yet", "There is no question for you")
	s.ask(id, "Which door did you use?")
	shown := other.Post(at+"/back", url.Values{"code": {strings.ToLower(strings.ReplaceAll(code, "-", " "))}}).Want(t, 200, "Which door did you use?", "<title>Waymark</title>")
	if strings.Contains(shown.Body, canary) {
		t.Error("the code shows what was handed over")
	}
	ask := s.Whole(id).Of(referral.PartAsk)[0].ID.String()
	reply := url.Values{"code": {code}, "ask": {ask}, "reply." + ask: {canary + " reply"}}
	other.Post(at+"/back", url.Values{"code": {code}, "ask": {ask}}).Want(t, 422, "Write your reply")
	if got := other.Post(at+"/back", reply).Want(t, 200, "There is no question for you"); strings.Contains(got.Body, canary) {
		t.Error("the reply is shown again")
	}
	if m := s.Row(id); m.State != referral.Seen {
		t.Errorf("after the reply it is %s", m.State)
	}
	other.Post(at+"/back", reply).Want(t, 422, "answered already")
	other.Post(at+"/back", url.Values{"code": {code}, "ask": {"nonsense"}}).Want(t, 404)
	f := s.Whole(id)
	s.Make(f.Decide(referral.NoAction, "Synthetic reason", s.Time().AddDate(1, 0, 0), s.Who(s.Contact, referraltest.Harbour)))
	other.Post(at+"/back", url.Values{"code": {code}}).Want(t, 422, "does not open anything here")
}

// second makes another link of the same desk.
func (s *site) second(token string) {
	l := &referral.Link{Network: referraltest.Harbour, Desk: s.Council.ID, Name: "Harbour Housing", Kind: "housing", Lang: "ar"}
	s.must(s.PutLink(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, l, s.kit.Digest(matter.LinkKind, token)))
}

func TestTroubleOfTheStoreLosesNothingSilently(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	s.Fail(fault.New(fault.Unavailable, fault.Place{}, "the database does not answer", "try again"))
	c.Post(at+"/hand", nil).Want(t, 503, "<title>Waymark</title>", `href="tel:999"`)
	s.Fail(nil)
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
}

func TestThePaperHoldsEveryQuestion(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	got := c.Get(at+"/paper").Want(t, 200, "Harbour Fire and Rescue", "Harbour Council")
	for _, q := range mustRules(t).Concern.Questions() {
		if q.Kind != rule.Note && !strings.Contains(html.UnescapeString(got.Body), q.Text.String()) {
			t.Errorf("%s is not on the paper", q.ID)
		}
	}
	answer(t, c)
	// The page that is loaded holds what was answered, for the printer alone.
	shown := c.Get(at+"/advice").Want(t, 200, "data-paper")
	if !strings.Contains(shown.Body, `data-value="work" data-ticked`) {
		t.Error("the printed form does not mark what was chosen")
	}
}

// TestEveryPathwayCanBeReported walks the concern form of each pathway of the program.
func TestEveryPathwayCanBeReported(t *testing.T) {
	rules, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range rules {
		plan, seen := planOf(p.Concern), map[string]int{}
		for _, st := range plan {
			for _, q := range st.Questions {
				seen[q.ID]++
			}
		}
		for _, q := range p.Concern.Questions() {
			if q.Bound == "" && seen[q.ID] != 1 {
				t.Errorf("%s: %s is on %d pages", id, q.ID, seen[q.ID])
			}
		}
	}
}
