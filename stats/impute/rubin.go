package impute

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// Pooled is one estimate combined over completed files.
type Pooled struct {
	Name  string
	Value float64 // mean over the files
	// SE is the root of Within + (1 + 1/m) Between.
	SE      float64
	Within  float64 // mean of the variances
	Between float64 // variance of the values
	DF      float64 // Barnard and Rubin's
	Lo, Hi  float64 // by t with DF
	T, P    float64 // against 0; P is 1 and T 0 if SE is 0
	// Increase is (1 + 1/m) Between/Within, Lost the share of information lost to
	// missing answers, (Increase + 2/(DF + 3))/(Increase + 1).
	Increase, Lost float64
	M              int
	NotEstimable   string // the reason; then there are no numbers
}

// Pool combines values and variances of the same estimate from m completed
// files by Rubin's rules:
//
//	T = Ū + (1 + 1/m) B,  λ = (1 + 1/m) B/T
//	df = 1/(1/a + 1/b),  a = (m-1)/λ²,  b = (k+1)/(k+3) k (1-λ)
//
// k is the degrees of freedom that the complete file would have, +Inf or 0 for
// none: then df is a. As in mice, λ counts as no less than 1e-4. Confidence 0
// means 0.95.
// Sources: Rubin (1987); Barnard and Rubin (1999), Biometrika 86; mice 3.15,
// pool.scalar. R's mitools differs in b, where it takes Ū/(Ū + B) for 1-λ.
func Pool(name string, values, variances []float64, complete, confidence float64) (Pooled, error) {
	m := len(values)
	out := Pooled{Name: name, M: m}
	if m < 2 || len(variances) != m {
		return out, fault.New(fault.Invalid, fault.Place{Field: name}, fmt.Sprintf("%d values and %d variances cannot be combined", m, len(variances)), "give both from each of at least two completed files")
	}
	if confidence == 0 {
		confidence = 0.95
	}
	if !(confidence > 0 && confidence < 1) {
		return out, fault.New(fault.Invalid, fault.Place{Field: name}, fmt.Sprintf("the confidence %v cannot be used", confidence), "0.95, or another number between 0 and 1")
	}
	for k, v := range values {
		if u := variances[k]; v-v != 0 || u-u != 0 || u < 0 {
			out.NotEstimable = "it cannot be estimated from every completed file"
			return out.empty(), nil
		}
		out.Value += v / float64(m)
		out.Within += variances[k] / float64(m)
	}
	for _, v := range values {
		out.Between += (v - out.Value) * (v - out.Value) / float64(m-1)
	}
	if complete == 0 {
		complete = math.Inf(1)
	}
	if complete < 0 || complete != complete {
		out.NotEstimable = "the complete file has no degrees of freedom"
		return out.empty(), nil
	}
	total := out.Within + (1+1/float64(m))*out.Between
	out.SE = math.Sqrt(total)
	out.P = 1
	if total == 0 {
		out.Lo, out.Hi, out.DF = out.Value, out.Value, complete
		return out, nil
	}
	lambda := max((1+1/float64(m))*out.Between/total, 1e-4)
	out.DF = float64(m-1) / (lambda * lambda)
	if !math.IsInf(complete, 1) {
		seen := (complete + 1) / (complete + 3) * complete * (1 - lambda)
		out.DF = out.DF * seen / (out.DF + seen)
	}
	switch {
	case out.Within > 0:
		out.Increase = (1 + 1/float64(m)) * out.Between / out.Within
		out.Lost = (out.Increase + 2/(out.DF+3)) / (out.Increase + 1)
	default:
		out.Lost = 1
	}
	out.T = out.Value / out.SE
	if !(out.DF > 0) {
		out.NotEstimable = "all information is lost to missing answers"
		return out.empty(), nil
	}
	t := distuv.StudentsT{Sigma: 1, Nu: out.DF}
	q := t.Quantile(1 - (1-confidence)/2)
	if half := q * out.SE; half-half != 0 {
		out.NotEstimable = "almost all information is lost to missing answers"
		return out.empty(), nil
	}
	out.Lo, out.Hi = out.Value-q*out.SE, out.Value+q*out.SE
	out.P = min(1, 2*t.CDF(-math.Abs(out.T)))
	return out, nil
}

