package form

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var nobody = audit.Actor{Kind: audit.System, Via: "command"}

// accounts has one person.
type accounts struct{ account.Store }

func (accounts) Accounts(context.Context, ids.ID) ([]*account.Account, error) {
	return []*account.Account{{ID: 1 << 40, Name: "Synthetic Person"}}, nil
}

func house(s *collectiontest.Store) *page.House {
	return pagetest.House(page.House{Collection: s, Accounts: accounts{}})
}

// fakes count tokens and write them where the real ones hide them.
func fakes() Options {
	n := 0
	return Options{
		NewToken: func() (string, []byte) {
			n++
			token := fmt.Sprintf("token-%d", n)
			sum := sha256.Sum256([]byte(token))
			return token, sum[:]
		},
		Browser:  func(base, token string) string { return base + "/page/#test/" + token },
		Settings: func(base, token, project string) (string, error) { return base + "|" + token + "|" + project, nil },
		QR: func(w io.Writer, text, label string) error {
			_, err := fmt.Fprintf(w, "<svg data-text=%q><title>%s</title></svg>", template.HTMLEscapeString(text), template.HTMLEscapeString(label))
			return err
		},
		NewKey: func() (string, []byte, error) {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				return "", nil, err
			}
			public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
			if err != nil {
				return "", nil, err
			}
			private, err := x509.MarshalPKCS8PrivateKey(key)
			return base64.StdEncoding.EncodeToString(public), private, err
		},
	}
}

type world struct {
	*collectiontest.Store
	client *pagetest.Client
	round  *collection.Round
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Store: collectiontest.New()}
	ctx := context.Background()
	p := &collection.Programme{Name: "Synthetic programme"}
	must(t, w.PutProgramme(ctx, nobody, p))
	w.round = &collection.Round{Programme: p.ID, Name: "Autumn 2016", State: collection.Open}
	must(t, w.PutRound(ctx, nobody, w.round))
	w.client = pagetest.New(t, house(w.Store), pagetest.Somebody(p.ID, access.DataOfficer), Area(house(w.Store), fakes()))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// book is a questionnaire as markdown; question is one more row of its survey.
func book(id, version, question string) page.Upload {
	return page.Upload{Name: "survey.md", Bytes: []byte(`| survey | | | | |
| | type | name | label | required |
| | select_one yn | consent | Do you agree? | yes |
| | integer | age | How old are you? | |
` + question + `
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| settings | | | |
| | form_id | form_title | version |
| | ` + id + ` | Synthetic survey | ` + version + ` |
`)}
}

func file(u page.Upload) map[string]page.Upload { return map[string]page.Upload{"file": u} }

func (w *world) list(more string) string {
	return page.Path("/rounds/{round}/forms"+more, "round", w.round.ID)
}

// add uploads a new form and returns its path.
func (w *world) add(t *testing.T, u page.Upload) string {
	t.Helper()
	a := w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, file(u))
	if a.Code != 303 {
		t.Fatalf("%d %.3000s", a.Code, a.Body)
	}
	return strings.TrimSuffix(a.Location(), "/draft")
}

func (w *world) form(t *testing.T) *collection.Form {
	t.Helper()
	all, err := w.ListForms(context.Background(), w.round.ID)
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d forms", len(all))
	}
	return all[0]
}

// publish publishes the present draft.
func (w *world) publish(t *testing.T, at string) {
	t.Helper()
	if a := w.client.Post(at+"/draft/publish", url.Values{"draft": {w.form(t).Draft.String()}}); a.Code != 303 || a.Location() != at {
		t.Fatalf("%d to %s: %.2000s", a.Code, a.Location(), w.client.Get(at+"/draft").Body)
	}
}

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area(house(collectiontest.New()), fakes()))
}

