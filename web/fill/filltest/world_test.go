package filltest

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/xform"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store/storetest"
	"waymark/trust/access"
	"waymark/web"
	"waymark/web/fill"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// xform is a synthetic form in two languages.
const xformText = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Synthetic interview</h:title><model>
<itext>
<translation lang="English (en)" default="true()"><text id="name"><value>What shall we call you?</value></text><text id="age"><value>How old are you?</value></text><text id="photo"><value>Photo</value></text><text id="yes"><value>Yes</value></text><text id="no"><value>No</value></text><text id="paid"><value>Were you paid?</value></text></translation>
<translation lang="French (fr)"><text id="name"><value>Comment vous appeler ?</value></text><text id="age"><value>Quel âge avez-vous ?</value></text><text id="photo"><value>Photo</value></text><text id="yes"><value>Oui</value></text><text id="no"><value>Non</value></text><text id="paid"><value>Avez-vous été payé ?</value></text></translation>
</itext>
<instance><data id="interview" version="1"><start/><who/><device/><name/><age/><paid/><photo/><place/><meta><instanceID/><instanceName/></meta></data></instance>
<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/who" type="string" jr:preload="property" jr:preloadParams="username"/>
<bind nodeset="/data/device" type="string" jr:preload="property" jr:preloadParams="deviceid"/>
<bind nodeset="/data/name" type="string" required="true()"/>
<bind nodeset="/data/age" type="int" constraint=". &gt; 13 and . &lt; 120"/>
<bind nodeset="/data/paid" type="string"/>
<bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/place" type="binary"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
<bind nodeset="/data/meta/instanceName" type="string" calculate="concat('Interview ', /data/age)"/>
</model></h:head>
<h:body>
<input ref="/data/name"><label ref="jr:itext('name')"/></input>
<input ref="/data/age"><label ref="jr:itext('age')"/></input>
<select1 ref="/data/paid"><label ref="jr:itext('paid')"/><item><label ref="jr:itext('yes')"/><value>yes</value></item><item><label ref="jr:itext('no')"/><value>no</value></item></select1>
<upload ref="/data/photo" mediatype="image/*"><label ref="jr:itext('photo')"/></upload>
<upload ref="/data/place" mediatype="image/*"><label>Place</label></upload>
</h:body></h:html>`

// encrypted is a synthetic form whose interviews phones encrypt.
const encrypted = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Sealed interview</h:title><model>
<submission base64RsaPublicKey="c3ludGhldGlj"/>
<instance><data id="sealed" version="1"><name/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/name" type="string"/></model></h:head>
<h:body><input ref="/data/name"><label>Name</label></input></h:body></h:html>`

