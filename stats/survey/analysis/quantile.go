package analysis

import (
	"context"
	"fmt"
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// planQuantile asks for quantiles.
func planQuantile(p *plan, a *Ask, by []string) gather {
	cols, ok := p.groups(by)
	at := a.At
	if len(at) == 0 {
		at = []float64{0.25, 0.5, 0.75}
	}
	rule, interval, err := quantileMethod(a, &p.opt)
	p.add(err)
	ok = ok && err == nil
	var requests []survey.QuantileRequest
	for _, name := range a.Variables {
		col, err := p.data.Number(name)
		if err != nil {
			p.add(err)
			ok = false
			continue
		}
		requests = append(requests, survey.QuantileRequest{Variable: col, P: at, By: cols, Where: p.where, Rule: rule, Interval: interval, Confidence: p.opt.Confidence})
	}
	if !ok {
		return nil
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		var rows []Row
		for _, r := range requests {
			found, err := p.d.Quantiles(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
			if err != nil {
				return nil, err
			}
			// Asked one share after the other, they are told one group after the other.
			n := len(found) / len(at)
			for i := range found {
				q := found[i%len(at)*n+i/len(at)]
				row := newRow()
				row.Domain, row.Variable, row.At, row.Base, row.NotEstimable = domain(cols, q.Domain), r.Variable.Name(), q.P, q.Base, q.NotEstimable
				if q.NotEstimable == "" {
					row.Value, row.Lo, row.Hi = q.Value, q.Lo, q.Hi
					if !math.IsNaN(q.SE) {
						row.SE = q.SE
					}
				}
				rows = append(rows, row)
			}
		}
		return rows, nil
	}
}

// quantileRules are the names of rules, as R's qrule has them.
var quantileRules = map[string]survey.QuantileRule{
	"": survey.RuleMath, "math": survey.RuleMath, "school": survey.RuleSchool, "shahvaish": survey.RuleShahVaish,
	"hf1": survey.RuleHF1, "hf2": survey.RuleHF2, "hf3": survey.RuleHF3, "hf4": survey.RuleHF4, "hf5": survey.RuleHF5,
	"hf6": survey.RuleHF6, "hf7": survey.RuleHF7, "hf8": survey.RuleHF8, "hf9": survey.RuleHF9,
}

// QuantileRules are the names that Options.QuantileRule takes.
var QuantileRules = []string{"math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"}

var quantileIntervals = map[string]survey.QuantileInterval{
	"": survey.IntervalMean, "mean": survey.IntervalMean, "beta": survey.IntervalBeta, "xlogit": survey.IntervalXLogit,
	"asin": survey.IntervalAsin, "score": survey.IntervalScore,
}

// QuantileIntervals are the names that Options.QuantileInterval takes, as R's
// interval.type has them.
var QuantileIntervals = []string{"mean", "beta", "xlogit", "asin", "score"}

func quantileMethod(a *Ask, o *Options) (survey.QuantileRule, survey.QuantileInterval, error) {
	rule, known := quantileRules[strings.ToLower(o.QuantileRule)]
	if !known {
		return 0, 0, fault.New(fault.Invalid, fault.Place{Field: "quantile rule"}, fmt.Sprintf("there is no rule %q", o.QuantileRule), strings.Join(QuantileRules, ", "))
	}
	name := a.Method
	if name == "" {
		name = o.QuantileInterval
	}
	interval, known := quantileIntervals[strings.ToLower(name)]
	if !known {
		return 0, 0, fault.New(fault.Invalid, fault.Place{Field: "method"}, fmt.Sprintf("there is no interval of quantiles %q", name), strings.Join(QuantileIntervals, ", "))
	}
	return rule, interval, nil
}