func TestFormFromUploadToPhones(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.list("")).Want(t, 200, "No form yet", w.list("/new"))
	w.client.Get(w.list("/new")).Want(t, 200, "Flow monitoring survey, 2017 form", "A file of mine")
	w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, nil).Want(t, 422, "File: choose a file")
	at := w.add(t, book("synthetic", "1", ""))
	w.client.Get(at+"/draft").Want(t, 200, "The draft was saved.", "Draft of Synthetic survey", "Version 1", "can be published", "/publish")
	w.client.Get(at).Want(t, 200, "Never published", "Look at the draft")
	w.client.Get(w.list("/phones")).Want(t, 200, "Phones see no form")
	w.client.Get(at+"/draft/publish").Want(t, 200, "Phones will get “Synthetic survey”, version 1.", w.form(t).Draft.String())
	w.publish(t, at)
	w.client.Get(at).Want(t, 200, "The form was published.", "On phones now", "Synthetic Person", "2 March 2026", "Let the form run out")
	w.client.Get(w.list("/phones")).Want(t, 200, "synthetic", "md5:")
	version := at + "/versions/" + w.form(t).Current.String()
	w.client.Get(version).Want(t, 200, "Version 1 of Synthetic survey", "Workbook as uploaded")
	x := w.client.Get(version+"/xform").Want(t, 200, "<h:html", "How old are you?")
	if got := x.Header.Get("Content-Disposition"); got != "attachment; filename=synthetic-1.xml" {
		t.Error(got)
	}
	if s := w.client.Get(version + "/source"); s.Body != string(book("synthetic", "1", "").Bytes) {
		t.Errorf("the source differs: %q", s.Body)
	}
}

func TestUploadSaysEverythingThatIsWrong(t *testing.T) {
	w := newWorld(t)
	bad := book("synthetic", "1", "| | integr | years | Years | |\n| | text | note | ${nobody} said | |\n| | select_one nolist | x | X | |")
	a := w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, file(bad))
	a.Want(t, 422, "no form could be made of it", "3 problems", "survey, row 4", "survey, row 5", "survey, row 6", "integr", "nolist", "Error")
	w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, file(page.Upload{Name: "x.xlsx", Bytes: []byte("PK\x03\x04 nothing")})).Want(t, 422, "form could be made")
	w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, file(page.Upload{Name: "x.xml", Bytes: []byte(`<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`)})).Want(t, 422, "form could be made")
	forms, err := w.ListForms(context.Background(), w.round.ID)
	must(t, err)
	if len(forms) != 0 {
		t.Error("a form was made of a broken upload")
	}
}

func TestBuiltinQuestionnaire(t *testing.T) {
	w := newWorld(t)
	a := w.client.Upload(w.list("/new"), url.Values{"source": {"fms-2016"}}, nil)
	if a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	w.client.Get(a.Location()).Want(t, 200, "can be published")
	if w.client.Upload(w.list("/new"), url.Values{"source": {"../../etc"}}, nil).Code != 422 {
		t.Error("a source that is not offered was taken")
	}
	w.client.Upload(w.list("/new"), url.Values{"source": {"fms-2016"}}, nil).Want(t, 422, "has a form", "Upload as a new draft of that form")
}

func TestSecondVersionIsCompared(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	w.publish(t, at)
	first := w.form(t).Current
	replace := func(u page.Upload, instead ids.ID) *pagetest.Answer {
		return w.client.Upload(at+"/draft/new", url.Values{"source": {"upload"}, "instead": {instead.String()}}, file(u))
	}
	replace(book("other", "2", ""), 0).Want(t, 422, "form_id", "synthetic")
	if a := replace(book("synthetic", "1", ""), 0); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	w.client.Get(at+"/draft").Want(t, 200, "cannot be published yet", "The version “1” was published before")
	if a := w.client.Post(at+"/draft/publish", url.Values{"draft": {w.form(t).Draft.String()}}); a.Location() != at+"/draft" {
		t.Errorf("a version was published twice: %d to %s", a.Code, a.Location())
	}
	// Another person still has the page of when there was no draft.
	draft := w.form(t).Draft
	replace(book("synthetic", "2", ""), 0).Want(t, 409, "Another person uploaded a draft meanwhile", draft.String())
	if a := replace(book("synthetic", "2", "| | text | town | Town | |"), draft); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	w.client.Get(at+"/draft").Want(t, 200, "Adds columns: 1", "can be published")
	w.client.Get(at+"/compare?old="+first.String()+"&new="+w.form(t).Draft.String()).Want(t, 200, "Adds columns", "Town", "2 (draft)")
	if a := w.client.Post(at+"/draft/publish", url.Values{"draft": {draft.String()}}); a.Location() != at+"/draft" || w.form(t).Current != first {
		t.Errorf("a draft that was replaced was published: %d to %s", a.Code, a.Location())
	}
	w.client.Get(at+"/draft").Want(t, 200, "The draft was replaced meanwhile")
	w.client.Get(at+"/draft/publish").Want(t, 200, "earlier version get this one")
	w.publish(t, at)
	w.client.Get(at).Want(t, 200, "Differences from the one before")
	w.client.Get(at+"/compare").Want(t, 200, "Town")
	w.client.Get(at+"/versions/"+first.String()).Want(t, 200, "Differences from other versions")
	other := w.add2(t)
	w.client.Get(other+"/compare?old="+first.String()+"&new="+first.String()).Want(t, 200, "Only one version")
	w.client.Get(other+"/versions/"+first.String()).Want(t, 404)
	w.client.Get(other+"/versions/"+first.String()+"/xform").Want(t, 404)
}

