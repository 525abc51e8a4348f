package page_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"waymark/internal/ids"
	"waymark/internal/lang"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// noStore stands for stores that a test does not reach.
type noStore struct{ collection.Store }
type noAccounts struct{ account.Store }

// ChangeAccount takes a change of an account that it does not keep.
func (noAccounts) ChangeAccount(_ context.Context, _ audit.Actor, _ string, id ids.ID, change func(*account.Account) error) error {
	return change(&account.Account{ID: id})
}

func house(h page.House) *page.House {
	h.Collection, h.Accounts = noStore{}, noAccounts{}
	return pagetest.House(h)
}

func area(routes ...page.Route) page.Area {
	words := &fstest.MapFile{Data: []byte("demo.title: Sample\ndemo.name: Name\ndemo.done: \"Kept {n}\"\n")}
	return page.Area{Name: "demo", Routes: routes, Files: fstest.MapFS{
		"lang/en.yaml": words, "lang/fr.yaml": words, "lang/ar.yaml": words,
		"form.html.tmpl": &fstest.MapFile{Data: []byte(`{{define "title"}}{{t "demo.title"}}{{end}}{{define "main"}}{{template "part/errors" .Data}}<form method="post">{{template "field/text" (.Data.Field "name")}}</form>{{end}}`)},
	}}
}

func show(r *page.Request) error { return r.Render(200, "demo/form", r.NewForm("demo")) }

func TestPageAndForm(t *testing.T) {
	h := house(page.House{})
	c := pagetest.New(t, h, pagetest.Somebody(1, access.Coordinator), area(
		page.Route{Pattern: "GET /demo", Action: access.Home, Do: show},
		page.Route{Pattern: "POST /demo", Action: access.Home, Do: func(r *page.Request) error {
			f, err := r.ReadForm("demo")
			if err != nil {
				return err
			}
			f.Text("name", page.Required, page.Max(5))
			if f.Bad() {
				return r.Render(422, "demo/form", f)
			}
			r.Flash("demo.done", "n", 1)
			return r.Redirect("/demo")
		}}))
	c.Get("/demo").Want(t, 200, "<title>Sample – Waymark</title>", `<label class="govuk-label" for="f-name">Name</label>`)
	c.Post("/demo", map[string][]string{"name": {"<abc>def"}}).Want(t, 422, `href="#f-name"`, "Error: Sample", "&lt;abc&gt;def", "no more than 5 characters")
	if a := c.Post("/demo", map[string][]string{"name": {"ab"}}); a.Code != 303 || a.Location() != "/demo" {
		t.Fatalf("answered %d to %s", a.Code, a.Location())
	}
	c.Get("/demo").Want(t, 200, "Kept 1")
	if again := c.Get("/demo"); strings.Contains(again.Body, "Kept 1") {
		t.Error("the message was shown twice")
	}
}

func TestRoutesThatDoNotStart(t *testing.T) {
	of := func(context.Context, *http.Request) (access.Resource, error) { return access.Resource{}, nil }
	for why, route := range map[string]page.Route{
		"names no action":   {Pattern: "GET /x", Do: show},
		"no policy names":   {Pattern: "GET /x", Action: "made.up", Do: show},
		"does nothing":      {Pattern: "GET /x", Action: access.Home},
		"has a wildcard":    {Pattern: "GET /x/{y}", Action: access.Home, Do: show},
		"the pattern is no": {Pattern: "/x", Action: access.Home, Do: show, Of: of},
	} {
		_, _, err := page.New(house(page.House{}), &pagetest.Person{}, area(route))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("wanted an error that says %q, got %v", why, err)
		}
	}
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	for action, why := range map[access.Action]string{access.ConcernSend: "", access.Public: "", access.CaseRead: "permits? .*to none", access.Home: "to none"} {
		_, _, err := page.New(house(page.House{Policies: policies}), &pagetest.Person{}, area(page.Route{Pattern: "GET /x", Action: action, Visitors: true, Do: show}))
		if why == "" && err != nil || why != "" && (err == nil || !regexp.MustCompile(why).MatchString(err.Error())) {
			t.Errorf("a route for visitors to %s: %v", action, err)
		}
	}
}

// TestVisitorsMayAsk: the policy decides by what the route finds; without its word
// the page looks like none.
func TestVisitorsMayAsk(t *testing.T) {
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	of := func(_ context.Context, r *http.Request) (access.Resource, error) {
		return access.Resource{Programme: 1, Link: r.PathValue("link") == "good"}, nil
	}
	c := pagetest.New(t, house(page.House{Policies: policies}), &pagetest.Person{}, area(
		page.Route{Pattern: "GET /concerns/{link}", Action: access.ConcernSend, Visitors: true, Of: of, Do: done},
		page.Route{Pattern: "GET /held/{link}", Action: access.ConcernSend, Of: of, Do: done},
	))
	c.Get("/concerns/good").Want(t, 200, "done")
	c.Get("/concerns/bad").Want(t, 404, "Page not found")
	if a := c.Get("/held/good").Want(t, 303); a.Location() != "/sign-in?to=%2Fheld%2Fgood" {
		t.Errorf("leads to %s", a.Location())
	}
}

func TestKitWords(t *testing.T) {
	pagetest.CheckLanguages(t, page.Kit())
}

// keys finds the words that the layout names.
var keys = regexp.MustCompile(`\b(?:t|has) "(page\.[a-z.-]*[a-z])"`)

func TestLayoutHasItsWords(t *testing.T) {
	files, err := filepath.Glob("layout/*.tmpl")
	if err != nil || len(files) < 4 {
		t.Fatalf("there are %d files: %v", len(files), err)
	}
	words, err := lang.Load(os.DirFS("."), "lang", "en")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keys.FindAllStringSubmatch(string(text), -1) {
			seen++
			if !words.Has(m[1]) && !strings.Contains(m[0], `page.error"`) {
				t.Errorf("%s names the key %q, which has no words", file, m[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d keys were found", seen)
	}
}
