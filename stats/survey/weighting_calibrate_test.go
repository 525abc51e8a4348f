package survey

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

func (r *reference) numbers(name, field string) []float64 {
	r.t.Helper()
	var out []float64
	if err := jsonNumbers(r.values[name][field], &out); err != nil {
		r.t.Fatalf("%s has no %s: %v", name, field, err)
	}
	return out
}

func TestBoundedCalibrationAgainstR(t *testing.T) {
	r := weighingReference(t)
	for name, s := range weighingBases(t) {
		g, b, limits := r.numbers(name+".limits", "g"), r.numbers(name+".limits", "bounds"), r.numbers(name+".limits", "limits")
		lower, upper := make([]float64, s.n), make([]float64, s.n)
		for i := range s.n {
			share := 0.01 + 0.02*float64((i+1)%3)
			lower[i], upper[i] = g[0]+share*(1-g[0]), g[1]-share*(g[1]-1)
		}
		x := s.auxiliaries()
		few := []Auxiliary{x[0], x[3]}
		many := []Auxiliary{x[0], x[3], {"api.stu", s.num["api.stu"].Values, r.numbers(name+".limits", "stu")[0]}}
		for kind, c := range map[string]struct {
			x   []Auxiliary
			opt CalibrateOptions
		}{
			"linear.bounded":  {x, CalibrateOptions{Distance: LinearDistance, Lower: b[0], Upper: b[1]}},
			"raking.bounded":  {x, CalibrateOptions{Distance: RakingDistance, Lower: b[0], Upper: b[1]}},
			"linear.rows":     {x, CalibrateOptions{Distance: LinearDistance, LowerOf: lower, UpperOf: upper}},
			"linear.weights":  {x, CalibrateOptions{Distance: LinearDistance, Lower: limits[0], Upper: limits[1], OfWeights: true}},
			"linear.variance": {x, CalibrateOptions{Distance: LinearDistance, Variance: s.num["api99"].Values}},
			"linear.many":     {many, CalibrateOptions{Distance: LinearDistance}},
			"linear.clusters": {few, CalibrateOptions{Distance: LinearDistance, ConstantStage: 1}},
			"raking.clusters": {few, CalibrateOptions{Distance: RakingDistance, ConstantStage: 1}},
		} {
			if name == "strat" && strings.HasSuffix(kind, "clusters") {
				continue
			}
			c.opt.Tolerance = 1e-13
			d, w, err := s.d.Calibrate(c.x, c.opt)
			if err != nil {
				t.Errorf("%s %s: %v", name, kind, err)
				continue
			}
			r.near(name+"."+kind, 1e-8, s.answers(t, d))
			for _, m := range w.Margins {
				if math.Abs(m.After-m.Target) > 1e-9*(1+m.Target) {
					t.Errorf("%s %s: %+v is not met", name, kind, m)
				}
			}
		}
	}
}

