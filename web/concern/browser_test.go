package concern

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/referral"
	"waymark/web/assets"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

// phoneTab is a browser as wide as a phone, over a site whose line can be cut.
type phoneTab struct {
	*webtest.Tab
	*site
	t      *testing.T
	server *webtest.Server
	cut    atomic.Bool
}

func newPhone(t *testing.T) *phoneTab {
	t.Helper()
	server := webtest.NewServer(t)
	p := &phoneTab{t: t, server: server, site: newSite(t, server.Base)}
	handler, _, err := page.New(p.house, &pagetest.Person{}, matter.Area(), p.area)
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
	p.Run(chromedp.EmulateViewport(390, 844))
	return p
}

// fill answers the page at hand from what is typed in the other tests.
func (p *phoneTab) fill() {
	p.t.Helper()
	for name, values := range typed {
		if p.Count(`[name="`+name+`"]`) == 0 {
			continue
		}
		for _, v := range values {
			if p.Count(`input[type=radio][name="`+name+`"], input[type=checkbox][name="`+name+`"]`) > 0 {
				p.Choose(name, v)
			} else {
				p.Fill(name, v)
			}
		}
	}
}

// press follows a button whose form is sent by the page's script.
func (p *phoneTab) press(text string) {
	p.t.Helper()
	if code := p.Press(text); code != 200 {
		p.t.Fatalf("“%s” answered %d at %s", text, code, p.Path())
	}
}

// TestFrontlinePagesInABrowser looks at every page on a phone and on a desk, in a
// language read from the left and in one read from the right.
func TestFrontlinePagesInABrowser(t *testing.T) {
	p := newPhone(t)
	look := func(name string) {
		t.Helper()
		p.Run(chromedp.EmulateViewport(390, 844))
		p.Axe()
		p.Screenshot("concern-" + name)
		p.Run(chromedp.EmulateViewport(390, 844))
	}
	p.Go(at)
	look("start")
	p.Keyboard()
	p.press("Start")
	look("first")
	if code := p.Press("Save and go on"); code != 422 {
		t.Fatalf("%d", code)
	}
	look("wrong")
	var names []string
	for p.Path() != at+"/advice" {
		name := p.Path()[strings.LastIndex(p.Path(), "/")+1:]
		names = append(names, name)
		p.fill()
		if name == "signs-work" {
			p.Eval(`document.querySelector(".mt-sign details").open = true`, nil)
			p.Keyboard()
		}
		look("form-" + name)
		p.press("Save and go on")
		if len(names) > 12 {
			t.Fatalf("the pages do not end: %q", names)
		}
	}
	look("advice")
	p.Keyboard()
	p.Go(at)
	look("start-again")
	p.Go(at + "/paper")
	look("paper")
	p.Go(at + "/advice")
	p.press("Hand it to Harbour Council")
	look("receipt")
	code := p.Text(".mt-code")
	p.ask(p.only().ID, "Which door did you use?")
	p.Go(at + "/back")
	look("back")
	p.Enter("code", code)
	look("back-asked")
	p.Keyboard()
	p.Fill("reply."+p.Whole(p.only().ID).Of(referral.PartAsk)[0].ID.String(), "The blue one")
	p.press("Send the reply")
	look("back-done")
	p.press("العربية")
	p.Go(at + "/back")
	look("back-ar")
	p.Go(at)
	look("start-ar")
	p.Dark(true)
	p.press("ابدأ")
	look("first-ar-dark")
}

// TestTheLineIsLostAndNothingElse: what is typed stays in the page until it has
// arrived, also if the answer alone was lost; a killed tab goes on where it was.
func TestTheLineIsLostAndNothingElse(t *testing.T) {
	p := newPhone(t)
	p.Go(at)
	p.press("Start")
	p.fill()
	p.press("Save and go on")
	for p.Count(`textarea[name="q-words"]`) == 0 {
		p.fill()
		p.press("Save and go on")
	}
	words := p.Path()
	p.fill()
	p.cut.Store(true)
	p.Run(chromedp.Click(chromedp.CSS("form[data-keep] button")))
	p.Wait(`!document.querySelector("[data-line]").hidden`)
	if text := p.Text("[data-line]"); !strings.Contains(text, "No line: nothing is lost") {
		t.Errorf("the page says %q", text)
	}
	p.Axe()
	p.Screenshot("concern-no-line")
	p.Run(chromedp.EmulateViewport(390, 844))
	var kept string
	p.Eval(`document.querySelector('[name="q-words"]').value`, &kept)
	if kept != canary+" words" || p.Path() != words {
		t.Errorf("the page holds %q at %s", kept, p.Path())
	}
	// The whole concern can be printed from the page that is there.
	p.Eval(`dispatchEvent(new Event("beforeprint")), true`, nil)
	p.Print(true)
	if paper := p.Text("[data-paper]"); !strings.Contains(paper, canary+" words") || !strings.Contains(paper, canary+" place") || !strings.Contains(paper, "Your telephone number") {
		t.Errorf("on paper stands %.800q", paper)
	}
	p.Print(false)
	p.cut.Store(false)
	p.press("Try again")
	if p.Path() == words || len(p.Whole(p.only().ID).Parts) != 1 {
		t.Errorf("after the line came back the page is %s", p.Path())
	}
	// The tab is killed; another one of the same browser goes on.
	where := p.Path()
	p.Go("/")
	next := p.server.Beside(t, p.Tab)
	next.Go(at)
	if code := next.Press("Go on"); code != 200 || next.Path() != where {
		t.Errorf("it goes on with %d at %s, not %s", code, next.Path(), where)
	}
	var stored int
	next.Eval(`localStorage.length + sessionStorage.length`, &stored)
	if stored != 0 {
		t.Error("something is kept in the browser")
	}
}

// Promise 14: the way out leaves nothing in the history that tells what it was.
func TestTheWayOutLeavesNothing(t *testing.T) {
	p := newPhone(t)
	p.Go(at)
	p.press("Start")
	p.fill()
	p.press("Save and go on")
	var out string
	p.Eval(`(e => { const out = e.href; e.href = "/assets/none"; return out; })(document.querySelector("[data-exit]"))`, &out)
	if out != "https://www.bbc.co.uk/weather" {
		t.Errorf("the way out leads to %s", out)
	}
	before := len(p.History())
	p.Press("Emergency: Exit this page")
	history := p.History()
	if len(history) != before {
		t.Errorf("the way out adds to the history: %d, then %d", before, len(history))
	}
	for _, title := range history {
		for _, telling := range []string{"exploit", "Report", "Harbour", "Step", "danger", "Danger"} {
			if strings.Contains(title, telling) {
				t.Errorf("the history has %q", title)
			}
		}
	}
}

// TestWithoutScripts: everything but the kept text works where scripts do not run.
func TestWithoutScripts(t *testing.T) {
	p := newPhone(t)
	p.Scripts(false)
	if code := p.Go(at); code != 200 {
		t.Fatalf("%d", code)
	}
	p.press("Start")
	p.Run(chromedp.Click(chromedp.CSS(`[name="q-danger"][value="no"] + label`)), chromedp.Click(chromedp.CSS(`[name="q-age"][value="adult"] + label`)))
	p.press("Save and go on")
	for i := 0; i < 10 && p.Count(`form[action$="/hand"]`) == 0; i++ {
		p.press("Save and go on")
	}
	p.press("Hand it to Harbour Council")
	if m := p.only(); m.State != referral.Received {
		t.Errorf("it is %s", m.State)
	}
}
