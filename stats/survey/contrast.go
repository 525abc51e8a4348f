package survey

import (
	"fmt"
	"math"
	"slices"

	"waymark/internal/fault"
)

// Contrast is a number made from a vector of estimates.
type Contrast struct {
	Name   string
	Value  float64
	SE     float64
	Lo, Hi float64
	DF     float64 // of the t quantile; +Inf for the normal
	P      float64 // two-sided, that the number is 0
	// NotEstimable says why there is no number; then Value, SE, Lo, Hi and P
	// are NaN.
	NotEstimable string
}

// Linear is the contrast Σ c_i θ_i with variance c' V c:
//
//	value ± t(DF) · SE,  P = P(|T| > |value|/SE)
//
// coef has the coefficients by the names of the estimates; those not named have
// 0. Confidence 0 means 0.95. It fails for a name that the vector does not have,
// a coefficient that is not finite, and a confidence that is no share.
// Source: R survey 4.1-1, svycontrast.
func (v *Vector) Linear(name string, coef map[string]float64, confidence float64) (Contrast, error) {
	if err := v.check(); err != nil {
		return Contrast{}, err
	}
	faults := fault.NewList(maxFaults)
	checkConfidence(faults, confidence)
	gradient := make([]float64, len(v.Names))
	names := make([]string, 0, len(coef))
	for n := range coef {
		names = append(names, n)
	}
	slices.Sort(names) // faults in one order
	for _, n := range names {
		i, c := v.Index(n), coef[n]
		switch {
		case i < 0:
			faults.Add(v.unknown(n, ""))
		case c-c != 0:
			faults.Addf(fault.Invalid, fault.Place{Field: n}, "coefficients must be finite", "the coefficient %v cannot be used", c)
		default:
			gradient[i] = c
		}
	}
	if err := faults.Err(); err != nil {
		return Contrast{}, err
	}
	value, why := 0.0, ""
	for i, c := range gradient {
		if c == 0 {
			continue
		}
		if w := v.why(i); w != "" && why == "" {
			why = v.Names[i] + ": " + w
		}
		value += c * v.Values[i]
	}
	return v.contrast(name, value, gradient, confidence, why), nil
}

// checkConfidence refuses a level of confidence that is no share.
func checkConfidence(faults *fault.List, c float64) {
	if !(c == 0 || c > 0 && c < 1) {
		faults.Addf(fault.Invalid, fault.Place{}, "use a share such as 0.95", "the confidence %v is not between 0 and 1", c)
	}
}

// unknown is the fault of a name that the vector does not have; where is empty
// or says the position.
func (v *Vector) unknown(name, where string) *fault.Fault {
	remedy := "there are no estimates"
	if n := len(v.Names); n > 0 {
		remedy = "use a name of the estimates, such as " + v.Names[0]
		if n > 1 {
			remedy += " or " + v.Names[n-1]
		}
	}
	return fault.New(fault.Invalid, fault.Place{Field: name}, fmt.Sprintf("there is no estimate named %q%s", name, where), remedy)
}

// variance is g' V g; terms that cancel but for rounding give 0.
func (v *Vector) variance(gradient []float64) float64 {
	q := len(gradient)
	sum, size := 0.0, 0.0
	for i, a := range gradient {
		if a == 0 {
			continue
		}
		for j, b := range gradient {
			if b != 0 {
				x := a * b * v.Cov[i*q+j]
				sum += x
				size += math.Abs(x)
			}
		}
	}
	if sum < 1e-15*size {
		return 0
	}
	return sum
}

// contrast finishes a contrast from its value and gradient.
func (v *Vector) contrast(name string, value float64, gradient []float64, confidence float64, why string) Contrast {
	nan := math.NaN()
	c := Contrast{Name: name, Value: nan, SE: nan, Lo: nan, Hi: nan, P: nan, DF: v.DF, NotEstimable: why}
	if why != "" {
		return c
	}
	s := v.variance(gradient)
	switch {
	case s-s != 0 || value-value != 0:
		c.NotEstimable = "the numbers are too large or too small to compute with"
		return c
	case !(v.DF > 0):
		c.NotEstimable = "the answers come from too few primary sampling units for an interval"
		return c
	}
	c.Value, c.SE = value, math.Sqrt(s)
	half := tQuantile(1-(1-orConfidence(confidence))/2, v.DF) * c.SE
	c.Lo, c.Hi = value-half, value+half
	c.P = tOf(value, c.SE, v.DF)
	return c
}

// orConfidence is the confidence, or its default.
func orConfidence(c float64) float64 {
	if c == 0 {
		return 0.95
	}
	return c
}

// tOf is the two-sided p of a value with its standard error: without any
// variance 1 for 0, and 0 for the rest.
func tOf(value, se, df float64) float64 {
	switch {
	case se > 0:
		return tTwoSided(value/se, df)
	case value == 0:
		return 1
	}
	return 0
}
