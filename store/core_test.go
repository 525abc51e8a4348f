package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"waymark/internal/fault"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

func testVault(t testing.TB) *vault.Vault {
	t.Helper()
	dir := t.TempDir()
	keys := filepath.Join(dir, "keys")
	master, err := vault.File(filepath.Join(dir, "master.key"), keys)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(keys, master)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func openDir(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Dir: dir, Vault: testVault(t), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

var system = audit.Actor{Kind: audit.System, Via: "command"}

// add inserts a programme of a name, and an entry.
func add(db *DB, name string) func(*Tx) error {
	id := db.NewID()
	return func(t *Tx) error {
		_, err := t.Exec("INSERT INTO programme (id, name, about, demo, created, etag) VALUES ($1, $2, '', 0, 0, 1)", id, name)
		t.Record(audit.Entry{Actor: system, Action: "programme.add", Subject: "programme:" + id.String()})
		return err
	}
}

func count(t testing.TB, db *DB, query string) int {
	t.Helper()
	var n int
	if err := db.on(context.Background()).One(query, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPartsOfABatchFailAlone(t *testing.T) {
	db := openDir(t, t.TempDir())
	var wg sync.WaitGroup
	refused := fault.New(fault.Conflict, fault.Place{}, "no", "")
	for i := range 90 {
		wg.Go(func() {
			unit := add(db, strconv.Itoa(i))
			var err error
			switch i % 3 {
			case 0:
				if err = db.Write(t.Context(), unit); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			case 1: // changes something, then fails
				err = db.Write(t.Context(), func(tx *Tx) error {
					if err := unit(tx); err != nil {
						return err
					}
					return refused
				})
				if !errors.Is(err, refused) {
					t.Errorf("%d: %v", i, err)
				}
			case 2:
				err = db.Write(t.Context(), func(tx *Tx) error {
					unit(tx)
					panic("a mistake")
				})
				if fault.KindOf(err) != fault.Internal {
					t.Errorf("%d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	if n := count(t, db, "SELECT count(*) FROM programme"); n != 30 {
		t.Errorf("%d rows", n)
	}
	if n := count(t, db, "SELECT count(*) FROM audit_entry"); n != 30 {
		t.Errorf("%d entries", n)
	}
	if n := count(t, db, "SELECT size FROM audit_head"); n != 30 {
		t.Errorf("size %d", n)
	}
}

func TestAHiddenErrorOfTheDatabaseFailsItsPart(t *testing.T) {
	db := openDir(t, t.TempDir())
	err := db.Write(t.Context(), func(tx *Tx) error {
		add(db, "one")(tx)
		tx.Exec("INSERT INTO nowhere VALUES (1)")
		return nil
	})
	if fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v", err)
	}
	if n := count(t, db, "SELECT count(*) FROM programme"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestAWithdrawnWriteIsNotDone(t *testing.T) {
	db := openDir(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	began, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.Write(t.Context(), func(tx *Tx) error { close(began); <-release; return add(db, "held")(tx) })
	}()
	<-began
	cancel()
	if err := db.Write(ctx, add(db, "gone")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := count(t, db, "SELECT count(*) FROM programme"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	db := openDir(t, dir)
	_, err := Open(t.Context(), Options{Dir: dir, Vault: testVault(t), Log: slog.New(slog.DiscardHandler)})
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.Unavailable || f.Remedy == "" {
		t.Fatalf("got %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), add(db, "late")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed store said %v", err)
	}
	openDir(t, dir)
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	db := openDir(t, dir)
	if _, err := db.Writer().Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err := Open(t.Context(), Options{Dir: dir, Vault: testVault(t), Log: slog.New(slog.DiscardHandler)})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openDir(t, t.TempDir())
	if _, err := db.read.Exec("DELETE FROM programme"); err == nil {
		t.Error("the reading pool wrote")
	}
	var none int
	if err := db.on(t.Context()).One("SELECT id FROM programme", nil, &none); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("got %v", err)
	}
}
