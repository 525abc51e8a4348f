package setuptest

import (
	"context"
	"strings"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/webtest"
)

// walk is a person in a browser; look takes a picture of each page and has axe look
// at it.
type walk struct {
	*world
	tab *webtest.Tab
}

func (w *walk) look(name string) {
	w.Helper()
	w.tab.Axe()
	w.tab.Screenshot("setup-" + name)
}

func (w *walk) goes(path string) {
	w.Helper()
	if code := w.tab.Go(path); code != 200 {
		w.Fatalf("%s answered %d", path, code)
	}
}

// press follows a link or button and says where that led.
func (w *walk) press(text string) {
	w.Helper()
	if code := w.tab.Press(text); code != 200 {
		w.Fatalf("“%s” answered %d at %s", text, code, w.tab.Path())
	}
}

// sees checks that the page says something.
func (w *walk) sees(texts ...string) {
	w.Helper()
	body := w.tab.Text("body")
	for _, s := range texts {
		if !strings.Contains(body, s) {
			w.Errorf("%s does not say %q; it says %.1500s", w.tab.Path(), s, body)
		}
	}
}

// id reads an identifier from the address: what follows "/KIND/".
func (w *walk) id(kind string) ids.ID {
	w.Helper()
	_, rest, ok := strings.Cut(w.tab.Path(), "/"+kind+"/")
	id, err := ids.Parse(rest[:min(13, len(rest))])
	if !ok || err != nil {
		w.Fatalf("no %s in %s", kind, w.tab.Path())
	}
	return id
}

// TestSetUpARound goes from nothing to a phone that has the form, and to the end of
// the round, without a script in the pages until the last.
func TestSetUpARound(t *testing.T) {
	w := &walk{world: newWorld(t)}
	w.tab = w.server.Tab(t)
	programme := w.programme()
	round := w.roundAndPoints(programme)
	w.form(round)
	token := w.enumerators(round)
	phone := w.phone(token)
	w.revoke(round, phone)
	w.retention(programme, round)
}

func (w *walk) programme() ids.ID {
	w.goes("/programmes")
	w.look("programmes-empty")
	w.press("Add a programme")
	if w.tab.Press("Save") != 422 {
		w.Error("a programme without a name was taken")
	}
	w.look("programme-error")
	w.tab.Fill("name", "Flow monitoring, central Mediterranean")
	w.tab.Fill("about", "Synthetic programme for the tests of pages.")
	w.press("Save")
	id := w.id("programmes")
	w.member("coordinator", id, access.Coordinator)
	w.member("second", id, access.Coordinator)
	w.become("coordinator")
	w.goes(page.Path("/programmes/{programme}", "programme", id))
	w.look("programme-empty")
	return id
}

func (w *walk) roundAndPoints(programme ids.ID) ids.ID {
	w.press("Add a round")
	w.look("round-new")
	w.tab.Fill("name", "Autumn 2016")
	w.tab.Choose("instrument", "fms-2016")
	for name, value := range map[string]string{"from-day": "6", "from-month": "10", "from-year": "2016", "to-day": "11", "to-month": "11", "to-year": "2016",
		"route.code-1": "CMR", "route.name-1": "Central Mediterranean route", "route.code-2": "EMR", "route.name-2": "Eastern Mediterranean route"} {
		w.tab.Fill(name, value)
	}
	w.press("Save")
	id := w.id("rounds")
	w.look("round")
	w.goes(page.Path("/rounds/{round}/points", "round", id))
	w.look("points-empty")
	w.press("Add a list of points")
	w.tab.Fill("list", "P01,Pozzallo,WBR,36.7,14.8\nP 2,Augusta,CMR,95,\nP01,,CMR")
	if w.tab.Press("Save") != 422 {
		w.Error("a wrong list was taken")
	}
	w.sees("The list has 6 problems")
	w.look("points-list-error")
	w.tab.Attach("file", attached(w.T, "points.csv"))
	w.press("Save")
	w.sees("Added: 6")
	w.look("points")
	w.press("Map")
	w.look("points-map")
	w.clash(id)
	w.goes(page.Path("/rounds/{round}/points/new", "round", id))
	w.look("point-new")
	w.goes(page.Path("/rounds/{round}/targets", "round", id))
	w.look("targets-empty")
	w.press("Set periods and targets")
	if code := w.tab.Press("Make weeks of the round"); code != 200 {
		w.Fatalf("weeks: %d", code)
	}
	w.look("periods")
	w.press("Save")
	w.fillTargets(id)
	w.look("targets-form")
	w.press("Save")
	w.look("targets")
	w.goes(page.Path("/programmes/{programme}", "programme", programme))
	w.look("programme")
	return id
}

