package refer

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/web/assets"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

// phone is a browser as wide as a phone in which the officer is signed in, over a site
// whose line can be cut.
type phone struct {
	*webtest.Tab
	*site
	t      *testing.T
	server *webtest.Server
	cut    atomic.Bool
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	server := webtest.NewServer(t)
	p := &phone{t: t, server: server, site: newSite(t, server.Base, Options{Service: "uk"})}
	officer, err := p.Accounts.Account(ctx, p.Officer.ID)
	p.must(err)
	handler, _, err := page.New(p.house, &pagetest.Person{Account: officer, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), p.area)
	p.must(err)
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", handler)
	whole := page.Outer(p.house, mux)
	server.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.cut.Load() {
			panic(http.ErrAbortHandler) // the line ends in the middle of it
		}
		whole.ServeHTTP(w, r)
	}))
	p.Tab = server.Tab(t)
	p.narrow()
	return p
}

func (p *phone) narrow() { p.Run(chromedp.EmulateViewport(390, 844)) }

// look holds a page to axe-core and keeps pictures of it.
func (p *phone) look(name string) {
	p.t.Helper()
	p.Axe()
	if name != "" {
		p.Screenshot("refer-" + name)
		p.narrow()
	}
}

// reach presses the Tab key until a selector's element has the focus. On a fresh page it
// takes the link that skips to what the page is about.
func (p *phone) reach(selector string) {
	p.t.Helper()
	fresh := false
	p.Eval(`document.activeElement === document.body`, &fresh)
	if fresh {
		p.Keys(kb.Tab + kb.Enter)
	}
	for range 150 {
		p.Keys(kb.Tab)
		there := false
		p.Eval(`document.activeElement.matches(`+"`"+selector+"`"+`)`, &there)
		if there {
			return
		}
	}
	p.t.Fatalf("no Tab key reaches %s at %s", selector, p.Path())
}

// answer answers a question with the keyboard alone.
func (p *phone) answer(q *rule.Question, values []string) {
	p.t.Helper()
	name := matter.FieldName(q.ID)
	switch {
	case len(values) == 0:
	case q.Kind == rule.Choice:
		p.reach(`[name="` + name + `"]`)
		p.Keys(" ")
		for range q.Options {
			at := ""
			p.Eval(`document.activeElement.value`, &at)
			if at == values[0] {
				return
			}
			p.Keys(kb.ArrowDown)
		}
		p.t.Fatalf("no arrow key reaches %s of %s", values[0], q.ID)
	case q.Kind == rule.Choices:
		for _, v := range values { // in the order of the options
			p.reach(`[name="` + name + `"][value="` + v + `"]`)
			p.Keys(" ")
		}
	case q.Kind == rule.DateKind:
		parts := strings.Split(values[0], "-")
		if parts[2] != "0" {
			p.reach(`[name="` + name + `-day"]`)
			p.Keys(parts[2])
		}
		p.reach(`[name="` + name + `-month"]`)
		p.Keys(parts[1])
		p.reach(`[name="` + name + `-year"]`)
		p.Keys(parts[0])
	case q.Kind == rule.Country:
		p.reach(`select[name="` + name + `"]`)
		p.Keys("Vietnam")
	default:
		p.reach(`[name="` + name + `"]`)
		p.Keys(values[0])
	}
}

// send presses the first button of the page's form with the keyboard.
func (p *phone) send() {
	p.t.Helper()
	p.reach(`form[data-keep] button`)
	if code := p.KeysTo(kb.Enter); code != 200 {
		p.t.Fatalf("the answer is %d at %s", code, p.Path())
	}
}

// here is where the page is, without its query.
func (p *phone) here() string {
	path, _, _ := strings.Cut(p.Path(), "?")
	return path
}

// begin makes a draft and leads to its list.
func (p *phone) begin() string {
	p.t.Helper()
	p.Go(beginAt())
	p.reach("main form button")
	if code := p.KeysTo(kb.Enter); code != 200 {
		p.t.Fatalf("%d", code)
	}
	return p.here()
}

// pictured are the questions of which pictures are kept: one of each kind.
var pictured = map[string]bool{"reporting-region": true, "situation-start": true, "how-started": true, "where-regions": true, "consent": true, "nationality": true, "referrer-phone": true}

// TestAReferralByKeyboardOnAPhone is the whole way of an adult who consents, with no
// finger on the screen; one page of each kind of question is held to axe-core.
func TestAReferralByKeyboardOnAPhone(t *testing.T) {
	p := newPhone(t)
	p.Go(beginAt())
	p.look("begin")
	at := p.begin()
	p.look("list")
	p.Keyboard()
	p.reach(`a[href$="/next"]`)
	p.KeysTo(kb.Enter)
	asked, recorded, looked := 0, false, map[string]bool{}
	for p.here() != at+"/check" {
		if asked++; asked > 90 {
			t.Fatal("the questions do not end")
		}
		if p.here() == at+"/record" {
			recorded = true
			p.look("record")
			p.reach(`[name="language"]`)
			p.Keys("Vietnamese")
			p.reach(`[name="interpreter"]`)
			p.Keys(" " + kb.ArrowDown)
			p.reach(`[name="how"][value="spoken"]`)
			p.Keys(" ")
			p.reach(`[name="capacity"]`)
			p.Keys(" ")
			p.send()
			continue
		}
		id := p.here()[strings.LastIndex(p.here(), "/")+1:]
		if q := p.uk.Referral.Question(id); pictured[id] {
			p.look("question-" + id)
		} else if key := string(q.Kind); !looked[key] { // one of each kind, with and without a reason
			looked[key] = true
			p.look("")
		}
		if id == "uploads" {
			p.uploads()
			continue
		}
		p.answer(p.uk.Referral.Question(id), p.given(id))
		p.send()
	}
	if asked < 45 || !recorded {
		t.Errorf("%d pages, a record of consent %v", asked, recorded)
	}
	p.look("check")
	p.Keyboard()
	if code := p.Press("Make the package"); code != 200 {
		t.Fatalf("%d", code)
	}
	p.look("package")
	p.Keyboard()
	if code := p.Press("Write down the hand-over"); code != 200 {
		t.Fatalf("%d", code)
	}
	p.look("hand-over")
	p.Press("Back")
	p.Press("Take the check back")
	p.look("thaw")
	p.Press("Cancel")
	p.Press("Send it to the service")
	p.look("sent")
	if m := p.last(); m.State != referral.Ready || m.Outcome != "nrm" {
		t.Errorf("%+v", m)
	}
	p.Dark(true)
	p.look("sent-dark")
	p.Dark(false)
}

