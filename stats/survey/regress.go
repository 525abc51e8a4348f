package survey

import (
	"context"
	"math"
	"slices"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// Family is the model of an outcome.
type Family uint8

// The families.
const (
	Gaussian Family = iota + 1 // linear
	Binomial                   // logistic; a category's level, a yes/no column, or a number that is 0 or 1
)

// Columns gives columns by name, nil for one that is not there. A *table.Table
// is one.
type Columns interface {
	Column(name string) table.Column
}

// ColumnSet is columns by name.
type ColumnSet map[string]table.Column

// Column returns the column with this name, or nil.
func (s ColumnSet) Column(name string) table.Column { return s[name] }

// ModelVariance is how the variance of coefficients is estimated.
type ModelVariance uint8

// The variances.
const (
	// Linearised is the sandwich of Taylor linearisation (Binder).
	Linearised ModelVariance = iota
	// BellMcCaffrey and ReducedBias correct it for few PSUs, with degrees of
	// freedom of each coefficient's own. See smallSample.
	BellMcCaffrey
	ReducedBias
)

// ModelRequest asks for a regression.
type ModelRequest struct {
	Family  Family   // Required
	Formula *Formula // Required, with an outcome
	Data    Columns  // Required: columns of the design's rows
	// Where, if not nil, restricts to a subset (one bool a row), as a domain.
	Where []bool
	// Confidence of intervals. Default 0.95.
	Confidence float64
	// Variance. Default Linearised.
	Variance ModelVariance
	// Reference is the level that the others are compared with, by column.
	// Default: the first that occurs among the rows used.
	Reference map[string]string
}

// Coefficient is one fitted coefficient.
type Coefficient struct {
	Name      string // as R names it: (Intercept), stypeH, ell:meals
	Term      string // the formula's label of the term
	Value, SE float64
	T, P      float64 // against 0, by t with DF degrees of freedom
	Lo, Hi    float64
	DF        float64
	// OddsRatio is exp(Value) with its limits, of a logistic model, the largest
	// number where it is more; else 0.
	OddsRatio, OddsLo, OddsHi float64
	// NotEstimable says why there is no number; then the numbers are NaN.
	NotEstimable string
}

// VariableMissing is a variable of a model and the rows that have no value.
type VariableMissing struct {
	Variable string
	Rows     int
}

// Fit is a fitted regression.
type Fit struct {
	Family       Family
	Formula      *Formula
	Confidence   float64
	Variance     ModelVariance
	Coefficients []Coefficient
	// DF is the design's degrees of freedom, of the rows used, + 1 - coefficients.
	DF float64
	// Rows is the rows of the sample, or of its subset, with a weight above
	// zero; Base those with all values, which the model uses.
	Rows, Base int
	// Missing counts the rows without a value of each variable; a row may count
	// for several.
	Missing []VariableMissing
	// Reference is the level that each categorical term compares with, by label.
	Reference map[string]string
	// Unused are levels that no row used has, as coefficients are named.
	Unused []string
	// Iterations of the fit. Deviance and NullDeviance with weights of mean 1.
	Iterations             int
	Deviance, NullDeviance float64
	// Dispersion is the weighted variance of the Pearson residuals, as R's
	// summary has it.
	Dispersion float64
	// NotEstimable says why there is no model; then every coefficient says so.
	NotEstimable string
	// Separated are the terms, and levels, that decide the outcome. See separation.
	Separated []Separation

	d    *Design
	rows *modelRows
	beta []float64 // of the layout's columns, 0 where not estimable
	cov  []float64 // of the estimable coefficients, row-major
	// centred is cov of the columns as the layout has them, with centred values.
	centred []float64
	at      []int     // columns that are estimable
	inv     []float64 // inverse of X'WX, by the estimable columns; weights of mean 1
	resp    []float64 // working residual times working weight, by position
	df      []float64 // per estimable coefficient
}

// Fit fits a linear or logistic model by weighted least squares with the
// variance that the design gives it.
//
//	V = A⁻¹ B A⁻¹,  A = X'WX,  B the design covariance of Σ w x (y - μ)
//
// B has the FPC and all stages, and the residuals where weights were adjusted.
// Rows with a missing value leave the model and stay in the design; so do rows
// outside Where. The logistic fit stops where R's glm does (deviance within a
// relative 1e-8) and A is that of its last step, so that standard errors agree.
//
// A category, a yes/no column or a text column makes a column for each level
// but the reference; factor(x) makes levels of numbers. Interactions are coded
// as R codes them. A coefficient that is a combination of others is
// NotEstimable, the later one of them. An outcome that does not vary, data that
// are separated and a design with too few degrees of freedom give a Fit that is
// NotEstimable. Faults are columns that are missing, of a wrong kind or length,
// numbers that are not finite, levels that do not exist, and models of more
// than 1,000 coefficients.
// Source: Binder (1983), International Statistical Review 51; R survey 4.1-1,
// svyglm with gaussian or quasibinomial.
func (d *Design) Fit(ctx context.Context, r ModelRequest, opt EngineOptions) (*Fit, error) {
	if r.Confidence == 0 {
		r.Confidence = 0.95
	}
	m, err := d.modelRows(ctx, r, opt)
	if err != nil {
		return nil, err
	}
	f := &Fit{Family: r.Family, Formula: r.Formula, Confidence: r.Confidence, Variance: r.Variance, Rows: m.domain, Base: m.n,
		Missing: m.missing, Reference: m.layout.reference, Unused: m.layout.unused, d: d, rows: m}
	for _, c := range m.layout.columns {
		f.Coefficients = append(f.Coefficients, Coefficient{Name: c.name, Term: c.term})
	}
	if why := m.hopeless(r.Family); why != "" {
		return f.fail(why), nil
	}
	s, err := m.fit(ctx, r.Family, m.weights, nil, opt.Workers)
	if err == nil && m.uncentre(s) {
		if err = m.fill(ctx, opt.Workers); err == nil {
			s, err = m.fit(ctx, r.Family, m.weights, nil, opt.Workers)
		}
	}
	if err != nil {
		return nil, err
	}
	if r.Variance == ReducedBias && r.Family == Binomial && s.why == "" { // its weights are those of the last digits
		steps := s.iterations
		if s, err = m.fit(ctx, r.Family, m.weights, s.beta, opt.Workers); err != nil {
			return nil, err
		}
		s.iterations += steps
	}
	f.Iterations, f.Deviance, f.NullDeviance = s.iterations, s.deviance, m.nullDeviance(r.Family, r.Formula.Intercept)
	f.beta, f.at, f.inv = s.beta, s.at, s.inv
	if f.Separated = m.separation(r.Family, s); len(f.Separated) > 0 {
		return f.fail(separationReason(f.Separated)), nil
	}
	if s.why != "" {
		return f.fail(s.why), nil
	}
	if f.DF = m.freedom() + 1 - float64(len(s.at)); f.DF <= 0 {
		return f.fail("the design has too few primary sampling units for a model of so many coefficients"), nil
	}
	if err := f.finish(ctx, s, opt); err != nil {
		return nil, err
	}
	return f, nil
}

// fail marks the whole fit as not estimable.
func (f *Fit) fail(why string) *Fit {
	nan := math.NaN()
	f.NotEstimable = why
	for i := range f.Coefficients {
		c := &f.Coefficients[i]
		*c = Coefficient{Name: c.Name, Term: c.Term, Value: nan, SE: nan, T: nan, P: nan, Lo: nan, Hi: nan, DF: nan, NotEstimable: why}
		if f.Family == Binomial {
			c.OddsRatio, c.OddsLo, c.OddsHi = nan, nan, nan
		}
	}
	f.Deviance, f.NullDeviance, f.Dispersion = nan, nan, nan
	return f
}

// finish makes the covariance and the table of coefficients.
func (f *Fit) finish(ctx context.Context, s *solution, opt EngineOptions) error {
	m := f.rows
	var err error
	if f.resp, f.Dispersion, err = m.response(ctx, f.Family, s, opt.Workers); err != nil {
		return err
	}
	var why string
	switch {
	case f.d.rep != nil:
		f.cov, why, err = f.refit(ctx, s, opt)
	case f.Variance == Linearised:
		f.cov, err = f.sandwich(ctx, s, opt)
	default:
		if f.cov, f.df, err = f.smallSampleVariance(ctx, s, opt); err == nil && f.cov == nil {
			why = "the terms almost depend on each other, so the correction for few primary sampling units cannot be made"
		}
	}
	if err != nil {
		return err
	}
	for k, q := 0, len(s.at); k < q && why == ""; k++ {
		if v := f.cov[k*q+k]; v != v {
			why = f.d.noVariance()
		}
	}
	if why != "" {
		f.fail(why)
		return nil
	}
	f.centred = slices.Clone(f.cov)
	coef, nan := m.layout.original(f.beta, f.cov, f.at), math.NaN()
	for i := range f.Coefficients {
		c := &f.Coefficients[i]
		if why := s.aliased[i]; why != "" {
			*c = Coefficient{Name: c.Name, Term: c.Term, Value: nan, SE: nan, T: nan, P: nan, Lo: nan, Hi: nan, DF: nan, NotEstimable: why}
			if f.Family == Binomial {
				c.OddsRatio, c.OddsLo, c.OddsHi = nan, nan, nan
			}
		}
	}
	q := len(f.at)
	for k, col := range f.at {
		c := &f.Coefficients[col]
		c.Value, c.SE, c.DF = coef[k], math.Sqrt(max(0, f.cov[k*q+k])), f.DF
		if f.df != nil {
			c.DF = f.df[k]
		}
		if !(c.DF > 1e-6) {
			*c = Coefficient{Name: c.Name, Term: c.Term, Value: nan, SE: nan, T: nan, P: nan, Lo: nan, Hi: nan, DF: nan,
				NotEstimable: "one primary sampling unit decides it alone, so the correction for few units leaves it no degrees of freedom"}
			if f.Family == Binomial {
				c.OddsRatio, c.OddsLo, c.OddsHi = nan, nan, nan
			}
			continue
		}
		if !(c.SE > 0) { // the outcome is fitted exactly, or the whole population was taken
			c.SE, c.T, c.P = 0, 0, 1
		} else {
			c.T = c.Value / c.SE
			c.P = tTwoSided(c.T, c.DF)
		}
		h := tQuantile(1-(1-f.Confidence)/2, c.DF) * c.SE
		c.Lo, c.Hi = c.Value-h, c.Value+h
		if f.Family == Binomial {
			c.OddsRatio, c.OddsLo, c.OddsHi = finiteExp(c.Value), finiteExp(c.Lo), finiteExp(c.Hi)
		}
	}
	return nil
}

// finiteExp is exp(x), or the largest number where that is more.
func finiteExp(x float64) float64 { return min(math.Exp(x), math.MaxFloat64) }

// checkModel reports what is wrong with a request apart from its columns.
func (d *Design) checkModel(r ModelRequest, faults *fault.List) bool {
	say := func(field, remedy, format string, args ...any) {
		faults.Addf(fault.Invalid, fault.Place{Field: field}, remedy, format, args...)
	}
	if r.Family < Gaussian || r.Family > Binomial {
		say("", "Gaussian or Binomial", "the model has no family")
	}
	if r.Variance > ReducedBias {
		say("", "Linearised, BellMcCaffrey or ReducedBias", "there is no such variance")
	}
	if !(r.Confidence > 0 && r.Confidence < 1) {
		say("", "use a share such as 0.95", "the confidence %v is not between 0 and 1", r.Confidence)
	}
	if d.rep != nil && r.Variance != Linearised {
		say("", "use the replicates' variance", "the correction for few primary sampling units is not made with replicate weights")
	}
	switch {
	case r.Formula == nil || r.Formula.Outcome == "":
		say("formula", "write outcome ~ terms", "the model has no outcome")
	case len(r.Formula.Terms) == 0 && !r.Formula.Intercept:
		say("formula", "name a term", "the model has no term and no constant")
	}
	if r.Data == nil {
		say("", "give columns of the design's rows", "the model has no columns")
	}
	if r.Where != nil && len(r.Where) != d.rows {
		say("where", "use columns of the design's table", "the subset has %d rows and the design has %d", len(r.Where), d.rows)
	}
	return faults.Len() == 0
}
