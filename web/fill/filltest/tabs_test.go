package filltest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"strings"
	"testing"

	"waymark/monitoring/collection"
	"waymark/web/fill"
)

// TestNewerVersion: a newer page waits until someone asks for it, and is not loaded
// under an interview that is open in another tab.
func TestNewerVersion(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.fills("Synthetic Open", "30")
	w.newer.Store(true)
	second := &hand{w, w.server.Beside(t, h.tab)}
	second.opens("/fill/")
	second.waits("A newer version of this page is here")
	second.tab.Axe()
	second.tab.Press("Use it now") // the page is loaded anew
	second.tab.Wait(`document.body.innerText.includes("No interview waits") && !document.body.innerText.includes("A newer version")`)
	h.types(1, "31")
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	if text := w.stored(1, collection.Filter{Form: w.form.ID})[0]; !strings.Contains(text, "<age>31</age>") {
		t.Errorf("stored is %s", text)
	}
	var caches []string
	h.tab.Eval(`caches.keys()`, &caches)
	if len(caches) != 2 || !strings.Contains(caches[1], "newer") {
		t.Errorf("kept are %q", caches)
	}
}

// TestTwoTabs: one interview is not open twice.
func TestTwoTabs(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.fills("Synthetic Twice", "30")
	h.waits("Kept on this device at")
	second := &hand{w, w.server.Beside(t, h.tab)}
	second.opens("/fill/")
	second.clicks("Go on")
	second.waits("This interview is open in another tab")
	h.clicks("Back to the list")
	h.waits("Not finished")
	second.clicks("Go on")
	second.holds(0, "Synthetic Twice")
}

// TestFullDevice: the last answers are not kept and the page says so, stays with the
// interview, and keeps them when there is room.
func TestFullDevice(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.tab.Before(`const put = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = function (value) {
			if (!window.full || !value.state) return put.call(this, value);
			Object.defineProperty(this.transaction, "error", {value: new DOMException("synthetic", "QuotaExceededError")});
			const asked = put.call(this, value);
			asked.onsuccess = () => this.transaction.abort();
			return asked;
		};`)
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.tab.Eval(`window.full = true`, nil)
	h.fills("Synthetic Full", "30")
	h.waits("This device is full: the last answers are not kept")
	h.clicks("Back to the list")
	h.clicks("Send")
	h.holds(0, "Synthetic Full")
	w.stored(0, collection.Filter{Form: w.form.ID})
	h.tab.Eval(`window.full = false`, nil)
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	w.stored(1, collection.Filter{Form: w.form.ID})
}

// TestSavedAsFile: what waits can be taken off the device, whole, with its pictures.
func TestSavedAsFile(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.tab.Before(`URL.createObjectURL = ((make) => (blob) => { window.last = blob; return make.call(URL, blob); })(URL.createObjectURL);
		HTMLAnchorElement.prototype.click = function () { window.saved = this.download; };`)
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	picture := photo(t, 20_000)
	h.fills("Synthetic é العربية", "30")
	h.tab.AttachTo(".odk-form input[type=file]", picture)
	h.tab.Wait(`document.querySelectorAll(".odk-form img:not(.logo)").length === 1`)
	w.away.Store(true)
	h.clicks("Send")
	h.clicks("Each waiting interview")
	h.clicks("Save as a file")
	h.tab.Wait(`window.saved !== undefined && window.last.type === "application/zip"`)
	var name, content string
	h.tab.Eval(`window.saved`, &name)
	h.tab.Eval(`window.last.arrayBuffer().then((b) => btoa([...new Uint8Array(b)].map((c) => String.fromCharCode(c)).join("")))`, &content)
	raw, err := base64.StdEncoding.DecodeString(content)
	w.must(err)
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	w.must(err)
	var all [][]byte
	for _, f := range archive.File {
		r, err := f.Open()
		w.must(err)
		b, err := io.ReadAll(r) // fails if the sum does not agree
		w.must(err)
		all = append(all, b)
	}
	want, err := os.ReadFile(picture)
	w.must(err)
	if len(all) != 2 || archive.File[0].Name != "submission.xml" || !strings.Contains(string(all[0]), "Synthetic é العربية") || !bytes.Equal(all[1], want) ||
		!strings.HasPrefix(name, "uuid-") || !strings.HasSuffix(name, ".zip") {
		t.Errorf("%s holds %d files", name, len(all))
	}
}
