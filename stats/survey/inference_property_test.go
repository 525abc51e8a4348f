package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// inference is one result: its numbers, or why there are none.
type inference struct {
	name    string
	why     string
	numbers []float64
	ties    bool    // depends on the order of rows with equal values
	power   float64 // of the weights' scale in the first of the numbers
	shaky   bool    // divides by what may be nothing but rounding
}

// inferences asks everything of this package's inference on a drawn survey.
func (s *drawn) inferences(t testing.TB, d *Design, workers int) []inference {
	ctx, opt := context.Background(), EngineOptions{Workers: workers}
	by := []*table.CategoryColumn{s.group}
	var out []inference
	add := func(name, why string, numbers ...float64) *inference {
		out = append(out, inference{name: name, why: why, numbers: numbers})
		return &out[len(out)-1]
	}
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for rule := RuleMath; rule <= RuleHF9; rule++ {
		for method := IntervalMean; method <= IntervalScore; method++ {
			q, err := d.Quantiles(ctx, QuantileRequest{Variable: s.size, P: []float64{.25, .5}, By: by, Rule: rule, Interval: method}, opt)
			must(err)
			for _, x := range q {
				name := fmt.Sprint("quantile ", rule, method, x.Domain, x.P)
				add(name, x.NotEstimable, x.Value).ties = rule >= RuleHF4 || rule == RuleShahVaish
				i := add(name+" interval", x.NoInterval, x.Lo, x.Hi, x.SE)
				i.ties, i.shaky = rule >= RuleHF4 || rule == RuleShahVaish, true
			}
		}
	}
	m, v, err := d.Moments(ctx, MomentRequest{Variables: []*table.NumberColumn{s.size, s.other()}, By: by}, opt)
	must(err)
	for _, x := range m {
		add(fmt.Sprint(x.Kind, x.Domain), x.NotEstimable, x.Value, x.SE, x.Lo, x.Hi, x.P).shaky = true
	}
	for i, n := range v.Names {
		add(n, v.why(i), v.Values[i], v.SE(i)).shaky = true
	}
	for name, r := range map[string]TTestRequest{"one": {Variable: s.size, By: by, Null: 1}, "paired": {Variable: s.size, Minus: s.other()}, "two": {Variable: s.size, Over: s.group, Of: "1", Against: "0"}} {
		x, err := d.TTests(ctx, r, opt)
		must(err)
		for _, o := range x {
			add(fmt.Sprint("t ", name, o.Domain), o.NotEstimable, o.Value, o.SE, o.Lo, o.Hi, o.T, o.P).shaky = true
		}
	}
	for score := range rankScoreCount {
		x, err := d.RankTests(ctx, RankTestRequest{Variable: s.size, Over: s.group, Score: score}, opt)
		must(err)
		for _, o := range x {
			i := add(fmt.Sprint("rank ", score), o.NotEstimable, o.Statistic, o.P, o.Difference, o.SE)
			i.ties, i.shaky = true, true
		}
	}
	q := Query{}
	for form := SecondOrder; form <= Saddlepoint; form++ {
		q.Independences = append(q.Independences, IndependenceRequest{Rows: s.yes, Columns: s.group, Method: form})
	}
	a, err := d.Run(ctx, q, opt)
	must(err)
	for form, of := range a.Independences {
		for _, o := range of {
			add(fmt.Sprint("independence ", form), o.NotEstimable, o.Statistic, o.P, o.DF1).shaky = true
		}
	}
	f, err := d.FitTests(ctx, FitTestRequest{Variable: s.group, Shares: []float64{1, 2, 1}}, opt)
	must(err)
	for _, o := range f {
		i := add("fit", o.NotEstimable, o.Statistic, o.Scale, o.P, o.DF)
		i.shaky, i.power = true, 1
	}
	j, err := d.Joint(ctx, s.query().Estimates[:6], opt)
	must(err)
	for i, n := range j.Names {
		k := add("joint "+n, j.why(i), j.Values[i], j.SE(i))
		if strings.HasPrefix(n, "total(") {
			k.power = 1
		}
		k.shaky = strings.Contains(n, "/") // a denominator may be next to nothing
	}
	slices.SortStableFunc(out, func(a, b inference) int { return strings.Compare(a.name, b.name) })
	return out
}

// other is another number: the size of the row as drawn, bent.
func (s *drawn) other() *table.NumberColumn {
	values := make([]float64, s.size.Len())
	for i, v := range s.numbers["size"] {
		values[i] = v*v/10 - 3*float64(s.codes["psu"][i])
	}
	return table.NewNumber("other", values, nil)
}

func TestInferenceHasNumbersOrReasons(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawSurvey(r)
		d, err := New(s.spec)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				r.Fatal(err)
			}
			return
		}
		for _, i := range s.inferences(t, d, 1) {
			if i.why == "" && !finite(i.numbers...) {
				r.Fatalf("%s: a number is not finite and there is no reason: %v", i.name, i.numbers)
			}
		}
	})
}

