package page_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// sample is an area with a page for each partial.
func sample() page.Area {
	of := func(ctx context.Context, r *http.Request) (access.Resource, error) {
		p := &collection.Programme{ID: 7, Name: "Synthetic programme", Demo: true}
		page.Place(ctx, p, &collection.Round{ID: 8, Programme: 7, Name: "Spring round"})
		return access.Resource{Programme: 7, Demo: true}, nil
	}
	route := func(pattern string, do func(*page.Request) error) page.Route {
		return page.Route{Pattern: pattern, Action: access.SubmissionList, Of: of, Do: do}
	}
	return page.Area{Name: "sample", Files: os.DirFS("testdata/sample"),
		Links: []page.NavLink{
			{Level: page.Site, Key: "sample.nav.list", Path: "/sample", Action: access.Home},
			{Level: page.Site, Key: "sample.nav.audit", Path: "/audit", Action: access.AuditRead, Order: 1},
			{Level: page.Round, Key: "sample.nav.list", Path: "/sample", Action: access.SubmissionList},
			{Level: page.Round, Key: "sample.nav.progress", Path: "/rounds/{round}/progress", Action: access.ProgressView, Order: 2},
		},
		Routes: []page.Route{
			route("GET /sample", func(r *page.Request) error { return r.Render(200, "sample/parts", partsOf(r)) }),
			route("GET /sample/empty", func(r *page.Request) error {
				return r.Render(200, "sample/empty", page.Table{Caption: r.Text("sample.empty"), Empty: page.Empty{Title: r.Text("sample.empty"),
					Text: r.Text("sample.lead"), Actions: []page.Link{{Text: r.Text("sample.fields"), Href: "/sample/fields"}, {Text: r.Text("page.change"), Href: "/sample"}}}})
			}),
			route("GET /sample/fields", func(r *page.Request) error {
				return r.Render(200, "sample/fields", options(r.NewForm("sample.fields")))
			}),
			route("POST /sample/fields", addPerson),
			route("GET /sample/confirm", func(r *page.Request) error {
				return r.Confirm(page.Confirm{Title: r.Text("sample.fields"), Lines: []string{r.Text("sample.lead")}, Action: "/sample/confirm",
					Button: r.Text("page.change"), Dangerous: true, Cancel: "/sample", Hidden: map[string]string{"etag": "1"}})
			}),
			route("GET /sample/fails", func(*page.Request) error { return os.ErrInvalid }),
		}}
}

func options(f *page.Form) *page.Form {
	f.Choices("route", "cmr", "emr")
	f.Choices("role", "enumerator", "reviewer")
	f.Choices("points", "a", "b")
	return f
}

func addPerson(r *page.Request) error {
	f, err := r.ReadUpload("sample.fields", 1<<20)
	if err != nil {
		return err
	}
	options(f)
	f.Text("name", page.Required, page.Max(5))
	f.Whole("count", page.Required, page.Between(1, 500))
	f.Secret("password", page.Required)
	f.Text("about", page.Lines)
	f.Choice("route", []string{"cmr", "emr"}, page.Required)
	f.Choice("role", []string{"enumerator", "reviewer"}, page.Required)
	f.ChoiceMany("points", []string{"a", "b"}, page.Required)
	f.Checked("sure", page.Required)
	f.Date("from", page.Required)
	f.File("workbook", page.Required, page.Ends(".xlsx"))
	if f.Bad() {
		return r.Render(422, "sample/fields", f)
	}
	r.Flash("sample.lead")
	return r.Redirect("/sample")
}

// parts is what the page of partials shows.
type parts struct {
	Tabs            page.Tabs
	Notice, Warning page.Notice
	Table           page.Table
	Pages           page.Pagination
	Summary         page.Summary
	Tags            []page.Tag
	Details         page.Details
}

func partsOf(r *page.Request) parts {
	lead := r.Text("sample.lead")
	p := parts{
		Tabs: page.Tabs{Label: r.Text("sample.parts"), Links: []page.Link{
			{Text: r.Text("sample.parts"), Href: "/sample", Current: true, Count: "1,204"}, {Text: r.Text("sample.empty"), Href: "/sample/empty", Count: "3"}}},
		Notice:  page.Notice{Text: lead, Links: []page.Link{{Text: r.Text("page.change"), Href: "/sample"}}},
		Warning: page.Notice{Kind: "warning", Text: lead},
		Pages:   page.Pagination{Previous: "/sample?before=1", Next: "/sample?after=2"},
		Details: page.Details{Summary: r.Text("sample.card"), Lines: []string{lead, lead}},
		Table: page.Table{Caption: r.Text("sample.parts"), Head: []page.Head{{Text: r.Text("sample.fields.name"), Href: "/sample?sort=name", Sorted: "ascending"},
			{Text: r.Text("sample.fields.route")}, {Text: r.Text("sample.fields.from")}, {Text: r.Text("sample.fields.count"), Number: true}}},
	}
	for i, state := range []string{"received", "has-issues", "approved", "rejected", "closing", "draft"} {
		tag := page.Tag{Text: state, Colour: page.StateColour(state)}
		p.Tags = append(p.Tags, tag)
		p.Table.Rows = append(p.Table.Rows, page.Row{Cells: []page.Cell{
			{Text: ids.ID(int64(i+1) << 40).String(), Href: "/sample", Note: lead},
			{Text: r.Text("sample.fields.route.cmr"), Tags: []page.Tag{tag}},
			r.Moment(pagetest.Now),
			{Text: r.Words().Whole(i * 1234), Links: []page.Link{{Text: r.Text("page.change"), Href: "/sample", Hidden: state}}}}})
	}
	p.Summary.Rows = []page.SummaryRow{
		{Key: r.Text("sample.fields.name"), Value: page.Cell{Text: "Synthetic Person"}, Actions: []page.Link{{Text: r.Text("page.change"), Href: "/sample", Hidden: r.Text("sample.fields.name")}}},
		{Key: r.Text("sample.fields.from"), Value: r.Moment(pagetest.Now)},
		{Key: r.Text("sample.fields.route"), Value: page.Cell{Text: r.Text("sample.fields.route.emr"), Tags: p.Tags[:2]}}}
	return p
}

