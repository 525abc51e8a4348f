package filltest

import (
	"context"
	"strings"
	"testing"

	"waymark/forms/xform"
	"waymark/store/storetest"
	"waymark/web/fill"
	"waymark/web/webtest"
)

// hand is an enumerator at a browser.
type hand struct {
	*world
	tab *webtest.Tab
}

func (w *world) hand() *hand {
	h := &hand{w, w.server.Tab(w)}
	w.Cleanup(func() {
		if w.Failed() {
			w.Logf("the page said: %.3000s", h.tab.Text("body"))
		}
	})
	return h
}

// arrives opens the link and waits until the forms are there and the page starts
// without a line.
func (h *hand) arrives(link string) {
	h.Helper()
	h.tab.Go(strings.TrimPrefix(link, h.server.Base))
	h.tab.Wait(`document.body.textContent.includes("This page also starts without a line")`)
}

// clicks presses the button with this text.
func (h *hand) clicks(text string) {
	h.Helper()
	h.tab.Wait(`[...document.querySelectorAll("button")].some(b => b.checkVisibility() && b.textContent.trim().startsWith(` + "`" + text + "`" + `) && (b.click(), true))`)
}

func (h *hand) waits(text string) {
	h.Helper()
	h.tab.Wait(`document.body.innerText.includes(` + "`" + text + "`" + `)`)
}

// types fills in the n-th text field of the form.
func (h *hand) types(n int, text string) {
	h.Helper()
	h.tab.Wait(`document.querySelectorAll(".odk-form input[type=text], .odk-form textarea, .odk-form input[inputmode]").length > ` + string(rune('0'+n)))
	h.tab.Eval(`((e) => { e.focus(); e.select?.(); })([...document.querySelectorAll(".odk-form input[type=text], .odk-form textarea, .odk-form input[inputmode]")][`+string(rune('0'+n))+`])`, nil)
	h.tab.Type(text)
}

// interview fills in the synthetic form.
func (h *hand) interview(name, age string) {
	h.Helper()
	h.clicks("Start interview Synthetic interview")
	h.types(0, name)
	h.types(1, age)
}

func TestInterviewIsSentOnce(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, "E08"))
	h.interview("Synthetic", "34")
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	all := w.stored()
	if len(all) != 1 {
		t.Fatalf("%d interviews are stored", len(all))
	}
	got, err := w.DB.ReadAnswers(context.Background(), storetest.Officer, all[0].ID, 0)
	w.must(err)
	t.Log(string(got.XML))
	f, err := xform.Parse([]byte(xformText))
	w.must(err)
	_ = f
}
