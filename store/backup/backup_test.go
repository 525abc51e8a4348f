package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/account"
	"waymark/trust/vault"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

// canary stands for an answer, a name, a content.
const canary = "synthetic-canary"

var made = time.Date(2026, 10, 6, 9, 0, 0, 0, time.UTC)

func keyPair(t testing.TB) (age.Recipient, []age.Identity) {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return i.Recipient(), []age.Identity{i}
}

// fill puts something into every part of a store.
func fill(t testing.TB, db *store.DB, submissions int) *storetest.World {
	t.Helper()
	ctx := context.Background()
	w := storetest.NewWorld(t, db)
	lat, lon := 32.0, 13.25 // one of them is whole
	w.Points[0].Lat, w.Points[0].Lon = &lat, &lon
	no(t, db.PutPoint(ctx, storetest.Officer, w.Points[0]))
	no(t, db.AddAccount(ctx, storetest.Officer, &account.Account{ID: 21, Name: canary, Email: canary + "@example.org", State: account.Active, OneTime: []byte{0, 1}}))
	no(t, db.AddPasskey(ctx, storetest.Officer, 21, &account.Passkey{ID: 31, Name: canary, Handle: []byte{0xff}}))
	no(t, db.SessionPut(ctx, &account.Session{Hash: []byte("s"), Account: 21, Data: []byte(canary), Expires: made.Add(time.Hour)}))
	for i := range submissions {
		a := w.Arrival(fmt.Sprintf("uuid:%04d", i))
		a.XML = append(a.XML, []byte("<!-- "+canary+" é\u0000 -->")...)
		if i%3 == 0 {
			address, size, _, err := db.PutFile(ctx, w.Round.ID, strings.NewReader(strings.Repeat(canary, 100+i)), 1<<20)
			no(t, err)
			a.Names = []string{"photo.jpg"}
			a.Files = []collection.Attachment{{Name: "photo.jpg", Type: "image/jpeg", Size: size, Address: address, At: a.At}}
		}
		w.Arrive(t, a)
	}
	return w
}

func no(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dump is every row of a store, sorted, as text.
func dump(t testing.TB, s *store.Snapshot) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range store.Tables {
		no(t, s.Each(context.Background(), table, func(columns []string, row []any) error {
			named := make([]string, len(columns))
			for i, c := range columns {
				named[i] = fmt.Sprintf("%s=%T:%v", c, row[i], row[i])
			}
			slices.Sort(named)
			all[table] = append(all[table], strings.Join(named, " "))
			return nil
		}))
		slices.Sort(all[table])
	}
	return all
}

func snapshot(t testing.TB, o store.Options) *store.Snapshot {
	t.Helper()
	r, err := store.OpenReader(context.Background(), o)
	no(t, err)
	s, err := r.Snapshot(context.Background())
	no(t, err)
	t.Cleanup(func() { s.Close(); r.Close() })
	return s
}

func write(t testing.TB, place *storetest.Place, db *store.DB, to age.Recipient) ([]byte, *Summary) {
	t.Helper()
	var b bytes.Buffer
	s, err := Write(context.Background(), &b, Source{Snapshot: snapshot(t, place.Options), Files: db.Contents().Bucket(), Program: "waymark test", Now: made}, to)
	no(t, err)
	return b.Bytes(), s
}

