package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"waymark/monitoring/collection"
	"waymark/store/backup"
	"waymark/store/storetest"
	"waymark/trust/account"
	"waymark/trust/vault"
)

// backupCanary stands for an answer; it must never be found in clear.
const backupCanary = "synthetic-canary-answer"

// drill is a server's data with everything in it, and what opens its backups.
type drill struct {
	house                *house
	world                *storetest.World
	dir, data            string
	recipients, identity string
}

func newDrill(t *testing.T) *drill {
	t.Helper()
	t.Setenv("WAYMARK_DATABASE_URL", "")
	d := &drill{dir: t.TempDir()}
	d.data = filepath.Join(d.dir, "data")
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	d.recipients, d.identity = d.file(t, "recipients", "# synthetic\n"+pair.Recipient().String()+"\n"), d.file(t, "identity", pair.String()+"\n")
	d.house = d.open(t, d.data)
	ctx := context.Background()
	d.world = storetest.NewWorld(t, d.house.db)
	if err := d.house.db.AddAccount(ctx, storetest.Officer, &account.Account{ID: 21, Name: backupCanary, Email: "a@example.org", State: account.Active}); err != nil {
		t.Fatal(err)
	}
	for _, instance := range []string{"uuid:1", "uuid:2", "uuid:3", "uuid:4"} {
		address, size, _, err := d.house.db.PutFile(ctx, d.world.Round.ID, strings.NewReader(backupCanary+instance), 1000)
		if err != nil {
			t.Fatal(err)
		}
		a := d.world.Arrival(instance)
		a.XML = append(a.XML, []byte("<!-- "+backupCanary+" -->")...)
		a.Names, a.Files = []string{"note.txt"}, []collection.Attachment{{Name: "note.txt", Type: "text/plain", Size: size, Address: address, At: a.At}}
		d.world.Arrive(t, a)
	}
	return d
}

