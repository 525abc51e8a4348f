// Package impute fills missing answers several times over by chained equations
// and combines what is estimated from the completed files by Rubin's rules.
//
// Each variable with missing answers has a model given all others; the
// variables take turns, each with a draw of its model's parameters and then of
// its missing values, for some iterations. Several such chains give several
// completed files, whose differences say what the missing answers cost. The
// result names every variable, its model, and how many values were made up:
// nothing is filled in silently. Questions that were not asked, or do not apply,
// stay missing unless they are asked for.
//
// Imputation models are not weighted; weights and strata belong among their
// predictors. Chains have generators of their own, seeded by the seed and their
// number, so that results are the same bit for bit for any number of workers.
//
// Sources: van Buuren and Groothuis-Oudshoorn (2011), Journal of Statistical
// Software 45(3); Rubin (1987), Multiple Imputation for Nonresponse in Surveys.
//
// The package knows columns (stats/table) and vectors of estimates
// (stats/survey), and nothing of questionnaires or files.
package impute

import (
	"context"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"

	"waymark/stats/table"
)

// Method is the model by which a variable's missing values are drawn.
type Method uint8

// The methods. Automatic is Matching for numbers, Logistic for booleans and
// categories of two levels, Ordered where the levels are, Multinomial for other
// categories, and Matching for categories too large for it.
const (
	Automatic   Method = iota
	Matching           // predictive mean matching: the value of a row with a like prediction
	Normal             // Bayesian linear regression, for numbers; values need not occur in the file
	Logistic           // Bayesian logistic regression, two levels
	Multinomial        // Bayesian multinomial logistic regression
	Ordered            // Bayesian proportional odds, for ordered levels
)

var methodNames = [...]string{"automatic", "predictive mean matching", "normal linear regression", "logistic regression", "multinomial logistic regression", "proportional odds regression"}

// String returns the method in words.
func (m Method) String() string {
	if int(m) < len(methodNames) {
		return methodNames[m]
	}
	return "unknown"
}

// Variable is a column that takes part: filled where it has missing answers,
// and a predictor of others. Numbers, categories and booleans can.
type Variable struct {
	Column table.Column // Required
	// Method. Default Automatic.
	Method Method
	// Ordered says that a category's levels have an order. Default false.
	Ordered bool
	// Predictors are names of other columns. Default: all others.
	Predictors []string
	// Keep leaves the column as it is, a predictor only. Then it must have a value
	// in every row, or gaps that are not filled. Default false.
	Keep bool
	// Reasons are those for which a missing value is filled. Default: blank,
	// refused, don't know and unreadable. Rows with other reasons stay missing and
	// count as a group of their own where the column predicts others.
	Reasons []table.Missing
	// Donors are the rows with the nearest predictions among which Matching
	// draws. Default 5.
	Donors int
}

// Options say how often to fill in.
type Options struct {
	M          int    // completed files, at least 2. Default 20.
	Iterations int    // of each chain. Default 10.
	Seed       uint64 // Required for another result than that of seed 0
	Workers    int    // Default: the processors
	// Include marks the rows that take part. Default: all.
	Include []bool
}

// The limits of a request.
const (
	maxImputations = 1000
	maxIterations  = 1000
	maxVariables   = 500
	maxColumns     = 1000 // of a model
	maxLevels      = 1000 // of a category that is filled
	maxIndicators  = 100  // levels of a category that predicts
)

// Imputed says what was done to a variable.
type Imputed struct {
	Name   string `json:"name"`
	Method string `json:"method"` // in words; empty if nothing was filled
	// Observed rows have a value, Filled ones were missing and were given one,
	// Left ones were missing for a reason that is not filled.
	Observed   int      `json:"observed"`
	Filled     int      `json:"filled"`
	Left       int      `json:"left"`
	Predictors []string `json:"predictors,omitempty"`
	// Dropped predictors have one value only where the variable is observed.
	Dropped []string `json:"dropped,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// Trace is how the filled values of a variable went: their mean and standard
// deviation by chain and iteration. Those of a category are of the positions of
// its levels, counted from 0.
type Trace struct {
	Name string      `json:"name"`
	Mean [][]float64 `json:"mean"` // [chain][iteration]
	SD   [][]float64 `json:"sd"`
	// Mixing is the potential scale reduction of the means over the second half
	// of the iterations: near 1 if chains agree; 0 if it has no meaning.
	// Source: Gelman and Rubin (1992), Statistical Science 7.
	Mixing float64 `json:"mixing"`
}

// Result is the completed files.
type Result struct {
	M, Iterations int
	Seed          uint64
	Variables     []Imputed // in the order in which they were given
	Traces        []Trace   // of the variables that were filled, in the order of their turns
	work          *work
	filled        [][][]float64 // [variable][file][missing row]
}

// Fill fills the missing answers of variables.
//
// Predictors enter models as standardised numbers and indicators of levels;
// those with one value are dropped and named. Numbers are matched among the
// rows whose prediction is nearest, ties at random; categories too large for a
// multinomial model are matched by the scores of their first canonical
// variates. Regressions have a ridge of 1e-5 of their diagonal,
// logistic models a normal prior of precision 0.01 on standardised
// coefficients, so that separation does no harm.
//
// It fails, naming the columns, if there is nothing to learn from, if a kept
// predictor has gaps to be filled, and for limits and names that are wrong.
func Fill(ctx context.Context, variables []Variable, opt Options) (*Result, error) {
	if opt.M == 0 {
		opt.M = 20
	}
	if opt.Iterations == 0 {
		opt.Iterations = 10
	}
	w, err := newWork(variables, opt)
	if err != nil {
		return nil, err
	}
	r := &Result{M: opt.M, Iterations: opt.Iterations, Seed: opt.Seed, work: w, filled: make([][][]float64, len(w.vars))}
	for v := range r.filled {
		r.filled[v] = make([][]float64, opt.M)
	}
	chains := make([]*chain, opt.M)
	g, inner := errgroup.WithContext(ctx)
	if g.SetLimit(opt.Workers); opt.Workers <= 0 {
		g.SetLimit(runtime.GOMAXPROCS(0))
	}
	for k := range chains {
		g.Go(func() error {
			c := newChain(w, rand.New(rand.NewPCG(opt.Seed, uint64(k)+1)))
			for range opt.Iterations {
				if err := c.iterate(inner); err != nil {
					return err
				}
			}
			for v := range w.vars {
				r.filled[v][k] = c.values(v)
			}
			c.release()
			chains[k] = c
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, v := range w.turns {
		t := Trace{Name: w.vars[v].name}
		for _, c := range chains {
			t.Mean, t.SD = append(t.Mean, c.mean[v]), append(t.SD, c.sd[v])
		}
		t.Mixing = mixing(t.Mean)
		r.Traces = append(r.Traces, t)
	}
	for v := range w.vars {
		r.Variables = append(r.Variables, w.vars[v].report)
	}
	return r, nil
}
