package review

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page/pagetest"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// publisher sees totals only.
var publisher = pagetest.Only{access.ProgressView: true, access.RoundView: true}

func TestProgress(t *testing.T) {
	f := newFake(93) // 31 at each point; of each four one is rejected
	f.subs[0].Point, f.subs[1].Point, f.subs[4].State = "", "P9", collection.Received
	c := site(t, f, pagetest.AllowAll{}, Options{})
	a := c.Get(rounds(f, "/progress")).Want(t, 200, "93", "Harbour", "First half", "/ 50", "/ 20", "No point given", "P9", "E01 Synthetic Enumerator", "1 October 2016", "map.svg")
	if strings.Contains(a.Body, "No targets") || strings.Contains(a.Body, "Amina") {
		t.Error("the page holds what it must not")
	}
	if len(f.log) != 93 {
		t.Error("progress read answers")
	}
	svg := c.Get(rounds(f, "/progress/map.svg")).Want(t, 200, "<svg", "Harbour", "of 50").Body
	if narrow := c.Get(rounds(f, "/progress/map.svg?width=narrow")).Want(t, 200).Body; narrow == svg {
		t.Error("the map for a narrow screen is the wide one")
	}
	p := site(t, f, publisher, Options{}).Get(rounds(f, "/progress")).Want(t, 200, "Harbour").Body
	if strings.Contains(p, "E01") || strings.Contains(p, "/submissions") {
		t.Error("a publisher sees enumerators or the list")
	}
	site(t, f, publisher, Options{}).Get(rounds(f, "/submissions")).Want(t, 404)
	empty := newFake(0)
	empty.points = nil
	site(t, empty, pagetest.AllowAll{}, Options{}).Get(rounds(empty, "/progress")).Want(t, 200, "There is nothing to count yet")
}

// TestProgressCounts: a point's counts are those of its period, without what was
// rejected.
func TestProgressCounts(t *testing.T) {
	f := newFake(0)
	for i, day := range []string{"2016-10-01", "2016-10-15", "2016-10-16", "2016-10-31", "2016-11-02"} {
		s := f.add(i, "")
		s.Point, s.Day, s.State = "P1", day, collection.Received
	}
	f.subs[3].State = collection.Rejected
	f.subs[0].State = collection.Approved
	body := site(t, f, pagetest.AllowAll{}, Options{}).Get(rounds(f, "/progress")).Want(t, 200).Body
	_, row, _ := strings.Cut(body, "<div>Harbour")
	row, _, _ = strings.Cut(row, "</tr>")
	row = strings.Join(strings.Fields(tags.ReplaceAllString(row, " ")), " ")
	if row != "Central Mediterranean 4 / 50 8% 2 / 20 10% 1 / 30 3% 1" {
		t.Errorf("%q", row)
	}
	_, days, _ := strings.Cut(body, "By day of interview")
	days, _, _ = strings.Cut(days, "</table>")
	if strings.Count(days, "<tr") != 5 || !strings.Contains(days, `<rect width="100"`) {
		t.Errorf("%s", days)
	}
	if got := monday("2016-10-09"); got != "2016-10-03" {
		t.Error(got)
	}
	if got := monday("2016-10-03"); got != "2016-10-03" {
		t.Error(got)
	}
}

func TestQuality(t *testing.T) {
	f := newFake(3)
	made := 0
	opt := Options{Quality: func(_ context.Context, _ audit.Actor, r *collection.Round) (*quality.Report, error) {
		made++
		minutes := 21.0
		return &quality.Report{Instrument: r.Instrument, Interviews: 3, Counts: map[quality.Severity]int{quality.Warning: 1},
			Findings:    []quality.Finding{{Rule: "length.short", Severity: quality.Warning, Message: "3 interviews took less than 5 minutes", Remedy: "ask the enumerator", Total: 3}},
			Rules:       []quality.Outcome{{Rule: "length.short", Title: "Short interviews", Findings: 1}, {Rule: "place.far", Title: "Places far away", NotChecked: "no GPS"}},
			Measures:    []quality.MeasureTitle{{ID: "yes", Title: "share of yes"}},
			Enumerators: []quality.Profile{{Name: "E01", Interviews: 3, Days: 1, PerDay: 3, MedianMinutes: &minutes, Measures: []quality.Measure{{Flagged: true}}}}}, nil
	}}
	c := site(t, f, pagetest.AllowAll{}, opt)
	c.Get(rounds(f, "/quality")).Want(t, 200, "3 interviews took less than 5 minutes", "1 warning", "Short interviews", "no GPS", "E01", "share of yes")
	c.Get(rounds(f, "/quality")).Want(t, 200)
	if made != 1 {
		t.Errorf("the report was made %d times for two visits", made)
	}
	if a := c.Post(rounds(f, "/quality"), url.Values{}); a.Code != 303 {
		t.Error(a.Code)
	}
	c.Get(rounds(f, "/quality")).Want(t, 200)
	if made != 2 {
		t.Errorf("asked to, the report was made %d times", made)
	}
	if a := site(t, f, analyst, opt).Get(rounds(f, "/quality")).Want(t, 200, "Short interviews"); strings.Contains(a.Body, "E01") {
		t.Error("an analyst sees profiles of enumerators")
	}
	f.round.Instrument = "../../etc"
	c.Get(rounds(f, "/quality")).Want(t, 200, "need to know the questionnaire")
	site(t, newFake(0), pagetest.AllowAll{}, opt).Get(rounds(newFake(0), "/quality")).Want(t, 200, "There is nothing to check yet")
}

