package openrosa_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/forms/openrosa/phonetest"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

var jpeg = append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), bytes.Repeat([]byte("synthetic"), 100)...)

func TestSubmission(t *testing.T) {
	w := newWorld(t, nil)
	r := w.sends(w.phone, http.StatusCreated, interview("uuid:1", "", "a.jpg", "b.m4a"), map[string][]byte{"a.jpg": jpeg, "b.m4a": []byte("voice")})
	if r.Header.Get("Content-Type") != "text/xml; charset=utf-8" || !strings.Contains(r.Message, "stored") {
		t.Errorf("%v %q", r.Header, r.Message)
	}
	s := w.get("uuid:1")
	if s == nil || s.enumerator != w.who.ID || s.draft || s.encrypted || s.day != "2016-10-07" || !slices.Equal(s.names, []string{"a.jpg", "b.m4a"}) {
		t.Fatalf("%+v", s)
	}
	if a := s.files["a.jpg"]; a.Type != "image/jpeg" || a.Size != int64(len(jpeg)) || a.At.IsZero() {
		t.Errorf("%+v", a)
	}
	if w.by[0] != (audit.Actor{Kind: audit.Enumerator, ID: w.who.ID, Via: "openrosa"}) {
		t.Errorf("%+v", w.by)
	}
	if w.arrived.Load() != 1 || w.touched != 1 {
		t.Errorf("%d arrivals told, %d touches", w.arrived.Load(), w.touched)
	}
	w.silent()
}

func TestSubmissionSemantics(t *testing.T) {
	w := newWorld(t, nil)
	first := interview("uuid:1", "", "a.jpg")
	w.sends(w.phone, http.StatusAccepted, first, nil) // the photo is to come
	w.sends(w.phone, http.StatusAccepted, first, nil)
	w.sends(w.phone, http.StatusCreated, first, map[string][]byte{"a.jpg": jpeg})
	w.sends(w.phone, http.StatusCreated, first, nil)
	if n := w.submissions(); n != 1 {
		t.Fatalf("%d submissions", n)
	}
	w.sends(w.phone, http.StatusConflict, interview("uuid:1", "", "b.jpg"), nil)
	replaces := func(id string) string { return "<orx:deprecatedID>" + id + "</orx:deprecatedID>" }
	w.sends(w.phone, http.StatusNotFound, interview("uuid:3", replaces("uuid:2")), nil)
	w.sends(w.phone, http.StatusCreated, interview("uuid:2", replaces("uuid:1")), nil)
	w.sends(w.phone, http.StatusCreated, interview("uuid:2", replaces("uuid:1")), nil)
	w.sends(w.phone, http.StatusConflict, interview("uuid:4", replaces("uuid:1")), nil)
	w.sends(w.phone, http.StatusConflict, first, nil)
	if s := w.get("uuid:2"); s.revisions != 2 || w.submissions() != 1 {
		t.Errorf("%d revisions, %d submissions", s.revisions, w.submissions())
	}
	w.silent()
}

func TestSubmissionElsewhere(t *testing.T) {
	w := newWorld(t, nil)
	other := &collection.Round{ID: w.round.ID + 1, State: collection.Open}
	w.rounds[other.ID] = other
	foreign := &collection.Form{ID: 77, Round: other.ID, FormID: "theirs", State: collection.FormOpen}
	w.publish(foreign, "1")
	w.forms[foreign.ID] = foreign
	w.add("shut", "Shut", collection.FormClosed)
	w.add("closing", "Closing", collection.FormClosing)
	w.add("unborn", "Unborn", collection.FormDraft)
	as := func(id, version string) []byte {
		return []byte(fmt.Sprintf(`<data id="%s" version="%s"><meta><instanceID>uuid:%s%s</instanceID></meta></data>`, id, version, id, version))
	}
	for _, tt := range []struct {
		id, version string
		status      int
	}{
		{"fms", "1", 201}, {"fms", "2", 404}, {"fms", "", 404}, {"nothing", "1", 404}, {"theirs", "1", 404},
		{"shut", "1", 409}, {"closing", "1", 201}, {"unborn", "1", 404},
	} {
		w.sends(w.phone, tt.status, as(tt.id, tt.version), nil)
	}
	// What was published stays known, and what was not does not become so.
	w.publish(w.form, "2")
	w.sends(w.phone, 201, as("fms", "2"), nil)
	w.sends(w.phone, 201, as("fms", "1"), nil)
	for state, status := range map[collection.RoundState]int{collection.Closed: 409, collection.Preparing: 409, collection.Deleted: 403} {
		w.round.State = state
		w.sends(w.phone, status, as("fms", "1"), nil)
	}
}

