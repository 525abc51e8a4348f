package storetest

import (
	"bytes"
	"context"
	"maps"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
)

// Verify compares what a store holds of a round with what it acknowledged, by
// instanceID: everything is there, once, with its answers, and the totals are
// right. It returns how many submissions there are; there may be more than were
// acknowledged.
func Verify(t testing.TB, db *store.DB, round ids.ID, acknowledged map[string]ids.ID) int {
	t.Helper()
	ctx := context.Background()
	missing := maps.Clone(acknowledged)
	seen := map[string]bool{}
	counted := map[collection.State]int{}
	must(t, db.EachAnswers(ctx, Officer, "check", collection.Filter{Round: round}, func(s *collection.Submission, r *collection.Revision) error {
		if seen[s.InstanceID] {
			t.Errorf("%s is there twice", s.InstanceID)
		}
		seen[s.InstanceID] = true
		counted[s.State]++
		if id, ok := acknowledged[s.InstanceID]; ok && id != s.ID {
			t.Errorf("%s was acknowledged as %v and is %v", s.InstanceID, id, s.ID)
		}
		if !bytes.Equal(r.XML, Document(s.InstanceID)) {
			t.Errorf("%s has other answers", s.InstanceID)
		}
		delete(missing, s.InstanceID)
		return nil
	}))
	for instance := range missing {
		t.Errorf("%s was acknowledged and is lost", instance)
	}
	tallies, err := db.Tallies(ctx, round)
	must(t, err)
	for _, c := range tallies {
		counted[c.State] -= c.Count
	}
	for state, off := range counted {
		if off != 0 {
			t.Errorf("the total of %s is off by %d", state, off)
		}
	}
	return len(seen)
}
