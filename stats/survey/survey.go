// Package survey estimates means, totals, proportions and ratios from survey
// data with the variance that the sample's design gives them.
//
// A design has weights, strata, any number of cluster stages and finite
// population corrections. Every estimate comes with its standard error by
// Taylor linearisation, its interval, degrees of freedom and design effect; a
// subset is a domain of the full design, never a filtered one. All requested
// estimates are made together, in one pass over each column's codes, and do
// not depend on the number of workers, bit for bit.
//
// The package knows columns (stats/table) and nothing of questionnaires.
package survey
