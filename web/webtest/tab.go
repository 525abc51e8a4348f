package webtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page of the browser with cookies of its own. When the test ends it fails
// if the page asked anyone but its server for anything, or if a script failed or the
// content policy stopped something.
type Tab struct {
	t    testing.TB
	ctx  context.Context
	base string

	mu       sync.Mutex
	allowed  []string
	requests []string
	troubles []string
	status   int64
}

// Tab opens one, 1280 pixels wide.
func (s *Server) Tab(t testing.TB) *Tab {
	t.Helper()
	return s.tab(t, start(t), chromedp.WithNewBrowserContext())
}

// Beside opens another tab that shares cookies and everything that is kept.
func (s *Server) Beside(t testing.TB, tab *Tab) *Tab {
	t.Helper()
	return s.tab(t, tab.ctx)
}

func (s *Server) tab(t testing.TB, parent context.Context, options ...chromedp.ContextOption) *Tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(parent, options...)
	tab := &Tab{t: t, ctx: ctx, base: s.Base}
	t.Cleanup(func() {
		stop()
		tab.check()
	})
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		tab.fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		tab.fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		tab.fatal(err)
	}
	if _, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{}); err != nil {
		tab.fatal(err)
	}
	tab.Width(1280)
	return tab
}

// hear notes what the page asks for and complains of.
func (tab *Tab) hear(event any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		tab.requests = append(tab.requests, e.Request.URL)
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			tab.status = e.Response.Status
		}
	case *log.EventEntryAdded:
		// That a page was answered with 404 is no trouble of the page.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			tab.troubles = append(tab.troubles, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		tab.troubles = append(tab.troubles, e.ExceptionDetails.Text)
	}
}

func (tab *Tab) check() {
	for _, r := range tab.Foreign() {
		tab.t.Errorf("the page asked another server: %s", r)
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	for _, s := range tab.troubles {
		tab.t.Errorf("the browser complained: %s", s)
	}
}

// Requests lists every address that was asked for.
func (tab *Tab) Requests() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.requests)
}

// Allow expects requests to addresses that begin so: those of the way out of a page.
// Nothing answers them.
func (tab *Tab) Allow(prefix string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.allowed = append(tab.allowed, prefix)
}

// Foreign lists the requests to anyone but the page's own server.
func (tab *Tab) Foreign() []string {
	var foreign []string
	for _, r := range tab.Requests() {
		expected := slices.ContainsFunc(tab.allowed, func(p string) bool { return strings.HasPrefix(r, p) })
		if !expected && !strings.HasPrefix(r, tab.base+"/") && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:") && r != "about:blank" {
			foreign = append(foreign, r)
		}
	}
	return foreign
}

// run does steps within the patience.
func (tab *Tab) run(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.ctx, patience)
	defer stop()
	for _, step := range steps {
		if err := untilStill(func() error { return chromedp.Do(ctx, step) }); err != nil {
			tab.fatal(err)
		}
	}
}

// untilStill does a step again when the document was replaced between finding an element
// and touching it: the browser tells of a new document a little after it has loaded.
// Nothing was touched then.
func untilStill(step func() error) error {
	for {
		err := step()
		if told, ok := errors.AsType[*cdproto.Error](err); !ok || !strings.HasPrefix(told.Message, "No node with given id") {
			return err
		}
	}
}

func (tab *Tab) fatal(err error) {
	tab.t.Helper()
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("the browser did not come to an end within %v", patience)
	}
	tab.t.Fatalf("browser: %v", err)
}

// value does one step within the patience and returns what it gives.
func value[T any](tab *Tab, step chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		tab.fatal(err)
	}
	return v
}

// call gives the browser a command within the patience.
func call[P, R any](tab *Tab, command cdp.Command[P, R], params P) R {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.ctx, patience)
	defer stop()
	res, err := chromedp.Call(ctx, command, params)
	if err != nil {
		tab.fatal(err)
	}
	return res
}

// named selects a field by its name.
func named(name string) chromedp.CSS { return chromedp.CSS(`[name="` + name + `"]`) }

// Run does steps of chromedp, for what Tab has no method.
func (tab *Tab) Run(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	tab.run(steps...)
}

// Cookie sets a cookie, such as that of a session.
func (tab *Tab) Cookie(name, value string) {
	tab.t.Helper()
	call(tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: tab.base + "/"})
}

// Go opens a path and returns the status of its answer.
func (tab *Tab) Go(path string) int {
	tab.t.Helper()
	return tab.follow(chromedp.Navigate(tab.base + path))
}

// follow does what leads to another page, waits for it, and returns its status.
func (tab *Tab) follow(step chromedp.Action[chromedp.Void]) int {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.ctx, patience)
	defer stop()
	res, err := chromedp.RunResponse(ctx, func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		return none, untilStill(func() error { _, err := step(ctx, t); return err })
	})
	if err != nil {
		tab.fatal(err)
	}
	if res == nil {
		return 0
	}
	return int(res.Status)
}

// Press clicks the link or button with this text and waits for the page that it leads to.
func (tab *Tab) Press(text string) int {
	tab.t.Helper()
	return tab.follow(chromedp.Click(chromedp.Search(pressable(text)), chromedp.NodeVisible))
}

