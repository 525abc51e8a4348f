package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/referral/rule"
	"waymark/web/page"
)

func serveCommand() *cobra.Command {
	var flags houseFlags
	var listen, base string
	var demo, example bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Hold accounts, collection with phones, and review",
		Long: `Serve runs the server: people sign in with a browser, enumerators send interviews
with ODK Collect or KoboCollect, and what arrives is checked, reviewed and handed
on. It needs nothing else: data go into a folder, and only this machine reaches it.

The first start prints a link, good for a day and for one use, with which the
first administrator makes an account. --demo loads a programme of synthetic
interviews and lets visitors look around without an account.

For an organisation, --config names a file of settings: an address and a
certificate, PostgreSQL, where keys and files lie, single sign-on, backups.
--config-example prints one with comments. Secrets are read from files that it
names, or from WAYMARK_DATABASE_URL and VAULT_TOKEN.`,
		Example: `  waymark serve
  waymark serve --demo
  waymark serve --config-example > waymark.yaml
  waymark serve --config waymark.yaml --data /var/lib/waymark`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if example {
				_, err := io.WriteString(cmd.OutOrStdout(), configExample)
				return err
			}
			c, err := flags.load(func(c *serveConfig) {
				if listen != "" {
					c.Listen = listen
				}
				if base != "" {
					c.Base = base
				}
			})
			if err != nil {
				return err
			}
			return serve(cmd.Context(), c, demo, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&listen, "listen", "", "`address` and port to open (default 127.0.0.1:8080)")
	cmd.Flags().StringVar(&base, "base", "", "`address` that people and phones use, such as https://data.example.org (default: made from --listen)")
	cmd.Flags().BoolVar(&demo, "demo", false, "load a programme of synthetic interviews, and let visitors look at it")
	cmd.Flags().BoolVar(&example, "config-example", false, "print settings with comments, and end")
	return cmd
}

// serve runs until ctx ends.
func serve(ctx context.Context, c *serveConfig, demo bool, out, errs io.Writer) error {
	log := newLog(errs, c.Log)
	go rule.Builtin() // some 40 ms of work, while the database opens; pathways asks for the result
	h, err := openHouse(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := h.Close(); err != nil {
			log.Error("closing the store failed", "error", err)
		}
	}()
	s, err := newSite(ctx, h, c, demo, log)
	if err != nil {
		return err
	}
	tls, port80, err := tlsOf(c)
	if err != nil {
		return err
	}
	ports := &listeners{log: log}
	at, err := ports.open(c.Listen, behindProxy(c.Proxy.Trust, s.handler), tls)
	if err != nil {
		return err
	}
	if port80 != nil {
		if _, err := ports.open(":80", port80, nil); err != nil {
			return err
		}
	}
	if c.Metrics.Listen != "" {
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", s.metrics.Handler())
		if _, err := ports.open(c.Metrics.Listen, mux, nil); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "Waymark is at %s (listening on %s; data in %s)\n", c.Base, at, c.Data)
	link, err := s.accounts.SetUpLink(ctx)
	switch {
	case err == nil:
		fmt.Fprintf(out, "\nNobody has an account yet. Make the first one within a day:\n  %s\n", link.Address(c.Base))
	case fault.KindOf(err) != fault.Conflict:
		return err
	}
	if demo {
		fmt.Fprintf(out, "\nThe tour needs no account: %s/sign-in (all its interviews and cases are synthetic)\n", c.Base)
		fmt.Fprintf(out, "What a frontline worker sees, until the next start: %s%s\n", c.Base, page.Path("/report/{token}", "token", s.demoToken))
	}
	fmt.Fprintln(out, "\nStop with Ctrl-C.")
	return s.run(ctx, ports, demo, log)
}

// run serves, works in the background, and ends in order: ports first, then what
// works behind them.
func (s *site) run(ctx context.Context, ports *listeners, demo bool, log *slog.Logger) error {
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var work sync.WaitGroup
	work.Go(func() {
		if err := s.check(behind); err != nil {
			log.Error("checking of submissions ended", "error", err)
		}
	})
	if demo {
		work.Go(func() {
			if err := s.loadDemo(behind); err != nil && behind.Err() == nil {
				log.Error("the demonstration could not be loaded", "error", err)
			}
		})
	}
	if err := s.jobs.Start(behind); err != nil {
		return fmt.Errorf("background work did not start: %w", err)
	}
	context.AfterFunc(ctx, s.stopStreams)
	err := ports.run(ctx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownPatience)
	defer cancel()
	err = errors.Join(err, s.jobs.Stop(end))
	stop()
	work.Wait()
	log.Info("stopped", "at", time.Now().UTC().Format(time.RFC3339))
	return err
}
