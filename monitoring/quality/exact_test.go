package quality

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1e-300, math.Abs(want))) {
		t.Errorf("%s is %.15g, expected %.15g", what, got, want)
	}
}

// Expected values: R 4.2.2, pbinom(k, n, p) and pbinom(k-1, n, p, lower = FALSE).
func TestBinomialTails(t *testing.T) {
	near(t, "P(X <= 3), 40 trials", lowerTail(3, 40, 0.2), 0.0284620944597445, 1e-10)
	near(t, "P(X <= 0), 25 trials", lowerTail(0, 25, 0.1), 0.0717897987691852, 1e-10)
	near(t, "P(X <= 300), 1000 trials", lowerTail(300, 1000, 0.35), 0.000453224403797166, 1e-9)
	near(t, "P(X >= 62), 80 trials", upperTail(62, 80, 0.37), 1.76078378252889e-13, 1e-6)
	for _, edge := range []struct{ got, want float64 }{
		{lowerTail(-1, 5, 0.5), 0}, {lowerTail(5, 5, 0.5), 1}, {upperTail(0, 5, 0.5), 1}, {upperTail(6, 5, 0.5), 0},
	} {
		if edge.got != edge.want {
			t.Errorf("a tail at the edge is %g, not %g", edge.got, edge.want)
		}
	}
}

// Expected values: R 4.2.2, binom.test(k, n)$conf.int.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{
		{0, 10, 0, 0.308497107818761},
		{3, 40, 0.0157421798510415, 0.203864748732899},
		{61, 80, 0.654223028859732, 0.850546248143359},
		{10, 10, 0.691502892181239, 1},
	} {
		lo, hi := clopperPearson(c.k, c.n, 0.95)
		near(t, "lower limit", lo, c.lo, 1e-9)
		near(t, "upper limit", hi, c.hi, 1e-9)
	}
}

// Expected values: R 4.2.2, p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.2), "holm").
func TestHolm(t *testing.T) {
	got := holm([]float64{0.01, 0.04, 0.03, 0.005, 0.2})
	for i, want := range []float64{0.04, 0.09, 0.09, 0.025, 0.2} {
		near(t, "an adjusted p", got[i], want, 1e-12)
	}
}

// Expected values: R 4.2.2, qnorm(p, lower = FALSE).
func TestNormalQuantile(t *testing.T) {
	near(t, "z at 1e-10", normalQuantileAbove(1e-10), 6.36134090240406, 1e-9)
	near(t, "z at 1e-290", normalQuantileAbove(1e-290), 36.420731673208, 1e-9)
	if z := normalQuantileAbove(0); math.IsInf(z, 0) || z < 37 {
		t.Errorf("z at 0 is %g", z)
	}
}

// Expected values: R 4.2.2, median(x) and mad(x, constant = 1).
func TestMedianMAD(t *testing.T) {
	m, mad := medianMAD([]float64{12, 18, 25, 25, 26, 31, 40, 95})
	near(t, "the median", m, 25.5, 1e-12)
	near(t, "the MAD", mad, 6.5, 1e-12)
	m, mad = medianMAD([]float64{95, 12, 18, 25, 26, 31, 40})
	near(t, "the median", m, 26, 1e-12)
	near(t, "the MAD", mad, 8, 1e-12)
	if !math.IsNaN(median(nil)) {
		t.Error("the median of nothing is a number")
	}
}

// uncorrected are the z values of cells by the normal approximation.
func uncorrected(cells []cell) []float64 {
	var zs []float64
	for _, c := range cells {
		zs = append(zs, (float64(c.k)-500)/math.Sqrt(250))
	}
	return zs
}

// Two in twelve who are far out must not hide each other.
func TestCompareIsNotMaskedByTwo(t *testing.T) {
	var cells []cell
	for i := range 12 {
		cells = append(cells, cell{k: 40 + i%5 - 2, n: 80, expected: 0.5})
	}
	cells[3].k, cells[7].k = 70, 72
	verdicts := compare(cells)
	for i, v := range verdicts {
		if out := i == 3 || i == 7; out != (v.p < 0.01) {
			t.Errorf("cell %d has p %g", i, v.p)
		}
	}
}

func TestCompareCorrectsForOrdinaryDifferences(t *testing.T) {
	// Forty cells that scatter three times as much as a binomial would.
	var cells []cell
	for i := range 40 {
		z := distuv.UnitNormal.Quantile((float64(i) + 0.5) / 40)
		cells = append(cells, cell{k: 500 + int(3*math.Sqrt(250)*z), n: 1000, expected: 0.5})
	}
	if f := overdispersion(uncorrected(cells)); f < 7 || f > 11 {
		t.Errorf("the overdispersion is %g, expected about 9", f)
	}
	for _, v := range compare(cells) {
		if v.p < 0.05 {
			t.Errorf("an ordinary cell has p %g", v.p)
		}
	}
	cells[0].k = 900
	verdicts := compare(cells)
	if v := verdicts[0]; v.p > 0.01 || v.z < 3 {
		t.Errorf("the cell that stands out has z %g, p %g", v.z, v.p)
	}
	if v := compare([]cell{{}})[0]; v.p != 1 || v.z != 0 {
		t.Errorf("an empty cell has z %g, p %g", v.z, v.p)
	}
}
