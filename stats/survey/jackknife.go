package survey

import (
	"context"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Replication is a way to make replicate weights.
type Replication uint8

// The replications: leave one PSU out. JK1 is for designs without strata.
const (
	JK1 Replication = iota + 1
	JKn
)

// Jackknife answers a request for a mean, total, ratio or proportion with the
// variance of replicates that leave out one PSU each.
//
//	V = Σ_h (1-f_h) (n_h-1)/n_h Σ_i (θ_hi - θ̄)²,  θ̄ the mean of all replicates
//
// In a replicate the other PSUs of the stratum weigh n_h/(n_h-1) times as much.
// A stratum with a single PSU makes no replicate. Intervals are those of Run;
// Deff has no meaning here. A calibrated design is refused.
// Source: R survey 4.1-1, as.svrepdesign, svrVar (mse = FALSE).
func (d *Design) Jackknife(ctx context.Context, r Request, kind Replication, opt EngineOptions) ([]Estimate, error) {
	switch {
	case d.Adjusted():
		return nil, fault.New(fault.Invalid, fault.Place{}, "replicates of a calibrated design are not made", "use Taylor linearisation")
	case kind == JK1 && len(d.strata) > 1:
		return nil, fault.New(fault.Invalid, fault.Place{}, "JK1 is for designs without strata", "use JKn")
	case r.Statistic == Share || r.Where != nil:
		return nil, fault.New(fault.Invalid, fault.Place{}, "replicates are made for means, totals, ratios and proportions", "ask for one level at a time, by domain")
	}
	full, err := d.Estimate(ctx, []Request{r}, opt)
	if err != nil {
		return nil, err
	}
	out := full[0].Estimates
	g, err := numberDomains(ctx, d, r.By, nil, opt.Workers)
	if err != nil {
		return nil, err
	}
	var v *variable
	p := &program{d: d, index: map[string]*batch{}, shared: map[[2]table.Column]*variable{}, faults: fault.NewList(maxFaults)}
	v = p.job(r.By, nil, r.Variable, r.Denominator, r.level(), false).v
	v.prepare(p.faults)
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	sums := d.psuSums(g, v, v.class(r.level()))
	for k := range out {
		e := &out[k]
		e.Deff, e.NEff = math.NaN(), float64(e.Base)
		if e.NotEstimable != "" {
			continue
		}
		e.SE = math.Sqrt(sums.variance(d, k, r.Statistic))
		confidence := r.Confidence
		if confidence == 0 {
			confidence = 0.95
		}
		df := r.DF
		if df == 0 {
			df = math.Inf(1)
		}
		q := tQuantile(1-(1-confidence)/2, df)
		e.Lo, e.Hi, e.Method = e.Value-q*e.SE, e.Value+q*e.SE, Normal
		if math.IsNaN(e.SE) || math.IsInf(e.SE, 0) {
			e.fail("a replicate without one of the primary sampling units has no value")
		}
	}
	return out, nil
}

// replicaSums is Σw, Σwy and Σwx per domain and PSU.
type replicaSums struct {
	stratum []int // per PSU
	sum     [][][3]float64
}

// psuSums adds up by PSU; y of a proportion is having the level.
func (d *Design) psuSums(g *grouping, v *variable, class int) replicaSums {
	number := map[int]int{}
	s := replicaSums{sum: make([][][3]float64, g.n())}
	psuOf := make([]int, d.rows)
	for i := range d.rows {
		if d.dead != nil && d.dead[i] {
			continue
		}
		psu, stratum := d.psuOf(i)
		k, known := number[psu]
		if !known {
			k = len(s.stratum)
			number[psu] = k
			s.stratum = append(s.stratum, stratum)
		}
		psuOf[i] = k
	}
	for k := range s.sum {
		s.sum[k] = make([][3]float64, len(s.stratum))
	}
	cell := make([]uint32, 1)
	for i := range d.rows {
		k := g.domain(i)
		if v.fill(cell, i); k >= g.n() || int(cell[0]) >= v.valued {
			continue
		}
		w, y, x := d.Weight(i), 0.0, 0.0
		switch {
		case v.num != nil:
			if y = v.num.Values[i]; v.den != nil {
				x = v.den.Values[i]
			}
		case int(cell[0]) == class:
			y = 1
		}
		t := &s.sum[k][psuOf[i]]
		t[0] += w
		t[1] += w * y
		t[2] += w * x
	}
	return s
}

// variance leaves out one PSU after the other.
func (s replicaSums) variance(d *Design, domain int, stat Statistic) float64 {
	byStratum := make([][3]float64, len(d.strata))
	n := make([]float64, len(d.strata))
	var all [3]float64
	for p, t := range s.sum[domain] {
		h := s.stratum[p]
		n[h]++
		for c, x := range t {
			byStratum[h][c] += x
			all[c] += x
		}
	}
	theta := make([]float64, 0, len(s.stratum))
	scale := make([]float64, 0, len(s.stratum))
	mean := 0.0
	for p, t := range s.sum[domain] {
		h := s.stratum[p]
		if n[h] < 2 || d.stages[0].scale[h] == 0 {
			continue
		}
		var left [3]float64
		for c := range left {
			left[c] = all[c] - byStratum[h][c] + (byStratum[h][c]-t[c])*n[h]/(n[h]-1)
		}
		x := left[1]
		switch stat {
		case Mean, Proportion:
			x = left[1] / left[0]
		case Ratio:
			x = left[1] / left[2]
		}
		theta = append(theta, x)
		mean += x
		nh := d.stages[0].n[h]
		scale = append(scale, d.stages[0].scale[h]*(nh-1)/nh*(n[h]-1)/n[h])
	}
	mean /= float64(len(theta))
	v := 0.0
	for k, x := range theta {
		v += scale[k] * (x - mean) * (x - mean)
	}
	return v
}
