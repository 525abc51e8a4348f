package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
	"waymark/stats/table"
)

// weightingFlags adjust weights to totals from outside.
type weightingFlags struct {
	rake         []string
	poststratify string
	calibrate    string
	distance     string
	bounds       string
	responded    string
	cells        string
	least        int
	trim         string
	strict       bool
	proportional bool
}

// asked says whether anything is to be done to the weights.
func (w *weightingFlags) asked() bool {
	return len(w.rake) > 0 || w.poststratify != "" || w.calibrate != "" || w.responded != "" || w.trim != ""
}

func (w *weightingFlags) add(f *pflag.FlagSet) {
	f.StringArrayVar(&w.rake, "rake", nil, "weight to the `totals` of a margin; give it again for further margins")
	f.StringVar(&w.poststratify, "poststratify", "", "weight to the `totals` of all combinations of a few columns")
	f.StringVar(&w.calibrate, "calibrate", "", "weight to `totals` by model-matrix column: (Intercept), enroll, stypeH")
	f.StringVar(&w.distance, "distance", "linear", "of --calibrate: linear, raking or logit")
	f.StringVar(&w.bounds, "bounds", "", "of new over old weight, such as `0.3,4`; needed for --distance logit")
	f.StringVar(&w.responded, "responded", "", "those for whom this `condition` holds carry the weights of the others")
	f.StringVar(&w.cells, "cells", "", "`columns` known of everyone, within whose combinations they do")
	f.IntVar(&w.least, "least", 0, "cells with fewer respondents than this `number` are joined")
	f.StringVar(&w.trim, "trim", "", "cut weights to `lower,upper`, such as ,300; what is cut goes to the others")
	f.BoolVar(&w.strict, "trim-strict", false, "trim again until no weight is outside")
	f.BoolVar(&w.proportional, "trim-proportional", false, "what is cut goes to the others by their weights, not equally")
}

// given counts the ways to weight that were asked for.
func (w *weightingFlags) given() int {
	n := 0
	for _, asked := range []bool{len(w.rake) > 0, w.poststratify != "", w.calibrate != ""} {
		if asked {
			n++
		}
	}
	return n
}

func (w *weightingFlags) check(faults *fault.List) {
	wrong := func(message, remedy string) {
		faults.Add(fault.New(fault.Usage, fault.Place{}, message, remedy))
	}
	if w.given() > 1 {
		wrong("the weights are adjusted in more than one way", "choose one of --rake, --poststratify and --calibrate")
	}
	switch w.distance {
	case "linear", "raking", "logit":
	default:
		wrong(fmt.Sprintf("there is no distance %q", w.distance), "--distance linear, raking or logit")
	}
	if _, err := w.limits(); err != nil {
		addFaults(faults, err)
	}
	if w.responded == "" && (w.cells != "" || w.least > 0) {
		wrong("--cells and --least need --responded", `such as --responded "consent == yes" --cells region`)
	}
	if _, _, err := w.trimBounds(); err != nil {
		addFaults(faults, err)
	}
	if w.distance == "logit" && w.bounds == "" && w.calibrate != "" {
		wrong("--distance logit needs two bounds", "such as --bounds 0.3,4")
	}
}

func (w *weightingFlags) limits() ([]float64, error) {
	if w.bounds == "" {
		return nil, nil
	}
	var out []float64
	for _, part := range strings.Split(w.bounds, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, usage(fmt.Sprintf("the bound %q is not a number", part), "such as --bounds 0.3,4")
		}
		out = append(out, v)
	}
	if len(out) != 2 || !(out[0] < 1 && out[1] > 1) {
		return nil, usage("two bounds are needed, one below 1 and one above", "such as --bounds 0.3,4")
	}
	return out, nil
}

