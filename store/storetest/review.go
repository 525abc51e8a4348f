package storetest

import (
	"context"
	"sync"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
)

func editsInTheBrowser(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	id := w.Arrive(t, w.Arrival("uuid:1")).Submission
	w.Arrive(t, w.Arrival("uuid:taken"))
	edit := func(instance string) *collection.Revision {
		return &collection.Revision{InstanceID: instance, XML: []byte("<edited/>"), Account: Officer.ID, Version: w.Version.ID, Reason: "a slip of the pen", At: Noon}
	}
	// Of two officers who edit the same, one succeeds.
	var mu sync.Mutex
	succeeded := 0
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			err := db.Edit(ctx, Officer, id, 1, edit([]string{"uuid:a", "uuid:b", "uuid:c", "uuid:d"}[i]), nil)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				succeeded++
			} else {
				kind(t, "the second editor", err, fault.Conflict)
			}
		})
	}
	wg.Wait()
	if succeeded != 1 {
		t.Errorf("%d edits succeeded", succeeded)
	}
	kind(t, "an instance that is another's", db.Edit(ctx, Officer, id, w.Etag(t, id), edit("uuid:taken"), nil), fault.Conflict)
	r, err := db.ReadAnswers(ctx, Officer, id, 0)
	must(t, err)
	if string(r.XML) != "<edited/>" || r.Reason != "a slip of the pen" || r.Account != Officer.ID || r.Number != 2 || !r.At.Equal(Noon) {
		t.Errorf("read %+v", r)
	}
	must(t, db.Edit(ctx, Officer, id, w.Etag(t, id), edit(r.InstanceID), []string{"new.jpg"}))
	s, err := db.Submission(ctx, id)
	must(t, err)
	if s.Revision != 3 || s.Complete {
		t.Errorf("read %+v", s)
	}
	original, err := db.ReadAnswers(ctx, Officer, id, 1)
	must(t, err)
	if string(original.XML) != string(Document("uuid:1")) {
		t.Error("the original was changed")
	}
}

func reviews(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	var items []collection.Reviewed
	for _, instance := range []string{"uuid:1", "uuid:2", "uuid:3"} {
		items = append(items, collection.Reviewed{ID: w.Arrive(t, w.Arrival(instance)).Submission, Etag: 1})
	}
	id := items[0].ID
	must(t, db.Review(ctx, Officer, id, 1, "", "who is this about?"))
	kind(t, "an old etag", db.Review(ctx, Officer, id, 1, collection.Approved, ""), fault.Conflict)
	must(t, db.Review(ctx, Coordinator, id, 2, collection.Approved, ""))
	kind(t, "no such state", db.Review(ctx, Officer, id, 3, "lost", ""), fault.Invalid)
	kind(t, "no such submission", db.Review(ctx, Officer, 99, 1, collection.Approved, ""), fault.NotFound)
	changed, conflicts, err := db.ReviewMany(ctx, Officer, append(items, collection.Reviewed{ID: 99, Etag: 1}), collection.Rejected, "a batch")
	must(t, err)
	if changed != 2 || len(conflicts) != 2 || conflicts[0] != id || conflicts[1] != 99 {
		t.Errorf("%d changed, conflicts %v", changed, conflicts)
	}
	remarks, err := db.Remarks(ctx, id)
	must(t, err)
	if len(remarks) != 2 || remarks[0].Text != "who is this about?" || remarks[0].From != remarks[0].To || remarks[0].Account != Officer.ID ||
		remarks[1].From != collection.Received || remarks[1].To != collection.Approved || remarks[1].Account != Coordinator.ID {
		t.Errorf("remarks %+v %+v", remarks[0], remarks[1])
	}
	history, err := db.History(ctx, id)
	must(t, err)
	if len(history) != 3 || history[0].Action != string(access.SubmissionAdd) || history[2].Actor != Coordinator || history[2].Detail["to"] != "approved" || history[2].Programme != w.Programme.ID {
		t.Errorf("history %+v", history)
	}
}

func readingIsRecorded(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	var all []ids.ID
	for _, instance := range []string{"uuid:1", "uuid:2", "uuid:3"} {
		all = append(all, w.Arrive(t, w.Arrival(instance)).Submission)
	}
	_, err := db.ReadAnswers(ctx, Coordinator, all[1], 0)
	must(t, err)
	history, err := db.History(ctx, all[1])
	must(t, err)
	last := history[len(history)-1]
	if last.Action != string(access.SubmissionRead) || last.Actor != Coordinator || last.Detail["revision"] != "1" {
		t.Errorf("the last entry is %+v", last)
	}
	r, err := db.ReadPseudonymous(ctx, Coordinator, all[1], 1)
	must(t, err)
	history, err = db.History(ctx, all[1])
	must(t, err)
	if last := history[len(history)-1]; len(history) != 3 || last.Action != string(access.SubmissionReadPseudonymous) || last.Detail["revision"] != "1" || string(r.XML) != string(Document("uuid:2")) {
		t.Errorf("a pseudonymous reading is recorded as %+v", last)
	}
	var got []ids.ID
	must(t, db.EachAnswers(ctx, Officer, "export", collection.Filter{Round: w.Round.ID}, func(s *collection.Submission, r *collection.Revision) error {
		if string(r.XML) != string(Document(s.InstanceID)) {
			t.Errorf("%s has other answers", s.InstanceID)
		}
		got = append(got, s.ID)
		return nil
	}))
	if len(got) != 3 || got[0] != all[0] || got[2] != all[2] {
		t.Errorf("each of %v: %v", all, got)
	}
	kind(t, "a reader's own error", db.EachAnswers(ctx, Officer, "check", collection.Filter{Round: w.Round.ID}, func(*collection.Submission, *collection.Revision) error {
		return fault.New(fault.Denied, fault.Place{}, "enough", "")
	}), fault.Denied)
}
