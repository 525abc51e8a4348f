package backup

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/audit"
)

// TestMattersComeBack: a backup of one engine holds concerns and cases whole, with
// everything around them, for the other.
func TestMattersComeBack(t *testing.T) {
	to, by := keyPair(t)
	for i, from := range storetest.Engines {
		other := storetest.Engines[1-i]
		t.Run(from.Name+" to "+other.Name, func(t *testing.T) {
			place := from.NewPlace(t)
			db := place.Open(t)
			n := storetest.OpenNetwork(t, db)
			id := n.Case(n.Council.ID, canary, canary+" two")
			ref, _, err := n.PutContent(t.Context(), id, strings.NewReader(strings.Repeat(canary, 9000)), 1<<20)
			no(t, err)
			m, err := n.Matter(t.Context(), id)
			no(t, err)
			_, err = n.Do(t.Context(), &referral.Change{Matter: *m, Row: true, Send: &referral.Message{Key: "k", Body: []byte(canary)},
				Give:  []*referral.Grant{{Kind: referral.Share, Agency: n.Charity.ID, Purposes: []referral.Purpose{referral.Legal, referral.Health}, From: made}},
				Codes: map[referral.CodeKind][]byte{referral.Resume: []byte("digest")}})
			no(t, err)
			no(t, n.KeepRules(t.Context(), "v", []byte("rules")))
			file, written := write(t, place, db, to)
			if bytes.Contains(file, []byte(canary)) || written.Tables["matter_part"] != 2 || written.Tables["matter_message"] != 1 || written.Tables["matter_code"] != 1 || written.Files != 1 {
				t.Errorf("written: %+v", written)
			}
			o := other.NewPlace(t).Options
			o.Vault, o.Cases = place.Vault, place.Cases
			_, err = Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: o.Dir, URL: o.URL})
			no(t, err)
			again, err := store.Open(t.Context(), o)
			no(t, err)
			defer again.Close()
			r := again.Referral()
			f, err := r.Open(t.Context(), storetest.Officer, id, "case.read")
			if err != nil || len(f.Parts) != 2 || string(f.Parts[1].Body) != canary+" two" {
				t.Fatalf("%+v, %v", f, err)
			}
			c, err := r.Content(t.Context(), id, ref)
			no(t, err)
			content, err := io.ReadAll(c)
			if no(t, errors.Join(err, c.Close())); len(content) != 9000*len(canary) {
				t.Errorf("%d bytes came back", len(content))
			}
			lent, err := r.Claim(t.Context(), made, time.Minute, 9)
			if err != nil || len(lent) != 1 || string(lent[0].Body) != canary {
				t.Errorf("the outbox: %+v, %v", lent, err)
			}
			counted, err := r.CountMatters(t.Context(), referral.Filter{Network: n.Home, Kind: referral.Case})
			if err != nil || counted[referral.Draft] != 1 {
				t.Errorf("counted %v, %v", counted, err)
			}
			if s, err := again.TakeSample(t.Context(), 5); err != nil || s.Matters != 1 || s.Files != 1 || s.Faults != 0 {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

// TestPromise2AnOlderBackupLeavesTheCaseUnreadable: erasure destroys the key, so that
// neither the database nor a backup of it from before opens; and where the keys come
// from an older copy, the database destroys them anew.
func TestPromise2AnOlderBackupLeavesTheCaseUnreadable(t *testing.T) {
	to, by := keyPair(t)
	for _, engine := range storetest.Engines {
		t.Run(engine.Name, func(t *testing.T) {
			place := engine.NewPlace(t)
			db := place.Open(t)
			n := storetest.OpenNetwork(t, db)
			id, seen, kept := n.Case(n.Council.ID, canary), n.Case(n.Council.ID, canary), n.Case(n.Council.ID, canary)
			ref, _, err := n.PutContent(t.Context(), id, strings.NewReader(canary), 1<<20)
			no(t, err)
			before, _ := write(t, place, db, to)
			var keys bytes.Buffer
			_, err = WriteKeys(&keys, place.Keys+"/keys", made, to)
			no(t, err)
			for _, gone := range []ids.ID{id, seen} {
				no(t, n.Erase(t.Context(), storetest.Officer, gone))
			}

			// The older database with the keys of today.
			o := engine.NewPlace(t).Options
			o.Vault, o.Cases = place.Vault, place.Cases
			_, err = Restore(t.Context(), bytes.NewReader(before), by, Target{Dir: o.Dir, URL: o.URL})
			no(t, err)
			old, err := store.Open(t.Context(), o)
			no(t, err)
			defer old.Close()
			r := old.Referral()
			if s, err := old.TakeSample(t.Context(), 5); err != nil || s.Matters != 1 || s.Erased != 2 || s.Faults != 0 {
				t.Errorf("%+v, %v", s, err)
			}
			if m, err := r.Matter(t.Context(), id); err != nil || m.State == referral.Erased {
				t.Fatalf("the older row is %+v, %v", m, err)
			}
			if _, err := r.Content(t.Context(), id, ref); err == nil {
				t.Error("a file opens without its key")
			}
			if _, err := r.Open(t.Context(), storetest.Officer, id, "case.read"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("it opens: %v", err)
			}
			job := audit.Actor{Kind: audit.System, Via: "job"}
			if settled, err := r.SettleErasures(t.Context(), job); err != nil || settled != 1 {
				t.Errorf("settled %d, %v", settled, err)
			}
			for _, gone := range []ids.ID{id, seen} {
				if m, err := r.Matter(t.Context(), gone); err != nil || m.State != referral.Erased || m.Print == "" || m.ErasedAt.IsZero() {
					t.Errorf("the row is %+v, %v", m, err)
				}
			}
			if _, err := r.Open(t.Context(), storetest.Officer, kept, "case.read"); err != nil {
				t.Error(err)
			}

			// The keys of before with the database of today.
			dir := t.TempDir()
			if _, err := ReadKeys(&keys, by, dir+"/keys"); err != nil {
				t.Fatal(err)
			}
			no(t, db.Close())
			no(t, copyFile(place.Keys+"/master.key", dir+"/master.key"))
			place.Keys = dir
			place.Rekey(t, storetest.NewVault(t, dir))
			db = place.Open(t)
			if settled, err := db.Referral().SettleErasures(t.Context(), job); err != nil || settled != 2 {
				t.Errorf("destroyed %d anew, %v", settled, err)
			}
			for _, gone := range []ids.ID{id, seen} {
				if !place.Cases.Destroyed(storetest.CaseScope(gone)) {
					t.Error("an old key came back")
				}
			}
			if _, err := db.Referral().Open(t.Context(), storetest.Officer, kept, "case.read"); err != nil {
				t.Error(err)
			}
		})
	}
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	return err
}
