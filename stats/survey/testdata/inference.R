# Reference values for inference in stats/survey: contrasts with full covariance,
# quantiles by every rule and interval, variances and correlations, t tests, rank
# tests, chi-squared tests in every form, the sum of chi-squareds.
# Run: Rscript inference.R DATA [SECTION...]   (in this folder; Debian:
# r-cran-survey, r-cran-jsonlite). DATA is the folder with apistrat.csv,
# apiclus1.csv and apiclus2.csv: data(api) of the package survey, unchanged.
# Writes inference.json; with sections named, only theirs are made anew.
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
only <- commandArgs(TRUE)[-1]
section <- function(name) length(only) == 0 || name %in% only
ans <- if (length(only)) fromJSON("inference.json", simplifyDataFrame = FALSE)$values else list()
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
if (section("contrast")) for (n in names(designs)) {
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

## Quantiles: per p the value, limits and standard error; -1 for NaN.
fin <- function(v) ifelse(is.finite(v), v, -1)
rules <- c("math", "school", "shahvaish", paste0("hf", 1:9))
# R's hf4 draws the first line on below the first value: held there. Its rule of Shah and Vaish takes half of a weight that is not scaled to a mean
# of 1, so that it changes with the unit of the weights: scaled here.
rule <- function(n) switch(n, shahvaish = function(x, w, p) { k <- w > 0; survey:::qrule_shahvaish(x[k], (w / mean(w[k]))[k], p) },
  hf4 = function(x, w, p) max(min(x[w > 0]), survey:::qrule_hf4(x, w, p)), n)
# R's score interval turns the unweighted share below a limit into a value: the
# weighted one here.
score <- function(x, d, p, q, df) {
  n <- d$variables[[x]]; w <- weights(d); k <- w > 0; n <- n[k]; w <- w[k]; i <- IQR(n)
  f <- if (is.function(q)) q else get(paste0("qrule_", q), asNamespace("survey"))
  side <- function(z) uniroot(function(t) { m <- svymean(as.numeric(d$variables[[x]] > t) - (1 - p), d); coef(m) / SE(m) - z },
    range(n) + c(1, -1) * i / 100, tol = 1 / (100 * sqrt(length(n))))$root
  at <- function(z) f(n, w, sum(w[n <= side(z)]) / sum(w))
  l <- c(at(qt(.975, df)), at(qt(.025, df)))
  c(f(n, w, p), l, diff(l) / (2 * qt(.975, df)))
}
ps <- c(.1, .5, .85)
if (section("quantile")) for (n in names(designs)) for (g in c("all", "E")) for (r in rules) for (i in c("mean", "beta", "xlogit", "asin", "score")) {
  if (n == "cal" && g == "E" && i == "beta") next # R counts the rows of other domains there
  d <- designs[[n]]; if (g == "E") d <- subset(d, stype == "E")
  q <- if (i == "score") lapply(ps, function(p) score("api00", d, p, rule(r), degf(d)))
       else lapply(ps, function(p) svyquantile(~api00, d, p, interval.type = i, qrule = rule(r))$api00)
  put(paste(n, "quantile", g, r, i, sep = "."), q = fin(num(unlist(q))))
}
if (section("quantile")) {
put("clus1.quantile.own.score", q = num(svyquantile(~api00, designs$clus1, ps[2], interval.type = "score")$api00))
put("strat.quantile.missing", q = num(svyquantile(~target, designs$strat, .5, na.rm = TRUE, alpha = .1, df = 20)$target))
put("strat.quantile.normal", q = num(svyquantile(~target, designs$strat, .5, na.rm = TRUE, df = Inf)$target))}

## Variances and covariances; R's covariance of them takes the means as known.
if (section("moment")) for (n in names(designs)) for (g in c("all", "E")) {
  d <- designs[[n]]; if (g == "E") d <- subset(d, stype == "E")
  v <- svyvar(~api00, d); put(paste(n, "moment.one", g, sep = "."), value = num(v), se = num(SE(v)))
  v <- svyvar(~api00 + meals + ell, d); V <- attr(v, "var"); m <- as.matrix(v)
  i <- c(1, 2, 5, 3, 6, 9) # lower triangle by row: aa ba bb ca cb cc
  put(paste(n, "moment.matrix", g, sep = "."), value = num(m)[i], cov = num(V[i, i]))
  f <- num(m)[c(1, 2, 5)]; names(f) <- c("va", "vab", "vb"); attr(f, "var") <- V[c(1, 2, 5), c(1, 2, 5)]
  class(f) <- "svystat"; dimnames(attr(f, "var")) <- list(names(f), names(f))
  k <- svycontrast(f, list(r = quote(vab / sqrt(va * vb))))
  put(paste(n, "moment.correlation", g, sep = "."), value = num(coef(k)), se = num(SE(k)), ci = num(coef(k)) + c(-1, 1) * qnorm(.975) * num(SE(k)))
}

## t tests and rank tests.
if (section("test")) for (n in names(designs)) for (g in c("all", "E")) {
  d <- designs[[n]]; if (g == "E") d <- subset(d, stype == "E")
  tt <- function(name, h) put(paste(n, "ttest", name, g, sep = "."), t = num(h$statistic), df = num(h$parameter), p = num(h$p.value), estimate = num(h$estimate), ci = num(h$conf.int))
  tt("one", svyttest(I(api00 - 650) ~ 0, d))
  tt("paired", svyttest(I(api00 - api99) ~ 0, d))
  tt("two", svyttest(api00 ~ comp.imp, d))
  if (n != "cal") tt("missing", svyttest(target ~ comp.imp, d))
  if (n == "cal" && g == "E") next # R ranks the rows of other domains as well there
  for (k in c("wilcoxon", "vanderWaerden", "median", "KruskalWallis")) {
    h <- svyranktest(api00 ~ comp.imp, d, test = k)
    put(paste(n, "rank.two", k, g, sep = "."), t = num(h$statistic), df = num(h$parameter), p = num(h$p.value), estimate = num(h$estimate))
    h <- svyranktest(meals ~ band2, update(d, band2 = factor(findInterval(ell, c(10, 30)))), test = k)
    put(paste(n, "rank.many", k, g, sep = "."), chisq = num(h$parameter), ndf = num(h$statistic), ddf = num(h$ddf), p = num(h$p.value))
  }
}

## Tests of independence. R has the linear combination by CompQuadForm, which
# Debian does not have, and its saddlepoint rounds the denominator's degrees of
# freedom down: both are made here from the eigenvalues, without rounding.
imhof <- function(l, h) { # P(sum l chi(h) > 0), Imhof (1961)
  f <- function(u) sapply(u, function(u) sin(sum(h * atan(l * u)) / 2) / (u * exp(sum(h * log1p((l * u)^2)) / 4)))
  .5 + (integrate(f, 0, 1, rel.tol = 1e-11, subdivisions = 5000)$value + integrate(f, 1, 20, rel.tol = 1e-11, subdivisions = 5000)$value +
    integrate(f, 20, Inf, rel.tol = 1e-9, abs.tol = 1e-13, subdivisions = 50000)$value) / pi
}
ruben <- function(x, l, h) { # the same for l > 0 by a series of chi-squareds, Ruben (1962)
  b <- min(l); n <- 4000; g <- sapply(1:n, function(k) sum(h * (1 - b / l)^k) / 2)
  k <- prod((b / l)^(h / 2)); for (i in 1:n) k[i + 1] <- sum(g[i:1] * k[1:i]) / i
  sum(k * pchisq(x / b, sum(h) + 2 * (0:n), lower.tail = FALSE)) + (1 - sum(k))
}
saddle <- function(x, l, h) { # as survey:::saddle, with degrees of freedom
  k0 <- function(z) -sum(h * log(1 - 2 * z * l)) / 2
  hi <- min(1 / (2 * l[l > 0])); lo <- if (any(l < 0)) max(1 / (2 * l[l < 0])) else -sum(h) / (2 * x) * 1.001
  z <- uniroot(function(z) sum(h * l / (1 - 2 * z * l)) - x, c(lo, hi) * (1 - 1e-9), tol = 1e-15)$root
  w <- sign(z) * sqrt(2 * (z * x - k0(z))); v <- z * sqrt(2 * sum(h * l^2 / (1 - 2 * z * l)^2))
  pnorm(w + log(v / w) / w, lower.tail = FALSE)
}
if (section("chisq")) for (n in names(designs)) for (g in c("all", "E")) {
  if (n == "cal" && g == "E") next # R counts the rows of other domains there
  d <- designs[[n]]; if (g == "E") d <- subset(d, stype == "E")
  for (s in c("F", "Chisq", "Wald", "adjWald")) for (f in list(list("two", ~comp.imp + awards), list("band", ~comp.imp + band))) {
    h <- suppressWarnings(svychisq(f[[2]], d, statistic = s))
    put(paste(n, "chisq", f[[1]], s, g, sep = "."), statistic = num(h$statistic), df = num(h$parameter), p = num(h$p.value))
  }
  x <- d$variables; x$cell <- interaction(factor(x$comp.imp), factor(x$band))
  m <- svymean(~cell, update(d, cell = x$cell)); p <- num(coef(m)); grid <- expand.grid(r = factor(1:2), c = factor(1:nlevels(factor(x$band))))
  C <- qr.resid(qr(model.matrix(~r + c, grid)), model.matrix(~r * c, grid)[, -(1:(1 + nlevels(grid$c))), drop = FALSE])
  i <- diag(ifelse(p == 0, 0, 1 / p)); D <- solve(t(C) %*% (i / nrow(x)) %*% C, t(C) %*% i %*% vcov(m) %*% i %*% C)
  l <- Re(eigen(D, only.values = TRUE)$values); h <- suppressWarnings(svychisq(~comp.imp + band, d, statistic = "saddlepoint"))
  X <- num(h$statistic); nu <- degf(d); ddf <- sum(diag(D))^2 / sum(diag(D %*% D)) * nu
  put(paste(n, "chisq.saddlepoint", g, sep = "."), statistic = X, p = saddle(0, c(l, -X / ddf), c(rep(1, length(l)), ddf)))
  put(paste(n, "chisq.lincom", g, sep = "."), statistic = X, p = imhof(c(l, -X / ddf), c(rep(1, length(l)), ddf)))
  if (g == "all") {
    e <- c(.7, .1, .2); h <- suppressWarnings(svygofchisq(~stype, e, d)); k <- c(.3, .2, .3, .2); b <- svygofchisq(~band, k, d)
    if (!n %in% c("cal", "strat")) put(paste(n, "gof.stype", sep = "."), statistic = num(h$statistic), p = num(h$p.value), scale = num(h$parameter))
    put(paste(n, "gof.band", sep = "."), statistic = num(b$statistic), p = num(b$p.value), scale = num(b$parameter))
  }
}
if (section("sum")) {
  sums <- list(one = list(c(5, 2, 1, .3), c(1, 1, 1, 1)), df = list(c(4, 1, .1), c(2, 3, 10)), many = list(1 / (1:20), rep(1, 20)), tiny = list(c(1e-3, 2e-3), c(3, 1)))
  for (n in names(sums)) { a <- sums[[n]][[1]]; h <- sums[[n]][[2]]; x <- sum(a * h) * c(.2, .8, 1.5, 3, 6)
    for (m in c("satterthwaite", "saddlepoint")) put(paste("x.sum", n, m, sep = "."), p = sapply(x, function(x) pchisqsum(x, h, a, lower.tail = FALSE, method = m)))
    put(paste("x.sum", n, "integration", sep = "."), p = sapply(x, function(x) ruben(x, a, h))) }
}

## Comparisons and trends, calibrated designs among them.
if (section("compare")) for (n in names(designs)) {
  d <- designs[[n]]; x <- d$variables; w <- weights(d); y <- as.numeric(x$comp.imp == "Yes"); m <- NULL; z <- NULL
  for (g in c("H", "E")) { k <- x$stype == g; p <- sum(w[k] * y[k]) / sum(w[k]); m[paste0("p", g)] <- p; z <- cbind(z, k * (y - p) / sum(w[k])) }
  attr(m, "var") <- vcov(svytotal(z, d)); dimnames(attr(m, "var")) <- list(names(m), names(m)); class(m) <- "svystat"
  for (e in list(list("ratio", quote(log(pH / pE))), list("difference", quote(pH - pE)), list("odds", quote(log(pH / (1 - pH)) - log(pE / (1 - pE)))))) {
    k <- svycontrast(m, e[2]); put(paste(n, "compare", e[[1]], sep = "."), value = num(coef(k)), se = num(SE(k)), ci = num(coef(k)) + c(-1, 1) * qt(.975, degf(subset(designs[[sub("cal", "clus1", n)]], stype != "M"))) * num(SE(k)))
  }
  s <- as.integer(x$band); h <- svyglm(I(comp.imp == "Yes") ~ as.integer(band), d, family = quasibinomial, epsilon = 1e-14, maxit = 100)
  u <- svytotal((y - sum(w * y) / sum(w)) * (s - sum(w * s) / sum(w)), d)
  put(paste(n, "trend", sep = "."), slope = num(coef(h)[2]), se = num(SE(h)[2]), df = degf(d), f = num(coef(u))^2 / num(vcov(u)))
}

## Contrasts of coefficients.
if (section("glm")) for (n in names(designs)) {
  h <- svyglm(api00 ~ ell + meals, designs[[n]]); a <- svycontrast(h, c(ell = 1, meals = -1)); b <- svycontrast(h, quote(ell / meals + log(`(Intercept)`)))
  put(paste(n, "glm", sep = "."), value = c(num(coef(a)), num(coef(b))), se = c(num(SE(a)), num(SE(b))))
}

write_json(list(made = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")), script = "inference.R"), values = ans),
  "inference.json", auto_unbox = TRUE, digits = I(17), na = "null", pretty = FALSE)
