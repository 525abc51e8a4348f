package matter

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var ctx = context.Background()

// site is a small area over the kit, with the real policies.
type site struct {
	*referraltest.World
	t     testing.TB
	kit   *Kit
	house *page.House
	form  func(r *page.Request) error
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t}
	s.World = referraltest.NewWorld(t, digest)
	policies, err := access.Load()
	s.must(err)
	s.house = pagetest.House(page.House{Collection: s.Collection, Accounts: s.Accounts, Policies: policies, Now: s.Time, Secret: referraltest.Secret})
	rules, err := rule.Builtin()
	s.must(err)
	s.kit, err = New(Options{House: s.house, Store: s.Memory, Library: referral.NewLibrary(s.Memory, rules["uk"])})
	s.must(err)
	return s
}

func digest(token string) []byte {
	return (&Kit{Options{Secret: referraltest.Secret}}).Digest(LinkKind, token)
}

func (s *site) must(err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatal(err)
	}
}

// area shows what the kit makes of a route.
func (s *site) area() page.Area {
	files := fstest.MapFS{
		"show.html.tmpl": {Data: []byte(`{{define "title"}}Concern of a person{{end}}{{define "main"}}<h1>shown</h1>{{end}}`)},
		"ask.html.tmpl":  {Data: []byte(`{{define "title"}}t{{end}}{{define "main"}}{{template "part/errors" .Data.Form}}<form method="post">{{range .Data.Questions}}{{template "matter/question" .}}{{end}}</form>{{end}}`)},
		"lang/en.yaml":   {Data: []byte(`sample.x: "x"`)}, "lang/fr.yaml": {Data: []byte(`sample.x: "x"`)}, "lang/ar.yaml": {Data: []byte(`sample.x: "x"`)},
	}
	show := func(r *page.Request) error { return r.Render(200, "sample/show", nil) }
	form := func(r *page.Request) error { return s.form(r) }
	return page.Area{Name: "sample", Files: files, Uses: []string{"matter"}, Routes: []page.Route{
		{Pattern: "GET /concerns/{matter}", Action: access.ConcernRead, Of: s.kit.OfMatter(referral.Concern), Do: show},
		{Pattern: "GET /cases/{matter}", Action: access.CaseRead, Of: s.kit.OfMatter(referral.Case), Do: show},
		{Pattern: "GET /programmes/{programme}/concerns", Action: access.ConcernList, Of: s.kit.OfNetwork(), Do: show},
		{Pattern: "GET /report/{token}", Action: access.ConcernSend, Visitors: true, Of: s.kit.OfLink(), Do: form},
		{Pattern: "POST /report/{token}", Action: access.ConcernSend, Visitors: true, Of: s.kit.OfLink(), Do: form},
	}}
}

func (s *site) as(a *account.Account) *pagetest.Client {
	s.t.Helper()
	if a != nil {
		var err error
		a, err = s.Accounts.Account(ctx, a.ID)
		s.must(err)
	}
	return pagetest.New(s.t, s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, Area(), s.area())
}

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area())
	s := newSite(t)
	r := probe(t, s)
	for code := range rule.Breaches {
		if !r.Words().Has("matter.breach." + code) {
			t.Errorf("there are no words for what is wrong by %q", code)
		}
	}
	for _, m := range referral.Moves {
		if !r.Words().Has("matter.verb." + string(m.Verb)) {
			t.Errorf("there are no words for %q", m.Verb)
		}
		for _, res := range m.Results {
			if !r.Words().Has("matter.result." + string(res)) {
				t.Errorf("there are no words for %q", res)
			}
		}
		for _, state := range append(slices.Clone(m.From), m.To) {
			if state != "" && (!r.Words().Has("matter.state."+string(state)) || stateColours[state] == "") {
				t.Errorf("there are no words or no colour for %q", state)
			}
		}
	}
}

// probe is a request on the link's page.
func probe(t testing.TB, s *site) (r *page.Request) {
	t.Helper()
	s.form = func(q *page.Request) error { r = q; return q.Render(200, "sample/show", nil) }
	s.as(nil).Get("/report/"+referraltest.Token).Want(t, 200)
	return r
}

// concern puts a handed-in one into the store.
func (s *site) concern(network, desk ids.ID, state referral.State) ids.ID {
	return s.Make(&referral.Change{New: true, Row: true, Matter: referral.Matter{Network: network, Kind: referral.Concern,
		State: state, Agency: desk, Opened: s.Time(), Changed: s.Time()}}, nil)
}

