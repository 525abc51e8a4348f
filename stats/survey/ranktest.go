package survey

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// RankScore is what is made of a rank before means are compared.
type RankScore uint8

// The scores of an estimated rank r among a population of N. The names are R's.
const (
	Wilcoxon       RankScore = iota // r/N: with two groups Wilcoxon's test, with more Kruskal and Wallis'
	VanDerWaerden                   // the normal quantile of r/N
	MedianScore                     // 1 if r > N/2, else 0: Mood's test
	KruskalWallis                   // the same as Wilcoxon
	rankScoreCount                  // how many there are
)

var rankNames = [...]string{"wilcoxon", "vanderWaerden", "median", "KruskalWallis"}

// String returns the test's name in R.
func (s RankScore) String() string {
	if s < rankScoreCount {
		return rankNames[s]
	}
	return "unknown"
}

// of is the score of a share r/N.
func (s RankScore) of(share float64) float64 {
	switch s {
	case VanDerWaerden:
		if share == 1 { // a weight that rounding loses beside the others
			share = 1 - 0x1p-53
		}
		return NormalQuantile(share)
	case MedianScore:
		if share > .5 {
			return 1
		}
		return 0
	}
	return share
}

// RankTestRequest asks whether a number has the same distribution in groups.
type RankTestRequest struct {
	Variable *table.NumberColumn   // Required
	Over     *table.CategoryColumn // the groups. Required
	Score    RankScore             // Default Wilcoxon
	By       []*table.CategoryColumn
	Where    []bool
}

// RankTest is the result in one domain.
type RankTest struct {
	Domain []int
	// Groups are the levels of Over that have an answer, in order; Means their
	// mean scores, Bases their unweighted rows.
	Groups []int
	Means  []float64
	Bases  []int
	// Statistic is t with DF2 degrees of freedom for two groups: the difference
	// of the second mean score and the first over its standard error; for more
	// it is Wald's chi-squared, whose F = Statistic/DF1 has DF1 and DF2.
	Statistic     float64
	Difference    float64 // of the mean scores of two groups; 0 for more
	SE            float64
	DF1, DF2      float64
	P             float64
	Base, Missing int    // rows that count; rows of the domain that miss a value
	Method        string // such as "Design-based wilcoxon test"
	NotEstimable  string // then Statistic, Difference, SE and P are NaN
}

// rankGroups bounds the groups of one test.
const rankGroups = 200

// RankTests makes design-based rank tests in every combination of By columns.
//
// The rank of a row is the sum of the weights of rows with smaller values, plus
// half its own; rows of equal values have the mean of theirs. Mean scores of
// groups are compared with the variance of the design, ranks taken as known:
//
//	two groups:  t = (m2 - m1)/SE,    df - 1 degrees of freedom
//	k groups:    X² = b' V⁻¹ b,  b the differences from the first group;
//	             X²/(k-1) against F with k-1 and df - (k-1)
//
// df is PSUs less strata, of those that hold an answer. Ranks are among the rows
// of the domain. Where equal values have unequal weights, the mean of their
// ranks depends on their order in the table, as in R. It fails for a missing
// column or one of another length, and more than 200 groups or 2,048 groups in
// all domains. Sources: Lumley and Scott (2013), Biometrika 100; R survey 4.1-1,
// svyranktest.
func (d *Design) RankTests(ctx context.Context, r RankTestRequest, opt EngineOptions) ([]RankTest, error) {
	if err := d.checkRankTest(&r); err != nil {
		return nil, err
	}
	g, err := numberDomains(ctx, d, r.By, r.Where, opt.Workers)
	if err != nil {
		return nil, err
	}
	if g.n()*len(r.Over.Levels) > vectorLimit {
		return nil, fault.New(fault.Unavailable, fault.Place{Field: r.Over.Name()}, fmt.Sprintf("there are more than %d groups in all domains", vectorLimit), "ask for fewer groups")
	}
	score, err := d.rankScores(ctx, g, &r, opt.Workers)
	if err != nil {
		return nil, err
	}
	t := &ranker{d: d, r: &r, g: g, score: score, k: len(r.Over.Levels)}
	t.add()
	var out []RankTest
	for domain := range g.n() {
		o := t.test(domain)
		if o.Domain = g.domains[domain]; len(r.By) == 0 {
			o.Domain = []int{}
		}
		out = append(out, o)
	}
	if len(out) == 0 && len(r.By) == 0 {
		o := RankTest{Domain: []int{}, Method: t.method(), NotEstimable: emptyGroup}
		o.fail()
		out = append(out, o)
	}
	return out, nil
}

func (d *Design) checkRankTest(r *RankTestRequest) error {
	a := &asker{p: &program{d: d, faults: fault.NewList(maxFaults)}, what: "rank test", ok: true}
	if r.Variable == nil || r.Over == nil {
		a.refuse("", "name a number column and a category column", "there is no variable or no groups")
		return a.p.faults.Err()
	}
	a.number(r.Variable)
	a.groups(r.Where, r.By...)
	a.groups(nil, r.Over)
	if len(r.Over.Levels) > rankGroups {
		a.refuse(r.Over.Name(), "put levels together", "there are %d groups, more than %d", len(r.Over.Levels), rankGroups)
	}
	if r.Score >= rankScoreCount {
		a.refuse("", "choose a listed test", "there is no such rank test")
	}
	return a.p.faults.Err()
}