// given is what is typed: without letters that a keyboard of this test does not have.
func (p *phone) given(id string) []string {
	if id == "uploads-about" {
		return []string{"The yard"}
	}
	return answers[id]
}

// uploads adds a file and goes on.
func (p *phone) uploads() {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "yard.png")
	p.must(os.WriteFile(file, png, 0o600))
	p.look("uploads")
	p.Fill("title", "The yard")
	p.Attach("file", file)
	if code := p.Press("Upload"); code != 200 {
		p.t.Fatalf("%d", code)
	}
	p.look("uploads-one")
	if code := p.Press("Save and continue"); code != 200 {
		p.t.Fatalf("%d", code)
	}
}

// last is the newest case.
func (p *phone) last() *referral.Matter {
	p.t.Helper()
	list, err := p.ListMatters(ctx, referral.Filter{Network: referraltest.Harbour, Kind: referral.Case})
	p.must(err)
	return list.Matters[0]
}

// TestTheLineIsLostInTheMiddle: what is typed stays in the page until it has arrived,
// and a killed tab goes on where it was.
func TestTheLineIsLostInTheMiddle(t *testing.T) {
	p := newPhone(t)
	at := p.begin()
	p.Go(at + "/questions/family")
	p.Fill("q-family", canary+" typed")
	p.cut.Store(true)
	p.Run(chromedp.Click(chromedp.CSS("form[data-keep] button")))
	p.Wait(`!document.querySelector("[data-line]").hidden`)
	p.Axe()
	p.Screenshot("refer-no-line")
	p.narrow()
	var kept string
	p.Eval(`document.querySelector('[name="q-family"]').value`, &kept)
	if kept != canary+" typed" || p.here() != at+"/questions/family" {
		t.Errorf("the page holds %q at %s", kept, p.here())
	}
	p.cut.Store(false)
	if code := p.Press("Try again"); code != 200 || p.here() == at+"/questions/family" {
		t.Errorf("%d at %s", code, p.here())
	}
	stored := func() string {
		_, a, err := p.Whole(p.last().ID).Answered()
		p.must(err)
		return strings.Join(a.Values["family"], "")
	}
	if stored() != canary+" typed" {
		t.Errorf("stored is %q", stored())
	}
	// Saved for later by the second button, sent by the script.
	p.Go(at + "/questions/education")
	p.Fill("q-education", "Some")
	if code := p.Press("Save and return later"); code != 200 || p.here() != at {
		t.Errorf("%d at %s", code, p.here())
	}
	// The tab is killed; another one goes on at the first question that was not seen.
	p.Go("/")
	next := p.server.Beside(t, p.Tab)
	next.Go(at)
	if code := next.Press("Go on"); code != 200 || !strings.HasSuffix(next.Path(), "/questions/own-reference") {
		t.Errorf("it goes on with %d at %s", code, next.Path())
	}
	var held int
	next.Eval(`localStorage.length + sessionStorage.length`, &held)
	if held != 0 {
		t.Error("something is kept in the browser")
	}
}

// TestANotificationInABrowser: a referral with consent becomes a notification; the page
// says what is sent and what is not, also from the right to the left.
func TestANotificationInABrowser(t *testing.T) {
	p := newPhone(t)
	c := p.as(p.Officer)
	at := p.consenting(c)
	p.Go(at + "/questions/consent")
	p.Choose("q-consent", "no")
	if code := p.Press("Save and continue"); code != 200 || p.here() != at+"/record" {
		t.Fatalf("%d at %s", code, p.here())
	}
	p.look("removed")
	c.Post(at+"/record", record)
	p.walk(c, at, map[string][]string{"notify-reason": {"fear-exploiter"}})
	p.Go(at + "/check")
	p.look("check-notify")
	p.Press("Make the package")
	p.look("package-notify")
	p.Press("العربية")
	p.Go(at + "/package")
	p.look("package-ar")
	for _, title := range p.History() {
		if title != "Waymark" && title != "" && !strings.HasPrefix(title, "127.0.0.1") {
			t.Errorf("the history has %q", title)
		}
	}
}

// TestTwoPeopleInTwoTabs shows both answers.
func TestTwoPeopleInTwoTabs(t *testing.T) {
	p := newPhone(t)
	at := p.begin()
	p.Go(at + "/questions/family")
	other := p.server.Beside(t, p.Tab)
	other.Go(at + "/questions/family")
	other.Fill("q-family", "Their words")
	other.Press("Save and continue")
	p.Fill("q-family", "My words")
	if code := p.Press("Save and continue"); code != 409 {
		t.Fatalf("%d", code)
	}
	p.look("clash")
	if text := p.Text("main"); !strings.Contains(text, "Their words") || !strings.Contains(text, "My words") {
		t.Errorf("the page says %.500q", text)
	}
	if code := p.Press("Save and continue"); code != 200 {
		t.Errorf("%d", code)
	}
}
