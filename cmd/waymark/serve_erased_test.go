package main

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"waymark/internal/ids"
	"waymark/referral"
)

// signIn lets somebody in who has an account already.
func (r *running) signIn(w *watch, email string) *visitor {
	r.t.Helper()
	v := r.visit(w, email)
	page := v.get("/sign-in").want(v, 200)
	v.submit(page, "/sign-in", fields{"email": {email}, "password": {testPassword}}).want(v, 303)
	v.submit(v.get("/sign-in/code").want(v, 200), "/sign-in/code", fields{"code": {r.code(email)}}).want(v, 303)
	return v
}

// TestPromise2ErasedHereIsErasedInOlderBackups: a case is backed up with its keys, read,
// and erased by two people. Neither the older data with the keys of today, nor the older
// data with the older keys beside the mark of the erasure, bring it back; and another
// case of the same backup is whole.
func TestPromise2ErasedHereIsErasedInOlderBackups(t *testing.T) {
	t.Setenv("WAYMARK_DATABASE_URL", "")
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	c := &canaries{}
	n := newNetwork(t, startRunning(t, data, log), contents(c))
	gone, kept := n.refer(n.concernOf()), n.refer(n.concernOf())
	for _, id := range []ids.ID{gone, kept} {
		n.write("caseworker", "/cases/"+id.String()+"/new/note", nil)
		n.write("caseworker", "/cases/"+id.String()+"/document", nil)
	}
	file := "/cases/" + gone.String() + "/parts/" + n.newest(gone, referral.PartDocument).String() + "/file"
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	recipients, identity := write("recipients", pair.Recipient().String()+"\n"), write("identity", pair.String()+"\n")
	backup, keys := filepath.Join(dir, "older.age"), filepath.Join(dir, "older-keys.age")
	if code, out, errs := say("backup", "--data", data, "--recipients", recipients, "--out", backup, "--keys", keys); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	worker := n.people["caseworker"]
	if page := worker.get("/cases/"+gone.String()+"?view=notes").want(worker, 200); !strings.Contains(page.body, canaryStem) {
		t.Fatal("the case holds nothing before it is erased")
	}
	n.erase(gone)
	for _, path := range []string{"/cases/" + gone.String(), file, "/cases/" + gone.String() + "/held"} {
		if got := worker.get(path); got.StatusCode != http.StatusNotFound && got.to() != "/cases/"+gone.String()+"/proof" || strings.Contains(got.body, canaryStem) {
			t.Errorf("%s answers %d after the erasure", path, got.StatusCode)
		}
	}
	search := newSearcher(c)
	for _, how := range []struct {
		name string
		args []string
	}{
		{"the keys of today", nil},
		{"the older keys beside those of today", []string{"--keys", keys}},
	} {
		t.Run(how.name, func(t *testing.T) {
			other := filepath.Join(t.TempDir(), "other")
			copied(t, filepath.Join(data, "keys"), filepath.Join(other, "keys"))
			args := append([]string{"restore", backup, "--identity", identity, "--data", other}, how.args...)
			if code, out, errs := say(args...); code != 0 {
				t.Fatalf("exit %d\n%s%s", code, out, errs)
			}
			r := startRunning(t, other, log)
			v := r.signIn(newWatch(t, r), "caseworker@example.org")
			m, err := r.house.db.Referral().Matter(t.Context(), gone)
			if err != nil || m.State != referral.Erased || m.Print == "" {
				t.Errorf("the row is %+v, %v", m, err)
			}
			for _, path := range []string{"/cases/" + gone.String(), file, "/cases/" + gone.String() + "/held", "/cases/" + gone.String() + "/proof"} {
				got := v.get(path)
				if found := search.in([]byte(got.body)); len(found) > 0 || got.StatusCode == http.StatusOK && !strings.HasSuffix(path, "/proof") {
					t.Errorf("%s answers %d", path, got.StatusCode)
				}
			}
			if proof := v.get("/cases/"+gone.String()+"/proof").want(v, 200); !strings.Contains(proof.body, m.Print) || !strings.Contains(proof.body, "rased") {
				t.Error("the page does not say that the case was erased")
			}
			if _, err := r.house.db.Referral().Open(t.Context(), testBy, gone, "case.read"); err == nil {
				t.Error("the case opens")
			}
			if page := v.get("/cases/"+kept.String()+"?view=notes").want(v, 200); !strings.Contains(page.body, canaryStem) {
				t.Error("the other case is empty")
			}
		})
	}
	// Without any keys what is in the backup is closed, for every case.
	t.Run("no keys", func(t *testing.T) {
		bare := filepath.Join(t.TempDir(), "bare")
		if code, out, errs := say("restore", backup, "--identity", identity, "--data", bare); code != 0 || !strings.Contains(out, "there are no keys") {
			t.Fatalf("exit %d\n%s%s", code, out, errs)
		}
		if found, files := search.inFolder(t, bare); len(found) > 0 || files == 0 {
			t.Errorf("%d files, %v", files, found)
		}
	})
}

// copied copies a folder of keys with the modes that it must have.
func copied(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
