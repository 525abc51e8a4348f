package filltest

import (
	"fmt"
	"strings"

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

// opens opens an address of the page.
func (h *hand) opens(link string) {
	h.Helper()
	h.tab.Go(strings.TrimPrefix(link, h.server.Base))
}

// arrives opens the link and waits until the forms are there and the page starts
// without a line.
func (h *hand) arrives(link string) {
	h.Helper()
	h.opens(link)
	h.waits("This page also starts without a line")
	h.waits("Synthetic interview")
}

// waits waits until the page says a text.
func (h *hand) waits(text string) {
	h.Helper()
	h.tab.Wait(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// clicks presses the button whose text begins so, once it is there.
func (h *hand) clicks(text string) {
	h.Helper()
	h.tab.Wait(fmt.Sprintf(`[...document.querySelectorAll("button, summary")].some(b => b.checkVisibility() && b.textContent.trim().startsWith(%q) && (b.click(), true))`, text))
}

// fields are the text fields of the form.
const fields = `[...document.querySelectorAll(".odk-form input:not([type=radio]):not([type=file]), .odk-form textarea")]`

// types fills in the n-th text field of the form, over what is there.
func (h *hand) types(n int, text string) {
	h.Helper()
	h.tab.Wait(fmt.Sprintf("%s.length > %d", fields, n))
	h.tab.Eval(fmt.Sprintf("(e => { e.focus(); e.select(); })(%s[%d])", fields, n), nil)
	h.tab.Type(text)
}

// holds waits until the n-th text field holds a text.
func (h *hand) holds(n int, text string) {
	h.Helper()
	h.tab.Wait(fmt.Sprintf("%s[%d]?.value === %q", fields, n, text))
}

// fills answers the synthetic form.
func (h *hand) fills(name, age string) {
	h.Helper()
	h.clicks("Start interview Synthetic interview")
	h.types(0, name)
	h.types(1, age)
}

// device is everything that the page keeps on the device, as text.
func (h *hand) device() string {
	h.Helper()
	var s string
	h.tab.Eval(`new Promise((resolve, reject) => {
		const asked = indexedDB.open("waymark-fill");
		asked.onerror = () => reject(asked.error);
		asked.onsuccess = async () => {
			const db = asked.result, all = {};
			for (const name of db.objectStoreNames) {
				all[name] = await new Promise((r) => (db.transaction(name).objectStore(name).getAll().onsuccess = (e) => r(e.target.result)));
			}
			db.close();
			resolve(JSON.stringify(all));
		};
	})`, &s)
	return s
}
