# Reference values for weighting, computed with R's `survey` package on its api data.
# Run by hand:  Rscript weighting.R > weighting.json   (R, survey, jsonlite)
suppressMessages({library(survey); library(jsonlite)})
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

write_json(list(generator = paste("R", getRversion(), "survey", packageVersion("survey")), values = values),
           stdout(), auto_unbox = TRUE, digits = 17, pretty = TRUE)
