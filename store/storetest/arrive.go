package storetest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

func exactlyOnce(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	var mu sync.Mutex
	found := map[string]map[ids.ID]int{}
	news := map[string]int{}
	var wg sync.WaitGroup
	for i := range 20 {
		found[fmt.Sprintf("uuid:%d", i)] = map[ids.ID]int{}
	}
	for i := range 20 {
		instance := fmt.Sprintf("uuid:%d", i)
		for range 10 {
			wg.Go(func() {
				got, err := db.Arrive(ctx, Phone, w.Arrival(instance))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				found[instance][got.Submission]++
				if got.New {
					news[instance]++
				}
				if !got.Complete {
					t.Error("a submission without files is not complete")
				}
			})
		}
	}
	wg.Wait()
	for instance, ids := range found {
		if len(ids) != 1 || news[instance] != 1 {
			t.Errorf("%s is %d submissions, %d of them new", instance, len(ids), news[instance])
		}
	}
	if rows := w.All(t, collection.Filter{}); len(rows) != 20 {
		t.Errorf("%d rows", len(rows))
	}
	// The same instance of another form is another submission.
	form, version := w.AddForm(t, "other", "1")
	a := w.Arrival("uuid:0")
	a.Form, a.Version = form.ID, version.ID
	if got := w.Arrive(t, a); !got.New {
		t.Error("the instance of another form was taken for this one's")
	}
	rows := w.All(t, collection.Filter{})
	for i := 1; i < len(rows); i++ {
		if rows[i].ID >= rows[i-1].ID {
			t.Fatal("rows are not newest first")
		}
	}
	s, err := db.Submission(ctx, rows[0].ID)
	must(t, err)
	if s.Round != w.Round.ID || s.Form != form.ID || s.Version != version.ID || s.InstanceID != "uuid:0" || !s.Received.Equal(Noon) || s.Enumerator != w.Enumerator.ID ||
		s.Point != "P1" || s.Route != "CMR" || s.Day != "2016-10-06" || s.State != collection.Received || !s.Complete || s.Revision != 1 || s.Checked || s.Etag != 1 {
		t.Errorf("read %+v", s)
	}
	if n, err := db.Newest(ctx, w.Round.ID); err != nil || n != s.ID {
		t.Errorf("newest %v, %v", n, err)
	}
	for what, a := range map[string]*collection.Arrival{
		"no instance":        {Form: 1, Version: 1, Round: w.Round.ID, XML: []byte("<x/>")},
		"control characters": {Form: 1, Version: 1, Round: w.Round.ID, XML: []byte("<x/>"), InstanceID: "a\x00b"},
		"long":               {Form: 1, Version: 1, Round: w.Round.ID, XML: []byte("<x/>"), InstanceID: strings.Repeat("a", 300)},
	} {
		_, err := db.Arrive(ctx, Phone, a)
		kind(t, what, err, fault.Invalid)
	}
	unknown := w.Arrival("uuid:x")
	unknown.Round = 99
	kind(t, "no round", second(db.Arrive(ctx, Phone, unknown)), fault.NotFound)
}

func otherAnswers(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	w.Arrive(t, w.Arrival("uuid:1"))
	a := w.Arrival("uuid:1")
	a.XML = append(a.XML, ' ')
	kind(t, "other answers", second(db.Arrive(ctx, Phone, a)), fault.Conflict)
	if rows := w.All(t, collection.Filter{}); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
}