// world is a server over a real store whose line can be cut.
type world struct {
	testing.TB
	*storetest.World
	server *webtest.Server
	form   *collection.Form
	who    *collection.FieldEnumerator
	token  string
	away   atomic.Bool
	// newer makes the worker another than before, as after an update of the server.
	newer atomic.Bool
	// portal answers everything with a page of its own, as a hotel's network does.
	portal atomic.Bool
	// deaf lets interviews arrive and cuts the line before the answer.
	deaf atomic.Bool
	// sent counts the posts of interviews that reached the server; told are cookies and
	// referrers that came with requests of the page.
	sent, told atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{TB: t, World: storetest.NewWorld(t, storetest.SQLite.NewPlace(t).Open(t)), server: webtest.NewServer(t)}
	w.form = w.publish("interview", "Synthetic interview", xformText)
	token, hash := openrosa.NewToken()
	w.token = token
	w.who = &collection.FieldEnumerator{Round: w.Round.ID, Code: "E08", Name: "Synthetic person"}
	w.must(w.DB.PutEnumerator(ctx, storetest.Officer, w.who, hash))
	policies, err := access.Load()
	w.must(err)
	h := pagetest.House(page.House{Collection: w.DB, Accounts: w.DB, Policies: policies, Base: w.server.Base, Log: slog.New(slog.DiscardHandler)})
	phones := openrosa.New(openrosa.Options{Store: w.DB, Base: w.server.Base, Log: slog.New(slog.DiscardHandler),
		May:    func(context.Context, ids.ID, ids.ID, string) bool { return true },
		Limits: openrosa.Limits{Advertised: 100_000}})
	handler, _, err := web.Handler(h, web.Options{Sessions: &pagetest.Person{}, Areas: []page.Area{fill.Area(h)},
		Mounts: map[string]http.Handler{openrosa.KeyPath: phones, openrosa.TestPath: phones}})
	w.must(err)
	w.server.Serve(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.away.Load() {
			panic(http.ErrAbortHandler) // the line is cut: no answer at all
		}
		if w.portal.Load() {
			_, _ = rw.Write([]byte("<!DOCTYPE html><title>Sign in to the network</title>"))
			return
		}
		if w.newer.Load() && r.URL.Path == "/fill/worker.js" {
			r.Header.Del("Accept-Encoding")
			r.Header.Del("If-None-Match")
			got := httptest.NewRecorder()
			handler.ServeHTTP(got, r)
			rw.Header().Set("Content-Type", "text/javascript")
			rw.Header().Set("Content-Security-Policy", got.Header().Get("Content-Security-Policy"))
			_, _ = rw.Write([]byte(strings.Replace(got.Body.String(), `VERSION="`, `VERSION="newer`, 1)))
			return
		}
		if r.Header.Get("Cookie") != "" || strings.Contains(r.Referer(), w.token) {
			w.told.Add(1)
		}
		if r.Method == http.MethodPost {
			w.sent.Add(1)
			if w.deaf.Load() {
				handler.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
		}
		handler.ServeHTTP(rw, r)
	}))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// publish makes an open form of an XForm.
func (w *world) publish(id, title, text string) *collection.Form {
	w.Helper()
	ctx := context.Background()
	f := &collection.Form{Round: w.Round.ID, FormID: id, Title: title}
	w.must(w.DB.PutForm(ctx, storetest.Officer, f))
	draft := w.draft(f, "1", text)
	_, err := w.DB.Publish(ctx, storetest.Officer, f.ID, draft.ID, storetest.Noon)
	w.must(err)
	f, err = w.DB.Form(ctx, f.ID)
	w.must(err)
	if f.State != collection.FormOpen {
		f.State = collection.FormOpen
		w.must(w.DB.PutForm(ctx, storetest.Officer, f))
	}
	return f
}

func (w *world) draft(f *collection.Form, version, text string) *collection.Version {
	w.Helper()
	v := &collection.Version{Form: f.ID, Version: version, XForm: []byte(text), By: storetest.Officer.ID, Created: time.Now()}
	sum := md5.Sum(v.XForm)
	v.Hash = hex.EncodeToString(sum[:])
	w.must(w.DB.PutDraft(context.Background(), storetest.Officer, v, 0))
	return v
}

// stored are the interviews in the store; want is how many there must be. Each holds
// to its form.
func (w *world) stored(want int, f collection.Filter) []string {
	w.Helper()
	return w.storedOf(xformText, want, f)
}

func (w *world) storedOf(text string, want int, f collection.Filter) []string {
	w.Helper()
	form, err := xform.Parse([]byte(text))
	w.must(err)
	var texts []string
	for _, s := range w.All(w, f) {
		got, err := w.DB.ReadAnswers(context.Background(), storetest.Officer, s.ID, 0)
		w.must(err)
		files, err := w.DB.Attachments(context.Background(), s.ID)
		w.must(err)
		var names []string
		for _, a := range files {
			names = append(names, a.Name)
		}
		report, err := form.Check(got.XML, xform.CheckOptions{Attachments: names})
		w.must(err)
		if len(report.Problems) > 0 || !s.Complete || s.Revision != 1 {
			w.Errorf("found in an interview: %+v in %s", report.Problems, got.XML)
		}
		texts = append(texts, string(got.XML))
	}
	if len(texts) != want {
		w.Errorf("%d interviews are stored, not %d", len(texts), want)
	}
	return texts
}
