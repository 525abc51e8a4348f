# Reference values for stats/survey beyond ../shared/oracles: domains, zero
# weights, missing answers, two stages, comparisons, trends, raking.
# Run: Rscript make.R   (in this folder; Debian: r-cran-survey, r-cran-jsonlite)
# Writes sample.csv (synthetic, seed 2016) and reference.json.
suppressMessages({library(survey); library(jsonlite)})
set.seed(2016)
psus <- expand.grid(p = 1:6, stratum = c("north", "south", "west"))
psus$psu <- paste0("p", seq_len(nrow(psus)))
psus$u <- rnorm(nrow(psus), 0, .7)
x <- psus[rep(seq_len(nrow(psus)), sample(14:24, nrow(psus), TRUE)), ]
n <- nrow(x)
x$ssu <- paste0("s", 1 + (seq_len(n) %% 4))
x$route <- ifelse(runif(n) < plogis(x$u), "CMR", "EMR")
x$sex <- sample(c("female", "male"), n, TRUE, c(.3, .7))
x$transit <- pmin(4, rpois(n, ifelse(x$route == "CMR", 2.2, 1.2)))
x$yes <- rbinom(n, 1, plogis(-1.6 + .45 * x$transit + .8 * (x$route == "CMR") + x$u))
x$yes[runif(n) < .06] <- NA
x$age <- round(14 + rgamma(n, 3, .2), 1)
x$age[runif(n) < .05] <- NA
x$cost <- round(500 * exp(rnorm(n)), 2)
x$weight <- round(runif(n, 20, 90), 3)
x$zero <- x$weight; x$zero[sample(n, 25)] <- 0
x$fpc1 <- c(north = 40, south = 25, west = 60)[as.character(x$stratum)]
x$fpc2 <- 9
x$local <- paste0("c", x$p) # PSU codes that are unique within their stratum only
x <- x[sample(n), ] # in no order
x <- x[, c("stratum", "psu", "local", "ssu", "route", "sex", "transit", "yes", "age", "cost", "weight", "zero", "fpc1", "fpc2")]
write.csv(x, "sample.csv", row.names = FALSE, na = "", quote = FALSE)
ans <- list()
put <- function(name, ...) ans[[name]] <<- list(...)
num <- function(v) as.numeric(v)
designs <- list(
  one  = svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = x),
  zero = svydesign(id = ~psu, strata = ~stratum, weights = ~zero, data = x),
  two  = svydesign(id = ~psu + ssu, strata = ~stratum, weights = ~weight, fpc = ~fpc1 + fpc2, data = x),
  nest = svydesign(id = ~local, strata = ~stratum, weights = ~weight, data = x, nest = TRUE),
  rows = svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = x),
  plain = svydesign(id = ~1, weights = ~1, data = x))
