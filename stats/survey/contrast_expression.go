package survey

import (
	"fmt"
	"math"

	"waymark/internal/fault"
)

// Expression is the contrast f(θ) of an arithmetic formula over the names of
// estimates (see ParseExpression), with variance by the delta method
//
//	g' V g,  g the gradient of f at the estimates
//
// The gradient is exact: it is carried along with the value, operation by
// operation. A formula without a value at the estimates (division by zero, the
// logarithm of what is not above zero, a root of what is negative) is marked
// NotEstimable with the reason and its position. It fails for a formula that
// cannot be read and a name that the vector does not have, with the position.
// Source: R survey 4.1-1, svycontrast with quoted expressions; Griewank and
// Walther (2008), Evaluating Derivatives, section 3.1 (forward mode).
func (v *Vector) Expression(name, expr string, confidence float64) (Contrast, error) {
	derived, err := v.Derive([]string{name}, []string{expr})
	if err != nil {
		return Contrast{}, err
	}
	faults := fault.NewList(maxFaults)
	checkConfidence(faults, confidence)
	if err := faults.Err(); err != nil {
		return Contrast{}, err
	}
	why := ""
	if derived.NotEstimable != nil {
		why = derived.NotEstimable[0]
	}
	return derived.contrast(name, derived.Values[0], []float64{1}, confidence, why), nil
}

// Derive makes a new vector of expressions, with their full covariance J V J'
// by the delta method, J their exact derivatives. Names must differ. Faults of
// all expressions are reported at once. See Expression.
func (v *Vector) Derive(names, exprs []string) (*Vector, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	faults := fault.NewList(maxFaults)
	if len(names) != len(exprs) || len(names) > vectorLimit {
		faults.Addf(fault.Invalid, fault.Place{}, "give each expression a name", "there are %d names for %d expressions", len(names), len(exprs))
		return nil, faults.Err()
	}
	n, q := len(names), len(v.Names)
	out := &Vector{Names: append([]string(nil), names...), Values: make([]float64, n), Cov: make([]float64, n*n), DF: v.DF, Base: v.Base, NotEstimable: make([]string, n)}
	index := make(map[string]int, q)
	for i, name := range v.Names {
		index[name] = i
	}
	jacobian := make([][]float64, n)
	seen := map[string]bool{}
	for k, text := range exprs {
		if seen[names[k]] {
			faults.Addf(fault.Invalid, fault.Place{Field: names[k]}, "give each expression its own name", "the name occurs twice")
		}
		seen[names[k]] = true
		e, err := ParseExpression(text)
		if err != nil {
			faults.Add(err.(*fault.Fault))
			continue
		}
		of := make([]int, len(e.names))
		values := make([]float64, len(e.names))
		for i, used := range e.names {
			at, ok := index[used]
			if !ok {
				faults.Add(v.unknown(used, fmt.Sprintf(" (position %d)", e.at[i])))
				continue
			}
			of[i], values[i] = at, v.Values[at]
			if why := v.why(at); why != "" && out.NotEstimable[k] == "" {
				out.NotEstimable[k] = used + ": " + why
			}
		}
		if faults.Len() > 0 || out.NotEstimable[k] != "" {
			continue
		}
		value, gradient, why := e.Gradient(values)
		if out.Values[k], out.NotEstimable[k] = value, why; why != "" {
			continue
		}
		jacobian[k] = make([]float64, q)
		for i, at := range of {
			jacobian[k][at] = gradient[i]
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for i := range n {
		if out.NotEstimable[i] != "" {
			continue
		}
		out.Cov[i*n+i] = v.variance(jacobian[i])
		for j := range i {
			if out.NotEstimable[j] == "" {
				out.Cov[i*n+j] = v.between(jacobian[i], jacobian[j])
				out.Cov[j*n+i] = out.Cov[i*n+j]
			}
		}
	}
	out.markInestimable()
	return out, nil
}

// between is a' V b.
func (v *Vector) between(a, b []float64) float64 {
	q, sum := len(a), 0.0
	for i, x := range a {
		if x == 0 {
			continue
		}
		for j, y := range b {
			if y != 0 {
				sum += x * y * v.Cov[i*q+j]
			}
		}
	}
	return sum
}

// Gradient returns the value at values of the names, one for each of Names, and
// the derivative by each. why says that there is none, and where.
func (e *Expression) Gradient(values []float64) (value float64, gradient []float64, why string) {
	n := len(e.names)
	x := make([]float64, len(e.nodes))
	slopes := make([]float64, len(e.nodes)*n)
	slope := func(k int) []float64 { return slopes[k*n : (k+1)*n] }
	for k, node := range e.nodes {
		d := slope(k)
		chain := func(parts ...float64) { // outer derivatives by a, and by b
			for i := range d {
				for j, p := range parts {
					if s := slope([2]int{node.a, node.b}[j])[i]; s != 0 {
						d[i] += p * s
					}
				}
			}
		}
		no := func(why string) (float64, []float64, string) {
			return 0, nil, fmt.Sprintf("%s (position %d)", why, node.at)
		}
		switch node.op {
		case 'n':
			x[k] = node.x
			continue
		case 'v':
			x[k], d[node.a] = values[node.a], 1
			continue
		}
		a, b := x[node.a], 0.0
		switch node.op {
		case '+', '-', '*', '/', '^':
			b = x[node.b]
		}
		switch node.op {
		case '+':
			x[k] = a + b
			chain(1, 1)
		case '-':
			x[k] = a - b
			chain(1, -1)
		case '*':
			x[k] = a * b
			chain(b, a)
		case '/':
			if b == 0 {
				return no("a division by zero")
			}
			x[k] = a / b
			chain(1/b, -x[k]/b)
		case '~':
			x[k] = -a
			chain(-1)
		case 'e':
			x[k] = math.Exp(a)
			chain(x[k])
		case 'l':
			if !(a > 0) {
				return no("the logarithm of a number that is not above zero")
			}
			x[k] = math.Log(a)
			chain(1 / a)
		case 's':
			if a < 0 {
				return no("the square root of a number below zero")
			}
			x[k] = math.Sqrt(a)
			chain(0.5 / x[k])
		case '^':
			x[k] = math.Pow(a, b)
			constant := true
			for _, s := range slope(node.b) {
				constant = constant && s == 0
			}
			by := 0.0
			if b != 0 {
				by = b * math.Pow(a, b-1)
			}
			if constant {
				chain(by)
			} else {
				if !(a > 0) {
					return no("a power of a number that is not above zero")
				}
				chain(by, x[k]*math.Log(a))
			}
		}
		if x[k]-x[k] != 0 {
			return no("there is no finite value")
		}
		for _, s := range d {
			if s-s != 0 {
				return no("there is no finite derivative")
			}
		}
	}
	return x[e.root], append([]float64(nil), slope(e.root)...), ""
}
