# Reference values for unequal probabilities of inclusion: pps.json, with the
# samples pps.csv, pps-two.csv and joint probabilities pps-joint.csv (synthetic,
# seed 6). Run: Rscript pps.R (in this folder; Debian: r-cran-survey,
# r-cran-jsonlite; the package sampling draws by Sampford's method).
suppressMessages({library(survey); library(sampling); library(jsonlite)})
set.seed(6)
draw <- function(n, N, stratum) {
  size <- rgamma(N, 2, .01) + 20
  pik <- inclusionprobabilities(size, n)
  s <- UPsampford(pik) == 1
  list(data = data.frame(unit = paste0(stratum, which(s)), stratum, size = round(size[s], 4), p = pik[s]), joint = UPsampfordpi2(pik)[s, s])
}
a <- draw(12, 40, "a"); b <- draw(9, 25, "b")
x <- rbind(a$data, b$data)
joint <- as.matrix(Matrix::bdiag(a$joint, b$joint))
joint[joint == 0] <- outer(x$p, x$p)[joint == 0]
x$y <- round(x$size * exp(rnorm(nrow(x), 0, .4)), 3)
x$kind <- sample(c("k1", "k2", "k3"), nrow(x), TRUE)
x$p <- as.numeric(formatC(x$p, digits = 17, format = "g"))
# Two stages: rows are drawn from PSUs with fraction f2.
m <- sample(3:5, nrow(x), TRUE)
z <- x[rep(seq_len(nrow(x)), m), c("unit", "stratum", "p", "kind")]
# R's onestrat takes sums by cluster in the order of their names, and factors
# 1-p in the order of rows: they belong together only if rows are in that order.
z <- z[order(factor(z$unit)), ]
z$ssu <- paste0("s", seq_len(nrow(z))); k <- table(z$unit)[z$unit]; z$p2 <- as.numeric(k / (k + sample(1:6, nrow(x), TRUE)[match(z$unit, x$unit)]))
z$y <- round(exp(rnorm(nrow(z), 2, .5)), 3)
write <- function(d, f) write.csv(format(d, digits = 17, trim = TRUE), f, row.names = FALSE, quote = FALSE)
write(x, "pps.csv"); write(z, "pps-two.csv")
write.table(format(joint, digits = 17, trim = TRUE), "pps-joint.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
x <- read.csv("pps.csv"); z <- read.csv("pps-two.csv"); joint <- unname(as.matrix(read.csv("pps-joint.csv", header = FALSE)))
x$h <- as.integer(factor(x$stratum)) # Overton and HR need numbers
ans <- list()
put <- function(name, ...) ans[[name]] <<- list(...)
num <- function(v) as.numeric(v)
designs <- list(
  brewer = svydesign(id = ~1, fpc = ~p, data = x, pps = "brewer"),
  strata = svydesign(id = ~1, strata = ~stratum, fpc = ~p, data = x, pps = "brewer"),
  two = svydesign(id = ~unit + ssu, strata = ~stratum, fpc = ~p + p2, data = z, pps = "brewer"),
  ht = svydesign(id = ~1, fpc = ~p, data = x, pps = ppsmat(joint), variance = "HT"),
  yg = svydesign(id = ~1, fpc = ~p, data = x, pps = ppsmat(joint), variance = "YG"),
  overton = svydesign(id = ~1, strata = ~h, fpc = ~p, data = x, pps = "overton", variance = "HT"),
  overtonyg = svydesign(id = ~1, strata = ~h, fpc = ~p, data = x, pps = "overton", variance = "YG"),
  hr = svydesign(id = ~1, strata = ~h, fpc = ~p, data = x, pps = HR(), variance = "HT"),
  hryg = svydesign(id = ~1, strata = ~h, fpc = ~p, data = x, pps = HR(), variance = "YG"))
for (n in names(designs)) {
  d <- designs[[n]]
  t <- svytotal(~y, d); put(paste0(n, ".total"), estimate = num(coef(t)), se = num(SE(t)))
  m <- svymean(~y, d); put(paste0(n, ".mean"), estimate = num(coef(m)), se = num(SE(m)), df = degf(d))
  s <- svymean(~kind, d); put(paste0(n, ".share"), estimate = num(coef(s)), se = num(SE(s)), cov = num(vcov(s)))
  # A domain is a ratio to its own size: with Yates-Grundy R drops the pairs of a
  # subset, so it is asked for in this way.
  d$variables$in1 <- as.numeric(d$variables$kind == "k1"); d$variables$y1 <- d$variables$y * d$variables$in1
  r <- svyratio(~y1, ~in1, d); put(paste0(n, ".domain"), estimate = num(coef(r)), se = num(SE(r)))
  if (n %in% c("brewer", "strata", "two", "ht")) {
    g <- svyglm(y ~ kind, d); put(paste0(n, ".model"), estimate = num(coef(g)), se = num(SE(g)))
  }
}
writeLines(toJSON(list(r = as.character(getRversion()), survey = as.character(packageVersion("survey")), values = ans), auto_unbox = TRUE, digits = 17), "pps.json")
