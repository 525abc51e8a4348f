package page_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"waymark/internal/fault"
	"waymark/internal/lang"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// TestEveryBreachHasWords: what the domain says in English is said in every
// language, with the same variables.
func TestEveryBreachHasWords(t *testing.T) {
	for _, code := range page.Languages {
		c, err := lang.Load(os.DirFS("."), "lang", code)
		if err != nil {
			t.Fatal(err)
		}
		for breach, s := range collection.Breaches {
			key := "page.breach." + breach
			if !c.Has(key) {
				t.Errorf("%s: no words for %s", code, breach)
				continue
			}
			for _, v := range c.Variables(key) {
				if !strings.Contains(s.Message+s.Remedy, "{"+v+"}") {
					t.Errorf("%s: %s has no variable %s", code, breach, v)
				}
			}
		}
		for _, key := range c.Keys() {
			name, ok := strings.CutPrefix(key, "page.breach.")
			if _, known := collection.Breaches[name]; ok && !known && !strings.HasPrefix(name, "at.") {
				t.Errorf("%s: %s is no rule", code, key)
			}
		}
	}
}

// TestTakeSpeaksTheLanguage: faults of fields, rows and lists come back beside what
// was typed, in the page's language.
func TestTakeSpeaksTheLanguage(t *testing.T) {
	at := func(row int, field, code string, pairs ...string) *fault.Fault {
		f := collection.NewBreach(fault.Invalid, field, code, pairs...)
		f.Place.Row = row
		return f
	}
	post := func(r *page.Request) error {
		f, err := r.ReadForm("demo")
		if err != nil {
			return err
		}
		list := fault.NewList(10)
		list.Add(at(0, "name", "long", "most", "200"), at(2, "name", "missing"), at(3, "name", "missing"), at(4, "lat", "latitude"),
			fault.New(fault.Invalid, fault.Place{}, "an English one", ""))
		if err := f.Take(list.Err()); err != nil {
			return err
		}
		var said []string
		for _, w := range f.Faults() {
			said = append(said, w.Field+"|"+w.Lang+"|"+w.Text)
		}
		if want := []string{"name||Nom : utilisez 200 caractères au plus", "name-2||Ligne 2, Nom : ce champ doit être rempli",
			"||Ligne 3, Nom : ce champ doit être rempli", "||Ligne 4 : écrivez une latitude de -90 à 90 avec un point décimal, par exemple 35.7796",
			"|en|An English one"}; !slices.Equal(said, want) {
			t.Errorf("said %q", said)
		}
		return r.Redirect("/demo")
	}
	a := area(page.Route{Pattern: "POST /demo", Action: access.Home, Do: post})
	files := a.Files
	a.Files = french{files}
	c := pagetest.New(t, house(page.House{}), pagetest.Somebody(1, access.Coordinator), a)
	c.Lang = "fr"
	if got := c.Post("/demo", map[string][]string{"name-2": {""}}); got.Code != 303 {
		t.Fatalf("answered %d: %s", got.Code, got.Body)
	}
}

// french names the field in French.
type french struct{ fs.FS }

// Open implements fs.FS.
func (f french) Open(name string) (fs.File, error) {
	if name == "lang/fr.yaml" {
		return fstest.MapFS{name: &fstest.MapFile{Data: []byte("demo.title: Exemple\ndemo.name: Nom\ndemo.done: \"{n}\"\n")}}.Open(name)
	}
	return f.FS.Open(name)
}