// serve serves the sample to a browser.
func serve(t *testing.T, who *pagetest.Person) *webtest.Server {
	s := webtest.NewServer(t)
	h := house(page.House{Base: s.Base})
	handler, _, err := page.New(h, who, sample())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", handler)
	return s.Serve(t, page.Outer(h, mux))
}

func TestSamplePages(t *testing.T) {
	s := serve(t, pagetest.Somebody(7, access.DataOfficer))
	for _, lang := range []string{"en", "ar"} {
		for _, dark := range []bool{false, true} {
			tab := s.Tab(t)
			tab.Cookie("lang", lang)
			tab.Dark(dark)
			name := "kit-" + lang
			if dark {
				name += "-dark"
			}
			look := func(part string) {
				t.Helper()
				tab.Screenshot(name + "-" + part)
				tab.Axe()
				// Where the focus goes does not depend on language or light.
				if lang == "en" && !dark {
					tab.Keyboard()
				}
			}
			tab.Go("/sample")
			look("parts")
			tab.Go("/sample/empty")
			look("empty")
			tab.Go("/sample/confirm")
			look("confirm")
			tab.Go("/sample/fields")
			look("fields")
			tab.Fill("name", "Name that is long")
			tab.Choose("role", "reviewer")
			tab.Press(map[string]string{"en": "Save", "ar": "حفظ"}[lang])
			look("errors")
			if got := tab.Count(".govuk-error-summary li"); got != 7 {
				t.Errorf("%d faults are listed; all are wanted at once", got)
			}
			tab.Go("/sample/fails")
			look("internal")
			tab.Go("/nowhere")
			look("hidden")
		}
	}
}

func TestWithoutScripts(t *testing.T) {
	tab := serve(t, pagetest.Somebody(7, access.DataOfficer)).Tab(t)
	tab.Scripts(false)
	tab.Go("/sample/fields")
	tab.Fill("name", "Too long a name")
	if code := tab.Press("Save"); code != 422 {
		t.Errorf("the answer is %d", code)
	}
	if n := tab.Count(".govuk-error-summary li"); n != 8 {
		t.Errorf("%d faults are listed", n)
	}
	if tab.Press("Français"); tab.Text("h1") != "Ajouter une personne qui enquête" || tab.Path() != "/sample/fields" {
		t.Errorf("the switch of language leads to %s, %q", tab.Path(), tab.Text("h1"))
	}
}

func TestSkipLinkComesFirst(t *testing.T) {
	tab := serve(t, pagetest.Somebody(7, access.DataOfficer)).Tab(t)
	tab.Go("/sample")
	if order := tab.Keyboard(); !strings.Contains(order[0], "govuk-skip-link") {
		t.Errorf("the keyboard reaches first %s", order[0])
	}
}

func TestPrint(t *testing.T) {
	tab := serve(t, pagetest.Somebody(7, access.DataOfficer)).Tab(t)
	tab.Dark(true)
	tab.Go("/sample")
	tab.Print(true)
	var shown []string
	tab.Eval(`[".wm-header", ".wm-nav", ".govuk-button", ".govuk-breadcrumbs", ".govuk-pagination"].filter(s => document.querySelector(s).checkVisibility())`, &shown)
	if len(shown) > 0 {
		t.Errorf("paper shows %v", shown)
	}
	background := ""
	tab.Eval(`getComputedStyle(document.body).backgroundColor`, &background)
	if background != "rgb(255, 255, 255)" {
		t.Errorf("paper is %s", background)
	}
}

// Promise 14: the way out of a page leaves no title in the history.
func TestExitLeavesNothing(t *testing.T) {
	tab := serve(t, pagetest.Somebody(7, access.DataOfficer)).Tab(t)
	const out = "https://www.bbc.co.uk/"
	tab.Allow(out)
	tab.Go("/sample/empty")
	if title := tab.History(); !strings.Contains(strings.Join(title, " "), "Points") {
		t.Fatalf("the history has %q", title)
	}
	tab.Run(chromedp.Click(chromedp.CSS("[data-exit]")))
	tab.Wait(`location.protocol === "chrome-error:"`)
	if titles := tab.History(); strings.Contains(strings.Join(titles, " "), "Points") {
		t.Errorf("the history has %q", titles)
	}
}
