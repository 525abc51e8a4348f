package impute

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"waymark/stats/table"
)

// reference is testdata/rubin.json; calls in rubin.R.
func reference(t *testing.T) map[string]map[string]json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "rubin.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Values map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &all); err != nil || len(all.Values) == 0 {
		t.Fatal(err)
	}
	return all.Values
}

// numbers reads one number or several.
func numbers(t *testing.T, raw json.RawMessage) []float64 {
	t.Helper()
	var one float64
	if json.Unmarshal(raw, &one) == nil {
		return []float64{one}
	}
	var out []float64
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return out
}

// near compares to a share of the size.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	for k, w := range want {
		if !(math.Abs(got[k]-w) <= tolerance*math.Abs(w)+1e-12) {
			t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
	}
}

// readCSV reads columns as text.
func readCSV(t *testing.T, path string) map[string][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for k, name := range rows[0] {
		for _, r := range rows[1:] {
			out[name] = append(out[name], r[k])
		}
	}
	return out
}

func number(t *testing.T, name string, texts []string) *table.NumberColumn {
	t.Helper()
	values, missing := make([]float64, len(texts)), make([]table.Missing, len(texts))
	for i, s := range texts {
		if s == "" {
			missing[i] = table.Blank
			continue
		}
		var err error
		if values[i], err = strconv.ParseFloat(s, 64); err != nil {
			t.Fatal(err)
		}
	}
	return table.NewNumber(name, values, missing)
}

func category(name string, texts []string, codes ...string) *table.CategoryColumn {
	var levels []table.Level
	at := map[string]uint32{"": uint32(table.Blank), "-": uint32(table.NotAsked)}
	for k, c := range codes {
		levels = append(levels, table.Level{Code: c})
		at[c] = uint32(k + table.FirstLevel)
	}
	values := make([]uint32, len(texts))
	for i, s := range texts {
		values[i] = at[s]
	}
	return table.NewCategory(name, levels, values)
}

func boolean(name string, texts []string) *table.BoolColumn {
	values, missing := make([]bool, len(texts)), make([]table.Missing, len(texts))
	for i, s := range texts {
		if values[i] = s == "1"; s == "" {
			missing[i] = table.Refused
		}
	}
	return table.NewBool(name, values, missing)
}

// synthetic is testdata/synthetic.csv, which is synthetic (see rubin.R).
func synthetic(t *testing.T) []Variable {
	c := readCSV(t, filepath.Join("testdata", "synthetic.csv"))
	return []Variable{
		{Column: number(t, "x", c["x"])},
		{Column: category("s", c["s"], "north", "south")},
		{Column: category("g", c["g"], "a", "b", "c")},
		{Column: boolean("yes", c["yes"])},
		{Column: category("o", c["o"], "never", "seldom", "often", "always"), Ordered: true},
		{Column: number(t, "y", c["y"])},
	}
}

// asked is the estimates of rubin.R from one completed file, and their
// variances.
func asked(t *testing.T, r *Result, file int) (q []float64) {
	t.Helper()
	columns, err := r.Columns(file)
	if err != nil {
		t.Fatal(err)
	}
	x, g, yes := columns[0].(*table.NumberColumn), columns[2].(*table.CategoryColumn), columns[3].(*table.BoolColumn)
	o, y := columns[4].(*table.CategoryColumn), columns[5].(*table.NumberColumn)
	n := len(x.Values)
	q = make([]float64, 12)
	gram, right := make([]float64, 25), make([]float64, 5)
	for i := range n {
		for _, c := range columns {
			if c.Missing(i) != table.Present {
				t.Fatalf("row %d of %s is still missing", i, c.Name())
			}
		}
		one := func(b bool) float64 {
			if b {
				return 1
			}
			return 0
		}
		row := []float64{1, x.Values[i], one(yes.Values[i]), one(g.Level(i) == 1), one(g.Level(i) == 2)}
		for k, v := range []float64{y.Values[i], row[2], row[3], row[4], one(o.Level(i) == 1), one(o.Level(i) == 2), one(o.Level(i) == 3)} {
			q[k] += v / float64(n)
		}
		for a := range row {
			right[a] += row[a] * y.Values[i]
			for b := range a + 1 {
				gram[a*5+b] += row[a] * row[b]
			}
		}
	}
	cholesky(gram, 5)
	forward(gram, 5, right)
	backward(gram, 5, right)
	copy(q[7:], right)
	return q
}