func TestCalibrationOnePieceAfterAnotherAgainstR(t *testing.T) {
	r := weighingReference(t)
	for name, s := range weighingBases(t) {
		first, _, err := s.d.PostStratify(s.margins()[1])
		if err != nil {
			t.Fatal(err)
		}
		x := s.auxiliaries()
		d, _, err := first.Calibrate(x, CalibrateOptions{Distance: LinearDistance})
		if err != nil {
			t.Fatal(err)
		}
		r.near(name+".sequence", 1e-8, s.answers(t, d))
		out, err := d.Estimate(context.Background(), []Request{{Statistic: Total, Variable: s.num["api99"]}}, EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if e := out[0].Estimates[0]; math.Abs(e.Value-x[3].Total) > 1e-3 || e.SE > 1e-6*e.Value {
			t.Errorf("%s: a total that was met last has an error of %v", name, e.SE)
		}
	}
}

func TestTrimAgainstR(t *testing.T) {
	r := weighingReference(t)
	bases := weighingBases(t)
	for _, name := range []string{"clus2", "strat"} {
		s := bases[name]
		q := r.numbers(name+".trim.limits", "limits")
		post, _, err := s.d.PostStratify(s.margins()[1])
		if err != nil {
			t.Fatal(err)
		}
		for kind, c := range map[string]struct {
			d   *Design
			opt TrimOptions
		}{"trim": {s.d, TrimOptions{Lower: q[0], Upper: q[1]}}, "trim.strict": {s.d, TrimOptions{Upper: q[1], Strict: true}}, "trim.post": {post, TrimOptions{Lower: q[0], Upper: q[1]}}} {
			d, w, err := c.d.Trim(c.opt)
			if err != nil {
				t.Fatal(err)
			}
			r.near(name+"."+kind, 1e-8, s.answers(t, d))
			if w.Trimmed == 0 || math.Abs(d.SumWeights()-c.d.SumWeights()) > 1e-9*c.d.SumWeights() {
				t.Errorf("%s %s: %d trimmed, sum %v of %v", name, kind, w.Trimmed, d.SumWeights(), c.d.SumWeights())
			}
			if spread := d.Spread(); c.opt.Strict && spread.Max > q[1] {
				t.Errorf("%s: the strict trimming left %v above %v", name, spread.Max, q[1])
			}
		}
	}
}

func TestTrimKeepsTheSumsWithin(t *testing.T) {
	s := weighingBases(t)["strat"]
	d, w, err := s.d.Trim(TrimOptions{Upper: 44, Strict: true, Within: s.cat["sch.wide"], Redistribute: InProportion})
	if err != nil || w.Trimmed == 0 {
		t.Fatal(w, err)
	}
	sum := map[string][2]float64{}
	for i := range s.n {
		v := sum[s.cat["sch.wide"].Text(i)]
		sum[s.cat["sch.wide"].Text(i)] = [2]float64{v[0] + s.d.Weight(i), v[1] + d.Weight(i)}
	}
	for level, v := range sum {
		if math.Abs(v[1]/v[0]-1) > 1e-12 {
			t.Errorf("level %s has %v of %v", level, v[1], v[0])
		}
	}
	if _, _, err := s.d.Trim(TrimOptions{Upper: 16}); err == nil || !strings.Contains(err.Error(), "cannot hold") {
		t.Errorf("a bound below the mean weight: %v", err)
	}
	if _, _, err := s.d.Trim(TrimOptions{Lower: 40}); err == nil || !strings.Contains(err.Error(), "too much") {
		t.Errorf("a bound above the mean weight: %v", err)
	}
	for _, o := range []TrimOptions{{}, {Lower: -1}, {Lower: 5, Upper: 4}, {Upper: math.NaN()}} {
		if _, _, err := s.d.Trim(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

// Calibrating and trimming in turn meets both; calibration with bounds of the
// weights does so with less change.
func TestCalibrateTrimmed(t *testing.T) {
	s := weighingBases(t)["clus2"]
	x := s.auxiliaries()
	limits := weighingReference(t).numbers("clus2.limits", "limits")
	d, w, err := s.d.CalibrateTrimmed(x, CalibrateOptions{Distance: LinearDistance}, TrimOptions{Lower: limits[0], Upper: limits[1]})
	if err != nil {
		t.Fatal(err)
	}
	spread := d.Spread()
	if w.Misfit > 1e-8 || w.Trimmed == 0 || spread.Min < limits[0]*(1-1e-8) || spread.Max > limits[1]*(1+1e-8) {
		t.Errorf("misfit %v, %d trimmed, weights %v to %v", w.Misfit, w.Trimmed, spread.Min, spread.Max)
	}
	direct, _, err := s.d.Calibrate(x, CalibrateOptions{Distance: LinearDistance, Lower: limits[0], Upper: limits[1], OfWeights: true})
	if err != nil {
		t.Fatal(err)
	}
	distance := func(to *Design) (sum float64) {
		for i := range s.n {
			if w := s.d.Weight(i); w > 0 {
				sum += (to.Weight(i) - w) * (to.Weight(i) - w) / w
			}
		}
		return sum
	}
	if distance(direct) > distance(d)*(1+1e-9) {
		t.Errorf("calibration with bounds changed more (%v) than turns (%v)", distance(direct), distance(d))
	}
	out, err := d.Estimate(context.Background(), []Request{{Statistic: Total, Variable: s.num["api99"]}}, EngineOptions{})
	if err != nil || out[0].Estimates[0].SE > 1e-6*x[3].Total {
		t.Errorf("the calibrated total has an error: %+v, %v", out[0].Estimates[0], err)
	}
	if _, _, err := s.d.CalibrateTrimmed(x, CalibrateOptions{Distance: LinearDistance}, TrimOptions{Lower: 43, Upper: 44}); err == nil {
		t.Error("bounds out of reach were met")
	}
}

func TestNonresponseAgainstR(t *testing.T) {
	r := weighingReference(t)
	for name, s := range weighingBases(t) {
		responded := make([]bool, s.n)
		for i := range responded {
			responded[i] = (i+1)%5 != 0
		}
		opt := NonresponseOptions{Responded: responded, Cells: categories(s.cat["stype"])}
		d, w, err := s.d.Nonresponse(opt)
		if err != nil {
			t.Fatal(err)
		}
		opt.FixedTotals = true
		fixed, _, err := s.d.Nonresponse(opt)
		if err != nil {
			t.Fatal(err)
		}
		then, _, err := d.PostStratify(s.margins()[1])
		if err != nil {
			t.Fatal(err)
		}
		ask := func(d *Design, q Request) []Estimate {
			out, err := d.Estimate(context.Background(), []Request{q}, EngineOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return out[0].Estimates
		}
		got := map[string][]float64{}
		add := func(name string, e Estimate) { got[name], got[name+".se"] = one(e.Value), one(e.SE) }
		add("total", ask(d, Request{Statistic: Total, Variable: s.num["api99"]})[0])
		add("mean", ask(d, Request{Statistic: Mean, Variable: s.num["api99"]})[0])
		add("yes", ask(d, Request{Statistic: Mean, Variable: s.num["api99"], By: categories(s.cat["awards"])})[1])
		add("fixed", ask(fixed, Request{Statistic: Mean, Variable: s.num["api99"]})[0])
		add("then", ask(then, Request{Statistic: Total, Variable: s.num["api99"]})[0])
		for _, m := range w.Margins {
			got["factor"] = append(got["factor"], m.After/m.Before)
		}
		r.near(name+".response", 1e-9, got)
		if math.Abs(d.SumWeights()/s.d.SumWeights()-1) > 1e-12 {
			t.Errorf("%s: the sum of the weights went from %v to %v", name, s.d.SumWeights(), d.SumWeights())
		}
	}
}

func TestNonresponseCellsAreJoined(t *testing.T) {
	s := weighingBases(t)["clus1"]
	responded := make([]bool, s.n)
	for i := range responded {
		responded[i] = s.cat["stype"].Text(i) != "H" || i%7 == 0
	}
	opt := NonresponseOptions{Responded: responded, Cells: categories(s.cat["stype"], s.cat["sch.wide"])}
	if _, _, err := s.d.Nonresponse(opt); err == nil || !strings.Contains(err.Error(), "H × ") {
		t.Errorf("an empty cell must be named: %v", err)
	}
	opt.MinRespondents = 8
	d, w, err := s.d.Nonresponse(opt)
	if err != nil || len(w.Joined) == 0 {
		t.Fatal(w, err)
	}
	for _, m := range w.Margins {
		if m.Rows < 8 {
			t.Errorf("%+v is too small", m)
		}
	}
	if !strings.HasPrefix(w.Joined[0].Cell, "H × ") && !strings.HasPrefix(w.Joined[0].Into, "H × ") {
		t.Errorf("the first cell joined is %v", w.Joined[0])
	}
	if d.Base() != countTrue(responded) {
		t.Errorf("%d rows are alive, want %d", d.Base(), countTrue(responded))
	}
	if all, _, err := s.d.Nonresponse(NonresponseOptions{Responded: responded}); err != nil || all.Base() != d.Base() {
		t.Errorf("one cell for all: %v", err)
	}
	for _, bad := range []NonresponseOptions{{}, {Responded: responded[1:]}, {Responded: responded, MaxFactor: .5}, {Responded: responded, MinRespondents: 1000}, {Responded: make([]bool, s.n)}} {
		if _, _, err := s.d.Nonresponse(bad); err == nil {
			t.Errorf("%d answers, %+v were taken", len(bad.Responded), bad.MinRespondents)
		}
	}
}

func countTrue(v []bool) (n int) {
	for _, ok := range v {
		if ok {
			n++
		}
	}
	return n
}

func TestImpossibleCalibrations(t *testing.T) {
	s := weighingBases(t)["clus1"]
	x := s.auxiliaries()
	change := func(k int, a Auxiliary) []Auxiliary {
		y := slices.Clone(x)
		y[k] = a
		return y
	}
	linear := CalibrateOptions{Distance: LinearDistance}
	zero := make([]float64, s.n)
	for name, c := range map[string]struct {
		x    []Auxiliary
		opt  CalibrateOptions
		says string
	}{
		"dependent":    {append(slices.Clone(x), Auxiliary{"E", dummy(s.cat["stype"], "E"), 4421}), linear, `follows from "constant", "H", "M"`},
		"zero":         {append(slices.Clone(x), Auxiliary{"none", zero, 5}), linear, "zero in every row"},
		"bounds":       {x, CalibrateOptions{Distance: LinearDistance, Lower: .9, Upper: 1.1}, "can be at most"},
		"scale":        {change(0, Auxiliary{"constant", ones1(s.n), 6194000})[:1], CalibrateOptions{Distance: LinearDistance, Lower: .5, Upper: 2}, "at least 1e+03 times"},
		"together":     {x, CalibrateOptions{Distance: LinearDistance, Lower: .8, Upper: 1.6}, "of the way"},
		"raking below": {change(1, Auxiliary{"H", dummy(s.cat["stype"], "H"), -3}), CalibrateOptions{Distance: RakingDistance}, "at least 0"},
		"logit":        {x, CalibrateOptions{Distance: LogitDistance}, "do not enclose 1"},
		"lower":        {x, CalibrateOptions{Distance: LinearDistance, Lower: 1.2, Upper: 2}, "do not enclose 1"},
		"stage":        {x, CalibrateOptions{Distance: LinearDistance, ConstantStage: 4}, "no stage 4"},
		"short":        {change(1, Auxiliary{"H", zero[1:], 3}), linear, "rows and the design has"},
		"total":        {change(1, Auxiliary{"H", zero, math.NaN()}), linear, "cannot be used"},
		"missing":      {change(1, Auxiliary{"H", slices.Repeat([]float64{math.NaN()}, s.n), 3}), linear, "no finite value"},
		"variance":     {x, CalibrateOptions{Distance: LinearDistance, Variance: zero}, "above zero"},
		"distance":     {x, CalibrateOptions{}, "no such distance"},
		"none":         {nil, linear, "no auxiliary columns"},
	} {
		d, w, err := s.d.Calibrate(c.x, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
		if d != nil || name == "together" && !(w.Reach > 0 && w.Reach < 1) {
			t.Errorf("%s: a design came with the error, or no reach: %+v", name, w)
		}
	}
	d, w, err := s.d.Calibrate(append(slices.Clone(x), Auxiliary{"none", zero, 0}), linear)
	if err != nil || len(w.LeftOut) != 1 || d == nil {
		t.Errorf("a column of zeroes with the total zero: %+v, %v", w, err)
	}
}

// With bounds that do not bind a raking calibration is the raking.
func TestRakeWithBoundsMeetsItsMargins(t *testing.T) {
	s := weighingBases(t)["clus1"]
	d, w, err := s.d.Rake(s.margins(), RakeOptions{Lower: .5, Upper: 2.5})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range w.Margins {
		if math.Abs(m.After/m.Target-1) > 1e-9 {
			t.Errorf("%+v is not met", m)
		}
	}
	free, _, err := s.d.Rake(s.margins(), RakeOptions{Tolerance: 1e-14})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.n {
		if math.Abs(d.Weight(i)-free.Weight(i)) > 1e-8*free.Weight(i) {
			t.Fatalf("row %d: %v with loose bounds, %v without", i, d.Weight(i), free.Weight(i))
		}
	}
	if _, _, err := s.d.Rake(s.margins(), RakeOptions{Lower: .95, Upper: 1.05}); err == nil || !strings.Contains(err.Error(), "sch.wide: ") && !strings.Contains(err.Error(), "stype: ") {
		t.Errorf("tight bounds must name the level: %v", err)
	}
}
