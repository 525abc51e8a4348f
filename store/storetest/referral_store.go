package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// listsOfMatters compares lists, page by page, and counts with those of a store in
// memory that holds the same.
func listsOfMatters(t *testing.T, e Engine) {
	ctx := context.Background()
	n := OpenNetwork(t, e.NewPlace(t).Open(t))
	memory := referraltest.NewMemory(func() time.Time { return Noon })
	r := rand.New(rand.NewPCG(7, 8))
	both := func(c *referral.Change) ids.ID {
		t.Helper()
		mirror := *c
		mirror.Give = nil
		for _, g := range c.Give {
			copied := *g
			mirror.Give = append(mirror.Give, &copied)
		}
		id := n.do(c)
		mirror.Matter.ID = id
		_, err := memory.Do(ctx, &mirror)
		must(t, err)
		return id
	}
	states := map[referral.Kind][]referral.State{
		referral.Concern: {referral.Begun, referral.Received, referral.Seen, referral.Asked, referral.Decided},
		referral.Case:    {referral.Draft, referral.Ready, referral.Sent, referral.Closed},
	}
	agencies := []ids.ID{n.Council.ID, n.Police.ID, n.Charity.ID}
	owners := []ids.ID{0, 31, 33}
	origins := []ids.ID{0, 0, 901}
	for range 90 {
		kind := []referral.Kind{referral.Concern, referral.Case}[r.IntN(2)]
		m := referral.Matter{Network: []ids.ID{n.Home, n.Home, n.Home, n.Other}[r.IntN(4)], Kind: kind, State: states[kind][r.IntN(len(states[kind]))],
			Agency: agencies[r.IntN(3)], Owner: owners[r.IntN(3)], Origin: origins[r.IntN(3)], Urgent: r.IntN(4) == 0, Opened: Noon, Changed: Noon}
		if r.IntN(3) > 0 {
			m.Due = Noon.AddDate(0, 0, r.IntN(6)) // several on one
		}
		c := &referral.Change{New: true, Row: true, Matter: m}
		for range r.IntN(3) {
			g := &referral.Grant{Kind: []referral.GrantKind{referral.Share, referral.Team}[r.IntN(2)], From: Noon.AddDate(0, 0, r.IntN(4)), Purposes: []referral.Purpose{referral.Safety}}
			if r.IntN(3) > 0 {
				g.Until = Noon.AddDate(0, 0, 2+r.IntN(4))
			}
			if r.IntN(2) == 0 {
				g.Agency = agencies[r.IntN(3)]
			} else {
				g.Account = 51
			}
			c.Give = append(c.Give, g)
		}
		both(c)
	}
	whole := func(s referral.Store, f referral.Filter) (all []ids.ID, pages int) {
		t.Helper()
		for {
			p, err := s.ListMatters(ctx, f)
			must(t, err)
			pages++
			for _, m := range p.Matters {
				all = append(all, m.ID)
			}
			if f.After = p.Next; f.After == "" {
				return all, pages
			}
		}
	}
	found := 0
	for range 400 {
		kind := []referral.Kind{referral.Concern, referral.Case}[r.IntN(2)]
		f := referral.Filter{Network: n.Home, Kind: kind, ByDue: r.IntN(2) == 0, Limit: 1 + r.IntN(12)}
		for _, s := range states[kind] {
			if r.IntN(3) == 0 {
				f.States = append(f.States, s)
			}
		}
		switch r.IntN(4) {
		case 0:
			f.Agency = agencies[r.IntN(3)]
		case 1:
			f.SharedWith, f.At = []ids.ID{n.Charity.ID, n.Police.ID, 51}[r.IntN(3)], Noon.AddDate(0, 0, r.IntN(6))
		}
		switch r.IntN(6) {
		case 0:
			f.Owner = 33
		case 1:
			f.Unowned = true
		case 2:
			f.Urgent = true
		case 3:
			f.Overdue = Noon.AddDate(0, 0, r.IntN(6))
		case 4:
			f.Origin = 901
		}
		got, gotPages := whole(n, f)
		want, wantPages := whole(memory, f)
		if fmt.Sprint(got) != fmt.Sprint(want) || gotPages != wantPages {
			t.Fatalf("%+v\n got  %d pages %v\n want %d pages %v", f, gotPages, got, wantPages, want)
		}
		found += len(got)
		counted, err := n.CountMatters(ctx, f)
		must(t, err)
		wanted, err := memory.CountMatters(ctx, f)
		must(t, err)
		if fmt.Sprint(counted) != fmt.Sprint(wanted) {
			t.Fatalf("%+v\n counts %v, want %v", f, counted, wanted)
		}
	}
	if found < 500 {
		t.Errorf("only %d rows were found in all", found)
	}
	for _, after := range []string{"x", "12-", "0000000000000-1", "0123"} {
		_, err := n.ListMatters(ctx, referral.Filter{Network: n.Home, Kind: referral.Case, After: after})
		kind(t, "a page that follows "+after, err, fault.Invalid)
	}
	_, err := n.ListMatters(ctx, referral.Filter{Kind: referral.Case})
	kind(t, "a list of no network", err, fault.Invalid)
}

