package job

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

func openSQLite(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func queue(t *testing.T, db *sql.DB, kinds ...Kind) *Jobs {
	t.Helper()
	j, err := New(t.Context(), Options{DB: db, Engine: "sqlite", Kinds: kinds, Poll: 10 * time.Millisecond,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func wait(t *testing.T, ch <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(20 * time.Second):
		t.Fatal("waited for: " + what)
	}
}

func TestWhatWasAskedForIsDoneAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jobs.db")
	done := make(chan struct{}, 10)
	kind := Kind{Name: "sweep", Do: func(context.Context) error { done <- struct{}{}; return nil }}
	first := openSQLite(t, path)
	j := queue(t, first, kind)
	for range 3 { // three asks are one job
		if err := j.Ask(t.Context(), "sweep"); err != nil {
			t.Fatal(err)
		}
	}
	first.Close() // the process ends before it begins to work

	j = queue(t, openSQLite(t, path), kind)
	if s, err := j.Statuses(t.Context()); err != nil || len(s) != 1 || s[0].Waiting != 1 {
		t.Fatalf("status after a restart: %+v, %v; want one job that waits", s, err)
	}
	if err := j.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait(t, done, "the job of the earlier process")
	if err := j.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(done) != 0 {
		t.Error("three asks for one kind of work were done more than once")
	}
	if s, err := j.Statuses(t.Context()); err != nil || s[0].Waiting != 0 || s[0].Done == nil {
		t.Errorf("status when done: %+v, %v", s, err)
	}
}

func TestPeriodicWorkBeginsAtStartAndFailuresAreTriedAgain(t *testing.T) {
	tried := make(chan struct{}, 10)
	n := 0
	j := queue(t, openSQLite(t, filepath.Join(t.TempDir(), "jobs.db")),
		Kind{Name: "checkpoint", Every: time.Hour, AtStart: true, Do: func(context.Context) error {
			n++
			tried <- struct{}{}
			if n == 1 {
				return errors.New("the disk was busy")
			}
			return nil
		}})
	if err := j.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait(t, tried, "the first run")
	wait(t, tried, "the second run, after a failure")
	if err := j.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownKindsAndEnginesAreRefused(t *testing.T) {
	j := queue(t, openSQLite(t, filepath.Join(t.TempDir(), "jobs.db")), Kind{Name: "sweep", Do: func(context.Context) error { return nil }})
	if err := j.Ask(t.Context(), "brew"); err == nil {
		t.Error("a job of no kind was taken")
	}
	if _, err := New(t.Context(), Options{Engine: "paper", Log: slog.Default()}); err == nil {
		t.Error("an engine that is none was taken")
	}
}