for (n in names(designs)) {
  d <- designs[[n]]
  for (r in c("CMR", "EMR")) {
    s <- subset(d, route == r & !is.na(yes))
    for (m in c("logit", "beta", "likelihood", "asin", "xlogit", "mean")) {
      if (n == "zero" && m %in% c("beta", "likelihood")) next # R counts rows of weight zero in n there
      q <- svyciprop(~I(yes == 1), s, method = m)
      put(paste(n, "proportion", r, m, sep = "."), estimate = num(q), ci = num(attr(q, "ci")), df = degf(s))
    }
    p <- svymean(~yes, s, deff = TRUE); v <- num(vcov(p)); k <- num(coef(p)); df <- degf(s)
    z <- qt(.975, df); ne <- k * (1 - k) / v
    w <- (k + z^2 / (2 * ne) + c(-1, 1) * z * sqrt(k * (1 - k) / ne + z^2 / (4 * ne^2))) / (1 + z^2 / ne)
    put(paste(n, "proportion", r, "wilson", sep = "."), estimate = k, ci = w, df = df)
    put(paste(n, "deff", r, sep = "."), se = sqrt(v), without = num(deff(p)), with = num(deff(svymean(~yes, s, deff = "replace"))))
    a <- subset(d, route == r)
    m <- svymean(~age, a, na.rm = TRUE, deff = "replace"); t <- svytotal(~cost, a, deff = "replace"); rr <- svyratio(~cost, ~age, a, na.rm = TRUE)
    put(paste(n, "mean", r, sep = "."), estimate = num(coef(m)), se = num(SE(m)), deff = num(deff(m)))
    put(paste(n, "total", r, sep = "."), estimate = num(coef(t)), se = num(SE(t)), deff = num(deff(t)))
    put(paste(n, "ratio", r, sep = "."), estimate = num(coef(rr)), se = num(SE(rr)))
    for (st in c("F", "Chisq")) {
      i <- svychisq(~yes + sex, s, statistic = st)
      put(paste(n, "independence", r, st, sep = "."), statistic = num(i$statistic), df = num(i$parameter), p = num(i$p.value))
    }
  }
  ok <- subset(d, !is.na(yes))
  b <- svyby(~yes, ~route, ok, svymean, covmat = TRUE)
  lr <- svycontrast(b, quote(log(CMR / EMR))); rd <- svycontrast(b, quote(CMR - EMR)); q <- qt(.975, degf(ok))
  put(paste(n, "riskratio", sep = "."), estimate = exp(num(coef(lr))), logse = num(SE(lr)), ci = exp(num(coef(lr)) + c(-1, 1) * q * num(SE(lr))))
  put(paste(n, "riskdifference", sep = "."), estimate = num(coef(rd)), se = num(SE(rd)), ci = num(coef(rd)) + c(-1, 1) * q * num(SE(rd)))
  ct <- list(epsilon = 1e-14, maxit = 50)
  g <- svyglm(yes ~ I(route == "CMR"), ok, family = quasibinomial(), control = ct)
  put(paste(n, "oddsratio", sep = "."), estimate = exp(num(coef(g)[2])), logse = num(SE(g)[2]))
  for (r in c("all", "CMR")) {
    s <- if (r == "all") ok else subset(ok, route == r)
    g <- svyglm(yes ~ transit, s, family = quasibinomial(), control = ct)
    ci <- exp(num(confint(g, 2, ddf = degf(s) - 1)))
    w <- weights(s); y <- s$variables$yes; tr <- s$variables$transit
    s <- update(s, u = (yes - sum(w * y) / sum(w)) * (transit - sum(w * tr) / sum(w)))
    u <- svytotal(~u, s); f <- num(coef(u))^2 / num(vcov(u))
    put(paste(n, "trend", r, sep = "."), oddsratio = exp(num(coef(g)[2])), logse = num(SE(g)[2]), ci = ci, statistic = f, df = degf(s), p = pf(f, 1, degf(s), lower.tail = FALSE))
  }
}
tb <- table(x$transit, x$yes)
pt <- prop.trend.test(tb[, 2], rowSums(tb), score = 0:4)
put("plain.armitage", statistic = num(pt$statistic), p = num(pt$p.value))
for (k in list(c(0, 10), c(3, 17), c(50, 8475), c(40, 40), c(29, 58)))
  put(paste("count", k[1], k[2], sep = "."), wilson = num(prop.test(k[1], k[2], correct = FALSE)$conf.int), exact = num(binom.test(k[1], k[2])$conf.int),
      jeffreys = c(if (k[1] == 0) 0 else qbeta(.025, k[1] + .5, k[2] - k[1] + .5), if (k[1] == k[2]) 1 else qbeta(.975, k[1] + .5, k[2] - k[1] + .5)))
