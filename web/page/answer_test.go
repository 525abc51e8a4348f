package page_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

func TestMessagesAreSignedAndExpire(t *testing.T) {
	now := pagetest.Now
	h := house(page.House{Now: func() time.Time { return now }})
	c := pagetest.New(t, h, pagetest.Somebody(1, access.Coordinator), area(
		page.Route{Pattern: "GET /demo", Action: access.Home, Do: show},
		page.Route{Pattern: "POST /demo", Action: access.Home, Do: func(r *page.Request) error {
			r.Flash("demo.done", "n", 1)
			return r.Redirect("/demo")
		}}))
	const said = "Kept 1"
	c.Post("/demo", nil)
	c.Cookie("notice").Value = strings.Replace(c.Cookie("notice").Value, ".", "A.", 1)
	if a := c.Get("/demo").Want(t, 200); strings.Contains(a.Body, said) {
		t.Error("a message was shown that nobody signed")
	}
	c.Post("/demo", nil)
	now = now.Add(2 * time.Minute)
	if a := c.Get("/demo").Want(t, 200); strings.Contains(a.Body, said) {
		t.Error("a message was shown after its time")
	}
}

func TestCompression(t *testing.T) {
	who := pagetest.Somebody(1, access.Coordinator)
	c := pagetest.New(t, house(page.House{}), who, area(page.Route{Pattern: "GET /demo", Action: access.Public, Do: show}))
	ask := func(site, accept string) string {
		r := httptest.NewRequest("GET", "http://waymark.test/demo", nil)
		r.Header.Set("Sec-Fetch-Site", site)
		r.Header.Set("Accept-Encoding", accept)
		return c.Do(r).Want(t, 200).Header.Get("Content-Encoding")
	}
	for _, try := range []struct{ site, accept, want string }{
		{"same-origin", "gzip, deflate, br", "br"}, {"none", "gzip", "gzip"}, {"same-origin", "br;q=0, gzip;q=0.5", "gzip"}, {"same-origin", "", ""},
		{"cross-site", "gzip, br", ""}, {"same-site", "gzip, br", ""}, {"unknown", "gzip, br", ""},
	} {
		if got := ask(try.site, try.accept); got != try.want {
			t.Errorf("asked from %s with %q the page is in %q, wanted %q", try.site, try.accept, got, try.want)
		}
	}
	who.Account = nil
	if got := ask("cross-site", "br"); got != "br" {
		t.Errorf("a visitor's page is in %q", got)
	}
}

func TestLanguageOfThePage(t *testing.T) {
	who := pagetest.Somebody(1, access.Tour)
	policies := pagetest.Only{access.Home: true, access.Public: true}
	c := pagetest.New(t, house(page.House{Policies: policies}), who, area(page.Route{Pattern: "GET /demo", Action: access.Home, Do: show}))
	for asks, want := range map[string]string{"fr-CH, fr;q=0.9": "fr", "ar": "ar", "de": "en", "": "en", "x;q=y": "en"} {
		c.Lang = asks
		c.Get("/demo").Want(t, 200, `<html lang="`+want+`"`)
	}
	who.Account.Lang = "fr"
	c.Lang = "en"
	c.Get("/demo").Want(t, 200, `<html lang="fr" dir="ltr">`)
	if a := c.Post("/language", map[string][]string{"lang": {"ar"}, "to": {"/demo?x=1"}}).Want(t, 303); a.Location() != "/demo?x=1" {
		t.Errorf("leads to %s", a.Location())
	}
	c.Get("/demo").Want(t, 200, `<html lang="ar" dir="rtl">`)
	if a := c.Post("/language", map[string][]string{"lang": {"en"}, "to": {"//evil.example"}}).Want(t, 303); a.Location() != "/" {
		t.Errorf("leads to %s", a.Location())
	}
}

// A language and a template are made ready by whoever asks first; many may.
func TestManyAtOnce(t *testing.T) {
	handler, _, err := page.New(house(page.House{}), pagetest.Somebody(1, access.Coordinator), area(
		page.Route{Pattern: "GET /demo", Action: access.Home, Do: show}))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			code := page.Languages[i%len(page.Languages)]
			r := httptest.NewRequest("GET", "http://waymark.test/demo", nil)
			r.Header.Set("Accept-Language", code)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != 200 || !strings.Contains(w.Body.String(), `<html lang="`+code+`"`) {
				t.Errorf("%s: answered %d", code, w.Code)
			}
		})
	}
	all.Wait()
}
