package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"waymark/internal/durable"
	"waymark/internal/fault"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
	"waymark/trust/vault/transit"
)

func keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "The keys that a server's data are sealed under",
		Long: `Every round's answers are sealed under keys of their own. The keys are files, and
a master key wraps them: a file beside them, or a key of a key service.`,
		Example: `  waymark keys rewrap --to file`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(keysRewrapCommand())
	return cmd
}

// rewrapOptions are the flags of `waymark keys rewrap`.
type rewrapOptions struct {
	houseFlags
	to, token string
	format    string
}

func keysRewrapCommand() *cobra.Command {
	var o rewrapOptions
	cmd := &cobra.Command{
		Use:   "rewrap",
		Short: "Change the master key",
		Long: `Rewrap makes or takes another master key and wraps every file in the folder of
keys by it. What is sealed stays as it is and opens as before. Use it when someone
who should not may have seen the master key, or to move to a key service or away
from one.

--to file makes a new master.key in the folder of keys; the old one is kept as
master.key.old-... . --to hcvault://... takes a key of a key service; its token is that
of the settings, VAULT_TOKEN, or --token-file.

Stop every server that uses these keys first. If the command is cut off, give the
same command again. Then make a new file of keys (waymark backup --keys) and destroy
the older ones and the old master key: who has both still reads everything.`,
		Example: `  waymark keys rewrap --to file
  waymark keys rewrap --config waymark.yaml --to hcvault://vault.example.org:8200/transit/keys/waymark
  waymark keys rewrap --data /srv/waymark --to file --format json`,
		Args: atMost(0, "say with --to what the new master key is"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runRewrap(cmd, &o) },
	}
	f := cmd.Flags()
	o.add(cmd)
	f.StringVar(&o.to, "to", "", "the new master key, required: file, or the `address` of a key in a key service")
	f.StringVar(&o.token, "token-file", "", "`file` with the token for the key service of --to")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	return cmd
}

// The files of a master key. The new one is among those that a file of keys
// holds, an old one is not.
const (
	masterFile = "master.key"
	masterNew  = "master-new.key" // until it takes the other's place
	masterOld  = "master.key.old-"
)

// rewrapped is what is printed.
type rewrapped struct {
	Files int    `json:"files"`
	From  string `json:"from"`
	To    string `json:"to"`
	// Old is where the old master key still is; "" if it is in a key service.
	Old string `json:"old,omitempty"`
}

func runRewrap(cmd *cobra.Command, o *rewrapOptions) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	if o.to == "" {
		return usage("there is no new master key", "give --to file, or --to with the address of a key in a key service")
	}
	c, err := o.load()
	if err != nil {
		return err
	}
	done, err := rewrap(cmd.Context(), c, o)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	if o.format == "json" {
		return writeJSON(out, done)
	}
	fmt.Fprintf(out, "Wrapped anew: %s\n\n", counted(done.Files, "file of keys", "files of keys"))
	aligned(out, nil, [][]string{{"from", done.From}, {"to", done.To}})
	var notes []string
	switch {
	case o.to != toFile && c.Keys.Service != o.to:
		notes = append(notes, "Before you start the server, set keys.service in the settings to "+o.to)
	case o.to == toFile && c.Keys.Service != "":
		notes = append(notes, "Before you start the server, take keys.service out of the settings.")
	}
	notes = append(notes, "Make a new file of keys now: waymark backup --keys. Then destroy the older ones.")
	if done.Old != "" {
		notes = append(notes, "The old master key is "+done.Old+". Destroy it once the server has started.")
	}
	printNotes(out, notes)
	return nil
}

// rewrap does it, and writes it into the audit. Over SQLite a server that runs is
// found; over PostgreSQL nobody can tell.
func rewrap(ctx context.Context, c *serveConfig, o *rewrapOptions) (*rewrapped, error) {
	url, err := c.databaseURL()
	if err != nil {
		return nil, err
	}
	// A house that is not there must not be made.
	there, err := store.OpenReader(ctx, store.Options{Dir: c.Data, URL: url})
	if err != nil {
		return nil, err
	}
	there.Close()
	if !hasKeys(c) {
		return nil, fault.New(fault.NotFound, fault.Place{File: c.Keys.Dir}, "there are no keys in the folder of keys", "name the right folder with --data, or keys.dir in the settings")
	}
	from, err := openMaster(c)
	if err != nil {
		return nil, err
	}
	to, err := o.master(c)
	if err != nil {
		return nil, err
	}
	if from.Name() == to.Name() {
		return nil, usage("that is the master key already", "name another with --to")
	}
	keys, err := vault.Open(c.Keys.Dir, from)
	if errors.Is(err, vault.ErrNoKey) { // a run that was cut off may have come so far
		if again, err := vault.Open(c.Keys.Dir, to); err == nil {
			keys = again
		}
	}
	if keys == nil {
		return nil, err
	}
	files, err := openFiles(c, keys)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Vault: keys, Log: slog.New(slog.DiscardHandler), URL: url, Dir: c.Data, Files: files})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	done := &rewrapped{From: from.Name(), To: to.Name()}
	if done.Files, err = vault.Rewrap(c.Keys.Dir, from, to); err != nil {
		return nil, err
	}
	if done.Old, err = settleMaster(c, from, o.to == toFile); err != nil {
		return nil, err
	}
	return done, db.Note(ctx, audit.Entry{Actor: console, Action: audit.KeyRewrapped, Detail: map[string]string{"files": strconv.Itoa(done.Files)}})
}

// toFile is the value of --to for a master key in a file.
const toFile = "file"

// master is the new one. A file that an earlier run left is taken up.
func (o *rewrapOptions) master(c *serveConfig) (vault.Master, error) {
	if o.to == toFile {
		return vault.NewFile(filepath.Join(c.Keys.Dir, masterNew))
	}
	token := o.token
	if token == "" {
		token = c.Keys.TokenFile
	}
	return transit.Open(transit.Options{Key: o.to, Token: os.Getenv("VAULT_TOKEN"), TokenFile: token})
}

// settleMaster puts a new master key in its place, and an old one aside; it
// returns where that is. Done twice it is the same.
func settleMaster(c *serveConfig, from vault.Master, file bool) (old string, err error) {
	path := filepath.Join(c.Keys.Dir, masterFile)
	if _, err := os.Lstat(path); err == nil {
		old = filepath.Join(c.Keys.Dir, masterOld+strings.TrimPrefix(from.Name(), "file "))
		if c.Keys.Service != "" {
			old = filepath.Join(c.Keys.Dir, masterOld+"unused")
		}
		if err := os.Link(path, old); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", unwritten(old, err)
		}
	}
	if file {
		err = os.Rename(filepath.Join(c.Keys.Dir, masterNew), path)
	} else if old != "" {
		err = os.Remove(path)
	}
	if err == nil {
		err = durable.SyncDir(c.Keys.Dir) // before anyone is told to destroy the old one
	}
	if err != nil {
		return old, unwritten(path, err)
	}
	return old, nil
}