# raking to sex, and to transit within route, with unequal base weights
x$cross <- interaction(x$route, x$transit > 1, sep = "/"); x$late <- ifelse(x$transit > 1, "late", "early")
d <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = x)
target <- c("CMR/FALSE" = 1500, "EMR/FALSE" = 6000, "CMR/TRUE" = 5000, "EMR/TRUE" = 4500)
pc <- data.frame(cross = names(target), Freq = num(target)); psx <- data.frame(sex = c("female", "male"), Freq = c(6000, 11000))
dr <- rake(d, list(~sex, ~cross), list(psx, pc), control = list(maxit = 500, epsilon = 1e-13))
dp <- postStratify(d, ~cross, pc)
for (n in c("rake", "post")) {
  e <- if (n == "rake") dr else dp
  for (r in c("CMR", "EMR")) {
    s <- subset(e, route == r); m <- svymean(~yes, s, na.rm = TRUE); a <- svymean(~age, s, na.rm = TRUE)
    t <- svytotal(~cost, subset(e, route == r))
    put(paste(n, "yes", r, sep = "."), estimate = num(coef(m)), se = num(SE(m)))
    put(paste(n, "age", r, sep = "."), estimate = num(coef(a)), se = num(SE(a)))
    put(paste(n, "cost", r, sep = "."), estimate = num(coef(t)), se = num(SE(t)))
  }
  w <- weights(e)
  put(paste(n, "weights", sep = "."), sum = sum(w), min = min(w), max = max(w), deff = length(w) * sum(w^2) / sum(w)^2)
}
# the same where every row is its own PSU
d <- svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = x)
dr <- rake(d, list(~sex, ~late), list(psx, data.frame(late = c("early", "late"), Freq = c(7500, 9500))), control = list(maxit = 500, epsilon = 1e-13))
m <- svymean(~yes, dr, na.rm = TRUE)
put("rake.rows", estimate = num(coef(m)), se = num(SE(m)))
# quantiles, models, jackknife and calibration, with missing answers
for (n in c("one", "two", "rows")) {
  d <- designs[[n]]
  for (r in c("CMR", "EMR")) {
    q <- svyquantile(~age, subset(d, route == r & !is.na(age)), c(.1, .5, .9), interval.type = "mean", qrule = "math")$age
    put(paste(n, "quantile", r, sep = "."), estimate = num(q[, 1]), lo = num(q[, 2]), hi = num(q[, 3]), se = num(q[, 4]))
  }
  for (g in list(svyglm(age ~ cost + route, d), svyglm(yes ~ age + sex, d, family = quasibinomial()))) {
    k <- summary(g)$coefficients
    put(paste(n, if (k[1, 1] > 5) "linear" else "logit", sep = "."), estimate = num(k[, 1]), se = num(k[, 2]), p = num(k[, 4]), df = g$df.residual)
  }
}
jk <- as.svrepdesign(designs$one, type = "JKn")
for (r in c("CMR", "EMR")) {
  m <- svymean(~yes, subset(jk, route == r), na.rm = TRUE); rr <- svyratio(~cost, ~age, subset(jk, route == r), na.rm = TRUE)
  put(paste("jkn", r, sep = "."), mean = num(SE(m)), ratio = num(SE(rr)))
}
pop <- c(`(Intercept)` = 17000, sexmale = 11500, cost = 1.4e7)
for (f in c("linear", "raking", "logit")) {
  e <- if (f == "logit") calibrate(designs$one, ~sex + cost, pop, calfun = f, bounds = c(.4, 3), epsilon = 1e-12) else calibrate(designs$one, ~sex + cost, pop, calfun = f, epsilon = 1e-12)
  m <- svymean(~yes, subset(e, route == "CMR"), na.rm = TRUE); t <- svytotal(~age, e, na.rm = TRUE)
  g <- weights(e) / weights(designs$one)
  put(paste("greg", f, sep = "."), mean = num(coef(m)), mse = num(SE(m)), total = num(coef(t)), tse = num(SE(t)), range = range(g))
}
# single PSUs
y <- x[!(x$stratum == "west" & x$psu != min(x$psu[x$stratum == "west"])), ]
for (o in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = o); d <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = y)
  t <- svytotal(~cost, d); m <- svymean(~cost, subset(d, sex == "male"))
  put(paste("lonely", o, sep = "."), total = num(SE(t)), mean = num(SE(m)))
}
quant <- list(t = c(qt(.975, 1), qt(.975, 2), qt(.9, 3.5), qt(.975, 17), qt(.995, 182), qt(.975, 8473), qt(.6, 4)),
  beta = c(qbeta(.025, 3.2, 18.1), qbeta(.975, .5, 2), qbeta(.025, 4000.5, 3.25)),
  f = c(pf(13.482196151464, 2, 398, lower.tail = FALSE), pf(3.3, 1.7, 21.4, lower.tail = FALSE), pf(200, 1, 15, lower.tail = FALSE)),
  chi = c(pchisq(26.2, 2, lower.tail = FALSE), pchisq(.3, 1, lower.tail = FALSE)))
write_json(list(generator = paste("R", getRversion(), "survey", packageVersion("survey")), quantiles = quant, values = ans), "reference.json", auto_unbox = TRUE, digits = I(17), pretty = TRUE)
cat(length(ans), "values\n")
