package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/store"
	"waymark/store/backup"
	"waymark/trust/audit"
)

// restoreOptions are the flags of `waymark restore`.
type restoreOptions struct {
	houseFlags
	keys                 string
	identity, passphrase string
	checkpoints, verify  []string
	format               string
}

func restoreCommand() *cobra.Command {
	var o restoreOptions
	cmd := &cobra.Command{
		Use:   "restore BACKUP",
		Short: "Put a backup back, and prove that it is whole",
		Long: `Restore fills an empty data folder, and an empty PostgreSQL database if the
settings name one, from a file that waymark backup wrote. It never replaces
anything: where it fails, the target is as it was.

Then it proves what it put back: rows and files are counted, the tree of the
audit log is computed again and compared, also with checkpoints that were kept
outside, and answers, files and accounts from everywhere are opened with the
keys. The keys are those in the folder of keys; --keys puts them there from
their own file first. A key that was destroyed in the folder is not put back.

Sessions and invitations do not come back. Look over who was suspended, and
whose telephone was revoked, since the backup was made.`,
		Example: `  waymark restore waymark.age --identity key.txt --data /srv/waymark
  waymark restore waymark.age --identity key.txt --keys waymark-keys.age --data /srv/waymark
  waymark restore waymark.age --identity key.txt --config waymark.yaml --checkpoint march.note --key audit.key`,
		Args: exactly(1, "give the backup"),
		RunE: func(cmd *cobra.Command, args []string) error { return runRestore(cmd, &o, args[0]) },
	}
	f := cmd.Flags()
	o.add(cmd)
	f.StringVar(&o.keys, "keys", "", "`file` of keys that waymark backup --keys wrote")
	f.StringVar(&o.identity, "identity", "", "`file` of age identities, as age-keygen writes it")
	f.StringVar(&o.passphrase, "passphrase-file", "", "`file` whose first line is the passphrase")
	f.StringArrayVar(&o.checkpoints, "checkpoint", nil, "`file` with a signed checkpoint that was kept outside; may be given again")
	f.StringArrayVar(&o.verify, "key", nil, "`file` with the audit log's public key, needed with --checkpoint")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	return cmd
}

// restored is what is printed of a restore.
type restored struct {
	*backup.Summary
	Keys *backup.Restored `json:"keys,omitempty"`
	// Checkpoints from outside that the log agrees with.
	Checkpoints int `json:"checkpoints"`
	// Sample is nil where there are no keys to open anything with.
	Sample *store.Sample `json:"sample,omitempty"`
	// Erased are concerns and cases that were erased after the backup of the database
	// or that of the keys was made, and were erased again.
	Erased int `json:"erased,omitempty"`
}

func runRestore(cmd *cobra.Command, o *restoreOptions, path string) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	by, err := backup.Identities(o.identity, o.passphrase)
	if err != nil {
		return err
	}
	outside, err := o.outside()
	if err != nil {
		return err
	}
	c, err := o.load()
	if err != nil {
		return err
	}
	url, err := c.databaseURL()
	if err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return unread(path, err)
	}
	defer in.Close()
	to := backup.Target{Dir: c.Data, URL: url}
	if c.Files.S3 != nil {
		if to.Files, err = openBucket(c); err != nil {
			return err
		}
	}
	var done restored
	if done.Summary, err = backup.Restore(cmd.Context(), in, by, to); err != nil {
		return fault.InFile(err, path)
	}
	if o.keys != "" {
		keys, err := os.Open(o.keys)
		if err != nil {
			return unread(o.keys, err)
		}
		defer keys.Close()
		if done.Keys, err = backup.ReadKeys(keys, by, c.Keys.Dir); err != nil {
			return err
		}
	}
	proof := prove(cmd.Context(), c, &done, outside)
	if err := note(cmd.Context(), c, noted{audit.Restored, map[string]string{"made": done.Made.UTC().Format("2006-01-02T15:04:05Z"), "entries": strconv.FormatInt(done.Audit.Size, 10),
		"proved": strconv.FormatBool(proof == nil && done.Sample != nil)}}); err != nil {
		proof = errors.Join(proof, err)
	}
	if err := printRestore(cmd.OutOrStdout(), o.format, &done, proof); err != nil {
		return err
	}
	return proof
}