// counting keys say what was opened.
type counting struct {
	*vault.Cases
	mu     sync.Mutex
	opened map[vault.Scope]int
}

func (c *counting) Open(id vault.Scope, sealed []byte, bound string) ([]byte, error) {
	c.mu.Lock()
	c.opened[id]++
	c.mu.Unlock()
	return c.Cases.Open(id, sealed, bound)
}

// oneMatterIsDecrypted: rows, lists, counts and reminders decrypt nothing; opening a
// matter decrypts its own parts.
func oneMatterIsDecrypted(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	keys := &counting{Cases: place.Cases, opened: map[vault.Scope]int{}}
	place.Options.Cases = keys
	n := OpenNetwork(t, place.Open(t))
	var id ids.ID
	for i := range 30 {
		id = n.Case(n.Council.ID, fmt.Sprintf(`{"text":"%d"}`, i), `{}`, `{}`)
		n.do(&referral.Change{Matter: *n.row(id), Put: []*referral.Part{{Kind: referral.PartTask, Due: Noon, For: 33, Body: []byte(`{}`)}}})
	}
	_, err := n.ListMatters(ctx, referral.Filter{Network: n.Home, Kind: referral.Case})
	must(t, err)
	_, err = n.CountMatters(ctx, referral.Filter{Network: n.Home, Kind: referral.Case, Owner: 33})
	must(t, err)
	_, err = n.Reminders(ctx, 33, Noon, 50)
	must(t, err)
	_, err = n.Standing(ctx, n.row(id), 33, Noon)
	must(t, err)
	if len(keys.opened) != 0 {
		t.Fatalf("looking at lists decrypted %v", keys.opened)
	}
	n.file(id)
	if scope := vault.Scope(id.String()); len(keys.opened) != 1 || keys.opened[scope] != 4 {
		t.Errorf("opening one decrypted %v", keys.opened)
	}
}

func abandonedDrafts(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	n := OpenNetwork(t, db)
	add := func(kind referral.Kind, state referral.State, keep time.Time) ids.ID {
		return n.do(&referral.Change{New: true, Row: true, Matter: referral.Matter{Network: n.Home, Kind: kind, State: state, Agency: n.Council.ID, KeepUntil: keep},
			Put: []*referral.Part{{Kind: referral.PartAnswers, Body: []byte(`{"form":"concern"}`)}}})
	}
	begun, draft := add(referral.Concern, referral.Begun, Noon), add(referral.Case, referral.Draft, Noon)
	kept := []ids.ID{add(referral.Concern, referral.Begun, Noon.Add(time.Minute)), add(referral.Concern, referral.Received, time.Time{}), add(referral.Case, referral.Closed, Noon)}
	job := audit.Actor{Kind: audit.System, Via: "job"}
	if swept, err := db.Referral().SweepDrafts(ctx, job, Noon); err != nil || swept != 2 {
		t.Errorf("swept %d, %v", swept, err)
	}
	for _, id := range []ids.ID{begun, draft} {
		if m := n.row(id); m.State != referral.Erased {
			t.Errorf("an abandoned draft is %s", m.State)
		}
	}
	for _, id := range kept {
		n.file(id)
	}
	// What is due otherwise waits for people, and is found by its network too.
	for _, c := range []struct {
		name string
		f    referral.Filter
		want int
	}{
		{"kept until before", referral.Filter{KeepBefore: Noon}, 0},
		{"kept until", referral.Filter{KeepBefore: Noon.Add(time.Millisecond)}, 1},
		{"erasure asked", referral.Filter{EraseAsked: true}, 0},
	} {
		c.f.Network, c.f.Kind, c.f.States = n.row(kept[2]).Network, referral.Case, []referral.State{referral.Closed}
		if page, err := n.ListMatters(ctx, c.f); err != nil || len(page.Matters) != c.want {
			t.Errorf("%s: %v, wanted %d, %v", c.name, page, c.want, err)
		}
	}
	if due, err := n.Expired(ctx, Noon, 10); err != nil || len(due) != 1 || due[0].ID != kept[2] {
		t.Errorf("due %v, %v", due, err)
	}
	// A person asked that a draft be held as it is: it outlasts its time.
	held := *n.row(add(referral.Case, referral.Draft, Noon))
	held.Restricted = true
	n.do(&referral.Change{Matter: held, Row: true})
	if swept, err := db.Referral().SweepDrafts(ctx, job, Noon); err != nil || swept != 0 {
		t.Errorf("swept %d that are restricted, %v", swept, err)
	}
	n.file(held.ID)
}

