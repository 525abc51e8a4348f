# Reference values for replicate weights: testdata/replicate.json.
# Run: Rscript replicate.R   (in this folder, after `go test -run Replicate -update ..`
# has written replicate-factors.csv; Debian: r-cran-survey, r-cran-jsonlite)
# Data: sample.csv (synthetic, see make.R). The factors of random replicates are
# drawn by the package (seed 7) and read here, so that results compare exactly.
suppressMessages({library(survey); library(jsonlite)})
x <- read.csv("sample.csv")
x$yes <- as.integer(x$yes); x$one <- as.integer(x$yes == 1)
x$pair <- paste0(x$stratum, (as.integer(substr(x$local, 2, 2)) + 1) %/% 2)
f <- read.csv("replicate-factors.csv")
factors <- function(kind, unit) {
  g <- f[f$kind == kind, ]
  as.matrix(g[match(unit, g$unit), grep("^f[0-9]+$", names(g))])
}
ans <- list()
put <- function(name, ...) ans[[name]] <<- list(...)
num <- function(v) as.numeric(v)
one <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = x)
fpc <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, fpc = ~fpc1, data = x)
half <- svydesign(id = ~psu, strata = ~pair, weights = ~weight, data = x)
rows <- svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = x)
plain <- svydesign(id = ~1, weights = ~weight, data = x)
w <- x$weight
made <- function(kind, unit, ...) svrepdesign(data = x, weights = w, repweights = factors(kind, unit), combined.weights = FALSE, ...)
hm <- function(n) 1 / mean(1 / n) # harmonic mean of PSUs in a stratum
designs <- list(
  jkn = as.svrepdesign(one, type = "JKn"),
  jknmse = as.svrepdesign(one, type = "JKn", mse = TRUE),
  jknfpc = as.svrepdesign(fpc, type = "JKn"),
  jk1 = as.svrepdesign(plain, type = "JK1"),
  brr = as.svrepdesign(half, type = "BRR"),
  fay = as.svrepdesign(half, type = "Fay", fay.rho = 0.3),
  split = as.svrepdesign(one, type = "BRR", large = "split"),
  merge = as.svrepdesign(one, type = "BRR", large = "merge"),
  raowu = made("raowu", x$psu, type = "bootstrap", scale = 1 / 19, rscales = rep(1, 20)),
  canty = made("canty", x$psu, type = "bootstrap", scale = hm(6) / ((hm(6) - 1) * 19), rscales = rep(1, 20)),
  cantyfpc = made("cantyfpc", x$psu, type = "bootstrap", scale = hm(6) / ((hm(6) - 1) * 19), rscales = rep(1, 20)),
  preston = made("preston", paste(x$psu, x$ssu), type = "other", scale = 1, rscales = rep(1 / 19, 20)),
  successive = suppressWarnings(made("successive", x$psu, type = "successive-difference")),
  raowurows = made("raowurows", paste0("r", seq_len(nrow(x))), type = "bootstrap", scale = 1 / 19, rscales = rep(1, 20)))
