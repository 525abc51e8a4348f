package spec

import (
	"slices"

	"waymark/stats/survey/analysis"
)

// sample is the case's design.
func (c *Case) sample() analysis.Sample {
	s := analysis.Sample{
		Weights: c.Design.Weights, Strata: c.Design.Strata, Clusters: c.Design.Clusters,
		FPC: c.Design.FPC, PPS: c.Design.PPS, PPSVariance: c.Design.PPSVariance, Nest: c.Design.Nest, Lonely: c.LonelyPSU,
	}
	if c.Variance != "Taylor" {
		s.Jackknife = c.Variance
	}
	if c.Calibrate != nil {
		s.Weighting = c.Calibrate.weighting()
	}
	if t := c.Trim; t != nil {
		s.Trim = &analysis.Trim{Lower: t.Lower, Upper: t.Upper, Strict: t.Strict}
	}
	if r := c.Replicates; r != nil {
		s.Replicates = &analysis.Replicates{Pattern: r.Columns, Type: r.Type, Rho: r.Rho, Scale: r.Scale, RScales: r.RScales,
			Factors: r.Factors, MSE: r.MSE, Count: r.Count, Seed: r.Seed, Degf: r.DF}
	}
	return s
}

// weighting is how the case adjusts its weights.
func (c *Calibrate) weighting() *analysis.Weighting {
	w := &analysis.Weighting{Kind: c.Kind, Totals: c.Totals, Bounds: c.Bounds}
	for _, m := range c.Margins {
		margin := analysis.Margin{Columns: []string{m.Variable}}
		levels := make([]string, 0, len(m.Counts))
		for l := range m.Counts {
			levels = append(levels, l)
		}
		slices.Sort(levels)
		for _, l := range levels {
			margin.Counts = append(margin.Counts, analysis.MarginCount{Levels: []string{l}, Count: m.Counts[l]})
		}
		w.Margins = append(w.Margins, margin)
	}
	return w
}
