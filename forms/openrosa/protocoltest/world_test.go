package protocoltest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
)

// xform is a synthetic form that asks for a photo and recordings.
const xform = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Synthetic</h:title><model>
<instance><data id="interview" version="%s"><photo/><voice jr:template=""><clip/></voice><orx:meta><orx:instanceID/></orx:meta></data></instance>
<bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/voice/clip" type="binary"/>
</model></h:head>
<h:body><upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>
<group ref="/data/voice"><label>Voice</label><repeat nodeset="/data/voice"><upload ref="/data/voice/clip" mediatype="audio/*"><label>Clip</label></upload></repeat></group></h:body></h:html>`

// interview is a synthetic submission that names files.
func interview(instance, extra string, files ...string) []byte {
	var b bytes.Buffer
	b.WriteString(`<data id="interview" version="1" xmlns:orx="http://openrosa.org/xforms">`)
	for i, f := range files {
		if i == 0 {
			fmt.Fprintf(&b, "<photo>%s</photo>", f)
		} else {
			fmt.Fprintf(&b, "<voice><clip>%s</clip></voice>", f)
		}
	}
	fmt.Fprintf(&b, "<orx:meta><orx:instanceID>%s</orx:instanceID>%s</orx:meta></data>", instance, extra)
	return b.Bytes()
}

// world is a server over a real store.
type world struct {
	testing.TB
	*storetest.World
	place   *storetest.Place
	server  *httptest.Server
	handler http.Handler
	phone   *phonetest.Phone
	form    *collection.Form
	who     *collection.FieldEnumerator
	token   string
}

// onBoth runs a test on every engine.
func onBoth(t *testing.T, run func(w *world)) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			place := e.NewPlace(t)
			run(newWorld(t, place, place.Open(t)))
		})
	}
}

func newWorld(t testing.TB, place *storetest.Place, db *store.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{TB: t, World: storetest.NewWorld(t, db), place: place}
	w.form = &collection.Form{Round: w.Round.ID, FormID: "interview", Title: "Synthetic"}
	w.must(db.PutForm(ctx, storetest.Officer, w.form))
	draft := w.draft("1")
	_, err := db.Publish(ctx, storetest.Officer, w.form.ID, draft.ID, storetest.Noon)
	w.must(err)
	w.form, err = db.Form(ctx, w.form.ID)
	w.must(err)
	if w.form.State != collection.FormOpen {
		w.form.State = collection.FormOpen
		w.must(db.PutForm(ctx, storetest.Officer, w.form))
	}
	token, hash := openrosa.NewToken()
	w.token = token
	w.who = &collection.FieldEnumerator{Round: w.Round.ID, Code: "E08", Name: "Synthetic person"}
	w.must(db.PutEnumerator(ctx, storetest.Officer, w.who, hash))
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	w.serve(db)
	w.phone = phonetest.New(w.server.URL + openrosa.KeyPath + token)
	return w
}

// serve puts the protocol over a store.
func (w *world) serve(db *store.DB) {
	w.DB = db
	w.handler = openrosa.New(openrosa.Options{
		Store: db, Base: w.server.URL, Log: slog.New(slog.DiscardHandler),
		May: func(context.Context, ids.ID, ids.ID, string) bool { return true },
	})
}

// draft makes a version the form's draft.
func (w *world) draft(version string) *collection.Version {
	w.Helper()
	v := &collection.Version{Form: w.form.ID, Version: version, XForm: fmt.Appendf(nil, xform, version), By: storetest.Officer.ID}
	sum := md5.Sum(v.XForm)
	v.Hash = hex.EncodeToString(sum[:])
	w.must(w.DB.PutDraft(context.Background(), storetest.Officer, v, 0))
	return v
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// sends sends and wants a status.
func (w *world) sends(p *phonetest.Phone, status int, document []byte, files map[string][]byte) {
	w.Helper()
	r, err := p.Send(document, files)
	w.must(err)
	if r.Status != status || r.Message == "" {
		w.Fatalf("answered %d %q, want %d", r.Status, r.Message, status)
	}
}

// find lists the submissions whose instanceID begins so.
func (w *world) find(instance string) []*collection.Submission {
	w.Helper()
	return w.All(w, collection.Filter{Text: instance})
}

// holds sees to it that an interview is there once, with these files and no others.
func (w *world) holds(instance string, document []byte, files map[string][]byte) *collection.Submission {
	w.Helper()
	ctx := context.Background()
	rows := w.find(instance)
	if len(rows) != 1 {
		w.Fatalf("%s is there %d times", instance, len(rows))
	}
	s := rows[0]
	if s.Revision != 1 || !s.Complete || s.InstanceID != instance || s.Enumerator != w.who.ID {
		w.Fatalf("%+v", s)
	}
	got, err := w.DB.ReadAnswers(ctx, storetest.Officer, s.ID, 0)
	w.must(err)
	if !bytes.Equal(got.XML, document) {
		w.Fatalf("%s holds other answers", instance)
	}
	list, err := w.DB.Attachments(ctx, s.ID)
	w.must(err)
	if len(list) != len(files) {
		w.Fatalf("%s has %d files, want %d", instance, len(list), len(files))
	}
	for _, a := range list {
		_, content, err := w.DB.ReadAttachment(ctx, storetest.Officer, s.ID, a.Name)
		w.must(err)
		b, err := io.ReadAll(content)
		w.must(err)
		w.must(content.Close())
		want, ok := files[a.Name]
		if !ok || !bytes.Equal(b, want) {
			w.Fatalf("%s: a file is not what was sent", instance)
		}
	}
	return s
}

// cutAfter sends a part of a body, closes the line, and waits until the server is
// done with it.
func (w *world) cutAfter(body []byte, boundary string, cut int) {
	w.Helper()
	done := make(chan struct{})
	handler := w.handler
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		defer close(done)
		handler.ServeHTTP(rw, r)
	})
	defer func() { w.handler = handler }()
	conn, err := net.DialTimeout("tcp", w.server.Listener.Addr().String(), 10*time.Second)
	w.must(err)
	fmt.Fprintf(conn, "POST /key/%s/submission HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n", w.token, boundary, len(body))
	_, err = conn.Write(body[:cut])
	w.must(err)
	if cut == len(body) {
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		w.must(err)
		if res.StatusCode != http.StatusCreated {
			w.Fatalf("answered %d", res.StatusCode)
		}
	}
	conn.Close()
	<-done
}
