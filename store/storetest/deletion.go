package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// filled is a round with everything in it, closed, and a deletion of it that was
// approved.
func filled(t *testing.T, db *store.DB) (*World, *collection.Deletion) {
	t.Helper()
	ctx := context.Background()
	w := NewWorld(t, db)
	for i := range 30 {
		a := w.Arrival(fmt.Sprintf("uuid:%d", i))
		if i%10 == 0 {
			address, size, _, err := db.PutFile(ctx, w.Round.ID, strings.NewReader(fmt.Sprintf("file %d", i)), 100)
			must(t, err)
			a.Names, a.Files = []string{"a.jpg"}, []collection.Attachment{{Name: "a.jpg", Size: size, Address: address, At: Noon}}
		}
		id := w.Arrive(t, a).Submission
		must(t, db.SetChecked(ctx, []collection.Checked{{Submission: id, Revision: 1, Point: "P1", Route: "CMR", Day: "2016-10-06", Marks: []int64{int64(i)},
			Findings: []collection.Finding{{Rule: "r", Severity: collection.SeverityWarning}}}}))
		if i < 5 {
			must(t, db.Review(ctx, Officer, id, w.Etag(t, id), collection.Approved, "a remark"))
		}
	}
	w.Round.State, w.Round.Retain = collection.Closed, "2017-01-01"
	must(t, db.PutRound(ctx, Officer, w.Round))
	d := &collection.Deletion{Round: w.Round.ID, Reason: "the agreement ended", Proposer: Officer.ID}
	must(t, db.ProposeDeletion(ctx, Officer, d))
	return w, d
}

func deletion(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	db := place.Open(t)
	w, d := filled(t, db)
	due, err := db.Due(ctx, "2017-01-02")
	must(t, err)
	if none, _ := db.Due(ctx, "2017-01-01"); len(due) != 1 || due[0].ID != w.Round.ID || len(none) != 0 {
		t.Errorf("due %v, a day before %v", due, none)
	}
	kind(t, "a second proposal", db.ProposeDeletion(ctx, Officer, &collection.Deletion{Round: w.Round.ID, Reason: "x", Proposer: 13}), fault.Invalid)
	kind(t, "one's own decided", db.DecideDeletion(ctx, Officer, d.ID, true, Noon), fault.Denied)
	kind(t, "decided by a job", db.DecideDeletion(ctx, audit.Actor{Kind: audit.System, Via: "job"}, d.ID, true, Noon), fault.Denied)
	kind(t, "not approved", second(db.DeleteRound(ctx, Coordinator, d.ID, Noon)), fault.Denied)
	if pending, _ := db.PendingDeletions(ctx, w.Programme.ID); len(pending) != 1 || pending[0].Reason != "the agreement ended" {
		t.Errorf("pending %+v", pending)
	}
	must(t, db.DecideDeletion(ctx, Coordinator, d.ID, true, Noon))
	kind(t, "decided twice", db.DecideDeletion(ctx, Coordinator, d.ID, false, Noon), fault.Conflict)
	done, err := db.DeleteRound(ctx, Coordinator, d.ID, Noon.Add(time.Hour))
	must(t, err)
	checkDeleted(t, place, db, w, done)

	again, err := db.DeleteRound(ctx, Coordinator, d.ID, Noon.Add(2*time.Hour))
	must(t, err)
	if !again.Done.Equal(done.Done) || string(again.Proof) != string(done.Proof) {
		t.Error("a second call changed what was done")
	}
	// Another round is as it was.
	other := NewWorld(t, db)
	other.Arrive(t, other.Arrival("uuid:1"))
	if _, err := db.ReadAnswers(ctx, Officer, other.All(t, collection.Filter{})[0].ID, 0); err != nil {
		t.Error(err)
	}
	refused := &collection.Deletion{Round: other.Round.ID, Reason: "x", Proposer: Officer.ID}
	other.Round.State = collection.Closed
	must(t, db.PutRound(ctx, Officer, other.Round))
	must(t, db.ProposeDeletion(ctx, Officer, refused))
	must(t, db.DecideDeletion(ctx, Coordinator, refused.ID, false, Noon))
	kind(t, "refused", second(db.DeleteRound(ctx, Coordinator, refused.ID, Noon)), fault.Denied)
}

