package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/store"
	"waymark/trust/audit"
)

// Audit holds a store's log to what trust/audit says of it. Nobody else may
// write meanwhile.
func Audit(t *testing.T, db *store.DB) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, db *store.DB, log *store.Log)
	}{
		{"listed", entriesAreListed},
		{"exported", exportsAreVerified},
		{"signed", checkpointsAreKept},
		{"free text refused", freeTextIsRefused},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, db, db.Log(NewSigner(t))) })
	}
}

// NewSigner makes a key that signs.
func NewSigner(t testing.TB) *audit.Signer {
	t.Helper()
	secret, err := audit.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := audit.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// record writes n synthetic entries, several at once.
func record(t *testing.T, db *store.DB, n int) {
	t.Helper()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			err := db.Write(context.Background(), func(tx *store.Tx) error {
				tx.Record(audit.Entry{At: morning.Add(time.Duration(i) * time.Minute), Actor: audit.Actor{Kind: audit.Account, ID: ids.ID(1 + i%3), Via: "web"},
					Action: []string{"submission.read", "submission.edit"}[i%2], Programme: ids.ID(5 + i%2), Subject: fmt.Sprintf("submission:%v", ids.ID(100+i%4))})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func entriesAreListed(t *testing.T, db *store.DB, log *store.Log) {
	ctx := t.Context()
	record(t, db, 24)
	all := func(f audit.Filter) []audit.Sequenced {
		t.Helper()
		var out []audit.Sequenced
		f.Limit = 5
		for {
			p, err := log.ListEntries(ctx, f)
			must(t, err)
			if len(p.Entries) > 5 || p.More && len(p.Entries) < 5 {
				t.Fatalf("a page of %d, more: %v", len(p.Entries), p.More)
			}
			out = append(out, p.Entries...)
			if !p.More {
				return out
			}
			f.Before = p.Entries[len(p.Entries)-1].Number
		}
	}
	everything := all(audit.Filter{})
	for i, e := range everything {
		if e.Number != int64(len(everything)-1-i) {
			t.Fatalf("entry %d stands at %d", e.Number, i)
		}
	}
	if len(everything) < 24 {
		t.Fatalf("%d entries", len(everything))
	}
	for what, c := range map[string]struct {
		f    audit.Filter
		want func(e audit.Sequenced) bool
	}{
		"programme": {audit.Filter{Programme: 6}, func(e audit.Sequenced) bool { return e.Programme == 6 }},
		"subject":   {audit.Filter{Subject: "submission:" + ids.ID(102).String()}, func(e audit.Sequenced) bool { return e.Subject == "submission:"+ids.ID(102).String() }},
		"person":    {audit.Filter{Actor: audit.Actor{Kind: audit.Account, ID: 2}}, func(e audit.Sequenced) bool { return e.Actor.ID == 2 }},
		"kind":      {audit.Filter{Actor: audit.Actor{Kind: audit.Visitor}}, func(e audit.Sequenced) bool { return e.Actor.Kind == audit.Visitor }},
		"actions":   {audit.Filter{Actions: []string{"submission.edit", "home.view"}}, func(e audit.Sequenced) bool { return e.Action == "submission.edit" }},
		"time": {audit.Filter{From: morning.Add(3 * time.Minute), To: morning.Add(9 * time.Minute)}, func(e audit.Sequenced) bool {
			return !e.At.Before(morning.Add(3*time.Minute)) && e.At.Before(morning.Add(9*time.Minute))
		}},
		"all of it": {audit.Filter{Programme: 5, Actor: audit.Actor{Kind: audit.Account, ID: 1}, Actions: []string{"submission.read"}, From: morning.Add(time.Minute)}, func(e audit.Sequenced) bool {
			return e.Programme == 5 && e.Actor.ID == 1 && e.Action == "submission.read" && !e.At.Before(morning.Add(time.Minute))
		}},
	} {
		var want []audit.Sequenced
		for _, e := range everything {
			if c.want(e) {
				want = append(want, e)
			}
		}
		got := all(c.f)
		if len(got) != len(want) || len(want) > 0 && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %d entries, want %d", what, len(got), len(want))
		}
	}
	if p, err := log.ListEntries(ctx, audit.Filter{Limit: 1 << 30}); err != nil || len(p.Entries) > 500 {
		t.Errorf("%v", err)
	}
}

func exportsAreVerified(t *testing.T, db *store.DB, log *store.Log) {
	ctx := t.Context()
	record(t, db, 15)
	early, err := log.SignCheckpoint(ctx)
	must(t, err)
	record(t, db, 8)
	var b bytes.Buffer
	must(t, log.Export(ctx, administrator, 0, &b))
	evidence := audit.Evidence{Keys: []string{log.Key()}, Checkpoints: []audit.Outside{{Name: "early", Signed: early.Signed}}}
	r, err := audit.Verify(bytes.NewReader(b.Bytes()), evidence)
	must(t, err)
	size, root, err := db.VerifyAudit(ctx)
	must(t, err)
	if r.Entries != size || r.Root != root.String() || len(r.Outside) != 1 || !strings.Contains(b.String(), audit.Exported) {
		t.Errorf("%+v of a log of %d entries", r, size)
	}
	b.Reset()
	must(t, log.Export(ctx, administrator, 6, &b))
	if strings.Contains(b.String(), `"programme":"`+ids.ID(5).String()) {
		t.Error("an export for one programme shows another's entries")
	}
	if _, err := audit.Verify(bytes.NewReader(b.Bytes()), evidence); err == nil {
		t.Error("entries were withheld, and nobody was told")
	}
	evidence.Partial = true
	if r, err := audit.Verify(&b, evidence); err != nil || r.Withheld == 0 || r.Withheld == r.Entries {
		t.Errorf("%+v, %v", r, err)
	}
	broken := errors.New("the line was cut")
	if err := log.Export(ctx, administrator, 0, &brokenWriter{broken}); !errors.Is(err, broken) {
		t.Errorf("an export to nobody: %v", err)
	}
}

type brokenWriter struct{ err error }

func (b *brokenWriter) Write([]byte) (int, error) { return 0, b.err }

func checkpointsAreKept(t *testing.T, db *store.DB, log *store.Log) {
	ctx := t.Context()
	if kept, err := log.SignCheckpoint(ctx); err != nil || kept == nil {
		t.Fatalf("an empty log: %v, %v", kept, err)
	}
	record(t, db, 3)
	first, err := log.SignCheckpoint(ctx)
	must(t, err)
	again, err := log.SignCheckpoint(ctx)
	must(t, err)
	if again.Size != first.Size || !bytes.Equal(again.Signed, first.Signed) {
		t.Errorf("nothing was added, and a checkpoint over %d followed one over %d", again.Size, first.Size)
	}
	record(t, db, 2)
	second, err := log.SignCheckpoint(ctx)
	must(t, err)
	kept, err := log.Checkpoints(ctx, 2)
	must(t, err)
	if len(kept) != 2 || kept[0].Size != second.Size || kept[1].Size != first.Size || second.Size != first.Size+2 || kept[0].At.IsZero() {
		t.Errorf("kept are %+v", kept)
	}
	c, err := audit.ReadCheckpoint(second.Signed, "second", log.Key())
	must(t, err)
	if size, root, err := db.VerifyAudit(ctx); err != nil || c.Size != size || c.Root != root {
		t.Errorf("the checkpoint says %d entries, the log has %d; %v", c.Size, size, err)
	}
}

func freeTextIsRefused(t *testing.T, db *store.DB, log *store.Log) {
	before, err := log.SignCheckpoint(t.Context())
	must(t, err)
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		tx.Record(audit.Entry{Actor: administrator, Action: "submission.edit", Detail: map[string]string{"reason": "a synthetic answer"}})
		return nil
	})
	if fault.KindOf(err) != fault.Internal || strings.Contains(fmt.Sprint(err), "synthetic") {
		t.Errorf("got %v", err)
	}
	if after, err := log.SignCheckpoint(t.Context()); err != nil || after.Size != before.Size {
		t.Errorf("something was written: %+v, %v", after, err)
	}
}