// clash is of two coordinators who change the same round.
func (w *walk) clash(round ids.ID) {
	w.Helper()
	w.goes(page.Path("/rounds/{round}/change", "round", round))
	other, err := w.db.Round(context.Background(), round)
	w.must(err)
	other.To = "2016-11-18"
	other.Routes[1].Name = "Eastern route"
	w.must(w.db.PutRound(context.Background(), audit.Actor{Kind: audit.Account, ID: w.people["second"].ID, Via: "web"}, other))
	w.tab.Fill("name", "Autumn 2016, first part")
	if code := w.tab.Press("Save"); code != 409 {
		w.Fatalf("two changes at once: %d", code)
	}
	w.sees("Someone else changed this", "Eastern route", "2016-11-18")
	w.look("clash")
	w.tab.Fill("name", "Autumn 2016")
	w.press("Save")
	w.sees("The round was changed.")
}

// fillTargets sets one target for all points, and another for the first.
func (w *walk) fillTargets(round ids.ID) {
	w.Helper()
	periods, err := w.db.ListPeriods(context.Background(), round)
	w.must(err)
	if len(periods) != 6 {
		w.Fatalf("%d weeks", len(periods))
	}
	for _, p := range periods {
		w.tab.Fill("every."+p.ID.String(), "40")
	}
	points, err := w.db.ListPoints(context.Background(), round)
	w.must(err)
	w.tab.Fill("target."+points[0].ID.String()+"."+periods[0].ID.String(), "120")
}

func (w *walk) form(round ids.ID) {
	w.goes(page.Path("/rounds/{round}/forms", "round", round))
	w.look("forms-empty")
	w.press("Add a form")
	w.look("form-new")
	w.tab.Choose("source", "upload")
	w.tab.Attach("file", attached(w.T, "broken.md"))
	if w.tab.Press("Upload and check") != 422 {
		w.Error("a broken form was taken")
	}
	w.look("form-error")
	w.tab.Choose("source", "upload")
	w.tab.Attach("file", attached(w.T, "survey.md"))
	w.press("Upload and check")
	w.sees("cannot be published yet", "places.csv")
	w.look("draft-missing")
	id := w.id("forms")
	w.press("Upload files")
	w.look("draft-files")
	w.tab.Attach("file", attached(w.T, "places.csv"))
	w.press("Upload and check")
	w.look("draft")
	w.press("Test with a phone")
	w.press("Make a test link")
	w.look("draft-test")
	listed, reply, err := phonetest.New(w.server.Base + openrosa.TestPath + w.tokens[len(w.tokens)-1]).FormList("")
	if err != nil || len(listed) != 1 {
		w.Errorf("the test link gives %d forms, %v %v", len(listed), reply, err)
	}
	w.goes(page.Path("/forms/{form}/draft", "form", id))
	w.press("Publish")
	w.look("publish")
	w.press("Publish")
	w.look("form")
	w.press("Upload a new draft")
	w.tab.Attach("file", attached(w.T, "survey-2.md"))
	w.press("Upload and check")
	w.sees("Adds columns: 1", "can be published")
	w.look("draft-2")
	w.press("See all differences")
	w.look("compare")
	f, err := w.db.Form(context.Background(), id)
	w.must(err)
	w.goes(page.Path("/forms/{form}/versions/{version}", "form", id, "version", f.Current))
	w.look("version")
	w.goes(page.Path("/forms/{form}/versions/{version}/preview", "form", id, "version", f.Current))
	w.tab.Screenshot("setup-preview")
	w.goes(page.Path("/rounds/{round}/forms", "round", round))
	w.look("forms")
	w.press("What phones see")
	w.sees("The round is not open")
	w.look("phones")
	w.goes(page.Path("/rounds/{round}/open", "round", round))
	w.look("round-open")
	w.press("Open the round")
}

