package concern

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

func TestOneLinkOpensNothingOfAnother(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	const two = "another-synthetic-token-of-the-housing-office"
	s.second(two)
	c.Get("/report/"+two).Want(t, 200, `dir="rtl"`, "Harbour Housing")
	for _, below := range []string{"/form", "/advice", "/receipt", "/form/danger"} {
		goes(t, c.Get("/report/"+two+below), "/report/"+two)
	}
	goes(t, c.Post("/report/"+two+"/hand", nil), "/report/"+two)
	goes(t, c.Post(at+"/hand", nil), at+"/receipt")
	code := codeOn.FindString(c.Get(at + "/receipt").Body)
	c.Lang = "en"
	if got := c.Post("/report/"+two+"/back", url.Values{"code": {code}}); got.Code != 422 {
		t.Errorf("the code opens %d over another link", got.Code)
	}
}

func TestARevokedLinkStopsAtOnceAlsoHalfWay(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	pages := answer(t, c)
	l := *s.Fire
	l.Revoked = s.Time()
	s.must(s.PutLink(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, &l, nil))
	for _, p := range append(pages, at, at+"/advice", at+"/receipt", at+"/back", at+"/paper") {
		c.Get(p).Want(t, 404)
	}
	for _, p := range append(pages, at+"/start", at+"/hand", at+"/back", at+"/done") {
		c.Post(p, typed).Want(t, 404)
	}
	if m := s.only(); m.State != referral.Begun {
		t.Errorf("it is %s", m.State)
	}
}

func TestGuessingACodeIsSlowedDownAndStopsNobodyElse(t *testing.T) {
	s := newSite(t, "")
	const two = "another-synthetic-token-of-the-housing-office"
	s.second(two)
	c := s.phone()
	from := func(address, path string, fields url.Values) *pagetest.Answer {
		r := httptest.NewRequest("POST", "http://waymark.test"+path, strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = address
		return c.Do(r)
	}
	guess := url.Values{"code": {"AAAA-AAAA-AAAA-AAAA"}}
	slowed := 0
	for range 40 {
		if got := from("203.0.113.7:1000", at+"/back", guess); got.Code == 503 {
			slowed++
		}
	}
	if slowed < 25 {
		t.Errorf("only %d of 40 guesses were slowed down", slowed)
	}
	if got := from("203.0.113.8:1000", at+"/back", guess); got.Code != 422 {
		t.Errorf("a colleague elsewhere gets %d", got.Code)
	}
	if got := from("203.0.113.7:1000", "/report/"+two+"/back", guess); got.Code != 422 {
		t.Errorf("another link gets %d", got.Code)
	}
	s.Pass(5 * time.Minute)
	if got := from("203.0.113.7:1000", at+"/back", guess); got.Code != 422 {
		t.Errorf("after a while it is still %d", got.Code)
	}
	begun := 0
	for i := range 200 {
		if from(fmt.Sprintf("203.0.113.%d:1", 20+i%4), at+"/start", url.Values{"again": {"yes"}}).Code == 303 {
			begun++
		}
	}
	if begun > 80 {
		t.Errorf("one link began %d concerns at once", begun)
	}
	if got := from("203.0.113.20:1", "/report/"+two+"/start", nil); got.Code != 303 {
		t.Errorf("the misuse of one link stops another: %d", got.Code)
	}
}

func TestHugeAndBrokenInputIsRefused(t *testing.T) {
	s := newSite(t, "")
	c := s.phone()
	answer(t, c)
	words := ""
	for _, st := range planOf(mustRules(t).Concern) {
		for _, q := range st.Questions {
			if q.ID == "words" {
				words = at + "/form/" + st.Name
			}
		}
	}
	c.Post(words, url.Values{"q-words": {strings.Repeat("x", 4001)}}).Want(t, 422, "Use at most 4000 characters")
	c.Post(words, url.Values{"q-words": {strings.Repeat("x", 600<<10)}}).Want(t, 413)
	c.Post(words, url.Values{"q-words": {"a\u202eb\x00"}}).Want(t, 422)
	many := url.Values{}
	for i := range 6000 {
		many.Add("q-told", fmt.Sprint(i))
	}
	c.Post(words, many).Want(t, 400)
	c.Post(at+"/form/nonsense", typed).Want(t, 303)
	r := httptest.NewRequest("POST", "http://waymark.test"+words, strings.NewReader(`{"q-words":"x"}`))
	r.Header.Set("Content-Type", "application/json")
	c.Do(r).Want(t, 400)
	cross := httptest.NewRequest("POST", "http://waymark.test"+at+"/hand", strings.NewReader(""))
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	c.Do(cross).Want(t, 403)
	if m := s.only(); m.State != referral.Begun {
		t.Errorf("it is %s", m.State)
	}
}

func TestAForgedCookieOpensNothing(t *testing.T) {
	s := newSite(t, "")
	answer(t, s.phone())
	for _, value := range []string{strings.Repeat("A", 43), s.only().ID.String(), "", strings.Repeat("A", 5000)} {
		r := httptest.NewRequest("GET", "http://waymark.test"+at+"/advice", nil)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: value})
		if got := s.phone().Do(r); got.Code != 303 || got.Location() != at {
			t.Errorf("a forged cookie gets %d", got.Code)
		}
	}
}

func TestPeopleWithAccountsGetNoMoreThanOthers(t *testing.T) {
	s := newSite(t, "")
	answer(t, s.phone())
	for name, a := range map[string]*account.Account{"administrator": s.Administrator, "coordinator": s.Coordinator, "contact": s.Contact} {
		c := pagetest.New(t, s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), s.area)
		c.Get(at).Want(t, 200, "Start")
		if got := c.Get(at + "/advice"); got.Code != 303 {
			t.Errorf("the %s gets %d", name, got.Code)
		}
	}
}