func TestFromEveryEngineToEveryEngine(t *testing.T) {
	to, by := keyPair(t)
	for _, from := range storetest.Engines {
		place := from.NewPlace(t)
		db := place.Open(t)
		w := fill(t, db, 12)
		file, written := write(t, place, db, to)
		want := dump(t, snapshot(t, place.Options))
		if bytes.Contains(file, []byte(canary)) || bytes.Contains(file, []byte("programme")) {
			t.Error("the backup holds something in clear")
		}
		if written.Files != 4 || written.Missing != 0 || written.Tables["submission"] != 12 || written.Tables["account_passkey"] != 1 {
			t.Errorf("written: %+v", written)
		}
		for _, engine := range storetest.Engines {
			t.Run(from.Name+" to "+engine.Name, func(t *testing.T) {
				o := engine.NewPlace(t).Options
				o.Vault = place.Vault
				read, err := Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: o.Dir, URL: o.URL})
				no(t, err)
				maps.DeleteFunc(written.Tables, func(_ string, n int64) bool { return n == 0 })
				if fmt.Sprint(read) != fmt.Sprint(written) {
					t.Errorf("read    %+v\nwritten %+v", read, written)
				}
				s := snapshot(t, o)
				if got := dump(t, s); fmt.Sprint(got) != fmt.Sprint(want) {
					for table := range want {
						if fmt.Sprint(got[table]) != fmt.Sprint(want[table]) {
							t.Errorf("%s came back changed:\n%.2000v\n%.2000v", table, got[table], want[table])
						}
					}
				}
				// The server goes on from there.
				again, err := store.Open(t.Context(), o)
				no(t, err)
				defer again.Close()
				size, root, err := again.VerifyAudit(t.Context())
				if err != nil || size != read.Audit.Size || root.String() != read.Audit.Root {
					t.Errorf("the log has %d entries, %v", size, err)
				}
				sample, err := again.TakeSample(t.Context(), 5)
				if err != nil || sample.Accounts != 1 || sample.Answers != 5 || sample.Files == 0 || sample.Faults != 0 {
					t.Errorf("%+v, %v", sample, err)
				}
				w := *w
				w.DB = again
				w.Arrive(t, w.Arrival("uuid:new"))
				if _, err := again.SessionFind(t.Context(), []byte("s"), made); fault.KindOf(err) != fault.NotFound {
					t.Errorf("a session came back: %v", err)
				}
			})
		}
	}
}

// A backup that is made while people work is one moment of the whole.
func TestWhilePeopleWork(t *testing.T) {
	to, by := keyPair(t)
	for _, engine := range storetest.Engines {
		t.Run(engine.Name, func(t *testing.T) {
			place := engine.NewPlace(t)
			db := place.Open(t)
			w := fill(t, db, 3)
			stop := make(chan struct{})
			var group sync.WaitGroup
			for k := range 4 {
				group.Go(func() {
					for i := 0; ; i++ {
						select {
						case <-stop:
							return
						default:
							if _, err := db.Arrive(context.Background(), storetest.Phone, w.Arrival(fmt.Sprintf("uuid:%d-%d", k, i))); err != nil {
								t.Error(err)
								return
							}
						}
					}
				})
			}
			for range 3 {
				file, _ := write(t, place, db, to)
				o := storetest.SQLite.NewPlace(t).Options
				o.Vault = place.Vault
				s, err := Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: o.Dir})
				no(t, err)
				again, err := store.Open(t.Context(), o)
				no(t, err)
				if _, _, err := again.VerifyAudit(t.Context()); err != nil {
					t.Error(err)
				}
				tallied := 0
				tallies, err := again.Tallies(t.Context(), w.Round.ID)
				no(t, err)
				for _, tally := range tallies {
					tallied += tally.Count
				}
				if n := s.Tables["submission"]; s.Tables["revision"] != n || int64(tallied) != n || s.Tables["instance"] != n {
					t.Errorf("%d submissions, %d revisions, %d counted", n, s.Tables["revision"], tallied)
				}
				no(t, again.Close())
			}
			close(stop)
			group.Wait()
		})
	}
}

