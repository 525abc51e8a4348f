package enumerator

import (
	"context"
	"crypto/sha256"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"testing"

	"waymark/monitoring/collection"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var nobody = audit.Actor{Kind: audit.System, Via: "command"}

// accounts stand for a store that pages do not reach.
type accounts struct{ account.Store }

func house(s *collectiontest.Store) *page.House {
	return pagetest.House(page.House{Collection: s, Accounts: accounts{}})
}

// fakeCodes counts tokens and writes them where the real ones hide them.
func fakeCodes() Options {
	n := 0
	return Options{
		NewToken: func() (string, []byte) {
			n++
			token := fmt.Sprintf("token-%d", n)
			return token, hash(token)
		},
		Browser: func(base, token, code string) string { return base + "/page/#" + token + "/" + code },
		Settings: func(base, token, project, code, lang string) (string, error) {
			return strings.Join([]string{base, token, project, code, lang}, "|"), nil
		},
		QR: func(w io.Writer, text, label string) error {
			_, err := fmt.Fprintf(w, "<svg data-text=%q><title>%s</title></svg>", template.HTMLEscapeString(text), template.HTMLEscapeString(label))
			return err
		},
	}
}

func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

type world struct {
	*collectiontest.Store
	client *pagetest.Client
	round  *collection.Round
	points []*collection.Point
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Store: collectiontest.New()}
	ctx := context.Background()
	p := &collection.Programme{Name: "Synthetic programme"}
	must(t, w.PutProgramme(ctx, nobody, p))
	w.round = &collection.Round{Programme: p.ID, Name: "Autumn 2016", State: collection.Open}
	must(t, w.PutRound(ctx, nobody, w.round))
	w.points = []*collection.Point{{Round: w.round.ID, Code: "P01", Name: "Harbour"}, {Round: w.round.ID, Code: "P02", Name: "Station"}}
	must(t, w.PutPoints(ctx, nobody, w.round.ID, w.points))
	w.client = pagetest.New(t, house(w.Store), pagetest.Somebody(p.ID, access.DataOfficer), Area(house(w.Store), fakeCodes()))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) at(path string, more ...any) string {
	return page.Path("/rounds/{round}/enumerators"+path, append([]any{"round", w.round.ID}, more...)...)
}

// person adds one.
func (w *world) person(t *testing.T, code, name string) *collection.FieldEnumerator {
	t.Helper()
	e := &collection.FieldEnumerator{Round: w.round.ID, Code: code, Name: name}
	must(t, w.PutEnumerator(context.Background(), nobody, e, nil))
	return e
}

func (w *world) works(token string) bool {
	_, err := w.EnumeratorByToken(context.Background(), hash(token))
	return err == nil
}

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area(house(collectiontest.New()), fakeCodes()))
}

func TestOneIsAddedAndChanged(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("")).Want(t, 200, "Nobody yet", w.at("/list"), w.at("/new"))
	w.client.Get(w.at("/new")).Want(t, 200, "P01 – Harbour")
	w.client.Post(w.at("/new"), url.Values{"code": {"E 7"}, "points": {"bad"}}).Want(t, 422, "Code: a code holds", "Points where the person works: a point was removed", `value="E 7"`)
	a := w.client.Post(w.at("/new"), url.Values{"code": {"E07"}, "name": {"Synthetic One"}, "points": {w.points[1].ID.String()}})
	if a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Get(a.Location()).Want(t, 200, "Enumerator E07", "Synthetic One", "P02", "No code yet", "Make a QR code")
	w.client.Post(w.at("/new"), url.Values{"code": {"E07"}}).Want(t, 422, "Code: another one has this code")
	w.client.Get(a.Location()+"/change").Want(t, 200, `value="Synthetic One"`, "checked")
	if b := w.client.Post(a.Location()+"/change", url.Values{"etag": {"1"}, "code": {"E07"}, "name": {"Changed"}}); b.Code != 303 {
		t.Fatalf("%d %s", b.Code, b.Body)
	}
	w.client.Post(a.Location()+"/change", url.Values{"etag": {"1"}, "code": {"E07"}, "name": {"Mine"}, "points": {w.points[0].ID.String()}}).
		Want(t, 409, "Someone else changed this", "Changed", `value="Mine"`, "P01", `name="etag" value="2"`)
	w.client.Get(w.at("")).Want(t, 200, "Changed", "Any point")
}

func TestListOfPeople(t *testing.T) {
	w := newWorld(t)
	w.person(t, "E01", "Synthetic One")
	w.client.Get(w.at("/list")).Want(t, 200, "code,name,points")
	w.client.Upload(w.at("/list"), url.Values{"list": {"E01,x\nE02,y,P09\nE 3"}}, nil).Want(t, 422, "The list has 3 problems", "Another one has this code", "no point P09", "A code holds", "E02,y,P09")
	a := w.client.Upload(w.at("/list"), url.Values{"list": {"E02\tSynthetic Two\tP01 P02\nE03"}}, nil)
	if a.Code != 303 || a.Location() != w.at("/codes") {
		t.Fatalf("%d to %s: %s", a.Code, a.Location(), a.Body)
	}
	page := w.client.Get(a.Location()).Want(t, 200, "2 people were added", "E02 – Synthetic Two", "shown only once")
	if n := strings.Count(page.Body, "checked"); n != 4 { // three people and the language
		t.Errorf("%d boxes are checked", n)
	}
}

