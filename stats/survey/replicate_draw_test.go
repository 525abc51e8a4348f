package survey

import (
	"context"
	"math"
	"testing"
)

// factorsOf returns factors by replicate, then row.
func factorsOf(r *Replicates) [][]float64 {
	out := make([][]float64, r.Count())
	for k := range out {
		out[k] = make([]float64, r.rows)
		r.Weights(k, out[k])
		for i := range out[k] {
			if w := r.Weight(i); w > 0 {
				out[k][i] /= w
			}
		}
	}
	return out
}

// Factors of a bootstrap have mean 1, and the variance that makes the bootstrap
// variance of a total the usual one: (1-f)(1 - 1/n) for each PSU.
func TestBootstrapFactorsHaveTheirMoments(t *testing.T) {
	s := readSample(t)
	specs := s.specs()
	fpc := specs["two"]
	fpc.Clusters, fpc.FPC = fpc.Clusters[:1], fpc.FPC[:1]
	for name, c := range map[string]struct {
		spec     Spec
		kind     Replication
		variance func(n, f float64) float64
	}{
		"Rao-Wu":            {specs["one"], RaoWu, func(n, _ float64) float64 { return 1 }},
		"Rao-Wu with zeros": {specs["zero"], RaoWu, func(n, _ float64) float64 { return 1 }},
		"Canty-Davison":     {specs["one"], CantyDavison, func(n, _ float64) float64 { return 1 - 1/n }},
		// n of N copies without replacement: n/N² (N-n)/(N-1) per copy.
		"Canty-Davison FPC": {fpc, CantyDavison, func(n, f float64) float64 { N := n / f; return (1 - 1/n) * (N - n) / (N - 1) }},
		"Preston":           {fpc, Preston, func(n, f float64) float64 { return 1 - f }},
	} {
		const count = 4000
		r, err := design(t, c.spec).Replicate(c.kind, ReplicateOptions{Count: count, Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		factors := factorsOf(r)
		for i := range s.n {
			if r.Weight(i) == 0 {
				continue
			}
			sum, square := 0.0, 0.0
			for _, f := range factors {
				sum += f[i]
				square += f[i] * f[i]
			}
			mean := sum / count
			f := 0.0
			if len(c.spec.FPC) > 0 {
				f = 6 / s.num["fpc1"].Values[i]
			}
			want := c.variance(6, f)
			if v := square/count - mean*mean; math.Abs(mean-1) > 5*math.Sqrt(want/count) || math.Abs(v/want-1) > 0.15 {
				t.Errorf("%s row %d: mean %v, variance %v, want 1 and %v", name, i+1, mean, v, want)
			}
		}
		same, err := design(t, c.spec).Replicate(c.kind, ReplicateOptions{Count: count, Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		other, err := design(t, c.spec).Replicate(c.kind, ReplicateOptions{Count: count, Seed: 12})
		if err != nil {
			t.Fatal(err)
		}
		a, b, differ := factorsOf(same), factorsOf(other), false
		for k := range factors {
			for i := range factors[k] {
				if a[k][i] != factors[k][i] {
					t.Fatalf("%s: the same seed gives other weights", name)
				}
				differ = differ || b[k][i] != factors[k][i]
			}
		}
		if !differ {
			t.Errorf("%s: another seed gives the same weights", name)
		}
	}
}

// A count beyond a byte is kept.
func TestDrawsBeyondAByte(t *testing.T) {
	d := design(t, Spec{Rows: 2})
	r := d.firstStage()
	b := &draws{d: d, r: r, seed: 3, take: func(int) int { return 10_000 }, factor: []float64{1}, units: r.byStratum(d), copies: []int{0}, fixed: []bool{false}}
	out := make([]float64, 6)
	b.batch(0, 3)(out, 0, 2)
	for k := range 3 {
		if sum := out[k] + out[3+k]; sum != 10_000 || out[k] < 4000 {
			t.Errorf("replicate %d: %v and %v", k, out[k], out[3+k])
		}
	}
}

// Results are the same to the last bit with any number of workers.
func TestReplicatesDoNotDependOnWorkers(t *testing.T) {
	s := readSample(t)
	made := referenceReplicates(t, s)
	given, err := NewReplicates(ReplicateColumns{Kind: RaoWu, Weights: s.num["weight"], Replicates: columnsOf(made["raowu"])})
	if err != nil {
		t.Fatal(err)
	}
	many, err := design(t, s.specs()["rows"]).Replicate(RaoWu, ReplicateOptions{Count: 300, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	made["given"], made["many"] = given, many
	q := everything(s)
	for name, r := range made {
		var first []float64
		for _, workers := range []int{1, 2, 3, 7} {
			a, err := r.Run(context.Background(), q, EngineOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			v, err := r.Joint(context.Background(), q.Estimates, EngineOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			got := append(numbersOf(a), v.Cov...)
			if first == nil {
				first = got
			}
			for k := range got {
				if math.Float64bits(got[k]) != math.Float64bits(first[k]) {
					t.Fatalf("%s, %d workers: number %d is %v, with one %v", name, workers, k, got[k], first[k])
				}
			}
		}
	}
}

// Half samples weigh 0 or 2, never as the full sample: the matrix's first row,
// all ones, must not be used.
func TestHalfSamplesAreBalanced(t *testing.T) {
	s := readSample(t)
	r := referenceReplicates(t, s)["brr"]
	factors := factorsOf(r)
	for i := range s.n {
		n := map[float64]int{}
		for _, f := range factors {
			n[f[i]]++
		}
		if n[0] != r.Count()/2 || n[2] != r.Count()/2 {
			t.Fatalf("row %d has factors %v", i+1, n)
		}
	}
}

// Successive differences: the variance of a total is that of the differences
// between neighbours, around a ring.
func TestSuccessiveDifferenceVarianceIsThatOfNeighbours(t *testing.T) {
	const n = 19 // a whole ring of 20 replicates
	y, in := make([]float64, n), 0.0
	for i := range y {
		y[i] = math.Sqrt(float64(i*i%7)) + float64(i%3)
	}
	for i := range y {
		d := y[i] - y[(i+1)%n]
		in += d * d / 2
	}
	r, err := design(t, Spec{Rows: n}).Replicate(SuccessiveDifference, ReplicateOptions{Count: 20, MSE: true})
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.Statistic(context.Background(), func(w []float64) ([]float64, error) {
		sum := 0.0
		for i, w := range w {
			sum += w * y[i]
		}
		return []float64{sum}, nil
	}, EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.SE(0) * v.SE(0); math.Abs(got/in-1) > 1e-12 {
		t.Errorf("variance %v, of neighbours %v", got, in)
	}
}