// The order of rows and the scale of the weights do not matter, but where equal
// values stand in an order of their own.
func TestInferenceOrderAndScale(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawSurvey(r)
		kind := rapid.IntRange(0, 4).Draw(r, "kind")
		s.build(kind)
		d, err := New(s.spec)
		if err != nil {
			return
		}
		before := s.inferences(t, d, 1)
		order := rapid.Permutation(indexes(s.spec.Rows)).Draw(r, "order")
		for name, c := range s.codes {
			s.codes[name] = permuted(c, order)
		}
		for name, c := range s.numbers {
			s.numbers[name] = permuted(c, order)
		}
		scale := 1.0
		if kind > 0 && kind < 4 {
			scale = 8
		}
		for i := range s.numbers["weight"] {
			s.numbers["weight"][i] *= scale
		}
		s.build(kind)
		ties := len(slices.Compact(slices.Sorted(slices.Values(s.numbers["size"])))) < s.spec.Rows
		after := s.inferences(t, mustNew(r, s.spec), 1)
		if len(before) != len(after) {
			r.Fatalf("%d results become %d", len(before), len(after))
		}
		for k, b := range before {
			a := after[k]
			if b.ties && ties || b.shaky && (b.why != a.why || small(b) || small(a)) {
				continue
			}
			if b.why != a.why || b.name != a.name {
				r.Fatalf("%s %q becomes %s %q", b.name, b.why, a.name, a.why)
			}
			for i := range b.numbers {
				want := b.numbers[i]
				if b.power == 1 && i < 2 {
					want *= scale
				}
				if b.why == "" && math.Abs(want-a.numbers[i]) > 1e-6*(math.Abs(want)+scale) {
					r.Fatalf("%s: %v become %v", b.name, b.numbers, a.numbers)
				}
			}
		}
	})
}

// small says that a number is so near to zero, or so large, that it may be what
// rounding left, or be divided by that.
func small(i inference) bool {
	for _, x := range i.numbers {
		if y := math.Abs(x); y < 1e-6 || y > 1e6 {
			return true
		}
	}
	return false
}

func TestInferenceWorkersDoNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawSurvey(r)
		d, err := New(s.spec)
		if err != nil {
			return
		}
		one, four := fmt.Sprintf("%v", s.inferences(t, d, 1)), fmt.Sprintf("%v", s.inferences(t, d, 4))
		if one != four {
			r.Fatal("4 workers give another result than 1")
		}
	})
}

// The diagonal of a joint covariance is the square of the standard errors of
// Estimate, under every design, calibrated ones too.
func TestJointDiagonal(t *testing.T) {
	check := func(fail func(string, ...any), d *Design, requests []Request) {
		v, err := d.Joint(context.Background(), requests, EngineOptions{Workers: 1})
		if err != nil {
			fail("%v", err)
		}
		results, err := d.Estimate(context.Background(), requests, EngineOptions{Workers: 1})
		if err != nil {
			fail("%v", err)
		}
		at := 0
		for _, r := range results {
			for _, e := range r.Estimates {
				if se := v.SE(at); e.NotEstimable == "" && (!close(v.Values[at], e.Value) || !close(se, e.SE) && math.Abs(se-e.SE) > 1e-6*(1+math.Abs(e.Value))) {
					fail("%s: %v with %v, want %v with %v", v.Names[at], v.Values[at], se, e.Value, e.SE)
				}
				at++
			}
		}
		if at != len(v.Names) {
			fail("%d estimates, want %d", len(v.Names), at)
		}
		for i := range v.Names {
			for j := range i {
				if c := v.Covariance(i, j); c == c && math.Abs(c) > (1+1e-9)*v.SE(i)*v.SE(j)+1e-9 {
					fail("covariance of %s and %s beyond the standard errors: %v", v.Names[i], v.Names[j], c)
				}
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		s := drawSurvey(r)
		if d, err := New(s.spec); err == nil {
			check(r.Fatalf, d, s.query().Estimates)
		}
	})
	for _, a := range apiDesigns(t) {
		by := []*table.CategoryColumn{a.cat["band"]}
		check(t.Fatalf, a.d, []Request{
			{Statistic: Mean, Variable: a.num["api00"], By: by}, {Statistic: Total, Variable: a.num["enroll"]},
			{Statistic: Ratio, Variable: a.num["api00"], Denominator: a.num["pcttest"], By: by}, {Statistic: Share, Variable: a.cat["band"], By: []*table.CategoryColumn{a.cat["stype"], a.cat["comp.imp"]}},
			{Statistic: Proportion, Variable: a.cat["comp.imp"], Level: "Yes", By: by},
		})
	}
}
