package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
)

// imputationFlags fill missing answers several times over.
type imputationFlags struct {
	columns    string
	from       string
	ordered    string
	files      int
	iterations int
}

func (i *imputationFlags) add(f *pflag.FlagSet) {
	f.StringVar(&i.columns, "impute", "", "fill the missing answers of these `columns` several times over, and combine the answers")
	f.StringVar(&i.from, "impute-from", "", "complete `columns` that predict them (default: weights, strata and --by)")
	f.StringVar(&i.ordered, "impute-ordered", "", "`columns` of --impute whose levels have an order")
	f.IntVar(&i.files, "imputations", 20, "completed files that --impute makes")
	f.IntVar(&i.iterations, "impute-iterations", 10, "turns of each column on the way to a completed file")
}

func (i *imputationFlags) check(faults *fault.List) {
	if i.columns == "" && (i.from != "" || i.ordered != "") {
		faults.Add(fault.New(fault.Usage, fault.Place{}, "--impute-from and --impute-ordered need --impute", "such as --impute age,sex --impute-from route"))
	}
	if i.columns != "" && (i.files < 2 || i.iterations < 1) {
		faults.Add(fault.New(fault.Usage, fault.Place{}, fmt.Sprintf("%d completed files in %d turns cannot be made", i.files, i.iterations), "such as --imputations 20 --impute-iterations 10"))
	}
}

// read is nil where nothing is to be filled.
func (i *imputationFlags) read(seed uint64) *analysis.Imputation {
	if i.columns == "" {
		return nil
	}
	return &analysis.Imputation{Columns: analysis.Names(i.columns), From: analysis.Names(i.from), Ordered: analysis.Names(i.ordered), Files: i.files, Iterations: i.iterations, Seed: seed}
}
