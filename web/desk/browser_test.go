package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/account"
	"waymark/web/assets"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

// becomes is a browser in which another person may sit down.
type becomes struct{ pagetest.Person }

func (b *becomes) Identify(r *http.Request) (*account.Account, page.Session, error) {
	return b.Person.Identify(r)
}

// browser is a tab over a site, and who sits at it.
func browser(t *testing.T) (*site, *webtest.Tab, *becomes) {
	t.Helper()
	server := webtest.NewServer(t)
	s := newSite(t, server.Base)
	s.area = Area(Options{Kit: s.kit, Every: 20 * time.Millisecond, QR: square})
	who := &becomes{pagetest.Person{Account: s.Contact, Session: page.Session{Strong: true, Fresh: true}}}
	handler, _, err := page.New(s.house, who, matter.Area(), s.area)
	s.must(err)
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", handler)
	server.Serve(t, page.Outer(s.house, mux))
	return s, server.Tab(t), who
}

// several are concerns in every state.
func (s *site) several() {
	s.t.Helper()
	c := s.as(s.Contact)
	for i := range 4 {
		id := s.handIn(rule.Answers{"danger": {"no"}, "age": {[]string{"adult", "unsure", "child", "adult"}[i]}, "people": {"few"},
			"signs-general": {"gen-fearful", "gen-no-documents"}, "themes": {"work"}, "signs-work": {"lab-sleeps-there"},
			"place": {"Synthetic Street 1, behind the car wash"}, "words": {"Six mattresses in a store room. One man spoke for all others.\nNobody had papers."}, "contact-phone": {"020 7946 0000"}})
		s.Pass(25 * time.Minute)
		if i == 0 {
			continue
		}
		c.Post(concernAt(id)+"/take", nil)
		if i == 1 {
			c.Post(concernAt(id)+"/ask", url.Values{"text": {"Which door did you use?"}})
		}
		if i == 2 {
			c.Post(concernAt(id)+"/ask", url.Values{"text": {"Is the person still there?"}})
			f := s.Whole(id)
			s.Make(f.Reply(f.Of(referral.PartAsk)[0].ID, "Yes, in the blue house.", referral.Who{By: account.Stranger, At: s.Time()}))
			c.Post(concernAt(id)+"/refer", url.Values{})
		}
		if i == 3 {
			c.Post(concernAt(id)+"/decide", url.Values{"result": {"intelligence"}, "reason": {"Nobody could be identified. The address is known to the police."}})
		}
	}
	s.handIn(rule.Answers{"danger": {"yes"}, "age": {"child"}, "words": {"Synthetic"}})
}

// TestDeskPagesInABrowser looks at every page: accessible, no wider than a phone, no
// request to anyone else, reached by the keyboard, with a title that tells nothing.
func TestDeskPagesInABrowser(t *testing.T) {
	s, tab, who := browser(t)
	s.several()
	found, err := s.ListMatters(ctx, referral.Filter{Network: referraltest.Harbour, Kind: referral.Concern, Agency: s.Council.ID})
	s.must(err)
	by := map[referral.State]string{}
	for _, m := range found.Matters {
		by[m.State] = concernAt(m.ID)
	}
	for _, p := range []struct {
		name, path string
		as         *account.Account
	}{
		{"list", concerns(), s.Contact}, {"list-none", concerns() + "?view=asked&urgent=yes", s.Contact}, {"list-decided", concerns() + "?view=decided", s.Deputy},
		{"new", by[referral.Received], s.Contact}, {"seen", by[referral.Seen], s.Contact}, {"asked", by[referral.Asked], s.Contact}, {"decided", by[referral.Decided], s.Deputy},
		{"ask", by[referral.Seen] + "/ask", s.Contact}, {"decide", by[referral.Seen] + "/decide", s.Contact}, {"assign", by[referral.Seen] + "/assign", s.Contact},
		{"reopen", by[referral.Decided] + "/reopen", s.Contact},
		{"network", network(""), s.Coordinator}, {"network-new", strings.Replace(network("/new"), referraltest.Harbour.String(), referraltest.Harbour.String(), 1), s.Coordinator},
		{"network-change", network("/change"), s.Coordinator},
		{"agency", network("/agencies/" + s.Council.ID.String()), s.Coordinator}, {"agency-change", network("/agencies/" + s.Council.ID.String() + "/change"), s.Coordinator},
		{"members", network("/members"), s.Coordinator}, {"link", network("/links/new"), s.Coordinator}, {"revoke", network("/links/" + s.Fire.ID.String() + "/revoke"), s.Coordinator},
	} {
		t.Run(p.name, func(t *testing.T) {
			if who.Account, err = s.Accounts.Account(ctx, p.as.ID); err != nil {
				t.Fatal(err)
			}
			if code := tab.Go(p.path); code != 200 {
				t.Fatalf("%d", code)
			}
			tab.Axe()
			tab.Screenshot("desk-" + p.name)
			titles := tab.History()
			if title := titles[len(titles)-1]; strings.Contains(p.path, "concerns") && title != "Waymark" {
				t.Errorf("the title is %q", title)
			}
		})
	}
	who.Account, _ = s.Accounts.Account(ctx, s.Contact.ID)
	tab.Go(concerns())
	tab.Keyboard()
	tab.Go(by[referral.Seen])
	tab.Keyboard()
	tab.Press("العربية")
	tab.Axe()
	tab.Screenshot("desk-seen-ar")
	tab.Dark(true)
	tab.Go(concerns())
	tab.Axe()
	tab.Screenshot("desk-list-ar-dark")
}

// TestTheDeskSeesAConcernWithinSeconds: the list says so by itself, without moving.
func TestTheDeskSeesAConcernWithinSeconds(t *testing.T) {
	s, tab, who := browser(t)
	who.Account, _ = s.Accounts.Account(ctx, s.Contact.ID)
	tab.Go(concerns())
	s.Pass(time.Second)
	id := s.handIn(nil)
	tab.Wait(`!document.querySelector("[data-news]").hidden`)
	tab.Press("1 new concern: show")
	if text := tab.Text("tbody tr:first-child th"); !strings.Contains(text, s.Row(id).Reference()) {
		t.Errorf("the first row is %q", text)
	}
	tab.Press(s.Row(id).Reference())
	tab.Press("Take it on")
	tab.Press("Ask the worker")
	tab.Fill("text", "Which door did you use?")
	tab.Press("Ask")
	tab.Press("Decide")
	tab.Choose("result", "safeguarding")
	tab.Fill("reason", "The child’s social worker has taken it on.")
	tab.Press("Decide")
	if m := s.Row(id); m.State != referral.Decided || m.Result != referral.Safeguarding {
		t.Errorf("it is %+v", m)
	}
	// Promise 14, with a page of the desk.
	tab.Eval(`document.querySelector("[data-exit]").href = "/assets/none"`, nil)
	tab.Press("Emergency: Exit this page")
	for _, title := range tab.History() {
		if title != "Waymark" && title != "about:blank" && strings.Contains(title, "S-") || strings.Contains(title, "oncern") {
			t.Errorf("the history has %q", title)
		}
	}
}
