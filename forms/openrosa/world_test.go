package openrosa_test

import (
	"bytes"
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
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// interview is a synthetic submission that names files.
func interview(instance string, extra string, files ...string) []byte {
	return phonetest.Interview("fms", instance, extra, files...)
}

// world is a server with a round, a form that is open, and a phone for it.
type world struct {
	testing.TB
	*house
	server  *httptest.Server
	handler http.Handler
	phone   *phonetest.Phone
	token   string
	round   *collection.Round
	form    *collection.Form
	version *collection.Version
	who     *collection.FieldEnumerator
	log     *bytes.Buffer
	may     atomic.Bool
	arrived atomic.Int64
	options openrosa.Options
}

var published = time.Date(2016, 10, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, change func(*openrosa.Options)) *world {
	t.Helper()
	w := &world{TB: t, house: newHouse(), log: &bytes.Buffer{}}
	w.may.Store(true)
	w.round = &collection.Round{ID: ids.New(), Programme: ids.New(), State: collection.Open}
	w.rounds[w.round.ID] = w.round
	w.form, w.version = w.add("fms", "Synthetic & small", collection.FormOpen)
	var hash []byte
	w.token, hash = openrosa.NewToken()
	w.who = &collection.FieldEnumerator{ID: ids.New(), Round: w.round.ID, Code: "E07", Name: "Synthetic person"}
	w.enumerators[string(hash)] = w.who
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	w.options = openrosa.Options{
		Store: w.house, Base: w.server.URL,
		May:     func(_ context.Context, phone, programme ids.ID, action string) bool { return w.may.Load() },
		Log:     slog.New(slog.NewTextHandler(w.log, nil)),
		Now:     func() time.Time { return time.Date(2016, 10, 6, 23, 30, 0, 0, time.UTC) },
		Zone:    time.FixedZone("", 3600),
		Arrived: func(round, submission ids.ID) { w.arrived.Add(1) },
	}
	if change != nil {
		change(&w.options)
	}
	w.handler = openrosa.New(w.options)
	w.phone = phonetest.New(w.server.URL + "/key/" + w.token)
	return w
}

// add adds a form with one published version.
func (w *world) add(formID, title string, state collection.FormState) (*collection.Form, *collection.Version) {
	f := &collection.Form{ID: ids.New(), Round: w.round.ID, FormID: formID, Title: title, State: state}
	v := w.publish(f, "1")
	w.forms[f.ID] = f
	return f, v
}

func (w *world) publish(f *collection.Form, version string) *collection.Version {
	v := &collection.Version{ID: ids.New(), Form: f.ID, Version: version, XForm: phonetest.Form(f.FormID, f.Title, version), Published: published}
	sum := md5.Sum(v.XForm)
	v.Hash = hex.EncodeToString(sum[:])
	f.Current = v.ID
	w.versions[v.ID] = v
	return v
}

// draft makes a draft of a form and a phone that tests it.
func (w *world) draft(f *collection.Form, version string) *phonetest.Phone {
	current := f.Current
	v := w.publish(f, version)
	v.Published = time.Time{}
	f.Current, f.Draft = current, v.ID
	token, hash := openrosa.NewToken()
	w.drafts[string(hash)] = f.ID
	return phonetest.New(w.server.URL + "/test/" + token)
}

// sends sends and wants a status.
func (w *world) sends(p *phonetest.Phone, status int, document []byte, files map[string][]byte) *phonetest.Reply {
	w.Helper()
	r, err := p.Send(document, files)
	if err != nil {
		w.Fatal(err)
	}
	if r.Status != status {
		w.Fatalf("answered %d %q, want %d\nlog: %s", r.Status, r.Message, status, w.log)
	}
	if r.Message == "" {
		w.Errorf("%d without a message", status)
	}
	return r
}

// silent sees to it that the log holds neither token nor answers.
func (w *world) silent() {
	w.Helper()
	for _, secret := range []string{w.token, "uuid:", "P1", ".jpg", "Synthetic person", "deviceID"} {
		if strings.Contains(w.log.String(), secret) {
			w.Errorf("the log holds %q: %s", secret, w.log)
		}
	}
}
