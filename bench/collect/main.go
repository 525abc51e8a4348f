// Command collect sends interviews to a server on this machine, as many phones
// would, and says how many a second were stored and how long each took. It is for
// the figures in docs/benchmarks.md and for tests of faults.
//
// It speaks HTTP over plain connections, since it shares the machine with what it
// measures, and only to loopback addresses. It ends by itself: after a count, or
// after a time.
//
//	COLLECT_URL=http://127.0.0.1:8080/key/TOKEN go run ./bench/collect -form fms -version 2016.2
//
// It knows nothing of the rest of the program.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "collect:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	connections, count, warm int
	atMost                   time.Duration
	form, version, answers   string
	file                     int
	again                    bool
	acknowledged, sync       string
	asJSON                   bool
}

func run(ctx context.Context, args []string, env func(string) string, out, progress io.Writer) error {
	var o options
	flags := flag.NewFlagSet("collect", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.IntVar(&o.connections, "connections", 16, "connections that send at once")
	flags.IntVar(&o.count, "count", 10_000, "interviews to send, at most 1,000,000")
	flags.IntVar(&o.warm, "warm", 200, "interviews sent before, which do not count")
	flags.DurationVar(&o.atMost, "for", 2*time.Minute, "end after this time, whatever was sent")
	flags.StringVar(&o.form, "form", "", "the form's id. Required")
	flags.StringVar(&o.version, "version", "", "the form's version")
	flags.StringVar(&o.answers, "answers", "", "file with a submission, {instance} in place of its instanceID; default: synthetic answers of 3 kB")
	flags.IntVar(&o.file, "file", 0, "bytes of a file that goes with each")
	flags.BoolVar(&o.again, "again", false, "send again what was not acknowledged, on a new connection: for tests that kill the server")
	flags.StringVar(&o.acknowledged, "acknowledged", "", "file for the instanceIDs that the server acknowledged, one a line")
	flags.StringVar(&o.sync, "fdatasync", "", "folder in which to measure how often this machine can make 4 KiB durable")
	flags.BoolVar(&o.asJSON, "json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case o.form == "":
		return fmt.Errorf("-form is required")
	case o.connections < 1 || o.connections > 1_000 || o.count < 1 || o.count > 1_000_000 || o.warm < 0 || o.file < 0:
		return fmt.Errorf("a number is out of range")
	}
	to, err := parseServer(env("COLLECT_URL"))
	if err != nil {
		return err
	}
	template, err := newTemplate(to, o)
	if err != nil {
		return err
	}
	r, err := load(ctx, to, template, o)
	if err != nil {
		return err
	}
	if o.sync != "" {
		if r.Fdatasync, err = measureSync(o.sync); err != nil {
			return err
		}
	}
	if o.asJSON {
		err = json.NewEncoder(out).Encode(r)
	} else {
		err = r.print(out)
	}
	if err == nil && r.Failed > 0 {
		err = fmt.Errorf("%d of %d were not stored: %s", r.Failed, r.Failed+r.Stored, r.Why)
	}
	return err
}
