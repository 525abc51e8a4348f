package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring"
	"waymark/monitoring/example"
	"waymark/monitoring/instrument"
)

// maxPooled is the most files that are pooled.
const maxPooled = 64

// loadInstruments loads the instrument of each file, and the one that they
// have in common.
func loadInstruments(names []string, files int) (each []*instrument.Instrument, common *instrument.Instrument, err error) {
	files = max(1, files)
	if len(names) != 1 && len(names) != files {
		return nil, nil, usage(fmt.Sprintf("there are %d instruments for %s", len(names), counted(files, "file", "files")), "name one instrument for all files, or one for each in their order")
	}
	for i := range files {
		if len(names) == 1 && i > 0 {
			each = append(each, each[0])
			continue
		}
		in, err := instrument.Load(names[i])
		if err != nil {
			return nil, nil, err
		}
		each = append(each, in)
	}
	common, _, err = monitoring.CommonInstrument(each...)
	return each, common, err
}

// loadPlan reads the plan file, or makes the default plan, which is read back
// from its own text so that a receipt's text is the plan that was used.
func loadPlan(o *briefOptions, in *instrument.Instrument) (*monitoring.Plan, string, error) {
	name, text := "default plan", ""
	switch o.plan {
	case "", "default":
		p := monitoring.DefaultPlan(in)
		if o.example {
			p.Synthetic = true
			p.Weighting = monitoring.ExampleWeighting()
		}
		if len(o.languages) > 0 {
			p.Languages = o.languages
		}
		text = p.YAML(in)
	default:
		data, err := os.ReadFile(o.plan)
		if err != nil {
			return nil, "", fault.Wrap(fault.NotFound, fault.Place{File: o.plan}, "the plan cannot be read", "`waymark brief --plan default > plan.yaml` writes one to edit", err)
		}
		name, text = filepath.Base(o.plan), string(data)
	}
	p, err := monitoring.ReadPlan(name, []byte(text), in)
	if err != nil {
		return nil, "", err
	}
	if len(o.languages) > 0 {
		p.Languages = o.languages
		for _, l := range o.languages {
			if !slices.Contains(monitoring.Languages, l) {
				return nil, "", usage(fmt.Sprintf("there is no brief in the language %q", l), "--lang takes "+strings.Join(monitoring.Languages, ", "))
			}
		}
	}
	return p, text, nil
}

// exampleTotals names the totals that the example is weighted to.
const exampleTotals = "arrival-totals.csv"

func exampleCSV() ([]byte, error) {
	var b bytes.Buffer
	if err := example.WriteCSV(&b); err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the example round could not be made", "", err)
	}
	return b.Bytes(), nil
}

// loadTotals reads the file of totals that the plan's weighting names, from
// beside the plan.
func loadTotals(ctx context.Context, plan *monitoring.Plan, planFile string, in *instrument.Instrument) (*monitoring.Totals, error) {
	if plan.Weighting == nil {
		return nil, nil
	}
	if plan.Weighting.Totals == "example" {
		data := example.Totals()
		return monitoring.ReadTotalsFrom(ctx, bytes.NewReader(data), int64(len(data)), exampleTotals, plan.Weighting, in)
	}
	path := plan.Weighting.Totals
	if !filepath.IsAbs(path) && planFile != "" && planFile != "default" {
		path = filepath.Join(filepath.Dir(planFile), path)
	}
	return monitoring.ReadTotals(ctx, path, plan.Weighting, in)
}