func TestADamagedBackupRestoresNothing(t *testing.T) {
	to, by := keyPair(t)
	place := storetest.SQLite.NewPlace(t)
	db := place.Open(t)
	fill(t, db, 5)
	file, _ := write(t, place, db, to)
	dir := filepath.Join(t.TempDir(), "data")
	try := func(file []byte) error {
		_, err := Restore(context.Background(), bytes.NewReader(file), by, Target{Dir: dir})
		return err
	}
	rapid.Check(t, func(t *rapid.T) {
		broken := bytes.Clone(file)
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		if rapid.Bool().Draw(t, "cut") {
			broken = broken[:at]
		} else {
			broken[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		}
		err := try(broken)
		if k := fault.KindOf(err); err == nil || k != fault.Invalid && k != fault.Denied {
			t.Fatalf("got %v", err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
			t.Fatalf("left behind: %v, %v", entries, err)
		}
	})
	_, stranger := keyPair(t)
	if _, err := Restore(t.Context(), bytes.NewReader(file), stranger, Target{Dir: dir}); fault.KindOf(err) != fault.Denied {
		t.Errorf("another identity: %v", err)
	}
	no(t, try(file))
	if err := try(file); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second restore into the same folder: %v", err)
	}
}

// forged makes a backup of whatever entries, as someone does who has the public
// recipient.
func forged(t testing.TB, to age.Recipient, entries ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	a, err := newArchive(&b, made, []age.Recipient{to})
	no(t, err)
	for _, e := range entries {
		no(t, a.bytes(e[0], []byte(e[1])))
	}
	no(t, a.Close())
	return b.Bytes()
}

func TestForgedBackupsAreRefused(t *testing.T) {
	to, by := keyPair(t)
	manifest := [2]string{nameManifest, `{"format":"waymark-backup-1","schema":1}`}
	for name, entries := range map[string][][2]string{
		"nothing":              {},
		"another archive":      {{"etc/passwd", "root"}},
		"another format":       {{nameManifest, `{"format":"x"}`}},
		"no end":               {manifest},
		"a newer program":      {{nameManifest, `{"format":"waymark-backup-1","schema":100000}`}, {nameEnd, "{}"}},
		"a path":               {manifest, {"files/../../evil", "x"}, {nameEnd, "{}"}},
		"a table of its own":   {manifest, {"tables/sqlite_master/000001.jsonl", "[\"a\"]\n[1]\n"}, {nameEnd, "{}"}},
		"a column of its own":  {manifest, {"tables/programme/000001.jsonl", "[\"id) VALUES (1); DROP TABLE round; --\"]\n[1]\n"}, {nameEnd, `{"tables":{"programme":1}}`}},
		"no such column":       {manifest, {"tables/programme/000001.jsonl", "[\"evil\"]\n[1]\n"}, {nameEnd, `{"tables":{"programme":1}}`}},
		"too few values":       {manifest, {"tables/programme/000001.jsonl", "[\"id\",\"name\"]\n[1]\n"}, {nameEnd, `{"tables":{"programme":1}}`}},
		"a value of its own":   {manifest, {"tables/programme/000001.jsonl", "[\"id\"]\n[{\"x\":1}]\n"}, {nameEnd, `{"tables":{"programme":1}}`}},
		"wrong counts":         {manifest, {nameEnd, `{"tables":{"programme":1}}`}},
		"rows without parents": {manifest, {"tables/round_point/000001.jsonl", "[\"id\",\"round\",\"code\",\"name\",\"route\",\"etag\"]\n[1,2,\"a\",\"b\",\"\",1]\n"}, {nameEnd, `{"tables":{"round_point":1}}`}},
		"more behind the end":  {manifest, {nameEnd, "{}"}, {"files/" + strings.Repeat("a", 64), "x"}},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		_, err := Restore(t.Context(), bytes.NewReader(forged(t, to, entries...)), by, Target{Dir: dir})
		if err == nil || fault.KindOf(err) == fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

func TestADatabaseInUseIsNeverReplaced(t *testing.T) {
	to, by := keyPair(t)
	place := storetest.PostgreSQL.NewPlace(t)
	db := place.Open(t)
	fill(t, db, 2)
	file, _ := write(t, place, db, to)
	before := dump(t, snapshot(t, place.Options))
	_, err := Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: t.TempDir(), URL: place.Options.URL})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v", err)
	}
	if fmt.Sprint(dump(t, snapshot(t, place.Options))) != fmt.Sprint(before) {
		t.Error("rows were changed")
	}
	// One that was only opened once is empty.
	empty := storetest.PostgreSQL.NewPlace(t)
	empty.Vault = place.Vault
	fresh, err := store.Open(t.Context(), empty.Options)
	no(t, err)
	no(t, fresh.Close())
	if _, err := Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: t.TempDir(), URL: empty.Options.URL}); err != nil {
		t.Error(err)
	}
}