func TestAMatterThatOneMayNotSeeLooksAsIfItWereNotThere(t *testing.T) {
	s := newSite(t)
	own := "/concerns/" + s.concern(referraltest.Harbour, s.Council.ID, referral.Received).String()
	begun := "/concerns/" + s.concern(referraltest.Harbour, s.Council.ID, referral.Begun).String()
	s.as(s.Contact).Get(own).Want(t, 200, "shown")
	s.as(s.Deputy).Get(own).Want(t, 200, "shown")
	missing := s.as(s.Stranger).Get("/concerns/" + ids.New().String())
	for who, a := range map[string]*account.Account{"another network's contact": s.Stranger, "a partner": s.Partner, "a caseworker": s.Caseworker,
		"an officer": s.Officer, "a coordinator": s.Coordinator, "an administrator": s.Administrator, "an auditor": s.Auditor} {
		got := s.as(a).Get(own)
		if got.Code != 404 || len(got.Body) != len(s.as(a).Get("/concerns/"+ids.New().String()).Body) {
			t.Errorf("%s gets %d, which tells that there is something", who, got.Code)
		}
	}
	if missing.Code != 404 {
		t.Errorf("what is not there gives %d", missing.Code)
	}
	s.as(s.Contact).Get(begun).Want(t, 404)
	s.as(s.Contact).Get(strings.Replace(own, "concerns", "cases", 1)).Want(t, 404)
	if got := s.as(nil).Get(own); got.Code != 303 {
		t.Errorf("a visitor gets %d", got.Code)
	}
}

func TestEveryPageIsSafeToBeSeenWith(t *testing.T) {
	s := newSite(t)
	id := s.concern(referraltest.Harbour, s.Council.ID, referral.Received)
	got := s.as(s.Contact).Get("/concerns/"+id.String()).Want(t, 200, "<title>Waymark</title>", "data-exit", `href="tel:999"`)
	if strings.Contains(got.Body, "Concern of a person") {
		t.Error("the title tells what the page is about")
	}
	// What to do in danger is said in the page's language, also where the rules are
	// in English alone.
	arabic := s.as(s.Contact)
	arabic.Post("/language", url.Values{"lang": {"ar"}, "to": {"/"}})
	if got := arabic.Get("/concerns/"+id.String()).Want(t, 200, "فاتصل بالرقم", `href="tel:999"`); strings.Contains(got.Body, "in danger now") {
		t.Error("the banner is English in an Arabic page")
	}
}

func TestALinkWorksUntilItIsRevoked(t *testing.T) {
	s := newSite(t)
	probe(t, s)
	s.as(nil).Get("/report/"+strings.Repeat("x", 43)).Want(t, 404)
	s.as(nil).Get("/report/"+strings.Repeat("x", 4000)).Want(t, 404)
	l := *s.Fire
	l.Revoked = s.Time()
	s.must(s.PutLink(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, &l, nil))
	s.as(nil).Get("/report/"+referraltest.Token).Want(t, 404)
}

// TestEveryQuestionOfTheRules shows and reads each question of both forms of the
// pathway, in three languages.
func TestEveryQuestionOfTheRules(t *testing.T) {
	s := newSite(t)
	rules, _ := rule.Builtin()
	uk := rules["uk"]
	questions := append(slices.Clone(uk.Concern.Questions()), uk.Referral.Questions()...)
	if len(questions) < 40 {
		t.Fatalf("only %d questions", len(questions))
	}
	for _, lang := range page.Languages {
		for _, q := range questions {
			s.form = func(r *page.Request) error {
				f := NewForm(r)
				Fill(f, []*rule.Question{q}, rule.Answers{q.ID: sample(q)})
				v, err := s.kit.Show(r, f, q)
				if err != nil {
					return err
				}
				return r.Render(200, "sample/ask", struct {
					Form      *page.Form
					Questions []*Question
				}{f, []*Question{v}})
			}
			c := s.as(nil)
			c.Lang = lang
			got := c.Get("/report/"+referraltest.Token).Want(t, 200, q.Text.String())
			if lang != "en" && q.Text[lang] == "" && !strings.Contains(got.Body, `lang="en"`) {
				t.Errorf("%s in %s is not marked as English", q.ID, lang)
			}
			if q.Kind != rule.Note && !strings.Contains(got.Body, `name="q-`+q.ID) {
				t.Errorf("%s has no field", q.ID)
			}
			if strings.Contains(got.Body, "[matter.") {
				t.Errorf("%s in %s lacks words", q.ID, lang)
			}
		}
	}
}

