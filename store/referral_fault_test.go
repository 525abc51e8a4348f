package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/audit"
)

// runReferrals begins cases with a package on its way, sends what waits, as a service
// that writes a line for each delivery, and goes on until it is killed.
func runReferrals(c *child, db *store.DB) error {
	ctx := context.Background()
	r := db.Referral()
	errs := make(chan error)
	for range 4 {
		go func() {
			for {
				key := "key-" + db.NewID().String()
				id, err := r.Do(ctx, &referral.Change{New: true, Row: true, Matter: referral.Matter{Network: c.Network, Kind: referral.Case, State: referral.Ready, Agency: c.Agency},
					Put:     []*referral.Part{{Kind: referral.PartPackage, Body: []byte(`{"outcome":"nrm"}`)}},
					Send:    &referral.Message{Key: key, Body: []byte("package of " + key)},
					Entries: []audit.Entry{{Actor: storetest.Officer, Action: "referral.submit"}}})
				if err != nil {
					errs <- err
					return
				}
				fmt.Printf("made:%s %s\n", key, id)
			}
		}()
	}
	for range 2 {
		go func() {
			for {
				if _, err := deliver(ctx, r, time.Now(), func(m *referral.Message) { fmt.Printf("took:%s %s\n", m.Key, m.Matter) }); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
}

// deliver sends what waits once, and says how many there were.
func deliver(ctx context.Context, r *store.Referral, at time.Time, take func(*referral.Message)) (int, error) {
	lent, err := r.Claim(ctx, at, time.Minute, 5)
	for _, m := range lent {
		if string(m.Body) != "package of "+m.Key {
			return 0, fmt.Errorf("%s holds %q", m.Key, m.Body)
		}
		take(m)
		row, err := r.Matter(ctx, m.Matter)
		if err != nil {
			return 0, err
		}
		row.State = referral.Sent
		err = r.Settle(ctx, m.ID, referral.Delivered, "accepted", time.Time{}, &referral.Change{Matter: *row, Row: true,
			Put:     []*referral.Part{{Kind: referral.PartHandover, Body: []byte(`{"how":"service"}`)}},
			Entries: []audit.Entry{{Actor: storetest.Officer, Action: "case.hand-over"}}})
		if err != nil {
			return 0, err
		}
	}
	return len(lent), err
}

// TestPromise17KilledWhileItSends: whenever it is killed, what was said to be begun is
// there, and its package is delivered, and recorded, exactly once by its key.
func TestPromise17KilledWhileItSends(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			place := e.NewPlace(t)
			db := place.Open(t)
			n := storetest.OpenNetwork(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			c := child{Dir: place.Options.Dir, URL: place.Options.URL, Keys: place.Keys, Network: n.Home, Agency: n.Council.ID}
			made, took := map[string]ids.ID{}, map[string]bool{}
			for round := range 6 {
				cmd, lines := c.start(t)
				said := map[string]ids.ID{}
				take(t, lines, 30+17*round, said)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				take(t, lines, -1, said)
				_ = cmd.Wait() // killed
				for line, id := range said {
					if key, ok := strings.CutPrefix(line, "made:"); ok {
						made[key] = id
					} else if key, ok := strings.CutPrefix(line, "took:"); ok {
						took[key] = true
					}
				}
			}
			db, err := c.open()
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			r := db.Referral()
			for at, sent := time.Now().Add(time.Hour), 1; sent > 0; at = at.Add(time.Hour) { // the leases of the killed have ended
				if sent, err = deliver(t.Context(), r, at, func(m *referral.Message) { took[m.Key] = true }); err != nil {
					t.Fatal(err)
				}
			}
			if len(made) < 100 {
				t.Fatalf("only %d were made", len(made))
			}
			for key, id := range made {
				f, err := r.Open(t.Context(), storetest.Officer, id, "case.read")
				if err != nil {
					t.Fatal(err)
				}
				messages, err := r.Messages(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if len(messages) != 1 || messages[0].State != referral.Delivered || messages[0].Key != key || !took[key] ||
					f.State != referral.Sent || len(f.Of(referral.PartHandover)) != 1 || len(f.Of(referral.PartPackage)) != 1 {
					t.Errorf("%s: %+v, taken %v, %s with %d parts", key, messages, took[key], f.State, len(f.Parts))
				}
			}
			if err := store.VerifyTree(t.Context(), db); err != nil {
				t.Error(err)
			}
		})
	}
}