func (d *drill) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (d *drill) settings(t *testing.T, data string) *serveConfig {
	t.Helper()
	c, err := (&houseFlags{data: data}).load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (d *drill) open(t *testing.T, data string) *house {
	t.Helper()
	h, err := openHouse(context.Background(), d.settings(t, data), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// say runs a command line and returns its exit code and what it printed.
func say(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// back makes a backup and a file of keys.
func (d *drill) back(t *testing.T, name string) (file, keys string) {
	t.Helper()
	file, keys = filepath.Join(d.dir, name+".age"), filepath.Join(d.dir, name+"-keys.age")
	code, out, errs := say("backup", "--data", d.data, "--recipients", d.recipients, "--out", file, "--keys", keys)
	if code != 0 || !strings.HasPrefix(out, "Backed up: 4 submissions, 4 files, ") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	return file, keys
}

// search looks for the canary in every file below a folder.
func search(t *testing.T, dir string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(backupCanary)) {
			t.Errorf("%s holds an answer in clear", filepath.Base(path))
		}
		looked++
		return err
	})
	if err != nil || looked < 5 {
		t.Errorf("%d files were looked at, %v", looked, err)
	}
}

// Promise 16: a restore drill. A backup is made while the server runs, put back
// on another machine with its keys, and proved: counts, audit root, what opens.
func TestRestoreDrill(t *testing.T) {
	d := newDrill(t)
	kept, err := d.house.db.Log(d.house.signer).SignCheckpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	note, key := d.file(t, "early.note", string(kept.Signed)), d.file(t, "audit.key", d.house.signer.Key()+"\n")
	file, keys := d.back(t, "monday")
	other := filepath.Join(d.dir, "other")
	code, out, errs := say("restore", file, "--identity", d.identity, "--keys", keys, "--data", other, "--checkpoint", note, "--key", key, "--format", "json")
	if code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	var got struct {
		Proved      bool
		Tables      map[string]int
		Files       int
		Checkpoints int
		Sample      struct{ Accounts, Answers, Files, Faults int }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if s := got.Sample; !got.Proved || got.Tables["submission"] != 4 || got.Files != 4 || got.Checkpoints != 1 || s.Accounts != 1 || s.Answers != 4 || s.Files != 4 || s.Faults != 0 {
		t.Errorf("%+v", got)
	}
	h := d.open(t, other)
	for _, s := range d.world.All(t, collection.Filter{}) {
		if r, err := h.db.ReadAnswers(t.Context(), storetest.Officer, s.ID, 0); err != nil || !bytes.Contains(r.XML, []byte(backupCanary)) {
			t.Errorf("answers came back as %v, %v", r, err)
		}
	}
	if a, err := h.db.AccountByEmail(t.Context(), "a@example.org"); err != nil || a.Name != backupCanary {
		t.Errorf("%+v, %v", a, err)
	}
	if h.signer.Key() != d.house.signer.Key() {
		t.Error("the key of the audit is another")
	}
	search(t, d.dir)
	if code, _, errs := say("restore", file, "--identity", d.identity, "--data", other); code != 1 || !strings.Contains(errs, "not empty") {
		t.Errorf("over what is there: exit %d, %s", code, errs)
	}
}

func TestRestoreMovesToPostgreSQL(t *testing.T) {
	d := newDrill(t)
	t.Cleanup(storetest.Stop)
	url := storetest.Postgres(t).Database(t)
	file, keys := d.back(t, "monday")
	t.Setenv("WAYMARK_DATABASE_URL", url)
	other := filepath.Join(d.dir, "other")
	code, out, errs := say("restore", file, "--identity", d.identity, "--keys", keys, "--data", other)
	if code != 0 || !strings.HasPrefix(out, "Restored: 4 submissions, 4 files, ") || !strings.Contains(out, "1 account, 4 sets of answers and 4 files") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if d.open(t, other).db.Engine() != "postgres" {
		t.Error("it is somewhere else")
	}
	again := filepath.Join(d.dir, "again.age")
	if code, out, errs := say("backup", "--data", other, "--recipients", d.recipients, "--out", again, "--format", "json"); code != 0 || !strings.Contains(out, `"engine": "postgres"`) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// Promise 2: after a round's keys are destroyed, neither an older backup nor an
// older file of keys brings them back here.
func TestWhatWasDestroyedDoesNotComeBack(t *testing.T) {
	d := newDrill(t)
	file, keys := d.back(t, "before")
	scope := vault.Scope("round-" + d.world.Round.ID.String())
	if err := d.house.vault.Destroy(scope); err != nil {
		t.Fatal(err)
	}
	// A new data folder beside the folder of keys that knows of the destruction.
	other := filepath.Join(d.dir, "other")
	if err := os.MkdirAll(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(other, "keys"), os.DirFS(filepath.Join(d.data, "keys"))); err != nil {
		t.Fatal(err)
	}
	private(t, filepath.Join(other, "keys"))
	code, out, errs := say("restore", file, "--identity", d.identity, "--keys", keys, "--data", other)
	if code != 0 || !strings.Contains(out, "1 round whose keys were destroyed") || !strings.Contains(out, "1 destroyed here and left out") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	h := d.open(t, other)
	for _, s := range d.world.All(t, collection.Filter{}) {
		if _, err := h.db.ReadAnswers(t.Context(), storetest.Officer, s.ID, 0); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("answers of a destroyed round: %v", err)
		}
	}
}

// private gives a copy the modes of a folder of keys.
func private(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(dir, e.Name()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestBackupSaysWhatIsMissing(t *testing.T) {
	d := newDrill(t)
	file, keys := d.back(t, "monday")
	short := d.file(t, "short", "too short\n")
	phrase := d.file(t, "phrase", "six synthetic words for a test\n")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"backup", "--data", d.data, "--recipients", d.recipients}, 2, "--out"},
		{[]string{"backup", "--data", d.data, "--out", "x.age"}, 2, "--recipients or --passphrase-file"},
		{[]string{"backup", "--data", d.data, "--out", "x.age", "--recipients", d.recipients, "--passphrase-file", phrase}, 2, "either"},
		{[]string{"backup", "--data", d.data, "--out", filepath.Join(d.dir, "y.age"), "--passphrase-file", short}, 1, "too short"},
		{[]string{"backup", "--data", d.data, "--out", filepath.Join(d.dir, "y.age"), "--recipients", phrase}, 1, "no list of age recipients"},
		{[]string{"backup", "--data", d.data, "--out", file, "--recipients", d.recipients}, 1, "never replaces"},
		{[]string{"backup", "--data", filepath.Join(d.dir, "nowhere"), "--out", filepath.Join(d.dir, "y.age"), "--recipients", d.recipients}, 1, "no database"},
		{[]string{"restore", "--identity", d.identity}, 2, "give the backup"},
		{[]string{"restore", file, "--data", filepath.Join(d.dir, "n")}, 2, "--identity or --passphrase-file"},
		{[]string{"restore", file, "--identity", d.recipients, "--data", filepath.Join(d.dir, "n")}, 1, "no age identity"},
		{[]string{"restore", keys, "--identity", d.identity, "--data", filepath.Join(d.dir, "n")}, 1, "no backup of waymark"},
		{[]string{"restore", phrase, "--identity", d.identity, "--data", filepath.Join(d.dir, "n")}, 1, "no encrypted backup"},
		{[]string{"restore", file, "--identity", d.identity, "--data", filepath.Join(d.dir, "n"), "--checkpoint", phrase}, 2, "needs the key"},
		{[]string{"restore", file, "--identity", d.identity, "--data", filepath.Join(d.dir, "m"), "--keys", file}, 1, "no file of keys"},
	} {
		code, out, errs := say(c.args...)
		if code != c.code || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%v: exit %d, %s%s", c.args[:1], code, out, errs)
		}
		if strings.Contains(errs, "AGE-SECRET-KEY") || strings.Contains(errs, "too short\n") {
			t.Errorf("%v: a secret is printed: %s", c.args[:1], errs)
		}
	}
	// Without keys the data come back, and no new keys are made.
	bare := filepath.Join(d.dir, "bare")
	if code, out, errs := say("restore", file, "--identity", d.identity, "--data", bare); code != 0 || !strings.Contains(out, "Warning: there are no keys") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(bare, "keys")); !os.IsNotExist(err) {
		t.Errorf("keys were made: %v", err)
	}
}