// outside reads the checkpoints that the log must agree with.
func (o *restoreOptions) outside() ([]audit.Checkpoint, error) {
	if len(o.checkpoints) > 0 && len(o.verify) == 0 {
		return nil, usage("a checkpoint needs the key that verifies it", "give the log's public key with --key FILE")
	}
	var keys []string
	for _, file := range o.verify {
		text, err := readSmall(file)
		if err != nil {
			return nil, err
		}
		keys = append(keys, string(text))
	}
	var all []audit.Checkpoint
	for _, file := range o.checkpoints {
		text, err := readSmall(file)
		if err != nil {
			return nil, err
		}
		c, err := audit.ReadCheckpoint(text, file, keys...)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, fault.Place{}, err.Error(), "give the checkpoint and the key of this log", err)
		}
		all = append(all, *c)
	}
	return all, nil
}

// prove checks what was put back: the audit log, and what the keys open.
func prove(ctx context.Context, c *serveConfig, done *restored, outside []audit.Checkpoint) error {
	if !hasKeys(c) {
		return nil
	}
	h, err := openHouse(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer h.Close()
	size, root, err := h.db.VerifyAudit(ctx, outside...)
	if err != nil {
		return err
	}
	if size != done.Audit.Size || root.String() != done.Audit.Root {
		return fault.New(fault.Invalid, fault.Place{}, "the audit log is not the one that the backup says", "use another backup, and keep this one")
	}
	done.Checkpoints = len(outside)
	if done.Sample, err = h.db.TakeSample(ctx, samplePerRound); err != nil {
		return err
	}
	if done.Erased, err = h.db.Referral().SettleErasures(ctx, console); err != nil {
		return err
	}
	if done.Sample.Faults > 0 {
		return fault.Wrap(fault.Unavailable, fault.Place{}, counted(done.Sample.Faults, "part of the sample does", "parts of the sample do")+" not open with these keys",
			"the data are in place; put back the keys that belong to this backup, with the master key that wraps them", done.Sample.Fault)
	}
	return nil
}

// samplePerRound is how many answers of each round are opened as a proof.
const samplePerRound = 25

// hasKeys says whether there are keys. Without them the database is not opened:
// the server would make new ones, which would stand in the way.
func hasKeys(c *serveConfig) bool {
	entries, err := os.ReadDir(c.Keys.Dir)
	return err == nil && len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist)
}

func printRestore(w io.Writer, format string, r *restored, proof error) error {
	if format == "json" {
		return writeJSON(w, struct {
			Proved bool `json:"proved"`
			*restored
		}{proof == nil && r.Sample != nil, r})
	}
	fmt.Fprintf(w, "Restored: %s, %s, %s\n\n", counted(int(r.Tables["submission"]), "submission", "submissions"),
		counted(int(r.Files), "file", "files"), counted(int(r.Audit.Size), "entry of the audit log", "entries of the audit log"))
	rows := [][]string{{"made", r.Made.UTC().Format("2 January 2006 15:04:05 UTC") + ", from " + r.Engine},
		{"counts", "every table and file agrees with what the backup says"}}
	var notes []string
	if r.Sample != nil {
		log := "computed again from every entry; the root is " + r.Audit.Root
		if r.Checkpoints > 0 {
			log += "; it agrees with " + counted(r.Checkpoints, "checkpoint", "checkpoints") + " from outside"
		}
		opened := fmt.Sprintf("%s, %s and %s", counted(r.Sample.Accounts, "account", "accounts"), counted(r.Sample.Answers, "set of answers", "sets of answers"), counted(r.Sample.Files, "file", "files"))
		if r.Sample.Matters > 0 {
			opened += "; " + counted(r.Sample.Matters, "concern or case", "concerns and cases")
		}
		rows = append(rows, []string{"audit log", log}, []string{"opened", opened})
		if r.Sample.Destroyed > 0 {
			rows = append(rows, []string{"closed", counted(r.Sample.Destroyed, "round", "rounds") + " whose keys were destroyed, as decided"})
		}
		if r.Erased > 0 {
			rows = append(rows, []string{"erased", counted(r.Erased, "concern or case", "concerns and cases") + " again, as decided: the database or the keys were older than that"})
		}
		notes = append(notes, "Sessions and invitations do not come back. Look over who was suspended or revoked since the backup was made.")
	} else if proof == nil {
		notes = append(notes, "Warning: there are no keys, so the audit log and the answers were not checked. Put the keys back (--keys, or the folder of keys itself) before the server is started.")
	}
	if r.Keys != nil {
		rows = append(rows, []string{"keys", fmt.Sprintf("%d put back, %d there already, %d destroyed here and left out", r.Keys.Written, r.Keys.Same, r.Keys.Destroyed)})
	}
	aligned(w, nil, rows)
	if r.Missing > 0 {
		notes = append(notes, fmt.Sprintf("Warning: %s not in storage when the backup was made.", counted(int(r.Missing), "file was", "files were")))
	}
	printNotes(w, notes)
	return nil
}