// rankScores returns a score for each row that counts, NaN for the rest. Rows
// count if they are in a domain, with a number and a group.
func (d *Design) rankScores(ctx context.Context, g *grouping, r *RankTestRequest, workers int) ([]float64, error) {
	// Rows without a group are in no domain of the ranking.
	in := &grouping{domains: g.domains, wide: make([]uint32, d.rows)}
	score := make([]float64, d.rows)
	for i := range in.wide {
		in.wide[i] = uint32(g.domain(i))
		if r.Over.Level(i) < 0 {
			in.wide[i] = uint32(g.other())
		}
		score[i] = math.NaN()
	}
	order, start, err := d.byValue(ctx, in, r.Variable, workers)
	if err != nil {
		return nil, err
	}
	return score, each(ctx, workers, g.n(), func(k int) {
		rows := order[start[k]:start[k+1]]
		total := 0.0
		for _, s := range rows {
			total += d.Weight(int(s.row))
		}
		before := 0.0
		for from := 0; from < len(rows); {
			to, sum := from, 0.0
			for ; to < len(rows) && rows[to].key == rows[from].key; to++ {
				w := d.Weight(int(rows[to].row))
				sum += before + w/2
				before += w
			}
			of := r.Score.of(sum / float64(to-from) / total)
			for ; from < to; from++ {
				score[rows[from].row] = of
			}
		}
	})
}

// ranker is one request at work.
type ranker struct {
	d      *Design
	r      *RankTestRequest
	g      *grouping
	k      int       // levels of Over
	score  []float64 // per row; NaN does not count
	weight []float64 // per domain and level
	mean   []float64
	base   []int
	missed []int // per domain
	cov    []float64
	df     []float64 // per domain
}

// place is a row's domain and level in one number, or -1.
func (t *ranker) place(row int) int {
	if t.score[row] != t.score[row] {
		return -1
	}
	return t.g.domain(row)*t.k + t.r.Over.Level(row)
}

// add makes the means, with their covariance.
func (t *ranker) add() {
	n := t.g.n()
	q := n * t.k
	t.weight, t.mean, t.base, t.missed = make([]float64, q), make([]float64, q), make([]int, q), make([]int, n)
	for i := range t.d.rows {
		at := t.place(i)
		if at < 0 {
			if k := t.g.domain(i); k < n {
				t.missed[k]++
			}
			continue
		}
		w := t.d.Weight(i)
		t.weight[at] += w
		t.mean[at] += w * t.score[i]
		t.base[at]++
	}
	for at, w := range t.weight {
		if w > 0 {
			t.mean[at] /= w
		}
	}
	t.cov = t.d.rowCovariance(q, func(row int, part []float64) bool {
		clear(part)
		at := t.place(row)
		if at < 0 {
			return false
		}
		part[at] = t.d.Weight(row) * (t.score[row] - t.mean[at]) / t.weight[at]
		return true
	})
	t.df = t.d.freedomBy(n, func(row int) int {
		if t.score[row] != t.score[row] {
			return -1
		}
		return t.g.domain(row)
	})
}

func (t *ranker) method() string { return "Design-based " + t.r.Score.String() + " test" }

// fail makes a test one that cannot be made.
func (o *RankTest) fail() {
	o.Statistic, o.Difference, o.SE, o.P = math.NaN(), math.NaN(), math.NaN(), math.NaN()
}

// test makes the test of one domain.
func (t *ranker) test(domain int) RankTest {
	o := RankTest{Method: t.method(), Missing: t.missed[domain]}
	for l := range t.k {
		if at := domain*t.k + l; t.base[at] > 0 {
			o.Groups, o.Means, o.Bases = append(o.Groups, l), append(o.Means, t.mean[at]), append(o.Bases, t.base[at])
			o.Base += t.base[at]
		}
	}
	more := len(o.Groups) - 1
	o.DF1, o.DF2 = float64(max(more, 0)), t.df[domain]-float64(max(more, 0))
	switch {
	case o.Base == 0:
		o.NotEstimable = emptyGroup
	case more < 1:
		o.NotEstimable = "answers are in one group only, so there is nothing to compare"
	case !(o.DF2 > 0):
		o.NotEstimable = "the answers come from too few primary sampling units for a test"
	}
	if o.NotEstimable != "" {
		o.DF2 = max(o.DF2, 0)
		o.fail()
		return o
	}
	q := t.g.n() * t.k
	cov := func(a, b int) float64 {
		return t.cov[(domain*t.k+o.Groups[a])*q+domain*t.k+o.Groups[b]]
	}
	beta, v := mat.NewVecDense(more, nil), mat.NewSymDense(more, nil)
	largest := 0.0
	for a := range more {
		beta.SetVec(a, o.Means[a+1]-o.Means[0])
		for b := range a + 1 {
			v.SetSym(a, b, cov(a+1, b+1)-cov(a+1, 0)-cov(0, b+1)+cov(0, 0))
		}
		largest = max(largest, v.At(a, a))
	}
	var chol mat.Cholesky
	if !(largest > 0) || !chol.Factorize(v) || !(chol.Cond() < 1e12) {
		o.NotEstimable = "the scores do not vary between primary sampling units"
		o.fail()
		return o
	}
	if more == 1 {
		o.Difference, o.SE = beta.AtVec(0), math.Sqrt(v.At(0, 0))
		o.Statistic = o.Difference / o.SE
		o.P = tTwoSided(o.Statistic, o.DF2)
		return o
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, beta); err != nil {
		o.NotEstimable = "the scores do not vary between primary sampling units"
		o.fail()
		return o
	}
	o.Statistic = mat.Dot(beta, &x)
	o.P = fUpper(o.Statistic/o.DF1, o.DF1, o.DF2)
	return o
}