func editsFromPhones(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	first := w.Arrive(t, w.Arrival("uuid:1"))
	must(t, db.Review(ctx, Officer, first.Submission, 1, collection.Approved, ""))
	edit := func(instance, deprecated string) *collection.Arrival {
		a := w.Arrival(instance)
		a.Deprecated, a.Point = deprecated, "P2"
		return a
	}
	kind(t, "an unknown original", second(db.Arrive(ctx, Phone, edit("uuid:3", "uuid:none"))), fault.NotFound)
	// The same edit from ten phones at once is one revision.
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if got, err := db.Arrive(ctx, Phone, edit("uuid:2", "uuid:1")); err != nil || got.Submission != first.Submission {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	wg.Wait()
	kind(t, "an original that was edited", second(db.Arrive(ctx, Phone, edit("uuid:4", "uuid:1"))), fault.Conflict)
	w.Arrive(t, edit("uuid:4", "uuid:2"))
	if got := w.Arrive(t, w.Arrival("uuid:1")); got.New || got.Submission != first.Submission {
		t.Errorf("the original sent again: %+v", got)
	}
	s, err := db.Submission(ctx, first.Submission)
	must(t, err)
	if s.Revision != 3 || s.InstanceID != "uuid:4" || s.Point != "P2" || s.State != collection.Received || s.Checked {
		t.Errorf("read %+v", s)
	}
	revisions, err := db.Revisions(ctx, s.ID)
	must(t, err)
	if len(revisions) != 3 || revisions[0].InstanceID != "uuid:1" || revisions[0].XML != nil {
		t.Errorf("revisions %+v", revisions)
	}
	for n, instance := range map[int]string{0: "uuid:4", 1: "uuid:1", 2: "uuid:2", 3: "uuid:4"} {
		r, err := db.ReadAnswers(ctx, Officer, s.ID, n)
		must(t, err)
		if string(r.XML) != string(Document(instance)) {
			t.Errorf("revision %d is %.60s", n, r.XML)
		}
	}
	kind(t, "no such revision", second(db.ReadAnswers(ctx, Officer, s.ID, 4)), fault.NotFound)
}

// correctionsByOthers: who sent a submission corrects it, and nobody else who
// knows its instanceID; what the other sent is not lost.
func correctionsByOthers(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	other := &collection.FieldEnumerator{Round: w.Round.ID, Code: "E08", Name: "Synthetic person"}
	must(t, db.PutEnumerator(ctx, Officer, other, []byte(strings.Repeat("o", 32))))
	first := w.Arrive(t, w.Arrival("uuid:1")).Submission
	must(t, db.Review(ctx, Officer, first, 1, collection.Approved, ""))
	foreign := w.Arrival("uuid:2")
	foreign.Deprecated, foreign.Point, foreign.Enumerator = "uuid:1", "P2", other.ID
	foreign.Names = []string{"a.jpg"}
	var mu sync.Mutex
	apart := map[ids.ID]int{}
	var wg sync.WaitGroup
	for range 10 { // the same from a phone that repeats itself
		wg.Go(func() {
			got, err := db.Arrive(ctx, Phone, foreign)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if got.New {
				apart[got.Submission]++
			} else {
				apart[got.Submission] += 0
			}
		})
	}
	wg.Wait()
	if len(apart) != 1 || apart[first] != 0 {
		t.Fatalf("another's correction became %v; the original is %v", apart, first)
	}
	s, err := db.Submission(ctx, first)
	must(t, err)
	if s.Revision != 1 || s.InstanceID != "uuid:1" || s.State != collection.Approved || s.Point != "P1" || s.Enumerator != w.Enumerator.ID {
		t.Errorf("another's correction changed the original: %+v", s)
	}
	for id, times := range apart {
		s, err := db.Submission(ctx, id)
		must(t, err)
		r, err := db.ReadAnswers(ctx, Officer, id, 0)
		must(t, err)
		if times != 1 || s.Revision != 1 || s.InstanceID != "uuid:2" || s.Enumerator != other.ID || s.Point != "P2" || s.Complete || string(r.XML) != string(Document("uuid:2")) {
			t.Errorf("another's correction, new %d times: %+v", times, s)
		}
	}
	// An account that fills in the form is another person too.
	web := w.Arrival("uuid:3")
	web.Deprecated, web.Enumerator, web.Sender = "uuid:1", 0, Officer.ID
	if got := w.Arrive(t, web); !got.New || got.Submission == first {
		t.Errorf("the correction of an account: %+v", got)
	}
	// Who sent it still corrects it.
	own := w.Arrival("uuid:4")
	own.Deprecated = "uuid:1"
	if got := w.Arrive(t, own); got.Submission != first {
		t.Errorf("one's own correction: %+v", got)
	}
	if rows := w.All(t, collection.Filter{}); len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
}

func filesInSeveralPosts(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	db := place.Open(t)
	w := NewWorld(t, db)
	put := func(name, content string) collection.Attachment {
		address, size, _, err := db.PutFile(ctx, w.Round.ID, strings.NewReader(content), 100)
		must(t, err)
		return collection.Attachment{Name: name, Type: "image/jpeg", Size: size, Address: address, At: Noon}
	}
	post := func(files ...collection.Attachment) *collection.Arrived {
		a := w.Arrival("uuid:1")
		a.Names = []string{"a.jpg", "b.jpg", "c.jpg"}
		a.Files = files
		return w.Arrive(t, a)
	}
	if got := post(put("a.jpg", "A")); !got.New || got.Complete {
		t.Errorf("the first post: %+v", got)
	}
	// The other two at once, from phones that repeat themselves.
	var wg sync.WaitGroup
	b, c := put("b.jpg", "B"), put("c.jpg", "C")
	for range 4 {
		wg.Go(func() { post(b) })
		wg.Go(func() { post(c) })
	}
	wg.Wait()
	got := post()
	if got.New || !got.Complete {
		t.Errorf("the last post: %+v", got)
	}
	post(put("a.jpg", "another A"), put("extra.jpg", "X"))
	files, err := db.Attachments(ctx, got.Submission)
	must(t, err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if strings.Join(names, " ") != "a.jpg b.jpg c.jpg extra.jpg" {
		t.Errorf("files %v", names)
	}
	for name, content := range map[string]string{"a.jpg": "A", "c.jpg": "C", "extra.jpg": "X"} {
		a, r, err := db.ReadAttachment(ctx, Officer, got.Submission, name)
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		if string(data) != content || a.Size != int64(len(content)) {
			t.Errorf("%s is %q of %d bytes", name, data, a.Size)
		}
	}
	_, _, err = db.ReadAttachment(ctx, Officer, got.Submission, "none.jpg")
	kind(t, "no such file", err, fault.NotFound)
	if s, _ := db.Submission(ctx, got.Submission); !s.Complete {
		t.Error("not complete")
	}
}

func draftsStandApart(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	w.Arrive(t, w.Arrival("uuid:1"))
	draft := &collection.Version{Form: w.Form.ID, Version: "2"}
	must(t, db.PutDraft(ctx, Officer, draft, 0))
	test := func(instance string) *collection.Arrived {
		a := w.Arrival(instance)
		a.Draft, a.Version = true, draft.ID
		return w.Arrive(t, a)
	}
	got := test("uuid:1")
	if !got.New {
		t.Error("a test was taken for the submission of the same instance")
	}
	test("uuid:2")
	if rows := w.All(t, collection.Filter{}); len(rows) != 1 || rows[0].InstanceID != "uuid:1" {
		t.Errorf("%d submissions", len(rows))
	}
	if rows := w.All(t, collection.Filter{Drafts: true}); len(rows) != 2 {
		t.Errorf("%d tests", len(rows))
	}
	if rows := w.All(t, collection.Filter{Drafts: true, Text: "uuid:2", Points: []string{"P1"}, From: "2016-01-01", To: "2016-12-31", Form: w.Form.ID}); len(rows) != 1 {
		t.Errorf("%d tests of an instance", len(rows))
	}
	tallies, err := db.Tallies(ctx, w.Round.ID)
	must(t, err)
	if len(tallies) != 1 || tallies[0].Count != 1 {
		t.Errorf("tests are in the totals: %+v", tallies)
	}
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: got.Submission, Revision: 1, Point: "P1", Findings: []collection.Finding{{Rule: "form.constraint", Severity: collection.SeverityError}}, Marks: []int64{1, 2}}}))
	if rows := w.All(t, collection.Filter{Rule: "form.constraint"}); len(rows) != 0 {
		t.Error("a test is among the findings")
	}
	if f, err := db.Findings(ctx, got.Submission); err != nil || len(f) != 1 {
		t.Errorf("findings of a test: %v, %v", f, err)
	}
	_, err = db.Publish(ctx, Officer, w.Form.ID, draft.ID, Noon)
	must(t, err)
	if rows := w.All(t, collection.Filter{Drafts: true}); len(rows) != 0 {
		t.Errorf("%d tests after publishing", len(rows))
	}
	kind(t, "a test after publishing", second(db.Submission(ctx, got.Submission)), fault.NotFound)
	a := w.Arrival("uuid:2")
	a.Version = draft.ID
	if got := w.Arrive(t, a); !got.New {
		t.Error("the instance of a test that was deleted still counts")
	}
}
