package walktest

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"waymark/forms/openrosa"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web"
	"waymark/web/concern"
	"waymark/web/desk"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/refer"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var (
	ctx    = context.Background()
	system = audit.Actor{Kind: audit.System, Via: "command"}
)

// world is a server over the real store. Who is signed in follows from a cookie that
// each browser has; a browser without it is a visitor.
type world struct {
	*testing.T
	db        *store.DB
	store     referral.Store
	files     string // where everything is kept
	server    *webtest.Server
	programme ids.ID
	people    map[string]*account.Account
	cut       atomic.Bool
	log       lines
}

// lines is the server's log.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Wrap implements page.Sessions.
func (w *world) Wrap(next http.Handler) http.Handler { return next }

// Identify implements page.Sessions.
func (w *world) Identify(r *http.Request) (*account.Account, page.Session, error) {
	c, err := r.Cookie("who")
	if err != nil || w.people[c.Value] == nil {
		return nil, page.Session{}, nil
	}
	a, err := w.db.Account(r.Context(), w.people[c.Value].ID)
	return a, page.Session{Strong: true, Fresh: true}, err
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	place := storetest.SQLite.NewPlace(t)
	w := &world{T: t, db: place.Open(t), server: webtest.NewServer(t), people: map[string]*account.Account{}}
	w.store, w.files = w.db.Referral(), place.Options.Dir
	p := &collection.Programme{Name: "Harbour network (synthetic)"}
	w.must(w.db.PutProgramme(ctx, system, p))
	w.programme = p.ID
	for name, role := range map[string]access.Role{"coordinator": access.Coordinator, "contact": access.Contact, "deputy": access.Contact} {
		a := &account.Account{ID: ids.New(), Name: "Synthetic " + name, Email: name + "@example.org", Lang: "en", State: account.Active}
		w.must(w.db.AddAccount(ctx, system, a))
		w.must(w.db.SetMember(ctx, system, a.ID, access.Membership{Programme: w.programme, Role: role}, true))
		w.people[name] = a
	}
	policies, err := access.Load()
	w.must(err)
	h := pagetest.House(page.House{Collection: w.db, Accounts: w.db, Policies: policies, Base: w.server.Base, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	rules, err := rule.Builtin()
	w.must(err)
	kit, err := matter.New(matter.Options{House: h, Store: w.store, Library: referral.NewLibrary(w.store, rules["uk"])})
	w.must(err)
	handler, _, err := web.Handler(h, web.Options{Sessions: w, Areas: []page.Area{matter.Area(), concern.Area(kit), refer.Area(kit, refer.Options{}),
		desk.Area(desk.Options{Kit: kit, QR: openrosa.QR, Every: 50 * time.Millisecond})}})
	w.must(err)
	w.server.Serve(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.cut.Load() && strings.HasPrefix(r.URL.Path, "/report/") {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(rw, r)
	}))
	return w
}

// sits opens a browser for somebody; "" is a visitor on a phone.
func (w *world) sits(name string) *tab {
	w.Helper()
	b := &tab{Tab: w.server.Tab(w.T), w: w}
	if name == "" {
		b.Run(chromedp.EmulateViewport(390, 844))
	} else {
		b.Cookie("who", name)
	}
	return b
}

type tab struct {
	*webtest.Tab
	w *world
}

func (b *tab) opens(path string) {
	b.w.Helper()
	if code := b.Go(path); code != 200 {
		b.w.Fatalf("%s answered %d", path, code)
	}
}

func (b *tab) presses(text string) {
	b.w.Helper()
	if code := b.Press(text); code != 200 {
		b.w.Fatalf("“%s” answered %d at %s: %.1500s", text, code, b.Path(), b.Text("main"))
	}
}

func (b *tab) sees(texts ...string) {
	b.w.Helper()
	body := b.Text("body")
	for _, s := range texts {
		if !strings.Contains(body, s) {
			b.w.Errorf("%s does not say %q; it says %.1500s", b.Path(), s, body)
		}
	}
}

const canary = "Synthetic-Canary-4711"

func TestFromSuspicionToTheDesk(t *testing.T) {
	w := newWorld(t)
	link := w.network()
	contact := w.sits("contact")
	contact.opens("/concerns")
	contact.sees("Nothing to do")

	code := w.report(link)
	contact.Wait(`!document.querySelector("[data-news]").hidden`)
	contact.presses("1 new concern: show")
	contact.sees("Urgent", "Child", "Harbour Fire and Rescue", "Yours")
	contact.presses(contact.Text("tbody th a"))
	contact.sees(canary+" words", "Sleeps at the workplace")
	contact.presses("Take it on")
	contact.presses("Ask the worker")
	contact.Fill("text", "Which door did you use?")
	contact.presses("Ask")
	contact.sees("Waits for a reply")

	phone := w.sits("")
	phone.opens(link + "/back")
	phone.Enter("code", code)
	phone.sees("Which door did you use?")
	if strings.Contains(phone.Text("body"), canary) {
		t.Error("the code shows what was handed over")
	}
	phone.Run(chromedp.SendKeys(chromedp.CSS("textarea"), canary+" reply"))
	phone.presses("Send the reply")

	contact.opens(contact.Path())
	contact.sees(canary + " reply")
	contact.presses("Start a referral for one person")
	contact.sees("About this referral", "Synthetic contact answers for it", "Harbour Council")
	w.silent(code, link)
}

// network is set up by the coordinator; it returns the path of the link.
func (w *world) network() string {
	w.Helper()
	b := w.sits("coordinator")
	b.opens(page.Path("/programmes/{programme}/network", "programme", w.programme))
	b.presses("Make it a network")
	b.Choose("pathway", "uk/england-wales")
	b.presses("Make the network")
	b.presses("Add an agency")
	b.Fill("name", "Harbour Council")
	b.Choose("kind", "local-authority")
	b.Choose("desk", "yes")
	b.Choose("contact", w.people["contact"].ID.String())
	b.Choose("deputy", w.people["deputy"].ID.String())
	b.Choose("every", "yes")
	b.presses("Save")
	b.presses("Network")
	b.presses("Make a link")
	b.Fill("name", "Harbour Fire and Rescue")
	b.Choose("kind", "fire-and-rescue")
	b.presses("Make the link")
	b.Axe()
	b.Screenshot("desk-sheet")
	if n := b.PrintedPages(); n != 1 {
		w.Errorf("the sheet takes %d pages", n)
	}
	_, path, ok := strings.Cut(b.Text(".wm-code"), w.server.Base)
	if !ok || !strings.HasPrefix(path, "/report/") {
		w.Fatalf("the address is %q", b.Text(".wm-code"))
	}
	return path
}

// report is the frontline worker on a phone. The line breaks in the middle and the tab
// is killed; it returns the code to come back with.
func (w *world) report(link string) string {
	w.Helper()
	b := w.sits("")
	b.opens(link)
	b.presses("Start")
	b.Choose("q-danger", "unsure")
	b.Choose("q-age", "child")
	b.presses("Save and go on")
	b.Choose("q-signs-general", "gen-fearful")
	b.Choose("q-themes", "work")
	b.presses("Save and go on")
	b.Choose("q-signs-work", "lab-sleeps-there")
	b.presses("Save and go on")
	b.presses("Save and go on") // of the child nothing is known
	b.Fill("q-place", canary+" place")
	b.Choose("q-when", "now")
	w.cut.Store(true)
	b.Run(chromedp.Click(chromedp.CSS("form[data-keep] button")))
	b.Wait(`!document.querySelector("[data-line]").hidden`)
	b.sees("No line: nothing is lost.")
	w.cut.Store(false)
	b.presses("Try again")
	b.Fill("q-words", canary+" words")
	b.presses("Save and go on")
	// The tab is killed. Another of the same browser goes on where it was.
	where := b.Path()
	next := &tab{Tab: w.server.Beside(w.T, b.Tab), w: w}
	b.Run(chromedp.Navigate("about:blank"))
	next.Run(chromedp.EmulateViewport(390, 844))
	next.opens(link)
	next.presses("Go on")
	if next.Path() != where {
		w.Errorf("it goes on at %s, not %s", next.Path(), where)
	}
	next.Fill("q-contact-name", canary+" name")
	next.presses("Save and go on")
	next.sees("What to do now", "call 999")
	next.presses("Hand it to Harbour Council")
	next.sees("Harbour Council has it")
	code := next.Text(".mt-code")
	next.presses("I have noted the code")
	for _, title := range next.History() {
		if title != "Waymark" && title != "about:blank" && title != "" {
			w.Errorf("the history has %q", title)
		}
	}
	return code
}

// silent looks for what was typed in every file that the server keeps, and in its log.
func (w *world) silent(code, link string) {
	w.Helper()
	token := strings.TrimPrefix(link, "/report/")
	secrets := []string{canary, code, strings.ToLower(strings.ReplaceAll(code, "-", "")), token}
	for _, s := range secrets {
		if strings.Contains(w.log.String(), s) {
			w.Errorf("the log holds %q", s)
		}
	}
	files := 0
	err := filepath.WalkDir(w.files, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				w.Errorf("%s holds %q", filepath.Base(path), s)
			}
		}
		return err
	})
	w.must(err)
	if files == 0 {
		w.Error("no file was looked at")
	}
}