for (n in names(designs)) {
  d <- designs[[n]]
  put(paste0(n, ".degf"), value = num(degf(d)), count = ncol(d$repweights), scale = d$scale)
  m <- svyby(~age, ~route, d, svymean, na.rm = TRUE, covmat = TRUE)
  put(paste0(n, ".mean"), estimate = num(coef(m)), se = num(SE(m)), cov = num(vcov(m)))
  v <- svyvar(~cost, d, na.rm = TRUE); put(paste0(n, ".variance"), estimate = num(v), se = num(SE(v)))
  t <- svytotal(~cost, d); put(paste0(n, ".total"), estimate = num(coef(t)), se = num(SE(t)))
  r <- svyratio(~cost, ~age, d, na.rm = TRUE); put(paste0(n, ".ratio"), estimate = num(coef(r)), se = num(SE(r)))
  s <- svyby(~factor(transit), ~sex, d, svymean, covmat = TRUE)
  put(paste0(n, ".share"), estimate = num(t(matrix(coef(s), 2))), se = num(t(matrix(as.matrix(SE(s)), 2))))
  p <- svyby(~one, ~route, d, svymean, na.rm = TRUE, covmat = TRUE)
  k <- svycontrast(p, quote(CMR - EMR)); put(paste0(n, ".difference"), estimate = num(coef(k)), se = num(SE(k)))
  k <- svycontrast(p, quote(log(CMR / EMR))); put(paste0(n, ".logratio"), estimate = num(coef(k)), se = num(SE(k)))
  v <- svymean(~one, d, na.rm = TRUE, deff = TRUE); put(paste0(n, ".deff"), value = num(deff(v)))
  for (how in c("logit", "beta", "xlogit", "mean")) {
    q <- svyciprop(~one, subset(d, !is.na(one)), method = how, df = degf(d)); put(paste(n, "ciprop", how, sep = "."), estimate = num(q), ci = num(attr(q, "ci")))
  }
  q <- suppressMessages(suppressWarnings(svyquantile(~cost, d, c(.25, .5, .8), interval.type = "mean")))
  put(paste0(n, ".quantile"), estimate = num(q$cost[, 1]), lo = num(q$cost[, 2]), hi = num(q$cost[, 3]), se = num(q$cost[, 4]))
  q <- suppressMessages(suppressWarnings(svyquantile(~cost, d, c(.25, .5, .8), interval.type = "quantile")))
  put(paste0(n, ".quantilerep"), estimate = num(q$cost[, 1]), lo = num(q$cost[, 2]), hi = num(q$cost[, 3]), se = num(q$cost[, 4]))
  c <- svychisq(~yes + sex, subset(d, !is.na(yes)), statistic = "F"); put(paste0(n, ".chisq"), statistic = num(c$statistic), df = num(c$parameter), p = num(c$p.value))
  g <- svyglm(one ~ transit + sex, d, family = quasibinomial()); put(paste0(n, ".glm"), estimate = num(coef(g)), se = num(SE(g)), df = g$df.residual)
  a <- withReplicates(d, function(w, data) c(sum(w * data$cost) / sum(w * data$cost^2), sum(w[data$sex == "male"])))
  put(paste0(n, ".statistic"), estimate = num(a), se = num(SE(a)), cov = num(vcov(a)))
}
# Margins fitted in every replicate.
sex <- data.frame(sex = c("female", "male"), Freq = c(6000, 11000))
route <- data.frame(route = c("CMR", "EMR"), Freq = c(7000, 10000))
for (n in c("jkn", "fay", "raowu", "preston", "jk1")) {
  for (how in c("post", "rake")) {
    d <- if (how == "post") postStratify(designs[[n]], ~sex, sex) else
      rake(designs[[n]], list(~sex, ~route), list(sex, route), control = list(maxit = 200, epsilon = 1e-14, verbose = FALSE))
    t <- svytotal(~cost, d); m <- svyby(~age, ~route, d, svymean, na.rm = TRUE)
    put(paste(n, how, sep = "."), total = c(num(coef(t)), num(SE(t))), mean = c(num(coef(m)), num(SE(m))), df = degf(d))
  }
}
# Replicates that a domain empties: R leaves them out.
d <- designs$jkn; s <- subset(d, psu %in% c("p1", "p9")); e <- suppressWarnings(svymean(~cost, s)); put("discard", estimate = num(coef(e)), se = num(SE(e)))
# Lonely strata.
y <- subset(x, stratum != "west" | psu == min(x$psu[x$stratum == "west"]))
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  r <- as.svrepdesign(svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = y), type = "JKn")
  t <- svytotal(~cost, r); put(paste0("lonely.", rule), estimate = num(coef(t)), se = num(SE(t)), count = ncol(r$repweights), scale = r$scale)
}
options(survey.lonely.psu = "fail")
# Domains' degrees of freedom: the rank of the replicates there.
for (n in c("jkn", "fay", "raowu")) { d <- designs[[n]]
  put(paste0(n, ".domaindf"), some = num(degf(subset(d, psu %in% c("p1", "p2", "p9")))), stratum = num(degf(subset(d, stratum == "north"))), both = num(degf(subset(d, stratum == "north" | psu == "p9")))) }
# Hadamard matrices: order, and the sum of entries (0 or 1) times (7919 i + 104729 j) mod 10007.
h <- t(sapply(1:300, function(n) { H <- survey:::hadamard(n); i <- row(H) - 1; j <- col(H) - 1
  c(nrow(H), sum(H * ((i * 7919 + j * 104729) %% 10007))) }))
writeLines(toJSON(list(r = as.character(getRversion()), survey = as.character(packageVersion("survey")), values = ans, hadamard = h), auto_unbox = TRUE, digits = 17, pretty = FALSE), "replicate.json")
