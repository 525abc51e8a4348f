// Package quality checks a file of interviews against its instrument and says
// what to look at: columns and codes, contradictions, duplicates, interview
// lengths, patterns of enumerators and points, impossible times and places,
// and digit preference.
//
// Check is a plain function from a table to a Report; it opens no file, so a
// server can call it too. Rules reach questions through the instrument's roles,
// indicators and exclusions, never by name: what an instrument lacks is left
// unchecked, and the report says so. A finding is a reason to look, not proof
// of a fault.
//
// No report holds an answer to an identifying or free-text question: findings
// give row numbers, codes of the instrument and counts.
package quality

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sort"

	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Input is one file of interviews to check.
type Input struct {
	// Table holds the interviews, typed by the instrument. Required.
	Table *table.Table
	// Instrument that the interviews were asked with. Required.
	Instrument *instrument.Instrument
	// Source names the file and its first row. Default: rows count from 1.
	Source table.Source
	// Warnings of the reading. Default: none.
	Warnings *fault.List
	// Binding of the file's columns, for unknown and missing columns. Default:
	// the table's columns are taken for the file's.
	Binding *instrument.Binding
	// Synthetic says that the interviews are made up; every output then says so.
	Synthetic bool
	Options   Options
}

// Options of a check.
type Options struct {
	// Thresholds replaces defaults by name, such as "length.short.minutes".
	// Default: the rules' own; Rules lists them with their units.
	Thresholds map[string]float64
	// MaxRows bounds the rows and details that one finding lists; the total is
	// always given. Default 20.
	MaxRows int
	// Workers that run rules at the same time. Default: the number of
	// processors. The report does not depend on it.
	Workers int
	// Lang is the BCP 47 code of the language of question labels. Default "en".
	Lang string
	// Scope restricts the check to the rules that judge each interview by itself:
	// EachInterview. The report then has no profiles. Default: all rules.
	Scope Scope
	// Progress, if set, is called after each rule with rules done and in all.
	// It is never called twice at the same time.
	Progress func(done, total int)
}

// Check runs every rule on the interviews. Findings are ordered by severity,
// then by the order of the rules, then as the rule found them; the report is
// the same for any number of workers.
//
// It fails with a Fault if there is no interview, if a threshold's name is not
// known, or with the context's error if that ends.
func Check(ctx context.Context, in *Input) (*Report, error) {
	if in == nil || in.Table == nil || in.Instrument == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "a check needs a table and an instrument", "")
	}
	if in.Table.Rows() == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{File: in.Source.Name}, "the file has no interviews",
			"check that the export was complete, and that the header is the first row")
	}
	rules := Rules()
	limits, err := thresholds(rules, in.Options.Thresholds)
	if err != nil {
		return nil, err
	}
	if in.Options.Scope == EachInterview {
		rules = slices.DeleteFunc(rules, func(rule Rule) bool { return rule.Scope != EachInterview })
	}
	r := newRound(in, limits)
	outcomes, err := run(ctx, r, rules)
	if err != nil {
		return nil, err
	}
	return r.report(rules, outcomes), nil
}

// run applies the rules, several at a time, each into its own place.
func run(ctx context.Context, r *round, rules []Rule) ([]*outcome, error) {
	outcomes := make([]*outcome, len(rules))
	workers := r.in.Options.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	finished := make(chan int, len(rules))
	for i, rule := range rules {
		g.Go(func() error {
			o := &outcome{ctx: ctx, rule: rule.ID, max: r.maxRows, fileRow: r.fileRow, whom: r.whom}
			outcomes[i] = o
			if reason := r.lacks(rule.Needs); reason != "" {
				o.skip(reason)
			} else {
				rule.check(r, o)
				o.finish()
			}
			finished <- i
			return ctx.Err()
		})
	}
	if report := r.in.Options.Progress; report != nil {
		done := make(chan struct{})
		go func() {
			defer close(done)
			n := 0
			for range finished {
				n++
				report(n, len(rules))
			}
		}()
		err := g.Wait()
		close(finished)
		<-done
		return outcomes, err
	}
	return outcomes, g.Wait()
}

// thresholds merges the defaults with the caller's.
func thresholds(rules []Rule, set map[string]float64) (map[string]float64, error) {
	limits := map[string]float64{}
	for _, rule := range rules {
		for _, t := range rule.Thresholds {
			limits[rule.ID+"."+t.Name] = t.Default
		}
	}
	faults := fault.NewList(20)
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		v := set[name]
		switch _, known := limits[name]; {
		case !known:
			faults.Addf(fault.Usage, fault.Place{Field: name}, "run waymark check --rules for the names",
				"there is no threshold with this name")
		case !(v >= 0) || v > 1e12:
			faults.Addf(fault.Usage, fault.Place{Field: name}, "give a number from 0 up",
				"%s is not a threshold", fmt.Sprint(v))
		default:
			limits[name] = v
		}
	}
	return limits, faults.Err()
}
