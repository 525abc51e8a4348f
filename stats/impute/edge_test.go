package impute

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/table"
)

// What was not asked stays missing, and counts as a group of its own where it
// predicts.
func TestStructuralGapsAreLeft(t *testing.T) {
	n := 400
	a, b, c := make([]string, n), make([]string, n), make([]string, n)
	for i := range n {
		a[i] = strconv.Itoa(i % 10)
		b[i] = []string{"no", "yes"}[i/3%2]
		if b[i] == "no" {
			c[i] = "-"
		} else {
			c[i] = []string{"boat", "bus"}[i%5/3]
		}
		switch {
		case i%11 == 0:
			a[i] = ""
		case i%13 == 0 && c[i] != "-":
			c[i] = ""
		}
	}
	r, err := Fill(context.Background(), []Variable{{Column: number(t, "a", a)}, {Column: category("b", b, "no", "yes")}, {Column: category("c", c, "boat", "bus", "foot")}}, Options{M: 3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Variables[2]; v.Left == 0 || v.Filled == 0 || v.Method != Logistic.String() {
		t.Errorf("%+v", v)
	}
	done, err := r.Column("c", 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if m := done.Missing(i); (c[i] == "-") != (m == table.NotAsked) || c[i] != "-" && m != table.Present {
			t.Fatalf("row %d was %q and is %v", i, c[i], m)
		}
		if done.Text(i) == "foot" {
			t.Fatal("a level that no one has was filled in")
		}
	}
	if !strings.Contains(r.String(), "left missing") {
		t.Error(r.String())
	}
	if b, err := r.Column("b", 0); err != nil || b.(*table.CategoryColumn).Len() != n {
		t.Error(err)
	}
	if _, err := r.Column("none", 0); err == nil {
		t.Error("a column that took no part was given")
	}
	if _, err := r.Column("a", 3); err == nil {
		t.Error("a fourth file of three was given")
	}
}

func TestSeparationAndDegenerateColumns(t *testing.T) {
	n := 60
	x, y, same, one := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i := range n {
		x[i] = strconv.Itoa(i)
		y[i] = []string{"0", "1"}[i*2/n] // known from x without error
		same[i], one[i] = "7", "only"
		if i%6 == 0 {
			y[i], same[i], one[i] = "", "", ""
		}
	}
	r, err := Fill(context.Background(), []Variable{{Column: number(t, "x", x)}, {Column: boolean("y", y)}, {Column: number(t, "same", same)}, {Column: category("one", one, "only", "never")}}, Options{M: 4, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for k := range r.M {
		columns, err := r.Columns(k)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < n; i += 6 {
			if columns[1].(*table.BoolColumn).Values[i] == (i*2/n == 1) {
				right++
			}
			if v := columns[2].(*table.NumberColumn).Values[i]; v != 7 || columns[3].Text(i) != "only" {
				t.Fatalf("row %d: %v, %q", i, v, columns[3].Text(i))
			}
		}
	}
	if right < 36 { // of 40
		t.Errorf("%d of 40 were filled as x has it", right)
	}
	if r.Variables[3].Note == "" {
		t.Errorf("%+v", r.Variables[3])
	}
}

func TestBadRequests(t *testing.T) {
	good := synthetic(t)
	n := good[0].Column.Len()
	numbers := make([]float64, n)
	with := func(v ...Variable) []Variable { return append(append([]Variable(nil), good...), v...) }
	change := func(k int, f func(v *Variable)) []Variable {
		out := with()
		f(&out[k])
		return out
	}
	gone := make([]table.Missing, n)
	for i := range gone {
		gone[i] = table.Blank
	}
	gone[0] = table.Present
	var codes []uint32
	var levels []table.Level
	for i := range n {
		codes = append(codes, uint32(i+table.FirstLevel))
		levels = append(levels, table.Level{Code: strconv.Itoa(i)})
	}
	for says, c := range map[string]struct {
		variables []Variable
		opt       Options
	}{
		"cannot be filled together":  {nil, Options{}},
		"1 completed files":          {good, Options{M: 1}},
		"-1 iterations":              {good, Options{Iterations: -1}},
		"has no column":              {with(Variable{}), Options{}},
		"given twice":                {with(good[0]), Options{}},
		"rows and another has":       {with(Variable{Column: table.NewNumber("z", numbers[1:], nil)}), Options{}},
		"marks of what is included":  {good, Options{Include: make([]bool, 3)}},
		"too few to learn from":      {with(Variable{Column: table.NewNumber("z", numbers, gone)}), Options{}},
		"takes no part":              {with(Variable{Column: table.NewDate("z", make([]int32, n), nil)}), Options{}},
		"is for numbers":             {change(2, func(v *Variable) { v.Method = Normal }), Options{}},
		"is not for numbers":         {change(5, func(v *Variable) { v.Method = Logistic }), Options{}},
		"logistic regression is for": {change(2, func(v *Variable) { v.Method = Logistic }), Options{}},
		"not among the columns":      {change(2, func(v *Variable) { v.Predictors = []string{"w"} }), Options{}},
		"the column itself":          {change(2, func(v *Variable) { v.Predictors = []string{"g"} }), Options{}},
		"have no answer":             {change(2, func(v *Variable) { v.Keep = true }), Options{}},
		"donors cannot":              {change(5, func(v *Variable) { v.Donors = -1 }), Options{}},
		"more than the 100 that a":   {with(Variable{Column: table.NewCategory("z", levels, codes)}), Options{}},
		"number that cannot be used": {with(Variable{Column: table.NewNumber("z", append([]float64{math.Inf(1)}, numbers[1:]...), nil)}), Options{}},
		"has 800 levels, more than":  {with(Variable{Column: table.NewCategory("z", levels, codes)}), Options{}},
		"there is no such method":    {change(2, func(v *Variable) { v.Method = 9 }), Options{}},
	} {
		if r, err := Fill(context.Background(), c.variables, c.opt); err == nil || !strings.Contains(err.Error(), says) || r != nil {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Fill(ctx, good, Options{M: 2}); err == nil {
		t.Error("a cancelled request went on")
	}
}

// A category with many levels is matched, and the result says so.
func TestManyLevels(t *testing.T) {
	n := 2000
	texts, x := make([]string, n), make([]string, n)
	var codes []string
	for k := range 40 {
		codes = append(codes, "n"+strconv.Itoa(k))
	}
	for i := range n {
		k := i * 7919 % 40
		texts[i] = codes[k]
		x[i] = strconv.Itoa(k + i*31%3)
		if i%9 == 0 {
			texts[i] = ""
		}
	}
	other := make([]string, n)
	for i := range other {
		other[i] = []string{"a", "b", "c", "d", "e", "f", "g", "h"}[i*13%8]
	}
	r, err := Fill(context.Background(), []Variable{{Column: category("nation", texts, codes...)}, {Column: number(t, "x", x)}, {Column: category("other", other, "a", "b", "c", "d", "e", "f", "g", "h")}}, Options{M: 3, Iterations: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Variables[0]; v.Method != Matching.String() || !strings.Contains(v.Note, "too many levels") {
		t.Fatalf("%+v", v)
	}
	c, err := r.Column("nation", 1)
	if err != nil {
		t.Fatal(err)
	}
	apart, filled := 0, 0
	for i := 0; i < n; i += 9 {
		if d := c.(*table.CategoryColumn).Level(i) - i*7919%40; d < -4 || d > 4 {
			apart++
		}
		filled++
	}
	if apart > filled/2 { // by chance 8 of 10
		t.Errorf("%d of %d filled values are far from what x says", apart, filled)
	}
}

// Over many files the intervals hold the truth about as often as they should.
func TestIntervalsHoldTheTruth(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const files, n = 150, 150
	held := map[Method]int{}
	for range files {
		x, y := make([]float64, n), make([]float64, n)
		gone := make([]table.Missing, n)
		for i := range n {
			x[i] = rng.NormFloat64()
			y[i] = 1 + x[i] + rng.NormFloat64()
			if rng.Float64() < 1/(1+math.Exp(.5-x[i])) { // missing at random given x
				gone[i] = table.Blank
			}
		}
		for _, method := range []Method{Normal, Matching} {
			r, err := Fill(context.Background(), []Variable{{Column: table.NewNumber("x", x, nil)}, {Column: table.NewNumber("y", y, gone), Method: method}}, Options{M: 10, Iterations: 1, Seed: rng.Uint64(), Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			var means, variances []float64
			for k := range r.M {
				c, err := r.Column("y", k)
				if err != nil {
					t.Fatal(err)
				}
				sum, sq := 0.0, 0.0
				for _, v := range c.(*table.NumberColumn).Values {
					sum += v
					sq += v * v
				}
				mean := sum / n
				means, variances = append(means, mean), append(variances, (sq/n-mean*mean)/(n-1))
			}
			p, err := Pool("y", means, variances, n-1, .95)
			if err != nil {
				t.Fatal(err)
			}
			if p.Lo < 1 && 1 < p.Hi {
				held[method]++
			}
		}
	}
	for method, k := range held {
		if share := float64(k) / files; share < .90 || share > .995 {
			t.Errorf("%s: %.3f of the intervals at 0.95 hold the truth", method, share)
		}
	}
	if len(held) != 2 {
		t.Error(held)
	}
}
