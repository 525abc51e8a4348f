# Reference values for weighting, computed with R's `survey` package on its api data.
# Run by hand:  Rscript weighting.R > weighting.json   (R, survey, jsonlite)
suppressWarnings(suppressMessages({library(survey); library(jsonlite)}))
options(digits = 17)
data(api)
values <- list()
add <- function(name, ...) values[[name]] <<- list(...)
num <- as.numeric

clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
clus2 <- svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = apiclus2)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
bases <- list(clus1 = clus1, clus2 = clus2, strat = strat)

stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
pop <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
tight <- list(maxit = 500, epsilon = 1e-13, verbose = FALSE)

# Everything that goes through row scores or tables, for one weighted design.
all.of <- function(name, d) {
  if (any(weights(d) < 0)) stop(name, " has weights below zero")
  m <- svymean(~api00, d); t <- svytotal(~enroll, d, na.rm = TRUE)
  b <- svyby(~api00, ~awards, d, svymean)
  g <- summary(svyglm(api00 ~ ell + meals, d))
  l <- summary(svyglm(I(sch.wide == "Yes") ~ ell + meals, d, family = quasibinomial()))
  r <- svyratio(~api.stu, ~enroll, d, na.rm = TRUE)
  add(name, sum = sum(weights(d)), range = range(weights(d)),
      mean = num(coef(m)), mean.se = num(SE(m)), total = num(coef(t)), total.se = num(SE(t)),
      by = num(coef(b)), by.se = num(SE(b)), ratio = num(coef(r)), ratio.se = num(SE(r)),
      linear = num(g$coefficients[, 1]), linear.se = num(g$coefficients[, 2]),
      logit = num(l$coefficients[, 1]), logit.se = num(l$coefficients[, 2]))
}
for (n in names(bases)) {
  d <- bases[[n]]
  add1 <- function(kind, w) all.of(paste(n, kind, sep = "."), w)
  add1("post", postStratify(d, ~stype, stype))
  add1("rake", rake(d, list(~stype, ~sch.wide), list(stype, wide), control = tight))
  add1("linear", calibrate(d, ~stype + api99, pop))
  add1("raking", calibrate(d, ~stype + api99, pop, calfun = "raking", epsilon = 1e-13))
  add1("logit", calibrate(d, ~stype + api99, pop, calfun = "logit", bounds = c(0.2, 4), epsilon = 1e-13))
}

# Bounded calibration; bounds row by row and of the weights; constant within
# clusters; variance of the model.
fine <- function(...) calibrate(..., epsilon = 1e-13, maxit = 500)
span <- function(g, s) list(lower = g[1] + s * (1 - g[1]), upper = g[2] - s * (g[2] - 1)) # a share s tighter
for (n in names(bases)) {
  d <- bases[[n]]; k <- seq_len(nrow(d))
  free <- weights(calibrate(d, ~stype + api99, pop)); g <- range(free / weights(d)); b <- unlist(span(g, 0.06))
  add1 <- function(kind, w) all.of(paste(n, kind, sep = "."), w)
  add1("linear.bounded", fine(d, ~stype + api99, pop, bounds = b))
  add1("raking.bounded", fine(d, ~stype + api99, pop, calfun = "raking", bounds = b))
  add1("linear.rows", fine(d, ~stype + api99, pop, bounds = span(g, 0.01 + 0.02 * (k %% 3))))
  limits <- range(free) * c(1.02, 0.98)
  stu <- 1.01 * num(coef(svytotal(~api.stu, calibrate(d, ~api99, pop[c(1, 4)]))))
  add(paste(n, "limits", sep = "."), stu = stu, g = g, bounds = num(b), limits = limits)
  add1("linear.weights", fine(d, ~stype + api99, pop, bounds = limits, bounds.const = TRUE))
  add1("linear.variance", calibrate(d, ~stype + api99, pop, variance = d$variables$api99))
  add1("linear.many", calibrate(d, ~api99 + api.stu, c(`(Intercept)` = 6194, api99 = 3914069, api.stu = stu)))
}
for (n in c("clus1", "clus2")) {
  d <- bases[[n]]
  all.of(paste(n, "linear.clusters", sep = "."), calibrate(d, ~api99, pop[c(1, 4)], aggregate.stage = 1))
  all.of(paste(n, "raking.clusters", sep = "."), fine(d, ~api99, pop[c(1, 4)], calfun = "raking", aggregate.stage = 1))
}

