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
	"slices"
	"strings"
	"time"

	"waymark/internal/durable"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/store"
	"waymark/trust/audit"
)

// console is whoever sits at the machine and gives a command.
var console = audit.Actor{Kind: audit.System, Via: "command"}

// noted is what a command did, for the audit.
type noted struct {
	Action string            `json:"action"`
	Detail map[string]string `json:"detail,omitempty"`
}

// consoleFolder is where commands leave word for a server that runs: over SQLite
// it alone may write to the database. maxNoted bounds one such file, in bytes.
const (
	consoleFolder = "console"
	maxNoted      = 4 << 10
)

// consoleActions are those that a command may leave word of.
var consoleActions = []string{audit.BackedUp, audit.Restored}

// note writes into the audit what a command did. Where that cannot be done now,
// word is left for the server, which writes it within a minute, or when it starts.
func note(ctx context.Context, c *serveConfig, n noted) error {
	url, err := c.databaseURL()
	if err != nil {
		return err
	}
	err = store.Append(ctx, store.Options{Dir: c.Data, URL: url, Log: slog.New(slog.DiscardHandler)}, n.entry())
	if kind := fault.KindOf(err); err == nil || kind != fault.Unavailable && kind != fault.Conflict {
		return err
	}
	return leaveWord(c.Data, n, time.Now())
}

func (n noted) entry() audit.Entry {
	return audit.Entry{Actor: console, Action: n.Action, Detail: n.Detail}
}

func leaveWord(data string, n noted, now time.Time) error {
	detail := map[string]string{"at": now.UTC().Format("2006-01-02T15:04:05Z")}
	for k, v := range n.Detail {
		detail[k] = v
	}
	text, err := json.Marshal(noted{n.Action, detail})
	if err != nil {
		return err
	}
	dir := filepath.Join(data, consoleFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unwritten(dir, err)
	}
	if err := durable.Create(filepath.Join(dir, ids.New().String()+".json"), text); err != nil {
		return unwritten(dir, err)
	}
	return nil
}

// takeWord writes into the audit what commands left word of. One that is cut off
// between the two writes it twice rather than not at all.
func (s *site) takeWord(ctx context.Context) error {
	dir := filepath.Join(s.settings.Data, consoleFolder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		n, err := readWord(path)
		if errors.Is(err, fs.ErrNotExist) { // another server was faster
			continue
		}
		if err == nil {
			err = s.house.db.Note(ctx, n.entry())
		}
		if err == nil {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// readWord reads what a command left. Whoever may write there may do more than
// this, but not put words of their own into the log.
func readWord(path string) (*noted, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	bad := fault.New(fault.Invalid, fault.Place{File: path}, "this is no word of a command for the audit", "look at who made it, then remove it")
	if !info.Mode().IsRegular() || info.Size() > maxNoted {
		return nil, bad
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var n noted
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil || !slices.Contains(consoleActions, n.Action) || len(n.Detail) > 10 {
		return nil, bad
	}
	for k, v := range n.Detail {
		if len(k) > 20 || len(v) > 100 || strings.ContainsFunc(k+v, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, bad
		}
	}
	return &n, nil
}
