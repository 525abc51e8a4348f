package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
)

// replicateFlags say that variances come from replicate weights.
type replicateFlags struct {
	pattern string
	kind    string
	rho     float64
	scale   float64
	rscales string
	factors bool
	mse     bool
	degf    float64
	make    string
	seed    uint64
}

func (r *replicateFlags) add(f *pflag.FlagSet) {
	f.StringVar(&r.pattern, "replicates", "", "replicate weights: columns by `pattern`, such as rep*, or a list of names")
	f.StringVar(&r.kind, "replicate-type", "", "`type` of these: "+strings.Join(analysis.ReplicateTypes, ", "))
	f.Float64Var(&r.rho, "rho", 0, "of Fay")
	f.Float64Var(&r.scale, "scale", 0, "of all replicates (default: the type's)")
	f.StringVar(&r.rscales, "rscales", "", "a `factor` for each replicate, separated by commas")
	f.BoolVar(&r.factors, "replicate-factors", false, "the columns multiply the weights instead of being weights")
	f.BoolVar(&r.mse, "mse", false, "deviations from the full estimate, not from the replicates' mean")
	f.Float64Var(&r.degf, "degf", 0, "degrees of freedom of replicate weights (default: their rank less 1)")
	f.StringVar(&r.make, "make-replicates", "", "make them of the design: `type` or type:number, such as JKn or bootstrap:1000")
	f.Uint64Var(&r.seed, "seed", 1, "of replicates and imputations that are drawn")
}

// read makes the request of the flags; nil where none is given.
func (r *replicateFlags) read(faults *fault.List) *analysis.Replicates {
	wrong := func(message, remedy string) {
		faults.Add(fault.New(fault.Usage, fault.Place{}, message, remedy))
	}
	out := &analysis.Replicates{Rho: r.rho, Scale: r.scale, Factors: r.factors, MSE: r.mse, Seed: r.seed, Degf: r.degf}
	switch {
	case r.pattern == "" && r.make == "":
		if r.kind != "" || r.rscales != "" {
			wrong("--replicate-type and --rscales need --replicates", "such as --replicates 'rep*' --replicate-type BRR")
		}
		return nil
	case r.pattern != "" && r.make != "":
		wrong("replicate weights are given and made", "choose --replicates or --make-replicates")
		return nil
	case r.make != "":
		kind, number, counted := strings.Cut(r.make, ":")
		out.Type = kind
		if counted {
			n, err := strconv.Atoi(number)
			if err != nil || n < 2 || n > 100_000 {
				wrong(fmt.Sprintf("%q is not a number of replicates", number), "such as --make-replicates bootstrap:1000")
			}
			out.Count = n
		}
		return out
	}
	if r.kind == "" {
		wrong("--replicates needs the type of the weights", "--replicate-type "+strings.Join(analysis.ReplicateTypes, ", "))
	}
	out.Type = r.kind
	if strings.ContainsAny(r.pattern, "*?[") {
		out.Pattern = r.pattern
	} else {
		out.Columns = analysis.Names(r.pattern)
	}
	if r.rscales != "" {
		for _, part := range strings.Split(r.rscales, ",") {
			v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
			if err != nil {
				wrong(fmt.Sprintf("the rscale %q is not a number", part), "such as --rscales 0.5,0.5,0.75")
				break
			}
			out.RScales = append(out.RScales, v)
		}
	}
	return out
}

// quantileFlags are those of --quantile.
type quantileFlags struct{ rule, interval string }

func (q *quantileFlags) add(f *pflag.FlagSet) {
	f.StringVar(&q.rule, "quantile-rule", "math", "`rule` of --quantile: "+strings.Join(analysis.QuantileRules, ", "))
	f.StringVar(&q.interval, "quantile-interval", "mean", "interval of --quantile: "+strings.Join(analysis.QuantileIntervals, ", "))
}