func (w *walk) enumerators(round ids.ID) (token string) {
	w.goes(page.Path("/rounds/{round}/enumerators", "round", round))
	w.look("enumerators-empty")
	w.press("Add a list of people")
	w.look("enumerators-list")
	w.tab.Fill("list", "E01,Synthetic One,P01 P02\nE02,Synthetic Two,P03\nE03")
	w.press("Save")
	w.look("codes")
	w.press("Make the codes")
	w.look("sheet")
	if w.tab.Count(".wm-qr svg") != 6 || len(w.tokens) < 3 { // for the app and for a browser
		w.Fatalf("%d codes", w.tab.Count(".wm-qr svg"))
	}
	if n := w.tab.PrintedPages(); n != 3 {
		w.Errorf("the codes of three people are printed on %d sheets", n)
	}
	w.goes(page.Path("/rounds/{round}/enumerators", "round", round))
	w.look("enumerators")
	w.goes(page.Path("/rounds/{round}/enumerators/new", "round", round))
	w.look("enumerator-new")
	w.goes(page.Path("/rounds/{round}", "round", round))
	w.look("round-ready")
	return w.tokens[len(w.tokens)-3]
}

// phone is set up with the first person's code: it has the form and its list.
func (w *walk) phone(token string) *phonetest.Phone {
	p := phonetest.New(w.server.Base + openrosa.KeyPath + token)
	listed, reply, err := p.FormList("")
	if err != nil || len(listed) != 1 || listed[0].FormID != "synthetic" || listed[0].Version != "1" {
		w.Fatalf("%v %+v %v", listed, reply, err)
	}
	media, err := p.Manifest(listed[0].ManifestURL)
	if err != nil || len(media) != 1 || media[0].Filename != "places.csv" {
		w.Fatalf("%v %v", media, err)
	}
	return p
}

func (w *walk) revoke(round ids.ID, phone *phonetest.Phone) {
	w.goes(page.Path("/rounds/{round}/enumerators", "round", round))
	w.press("E01")
	w.sees("In use")
	w.look("enumerator")
	w.press("Shut out the phone")
	w.look("revoke")
	w.press("Shut out the phone")
	if _, reply, _ := phone.FormList(""); reply == nil || reply.Status != 403 {
		w.Errorf("a phone that is shut out gets %+v", reply)
	}
}

func (w *walk) retention(programme, round ids.ID) {
	at := page.Path("/rounds/{round}/retention", "round", round)
	w.goes(at + "/date")
	for name, value := range map[string]string{"retain-day": "20", "retain-month": "3", "retain-year": "2026"} {
		w.tab.Fill(name, value)
	}
	w.look("retention-date")
	w.press("Save")
	w.goes(page.Path("/rounds/{round}/close", "round", round))
	w.look("round-close")
	w.press("Close the round")
	w.goes(at)
	w.look("retention")
	w.press("Propose deletion")
	w.tab.Fill("reason", "The agreement with the partner ends on 20 March 2026.")
	w.look("propose")
	w.press("Send the proposal")
	w.look("proposed")
	w.become("second")
	w.goes(page.Path("/programmes/{programme}/retention", "programme", programme))
	w.look("retention-overview")
	w.goes(at)
	w.press("Approve and delete")
	w.look("approve")
	w.tab.Choose("sure", "yes")
	w.press("Delete for ever")
	w.press("See the proof")
	w.sees("Interviews deleted", "Synthetic coordinator", "Synthetic second")
	w.look("proof")
	w.goes(page.Path("/rounds/{round}", "round", round))
	w.look("round-deleted")
}

// TestPagesWithoutScript: the same forms work where scripts are off.
func TestPagesWithoutScript(t *testing.T) {
	w := &walk{world: newWorld(t)}
	w.tab = w.server.Tab(t)
	w.tab.Scripts(false)
	w.goes("/programmes/new")
	w.tab.Enter("name", "No script")
	w.tab.Scripts(true) // to be asked what the page says
	w.sees("The programme was added.", "No script")
}

// TestArabicAndDark: pages in Arabic, in dark, stay within both widths.
func TestArabicAndDark(t *testing.T) {
	w := &walk{world: newWorld(t)}
	w.tab = w.server.Tab(t)
	programme := w.programme()
	round := w.roundAndPoints(programme)
	w.form(round)
	w.enumerators(round)
	w.tab.Cookie("lang", "ar")
	w.tab.Dark(true)
	for name, path := range map[string]string{"round": "", "points": "/points", "map": "/points/map", "targets": "/targets/change", "forms": "/forms", "codes": "/enumerators/codes", "enumerators": "/enumerators", "retention": "/retention"} {
		w.goes(page.Path("/rounds/{round}"+path, "round", round))
		w.look("ar-" + name)
	}
}