func checkDeleted(t *testing.T, place *Place, db *store.DB, w *World, done *collection.Deletion) {
	t.Helper()
	ctx := context.Background()
	var proof store.Proof
	must(t, json.Unmarshal(done.Proof, &proof))
	if done.Done.IsZero() || proof.Round != w.Round.ID || proof.Submissions != 30 || proof.Revisions != 30 || proof.Files != 3 || proof.States["approved"] != 5 ||
		proof.States["received"] != 25 || len(proof.Key) != 64 || proof.Entry == 0 || done.Reason != "the agreement ended" {
		t.Errorf("done %v, proof %s", done.Done, done.Proof)
	}
	if _, err := place.Vault.Seal(scope(w.Round.ID), []byte("x"), "x"); !errors.Is(err, vault.ErrDestroyed) {
		t.Errorf("the keys: %v", err)
	}
	r, err := db.Round(ctx, w.Round.ID)
	must(t, err)
	if r.State != collection.Deleted || r.Name != w.Round.Name {
		t.Errorf("the round is %+v", r)
	}
	if rows := w.All(t, collection.Filter{}); len(rows) != 0 {
		t.Errorf("%d rows are left", len(rows))
	}
	tallies, err := db.Tallies(ctx, w.Round.ID)
	must(t, err)
	total := 0
	for _, c := range tallies {
		total += c.Count
	}
	if total != 30 {
		t.Errorf("the totals are %d", total)
	}
	forms, _ := db.ListForms(ctx, w.Round.ID)
	people, err := db.ListEnumerators(ctx, w.Round.ID)
	must(t, err)
	if len(forms) != 0 || len(people) != 0 {
		t.Errorf("%d forms, %d people", len(forms), len(people))
	}
	files := 0
	must(t, place.OpenFiles(t).List(ctx, func(string, int64) error { files++; return nil }))
	if files != 0 {
		t.Errorf("%d contents are left", files)
	}
	kind(t, "a late phone", second(db.Arrive(ctx, Phone, w.Arrival("uuid:late"))), fault.NotFound)
	kind(t, "a point of a deleted round", db.PutPoint(ctx, Officer, &collection.Point{Round: w.Round.ID, Code: "x", Name: "x"}), fault.Conflict)
	if due, _ := db.Due(ctx, "2030-01-01"); len(due) != 0 {
		t.Errorf("still due: %v", due)
	}
	if got, err := db.Unchecked(ctx, 10, 0); err != nil || len(got) != 0 {
		t.Errorf("unchecked %v, %v", got, err)
	}
}

// failing is a vault or a step that fails once.
type failing struct {
	vault.Sealer
	destroyed bool
	fail      bool
}

func (f *failing) Destroy(s vault.Scope) error {
	if f.fail {
		return fault.New(fault.Unavailable, fault.Place{}, "synthetic failure", "")
	}
	f.destroyed = true
	return f.Sealer.Destroy(s)
}

// deletionGoesOn breaks a deletion off at several places and calls it again.
func deletionGoesOn(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	keys := &failing{Sealer: place.Vault, fail: true}
	place.Options.Vault = keys
	db := place.Open(t)
	w, d := filled(t, db)
	must(t, db.DecideDeletion(ctx, Coordinator, d.ID, true, Noon))
	kind(t, "before the key", second(db.DeleteRound(ctx, Coordinator, d.ID, Noon)), fault.Unavailable)
	// The round takes nothing more from the beginning on.
	kind(t, "a phone while the round is being deleted", second(db.Arrive(ctx, Phone, w.Arrival("uuid:late"))), fault.Conflict)
	keys.fail = false
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := db.DeleteRound(gone, Coordinator, d.ID, Noon); err == nil {
		t.Error("a deletion that was broken off says that it is done")
	}
	done, err := db.DeleteRound(ctx, Coordinator, d.ID, Noon.Add(time.Hour))
	must(t, err)
	var proof store.Proof
	must(t, json.Unmarshal(done.Proof, &proof))
	if proof.Submissions != 30 || !proof.Begun.Equal(Noon) || !proof.Done.Equal(Noon.Add(time.Hour)) || !keys.destroyed {
		t.Errorf("proof %s", done.Proof)
	}
	if rows := w.All(t, collection.Filter{}); len(rows) != 0 {
		t.Errorf("%d rows are left", len(rows))
	}
}

// clockSetBack: a machine that believes it is years earlier after a restart goes
// on behind what is there.
func clockSetBack(t *testing.T, e Engine) {
	place := e.NewPlace(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	place.Options.Now = func() time.Time { return now }
	db := place.Open(t)
	w := NewWorld(t, db)
	var all []ids.ID
	send := func(n int) {
		for range n {
			all = append(all, w.Arrive(t, w.Arrival(fmt.Sprintf("uuid:%d", len(all)))).Submission)
		}
	}
	send(3)
	now = now.AddDate(-3, 0, 0)
	send(3)
	must(t, db.Close())
	now = now.AddDate(-1, 0, 0)
	db = place.Open(t)
	w.DB = db
	send(3)
	for i := 1; i < len(all); i++ {
		if all[i] <= all[i-1] {
			t.Errorf("submission %d has the ID %v, behind %v", i, all[i], all[i-1])
		}
	}
	if rows := w.All(t, collection.Filter{OldestFirst: true}); len(rows) != 9 || rows[8].ID != all[8] {
		t.Errorf("%d rows", len(rows))
	}
}