# One weighting after another. Residuals are taken last first: R's list reversed.
for (n in names(bases)) {
  d <- bases[[n]]
  w <- calibrate(postStratify(d, ~sch.wide, wide), ~stype + api99, pop)
  all.of(paste(n, "sequence.as.R", sep = "."), w)
  w$postStrata <- rev(w$postStrata)
  all.of(paste(n, "sequence", sep = "."), w)
}

# Trimming, of weights as they are and of calibrated ones.
for (n in c("clus2", "strat")) {
  d <- bases[[n]]; q <- as.numeric(quantile(weights(d), c(0.1, 0.9), type = 1))
  q <- c(q[1] * 1.1, q[2] * 0.9)
  p <- postStratify(d, ~sch.wide, wide)
  add(paste(n, "trim.limits", sep = "."), limits = q)
  all.of(paste(n, "trim", sep = "."), trimWeights(d, lower = q[1], upper = q[2]))
  all.of(paste(n, "trim.strict", sep = "."), trimWeights(d, upper = q[2], strict = TRUE))
  all.of(paste(n, "trim.post", sep = "."), trimWeights(p, lower = q[1], upper = q[2]))
}

# Non-response cells, by hand: schools of every fifth row did not answer.
for (n in names(bases)) {
  d <- bases[[n]]; v <- d$variables; w <- weights(d)
  r <- seq_len(nrow(v)) %% 5 != 0
  cell <- v$stype
  f <- ave(w, cell, FUN = sum) / ave(w * r, cell, FUN = sum)
  # the variance of a total of z, linearised with the cells' totals estimated
  carried <- function(x) { # x: score of the respondents, weight included
    bar <- ave(x, cell, FUN = sum) / ave(f * w * r, cell, FUN = sum)
    SE(svytotal(~x, update(d, x = (x - (f * r - 1) * w * bar) / w)))
  }
  fw <- f * w * r
  total <- sum(fw * v$api99); mean <- total / sum(fw)
  by <- v$awards == "Yes"; m1 <- sum(fw * by * v$api99) / sum(fw * by)
  fixed <- postStratify(subset(d, r), ~stype, data.frame(stype = levels(factor(cell)), Freq = as.numeric(tapply(w, cell, sum))))
  # and post-stratified to sch.wide afterwards
  g <- ave(fw, v$sch.wide, FUN = sum); g <- ifelse(v$sch.wide == "Yes", 5122, 1072) / g
  w2 <- fw * g; t2 <- sum(w2 * v$api99)
  e2 <- v$api99 - ave(w2 * v$api99, v$sch.wide, FUN = sum) / ave(w2, v$sch.wide, FUN = sum)
  s <- svymean(~api99, fixed)
  add(paste(n, "response", sep = "."), factor = num(tapply(f, cell, mean)), total = total, total.se = num(carried(fw * v$api99)),
      mean = mean, mean.se = num(carried(fw * (v$api99 - mean) / sum(fw))), yes = m1, yes.se = num(carried(fw * by * (v$api99 - m1) / sum(fw * by))),
      fixed = num(coef(s)), fixed.se = num(SE(s)), then = t2, then.se = num(carried(w2 * e2)))
}

# The distribution of weights.
w <- weights(clus2)
add("clus2.spread", spread = c(num(quantile(w, c(0, .25, .5, .75, 1))), sqrt(mean((w - mean(w))^2)) / mean(w), sum(w)^2 / sum(w^2)))

write_json(list(generator = paste("R", getRversion(), "survey", packageVersion("survey")), values = values),
           stdout(), auto_unbox = TRUE, digits = 17, pretty = TRUE)
