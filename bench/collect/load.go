package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

// result is what was measured. Times are milliseconds.
type result struct {
	Connections int     `json:"connections"`
	Stored      int     `json:"stored"`
	Failed      int     `json:"failed"`
	Again       int     `json:"sent_again"`
	Why         string  `json:"why,omitempty"` // the first failure
	Seconds     float64 `json:"seconds"`
	Rate        float64 `json:"per_second"`
	P50         float64 `json:"p50_ms"`
	P90         float64 `json:"p90_ms"`
	P99         float64 `json:"p99_ms"`
	Max         float64 `json:"max_ms"`
	Bytes       int     `json:"request_bytes"`
	Fdatasync   float64 `json:"fdatasync_per_second,omitempty"`
}

// tally collects what the connections did.
type tally struct {
	sync.Mutex
	took         []time.Duration
	failed       int
	again        int
	why          string
	acknowledged *bufio.Writer
}

// load sends all interviews and waits for the last answer.
func load(ctx context.Context, to server, t template, o options) (*result, error) {
	ctx, cancel := context.WithTimeout(ctx, o.atMost)
	defer cancel()
	sum := &tally{acknowledged: bufio.NewWriter(io.Discard)}
	if o.acknowledged != "" {
		f, err := os.Create(o.acknowledged)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		sum.acknowledged = bufio.NewWriter(f)
	}
	if o.warm > 0 {
		drive(ctx, to, t, o, o.warm, sum)
		sum.took, sum.failed, sum.again, sum.why = nil, 0, 0, ""
	}
	from := time.Now()
	drive(ctx, to, t, o, o.count, sum)
	seconds := time.Since(from).Seconds()
	if err := sum.acknowledged.Flush(); err != nil {
		return nil, err
	}
	slices.Sort(sum.took)
	return &result{
		Connections: o.connections, Stored: len(sum.took), Failed: sum.failed, Again: sum.again, Why: sum.why,
		Seconds: seconds, Rate: float64(len(sum.took)) / seconds, Bytes: len(t.request),
		P50: quantile(sum.took, 0.50), P90: quantile(sum.took, 0.90), P99: quantile(sum.took, 0.99), Max: quantile(sum.took, 1),
	}, nil
}

// drive sends count interviews over the connections.
func drive(ctx context.Context, to server, t template, o options, count int, sum *tally) {
	var left atomic.Int64
	left.Store(int64(count))
	var wg sync.WaitGroup
	for range o.connections {
		wg.Go(func() {
			l := &line{to: to, request: bytes.Clone(t.request), places: t.places}
			defer l.close()
			for ctx.Err() == nil && left.Add(-1) >= 0 {
				sum.one(ctx, l, o.again)
			}
		})
	}
	wg.Wait()
}

// one sends one interview until it is acknowledged, or once.
func (s *tally) one(ctx context.Context, l *line, again bool) {
	id := instance()
	from := time.Now()
	for {
		status, err := l.send(id)
		took := time.Since(from)
		if err == nil && (status == 201 || status == 202) {
			s.Lock()
			s.took = append(s.took, took)
			fmt.Fprintln(s.acknowledged, id)
			s.Unlock()
			return
		}
		s.Lock()
		if s.why == "" {
			s.why = fmt.Sprintf("answered %d", status)
			if err != nil {
				s.why = err.Error()
			}
		}
		if !again || ctx.Err() != nil {
			s.failed++
			s.Unlock()
			return
		}
		s.again++
		s.Unlock()
		select { // the server may be starting
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// quantile is the least duration that a share q of all does not exceed, in
// milliseconds. took is sorted.
func quantile(took []time.Duration, q float64) float64 {
	if len(took) == 0 {
		return 0
	}
	at := min(max(int(float64(len(took))*q+0.999999)-1, 0), len(took)-1)
	return float64(took[at].Microseconds()) / 1000
}

func (r *result) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "connections\tstored\tfailed\tseconds\tper second\tp50 ms\tp90 ms\tp99 ms\tmax ms\t")
	fmt.Fprintf(w, "%d\t%d\t%d\t%.2f\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", r.Connections, r.Stored, r.Failed, r.Seconds, r.Rate, r.P50, r.P90, r.P99, r.Max)
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Again > 0 {
		fmt.Fprintf(out, "%d were sent again\n", r.Again)
	}
	if r.Fdatasync > 0 {
		fmt.Fprintf(out, "this machine makes 4 KiB durable %.0f times a second\n", r.Fdatasync)
	}
	return nil
}