// The estimates from completed files are those of mice within the Monte Carlo
// error of both, and their variance between files is of the same size; those of
// complete cases are further from the truth.
func TestFillAgainstMice(t *testing.T) {
	want := reference(t)["synthetic"]
	r, err := Fill(context.Background(), synthetic(t), Options{M: 40, Iterations: 8, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	value, between, full := numbers(t, want["value"]), numbers(t, want["between"]), numbers(t, want["full"])
	within := numbers(t, want["within"])
	var files [][]float64
	for k := range r.M {
		files = append(files, asked(t, r, k))
	}
	var names []string
	if err := json.Unmarshal(want["names"], &names); err != nil {
		t.Fatal(err)
	}
	m := float64(r.M)
	for i, name := range names {
		mean, b := 0.0, 0.0
		for _, q := range files {
			mean += q[i] / m
		}
		for _, q := range files {
			b += (q[i] - mean) * (q[i] - mean) / (m - 1)
		}
		if z := (mean - value[i]) / math.Sqrt((b+between[i])/m); math.Abs(z) > 4 {
			t.Errorf("%s: %v, mice has %v: %.1f standard errors", name, mean, value[i], z)
		}
		if ratio := b / between[i]; ratio < .4 || ratio > 2.5 {
			t.Errorf("%s: the variance between files is %.2f of that of mice", name, ratio)
		}
		if z := (mean - full[i]) / math.Sqrt(within[i]+b); math.Abs(z) > 3 {
			t.Errorf("%s: %v, the truth is %v: %.1f standard errors", name, mean, full[i], z)
		}
	}
	if cases := numbers(t, want["cases"]); math.Abs(files[0][0]-full[0]) > math.Abs(cases[0]-full[0]) {
		t.Errorf("the mean of y is %v of the first file, %v of complete cases, truly %v", files[0][0], cases[0], full[0])
	}
	for k, method := range map[int]Method{2: Multinomial, 3: Logistic, 4: Ordered, 5: Matching} {
		v := r.Variables[k]
		if v.Method != method.String() || v.Filled == 0 || v.Filled+v.Observed != 800 || len(v.Predictors) != 5 {
			t.Errorf("%+v", v)
		}
	}
	if len(r.Traces) != 4 || len(r.Traces[0].Mean) != 40 || len(r.Traces[0].Mean[0]) != 8 {
		t.Fatalf("%d traces", len(r.Traces))
	}
	for _, trace := range r.Traces {
		if !(trace.Mixing > .9 && trace.Mixing < 1.3) {
			t.Errorf("%s: chains mix at %v", trace.Name, trace.Mixing)
		}
	}
	if text := r.String(); !strings.Contains(text, "y: ") || !strings.Contains(text, "filled by predictive mean matching from x, s, g, yes, o") || !strings.Contains(text, "x: nothing filled") {
		t.Error(text)
	}
}

func TestFillDoesNotDependOnWorkers(t *testing.T) {
	variables := synthetic(t)
	var first *Result
	for _, workers := range []int{1, 2, 5} {
		r, err := Fill(context.Background(), variables, Options{M: 5, Iterations: 3, Seed: 9, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if !reflect.DeepEqual(r.filled, first.filled) || !reflect.DeepEqual(r.Traces, first.Traces) {
			t.Fatalf("%d workers give other values", workers)
		}
	}
	other, err := Fill(context.Background(), variables, Options{M: 5, Iterations: 3, Seed: 10})
	if err != nil || reflect.DeepEqual(other.filled, first.filled) {
		t.Errorf("another seed gives the same values (%v)", err)
	}
}

func TestNormalAndMatchingOfCategories(t *testing.T) {
	variables := synthetic(t)
	variables[2].Method, variables[5].Method = Matching, Normal
	r, err := Fill(context.Background(), variables, Options{M: 20, Iterations: 5, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	want := reference(t)["synthetic"]
	value, between := numbers(t, want["value"]), numbers(t, want["between"])
	for _, i := range []int{0, 2, 3, 8} {
		mean := 0.0
		for k := range r.M {
			mean += asked(t, r, k)[i] / float64(r.M)
		}
		// Matching by one score is another model than mice's multinomial one.
		if z := (mean - value[i]) / math.Sqrt(between[i]); math.Abs(z) > 2 {
			t.Errorf("estimate %d: %v, with mice %v", i, mean, value[i])
		}
	}
	seen := map[float64]bool{}
	y := variables[5].Column.(*table.NumberColumn)
	for i, v := range y.Values {
		seen[v] = seen[v] || y.Missing(i) == table.Present
	}
	c, err := r.Column("y", 0)
	if err != nil {
		t.Fatal(err)
	}
	fresh := 0
	for i, v := range c.(*table.NumberColumn).Values {
		if y.Missing(i) != table.Present && !seen[v] {
			fresh++
		}
	}
	if fresh == 0 {
		t.Error("normal regression gave only values that occur")
	}
}

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
