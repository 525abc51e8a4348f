package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/openrosa"
)

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	c := &serveConfig{Data: filepath.Join(t.TempDir(), "data"), Listen: "127.0.0.1:1", Log: logConfig{Format: "text", Level: "error"}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	bad := func() (names []string) {
		for _, a := range examine(t.Context(), c) {
			if !a.OK {
				names = append(names, a.Of)
			}
		}
		return names
	}
	if got := strings.Join(bad(), " "); got != "data" {
		t.Errorf("without a server: %q", got)
	}
	h, err := openHouse(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, h.db, openrosa.NewToken)
	sendOne(t, h, w)
	if got := strings.Join(bad(), " "); got != "database" {
		t.Errorf("while another process has the data and no server answers: %q", got)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if got := bad(); len(got) != 0 {
		t.Errorf("a healthy server: %v", got)
	}
	key := filepath.Join(c.Keys.Dir, "round-"+w.round.ID.String()+".json")
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(bad(), " "); got != "answers" {
		t.Errorf("with a round's key gone: %q", got)
	}
	if err := os.Rename(filepath.Join(c.Keys.Dir, "master.key"), filepath.Join(c.Data, "master.key")); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(bad(), " "); got != "keys" {
		t.Errorf("with the master key gone: %q", got)
	}
}
