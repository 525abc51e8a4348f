package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// Sample names the columns of a sample design.
type Sample struct {
	Weights  string   // Default: every row weighs 1
	Strata   string   // of the first stage. Default: one stratum
	Clusters []string // of each stage, outermost first. Default: each row its own PSU
	FPC      []string // sizes or fractions, one per stage. Default: with replacement
	// PPS says that FPC has probabilities of inclusion, in a sample drawn with
	// unequal ones: brewer, overton or HR, as in R. PPSVariance of the last two is
	// HT (Horvitz-Thompson, the default) or YG (Yates-Grundy).
	PPS, PPSVariance string

	Nest   bool   // PSU identifiers are unique only within their stratum
	Lonely string // see LonelyRules. Default: fail
	// Weighting adjusts the weights to outside totals. Default: none.
	Weighting *Weighting
	// Nonresponse and Trim adjust the weights before and after it. Default: none.
	Nonresponse *Nonresponse
	Trim        *Trim
	// Replicates makes variances from replicate weights. Default: Taylor
	// linearisation.
	Replicates *Replicates
	// Jackknife makes the variance of means, totals, ratios and proportions by
	// leaving out one unit at a time: JK1 or JKn. Default: Taylor linearisation.
	Jackknife string
}

// Design is a design in a report.
type Design struct {
	Weights    string   `json:"weights,omitempty"`
	Strata     string   `json:"strata,omitempty"`
	Clusters   []string `json:"clusters,omitempty"`
	FPC        []string `json:"fpc,omitempty"`
	Nest       bool     `json:"nest,omitempty"`
	Lonely     string   `json:"lonely_psu,omitempty"`
	Weighting  string   `json:"weighting,omitempty"`
	Replicates string   `json:"replicates,omitempty"`
	Rows       int      `json:"rows"`
	Base       int      `json:"base"` // rows with a weight above zero
	SumWeights float64  `json:"sum_weights"`
	StrataN    int      `json:"strata_count"`
	PSUs       int      `json:"psus"`
	DF         float64  `json:"df"`
	// Words is the design in a sentence.
	Words string   `json:"words"`
	Notes []string `json:"-"` // they are the report's
	// Diagnosis says what became of the weights, where they were adjusted.
	Diagnosis *survey.Diagnosis `json:"weights_report,omitempty"`
}

// lonely are the rules for a stratum with a single PSU, by R's names.
var lonely = map[string]survey.Lonely{
	"": survey.LonelyFail, "fail": survey.LonelyFail, "remove": survey.LonelyRemove,
	"certainty": survey.LonelyCertainty, "adjust": survey.LonelyAdjust, "average": survey.LonelyAverage,
}

var jackknives = map[string]survey.Replication{"": 0, "JK1": survey.JK1, "JKn": survey.JKn}

// LonelyRules are the names that Sample.Lonely takes.
var LonelyRules = []string{"fail", "remove", "certainty", "adjust", "average"}

