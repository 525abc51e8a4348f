package review

import (
	"html"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// canary is a word that stands in everything that a pseudonymous reader must not
// see, and breaks out of any markup that does not escape it.
const canary = `CANARY"'><script>alert(1)</script>{{.}}`

// poisoned is a round whose first submission says the canary wherever text is held.
func poisoned() *fake {
	f := newFake(2)
	s := f.subs[0]
	escaped := html.EscapeString(canary)
	xml := strings.NewReplacer("waited for a lorry", escaped, "<card/>", "<card>"+escaped+"</card>", "collect:synthetic", escaped, "form.png", escaped, "<odd/>", "").Replace(interview(0, escaped, "31"))
	xml = strings.Replace(xml, "</data>", "<odd>"+escaped+"</odd></data>", 1)
	f.revisions[s.ID][0].XML = []byte(xml)
	f.revisions[s.ID] = append(f.revisions[s.ID], &collection.Revision{Submission: s.ID, Number: 2, At: s.Received, Account: second, Version: s.Version, Reason: canary,
		XML: []byte(strings.Replace(xml, "<age>31</age>", "<age>32</age>", 1))})
	s.Revision = 2
	s.Similar = f.subs[1].ID
	f.files[s.ID] = map[string][]byte{canary: []byte("x")}
	f.remarks[s.ID] = []*collection.Remark{{ID: f.id(), Submission: s.ID, Account: officer, Text: canary, From: collection.Received, To: collection.HasIssues}}
	f.findings[s.ID] = []collection.Finding{{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/person/age", Message: "too old <script>", Remedy: "ask"}}
	return f
}

func TestRecord(t *testing.T) {
	f := newFake(3)
	s := f.subs[1]
	s.Errors = 1
	f.findings[s.ID] = []collection.Finding{{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/person/age", Message: "from 14 to 119"}}
	f.files[s.ID] = map[string][]byte{"form.png": []byte("\x89PNG\r\n\x1a\n...")}
	c := site(t, f, pagetest.AllowAll{}, Options{})
	a := c.Get(sub(s.ID, "")+"?state=received").Want(t, 200, "Amina Example", "About the person", "Libya", "from 14 to 119", "Woman or girl", "Niger", "18 questions", "Show the picture", "Bus station", "E02", "Synthetic Enumerator", "/history")
	if !strings.Contains(a.Body, `href="#q.person.age"`) || !strings.Contains(a.Body, `id="q.person.age"`) {
		t.Error("the finding does not lead to its question")
	}
	if strings.Contains(a.Body, "<title>Amina") || strings.Contains(strings.SplitN(a.Body, "</title>", 2)[0], "Amina") {
		t.Error("the title names a person")
	}
	if !strings.Contains(a.Body, "Next submission") {
		t.Error("there is no way to the next submission of the list")
	}
	last := f.log[len(f.log)-1]
	if last.Action != "submission.read" || last.Actor.ID != officer {
		t.Errorf("the audit says %v", last)
	}
	c.Lang = "fr"
	c.Get(sub(s.ID, "")).Want(t, 200, "La personne", `lang="fr"`, "Envoi ", "Les messages des contrôles sont en anglais.", `<span lang="en" dir="ltr"><bdi>from 14 to 119`)
	c.Lang = "ar"
	c.Get(sub(s.ID, "")).Want(t, 200, `dir="rtl"`, "About the person")
	c.Lang = "en"
	c.Get(sub(ids.ID(5), "")).Want(t, 404)
}

func TestRecordThatCannotBeRead(t *testing.T) {
	f := newFake(2)
	f.revisions[f.subs[0].ID][0].XML = []byte("<data id='another'/>")
	f.subs[1].Unreadable = true
	c := site(t, f, pagetest.AllowAll{}, Options{})
	c.Get(sub(f.subs[0].ID, "")).Want(t, 200, "cannot be read with its form")
	c.Get(sub(f.subs[1].ID, "")).Want(t, 200, "could not be opened")
}

// TestRecordWithoutKeys: the page says what is missing and what to do, whether the
// keys were lost before the check or after.
func TestRecordWithoutKeys(t *testing.T) {
	f := newFake(2)
	waits, seen := f.subs[0], f.subs[1]
	waits.Unreadable, waits.Checked = true, false
	f.keyless = map[ids.ID]bool{seen.ID: true}
	c := site(t, f, pagetest.AllowAll{}, Options{})
	for _, s := range f.subs {
		a := c.Get(sub(s.ID, "")).Want(t, 200, "the key of its round is missing", "A lost key", "About this submission")
		if strings.Contains(a.Body, `id="decide"`) || strings.Contains(a.Body, "found nothing") {
			t.Errorf("%v can be decided about unseen", s.ID)
		}
	}
	c.Get(sub(waits.ID, "/pseudonymous")).Want(t, 200, "the key of its round is missing")
	c.Get(rounds(f, "/submissions")).Want(t, 200, "Cannot be opened")
	if a := c.Get(sub(seen.ID, "/edit")).Want(t, 503, "A key is missing", "A lost key"); strings.Contains(a.Body, "there are no keys") {
		t.Error("the page says more than who reads it can use")
	}
	c.Lang = "fr"
	c.Get(sub(waits.ID, "")).Want(t, 200, "la clé de son cycle")
}

// TestPseudonymousPages: no page that an analyst can reach shows a canary.
func TestPseudonymousPages(t *testing.T) {
	f := poisoned()
	s := f.subs[0]
	c := site(t, f, analyst, Options{})
	for _, at := range []string{sub(s.ID, "/pseudonymous"), sub(s.ID, "/pseudonymous/revisions"), sub(s.ID, "/pseudonymous/revisions?from=2&to=1"), sub(s.ID, "/pseudonymous/similar/"+f.subs[1].ID.String()),
		rounds(f, "/submissions"), rounds(f, "/progress"), rounds(f, "/export")} {
		if a := c.Get(at).Want(t, 200); strings.Contains(a.Body, "CANARY") {
			t.Errorf("%s shows a canary", at)
		}
	}
	read := map[string]int{}
	for _, e := range f.log {
		read[e.Action]++
	}
	if read["submission.read"] != 0 || read["submission.read-pseudonymous"] != 7 {
		t.Errorf("the audit says %v", read)
	}
	c.Get(sub(s.ID, "/pseudonymous")).Want(t, 200, "Not shown", "1 file is not shown to you.", "Comments are not shown to you", "Age in years", "32")
	for _, at := range []string{sub(s.ID, ""), sub(s.ID, "/revisions"), sub(s.ID, "/similar/"+f.subs[1].ID.String()), sub(s.ID, "/files/x"), sub(s.ID, "/edit"), sub(s.ID, "/history"), rounds(f, "/export/full")} {
		c.Get(at).Want(t, 404)
	}
	for _, at := range []string{sub(s.ID, "/review"), sub(s.ID, "/edit"), rounds(f, "/submissions/review"), rounds(f, "/export/full")} {
		c.Post(at, url.Values{}).Want(t, 404)
	}
}

// TestInjection: what was sent, typed and named comes back as text on every page.
func TestInjection(t *testing.T) {
	f := poisoned()
	f.points[0].Name, f.round.Name, f.form.Title, f.version.Version, f.programme.Name, f.enumerators[0].Name, f.periods[0].Name = canary, canary, canary, canary, canary, canary, canary
	s := f.subs[0]
	c := site(t, f, pagetest.AllowAll{}, Options{})
	for _, at := range []string{sub(s.ID, ""), sub(s.ID, "/revisions"), sub(s.ID, "/revisions?from=2&to=1"), sub(s.ID, "/similar/"+f.subs[1].ID.String()), sub(s.ID, "/edit"), sub(s.ID, "/history"),
		rounds(f, "/submissions"), rounds(f, "/submissions?text="+url.QueryEscape(canary)+"&rule="+url.QueryEscape(canary)), rounds(f, "/progress"), rounds(f, "/export?rule="+url.QueryEscape(canary)), rounds(f, "/export/full"), rounds(f, "/quality")} {
		a := c.Get(at)
		if a.Code != 200 && a.Code != 422 {
			t.Errorf("%s: %d", at, a.Code)
		}
		if strings.Contains(a.Body, "<script>alert") {
			t.Errorf("%s holds a script of someone's making", at)
		}
	}
	body := c.Get(sub(s.ID, "")).Body
	if !strings.Contains(body, "CANARY&#34;&#39;&gt;&lt;script&gt;") {
		t.Error("the answer is not shown as it was sent")
	}
	if a := c.Get(rounds(f, "/progress/map.svg")).Want(t, 200); strings.Contains(a.Body, "<script>alert") || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("the map holds a script, or may run one")
	}
	for name, values := range map[string]url.Values{
		"/review": {"comment": {canary}, "state": {canary}, "etag": {"1"}, "seen": {canary}, "revision": {canary}, "query": {canary}},
		"/edit":   {"reason": {""}, "etag": {"1"}, "base": {"2"}, "q": {"eq.person.full", canary}, "eq.person.full": {canary}, "remark": {canary}},
	} {
		if a := c.Post(sub(s.ID, name), values).Want(t, 422); strings.Contains(a.Body, "<script>alert") {
			t.Errorf("%s gives a script back", name)
		}
	}
}

func TestFiles(t *testing.T) {
	f := newFake(1)
	s := f.subs[0]
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 2000)
	f.files[s.ID] = map[string][]byte{"a b.png": []byte(png), "page.html": []byte("<script>alert(1)</script>"), "page.lie.png": []byte("<html><script>alert(1)</script>"), `..\..\evil.exe`: []byte("MZ"), "../up.txt": []byte("up")}
	c := site(t, f, pagetest.AllowAll{}, Options{})
	a := c.Get(sub(s.ID, "/files/a%20b.png")).Want(t, 200)
	if h := a.Header; h.Get("Content-Type") != "image/png" || h.Get("Content-Disposition") != "inline" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || a.Body != png {
		t.Errorf("the picture: %v", h)
	}
	for name, as := range map[string]string{"page.html": "page.html", "page.lie.png": "page.lie.png", `..%5C..%5Cevil.exe`: "_.._evil.exe", "..%2Fup.txt": "_up.txt"} {
		a := c.Get(sub(s.ID, "/files/"+name)).Want(t, 200)
		if h := a.Header; h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.Contains(h.Get("Content-Disposition"), as) || strings.Contains(h.Get("Content-Disposition"), "..\\") {
			t.Errorf("%s: %v", name, h)
		}
	}
	c.Get(sub(s.ID, "/files/other.png")).Want(t, 404)
	if last := f.log[len(f.log)-1]; last.Action != "submission.file" {
		t.Errorf("the audit says %v", last)
	}
}

func TestReviewOne(t *testing.T) {
	f := newFake(3)
	s := f.subs[0]
	c := site(t, f, pagetest.AllowAll{}, Options{})
	seen := url.Values{"etag": {"1"}, "revision": {"1"}, "seen": {""}}
	with := func(pairs ...string) url.Values {
		v := url.Values{}
		for k, x := range seen {
			v[k] = x
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	c.Post(sub(s.ID, "/review"), with()).Want(t, 422, "Choose a decision or write a comment")
	c.Post(sub(s.ID, "/review"), with("etag", "x", "state", "approved")).Want(t, 400)
	if a := c.Post(sub(s.ID, "/review"), with("state", "approved", "comment", "called back", "query", "state=received")); a.Code != 303 || a.Location() != sub(s.ID, "?state=received") {
		t.Fatalf("%d %s", a.Code, a.Location())
	}
	c.Get(sub(s.ID, "")).Want(t, 200, "The review was saved.", "called back", "Approved")
	// A colleague decides meanwhile; nothing is overwritten and what was typed stays.
	if err := f.Review(t.Context(), audit.Actor{Kind: audit.Account, ID: second, Via: "web"}, s.ID, 2, collection.Rejected, "the person is under age"); err != nil {
		t.Fatal(err)
	}
	first := f.remarks[s.ID][0].ID
	a := c.Post(sub(s.ID, "/review"), with("etag", "2", "seen", first.String(), "state", "has-issues", "comment", "typed at length")).Want(t, 409, "Someone else changed this", "Synthetic Colleague", "the person is under age", "typed at length", `name="etag" value="3"`)
	if strings.Contains(a.Body, "called back") && strings.Contains(strings.SplitN(a.Body, "<form", 2)[0], "called back") {
		t.Error("what was known before is shown as new")
	}
	if s.State != collection.Rejected {
		t.Error("the colleague's decision was overwritten")
	}
	if !strings.Contains(a.Body, `value="has-issues" checked`) {
		t.Error("the choice was not kept")
	}
	next := c.Post(sub(f.subs[2].ID, "/review"), with("state", "approved", "go", "next"))
	if next.Location() != sub(f.subs[1].ID, "") {
		t.Errorf("the next one is %s", next.Location())
	}
}

func TestHistory(t *testing.T) {
	f := newFake(1)
	c := site(t, f, pagetest.AllowAll{}, Options{})
	c.Get(sub(f.subs[0].ID, "")).Want(t, 200)
	a := c.Get(sub(f.subs[0].ID, "/history")).Want(t, 200, "Answers read", "Synthetic Officer", "Sent", "Enumerator E01")
	if strings.Contains(a.Body, "Amina") {
		t.Error("the history holds an answer")
	}
}

func TestSimilar(t *testing.T) {
	f := newFake(1)
	other := f.add(1, interview(1, "Amina Example", "45"))
	f.subs[0].Similar = other.ID
	c := site(t, f, pagetest.AllowAll{}, Options{})
	at := sub(f.subs[0].ID, "/similar/"+other.ID.String())
	all := c.Get(at).Want(t, 200, "1 answer differs", "Different", "Same", "45", "31")
	some := c.Get(at+"?show=different").Want(t, 200, "Different")
	if strings.Count(some.Body, "<tr") >= strings.Count(all.Body, "<tr") || strings.Contains(some.Body, "Woman or girl") {
		t.Error("answers that are the same are shown")
	}
	c.Get(sub(f.subs[0].ID, "/similar/"+f.subs[0].ID.String())).Want(t, 404)
	reads := 0
	for _, e := range f.log {
		if e.Action == "submission.read" && e.Subject == "submission:"+other.ID.String() {
			reads++
		}
	}
	if reads != 2 {
		t.Errorf("the other submission was read %d times by the audit", reads)
	}
}

// TestEveryRouteNamesWhatItIsAbout: a person of another programme sees nothing.
func TestEveryRouteNamesWhatItIsAbout(t *testing.T) {
	f := newFake(1)
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := pagetest.House(page.House{Collection: f, Accounts: people{}, Policies: policies})
	area := Area(h, Options{})
	stranger := pagetest.New(t, h, pagetest.Somebody(99, access.DataOfficer), area)
	mine := pagetest.New(t, h, pagetest.Somebody(f.programme.ID, access.DataOfficer), area)
	for _, r := range area.Routes {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		at := strings.NewReplacer("{round}", f.round.ID.String(), "{submission}", f.subs[0].ID.String(), "{other}", f.subs[0].ID.String(), "{name}", "x").Replace(pattern)
		ask := func(c *pagetest.Client) int {
			if method == "POST" {
				return c.Post(at, url.Values{}).Code
			}
			if strings.HasSuffix(at, "/news") {
				return 0 // a stream has no end
			}
			return c.Do(httptest.NewRequest(method, "http://waymark.test"+at, nil)).Code
		}
		if code := ask(stranger); code != 404 && code != 0 {
			t.Errorf("%s: a stranger gets %d", r.Pattern, code)
		}
		if code := ask(mine); code >= 500 {
			t.Errorf("%s: %d", r.Pattern, code)
		}
	}
}
