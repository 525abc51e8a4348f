# Reference values for inference in stats/survey: contrasts with full covariance,
# quantiles by every rule and interval, variances and correlations, t tests, rank
# tests, chi-squared tests in every form, the sum of chi-squareds.
# Run: Rscript inference.R DATA   (in this folder; Debian: r-cran-survey,
# r-cran-jsonlite). DATA is the folder with apistrat.csv, apiclus1.csv and
# apiclus2.csv: data(api) of the package survey, unchanged. Writes inference.json.
suppressMessages({library(survey); library(jsonlite)})
dir <- commandArgs(TRUE)[1]
read <- function(n) {
  x <- read.csv(file.path(dir, paste0(n, ".csv")))
  for (v in c("stype", "sch.wide", "comp.imp", "awards")) x[[v]] <- factor(x[[v]])
  x$band <- factor(cut(x$meals, c(-1, 25, 50, 75, 101), labels = c("a", "b", "c", "d")))
  x
}
strat <- read("apistrat"); clus1 <- read("apiclus1"); clus2 <- read("apiclus2")
clus1$s <- as.integer(clus1$sch.wide) # for a table of three columns
designs <- list(
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = clus2))
designs$cal <- calibrate(designs$clus1, ~stype + api99, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069))
ans <- list()
put <- function(name, ...) ans[[name]] <<- list(...)
num <- function(v) as.numeric(v)

# svyby has no covariance for calibrated designs: totals of linearised values.
domains <- function(d, vars) {
  if (!inherits(try(r <- svyby(reformulate(vars), ~stype, d, svymean, covmat = TRUE), TRUE), "try-error")) return(r)
  x <- d$variables; w <- weights(d); z <- NULL; m <- NULL
  for (v in vars) for (g in levels(x$stype)) {
    k <- x$stype == g; e <- sum(w[k] * x[[v]][k]) / sum(w[k])
    z <- cbind(z, k * (x[[v]] - e) / sum(w[k])); m[paste0(g, ":", v)] <- e
  }
  attr(m, "var") <- vcov(svytotal(z, d)); class(m) <- "svystat"
  m
}

## Contrasts.
for (n in names(designs)) {
  d <- designs[[n]]
  by <- domains(d, c("api00", "api99"))
  put(paste0(n, ".joint.by"), value = num(coef(by)), cov = num(vcov(by)))
  lin <- svycontrast(by, c(`E:api00` = 1, `H:api00` = -1, `M:api99` = .5))
  put(paste0(n, ".contrast.linear"), value = num(coef(lin)), se = num(SE(lin)))
  for (e in list(
    list("ratio", quote(log(`E:api00` / `M:api00`) - 2 * sqrt(`H:api99`))),
    list("power", quote((`E:api00` / 600)^(`M:api99` / 500) * exp(-`H:api00` / 1000))),
    list("sign", quote(-(`E:api00` - 3)^2 / (1 + `E:api99`))))) {
    k <- svycontrast(by, e[2])
    put(paste0(n, ".contrast.", e[[1]]), value = num(coef(k)), se = num(SE(k)))
  }
  mix <- svymean(~api00 + sch.wide + stype, d)
  put(paste0(n, ".joint.mean"), value = num(coef(mix)), cov = num(vcov(mix)))
  tot <- svytotal(~api00 + api99 + sch.wide, d)
  put(paste0(n, ".joint.total"), value = num(coef(tot)), cov = num(vcov(tot)))
  rat <- svyratio(~api00 + api99, ~pcttest, d, na.rm = TRUE, covmat = TRUE)
  put(paste0(n, ".joint.ratio"), value = num(coef(rat)), cov = num(vcov(rat)))
}

write_json(list(made = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")), script = "inference.R"), values = ans),
  "inference.json", auto_unbox = TRUE, digits = I(17), na = "null", pretty = FALSE)
