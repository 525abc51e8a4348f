package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/trust/audit"
)

// entries counts the entries of an action in the log of a house that stands
// still, which waymark audit verify must find whole.
func (d *drill) entries(t *testing.T, action string) int { return d.entriesOf(t, d.data, action) }

func (d *drill) entriesOf(t *testing.T, data, action string) int {
	t.Helper()
	h := d.open(t, data)
	defer h.Close()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.audit.Export(t.Context(), console, 0, f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	key := d.file(t, "export.key", h.signer.Key()+"\n")
	if code, out, errs := say("audit", "verify", path, "--key", key); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), `"via":"command"},"action":"`+action+`"`)
}

// What is done at the console stands in the audit: at once where nobody works on
// the database, else as soon as the server takes it up.
func TestConsoleIsAudited(t *testing.T) {
	d := newDrill(t)
	file, keys := d.back(t, "while-it-runs")
	waiting, err := filepath.Glob(filepath.Join(d.data, consoleFolder, "*.json"))
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%v, %v", waiting, err)
	}
	s := &site{house: d.house, settings: d.settings(t, d.data), log: slog.New(slog.DiscardHandler)}
	// Whoever may write there puts no words of their own into the log.
	forged := filepath.Join(d.data, consoleFolder, "forged.json")
	for _, text := range []string{`{"action":"submission.read"}`, `{"action":"store.backed-up","detail":{"note":"a name"}}`, `{"action":"store.backed-up","by":"x"}`, strings.Repeat(" ", maxNoted+1), ``} {
		if err := os.WriteFile(forged, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.takeWord(t.Context()); err == nil || !strings.Contains(err.Error(), "forged.json") {
			t.Errorf("%.40q was taken: %v", text, err)
		}
	}
	if err := os.Remove(forged); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing
		if err := s.takeWord(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(d.data, consoleFolder)); len(left) != 0 {
		t.Errorf("%d words are left", len(left))
	}
	if err := d.house.Close(); err != nil {
		t.Fatal(err)
	}
	if n := d.entries(t, audit.BackedUp); n != 1 {
		t.Errorf("%d entries of the backup while the server ran", n)
	}
	d.back(t, "while-it-stands")
	if n := d.entries(t, audit.BackedUp); n != 2 {
		t.Errorf("%d entries after a backup of a server that stood", n)
	}
	other := filepath.Join(d.dir, "other")
	if code, out, errs := say("restore", file, "--identity", d.identity, "--keys", keys, "--data", other); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if n := d.entriesOf(t, other, audit.Restored); n != 1 {
		t.Errorf("%d entries of the restore", n)
	}
	// Without keys too: they come later.
	bare := filepath.Join(d.dir, "bare")
	if code, out, errs := say("restore", file, "--identity", d.identity, "--data", bare); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if err := os.CopyFS(filepath.Join(bare, "keys"), os.DirFS(filepath.Join(d.data, "keys"))); err != nil {
		t.Fatal(err)
	}
	private(t, filepath.Join(bare, "keys"))
	if n := d.entriesOf(t, bare, audit.Restored); n != 1 {
		t.Errorf("%d entries of the restore without keys", n)
	}
}