// pressable finds a link or button by its text, in XPath.
func pressable(text string) string {
	q := quoteXPath(text)
	return `//button[normalize-space(.)=` + q + `] | //a[normalize-space(.)=` + q + `] | //input[@type='submit'][@value=` + q + `] | //summary[normalize-space(.)=` + q + `]`
}

func quoteXPath(s string) string {
	if !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return `concat("` + strings.ReplaceAll(s, `"`, `", '"', "`) + `")`
}

// Fill types into the field of this name, over what is there.
func (tab *Tab) Fill(name, value string) {
	tab.t.Helper()
	tab.Eval(`(e => { e.value = ""; return true; })(document.getElementsByName(`+quoteJS(name)+`)[0])`, nil)
	tab.run(chromedp.SendKeys(named(name), value))
}

// Enter types into the field of this name, presses the enter key and waits for the page
// that it leads to. It needs no script in the page.
func (tab *Tab) Enter(name, value string) int {
	tab.t.Helper()
	return tab.follow(chromedp.SendKeys(named(name), value+"\r"))
}

// Keys presses keys and touches nothing else.
func (tab *Tab) Keys(keys string) {
	tab.t.Helper()
	tab.run(chromedp.KeyEvent(keys))
}

// KeysTo is Keys for what leads to another page; it returns the status of that.
func (tab *Tab) KeysTo(keys string) int {
	tab.t.Helper()
	return tab.follow(chromedp.KeyEvent(keys))
}

// Choose picks a radio button, checkbox or choice of a list.
func (tab *Tab) Choose(name, value string) {
	tab.t.Helper()
	ok := false
	tab.Eval(`((name, value) => {
		for (const e of document.getElementsByName(name)) {
			if (e.tagName === "SELECT") { e.value = value; e.dispatchEvent(new Event("change", {bubbles: true})); return e.value === value; }
			if (e.value === value) { if (!e.checked) e.click(); return true; }
		}
		return false;
	})(`+quoteJS(name)+`, `+quoteJS(value)+`)`, &ok)
	if !ok {
		tab.t.Fatalf("there is no choice %s of %s", value, name)
	}
}

// Attach chooses files of this machine in a file field.
func (tab *Tab) Attach(name string, files ...string) {
	tab.t.Helper()
	tab.run(chromedp.SetUploadFiles(named(name), files))
}

// AttachTo is Attach for the first file field of a selector.
func (tab *Tab) AttachTo(selector string, files ...string) {
	tab.t.Helper()
	tab.run(chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// Before runs a script in each page that is opened from now on, before its own.
func (tab *Tab) Before(script string) {
	tab.t.Helper()
	call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// Text returns the text of the first element of a selector, as it is seen.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return value(tab, chromedp.Text(chromedp.CSS(selector), chromedp.NodeReady))
}

// Count returns how many elements a selector finds.
func (tab *Tab) Count(selector string) int {
	tab.t.Helper()
	n := 0
	tab.Eval(`document.querySelectorAll(`+quoteJS(selector)+`).length`, &n)
	return n
}

// Wait waits until an expression of script is true: for what a script changes.
func (tab *Tab) Wait(expression string) {
	tab.t.Helper()
	tab.run(chromedp.Poll[chromedp.Void](expression))
}

// Eval runs an expression of script in the page.
func (tab *Tab) Eval(expression string, result any) {
	tab.t.Helper()
	raw := value(tab, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if result == nil {
		return
	}
	if err := json.Unmarshal(raw, result); err != nil {
		tab.t.Fatalf("the script answered %.200s: %v", raw, err)
	}
}

// Path returns the path and query of the page.
func (tab *Tab) Path() string {
	tab.t.Helper()
	var s string
	tab.Eval(`location.pathname + location.search`, &s)
	return s
}

// Width sets the width of the window; its height is that of a small laptop, or of a
// phone for widths under 600.
func (tab *Tab) Width(w int64) {
	tab.t.Helper()
	height := int64(800)
	if w < 600 {
		height = 740
	}
	tab.run(chromedp.EmulateViewport(w, height))
}

// Dark asks for pages in dark, or in light.
func (tab *Tab) Dark(dark bool) {
	tab.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Print shows the page as it is printed, or as on a screen.
func (tab *Tab) Print(on bool) {
	tab.t.Helper()
	media := ""
	if on {
		media = "print"
	}
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
}

// History lists the titles of the pages that the back and forward buttons lead to,
// and of this one.
func (tab *Tab) History() []string {
	tab.t.Helper()
	h := call(tab, page.GetNavigationHistory, cdp.Empty{})
	titles := make([]string, 0, len(h.Entries))
	for _, e := range h.Entries {
		titles = append(titles, e.Title)
	}
	return titles
}

// Scripts turns scripts on or off: pages must work without.
func (tab *Tab) Scripts(on bool) {
	tab.t.Helper()
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Type types into whatever has the focus.
func (tab *Tab) Type(text string) {
	tab.t.Helper()
	tab.run(chromedp.KeyEvent(text))
}

// Line tells the page that the browser has a line to somewhere, or none, as when a
// cable is pulled. What it asks for still arrives: cutting that is the server's part.
func (tab *Tab) Line(there bool) {
	tab.t.Helper()
	call(tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !there, DownloadThroughput: -1, UploadThroughput: -1})
}
