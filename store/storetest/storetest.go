// Package storetest holds what a store must do, once, for every engine, and
// starts the private PostgreSQL that tests need.
//
// It is for tests alone: nothing that ships may import it. It must not know
// which engine it looks at.
package storetest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"waymark/store"
	"waymark/store/file"
	"waymark/trust/vault"
)

// Engine opens stores of one kind.
type Engine struct {
	Name string
	// Fresh returns where a new, empty database is. Required.
	Fresh func(t testing.TB) store.Options
	// Files are the folders that everything is written into. Required.
	Files func(p *Place) []string
	// Few makes lists take the ways for many rows with few; optional.
	Few func(db *store.DB, n int)
}

// SQLite keeps each database in a folder of its test.
var SQLite = Engine{Name: "sqlite", Fresh: func(t testing.TB) store.Options {
	return store.Options{Dir: t.TempDir()}
}, Files: func(p *Place) []string { return []string{p.Options.Dir} }}

// PostgreSQL gives each test a database of the private server.
var PostgreSQL = Engine{Name: "postgres", Fresh: func(t testing.TB) store.Options {
	return store.Options{URL: Postgres(t).Database(t), Dir: t.TempDir()}
}, Files: func(p *Place) []string { return []string{p.Options.Dir, server.dir} }}

// Engines are all.
var Engines = []Engine{SQLite, PostgreSQL}

// Place is a database with its keys: it can be opened again.
type Place struct {
	Options store.Options
	Vault   *vault.Vault
	Cases   *vault.Cases
	Keys    string // the folder that NewVault opens
}

// NewPlace makes an empty one.
func (e Engine) NewPlace(t testing.TB) *Place {
	t.Helper()
	keys := t.TempDir()
	v := NewVault(t, keys)
	o := e.Fresh(t)
	o.Log = slog.New(slog.DiscardHandler)
	p := &Place{Options: o, Keys: keys}
	p.Rekey(t, v)
	return p
}

// Rekey gives a place the keys of a vault, and those of cases beside them.
func (p *Place) Rekey(t testing.TB, v *vault.Vault) {
	t.Helper()
	c, err := vault.OpenCases(v)
	if err != nil {
		t.Fatal(err)
	}
	p.Vault, p.Cases = v, c
	p.Options.Vault, p.Options.Cases = v, c
}

// NewVault opens keys in a folder; it makes them if there are none.
func NewVault(t testing.TB, dir string) *vault.Vault {
	t.Helper()
	v, err := OpenVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// OpenVault is NewVault for a process that is not a test.
func OpenVault(dir string) (*vault.Vault, error) {
	keys := filepath.Join(dir, "keys")
	master, err := vault.File(filepath.Join(dir, "master.key"), keys)
	if err != nil {
		return nil, err
	}
	return vault.Open(keys, master)
}

// Open opens the store and closes it at the end of the test.
func (p *Place) Open(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), p.Options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// OpenFiles opens the contents of a place's files by themselves.
func (p *Place) OpenFiles(t testing.TB) *file.Disk {
	t.Helper()
	d, err := file.OpenDisk(filepath.Join(p.Options.Dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Run runs every contract on an engine.
func Run(t *testing.T, e Engine) {
	for _, c := range contracts {
		t.Run(c.name, func(t *testing.T) { c.run(t, e) })
	}
}

// contracts are what every store keeps.
var contracts = []struct {
	name string
	run  func(t *testing.T, e Engine)
}{
	{"programmes", programmes},
	{"points and targets", pointsAndTargets},
	{"forms", forms},
	{"enumerators", enumerators},
	{"exactly once", exactlyOnce},
	{"other answers under one instance", otherAnswers},
	{"edits from phones", editsFromPhones},
	{"corrections by others", correctionsByOthers},
	{"files in several posts", filesInSeveralPosts},
	{"edits in the browser", editsInTheBrowser},
	{"drafts stand apart", draftsStandApart},
	{"reviews", reviews},
	{"reading is recorded", readingIsRecorded},
	{"checks", checks},
	{"a round without its keys", withoutKeys},
	{"near-duplicates", nearDuplicates},
	{"totals equal a recount", totalsEqualARecount},
	{"filters", filters},
	{"contents that nothing names", func(t *testing.T, e Engine) { Collect(t, e.NewPlace(t)) }},
	{"deletion", deletion},
	{"deletion goes on after a crash", deletionGoesOn},
	{"the clock set back", clockSetBack},
	{"accounts", func(t *testing.T, e Engine) { Accounts(t, e.NewPlace(t).Open(t)) }},
	{"audit", func(t *testing.T, e Engine) { Audit(t, e.NewPlace(t).Open(t)) }},
	{"nothing identifying in clear", nothingInClear},
	{"referral", func(t *testing.T, e Engine) {
		Referral(t, func(t testing.TB) *Network { return OpenNetwork(t, e.NewPlace(t).Open(t)) })
	}},
	{"lists of matters", listsOfMatters},
	{"one matter is decrypted", oneMatterIsDecrypted},
	{"abandoned drafts", abandonedDrafts},
	{"rows that were moved", rowsThatWereMoved},
	{"matters without their keys", mattersWithoutKeys},
	{"matters: nothing in clear", mattersNothingInClear},
	{"people who write at once", writersAtOnce},
}
