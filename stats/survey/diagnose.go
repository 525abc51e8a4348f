package survey

import (
	"math"
	"slices"
)

// Weighting says how weights were made to agree with outside totals.
type Weighting struct {
	Kind       string // "post-stratification", "raking", "linear calibration", ...
	Iterations int
	Converged  bool
	// Misfit is the largest relative difference between a target and the
	// weighted sample.
	Misfit float64
	// MinRatio and MaxRatio are the smallest and largest weight over the mean
	// weight, MinFactor and MaxFactor new over old weight.
	MinRatio, MaxRatio   float64
	MinFactor, MaxFactor float64
	// Deff is Kish's design effect of unequal weights, 1 + cv², and NEff the
	// base divided by it.
	Deff, NEff float64
	// Margins are the totals before and after, beside the targets.
	Margins []MarginCheck
	// LeftOut names auxiliary columns that are zero, with a total of zero.
	LeftOut []string
	// Reach is set where bounds cannot be met: the share of the way from the
	// sample's totals to the targets that weights can go.
	Reach float64
	// Trimmed rows were held at a bound by trimming.
	Trimmed int
	// Joined names cells of a non-response adjustment that were merged.
	Joined []JoinedCell
}

// MarginCheck is a total before and after weighting.
type MarginCheck struct {
	Margin string `json:"margin"`
	Level  string `json:"level,omitempty"` // none for an auxiliary column
	Rows   int    `json:"rows"`
	// Before and After are weighted totals, Target is what was asked for.
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Target float64 `json:"target"`
}

// Spread describes the weights of a design, those of rows alive.
type Spread struct {
	Rows     int     `json:"rows"`
	Negative int     `json:"negative,omitempty"` // weights below zero, which linear calibration can give
	Sum      float64 `json:"sum"`
	Mean     float64 `json:"mean"`
	Min      float64 `json:"min"`
	Q1       float64 `json:"q1"` // quartiles of the rows, as R's quantile (type 7)
	Median   float64 `json:"median"`
	Q3       float64 `json:"q3"`
	Max      float64 `json:"max"`
	CV       float64 `json:"cv"`    // standard deviation, by n, over the mean
	Ratio    float64 `json:"ratio"` // largest over smallest; 0 if that has no meaning
	// Deff is Kish's design effect of unequal weights, n Σw²/(Σw)² = 1 + cv², and
	// NEff the rows divided by it. Source: Kish (1965), Survey Sampling, §11.7.
	Deff float64 `json:"deff"`
	NEff float64 `json:"nEff"`
}

// Step is one adjustment of weights in a Diagnosis.
type Step struct {
	Kind       string  `json:"kind"`
	Iterations int     `json:"iterations"`
	Converged  bool    `json:"converged"`
	Misfit     float64 `json:"misfit"`
	MinFactor  float64 `json:"minFactor"`
	MaxFactor  float64 `json:"maxFactor"`
	Trimmed    int     `json:"trimmed,omitempty"`
	// TrimmedShare is Trimmed over the rows.
	TrimmedShare float64       `json:"trimmedShare,omitempty"`
	Margins      []MarginCheck `json:"margins,omitempty"`
	LeftOut      []string      `json:"leftOut,omitempty"`
	Joined       []JoinedCell  `json:"joined,omitempty"`
}

// Diagnosis is a report on the weights of a design before and after they were
// adjusted.
type Diagnosis struct {
	Before Spread `json:"before"`
	After  Spread `json:"after"`
	// Factor describes new over old weight, of the rows alive after.
	Factor Spread `json:"factor"`
	// Lost rows were alive before and are not after.
	Lost  int    `json:"lost,omitempty"`
	Steps []Step `json:"steps"`
}

// Diagnose compares a design with one whose weights were adjusted, and lists
// the adjustments in the order in which they were made. Both must have the same
// rows; numbers without meaning are 0.
func Diagnose(before, after *Design, steps ...*Weighting) Diagnosis {
	d := Diagnosis{Before: before.Spread(), After: after.Spread()}
	var factor []float64
	for i := range min(before.rows, after.rows) {
		old, now := before.Weight(i), after.Weight(i)
		switch {
		case now != 0 && old != 0:
			factor = append(factor, now/old)
		case old != 0:
			d.Lost++
		}
	}
	d.Factor = spreadOf(factor)
	for _, w := range steps {
		if w == nil {
			continue
		}
		s := Step{Kind: w.Kind, Iterations: w.Iterations, Converged: w.Converged, Misfit: w.Misfit, MinFactor: w.MinFactor, MaxFactor: w.MaxFactor,
			Trimmed: w.Trimmed, Margins: w.Margins, LeftOut: w.LeftOut, Joined: w.Joined}
		if before.nAlive > 0 {
			s.TrimmedShare = float64(w.Trimmed) / float64(before.nAlive)
		}
		d.Steps = append(d.Steps, s)
	}
	return d
}

// Spread describes the weights of the design.
func (d *Design) Spread() Spread {
	weights := make([]float64, 0, d.nAlive)
	for i := range d.rows {
		if w := d.Weight(i); w != 0 {
			weights = append(weights, w)
		}
	}
	return spreadOf(weights)
}

func spreadOf(weights []float64) Spread {
	s := Spread{Rows: len(weights)}
	if s.Rows == 0 {
		return s
	}
	slices.Sort(weights)
	sq := 0.0
	for _, w := range weights {
		s.Sum += w
		sq += w * w
		if w < 0 {
			s.Negative++
		}
	}
	n := float64(s.Rows)
	s.Mean = s.Sum / n
	at := func(p float64) float64 {
		h := p * (n - 1)
		k := int(h)
		if k+1 >= s.Rows {
			return weights[s.Rows-1]
		}
		return weights[k] + (h-float64(k))*(weights[k+1]-weights[k])
	}
	s.Min, s.Q1, s.Median, s.Q3, s.Max = weights[0], at(.25), at(.5), at(.75), weights[s.Rows-1]
	if s.Min > 0 {
		s.Ratio = s.Max / s.Min
	}
	if s.Sum != 0 {
		s.Deff = n * sq / (s.Sum * s.Sum)
		s.CV = math.Sqrt(max(0, s.Deff-1))
		s.NEff = n / s.Deff
	}
	return s
}