// sample is an answer that fits a question.
func sample(q *rule.Question) []string {
	switch q.Kind {
	case rule.Choice:
		return []string{q.Options[0].Value}
	case rule.Choices:
		return []string{q.Options[len(q.Options)-1].Value}
	case rule.DateKind:
		return []string{"2001-02-03"}
	case rule.Month:
		return []string{"2001-02"}
	case rule.Number:
		return []string{"3"}
	case rule.Phone:
		return []string{"+44 20 7946 0000"}
	case rule.Email:
		return []string{"synthetic@example.org"}
	case rule.Country:
		return []string{"VN"}
	case rule.Countries:
		return []string{"VN", "AL"}
	case rule.Language:
		return []string{"vi"}
	case rule.Files, rule.Note:
		return nil
	}
	return []string{"Synthetic words"}
}

func TestWhatIsTypedIsReadAndWhatIsWrongIsSaidBesideIt(t *testing.T) {
	s := newSite(t)
	rules, _ := rule.Builtin()
	form := rules["uk"].Concern
	danger, phone := form.Question("danger"), form.Question("contact-phone")
	var got []string
	s.form = func(r *page.Request) error {
		f, err := ReadForm(r)
		if err != nil {
			return err
		}
		got = append(s.kit.Read(r, f, danger), s.kit.Read(r, f, phone)...)
		var all []*Question
		for _, q := range []*rule.Question{danger, phone} {
			v, err := s.kit.Show(r, f, q)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		status := 200
		if f.Bad() {
			status = 422
		}
		return r.Render(status, "sample/ask", struct {
			Form      *page.Form
			Questions []*Question
		}{f, all})
	}
	c := s.as(nil)
	to := "/report/" + referraltest.Token
	c.Post(to, url.Values{"q-danger": {"yes"}, "q-contact-phone": {" 020 7946 0000 "}}).Want(t, 200)
	if !slices.Equal(got, []string{"yes", "020 7946 0000"}) {
		t.Errorf("read %q", got)
	}
	c.Post(to, url.Values{"q-danger": {"perhaps"}, "q-contact-phone": {"<script>"}}).Want(t, 422,
		`href="#f-q-danger"`, "Choose one of the answers shown", "Write a telephone number", "&lt;script&gt;")
	c.Post(to, url.Values{}).Want(t, 422, "Answer this question")
}

func TestDatesOfWhichPartsAreUnknown(t *testing.T) {
	s := newSite(t)
	r := probe(t, s)
	q := &rule.Question{ID: "born", Kind: rule.DateKind, Partial: true}
	for _, c := range []struct{ day, month, year, want string }{
		{"7", "3", "2001", "2001-03-07"}, {"", "3", "2001", "2001-03"}, {"", "", "2001", "2001"}, {" 07 ", "03", "2001", "2001-03-07"},
		{"7", "", "2001", "2001--07"}, {"x", "y", "z", "z-y-x"}, {"0", "3", "2001", "2001-03-0"}, {"31", "2", "2001", "2001-02-31"},
	} {
		f := NewForm(r)
		f.Set("q-born-day", c.day)
		f.Set("q-born-month", c.month)
		f.Set("q-born-year", c.year)
		got := Typed(f, q)
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%q %q %q is read as %q, wanted %q", c.day, c.month, c.year, got, c.want)
		}
	}
	if got := Typed(NewForm(r), q); got != nil {
		t.Errorf("nothing is read as %q", got)
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	s := newSite(t)
	code := NewCode()
	want := s.kit.Digest(string(referral.Receipt), code)
	for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", " "), " " + strings.ReplaceAll(code, "-", "") + " ", strings.ReplaceAll(strings.ReplaceAll(code, "0", "O"), "1", "I")} {
		if string(s.kit.Digest(string(referral.Receipt), typed)) != string(want) {
			t.Errorf("%q is not the code", typed)
		}
	}
	if string(s.kit.Digest("link", code)) == string(want) || NewCode() == code || len(NewToken()) != 43 {
		t.Error("secrets of one kind open another, or repeat")
	}
}

func TestNamesOfCountriesAndLanguages(t *testing.T) {
	s := newSite(t)
	r := probe(t, s)
	r.Lang = "fr"
	for code, want := range map[string]string{"VN": "Vietnam", "XS": "Apatride", "XK": "Kosovo", "ZZ": "ZZ"} {
		if got := CountryName(r, code); got != want {
			t.Errorf("%s is %q, wanted %q", code, got, want)
		}
	}
	if got := LanguageName(r, "vi"); got != "Vietnamien" {
		t.Errorf("vi is %q", got)
	}
	for _, lang := range page.Languages {
		r.Lang = lang
		for _, o := range append(Countries(r), Languages(r)...)[1:] {
			if o.Text == o.Value && o.Value != "" {
				t.Errorf("%s has no name in %s", o.Value, lang)
			}
		}
	}
}