// add2 adds another form to the round.
func (w *world) add2(t *testing.T) string {
	t.Helper()
	return w.add(t, book("another", "1", ""))
}

func TestFilesOfADraft(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", "| | select_one_from_file places.csv | place | Place | |"))
	w.client.Get(at+"/draft").Want(t, 200, "cannot be published yet", "places.csv", "List (CSV)", "Missing", "Place")
	w.client.Get(at+"/draft/files").Want(t, 200, "multiple", "places.csv")
	w.client.UploadMany(at+"/draft/files", nil, nil).Want(t, 422, "Choose at least one file")
	list := page.Upload{Name: "places.csv", Bytes: []byte("name,label\np1,Harbour\n")}
	w.client.UploadMany(at+"/draft/files", nil, map[string][]page.Upload{"file": {
		{Name: "places.csv", Bytes: []byte("code,label\np1,Harbour\n")}, {Name: "../../evil.csv", Bytes: []byte("name,label\na,b\n")}}}).
		Want(t, 422, "Saved: 0", "evil.csv", "needs no file of this name", "places.csv", "does not have")
	if a := w.client.UploadMany(at+"/draft/files", nil, map[string][]page.Upload{"file": {{Name: "Places.CSV", Bytes: list.Bytes}}}); a.Code != 303 {
		t.Fatalf("%d %.3000s", a.Code, a.Body)
	}
	w.client.Get(at+"/draft").Want(t, 200, "1 file was saved.", "can be published", "22 bytes")
	got := w.client.Get(at + "/versions/" + w.form(t).Draft.String() + "/files/places.csv")
	if got.Body != string(list.Bytes) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v %q", got.Header, got.Body)
	}
	w.publish(t, at)
	// The next version has the list from the start; one that asks for another column has not.
	if a := w.client.Upload(at+"/draft/new", url.Values{"source": {"upload"}}, file(book("synthetic", "2", "| | select_one_from_file places.csv | place | Place now | |"))); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	w.client.Get(at+"/draft").Want(t, 200, "can be published", "22 bytes")
	w.client.Get(at+"/versions/"+w.form(t).Draft.String()+"/files/nothing.csv").Want(t, 404)
}

func TestPreviewStandsAlone(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	a := w.client.Get(at+"/versions/"+w.form(t).Draft.String()+"/preview").Want(t, 200, "How old are you?", "Do you agree?")
	if got := a.Header.Get("Content-Security-Policy"); got != previewPolicy {
		t.Errorf("policy %q", got)
	}
	if strings.Contains(a.Body, "<script") {
		t.Error("the preview has a script")
	}
}