func TestExport(t *testing.T) {
	f := newFake(8)
	var got Export
	var late error
	opt := Options{Export: func(_ context.Context, by audit.Actor, e Export) error {
		got = e
		if by.ID != officer {
			t.Errorf("by %v", by)
		}
		if late != nil && !errors.Is(late, io.ErrUnexpectedEOF) {
			return late
		}
		w := e.Start(".csv", "text/csv; charset=utf-8")
		if _, err := io.WriteString(w, "id\n1\n"); err != nil {
			return err
		}
		return late
	}}
	c := site(t, f, pagetest.AllowAll{}, opt)
	query := "state=approved&point=P1"
	c.Get(rounds(f, "/export")+"?"+query).Want(t, 200, "Approved", "Harbour", "1 submission", "Export without what identifies people", rounds(f, "/export/full")+"?point=P1&amp;state=approved")
	c.Get(rounds(f, "/export/full")+"?"+query).Want(t, 200, "Export all answers", "with names and places")
	form := url.Values{"query": {query}, "format": {"csv"}, "values": {"labels"}, "form": {f.form.ID.String()}}
	a := c.Post(rounds(f, "/export/full"), form).Want(t, 200, "id\n1\n")
	if d := a.Header.Get("Content-Disposition"); d != "attachment; filename=submissions-2026-03-02.csv" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%v", a.Header)
	}
	if got.Pseudonymous || !got.Labels || got.Format != "csv" || got.Filter.Form != f.form.ID || got.Filter.Round != f.round.ID || len(got.Filter.States) != 1 || len(got.Filter.Points) != 1 {
		t.Errorf("%+v", got)
	}
	a = c.Post(rounds(f, "/export"), form).Want(t, 200)
	if !got.Pseudonymous || !strings.Contains(a.Header.Get("Content-Disposition"), "pseudonymous") {
		t.Errorf("%+v %v", got, a.Header)
	}
	if got.Language != "" {
		t.Errorf("nobody chose %q", got.Language)
	}
	c.Lang = "fr"
	c.Get(rounds(f, "/export")).Want(t, 200, "Langue des libellés", `<option value="French (fr)" selected>`, `<option value="English (en)">`)
	c.Lang = "en"
	form.Set("language", "French (fr)")
	c.Post(rounds(f, "/export"), form).Want(t, 200)
	if got.Language != "French (fr)" {
		t.Errorf("the labels are in %q", got.Language)
	}
	form.Set("language", "Klingon")
	c.Post(rounds(f, "/export"), form).Want(t, 422, "choose from what is offered")
	form.Del("language")
	form.Set("format", "exe")
	c.Post(rounds(f, "/export"), form).Want(t, 422, "choose from what is offered")
	form.Set("format", "xlsx")
	late = fault.New(fault.Unavailable, fault.Place{}, "the store does not answer", "")
	c.Post(rounds(f, "/export"), form).Want(t, 503, "does not answer")
	late = io.ErrUnexpectedEOF
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler {
				t.Error("a download that broke looks like a whole one")
			}
		}()
		c.Post(rounds(f, "/export"), form)
	}()
	site(t, f, pagetest.AllowAll{}, Options{}).Get(rounds(f, "/export")).Want(t, 200, "There is nothing to export")
	if n := c.Get(rounds(f, "/export?text=zzz")).Want(t, 200, "0 submissions"); strings.Contains(n.Body, "Download") {
		t.Error("nothing may be downloaded")
	}
}