// Promise 2: what was destroyed stays unreadable in an older backup.
func TestAnOlderBackupOfADestroyedRoundStaysClosed(t *testing.T) {
	to, by := keyPair(t)
	place := storetest.SQLite.NewPlace(t)
	db := place.Open(t)
	w := fill(t, db, 4)
	id := w.All(t, collection.Filter{})[0].ID
	file, _ := write(t, place, db, to)
	no(t, place.Vault.Destroy(vault.Scope("round-"+w.Round.ID.String())))
	o := storetest.SQLite.NewPlace(t).Options
	o.Vault = place.Vault
	_, err := Restore(t.Context(), bytes.NewReader(file), by, Target{Dir: o.Dir})
	no(t, err)
	again, err := store.Open(t.Context(), o)
	no(t, err)
	defer again.Close()
	if r, err := again.ReadAnswers(t.Context(), storetest.Officer, id, 0); err == nil {
		t.Errorf("answers of a destroyed round were read: %d bytes", len(r.XML))
	}
	if s, err := again.TakeSample(t.Context(), 5); err != nil || s.Destroyed != 1 || s.Answers != 0 || s.Faults != 0 || s.Accounts != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var row []any
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			switch rapid.IntRange(0, 4).Draw(t, fmt.Sprint("kind", i)) {
			case 0:
				row = append(row, nil)
			case 1:
				row = append(row, rapid.Int64().Draw(t, "int"))
			case 2:
				row = append(row, rapid.Float64().Draw(t, "float"))
			case 3:
				row = append(row, rapid.String().Draw(t, "text"))
			case 4:
				row = append(row, rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
			}
		}
		line, err := appendRow(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Count(line, []byte("\n")) != 1 {
			t.Fatalf("%q is not one line", line)
		}
		back, err := parseRow(line)
		if err != nil || fmt.Sprintf("%T%v", back, back) != fmt.Sprintf("%T%v", append([]any{}, row...), row) {
			t.Fatalf("%v became %s became %v, %v", row, line, back, err)
		}
	})
	if _, err := appendRow(nil, []any{true}); err == nil {
		t.Error("a value of another kind was written")
	}
}

func FuzzParseRow(f *testing.F) {
	f.Add([]byte(`[1,2.5,"a",{"b":"AA=="},null]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parseRow(line)
		if err != nil {
			return
		}
		again, err := appendRow(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parseRow(again); err != nil || fmt.Sprint(back) != fmt.Sprint(row) {
			t.Errorf("%q became %q: %v", line, again, err)
		}
	})
}

func TestASmallTargetIsToldOf(t *testing.T) {
	to, by := keyPair(t)
	place := storetest.SQLite.NewPlace(t)
	file, _ := write(t, place, place.Open(t), to)
	into := &refusing{err: errors.New("no space left on device")}
	if _, err := Read(t.Context(), bytes.NewReader(file), by, into); !errors.Is(err, into.err) {
		t.Errorf("the target's own error is lost: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(gone, io.Discard, Source{Snapshot: snapshot(t, place.Options), Now: made}, to); err == nil {
		t.Error("a backup that nobody waits for went on")
	}
}

type refusing struct{ err error }

func (r *refusing) Begin(context.Context, *Manifest) error                  { return nil }
func (r *refusing) Row(context.Context, string, []string, []any) error      { return r.err }
func (r *refusing) Content(context.Context, string, io.Reader, int64) error { return r.err }
