package review

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// site returns a client that may do what is allowed, as a person.
func site(t testing.TB, f *fake, allowed page.Policies, opt Options) *pagetest.Client {
	t.Helper()
	h := pagetest.House(page.House{Collection: f, Accounts: people{}, Policies: allowed})
	return pagetest.New(t, h, pagetest.Somebody(f.programme.ID, access.DataOfficer), Area(h, opt))
}

// analyst may read without what identifies.
var analyst = pagetest.Only{access.SubmissionList: true, access.SubmissionReadPseudonymous: true, access.ProgressView: true, access.ExportPseudonymous: true, access.RoundView: true}

func rounds(f *fake, below string) string {
	return page.Path("/rounds/{round}"+below, "round", f.round.ID)
}

func sub(id ids.ID, below string) string {
	return page.Path("/submissions/{submission}"+below, "submission", id)
}

var rowLink = regexp.MustCompile(`class="govuk-link wm-code" href="/submissions/([0-9a-z]{13})`)

func rowsOf(a *pagetest.Answer) []string {
	var list []string
	for _, m := range rowLink.FindAllStringSubmatch(a.Body, -1) {
		list = append(list, m[1])
	}
	return list
}

func TestListFiltersAndPages(t *testing.T) {
	f := newFake(120)
	f.subs[7].Errors, f.subs[8].Warnings, f.subs[9].Notes, f.subs[10].Similar = 1, 2, 3, f.subs[11].ID
	f.findings[f.subs[7].ID] = []collection.Finding{{Rule: "form.constraint", Severity: collection.SeverityError}}
	c := site(t, f, pagetest.AllowAll{}, Options{})
	first := c.Get(rounds(f, "/submissions")).Want(t, 200, "120 submissions", "Received", `rel="next"`)
	if !strings.Contains(first.Body, `href="`+rounds(f, "/submissions")+`" aria-current="page"`) {
		t.Error("the navigation does not say where the page is")
	}
	if strings.Contains(first.Body, `rel="prev"`) {
		t.Error("the first page has one before it")
	}
	var seen []string
	at := first
	for range 10 {
		seen = append(seen, rowsOf(at)...)
		next := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(at.Body)
		if next == nil {
			break
		}
		at = c.Get(strings.ReplaceAll(next[1], "&amp;", "&")).Want(t, 200)
	}
	if len(seen) != 120 {
		t.Fatalf("%d rows on all pages", len(seen))
	}
	for i := 1; i < len(seen); i++ {
		if seen[i] >= seen[i-1] {
			t.Fatal("the pages are not newest first, each once")
		}
	}
	back := regexp.MustCompile(`href="([^"]*)" rel="prev"`).FindStringSubmatch(at.Body)
	if got := rowsOf(c.Get(strings.ReplaceAll(back[1], "&amp;", "&"))); len(got) != pageRows || got[0] != seen[50] || got[49] != seen[99] {
		t.Errorf("the page before the last has %d rows", len(got))
	}
	count := func(query string) int { return len(rowsOf(c.Get(rounds(f, "/submissions")+"?"+query).Want(t, 200))) }
	for query, want := range map[string]int{
		"state=approved": 30, "state=approved&state=rejected": 50, "point=P1&state=approved": 10, "route=EMR": 40, "enumerator=" + f.enumerators[0].ID.String(): 40,
		"worst=error": 1, "worst=warning": 2, "worst=note": 3, "alike=yes": 1, "rule=form.constraint": 1, "from=2016-10-30": 6, "to=2016-10-01": 4,
		"from-day=30&from-month=10&from-year=2016": 6, "text=" + f.subs[3].ID.String(): 1, "text=uuid:5d0c3f3e-0000-4000-8000-00000000000": 10, "version=" + f.version.ID.String(): 50,
	} {
		if got := count(query); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
	}
	a := c.Get(rounds(f, "/submissions")+"?point=P2&from=2016-10-02&text=uuid").Want(t, 200, `<option value="P2" selected>`, `value="2016-10-02"`, `value="uuid"`)
	if !strings.Contains(a.Body, "point=P2") {
		t.Error("the tabs do not keep the filter")
	}
	c.Get(rounds(f, "/submissions")+"?from=yesterday&state=nonsense").Want(t, 422, "write a real date", "choose from what is offered")
	c.Get(rounds(f, "/submissions")+"?from=2016-10-05&to=2016-10-01").Want(t, 422, "The last day lies before the first")
	c.Get(rounds(f, "/submissions")+"?text=nothing-like-it").Want(t, 200, "No submission fits")
	c.Get(rounds(f, "/submissions")+"?after=nonsense").Want(t, 404)
	site(t, newFake(0), pagetest.AllowAll{}, Options{}).Get(rounds(newFake(0), "/submissions")).Want(t, 200, "Nothing has arrived yet")
}

