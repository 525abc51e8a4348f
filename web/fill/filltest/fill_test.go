package filltest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/monitoring/collection"
	"waymark/store/storetest"
	"waymark/web/fill"
)

// TestInterview: from the link to the store, and what is left on the device.
func TestInterview(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.opens("/fill/")
	h.waits("Open the link that you were given")
	h.tab.Axe()
	h.tab.Screenshot("fill-no-link")
	h.arrives(fill.Link(w.server.Base, w.token, "E08"))
	var address string
	h.tab.Eval(`location.href`, &address)
	if address != w.server.Base+"/fill/" {
		t.Errorf("the address still says %s", address)
	}
	h.tab.Axe()
	h.tab.Keyboard()
	h.tab.Screenshot("fill-forms")
	h.fills("Synthetic One", "34")
	h.tab.Eval(`document.querySelector(".odk-form input[type=radio]").click()`, nil)
	var found struct{ Ours, Theirs []string }
	h.tab.Eval(`(async () => {
		const ids = async (where) => (await axe.run(where, {resultTypes: ["violations"]})).violations.map(v => v.id);
		return {Ours: await ids({exclude: [[".fill-form-place"]]}), Theirs: await ids({include: [[".fill-form-place"]]})};
	})()`, &found)
	t.Logf("axe finds in ODK Web Forms: %v", found.Theirs)
	if len(found.Ours) > 0 {
		t.Errorf("axe finds around the interview: %v", found.Ours)
	}
	h.tab.Screenshot("fill-interview")
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	text := w.stored(1, collection.Filter{Form: w.form.ID})[0]
	for _, want := range []string{"<who>E08</who>", "<name>Synthetic One</name>", "<age>34</age>", "<paid>yes</paid>", "<instanceName>Interview 34</instanceName>", "<device>waymark-fill:"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	if kept := h.device(); strings.Contains(kept, "Synthetic One") || !strings.Contains(kept, `"state":"sent"`) {
		t.Errorf("the device keeps %s", kept)
	}
	if w.told.Load() != 0 {
		t.Error("cookies or the link were told")
	}
	// In French, and from right to left.
	h.clicks("Français")
	h.waits("entretien a été envoyé de cet appareil")
	h.clicks("Commencer un entretien Synthetic interview")
	h.waits("Comment vous appeler ?")
	h.clicks("Retour à la liste")
	h.clicks("العربية")
	h.waits("أُرسلت مقابلة واحدة")
	h.tab.Dark(true)
	h.tab.Axe()
	h.tab.Screenshot("fill-arabic-dark")
	h.clicks("ابدأ مقابلة Synthetic interview")
	h.waits("What shall we call you?")
	var dir string
	h.tab.Eval(`document.querySelector(".fill-form-place").dir`, &dir)
	if dir != "ltr" {
		t.Errorf("an English form in an Arabic page is %s", dir)
	}
	h.tab.Screenshot("fill-interview-arabic-dark")
	h.clicks("عودة إلى القائمة")
	h.waits("أُرسلت مقابلة واحدة")
}

// TestNoLine: the server is away; interviews wait, the page starts again without it,
// and each is stored once when the line is back, although the first answer is lost.
func TestNoLine(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	w.away.Store(true)
	h.tab.Line(false)
	h.fills("Synthetic Same", "20")
	h.clicks("Send")
	h.waits("1 interview waits on this device")
	h.waits("There is no line to the server")
	h.opens("/fill/")
	h.waits("1 interview waits on this device")
	h.fills("Synthetic Same", "21")
	h.clicks("Send")
	h.waits("2 interviews wait on this device")
	h.clicks("Each waiting interview")
	h.tab.Axe()
	h.tab.Screenshot("fill-waiting")
	second := &hand{w, w.server.Beside(t, h.tab)} // it sends too
	second.opens("/fill/")
	second.waits("2 interviews wait on this device")
	w.stored(0, collection.Filter{Form: w.form.ID})
	// Another network has a page of its own in front: it is no server, and no receipt.
	w.portal.Store(true)
	w.away.Store(false)
	h.clicks("Look for new forms")
	h.waits("The server cannot be reached")
	h.clicks("Send now")
	h.waits("2 interviews wait on this device")
	h.waits("Start interview")
	w.deaf.Store(true)
	w.portal.Store(false)
	h.tab.Line(true)
	for w.sent.Load() == 0 {
		h.tab.Eval(`1`, nil) // the browser's pace
	}
	w.deaf.Store(false)
	h.clicks("Send now")
	h.waits("2 interviews were sent from this device")
	texts := strings.Join(w.stored(2, collection.Filter{Form: w.form.ID}), "\n")
	if strings.Count(texts, "Synthetic Same") != 2 || !strings.Contains(texts, "<age>20</age>") || !strings.Contains(texts, "<age>21</age>") {
		t.Errorf("stored are %s", texts)
	}
	second.waits("2 interviews were sent from this device")
	if n := w.sent.Load(); n != 3 {
		t.Errorf("it took %d posts; one answer was lost", n)
	}
}

// TestRevoked: the link no longer works. Nothing is lost, and a new link sends it.
func TestRevoked(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	w.away.Store(true)
	h.fills("Synthetic Two", "40")
	h.clicks("Send")
	h.waits("1 interview waits on this device")
	w.who.Revoked = time.Now()
	w.must(w.DB.PutEnumerator(context.Background(), storetest.Officer, w.who, nil))
	w.away.Store(false)
	h.clicks("Send now")
	h.waits("The link that this interview was made with was revoked")
	h.clicks("Look for new forms")
	h.waits("The server does not take this link")
	h.tab.Axe()
	h.tab.Keyboard()
	h.tab.Screenshot("fill-revoked")
	if !strings.Contains(h.device(), "Synthetic Two") {
		t.Error("the interview is lost")
	}
	h.clicks("Delete")
	h.waits("Delete this interview?")
	h.tab.Axe()
	h.clicks("Cancel")
	token, hash := openrosa.NewToken()
	w.who.Revoked = time.Time{}
	w.must(w.DB.PutEnumerator(context.Background(), storetest.Officer, w.who, hash))
	h.opens(fill.Link(w.server.Base, token, ""))
	h.tab.Wait(`location.hash === "" && !document.body.innerText.includes("The server does not take this link")`)
	h.clicks("Try again")
	h.waits("1 interview was sent from this device")
	w.stored(1, collection.Filter{Form: w.form.ID})
}

var started = regexp.MustCompile(`<start>([^<]*)</start>`)

// TestHalfFilled: an interview goes on where it was, with its identity and its start.
func TestHalfFilled(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.fills("Synthetic Half", "50")
	picture := photo(t, 20_000)
	h.tab.AttachTo(".odk-form input[type=file]", picture)
	h.waits("Kept on this device at")
	h.tab.Wait(`document.querySelectorAll(".odk-form img:not(.logo)").length > 0`)
	h.clicks("Back to the list")
	h.waits("Not finished")
	before := h.device()
	h.tab.Axe()
	h.opens("/fill/")
	h.clicks("Go on")
	h.holds(0, "Synthetic Half")
	h.holds(1, "50")
	h.types(1, "51")
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	text := w.stored(1, collection.Filter{Form: w.form.ID})[0]
	start := started.FindStringSubmatch(text)[1]
	if !strings.Contains(before, start) || !strings.Contains(text, "<age>51</age>") || strings.Contains(text, "deprecatedID") {
		t.Errorf("stored is %s", text)
	}
}

// photo writes a picture of about so many bytes: noise, which nothing makes smaller.
func photo(t *testing.T, size int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "photo.png")
	if err := os.WriteFile(name, noise(size), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestPictures: two pictures that are together larger than one post may be.
func TestPictures(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.fills("Synthetic Three", "60")
	h.tab.AttachTo(".odk-form input[type=file]", photo(t, 70_000))
	h.tab.Wait(`document.querySelectorAll(".odk-form img:not(.logo)").length === 1`)
	h.tab.AttachTo(".odk-form .question-container:last-of-type input[type=file]", photo(t, 60_000))
	h.tab.Wait(`document.querySelectorAll(".odk-form img:not(.logo)").length === 2`)
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	if n := w.sent.Load(); n != 2 {
		t.Errorf("it took %d posts", n)
	}
	w.stored(1, collection.Filter{Form: w.form.ID})
	files, err := w.DB.Attachments(context.Background(), w.All(w, collection.Filter{Form: w.form.ID})[0].ID)
	w.must(err)
	if len(files) != 2 {
		t.Errorf("%d files are stored", len(files))
	}
}

// TestOtherForms: an encrypted form is not opened; a draft is tested by its own link.
func TestOtherForms(t *testing.T) {
	w := newWorld(t)
	w.publish("sealed", "Sealed interview", encrypted)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.waits("This form is for ODK Collect")
	var starts []string
	h.tab.Eval(`[...document.querySelectorAll("button")].map(b => b.textContent).filter(s => s.startsWith("Start interview"))`, &starts)
	for _, s := range starts {
		if strings.Contains(s, "Sealed") {
			t.Error("the encrypted form can be opened")
		}
	}
	if strings.Contains(h.device(), "c3ludGhldGlj") {
		t.Error("the encrypted form is kept")
	}
	draft := strings.Replace(xformText, `version="1"`, `version="2"`, 1)
	w.draft(w.form, "2", draft)
	token, hash := openrosa.NewToken()
	w.must(w.DB.DraftToken(context.Background(), storetest.Officer, w.form.ID, hash))
	h.opens(fill.TestLink(w.server.Base, token))
	h.waits("This link tests a draft")
	h.waits("Version \u20682\u2069")
	h.fills("Synthetic Test", "70")
	h.clicks("Send")
	h.waits("1 interview was sent from this device")
	w.storedOf(draft, 1, collection.Filter{Form: w.form.ID, Drafts: true})
}

// TestForget: what waits is not dropped without being asked, and then nothing is left.
func TestForget(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	w.away.Store(true)
	h.fills("Synthetic Four", "80")
	h.clicks("Send")
	h.waits("1 interview waits on this device")
	h.clicks("Forget this device")
	h.waits("1 interview was not sent")
	h.tab.Axe()
	h.clicks("Cancel")
	if !strings.Contains(h.device(), "Synthetic Four") {
		t.Error("it was dropped without being asked")
	}
	h.clicks("Forget this device")
	h.clicks("Delete unsent interviews and forget")
	h.waits("Open the link that you were given")
	if kept := h.device(); strings.Contains(kept, "Synthetic") || strings.Contains(kept, w.token) {
		t.Errorf("the device keeps %s", kept)
	}
}

// TestTroubles: a browser that keeps nothing, a link that is cut off, a wrong clock, a
// full device.
func TestTroubles(t *testing.T) {
	w := newWorld(t)
	h := w.hand()
	h.opens("/fill/#" + w.token[:20])
	h.waits("That link is not whole")
	h.tab.Axe()
	h.tab.Go("/about")
	h.tab.Before(`Object.defineProperty(navigator.storage, "estimate", {value: async () => ({quota: 1e6, usage: 9e5})});
		const now = Date.now; Date.now = () => now() + 3600e3;`)
	h.opens(fill.Link(w.server.Base, w.token, ""))
	h.waits("The clock of this device says")
	h.waits("There is little room left on this device")
	h.clicks("Start interview Synthetic interview")
	h.waits("Start with little room?")
	h.clicks("Cancel")
	h.tab.Before(`Object.defineProperty(window, "indexedDB", {value: undefined});`)
	h.opens("/fill/")
	h.waits("This browser keeps nothing for this page")
	h.tab.Axe()
}
