package impute

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
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
