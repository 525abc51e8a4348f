package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// ailment is what the doctor says of one thing.
type ailment struct {
	Of string `json:"of"`
	OK bool   `json:"ok"`
	// Says is one sentence; Do what to do about it, "" if nothing.
	Says string `json:"says"`
	Do   string `json:"do,omitempty"`
}

func doctorCommand() *cobra.Command {
	var flags houseFlags
	var format string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at a server's settings, keys, database, audit, disk and certificate",
		Long: `Doctor looks at the data of a server and says what is wrong and what to do. It
changes nothing but the audit, which says that answers were looked at. Over SQLite the whole look needs the server to stand still: while
it runs, doctor looks at settings, keys, disk and certificate, asks the server
whether it is ready, and leaves the rest to the page "System".`,
		Example: `  waymark doctor
  waymark doctor --config waymark.yaml --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usage("the format is text or json", "waymark doctor --format json")
			}
			c, err := flags.load()
			if err != nil {
				return err
			}
			found := examine(cmd.Context(), c)
			if format == "json" {
				if err := json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"checks": found}); err != nil {
					return err
				}
			} else {
				printAilments(cmd.OutOrStdout(), found)
			}
			bad := 0
			for _, a := range found {
				if !a.OK {
					bad++
				}
			}
			if bad > 0 {
				return fault.New(fault.Invalid, fault.Place{}, counted(bad, "thing needs", "things need")+" attention", "")
			}
			return nil
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "how the result is printed: text or json")
	return cmd
}

func printAilments(w io.Writer, found []ailment) {
	for _, a := range found {
		word := "good"
		if !a.OK {
			word = "BAD"
		}
		fmt.Fprintf(w, "%-5s %-12s %s\n", word, a.Of, a.Says)
		if a.Do != "" {
			fmt.Fprintf(w, "%18s %s\n", "", a.Do)
		}
	}
}

// examine looks at everything that can be looked at. It does not make what is
// missing: a doctor of no server finds that there is none.
func examine(ctx context.Context, c *serveConfig) []ailment {
	found := []ailment{{Of: "settings", OK: true, Says: "they can be used"}}
	say := func(of string, err error, good string) bool {
		a := ailment{Of: of, OK: err == nil, Says: good}
		if err != nil {
			a.Says = err.Error()
			var f *fault.Fault
			if errors.As(err, &f) {
				a.Says, a.Do = f.Message, f.Remedy
			}
		}
		found = append(found, a)
		return err == nil
	}
	if _, err := os.Stat(c.Data); err != nil {
		say("data", fault.Wrap(fault.NotFound, fault.Place{}, "there is no data folder at "+c.Data, "start waymark serve once, or name the folder with --data", err), "")
		return found
	}
	free, total, err := diskSpace(c.Data)
	if err == nil && free < total/20 && free < 2<<30 {
		err = fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf("only %d MB are free on the disk of the data", free>>20), "see docs/runbooks/full-disk.md")
	}
	say("disk", err, fmt.Sprintf("%d of %d GB are free", free>>30, total>>30))
	if c.TLS.Cert != "" {
		until, err := certificateEnd(c.TLS.Cert)
		if err == nil && time.Until(until) < 14*24*time.Hour {
			err = fault.New(fault.Invalid, fault.Place{}, "the certificate ends on "+until.Format("2 January 2006"), "renew it")
		}
		say("certificate", err, "good until "+until.Format("2 January 2006"))
	}
	if c.Backup.Dir != "" {
		at, _, err := newestBackup(c.Backup.Dir)
		if err == nil && time.Since(at) > c.Backup.Every+24*time.Hour {
			err = fault.New(fault.Invalid, fault.Place{}, "the newest backup is older than it should be", "look at the server's log for the job backup")
		}
		say("backup", err, "the newest is of "+at.Format("2 January 2006 15:04"))
	}
	if _, err := os.Stat(c.Keys.Dir); err != nil {
		say("keys", fault.Wrap(fault.NotFound, fault.Place{}, "there is no folder of keys at "+c.Keys.Dir, "see docs/runbooks/lost-key.md", err), "")
		return found
	}
	if _, err := openVault(c); !say("keys", err, "the master key opens them") {
		return found
	}
	h, err := openHouse(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil && fault.KindOf(err) == fault.Unavailable && ready(ctx, c.Base) {
		say("server", nil, "it runs, and says that it is ready; the page System tells the rest")
		return found
	}
	if !say("database", err, "it opens") {
		return found
	}
	defer h.Close()
	state, err := h.db.State(ctx)
	if say("tables", err, "") {
		found[len(found)-1].Says = fmt.Sprintf("%s, migration %d, %d MB", state.Engine, state.Schema, state.Size>>20)
	}
	examineRounds(ctx, h, say)
	say("audit", verifyLog(ctx, h), "the log is whole, by its own checkpoints")
	return found
}

// examineRounds opens a submission of every round, so that a key which is there
// and does not fit is found.
func examineRounds(ctx context.Context, h *house, say func(string, error, string) bool) {
	programmes, err := h.db.ListProgrammes(ctx)
	n := 0
	for _, p := range programmes {
		rounds, listed := h.db.ListRounds(ctx, p.ID)
		err = errors.Join(err, listed)
		for _, r := range rounds {
			if h.vault.Destroyed(vault.Scope("round-" + r.ID.String())) {
				continue
			}
			newest, look := h.db.Newest(ctx, r.ID)
			if look == nil && newest != 0 {
				_, look = h.db.ReadAnswers(ctx, console, newest, 0)
				n++
			}
			err = errors.Join(err, look)
		}
	}
	say("answers", err, fmt.Sprintf("one of each of %s opens", counted(n, "round", "rounds")))
}

// verifyLog makes the tree again from every entry and holds it against the
// checkpoints that the store keeps.
func verifyLog(ctx context.Context, h *house) error {
	kept, err := h.audit.SignCheckpoint(ctx)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	defer r.Close()
	go func() {
		w.CloseWithError(h.audit.Export(ctx, console, 0, w))
	}()
	_, err = audit.Verify(r, audit.Evidence{Keys: []string{h.audit.Key()}, Checkpoints: []audit.Outside{{Name: "the store's last", Signed: kept.Signed}}})
	var p *audit.Problem
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, fault.Place{}, p.Message, "keep the database as it is; see docs/runbooks/breach.md")
	}
	return err
}

// ready asks a server that runs.
func ready(ctx context.Context, base string) bool {
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
	if err != nil {
		return false
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer reply.Body.Close()
	return reply.StatusCode == http.StatusOK
}

func certificateEnd(path string) (time.Time, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return time.Time{}, fault.New(fault.Invalid, fault.Place{File: path}, "this is no certificate in PEM", "")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}, err
	}
	return cert.NotAfter, nil
}