// rowsThatWereMoved: sealed parts open nowhere else, not in an earlier state, and not
// with another word on who may see them.
func rowsThatWereMoved(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	n := OpenNetwork(t, db)
	id := n.Case(n.Council.ID, `{"text":"one"}`, `{"text":"two"}`)
	other := n.Case(n.Police.ID, `{"text":"three"}`)
	f := n.file(id)
	a, b, c := f.Parts[0].ID, f.Parts[1].ID, n.file(other).Parts[0].ID
	exec := func(query string, args ...any) {
		t.Helper()
		must(t, db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(query, args...); return err }))
	}
	body := func(id ids.ID) (b []byte) {
		t.Helper()
		must(t, db.Write(ctx, func(tx *store.Tx) error { return tx.One("SELECT body FROM matter_part WHERE id = $1", []any{id}, &b) }))
		return b
	}
	first := body(a)
	try := func(what, undo string, args ...any) {
		t.Helper()
		if _, err := n.Open(ctx, Officer, id, "case.read"); !errors.Is(err, vault.ErrAltered) {
			t.Errorf("%s: %v", what, err)
		}
		exec(undo, args...)
		n.file(id)
	}
	const put, back = "UPDATE matter_part SET body = $1 WHERE id = $2", "UPDATE matter_part SET body = $1 WHERE id = $2"
	exec(put, body(b), a)
	try("another part's", back, first, a)
	exec(put, body(c), a)
	try("another matter's", back, first, a)
	exec("UPDATE matter_part SET private = 1 WHERE id = $1", a)
	try("private or not", "UPDATE matter_part SET private = 0 WHERE id = $1", a)
	exec("UPDATE matter_part SET purpose = 'health' WHERE id = $1", a)
	try("another purpose", "UPDATE matter_part SET purpose = '' WHERE id = $1", a)
	exec("UPDATE matter_part SET agency = $1 WHERE id = $2", n.Charity.ID, a)
	try("another agency", "UPDATE matter_part SET agency = $1 WHERE id = $2", n.Council.ID, a)
	f.Parts[0].Body = []byte(`{"text":"one, changed"}`)
	n.do(&referral.Change{Matter: f.Matter, Put: []*referral.Part{f.Parts[0]}})
	second := body(a)
	exec(put, first, a)
	try("an earlier state", back, second, a)
}

// mattersWithoutKeys: a folder of keys that has none of a database's is refused, and
// no new ones are made.
func mattersWithoutKeys(t *testing.T, e Engine) {
	place := e.NewPlace(t)
	db := place.Open(t)
	n := OpenNetwork(t, db)
	id := n.Case(n.Council.ID, `{}`)
	must(t, db.Close())
	keys := filepath.Join(place.Keys, "keys")
	must(t, os.Rename(filepath.Join(keys, "cases"), filepath.Join(keys, "cases.away")))
	must(t, os.Rename(filepath.Join(keys, "cases.json"), filepath.Join(keys, "cases.json.away")))
	place.Rekey(t, NewVault(t, place.Keys))
	if _, err := store.Open(context.Background(), place.Options); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("it opens without keys: %v", err)
	}
	if _, err := os.Stat(filepath.Join(keys, "cases.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("new keys were made: %v", err)
	}
	// Without the option, lists work and contents do not.
	place.Options.Cases = nil
	db = place.Open(t)
	n.Store = db.Referral()
	n.row(id)
	_, err := n.Open(context.Background(), Officer, id, "case.read")
	kind(t, "opening without keys", err, fault.Unavailable)
	_, err = n.Do(context.Background(), &referral.Change{New: true, Row: true, Matter: referral.Matter{Network: n.Home, Kind: referral.Case, State: referral.Draft}})
	kind(t, "beginning without keys", err, fault.Unavailable)
	must(t, db.Close())
	must(t, os.Rename(filepath.Join(keys, "cases.away"), filepath.Join(keys, "cases")))
	must(t, os.Rename(filepath.Join(keys, "cases.json.away"), filepath.Join(keys, "cases.json")))
	place.Rekey(t, NewVault(t, place.Keys))
	n.Store = place.Open(t).Referral()
	n.file(id)
}

