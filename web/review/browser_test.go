package review

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// picture is a synthetic picture of a form.
func picture() []byte {
	im := image.NewRGBA(image.Rect(0, 0, 160, 90))
	for x := range 160 {
		for y := range 90 {
			im.Set(x, y, color.RGBA{uint8(60 + x), uint8(120 + y), 140, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// shown is a round as it may look.
func shown() *fake {
	f := newFake(60)
	s := f.subs[58]
	s.Errors, s.Warnings, s.Similar, s.Complete = 1, 2, f.subs[57].ID, false
	f.subs[55].Checked, f.subs[54].Unreadable, f.subs[53].Notes = false, true, 3
	f.revisions[f.subs[57].ID][0].XML = []byte(interview(57, "Amina Example", "33"))
	f.findings[s.ID] = []collection.Finding{
		{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/person/age", Message: "the answer breaks the rule of the question", Remedy: "ask the enumerator what was said"},
		{Rule: "quality.length.short", Severity: collection.SeverityWarning, Message: "the interview took 4 minutes, less than the 8 that reading the questions takes", Remedy: "ask the enumerator how it went"},
		{Rule: "quality.near", Severity: collection.SeverityWarning, Message: "28 of 30 answers are those of another interview", Remedy: "compare the two"}}
	f.files[s.ID] = map[string][]byte{"form.png": picture(), "recording.m4a": bytes.Repeat([]byte("m4a"), 40000)}
	f.remarks[s.ID] = []*collection.Remark{
		{ID: f.id(), Submission: s.ID, At: s.Received.AddDate(0, 0, 1), Account: second, Text: "The enumerator says the person was in a hurry. I have asked for the paper notes.", From: collection.Received, To: collection.HasIssues}}
	f.revisions[s.ID] = append(f.revisions[s.ID], &collection.Revision{Submission: s.ID, Number: 2, At: s.Received.AddDate(0, 0, 2), Account: second, Version: s.Version, Reason: "typed 13 for 31; the enumerator confirmed it by phone",
		XML: []byte(strings.Replace(interview(58, "Amina Example", "13"), "<means>car boat</means>", "<means>foot</means>", 1))})
	s.Revision = 2
	return f
}

func report(_ context.Context, _ audit.Actor, r *collection.Round) (*quality.Report, error) {
	minutes := 21.0
	list := func(names ...string) (all []quality.Profile) {
		for i, n := range names {
			all = append(all, quality.Profile{Name: n, Interviews: 20 + i, Days: 10, PerDay: 2, MedianMinutes: &minutes, Measures: []quality.Measure{{Flagged: i == 1}, {}}})
		}
		return all
	}
	return &quality.Report{Instrument: r.Instrument, Title: "Flow monitoring survey", Interviews: 60, First: "2016-10-01", Last: "2016-10-31", Counts: map[quality.Severity]int{quality.Error: 1, quality.Warning: 1},
		Findings: []quality.Finding{{Rule: "place.far", Severity: quality.Error, Message: "2 interviews were held more than 50 km from their point", Remedy: "ask the enumerators where they were", Total: 2},
			{Rule: "length.short", Severity: quality.Warning, Message: "3 interviews took less than 5 minutes", Remedy: "ask the enumerator how they went", Total: 3}},
		Rules:       []quality.Outcome{{Rule: "length.short", Title: "Short interviews", Findings: 1}, {Rule: "place.far", Title: "Places far away", Findings: 1}, {Rule: "digits", Title: "Digit preference", NotChecked: "fewer than 100 interviews"}},
		Measures:    []quality.MeasureTitle{{ID: "yes", Title: "Answered yes to any module"}, {ID: "dk", Title: "Don't know"}},
		Enumerators: list("E01", "E02", "E03"), Points: list("Harbour", "Bus station")}, nil
}

func serve(t *testing.T, f *fake, allowed page.Policies) *webtest.Server {
	s := webtest.NewServer(t)
	h := pagetest.House(page.House{Collection: f, Accounts: people{}, Policies: allowed, Base: s.Base})
	opt := Options{Quality: report, Export: func(_ context.Context, _ audit.Actor, e Export) error {
		_, err := io.WriteString(e.Start(".csv", "text/csv"), "id\n")
		return err
	}}
	handler, _, err := page.New(h, pagetest.Somebody(f.programme.ID, access.DataOfficer), Area(h, opt))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", handler)
	return s.Serve(t, page.Outer(h, mux))
}

// TestPagesInABrowser looks at every page: accessible, no wider than a phone, no
// request to anyone else, reached by the keyboard.
func TestPagesInABrowser(t *testing.T) {
	f := shown()
	s := serve(t, f, pagetest.AllowAll{})
	tab := s.Tab(t)
	id, other := f.subs[58].ID, f.subs[57].ID
	for _, p := range []struct{ name, path string }{
		{"submissions", rounds(f, "/submissions")},
		{"submissions-filtered", rounds(f, "/submissions") + "?state=has-issues&from=2016-10-02&worst=warning&alike=yes"},
		{"submissions-none", rounds(f, "/submissions") + "?text=zzz"},
		{"record", sub(id, "?state=has-issues")},
		{"record-pseudonymous", sub(id, "/pseudonymous")},
		{"record-unreadable", sub(f.subs[54].ID, "")},
		{"revisions", sub(id, "/revisions")},
		{"similar", sub(id, "/similar/"+other.String())},
		{"history", sub(id, "/history")},
		{"edit", sub(f.subs[56].ID, "/edit")},
		{"progress", rounds(f, "/progress")},
		{"quality", rounds(f, "/quality")},
		{"export", rounds(f, "/export") + "?state=approved&point=P1"},
		{"export-full", rounds(f, "/export/full")},
	} {
		t.Run(p.name, func(t *testing.T) {
			if code := tab.Go(p.path); code != 200 {
				t.Fatalf("%d", code)
			}
			tab.Axe()
			tab.Screenshot(p.name)
		})
	}
	tab.Go(rounds(f, "/submissions"))
	tab.Keyboard()
	tab.Go(sub(id, ""))
	tab.Keyboard()
}

// TestOfficersInABrowser: news without moving rows, many at once, a decision that
// meets another, an edit that meets another.
func TestOfficersInABrowser(t *testing.T) {
	f := shown()
	s := serve(t, f, pagetest.AllowAll{})
	tab := s.Tab(t)
	tab.Go(rounds(f, "/submissions"))
	before := tab.Count("tbody tr")
	f.add(70, interview(70, "New Example", "20"))
	tab.Wait(`!document.querySelector("[data-news]").hidden`)
	if text := tab.Text("[data-news]"); text != "1 new submission in this round: show it" || tab.Count("tbody tr") != before {
		t.Errorf("%q, %d rows", text, tab.Count("tbody tr"))
	}
	tab.Screenshot("submissions-news")
	tab.Press("1 new submission in this round: show it")
	if text := tab.Text("tbody tr:first-child th"); !strings.Contains(text, f.subs[60].ID.String()) {
		t.Errorf("the first row is %q", text)
	}
	tab.Eval(`document.querySelector("[data-all]").click()`, nil)
	f.subs[60].Etag = 9
	tab.Choose("state", "approved")
	tab.Press("Change the state")
	if !strings.Contains(tab.Text("h1"), "Some submissions had changed") {
		t.Error(tab.Text("h1"))
	}
	tab.Axe()
	tab.Screenshot("submissions-conflict")

	target := f.subs[50]
	tab.Go(sub(target.ID, ""))
	if err := f.Review(t.Context(), audit.Actor{Kind: audit.Account, ID: second, Via: "web"}, target.ID, target.Etag, collection.Rejected, "the person is under age"); err != nil {
		t.Fatal(err)
	}
	tab.Choose("state", "has-issues")
	tab.Fill("comment", "typed at length")
	tab.Press("Save")
	tab.Axe()
	tab.Screenshot("review-conflict")

	target = f.subs[49]
	tab.Go(sub(target.ID, "/edit"))
	rev := *f.revisions[target.ID][0]
	rev.XML = []byte(strings.NewReplacer("<age>31</age>", "<age>44</age>", "<first>LBY</first>", "<first>NER</first>").Replace(string(rev.XML)))
	rev.Account, rev.Reason, rev.Enumerator = second, "asked the enumerator", 0
	if err := f.Edit(t.Context(), audit.Actor{Kind: audit.Account, ID: second, Via: "web"}, target.ID, target.Etag, &rev, nil); err != nil {
		t.Fatal(err)
	}
	tab.Fill("eq.person.age", "45")
	tab.Fill("eq.person.full", "Amina Other")
	tab.Fill("reason", "the paper says so")
	tab.Press("Save the changes")
	tab.Axe()
	tab.Screenshot("edit-conflict")
	tab.Choose("pick.eq.person.age", "mine")
	tab.Press("Save the changes")
	if !strings.Contains(tab.Text("h1"), "Revisions") {
		t.Errorf("%q", tab.Text("h1"))
	}
}

// TestRecordInOtherLooks: right to left, dark, and without scripts.
func TestRecordInOtherLooks(t *testing.T) {
	f := shown()
	tab := serve(t, f, pagetest.AllowAll{}).Tab(t)
	tab.Cookie("lang", "ar")
	for _, p := range []struct{ name, path string }{{"submissions-ar", rounds(f, "/submissions")}, {"record-ar", sub(f.subs[58].ID, "")}, {"progress-ar", rounds(f, "/progress")}} {
		tab.Go(p.path)
		tab.Axe()
		tab.Screenshot(p.name)
	}
	tab.Cookie("lang", "fr")
	tab.Dark(true)
	for _, p := range []struct{ name, path string }{{"submissions-dark", rounds(f, "/submissions")}, {"record-dark", sub(f.subs[58].ID, "")}, {"progress-dark", rounds(f, "/progress")}} {
		tab.Go(p.path)
		tab.Axe()
		tab.Screenshot(p.name)
	}
	tab.Scripts(false)
	tab.Go(rounds(f, "/submissions"))
	tab.Choose("point", "P1")
	tab.Press("Appliquer les filtres")
	if tab.Count("tbody tr") != 20 {
		t.Errorf("%d rows", tab.Count("tbody tr"))
	}
}
