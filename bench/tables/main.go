// Command tables makes the two tables of bench/survey.R on the same file: six
// indicators by route, and by route and nationality, with standard errors under
// strata, clusters and weights. It prints seconds for each step and the first
// table's figures, to compare.
//
//	go run ./bench/tables [-curve] bench/data/synthetic-design.csv
//
// The work is done several times, as the machine may be busy with other things:
// the first time, when memory is new to the program, and the shortest are told.
// Beside them stand the bytes of the columns that a step reads, and how fast the
// same bytes are copied.
//
// As in R's one call for all six, a row without an answer to any of the six
// takes no part.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"waymark/stats/survey"
	"waymark/stats/table"
)

// rounds is how often the work is done anew from the columns on; the first time
// and the shortest of all are printed.
const rounds = 15

var indicators = []string{"unpaid_work", "forced_work", "job_offer", "marriage_offer", "held", "organs_awareness"}

func main() {
	withCurve := flag.Bool("curve", false, "also from 10,000 to 10,000,000 rows")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: tables [-curve] FILE.csv")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *withCurve); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, path string, withCurve bool) error {
	begun := time.Now()
	result, err := table.Read(ctx, path, table.Options{Match: columns})
	if err != nil {
		return err
	}
	t := result.Table
	fmt.Printf("%-40s %8.3f s\n%d rows\n", "read", time.Since(begun).Seconds(), t.Rows())
	steps := newSteps()
	var one []survey.Result
	for range rounds {
		if one, err = tables(ctx, t, steps); err != nil {
			return err
		}
	}
	steps.print()
	fmt.Printf("memory at the peak so far: %s\n", peak())
	memory(t.Rows(), steps.together())
	if withCurve {
		if err := curve(ctx, t); err != nil {
			return err
		}
	}
	route := t.Category("route")
	for i, name := range indicators {
		for _, e := range one[i].Estimates {
			fmt.Printf("%s %s %.15g %.15g\n", name, route.Levels[e.Domain[0]].Code, e.Value, e.SE)
		}
	}
	return nil
}

// tables makes both tables, and times each step.
func tables(ctx context.Context, t *table.Table, steps *steps) ([]survey.Result, error) {
	steps.start()
	var answers []table.Column
	for _, name := range indicators {
		answers = append(answers, t.Category(name))
	}
	where := survey.Complete(answers...)
	steps.lap("rows with all six answers")
	d, err := survey.New(survey.Spec{Weights: t.Number("weight"), Strata: t.Category("stratum"), Clusters: []*table.CategoryColumn{t.Category("psu")}, Nest: true, LonelyPSU: survey.LonelyAdjust})
	if err != nil {
		return nil, err
	}
	steps.lap("design")
	route, nationality := t.Category("route"), t.Category("nationality")
	one, err := d.Estimate(ctx, requests(t, where, route), survey.EngineOptions{})
	if err != nil {
		return nil, err
	}
	steps.lap("six indicators by route")
	if _, err := d.Estimate(ctx, requests(t, where, route, nationality), survey.EngineOptions{}); err != nil {
		return nil, err
	}
	steps.lap("six indicators by route x nationality")
	return one, nil
}

// peak is the most memory that the process had, where the system tells.
func peak() string {
	status, _ := os.ReadFile("/proc/self/status") // not on every system
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "not known"
}

func requests(t *table.Table, where []bool, by ...*table.CategoryColumn) []survey.Request {
	list := make([]survey.Request, len(indicators))
	for i, name := range indicators {
		list[i] = survey.Request{Statistic: survey.Proportion, Variable: t.Category(name), Level: "yes", By: by, Where: where}
	}
	return list
}

// columns reads what the tables need and nothing else.
func columns(h table.Header) (*table.Schema, error) {
	s := &table.Schema{Targets: make([]table.Target, len(h.Names))}
	add := func(f table.Field) error {
		at := slices.Index(h.Names, f.Name)
		if at < 0 {
			return errors.New("the file has no column " + f.Name)
		}
		s.Targets[at] = table.Target{Field: len(s.Fields), Option: -1}
		s.Fields = append(s.Fields, f)
		return nil
	}
	for i := range s.Targets {
		s.Targets[i] = table.Target{Field: -1, Option: -1}
	}
	answers := []table.Level{{Code: "no"}, {Code: "yes"}}
	missing := map[string]table.Missing{"dk": table.DontKnow, "refused": table.Refused}
	var errs []error
	for _, name := range indicators {
		errs = append(errs, add(table.Field{Name: name, Kind: table.Category, Levels: answers, MissingCodes: missing}))
	}
	for _, name := range []string{"route", "nationality", "stratum", "psu"} {
		errs = append(errs, add(table.Field{Name: name, Kind: table.Category, Open: true}))
	}
	errs = append(errs, add(table.Field{Name: "weight", Kind: table.Number}))
	return s, errors.Join(errs...)
}