func TestDraft(t *testing.T) {
	w := newWorld(t, nil)
	p := w.draft(w.form, "9")
	w.sends(p, http.StatusCreated, bytes.Replace(interview("uuid:1", "", "a.jpg"), []byte(`version="1"`), []byte(`version="9"`), 1), map[string][]byte{"a.jpg": jpeg})
	if s := w.get("uuid:1"); !s.draft || s.enumerator != 0 {
		t.Errorf("%+v", s)
	}
	if w.by[0] != (audit.Actor{Kind: audit.Visitor, Via: "openrosa"}) || w.arrived.Load() != 0 {
		t.Errorf("%+v, %d arrivals told", w.by, w.arrived.Load())
	}
	w.sends(p, http.StatusNotFound, interview("uuid:2", ""), nil) // the published version
	w.sends(w.phone, http.StatusNotFound, bytes.Replace(interview("uuid:3", ""), []byte(`version="1"`), []byte(`version="9"`), 1), nil)
	// A draft that was changed is another one at once.
	next := w.publish(w.form, "10")
	next.Published, w.form.Draft, w.form.Current = time.Time{}, next.ID, w.version.ID
	w.sends(p, http.StatusNotFound, bytes.Replace(interview("uuid:4", ""), []byte(`version="1"`), []byte(`version="9"`), 1), nil)
	// A token of one kind does not work as the other.
	w.sends(phonetest.New(strings.Replace(p.Server, "/test/", "/key/", 1)), http.StatusForbidden, interview("uuid:5", ""), nil)
	w.sends(phonetest.New(strings.Replace(w.phone.Server, "/key/", "/test/", 1)), http.StatusForbidden, interview("uuid:6", ""), nil)
	w.round.State = collection.Preparing
	w.sends(p, http.StatusCreated, bytes.Replace(interview("uuid:7", ""), []byte(`version="1"`), []byte(`version="10"`), 1), nil)
	w.round.State = collection.Closed
	w.sends(p, http.StatusConflict, bytes.Replace(interview("uuid:8", ""), []byte(`version="1"`), []byte(`version="10"`), 1), nil)
}

// A set of files beyond 100, and one beyond the limit, come in several posts, and
// the last one may come first.
func TestSeveralPosts(t *testing.T) {
	w := newWorld(t, nil)
	files := map[string][]byte{}
	for i := range 230 {
		files[fmt.Sprintf("f%03d.jpg", i)] = []byte(fmt.Sprint(i))
	}
	names := slices.Sorted(maps.Keys(files))
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", "", names...), files)
	if s := w.get("uuid:1"); len(s.files) != 230 || !s.complete() {
		t.Errorf("%d files", len(s.files))
	}
	if w.arrived.Load() != 3 {
		t.Errorf("%d posts", w.arrived.Load())
	}
	large := map[string][]byte{"a.jpg": bytes.Repeat([]byte{1}, 6_000_000), "b.jpg": bytes.Repeat([]byte{2}, 6_000_000)}
	w.sends(w.phone, http.StatusCreated, interview("uuid:2", "", "a.jpg", "b.jpg"), large)
	if w.arrived.Load() != 5 || w.submissions() != 2 {
		t.Errorf("%d posts, %d submissions", w.arrived.Load(), w.submissions())
	}
}

// The same interview from ten phones at once is there once, with all its files.
func TestTenAtOnce(t *testing.T) {
	w := newWorld(t, nil)
	document := interview("uuid:1", "", "f0.jpg", "f1.jpg", "f2.jpg")
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			name := fmt.Sprintf("f%d.jpg", i%3)
			r, err := phonetest.New(w.phone.Server).Send(document, map[string][]byte{name: []byte(name)})
			if err != nil || !r.Success() {
				t.Errorf("%v %+v", err, r)
			}
		})
	}
	wg.Wait()
	s := w.get("uuid:1")
	if w.submissions() != 1 || s.revisions != 1 || !s.complete() {
		t.Errorf("%d submissions, %+v", w.submissions(), s)
	}
	for name, f := range s.files {
		if string(w.contents[f.Address]) != name {
			t.Errorf("%s holds %q", name, w.contents[f.Address])
		}
	}
}

func TestStoreIsAway(t *testing.T) {
	w := newWorld(t, nil)
	away := fault.New(fault.Unavailable, fault.Place{}, "the database does not answer", "")
	w.down = away
	r := w.sends(w.phone, http.StatusServiceUnavailable, interview("uuid:1", ""), nil)
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if _, r, err := w.phone.FormList(""); err != nil || r.Status != http.StatusServiceUnavailable {
		t.Errorf("the list answered %v, %v", r, err)
	}
	w.down = fault.New(fault.Internal, fault.Place{}, "a statement failed", "")
	w.sends(w.phone, http.StatusInternalServerError, interview("uuid:1", ""), nil)
	w.down, w.short = nil, fault.New(fault.Unavailable, fault.Place{}, "the disk is full", "")
	w.sends(w.phone, http.StatusServiceUnavailable, interview("uuid:1", "", "a.jpg"), map[string][]byte{"a.jpg": jpeg})
	w.short = nil
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", "", "a.jpg"), map[string][]byte{"a.jpg": jpeg})
	w.silent()
}

func TestLanguages(t *testing.T) {
	w := newWorld(t, nil)
	for header, want := range map[string]string{"": "form", "fr-FR,fr;q=0.9,en;q=0.8": "formulaire", "ar": "النموذج", "de, en;q=0.5, fr;q=0.7": "formulaire", "de": "form", "fr;q=x, *": "form"} {
		w.phone.Lang = header
		r := w.sends(w.phone, http.StatusNotFound, []byte(`<data id="no"><meta><instanceID>uuid:1</instanceID></meta></data>`), nil)
		if !strings.Contains(r.Message, want) {
			t.Errorf("%q answered %q", header, r.Message)
		}
	}
}
