# Expected values of adjust_test.go: adjustments of p-values for many comparisons.
#
#   Rscript adjust.R > adjust.json
#
# stats::p.adjust(p, method) of base R; NA marks a p-value that could not be
# estimated and takes no part in its family.
library(jsonlite)
set.seed(20161006)
families <- list(
  five   = c(0.01, 0.02, 0.03, 0.04, 0.05),
  ties   = c(0.3, NA, 0.004, 0.04, 1, 0.04, NA, 0),
  one    = 0.03,
  none   = c(NA_real_, NA_real_),
  small  = c(1e-300, 1e-16, 2e-16, 0.5, 0.499999999),
  long   = c(signif(runif(200)^4, 12), rep(0.02, 7), NA)
)
methods <- c("holm", "BH", "BY", "bonferroni")
cases <- lapply(names(families), function(f) {
  p <- families[[f]]
  list(name = f, p = p, adjusted = sapply(methods, function(m) p.adjust(p, m), simplify = FALSE))
})
cat(toJSON(list(made_with = R.version.string, jsonlite = as.character(packageVersion("jsonlite")), cases = cases),
  digits = NA, na = "null", auto_unbox = FALSE, pretty = TRUE), "\n")
