package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"waymark/internal/durable"
	"waymark/internal/fault"
	"waymark/monitoring"
	"waymark/store"
	"waymark/store/backup"
	"waymark/trust/audit"
)

// backupOptions are the flags of `waymark backup`.
type backupOptions struct {
	houseFlags
	out, keys              string
	recipients, passphrase string
	format                 string
}

func backupCommand() *cobra.Command {
	var o backupOptions
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Put everything that a server keeps into one encrypted file",
		Long: `Backup writes the database, the contents of files and the state of the audit log
into one file, encrypted with age. The server may go on working: the file is one
moment of the whole. It is restored to SQLite or PostgreSQL, whichever it came
from. Nothing plain is written to a disk on the way.

The keys are not in it: without them it opens, and its answers do not. With
--keys they go into a second file, encrypted to the same recipients. Keep the two
apart. After a round is deleted, make the file of keys anew and destroy the
older ones: they still hold the round's key.

Give recipients (age-keygen prints one as "Public key") or a file that holds a
passphrase; secrets are never on the command line.

The audit log says that a backup was made, and whether keys went with it.`,
		Example: `  waymark backup --recipients recipients.txt --out waymark.age
  waymark backup --data /srv/waymark --recipients recipients.txt --out waymark.age --keys waymark-keys.age
  waymark backup --config waymark.yaml --passphrase-file passphrase --out waymark.age --format json`,
		Args: atMost(0, "name the file with --out"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runBackup(cmd, &o) },
	}
	f := cmd.Flags()
	o.add(cmd)
	f.StringVar(&o.out, "out", "", "`file` to write, required; one that is there is never replaced")
	f.StringVar(&o.keys, "keys", "", "`file` to write the keys to, apart from the backup")
	f.StringVar(&o.recipients, "recipients", "", "`file` of age recipients, one on each line")
	f.StringVar(&o.passphrase, "passphrase-file", "", "`file` whose first line is a passphrase of 16 characters or more")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	return cmd
}

// backedUp is what is printed of a backup.
type backedUp struct {
	File string `json:"file"`
	Size int64  `json:"size"`
	*backup.Summary
	KeysFile string `json:"keys_file,omitempty"`
	Keys     int    `json:"keys,omitempty"`
	// Unnoted is why the audit could not be told.
	Unnoted string `json:"unnoted,omitempty"`
}

func runBackup(cmd *cobra.Command, o *backupOptions) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	if o.out == "" {
		return usage("there is no file to write the backup to", "name one with --out")
	}
	to, err := backup.Recipients(o.recipients, o.passphrase)
	if err != nil {
		return err
	}
	c, err := o.load()
	if err != nil {
		return err
	}
	done := backedUp{File: o.out, KeysFile: o.keys}
	url, err := c.databaseURL()
	if err != nil {
		return err
	}
	r, err := store.OpenReader(cmd.Context(), store.Options{Dir: c.Data, URL: url})
	if err != nil {
		return err
	}
	defer r.Close()
	if done.Summary, done.Size, err = writeBackup(cmd.Context(), r, c, o.out, to); err != nil {
		return err
	}
	if o.keys != "" {
		_, err := writeNew(o.keys, func(w io.Writer) error {
			done.Keys, err = backup.WriteKeys(w, c.Keys.Dir, time.Now(), to...)
			return err
		})
		if err != nil {
			return err
		}
	}
	detail := map[string]string{"entries": strconv.FormatInt(done.Audit.Size, 10)}
	if o.keys != "" {
		detail["keys"] = strconv.Itoa(done.Keys)
	}
	if err := note(cmd.Context(), c, noted{audit.BackedUp, detail}); err != nil {
		done.Unnoted = err.Error()
	}
	return printBackup(cmd.OutOrStdout(), o.format, &done)
}

// snapshots are what a backup can be made of: an open store, or a reader of one.
type snapshots interface {
	Snapshot(ctx context.Context) (*store.Snapshot, error)
}

