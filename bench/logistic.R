# The peer's time for a logistic regression of 20 coefficients with the variance
# of a design, by R's package survey on one CSV file.
#
# Run: Rscript bench/logistic.R FILE.csv
# Needs: Debian r-cran-survey. The file is that of `go run ./bench/logistic -make
# 1000000 FILE.csv`, which is synthetic. About a minute and some GB of memory.
#
# Prints seconds, of the clock and of the processor, for reading, for the design and for the fit, the coefficients
# with their standard errors, and the peak of memory.
suppressMessages(library(survey))
file <- commandArgs(TRUE)[1]
if (is.na(file)) stop("give the CSV file")
timed <- function(what, code) {
  t <- system.time(value <- code)
  cat(sprintf("%-40s %8.2f s, processor %8.2f s\n", what, t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]))
  invisible(value)
}
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
x <- timed("read", read.csv(file, stringsAsFactors = TRUE))
cat(nrow(x), "rows\n")
d <- timed("design", svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = x))
g <- timed("logistic regression", svyglm(held ~ route + sex + age_group + region + x1 + x2 + x3 + x4 + x5 + x6 + x7, d, family = quasibinomial()))
cat(g$iter, "iterations\n")
v <- sqrt(diag(vcov(g)))
cat(sprintf("%-16s %.12g %.12g\n", names(coef(g)), coef(g), v), sep = "")
status <- tryCatch(grep("VmHWM", readLines("/proc/self/status"), value = TRUE), error = function(e) "")
cat(status, "\n")