func TestTestLink(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	w.client.Get(at+"/draft/test").Want(t, 200, "Make a test link", "No test yet")
	a := w.client.Post(at+"/draft/test", nil).Want(t, 200, "http://waymark.test|token-1|Test: Synthetic survey", "http://waymark.test/test/token-1", "shown only now")
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Error("a page with a secret may be stored")
	}
	if b := w.client.Get(at + "/draft/test"); strings.Contains(b.Body, "token-1") {
		t.Error("the link is shown again")
	}
	sum := sha256.Sum256([]byte("token-1"))
	if f, err := w.FormByDraftToken(context.Background(), sum[:]); err != nil || f.FormID != "synthetic" {
		t.Errorf("%v %v", f, err)
	}
	w.Tests = []*collection.Submission{{ID: 5000, Form: w.form(t).ID, Received: pagetest.Now, Checked: true, Errors: 2, Complete: true}}
	w.client.Get(at+"/draft/test").Want(t, 200, "2 March 2026, 10:30", "Errors: 2", "/submissions/")
	if b := w.client.Post(at+"/draft/test/end", nil); b.Code != 303 {
		t.Fatalf("%d", b.Code)
	}
	if _, err := w.FormByDraftToken(context.Background(), sum[:]); err == nil {
		t.Error("the link works after it was ended")
	}
	w.publish(t, at)
	w.client.Get(at+"/draft/test").Want(t, 200, "There is no draft")
	w.client.Post(at+"/draft/test", nil).Want(t, 404)
}

func TestStates(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	if a := w.client.Get(at + "/state?to=open"); a.Code != 303 {
		t.Errorf("a draft asks to be opened: %d", a.Code)
	}
	w.publish(t, at)
	w.client.Get(at+"/state?to=closing").Want(t, 200, "Let the form run out", "Phones send the interviews that they have")
	if a := w.client.Get(at + "/state?to=%3Cscript%3E"); a.Code != 303 {
		t.Errorf("a made-up state: %d", a.Code)
	}
	etag := fmt.Sprint(w.form(t).Etag)
	if a := w.client.Post(at+"/state", url.Values{"to": {"closing"}, "etag": {etag}}); a.Code != 303 || w.form(t).State != collection.FormClosing {
		t.Fatalf("%d %s", a.Code, w.form(t).State)
	}
	if a := w.client.Post(at+"/state", url.Values{"to": {"closed"}, "etag": {etag}}); !strings.HasSuffix(a.Location(), "/state?to=closed") || w.form(t).State != collection.FormClosing {
		t.Fatalf("an old page closed the form: %s", a.Location())
	}
	w.client.Get(at+"/state?to=closed").Want(t, 200, "changed meanwhile", "refused until you open it again")
	if a := w.client.Post(at+"/state", url.Values{"to": {"draft"}, "etag": {etag}}); a.Code != 409 {
		t.Errorf("a published form became a draft: %d", a.Code)
	}
	w.client.Get(w.list("/phones")).Want(t, 200, "Phones see no form")
}

func TestManagedEncryption(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	draft := func() *collection.Version {
		v, err := w.Version(context.Background(), w.form(t).Draft)
		must(t, err)
		return v
	}
	w.client.Get(at+"/encryption").Want(t, 200, "Let phones encrypt interviews", "The present draft is made anew")
	if a := w.client.Post(at+"/encryption", url.Values{"etag": {fmt.Sprint(w.form(t).Etag)}}); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	v := draft()
	if !w.form(t).Managed || v.PrivateKey == nil || !bytes.Contains(v.XForm, []byte("base64RsaPublicKey=")) {
		t.Fatalf("managed %v, key of %d bytes, %s", w.form(t).Managed, len(v.PrivateKey), v.XForm)
	}
	if a := w.client.Get(at+"/draft").Want(t, 200, "can be published"); strings.Contains(a.Body, "own key") {
		t.Error("our key is taken for one that the form brought")
	}
	w.client.Get(at).Want(t, 200, "Phones encrypt each interview")
	w.publish(t, at)
	// Each version has a key of its own.
	if a := w.client.Upload(at+"/draft/new", url.Values{"source": {"upload"}}, file(book("synthetic", "2", ""))); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	if next := draft(); next.PrivateKey == nil || bytes.Equal(next.PrivateKey, v.PrivateKey) {
		t.Error("the next version has no key of its own")
	}
	if a := w.client.Post(at+"/encryption", url.Values{"etag": {fmt.Sprint(w.form(t).Etag)}}); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	if v := draft(); v.PrivateKey != nil || bytes.Contains(v.XForm, []byte("base64RsaPublicKey=")) {
		t.Error("the draft still encrypts")
	}
	if a := w.client.Get(at + "/draft"); strings.Contains(a.Body, "does not fit") {
		t.Error("the draft does not fit")
	}
}