// TestCodeIsShownOnceAndEndsTheFormer: the code on the page works, reloading the page
// makes no other, a new code ends it, and revoking ends that.
func TestCodeIsShownOnceAndEndsTheFormer(t *testing.T) {
	w := newWorld(t)
	e := w.person(t, "E07", "Synthetic One")
	fields := func(etag string) url.Values {
		return url.Values{"who": {e.ID.String()}, "etag." + e.ID.String(): {etag}, "lang": {"fr"}}
	}
	w.client.Get(w.at("/codes", "who", e.ID)).Want(t, 200, `value="`+e.ID.String()+`" checked`)
	w.client.Post(w.at("/codes"), url.Values{"lang": {"en"}}).Want(t, 422, "Choose at least one person")
	sheet := w.client.Post(w.at("/codes"), fields("1")).Want(t, 200, "http://waymark.test|token-1|Autumn 2016|E07|fr", "Réglez votre téléphone", "Synthetic One")
	if sheet.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a page with a secret may be stored: %q", sheet.Header.Get("Cache-Control"))
	}
	if !w.works("token-1") {
		t.Error("the code that was shown does not work")
	}
	w.client.Post(w.at("/codes"), fields("1")).Want(t, 409, "the codes that you printed still work")
	if !w.works("token-1") || w.works("token-2") {
		t.Error("loading the sheet again ended the code")
	}
	for _, path := range []string{"", "/codes", "/" + e.ID.String()} {
		if a := w.client.Get(w.at(path)); a.Code != 200 || strings.Contains(a.Body, "token-") {
			t.Errorf("%s shows the secret again", path)
		}
	}
	w.client.Get(w.at("/{enumerator}", "enumerator", e.ID)).Want(t, 200, "Code made", "Make a new QR code", "2 March 2026")
	w.client.Post(w.at("/codes"), fields("2")).Want(t, 200, "token-3")
	if w.works("token-1") || !w.works("token-3") {
		t.Error("the former code still works")
	}
	revoke := w.at("/{enumerator}/revoke", "enumerator", e.ID)
	w.client.Get(revoke).Want(t, 200, "Shut out the phone of E07?")
	if a := w.client.Post(revoke, nil); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	if w.works("token-3") {
		t.Error("the code works after it was revoked")
	}
	w.client.Get(w.at("/{enumerator}", "enumerator", e.ID)).Want(t, 200, "The phone of E07 is shut out.", "does not work any more")
	w.client.Post(w.at("/codes"), fields("4")).Want(t, 200, "token-4")
	if !w.works("token-4") {
		t.Error("a new code does not let the person in again")
	}
}

// TestCodesAreMadeForAllOrNobody: if one of several was changed, no code is made.
func TestCodesAreMadeForAllOrNobody(t *testing.T) {
	w := newWorld(t)
	a, b := w.person(t, "E01", ""), w.person(t, "E02", "")
	w.client.Post(w.at("/codes"), url.Values{"who": {a.ID.String(), b.ID.String()}, "etag." + a.ID.String(): {"1"}, "etag." + b.ID.String(): {"7"}, "lang": {"en"}}).Want(t, 409, "Nothing was done")
	if w.works("token-1") || w.works("token-2") {
		t.Error("a code was made")
	}
}

func TestPersonOfAnotherRoundIsNotFound(t *testing.T) {
	w := newWorld(t)
	e := w.person(t, "E07", "x")
	other := &collection.Round{Programme: w.round.Programme, Name: "Other"}
	must(t, w.PutRound(context.Background(), nobody, other))
	for _, path := range []string{"", "/change", "/revoke"} {
		at := page.Path("/rounds/{round}/enumerators/{enumerator}"+path, "round", other.ID, "enumerator", e.ID)
		w.client.Get(at).Want(t, 404)
		if path != "" {
			if a := w.client.Post(at, url.Values{"code": {"E07"}, "etag": {"1"}}); a.Code != 404 {
				t.Errorf("%s: %d", path, a.Code)
			}
		}
	}
	a := w.client.Post(page.Path("/rounds/{round}/enumerators/codes", "round", other.ID), url.Values{"who": {e.ID.String()}, "etag." + e.ID.String(): {"1"}, "lang": {"en"}})
	if a.Code != 422 || w.works("token-1") {
		t.Errorf("a code was made for a person of another round: %d", a.Code)
	}
}

// TestTextsAreEscaped: whatever is typed comes back as text, on every page.
func TestTextsAreEscaped(t *testing.T) {
	for _, bad := range []string{`'; DROP TABLE enumerator;--`, `{{.House.Secret}}`, `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</textarea><b>`, `</svg><script>x</script>`} {
		w := newWorld(t)
		w.round.Name = bad
		must(t, w.PutRound(context.Background(), nobody, w.round))
		e := w.person(t, bad, bad)
		at := w.at("/{enumerator}", "enumerator", e.ID)
		answers := []*pagetest.Answer{w.client.Get(w.at("")), w.client.Get(at), w.client.Get(at + "/change"), w.client.Get(at + "/revoke"), w.client.Get(w.at("/codes")),
			w.client.Post(w.at("/new"), url.Values{"code": {bad}, "name": {bad}, "points": {bad}, "etag": {bad}}),
			w.client.Post(at+"/change", url.Values{"code": {bad}, "name": {bad}, "etag": {bad}}),
			w.client.Upload(w.at("/list"), url.Values{"list": {bad + "," + bad + "," + bad}}, nil),
			w.client.Post(w.at("/codes"), url.Values{"who": {e.ID.String()}, "etag." + e.ID.String(): {"1"}, "lang": {"ar"}})}
		for i, a := range answers {
			if a.Code >= 500 {
				t.Errorf("answer %d to %q: %d", i, bad, a.Code)
			}
			for _, never := range []string{"<script>alert", "<img src=x", "<script>x", "kkkkkkkk", "</textarea><b>"} {
				if strings.Contains(a.Body, never) {
					t.Errorf("answer %d to %q holds %q", i, bad, never)
				}
			}
		}
	}
}
