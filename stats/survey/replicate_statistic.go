package survey

import (
	"context"
	"fmt"
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Statistic estimates whatever f computes from row weights, with the covariance
// of the replicates.
//
// f gets one weight for each row of the design, 0 for rows outside the sample,
// and must return the same number of values each time. It is called once with
// the weights and once with those of each replicate, from several goroutines at
// once, and must not keep or change the weights. An error from f ends it. A NaN
// or an infinite value is a replicate without a value: the statistic is then
// NotEstimable, unless the replicates discard those. The names are 1, 2, 3, ...;
// DF is the design's. As R's withReplicates.
func (r *Replicates) Statistic(ctx context.Context, f func(weights []float64) ([]float64, error), opt EngineOptions) (*Vector, error) {
	weight := make([]float64, r.rows)
	for i := range weight {
		weight[i] = r.Weight(i)
	}
	full, err := f(weight)
	if err != nil {
		return nil, err
	}
	q := len(full)
	if q == 0 || q > vectorLimit {
		return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the statistic has %d values", q), fmt.Sprintf("return from 1 to %d", vectorLimit))
	}
	thetas, err := r.each(ctx, q, opt.Workers, f)
	if err != nil {
		return nil, err
	}
	v := &Vector{Values: full, NotEstimable: make([]string, q), DF: r.df, Base: r.nAlive}
	for k := range q {
		v.Names = append(v.Names, fmt.Sprint(k+1))
		if math.IsNaN(full[k]) || math.IsInf(full[k], 0) {
			v.NotEstimable[k] = "the statistic has no value with the full sample's weights"
		}
	}
	r.rep.vector(v, thetas)
	v.markInestimable()
	return v, nil
}

// each computes f with the weights of every replicate: by value, then replicate.
func (r *Replicates) each(ctx context.Context, q, workers int, f func(weights []float64) ([]float64, error)) ([][]float64, error) {
	n := r.rep.n
	thetas := make([][]float64, q)
	for k := range thetas {
		thetas[k] = make([]float64, n)
	}
	const few = 8 // replicates of one piece of work
	pieces := (n + few - 1) / few
	failed := make([]error, pieces)
	err := each(ctx, workers, pieces, func(b int) {
		weight := make([]float64, r.rows)
		for k := b * few; k < min((b+1)*few, n); k++ {
			r.Weights(k, weight)
			got, err := f(weight)
			if err == nil && len(got) != q {
				err = fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the statistic has %d values, and %d with the full sample's weights", len(got), q), "return the same number each time")
			}
			if err != nil {
				failed[b] = fmt.Errorf("replicate %d: %w", k+1, err)
				return
			}
			for j, x := range got {
				thetas[j][k] = x
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return thetas, nil
}

// vector sets the covariance of a vector from its replicates. Where a reason is
// set already, or a replicate has no value, the estimate is not estimable.
func (r *replicas) vector(v *Vector, thetas [][]float64) {
	q := len(v.Values)
	v.Cov = make([]float64, q*q)
	var at []int
	var values []float64
	var use [][]float64
	for k, theta := range thetas {
		if v.NotEstimable[k] != "" {
			continue
		}
		if _, why := r.covariance([][]float64{theta}, v.Values[k:k+1]); why != "" {
			v.NotEstimable[k] = why
			continue
		}
		at, values, use = append(at, k), append(values, v.Values[k]), append(use, theta)
	}
	if len(at) > 0 {
		cov, why := r.covariance(use, values)
		for i, f := range at {
			if why != "" { // each has values, but never together
				v.NotEstimable[f] = why
				continue
			}
			for j, g := range at {
				v.Cov[f*q+g] = cov[i*len(at)+j]
			}
		}
	}
}

// replicatedJoint is the covariance of Joint: every estimate made again in each
// replicate. The estimates are those of Estimate, in order.
func (d *Design) replicatedJoint(ctx context.Context, v *Vector, requests []Request, results []Result, opt EngineOptions) error {
	p := &program{d: d, index: map[string]*batch{}, shared: map[[2]table.Column]*variable{}, faults: fault.NewList(maxFaults)}
	first := make([]int, len(requests))
	thetas := make([][]float64, len(v.Values))
	at := 0
	for i := range requests {
		r := &requests[i]
		first[i] = at
		at += len(results[i].Estimates)
		j := p.job(r.By, r.Where, r.Variable, r.Denominator, r.level(), r.Statistic == Share)
		j.finish = append(j.finish, func(t *cellTable) {
			domain := 0
			for k, e := range results[i].Estimates {
				for !equalLevels(t.g.domains[domain], e.Domain) {
					domain++
				}
				if e.NotEstimable != "" {
					continue
				}
				g := target{stat: r.Statistic, class: t.v.class(e.Level)}
				if r.Statistic == Proportion {
					g.class = t.v.class(r.level())
				}
				thetas[first[i]+k] = t.thetas(domain, g, t.point(domain, g))
			}
		})
	}
	if err := p.run(ctx, opt.Workers); err != nil {
		return err
	}
	d.rep.vector(v, thetas)
	return nil
}

func equalLevels(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}
