package protocoltest

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
)

// interview is a synthetic submission that names files.
func interview(instance, extra string, files ...string) []byte {
	return phonetest.Interview("interview", instance, extra, files...)
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
	v := &collection.Version{Form: w.form.ID, Version: version, XForm: phonetest.Form("interview", "Synthetic", version), By: storetest.Officer.ID}
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
	status, err := phonetest.SendPart(w.server.Listener.Addr().String(), openrosa.KeyPath+w.token+"/submission", body, boundary, cut)
	if err != nil || cut == len(body) && status != http.StatusCreated {
		w.Fatalf("answered %d, %v", status, err)
	}
	<-done
}
