package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/trust/vault"
)

// withoutKeys: a round whose keys are lost, or are another's, holds up nobody's
// check, and its own are made once the keys are back.
func withoutKeys(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	db := place.Open(t)
	lost, spoilt, good := NewWorld(t, db), NewWorld(t, db), NewWorld(t, db)
	first := lost.Arrive(t, lost.Arrival("uuid:1")).Submission
	bad := spoilt.Arrive(t, spoilt.Arrival("uuid:1")).Submission
	late := lost.Arrive(t, lost.Arrival("uuid:2")).Submission
	other := good.Arrive(t, good.Arrival("uuid:1")).Submission

	file := func(w *World) string {
		return filepath.Join(place.Keys, "keys", string(scope(w.Round.ID))+".json")
	}
	kept, err := os.ReadFile(file(spoilt))
	must(t, err)
	must(t, os.Rename(file(lost), file(lost)+".away"))
	must(t, os.WriteFile(file(spoilt), []byte("{}"), 0o600))
	again := func() { // keys that were used once stay in memory
		must(t, db.Close())
		place.Vault = NewVault(t, place.Keys)
		place.Options.Vault = place.Vault
		db = place.Open(t)
	}
	again()

	got, err := db.Unchecked(ctx, 10, time.Minute)
	must(t, err)
	if len(got) != 1 || got[0].Submission.ID != other || got[0].Revision.XML == nil {
		t.Fatalf("unchecked: %+v", got)
	}
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: other, Revision: 1, Point: "P1"}}))
	if got, err := db.Unchecked(ctx, 10, time.Minute); err != nil || len(got) != 0 {
		t.Fatalf("unchecked without keys: %+v, %v", got, err)
	}
	s, err := db.Submission(ctx, first)
	must(t, err)
	if !s.Unreadable || s.Checked {
		t.Errorf("without its keys: %+v", s)
	}
	if n, err := db.CountUnchecked(ctx); err != nil || n != 3 {
		t.Errorf("%d wait, %v", n, err)
	}
	err = second(db.ReadAnswers(ctx, Officer, first, 0))
	kind(t, "answers without keys", err, fault.Unavailable)
	if !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("answers without keys: %v", err)
	}

	must(t, os.Rename(file(lost)+".away", file(lost)))
	must(t, os.WriteFile(file(spoilt), kept, 0o600))
	got, err = db.Unchecked(ctx, 10, time.Minute)
	must(t, err)
	if len(got) != 3 || got[0].Submission.ID != first || got[1].Submission.ID != bad || got[2].Submission.ID != late || string(got[0].Revision.XML) != string(Document("uuid:1")) {
		t.Fatalf("with the keys back: %+v", got)
	}
	if s, _ := db.Submission(ctx, first); s.Unreadable || s.Checked {
		t.Errorf("with its keys back: %+v", s)
	}
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: first, Revision: 1}, {Submission: late, Revision: 1}, {Submission: bad, Revision: 1}}))
	if got, err := db.Unchecked(ctx, 10, time.Minute); err != nil || len(got) != 0 {
		t.Errorf("unchecked at the end: %+v, %v", got, err)
	}
}