// Design makes the design. It reports every column that is not there.
func (s *Sample) Design(ctx context.Context, data *Data) (*survey.Design, *Design, error) {
	faults := fault.NewList(maxFaults)
	keep := func(err error) bool {
		faults.Add(faultsOf(err)...)
		return err == nil
	}
	rule, ok := lonely[s.Lonely]
	if !ok {
		faults.Addf(fault.Invalid, fault.Place{Field: "lonely_psu"}, "one of "+strings.Join(LonelyRules, ", "), "there is no rule %q for a single PSU", s.Lonely)
	}
	if _, ok := jackknives[s.Jackknife]; !ok {
		faults.Addf(fault.Invalid, fault.Place{Field: "variance"}, "JK1 or JKn", "there is no jackknife %q", s.Jackknife)
	}
	spec := survey.Spec{Nest: s.Nest, LonelyPSU: rule, Rows: data.Table.Rows()}
	if s.Weights != "" {
		col, err := data.Number(s.Weights)
		if keep(err) {
			spec.Weights = col
		}
	}
	if s.Strata != "" {
		col, err := data.Category(s.Strata)
		if keep(err) {
			spec.Strata = col
		}
	}
	for _, name := range s.Clusters {
		col, err := data.Category(name)
		if keep(err) {
			spec.Clusters = append(spec.Clusters, col)
		}
	}
	for _, name := range s.FPC {
		col, err := data.Number(name)
		if keep(err) {
			spec.FPC = append(spec.FPC, col)
		}
	}
	keep(s.unequal(&spec))
	steps, err := s.prepare(data)
	keep(err)
	if r := s.Replicates; r != nil {
		_, err := r.kind()
		keep(err)
		if w := s.Weighting; w != nil && w.Kind != "poststratify" && w.Kind != "rake" || s.Nonresponse != nil || s.Trim != nil {
			faults.Addf(fault.Invalid, fault.Place{Field: "replicates"}, "use --rake or --poststratify, or adjust under Taylor linearisation, or bring replicate weights that are adjusted", "replicates can be post-stratified and raked, not adjusted otherwise")
		}
		if r.given() && (s.Strata != "" || len(s.Clusters) > 0 || len(s.FPC) > 0) {
			faults.Addf(fault.Invalid, fault.Place{Field: "replicates"}, "leave strata, clusters and FPC out: the replicate weights stand for them", "replicate weights in columns are a design of their own")
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	var d *survey.Design
	if s.Replicates.given() {
		d, err = s.Replicates.read(data, spec.Weights, s.Weights)
	} else {
		d, err = survey.New(spec)
	}
	if err == nil && s.Replicates != nil && !s.Replicates.given() {
		d, err = s.Replicates.make(d)
	}
	if err != nil {
		return nil, nil, fault.InFile(err, data.Name)
	}
	d, diagnosis, err := s.adjust(d, steps)
	if err != nil {
		return nil, nil, fault.InFile(err, data.Name)
	}
	out := s.describe(d)
	out.Diagnosis = diagnosis
	return d, out, ctx.Err()
}

// describe puts the design into words.
func (s *Sample) describe(d *survey.Design) *Design {
	out := &Design{
		Weights: s.Weights, Strata: s.Strata, Clusters: s.Clusters, FPC: s.FPC, Nest: s.Nest, Lonely: s.Lonely,
		Rows: d.Rows(), Base: d.Base(), SumWeights: d.SumWeights(), StrataN: d.Strata(), PSUs: d.PSUs(), DF: d.DF(),
	}
	parts := []string{fmt.Sprintf("%s in the sample", counted(d.Base(), "row", "rows"))}
	if s.Weights == "" && s.PPS != "" {
		parts = append(parts, "weights of one over the probability of inclusion")
	} else if s.Weights == "" {
		parts = append(parts, "each row weighs 1")
		out.Notes = append(out.Notes, "Each row weighs 1: no column of weights was named.")
	} else {
		parts = append(parts, "weights "+s.Weights)
	}
	if !s.Replicates.given() {
		parts = append(parts, s.stageWords(d)...)
	}
	if s.Lonely != "" && s.Lonely != "fail" {
		parts = append(parts, "strata with one unit: "+s.Lonely)
	}
	if out.Weighting = s.weightWords(); out.Weighting != "" {
		parts = append(parts, out.Weighting)
	}
	if out.Replicates = replicateWords(d); out.Replicates != "" {
		parts = append(parts, out.Replicates)
		if r, ok := d.Replicates(); ok {
			out.Notes = append(out.Notes, r.Notes()...)
		}
	}
	parts = append(parts, fmt.Sprintf("%v degrees of freedom", d.DF()))
	out.Words = strings.Join(parts, "; ")
	if left := d.Rows() - d.Base(); left > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s with weight zero: in the design, in no estimate.", counted(left, "row", "rows")))
	}
	return out
}

// stageWords describe how the sample was drawn.
func (s *Sample) stageWords(d *survey.Design) []string {
	var parts []string
	if s.Strata != "" {
		parts = append(parts, fmt.Sprintf("%s by %s", counted(d.Strata(), "stratum", "strata"), s.Strata))
	}
	switch len(s.Clusters) {
	case 0:
		parts = append(parts, "each row its own primary sampling unit")
	default:
		parts = append(parts, fmt.Sprintf("%d primary sampling units by %s", d.PSUs(), s.Clusters[0]))
		if len(s.Clusters) > 1 {
			parts = append(parts, "then "+strings.Join(s.Clusters[1:], ", then "))
		}
	}
	if s.PPS != "" {
		parts = append(parts, "probabilities of inclusion "+strings.Join(s.FPC, ", "))
	} else if len(s.FPC) > 0 {
		parts = append(parts, "finite population correction "+strings.Join(s.FPC, ", "))
	} else {
		parts = append(parts, "sampled with replacement, or few of many")
	}
	return parts
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Weighting adjusts weights to totals known from outside.
type Weighting struct {
	// Kind: poststratify, rake, greg-linear, greg-raking or greg-logit. Required.
	Kind    string
	Margins []Margin // of poststratify (one) and rake
	// Totals of the others, by model-matrix column: (Intercept), a number, or a
	// category with its level written behind its name.
	Totals map[string]float64
	// Bounds of new over old weight, one below 1 and one above. Required of
	// greg-logit; not for poststratify. Default: none.
	Bounds []float64
}

// Margin is the population counts of one column, or of several crossed.
type Margin struct {
	Columns []string
	Counts  []MarginCount
}

// MarginCount is the population count of one level of each column.
type MarginCount struct {
	Levels []string
	Count  float64
}

// WeightingKinds are the kinds of weighting.
var WeightingKinds = []string{"poststratify", "rake", "greg-linear", "greg-raking", "greg-logit"}

func (w *Weighting) words() string {
	switch w.Kind {
	case "poststratify":
		return "weights post-stratified to " + strings.Join(w.names(), ", ")
	case "rake":
		return "weights raked to " + strings.Join(w.names(), " and ")
	}
	return "weights calibrated (" + strings.TrimPrefix(w.Kind, "greg-") + " distance) to " + strings.Join(w.names(), ", ")
}

// names are those of the margins or of the totals.
func (w *Weighting) names() []string {
	var out []string
	for _, m := range w.Margins {
		out = append(out, strings.Join(m.Columns, " by "))
	}
	for n := range w.Totals {
		out = append(out, n)
	}
	if len(w.Margins) == 0 {
		slices.Sort(out)
	}
	return out
}

func (w *Weighting) margins(data *Data) ([]survey.Margin, error) {
	faults := fault.NewList(maxFaults)
	var out []survey.Margin
	for _, m := range w.Margins {
		var cols []*table.CategoryColumn
		for _, name := range m.Columns {
			col, err := data.Category(name)
			if err != nil {
				faults.Add(faultsOf(err)...)
				continue
			}
			cols = append(cols, col)
		}
		margin := survey.Margin{Columns: cols}
		for _, c := range m.Counts {
			margin.Totals = append(margin.Totals, survey.MarginTotal{Levels: c.Levels, Count: c.Count})
		}
		out = append(out, margin)
	}
	if w.Kind == "poststratify" && len(w.Margins) != 1 {
		faults.Addf(fault.Invalid, fault.Place{Field: "margins"}, "use rake for several", "post-stratification has one margin")
	}
	return out, faults.Err()
}

// apply weights the design.
func (w *Weighting) apply(d *survey.Design, a *adjusted) (*survey.Design, *survey.Weighting, error) {
	var lower, upper float64
	if len(w.Bounds) == 2 {
		lower, upper = w.Bounds[0], w.Bounds[1]
	}
	switch w.Kind {
	case "poststratify":
		return d.PostStratify(a.margins[0])
	case "rake":
		return d.Rake(a.margins, survey.RakeOptions{Lower: lower, Upper: upper})
	}
	opt := survey.CalibrateOptions{Distance: survey.LinearDistance, Lower: lower, Upper: upper}
	switch w.Kind {
	case "greg-raking":
		opt.Distance = survey.RakingDistance
	case "greg-logit":
		opt.Distance = survey.LogitDistance
	}
	return d.Calibrate(a.auxiliaries, opt)
}

// auxiliaries makes the columns of a calibration from the names of its totals,
// in the order of names.
func (w *Weighting) auxiliaries(data *Data) ([]survey.Auxiliary, error) {
	if !slices.Contains(WeightingKinds, w.Kind) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "kind"}, fmt.Sprintf("there is no weighting %q", w.Kind), strings.Join(WeightingKinds, ", "))
	}
	if w.Kind == "greg-logit" && len(w.Bounds) != 2 {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "bounds"}, "greg-logit needs two bounds", "such as [0.3, 4]")
	}
	names := w.names()
	faults := fault.NewList(maxFaults)
	var out []survey.Auxiliary
	for _, name := range names {
		a := survey.Auxiliary{Name: name, Total: w.Totals[name]}
		var err error
		if a.Values, err = data.modelColumn(name); err != nil {
			faults.Add(faultsOf(err)...)
			continue
		}
		out = append(out, a)
	}
	return out, faults.Err()
}