// TestTextsAreEscaped: whatever is in a questionnaire comes back as text, on every page.
func TestTextsAreEscaped(t *testing.T) {
	for _, bad := range []string{`'; DROP TABLE form;--`, `{{.House.Secret}}`, `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</svg><script>x</script>`} {
		w := newWorld(t)
		u := book("synthetic", "1", "| | text | t | "+bad+" | |\n| | select_one_from_file places.csv | place | "+bad+" | |")
		u.Bytes = bytes.ReplaceAll(u.Bytes, []byte("Synthetic survey"), []byte(bad))
		u.Name = bad + ".md"
		at := w.add(t, u)
		draft := at + "/versions/" + w.form(t).Draft.String()
		answers := []*pagetest.Answer{w.client.Get(w.list("")), w.client.Get(at), w.client.Get(at + "/draft"), w.client.Get(at + "/draft/files"), w.client.Get(at + "/draft/test"),
			w.client.Post(at+"/draft/test", nil), w.client.Get(at + "/encryption"), w.client.Get(at + "/compare"), w.client.Get(draft), w.client.Get(draft + "/preview"), w.client.Get(draft + "/source"),
			w.client.UploadMany(at+"/draft/files", nil, map[string][]page.Upload{"file": {{Name: bad, Bytes: []byte(bad)}}}),
			w.client.UploadMany(at+"/draft/files", nil, map[string][]page.Upload{"file": {{Name: "places.csv", Bytes: []byte(bad + ",x\ny,z")}}}),
			w.client.Upload(at+"/draft/new", url.Values{"source": {bad}, "instead": {bad}}, file(page.Upload{Name: bad, Bytes: []byte("| survey |\n| | type | name | label |\n| | " + bad + " | " + bad + " | x |")})),
			w.client.Upload(w.list("/new"), url.Values{"source": {"upload"}}, file(page.Upload{Name: bad, Bytes: []byte(bad)}))}
		for i, a := range answers {
			if a.Code >= 500 {
				t.Errorf("answer %d to %q: %d", i, bad, a.Code)
			}
			if strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
				continue // a file, not a page
			}
			for _, never := range []string{"<script>alert", "<img src=x", "<script>x", "kkkkkkkk"} {
				if strings.Contains(a.Body, never) {
					t.Errorf("answer %d to %q holds %q", i, bad, never)
				}
			}
		}
	}
}

func TestDiscard(t *testing.T) {
	w := newWorld(t)
	at := w.add(t, book("synthetic", "1", ""))
	w.client.Get(at+"/draft").Want(t, 200, at+"/draft/discard")
	w.publish(t, at)
	w.client.Post(at+"/draft/discard", url.Values{"draft": {"1"}}).Want(t, 303) // there is none: done already
	if b := w.client.Get(at + "/draft/discard"); b.Code != 303 {
		t.Fatalf("%d", b.Code)
	}
	upload := func(version string) {
		t.Helper()
		w.client.Upload(at+"/draft/new", url.Values{"source": {"upload"}, "instead": {w.form(t).Draft.String()}}, file(book("synthetic", version, ""))).Want(t, 303)
	}
	upload("2")
	first := w.form(t).Draft
	w.client.Post(at+"/draft/test", nil).Want(t, 200, "token-1")
	w.client.Get(at+"/draft/discard").Want(t, 200, "Discard this draft?", "version 2", "Phones keep the published version.", first.String())
	// Another draft came between the question and the answer.
	upload("3")
	w.client.Post(at+"/draft/discard", url.Values{"draft": {first.String()}}).Want(t, 303)
	second := w.form(t).Draft
	if second == 0 || second == first {
		t.Fatalf("the wrong draft was discarded: %v", second)
	}
	w.client.Get(at+"/draft").Want(t, 200, "nothing was discarded")
	w.client.Post(at+"/draft/discard", url.Values{"draft": {second.String()}}).Want(t, 303)
	w.client.Get(at).Want(t, 200, "The draft was discarded.", "On phones now")
	if f := w.form(t); f.Draft != 0 || f.Current == 0 {
		t.Errorf("%+v", f)
	}
	if _, err := w.Version(context.Background(), second); err == nil {
		t.Error("the draft is still there")
	}
	w.client.Get(at+"/draft").Want(t, 200, "There is no draft")
}
