package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

func auditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "The log of who read or changed what",
		Long: `The server writes every read of answers and every change into an append-only
log. An auditor downloads an export of it, and keeps its signed checkpoints
somewhere else. Later exports are then held against those.`,
		Example: `  waymark audit verify audit.jsonl --checkpoint march.note --key audit.key`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(auditVerifyCommand())
	return cmd
}

// auditVerifyOptions are the flags of `waymark audit verify`.
type auditVerifyOptions struct {
	checkpoints, keys []string
	partial           bool
	format            string
}

func auditVerifyCommand() *cobra.Command {
	var o auditVerifyOptions
	cmd := &cobra.Command{
		Use:   "verify EXPORT",
		Short: "Find whether an export of the audit log was changed",
		Long: `Verify computes the log's tree again from every entry of an export and compares
it with checkpoints that were kept outside of the system. It says the first
thing that is wrong: an entry that was changed, removed or moved, an end that
is missing, a false signature, a checkpoint of another log. It needs no network
and no server. EXPORT is a file, or - for standard input.

A checkpoint proves what stood in the log when it was signed. Without one from
outside, someone who holds the server's key could have rewritten everything.
The key is the public line that the server shows; it may be kept by anyone.

The exit code is 0 if nothing is wrong and 1 otherwise.`,
		Example: `  waymark audit verify audit.jsonl --checkpoint march.note --key audit.key
  waymark audit verify audit.jsonl --checkpoint march.note --checkpoint april.note --key audit.key
  waymark audit verify - --checkpoint march.note --key audit.key --format json < audit.jsonl`,
		Args: exactly(1, "give the export, and --checkpoint and --key"),
		RunE: func(cmd *cobra.Command, args []string) error { return runAuditVerify(cmd, &o, args[0]) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.checkpoints, "checkpoint", nil, "`file` with a signed checkpoint that was kept outside; may be given again")
	f.StringArrayVar(&o.keys, "key", nil, "`file` with the log's public key, required; again for a key that it had before")
	f.BoolVar(&o.partial, "partial", false, "allow entries that were withheld from the reader and are there by their hash only")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	return cmd
}

func runAuditVerify(cmd *cobra.Command, o *auditVerifyOptions, path string) error {
	if err := oneOf("format", o.format, "text", "json"); err != nil {
		return err
	}
	if len(o.keys) == 0 {
		return usage("there is no key to verify with", "give the log's public key with --key FILE")
	}
	ev := audit.Evidence{Partial: o.partial}
	for _, file := range o.keys {
		text, err := readSmall(file)
		if err != nil {
			return err
		}
		ev.Keys = append(ev.Keys, string(text))
	}
	for _, file := range o.checkpoints {
		text, err := readSmall(file)
		if err != nil {
			return err
		}
		ev.Checkpoints = append(ev.Checkpoints, audit.Outside{Name: file, Signed: text})
	}
	in, err := openInput(cmd, path)
	if err != nil {
		return err
	}
	defer in.Close()
	report, err := audit.Verify(in, ev)
	var problem *audit.Problem
	if err != nil && !errors.As(err, &problem) {
		return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the export could not be read", "", err)
	}
	if err := printAuditVerify(cmd.OutOrStdout(), o.format, report, problem); err != nil || problem == nil {
		return err
	}
	place := fault.Place{File: path, Row: problem.Line}
	if problem.Line == 0 {
		place.File = ""
	}
	return fault.Wrap(fault.Invalid, place, problem.Message, auditRemedies[problem.Kind], problem)
}

// auditRemedies say what to do about each kind of problem.
var auditRemedies = map[audit.ProblemKind]string{
	audit.Malformed: "export it again, and give the file as it was downloaded",
	audit.Changed:   "keep this export and the checkpoint, and treat it as a breach",
	audit.Missing:   "export it again; if it is missing there too, treat it as a breach",
	audit.Order:     "export it again; if it is so there too, treat it as a breach",
	audit.Truncated: "download it again to its end; if it ends there too, treat it as a breach",
	audit.Withheld:  "export it with the right to see every programme, or give --partial",
	audit.Signature: "give the checkpoint as it was downloaded, and the key of this log",
	audit.Foreign:   "give a checkpoint and the key of this log; after a lost key give both keys",
}

func printAuditVerify(w io.Writer, format string, r *audit.Report, p *audit.Problem) error {
	if format == "json" {
		return writeJSON(w, struct {
			Verified bool           `json:"verified"`
			Report   *audit.Report  `json:"report,omitempty"`
			Problem  *audit.Problem `json:"problem,omitempty"`
		}{p == nil, r, p})
	}
	if p != nil {
		return nil
	}
	entries := counted(int(r.Entries), "entry", "entries")
	if len(r.Outside) > 0 {
		fmt.Fprintf(w, "Nothing was changed up to the checkpoints from outside: %s\n\n", entries)
	} else {
		fmt.Fprintf(w, "The export agrees with its own checkpoint: %s\n\n", entries)
	}
	rows := [][]string{{"log", r.Origin}, {"root", r.Root}}
	if r.Entries > r.Withheld {
		const moment = "2 January 2006 15:04:05 UTC"
		rows = append(rows, []string{"from", r.First.UTC().Format(moment)}, []string{"to", r.Last.UTC().Format(moment)})
	}
	if len(r.Outside) > 0 {
		sizes := make([]string, len(r.Outside))
		for i, n := range r.Outside {
			sizes[i] = fmt.Sprint(n)
		}
		rows = append(rows, []string{"checkpoints", "over " + strings.Join(sizes, ", ") + " of these entries"})
	}
	aligned(w, nil, rows)
	var notes []string
	if len(r.Outside) == 0 {
		notes = append(notes, "Warning: no checkpoint from outside was given, so a log that was rewritten with the server's key would pass. Keep checkpoints elsewhere and give one with --checkpoint.")
	} else if last := r.Outside[len(r.Outside)-1]; last < r.Entries {
		notes = append(notes, fmt.Sprintf("Note: the last checkpoint from outside covers %d of %d entries; those behind it rest on the export's own.", last, r.Entries))
	}
	if r.Withheld > 0 {
		notes = append(notes, fmt.Sprintf("Note: %s withheld; none was added, removed or moved.", counted(int(r.Withheld), "entry was", "entries were")))
	}
	if r.Back > 0 {
		notes = append(notes, fmt.Sprintf("Note: the clock was set back %s, first at entry %d, by %v at most. This is no proof of a change.",
			counted(int(r.Back), "time", "times"), r.BackAt, time.Duration(r.BackBy)*time.Millisecond))
	}
	for _, n := range notes {
		fmt.Fprintln(w)
		for _, line := range wrap(n, terminalWidth) {
			fmt.Fprintln(w, line)
		}
	}
	return nil
}

// readSmall reads a file of keys or a checkpoint, at most 64 kB of it.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unread(path, err)
	}
	defer f.Close()
	const most = 64 << 10
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(data) > most {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, "the file is too large for what it should be", "")
	}
	if err != nil {
		return nil, unread(path, err)
	}
	return data, nil
}

// openInput opens a file, or standard input for "-".
func openInput(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unread(path, err)
	}
	return f, nil
}

// unread is the fault of a file that could not be read.
func unread(path string, err error) error {
	kind, message := fault.Unavailable, "the file could not be read"
	if errors.Is(err, os.ErrNotExist) {
		kind, message = fault.NotFound, "there is no such file"
	}
	return fault.Wrap(kind, fault.Place{File: path}, message, "", err)
}