// weigh reads the totals and adds the weighting to the analysis.
func (w *weightingFlags) weigh(ctx context.Context, a *analysis.Analysis) error {
	if w.given() == 0 {
		return nil
	}
	faults := fault.NewList(50)
	out := &analysis.Weighting{}
	switch {
	case len(w.rake) > 0:
		out.Kind = "rake"
		for _, text := range w.rake {
			margins, err := readMargins(ctx, text)
			addFaults(faults, err)
			out.Margins = append(out.Margins, margins...)
		}
	case w.poststratify != "":
		out.Kind = "poststratify"
		margins, err := readMargins(ctx, w.poststratify)
		addFaults(faults, err)
		out.Margins = margins
	default:
		out.Kind = "greg-" + w.distance
		totals, err := readTotals(ctx, w.calibrate)
		addFaults(faults, err)
		out.Totals = totals
		out.Bounds, _ = w.limits()
	}
	a.Sample.Weighting = out
	return faults.Err()
}

// nonresponse is how those who answered carry the others' weights.
func (w *weightingFlags) nonresponse() *analysis.Nonresponse {
	if w.responded == "" {
		return nil
	}
	return &analysis.Nonresponse{Responded: w.responded, Cells: analysis.Names(w.cells), MinRespondents: w.least}
}

// trimming is how weights are cut.
func (w *weightingFlags) trimming() *analysis.Trim {
	if w.trim == "" {
		return nil
	}
	lower, upper, _ := w.trimBounds()
	return &analysis.Trim{Lower: lower, Upper: upper, Strict: w.strict, InProportion: w.proportional}
}

// trimBounds reads "lower,upper", either of which may be empty.
func (w *weightingFlags) trimBounds() (lower, upper float64, err error) {
	if w.trim == "" {
		return 0, 0, nil
	}
	wrong := usage(fmt.Sprintf("--trim %s is not lower,upper", w.trim), "such as --trim 10,300, or --trim ,300 without a lower bound")
	parts := strings.Split(w.trim, ",")
	if len(parts) != 2 {
		return 0, 0, wrong
	}
	bound := [2]float64{}
	for i, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return 0, 0, wrong
		}
		bound[i] = v
	}
	if bound[0] == 0 && bound[1] == 0 {
		return 0, 0, wrong
	}
	return bound[0], bound[1], nil
}

// inPlace says whether totals are written on the command line: no such file,
// and an equals sign in it.
func inPlace(text string) bool {
	_, err := os.Stat(text)
	return errors.Is(err, fs.ErrNotExist) && strings.Contains(text, "=")
}

// readMargins reads "stype: E=4421, H=755", or a file of counts.
func readMargins(ctx context.Context, text string) ([]analysis.Margin, error) {
	if inPlace(text) {
		m, err := analysis.ParseMargin(text)
		if err != nil {
			return nil, err
		}
		return []analysis.Margin{m}, nil
	}
	t, err := readTotalsFile(ctx, text)
	if err != nil {
		return nil, err
	}
	return analysis.MarginsOf(text, t)
}

// readTotals reads "enroll=3811472, (Intercept)=6194", or a file of terms.
func readTotals(ctx context.Context, text string) (map[string]float64, error) {
	if inPlace(text) {
		return analysis.ParseTotals(text)
	}
	t, err := readTotalsFile(ctx, text)
	if err != nil {
		return nil, err
	}
	cols := t.Columns()
	if len(cols) != 2 {
		return nil, fault.New(fault.Invalid, fault.Place{File: text}, "a file of totals has two columns: the term and its total", "a term is (Intercept), a number's column, or a category with its level, such as stypeH")
	}
	out := map[string]float64{}
	for i := range t.Rows() {
		v, err := strconv.ParseFloat(cols[1].Text(i), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fault.New(fault.Invalid, fault.Place{File: text, Row: i + 2, Field: cols[1].Name()}, "the total is not a number", "write it as 755 or 3811472")
		}
		out[cols[0].Text(i)] = v
	}
	return out, nil
}

// readTotalsFile reads a small table, its cells as text.
func readTotalsFile(ctx context.Context, path string) (*table.Table, error) {
	text := func(h table.Header) (*table.Schema, error) {
		s := &table.Schema{}
		for i, n := range h.Names {
			s.Fields = append(s.Fields, table.Field{Name: n, Kind: table.Text})
			s.Targets = append(s.Targets, table.Target{Field: i, Option: -1})
		}
		return s, nil
	}
	r, err := table.Read(ctx, path, table.Options{Match: text, Limits: table.Limits{Rows: 100_000}})
	if err != nil {
		return nil, err
	}
	return r.Table, nil
}