// empty takes the numbers out.
func (p Pooled) empty() Pooled {
	nan := math.NaN()
	p.Value, p.SE, p.Within, p.Between, p.DF, p.Lo, p.Hi, p.T, p.P, p.Increase, p.Lost = nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan
	return p
}

// PoolVectors combines vectors of estimates, one from each completed file: each
// estimate as Pool does, with the degrees of freedom of the first vector, and
// all of them with the covariance T = Ū + (1 + 1/m) B, for contrasts. The
// vector's degrees of freedom are the smallest of its estimates.
func PoolVectors(files []*survey.Vector, confidence float64) ([]Pooled, *survey.Vector, error) {
	m := len(files)
	if m < 2 {
		return nil, nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("%d vectors of estimates cannot be combined", m), "give those of at least two completed files")
	}
	q := len(files[0].Names)
	for _, v := range files {
		same := len(v.Names) == q && len(v.Values) == q && len(v.Cov) == q*q
		for i := 0; same && i < q; i++ {
			same = v.Names[i] == files[0].Names[i]
		}
		if !same {
			return nil, nil, fault.New(fault.Invalid, fault.Place{}, "the completed files do not give the same estimates", "ask the same of each; levels that one file lacks are given by name")
		}
	}
	all := &survey.Vector{Names: files[0].Names, Values: make([]float64, q), Cov: make([]float64, q*q), DF: math.Inf(1), Base: files[0].Base}
	var out []Pooled
	values, variances := make([]float64, m), make([]float64, m)
	for i, name := range all.Names {
		for k, v := range files {
			values[k], variances[k] = v.Values[i], v.Cov[i*q+i]
		}
		p, err := Pool(name, values, variances, files[0].DF, confidence)
		if err != nil {
			return nil, nil, err
		}
		for _, v := range files {
			if v.NotEstimable != nil && v.NotEstimable[i] != "" {
				p.NotEstimable = v.NotEstimable[i]
				p = p.empty()
				break
			}
		}
		if p.NotEstimable != "" {
			if all.NotEstimable == nil {
				all.NotEstimable = make([]string, q)
			}
			all.NotEstimable[i] = p.NotEstimable
		}
		if all.Values[i] = p.Value; p.NotEstimable == "" {
			all.DF = min(all.DF, p.DF)
		}
		out = append(out, p)
	}
	for i := range q {
		for j := range q {
			within, between := 0.0, 0.0
			for _, v := range files {
				within += v.Cov[i*q+j] / float64(m)
				between += (v.Values[i] - all.Values[i]) * (v.Values[j] - all.Values[j]) / float64(m-1)
			}
			all.Cov[i*q+j] = within + (1+1/float64(m))*between
		}
	}
	return out, all, nil
}

// Completed gives the columns of one completed file by name; nil for a column
// that took no part.
type Completed func(name string) table.Column

// Pool makes the same estimates from each completed file, one after the other,
// and combines them.
func (r *Result) Pool(ctx context.Context, confidence float64, estimate func(ctx context.Context, column Completed) (*survey.Vector, error)) ([]Pooled, *survey.Vector, error) {
	files := make([]*survey.Vector, r.M)
	for k := range files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		made := map[string]table.Column{}
		v, err := estimate(ctx, func(name string) table.Column {
			if made[name] == nil {
				if c, err := r.Column(name, k); err == nil {
					made[name] = c
				}
			}
			return made[name]
		})
		if err != nil {
			return nil, nil, err
		}
		files[k] = v
	}
	return PoolVectors(files, confidence)
}