// TestListHoldsNoAnswers: whoever sees the list sees no answer, and an analyst no
// name of an enumerator.
func TestListHoldsNoAnswers(t *testing.T) {
	f := newFake(5)
	body := site(t, f, pagetest.AllowAll{}, Options{}).Get(rounds(f, "/submissions")).Want(t, 200, "Synthetic Enumerator").Body
	for _, answer := range []string{"Amina", "7700900123", "lorry"} {
		if strings.Contains(body, answer) {
			t.Errorf("the list holds the answer %q", answer)
		}
	}
	if len(f.log) != 5 {
		t.Errorf("the list wrote %d entries into the audit", len(f.log)-5)
	}
	body = site(t, f, analyst, Options{}).Get(rounds(f, "/submissions")).Want(t, 200, "E01", "/pseudonymous").Body
	if strings.Contains(body, "Synthetic Enumerator") || strings.Contains(body, `name="item"`) {
		t.Error("an analyst sees names of enumerators, or checkboxes")
	}
}

func TestManyAtOnce(t *testing.T) {
	f := newFake(6)
	c := site(t, f, pagetest.AllowAll{}, Options{})
	item := func(s *collection.Submission, etag int64) string {
		return s.ID.String() + ":" + strconv.FormatInt(etag, 10)
	}
	stale := f.subs[2]
	stale.Etag = 5
	a := c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"approved"}, "comment": {"read through"}, "item": {item(f.subs[0], 1), item(f.subs[1], 1), item(stale, 4), item(f.subs[0], 1)}})
	a.Want(t, 409, "Some submissions had changed", stale.ID.String(), "The state of 2 submissions was changed.")
	if f.subs[0].State != collection.Approved || f.subs[1].State != collection.Approved || stale.State != collection.Approved && stale.Etag != 5 || stale.Etag != 5 {
		t.Error("the wrong submissions were changed")
	}
	if len(f.remarks[f.subs[0].ID]) != 1 || len(f.remarks[stale.ID]) != 0 {
		t.Error("one submission was reviewed twice, or the one that had changed was reviewed")
	}
	done := c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"rejected"}, "item": {item(f.subs[3], 1)}, "to": {rounds(f, "/submissions") + "?state=rejected"}})
	if done.Code != 303 || done.Location() != rounds(f, "/submissions")+"?state=rejected" {
		t.Errorf("%d %s", done.Code, done.Location())
	}
	c.Get(done.Location()).Want(t, 200, "The state of 1 submission was changed.")
	c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"approved"}}).Want(t, 422, "Tick at least one submission")
	c.Post(rounds(f, "/submissions/review"), url.Values{"item": {item(f.subs[4], 1)}}).Want(t, 422, "choose from what is offered")
	c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"deleted"}, "item": {item(f.subs[4], 1)}}).Want(t, 422)
	if f.subs[4].State != collection.Received {
		t.Error("a wrong form changed a state")
	}
	leave := c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"approved"}, "item": {item(f.subs[5], 1)}, "to": {"https://elsewhere.example/"}})
	if leave.Location() != rounds(f, "/submissions") {
		t.Errorf("the form leads to %s", leave.Location())
	}
}

// TestManyStaysInTheRound: an identifier of another round's submission changes
// nothing there.
func TestManyStaysInTheRound(t *testing.T) {
	f := newFake(2)
	foreign := f.add(9, interview(9, "Other", "40"))
	foreign.Round = f.id()
	c := site(t, f, pagetest.AllowAll{}, Options{})
	c.Post(rounds(f, "/submissions/review"), url.Values{"state": {"approved"}, "item": {foreign.ID.String() + ":1"}}).Want(t, 422, "no longer there")
	if foreign.Etag != 1 {
		t.Error("a submission of another round was changed")
	}
	c.Get(sub(f.subs[0].ID, "/similar/"+foreign.ID.String())).Want(t, 404)
}
