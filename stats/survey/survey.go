// Package survey estimates means, totals, proportions and ratios from survey
// data with the variance that the sample's design gives them, tests and compares
// them, and fits linear and logistic models. Start with New and Design.Run; the
// examples have the figures that the documentation of R's survey opens with.
//
// A design (New) has weights, strata, any number of cluster stages and finite
// population corrections. Every estimate comes with its standard error by
// Taylor linearisation, its interval, degrees of freedom and design effect; a
// subset is a domain of the full design, never a filtered one. All that is
// asked in one Query (Design.Run) is made together: the columns of a grouping
// are numbered once, each variable is scanned once a grouping, and estimates,
// comparisons, trends and tests follow from its sums. No result depends on the
// number of workers, bit for bit: work is cut by variable or by fixed
// numbers of rows, never by worker.
//
// Rows that come in pieces, or on several machines, are added up by an
// Accumulator, whose sums do not round: the estimates are the same to the last
// bit however the rows were divided.
//
// Weights can be adjusted to outside totals (Design.Rake, Design.PostStratify,
// Design.Calibrate), to those who did not answer (Design.Nonresponse) and to
// bounds (Design.Trim), one after another; the result is a design like any
// other, and its variances are those of residuals. Diagnose says what came of
// the weights.
//
// What else is asked has calls of its own: Quantiles by every rule and interval
// of R, Moments (variances, covariances, correlations), TTests, RankTests,
// FitTests, regressions (Fit). Any mix of estimates comes with its full
// covariance from Joint, and Vector makes contrasts of it: Linear, and
// Expression for arithmetic with exact derivatives.
//
// Samples drawn with unequal probabilities have them in Spec.PPS, with the
// variances of Brewer, Horvitz and Thompson, Yates and Grundy. Replicate weights
// are given in columns (NewReplicates) or made from a design (Design.Replicate);
// the result is a design like any other, whose variances are those of the
// replicates, and Replicates.Statistic takes any function of the weights.
// Survival curves are left out, and two-phase designs: a Spec has no place for them, and weights of
// a second phase given as if they were of one phase have a variance that is too
// small.
//
// # Where it differs from R's survey
//
// Expected values in tests come from R 4.2.2 with survey 4.1.1. On purpose it
// differs in these:
//   - At a proportion of exactly 0 or 1 the interval is Clopper-Pearson on the
//     unweighted count, for every method.
//   - Rows of weight zero do not count in the n of the Beta and Likelihood
//     intervals. R counts them.
//   - An FPC without weights leaves weights at 1; R makes weights of it.
//   - FPC columns hold sizes or fractions stage by stage; R decides for all
//     stages at once. An FPC that varies within a stratum is an error, not a
//     warning. With fewer FPC columns than stages, the first stage without one
//     counts as sampled with replacement and later ones add nothing.
//   - A quantile below the first value's weight is the first value; R gives the
//     second. Sums that tie but for rounding are ties. The rule of Shah and
//     Vaish scales weights to a mean of 1, and the score interval turns weighted
//     shares into values.
//   - Rows of other domains count nowhere under a calibrated design.
//   - A stratum of which a domain has a single PSU is no lonely stratum: its other
//     PSUs count as zeros, as under R's default survey.adjust.domain.lonely.
//   - A replicate without a value makes the estimate NotEstimable, unless such
//     replicates are discarded, as R does.
//   - Under Yates-Grundy all pairs of PSUs count in a domain; R drops those
//     outside it.
//   - A number that the data do not support is marked NotEstimable with the
//     reason, where R gives NaN, an infinite interval or an error.
//   - The design effect compares with sampling with replacement unless the
//     design has an FPC (see DeffBase); R's default is without.
//
// The package knows columns (stats/table) and nothing of questionnaires.
package survey
