package monitoring

import "waymark/stats/survey"

// WeightingJSON says how the weights were made, what they cost and whether they
// meet their margins.
type WeightingJSON struct {
	Source     string  `json:"source"`
	Deff       float64 `json:"deff"`
	NEff       float64 `json:"n_effective"`
	Method     string  `json:"method"`
	Iterations int     `json:"iterations"`
	Converged  bool    `json:"converged"`
	// MinRatio and MaxRatio are the smallest and largest weight over the mean.
	MinRatio float64       `json:"min_ratio"`
	MaxRatio float64       `json:"max_ratio"`
	Trimmed  *int          `json:"trimmed,omitempty"` // null where masked
	Before   survey.Spread `json:"weights_before"`
	After    survey.Spread `json:"weights_after"`
	Margins  []MarginJSON  `json:"margins"`
}

// MarginJSON is one level of a margin: shares within its route in the totals, in
// the sample, with the weights before and with those after. What would tell a
// masked count is null.
type MarginJSON struct {
	Variable string   `json:"variable"`
	Route    string   `json:"within,omitempty"`
	Level    string   `json:"level"`
	Rows     *int     `json:"rows"`
	Target   float64  `json:"target"`
	Sample   *float64 `json:"sample"`
	Before   *float64 `json:"before"`
	After    float64  `json:"after"`
}

// weightingJSON is the weighting with small counts masked.
func (a *Analysis) weightingJSON() *WeightingJSON {
	w := a.Weighting
	out := &WeightingJSON{Source: w.Source, Deff: w.Deff, NEff: w.NEff, Method: w.Method, Iterations: w.Iterations, Converged: w.Converged,
		MinRatio: w.MinRatio, MaxRatio: w.MaxRatio, Before: w.Before, After: w.After}
	masked := func(n int) bool { return n > 0 && n < a.Plan.MaskBelow }
	if w.Trim != nil && !masked(w.Trimmed) {
		out.Trimmed = whole(w.Trimmed)
	}
	for _, m := range w.Margins {
		for _, l := range m.Levels {
			level := MarginJSON{Variable: m.Variable, Route: m.Route, Level: l.Code, Target: l.Target, After: l.Weighted}
			if !masked(l.Rows) {
				level.Rows, level.Sample, level.Before = whole(l.Rows), number(l.Sample), number(l.Before)
			}
			out.Margins = append(out.Margins, level)
		}
	}
	return out
}

// words names the weighting for a receipt.
func (w *Weighting) words() string {
	name := map[string]string{"rake": "raking", "post-stratify": "post-stratification", "linear": "linear calibration", "logit": "logit calibration"}[w.Method]
	if w.Lower != 0 || w.Upper != 0 {
		name += " with bounds"
	}
	if w.Trim != nil {
		name += ", trimmed"
	}
	return name
}
