package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"waymark/monitoring"
	"waymark/trust/vault"
	"waymark/web/system"
)

// systemSource tells administrators how the server is.
type systemSource struct {
	*site
	started time.Time
}

// State implements system.Source.
func (s *systemSource) State(ctx context.Context) (*system.State, error) {
	db, err := s.house.db.State(ctx)
	if err != nil {
		return nil, err
	}
	out := &system.State{
		Version: strings.TrimPrefix(monitoring.Program, "waymark "),
		Build:   runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH,
		Started: s.started, Engine: db.Engine, Schema: db.Schema, Database: db.Size, Files: -1, Store: "disk",
		Unchecked: db.Unchecked, Entries: db.Entries,
	}
	if db.Signed != nil {
		out.Signed = db.Signed.At
	}
	if s.settings.Files.S3 != nil {
		out.Store = "s3"
	} else {
		out.Files = folderSize(filepath.Join(s.settings.Data, "files"))
	}
	if free, total, err := diskSpace(s.settings.Data); err == nil {
		out.Free, out.Total = free, total
	}
	if out.Backup, out.BackupSize, err = newestBackup(s.settings.Backup.Dir); err != nil {
		s.log.Warn("the folder of backups cannot be read", "error", err)
	}
	jobs, err := s.jobs.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		one := system.Job{Name: j.Kind, Every: j.Every, Failures: j.Failed}
		if j.Done != nil {
			one.Last = *j.Done
			if j.Every > 0 {
				one.Next = one.Last.Add(j.Every)
			}
		}
		out.Jobs = append(out.Jobs, one)
	}
	out.Keys, err = s.keys(ctx)
	return out, err
}

// keys says of every round whether its keys can be used.
func (s *systemSource) keys(ctx context.Context) ([]system.Key, error) {
	held, err := s.house.vault.Scopes()
	if err != nil {
		return nil, err
	}
	have := map[vault.Scope]bool{}
	for _, scope := range held {
		have[scope] = true
	}
	want := []vault.Scope{vault.Accounts}
	programmes, err := s.house.db.ListProgrammes(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range programmes {
		rounds, err := s.house.db.ListRounds(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range rounds {
			want = append(want, vault.Scope("round-"+r.ID.String()))
		}
	}
	var keys []system.Key
	for _, scope := range want {
		k := system.Key{Scope: string(scope), State: system.KeyMissing}
		switch {
		case s.house.vault.Destroyed(scope):
			k.State = system.KeyDestroyed
		case have[scope]:
			k.State = system.KeyGood
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// Ask implements system.Source.
func (s *systemSource) Ask(ctx context.Context, job string) error { return s.jobs.Ask(ctx, job) }

// folderSize adds up the files in a folder, in bytes; -1 if that cannot be known.
func folderSize(dir string) int64 {
	var n int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		} else if errors.Is(err, fs.ErrNotExist) {
			err = nil // it was removed meanwhile
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return -1
	}
	return n
}

// newestBackup finds the newest file that the backup job wrote.
func newestBackup(dir string) (at time.Time, size int64, err error) {
	if dir == "" {
		return at, 0, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return at, 0, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), ".age") && info.ModTime().After(at) {
			at, size = info.ModTime(), info.Size()
		}
	}
	return at, size, nil
}