// writeBackup writes a backup to a new file. It needs no keys.
func writeBackup(ctx context.Context, from snapshots, c *serveConfig, path string, to []age.Recipient) (sum *backup.Summary, size int64, err error) {
	bucket, err := openBucket(c)
	if err != nil {
		return nil, 0, err
	}
	snapshot, err := from.Snapshot(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer snapshot.Close()
	size, err = writeNew(path, func(w io.Writer) error {
		sum, err = backup.Write(ctx, w, backup.Source{Snapshot: snapshot, Files: bucket, Program: monitoring.Program, Now: time.Now()}, to...)
		return err
	})
	return sum, size, err
}

// writeNew writes a file that must not be there yet, whole or not at all,
// readable by its owner alone.
func writeNew(path string, write func(io.Writer) error) (int64, error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, fault.New(fault.Conflict, fault.Place{File: path}, "there is such a file already, and a backup never replaces one", "give another name")
	}
	size, err := durable.CreateFrom(path, write)
	if errors.Is(err, fs.ErrExist) {
		return 0, fault.New(fault.Conflict, fault.Place{File: path}, "there is such a file already, and a backup never replaces one", "give another name")
	}
	if err != nil {
		return 0, unwritten(path, err)
	}
	return size, nil
}

func printBackup(w io.Writer, format string, b *backedUp) error {
	if format == "json" {
		return writeJSON(w, b)
	}
	fmt.Fprintf(w, "Backed up: %s, %s, %s\n\n", counted(int(b.Tables["submission"]), "submission", "submissions"),
		counted(int(b.Files), "file", "files"), counted(int(b.Audit.Size), "entry of the audit log", "entries of the audit log"))
	rows := [][]string{{"backup", fmt.Sprintf("%s, %s", b.File, inBytes(b.Size))}}
	if b.KeysFile != "" {
		rows = append(rows, []string{"keys", fmt.Sprintf("%s, %s", b.KeysFile, counted(b.Keys, "file", "files"))})
	}
	rows = append(rows, []string{"audit root", b.Audit.Root})
	aligned(w, nil, rows)
	notes := []string{}
	if b.Missing > 0 {
		notes = append(notes, fmt.Sprintf("Warning: %s that the database names not in storage. If no round was deleted meanwhile, look into it.", counted(int(b.Missing), "file was", "files were")))
	}
	if b.KeysFile == "" {
		notes = append(notes, "The keys are not in it. Without them no answer of it can be read: keep them by --keys, in another place.")
	} else {
		notes = append(notes, "Keep the two files apart. After the deletion of a round, make the keys anew and destroy older files of keys.")
	}
	if b.Unnoted != "" {
		notes = append(notes, "Warning: the audit log could not be told of this backup: "+b.Unnoted)
	}
	printNotes(w, notes)
	return nil
}

// printNotes prints paragraphs, each behind an empty line.
func printNotes(w io.Writer, notes []string) {
	for _, n := range notes {
		fmt.Fprintln(w)
		for _, line := range wrap(n, terminalWidth) {
			fmt.Fprintln(w, line)
		}
	}
}

// inBytes is a size as people read it.
func inBytes(n int64) string {
	const kB, MB, GB = 1000, 1000 * 1000, 1000 * 1000 * 1000
	switch {
	case n < kB:
		return counted(int(n), "byte", "bytes")
	case n < MB:
		return fmt.Sprintf("%d kB", (n+kB/2)/kB)
	case n < GB:
		return fmt.Sprintf("%.1f MB", float64(n)/MB)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/GB)
}

// backupsKept is the name of the files that scheduledBackup writes.
const backupsKept = "waymark-"

// scheduledBackup writes a backup into the folder of the settings and removes the
// oldest beyond those to keep.
func scheduledBackup(ctx context.Context, from snapshots, c *serveConfig, now time.Time) error {
	to, err := backup.Recipients(c.Backup.Recipients, "")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Backup.Dir, 0o700); err != nil {
		return unwritten(c.Backup.Dir, err)
	}
	path := filepath.Join(c.Backup.Dir, backupsKept+now.UTC().Format("20060102T150405Z")+".age")
	if _, _, err := writeBackup(ctx, from, c, path, to); err != nil {
		return err
	}
	kept, err := filepath.Glob(filepath.Join(c.Backup.Dir, backupsKept+"*T*Z.age"))
	if err != nil || c.Backup.Keep < 1 || len(kept) <= c.Backup.Keep {
		return err
	}
	slices.SortFunc(kept, strings.Compare)
	for _, old := range kept[:len(kept)-c.Backup.Keep] {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unwritten(old, err)
		}
	}
	return nil
}