// mattersNothingInClear is nothingInClear for concerns and cases.
func mattersNothingInClear(t *testing.T, e Engine) {
	ctx := context.Background()
	var log bytes.Buffer
	place := e.NewPlace(t)
	place.Options.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db := place.Open(t)
	n := OpenNetwork(t, db)
	words := 0
	word := func(what string) string {
		words++
		return fmt.Sprintf("canary-%s-%d-canary", what, words)
	}
	var last ids.ID
	for i := range 20 {
		last = n.Case(n.Council.ID, word("note"), strings.Repeat(word("long"), 1+i*200))
		_, _, err := n.PutContent(ctx, last, strings.NewReader(strings.Repeat(word("file"), 5000)), 1<<20)
		must(t, err)
		f := n.file(last)
		f.Parts[0].Body = []byte(word("changed"))
		n.do(&referral.Change{Matter: f.Matter, Row: true, Put: []*referral.Part{f.Parts[0]}, Send: &referral.Message{Key: "k", Body: []byte(word("package"))}})
		f.Parts[0].Etag = 1
		_, err = n.Do(ctx, &referral.Change{Matter: f.Matter, Put: []*referral.Part{f.Parts[0], {Kind: referral.PartNote, Body: []byte(word("refused"))}}})
		if fault.KindOf(err) != fault.Conflict || strings.Contains(err.Error(), "canary") {
			t.Errorf("the fault says %v", err)
		}
	}
	_, err := n.Claim(ctx, Noon, time.Minute, 5)
	must(t, err)
	if strings.Contains(log.String(), "canary") {
		t.Errorf("the log says %s", log.String())
	}
	files := 0
	for _, dir := range append(e.Files(place), place.Keys) {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			data, err := os.ReadFile(path)
			if os.IsNotExist(err) { // a temporary file of the server
				return nil
			}
			files++
			if at := bytes.Index(data, []byte("canary-")); at >= 0 {
				t.Errorf("%s holds %q", path, data[at:min(len(data), at+40)])
			}
			return err
		}))
	}
	if f := n.file(last); files < 20 || words < 100 || !strings.HasPrefix(string(f.Parts[1].Body), "canary-long") {
		t.Errorf("%d files were looked at for %d words", files, words)
	}
}

// writersAtOnce: of several who change one part at once one does, who change several
// parts all do, and the totals agree with a count.
func writersAtOnce(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	n := OpenNetwork(t, db)
	id := n.Case(n.Council.ID, `{"text":"0"}`, `{"text":"1"}`, `{"text":"2"}`, `{"text":"3"}`)
	f := n.file(id)
	var group sync.WaitGroup
	var mu sync.Mutex
	won := map[int]int{}
	for who := range 12 {
		part := who % 4
		group.Go(func() {
			p := *f.Parts[part]
			p.Body = fmt.Appendf(nil, `{"text":"by %d"}`, who)
			_, err := n.Do(ctx, &referral.Change{Matter: f.Matter, Put: []*referral.Part{&p}, Entries: []audit.Entry{{Actor: Officer, Action: "case.write"}}})
			switch {
			case err == nil:
				mu.Lock()
				won[part]++
				mu.Unlock()
			case fault.KindOf(err) != fault.Conflict:
				t.Error(err)
			}
		})
		group.Go(func() {
			m := referral.Matter{Network: n.Home, Kind: referral.Case, State: referral.Draft, Agency: n.Council.ID}
			id, err := n.Do(ctx, &referral.Change{New: true, Row: true, Matter: m, Put: []*referral.Part{{Kind: referral.PartNote, Body: []byte(`{}`)}}})
			if err == nil && who%3 == 0 {
				err = n.Erase(ctx, Officer, id)
			} else if err == nil && who%3 == 1 {
				var row *referral.Matter
				if row, err = n.Matter(ctx, id); err == nil {
					row.State, row.Agency = referral.Sent, n.Police.ID
					_, err = n.Do(ctx, &referral.Change{Matter: *row, Row: true})
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for part := range 4 {
		if won[part] != 1 {
			t.Errorf("%d changed part %d at once", won[part], part)
		}
	}
	snapshot, err := db.Snapshot(ctx)
	must(t, err)
	defer snapshot.Close()
	kept, counted := map[string]int64{}, map[string]int64{}
	at := func(columns []string, row []any, name string) string {
		return fmt.Sprint(row[slices.Index(columns, name)])
	}
	must(t, snapshot.Each(ctx, "matter_tally", func(columns []string, row []any) error {
		if n := row[slices.Index(columns, "n")].(int64); n != 0 {
			kept[at(columns, row, "agency")+at(columns, row, "state")] = n
		}
		return nil
	}))
	must(t, snapshot.Each(ctx, "matter", func(columns []string, row []any) error {
		counted[at(columns, row, "agency")+at(columns, row, "state")]++
		return nil
	}))
	if fmt.Sprint(kept) != fmt.Sprint(counted) || len(kept) < 3 {
		t.Errorf("kept %v, counted %v", kept, counted)
	}
}