func TestPassphrasesAndScheduledBackups(t *testing.T) {
	d := newDrill(t)
	phrase := d.file(t, "phrase", "six synthetic words for a test\r\n")
	file := filepath.Join(d.dir, "by-phrase.age")
	if code, out, errs := say("backup", "--data", d.data, "--passphrase-file", phrase, "--out", file); code != 0 || !strings.Contains(out, "The keys are not in it") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := say("restore", file, "--passphrase-file", phrase, "--data", filepath.Join(d.dir, "p")); code != 0 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	c := d.settings(t, d.data)
	c.Backup = backupJobConfig{Dir: filepath.Join(d.dir, "backups"), Recipients: d.recipients, Keep: 2}
	at := time.Date(2026, 10, 6, 2, 0, 0, 0, time.UTC)
	for day := range 4 {
		if err := scheduledBackup(t.Context(), d.house.db, c, at.AddDate(0, 0, day)); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadDir(c.Backup.Dir)
	if err != nil || len(kept) != 2 || kept[0].Name() != "waymark-20261008T020000Z.age" {
		t.Fatalf("%v, %v", kept, err)
	}
	by, err := backup.Identities(d.identity, "")
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(filepath.Join(c.Backup.Dir, kept[1].Name()))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if s, err := backup.Restore(t.Context(), in, by, backup.Target{Dir: filepath.Join(d.dir, "s")}); err != nil || s.Tables["submission"] != 4 {
		t.Errorf("%+v, %v", s, err)
	}
}
