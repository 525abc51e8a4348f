# The values that waymark analyse is compared with: for each flag a call of R's
# survey on the api data. Run by hand from this folder, with the folder of the
# data as the argument; it writes analyse.json:
#
#   Rscript analyse.R ../../../../../shared/oracles/survey
#
# A case has the file, the flags, and the rows to find, by their domain, level,
# term, variable or quantile where they have one.
library(survey)
library(jsonlite)
dir <- commandArgs(TRUE)[1]
d <- lapply(c(strat = "apistrat", clus1 = "apiclus1", clus2 = "apiclus2"), function(f) read.csv(file.path(dir, paste0(f, ".csv"))))
strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = d$strat)
clus1 <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = d$clus1)
clus2 <- svydesign(ids = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = d$clus2)
S <- c("--weights", "pw", "--strata", "stype", "--fpc", "fpc")
C1 <- c("--weights", "pw", "--cluster", "dnum", "--fpc", "fpc")
C2 <- c("--weights", "pw", "--cluster", "dnum,snum", "--fpc", "fpc1,fpc2")
cases <- list()
add <- function(id, file, flags, rows, tolerance = 1e-8)
  cases[[length(cases) + 1]] <<- list(id = id, file = paste0(file, ".csv"), flags = as.list(flags), tolerance = tolerance, rows = rows)
num <- function(x) unname(as.numeric(x))
simple <- function(m, key, names, dff = Inf) {
  ci <- confint(m, df = dff)
  lapply(seq_along(coef(m)), function(i) {
    row <- list(estimate = num(coef(m))[i], se = num(SE(m))[i], ci = num(ci[i, ]))
    if (!is.null(key)) row[[key]] <- names[i]
    row
  })
}
m <- svymean(~api00 + api99, strat, deff = TRUE)
rows <- simple(m, "variable", names(coef(m)))
for (i in 1:2) rows[[i]]$deff <- num(deff(m))[i]
add("mean", "apistrat", c(S, "--mean", "api00,api99"), rows)
add("mean with t", "apistrat", c(S, "--mean", "api00", "--df", "design"), simple(svymean(~api00, strat), NULL, NULL, degf(strat)))
add("total", "apiclus2", c(C2, "--total", "enroll"), simple(svytotal(~enroll, clus2, na.rm = TRUE), NULL, NULL))
m <- svymean(~stype, clus1)
add("share", "apiclus1", c(C1, "--share", "stype"), simple(m, "level", sub("stype", "", names(coef(m)))))
m <- svymean(~factor(awards), clus1)
add("share of a text", "apiclus1", c(C1, "--share", "awards"), simple(m, "level", c("No", "Yes")))
for (method in c("logit", "likelihood", "asin", "beta", "mean", "xlogit")) {
  m <- svyciprop(~I(sch.wide == "Yes"), clus1, method = method)
  add(paste("proportion", method), "apiclus1", c(C1, "--proportion", "sch.wide=Yes", "--interval", method),
      list(list(estimate = num(coef(m)), ci = num(attr(m, "ci")))), 1e-6)
}
add("ratio", "apiclus2", c(C2, "--ratio", "api.stu/enroll"), simple(svyratio(~api.stu, ~enroll, clus2, na.rm = TRUE), NULL, NULL))
b <- svyby(~api00, ~stype + awards, strat, svymean)
rows <- simple(b, NULL, NULL)
for (i in seq_along(rows)) rows[[i]]$domain <- list(stype = as.character(b$stype[i]), awards = as.character(b$awards[i]))
add("mean by two columns", "apistrat", c(S, "--mean", "api00", "--by", "stype,awards"), rows)
sub <- subset(clus1, meals > 50 & !(stype %in% c("H")))
add("where", "apiclus1", c(C1, "--mean", "api00", "--where", "meals > 50 and not stype in (H)"), simple(svymean(~api00, sub), NULL, NULL))
add("where missing", "apistrat", c(S, "--total", "enroll", "--where", "target is missing"), simple(svytotal(~enroll, subset(strat, is.na(target))), NULL, NULL))
for (rule in c("math", "school", "hf4", "hf7")) for (type in c("mean", "beta", "xlogit", "score")) {
  if (type == "score" && rule != "math") next
  q <- svyquantile(~api00, clus1, c(.25, .5, .9), interval.type = type, qrule = rule)
  k <- q$api00
  add(paste("quantile", rule, type), "apiclus1", c(C1, "--quantile", "api00:0.25,0.5,0.9", "--quantile-rule", rule, "--quantile-interval", type),
      lapply(1:3, function(i) list(quantile = c(.25, .5, .9)[i], estimate = num(k[i, 1]), ci = num(k[i, 2:3]))), 1e-6)
}
v <- svyvar(~api00, clus1)
add("variance", "apiclus1", c(C1, "--variance", "api00"), list(list(estimate = num(coef(v)), se = num(SE(v)))))
v <- as.matrix(svyvar(~api00 + ell, clus1))
add("correlation", "apiclus1", c(C1, "--correlation", "api00,ell"), list(list(estimate = num(cov2cor(v[1:2, 1:2])[1, 2]))))
for (form in c("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")) {
  t <- svychisq(~sch.wide + stype, clus1, statistic = form)
  row <- list(statistic = num(t$statistic))
  # R rounds the degrees of freedom of these two down (docs/divergences.md); their
  # p-values are held against other references in stats/survey.
  if (!form %in% c("lincom", "saddlepoint")) row$p <- num(t$p.value)
  add(paste("test", form), "apiclus1", c(C1, "--test", "sch.wide~stype", "--test-form", form), list(row), 1e-6)
}
t <- svyttest(api00 ~ sch.wide, clus1)
add("ttest", "apiclus1", c(C1, "--ttest", "api00~sch.wide"), list(list(estimate = num(t$estimate), t = num(t$statistic), df = num(t$parameter), p = num(t$p.value))))
t <- svyttest(I(api00 - api99) ~ 0, clus1)
add("paired ttest", "apiclus1", c(C1, "--ttest", "api00 - api99 ~ 1"), list(list(estimate = num(t$estimate), t = num(t$statistic), df = num(t$parameter), p = num(t$p.value))))
for (test in c("wilcoxon", "vanderWaerden", "median")) {
  t <- svyranktest(api00 ~ sch.wide, clus1, test = test)
  add(paste("rank", test), "apiclus1", c(C1, "--rank", "api00~sch.wide", "--rank-test", test),
      list(list(estimate = num(t$estimate), statistic = num(t$statistic), df = num(t$parameter), p = num(t$p.value))))
}
t <- svyranktest(api00 ~ stype, clus1, test = "KruskalWallis")
add("rank of three groups", "apiclus1", c(C1, "--rank", "api00~stype", "--rank-test", "KruskalWallis"), list(list(statistic = num(t$parameter), df = num(t$statistic), p = num(t$p.value)))) # R has the two in each other's place
b <- svyby(~api00, ~stype, clus1, svymean, covmat = TRUE)
k <- svycontrast(b, quote(H / E))
add("contrast ratio", "apiclus1", c(C1, "--contrast", "api00[stype=H] / api00[stype=E]"), list(list(estimate = num(coef(k)), se = num(SE(k)))))
k <- svycontrast(b, c(E = -1, H = .5, M = .5))
add("contrast linear", "apiclus1", c(C1, "--contrast", "(api00[stype=H] + api00[stype=M])/2 - api00[stype=E]"), list(list(estimate = num(coef(k)), se = num(SE(k)))))
k <- svycontrast(b, quote(log(H / E)))
lim <- num(coef(k)) + c(-1, 1) * qt(.975, degf(subset(clus1, stype %in% c("H", "E")))) * num(SE(k))
add("compare ratio", "apiclus1", c(C1, "--compare", "api00: stype=H vs stype=E"), list(list(estimate = exp(num(coef(k))), log_se = num(SE(k)), ci = exp(lim))))
k <- svycontrast(b, quote(H - E))
add("compare difference", "apiclus1", c(C1, "--compare", "difference api00: stype=H vs stype=E"), list(list(estimate = num(coef(k)), se = num(SE(k)))))
model <- function(f, terms = rownames(coef(summary(f)))) {
  s <- coef(summary(f))
  ci <- confint(f, ddf = f$df.residual)
  lapply(seq_len(nrow(s)), function(i) list(term = terms[i], estimate = num(s[i, 1]), se = num(s[i, 2]), t = num(s[i, 3]), p = num(s[i, 4]), ci = num(ci[i, ])))
}
f <- svyglm(I(sch.wide == "Yes") ~ ell + meals + stype, clus1, family = quasibinomial)
rows <- model(f)
for (i in seq_along(rows)) rows[[i]]$odds_ratio <- exp(num(coef(f))[i])
add("logit", "apiclus1", c(C1, "--logit", "sch.wide=Yes ~ ell + meals + stype"), rows, 1e-6)
add("linear with interaction", "apiclus2", c(C2, "--linear", "api00 ~ ell*stype"), model(svyglm(api00 ~ ell * stype, clus2)), 1e-7)
f <- svyglm(api00 ~ ell * stype, clus2)
t <- regTermTest(f, ~ell:stype)
add("wald", "apiclus2", c(C2, "--linear", "api00 ~ ell*stype", "--wald", "ell:stype"),
    c(model(f), list(list(statistic = num(t$Ftest), df = num(t$df), df2 = num(t$ddf), p = num(t$p)))), 1e-6)
typed <- update(clus1, stype = factor(stype))
t <- svypredmeans(svyglm(api00 ~ ell + meals, typed), ~stype)
o <- match(c("E", "H", "M"), names(coef(t)))
add("margins", "apiclus1", c(C1, "--linear", "api00 ~ ell + meals + stype", "--margins", "stype", "--margins-error", "parts"),
    c(model(svyglm(api00 ~ ell + meals + stype, clus1)), lapply(o, function(i) list(estimate = num(coef(t))[i], se = num(SE(t))[i]))), 1e-6)
f <- svyglm(api00 ~ ell + meals, subset(strat, stype != "H"))
add("linear where", "apistrat", c(S, "--linear", "api00 ~ ell + meals", "--where", "stype != H"), model(f), 1e-7)
for (type in c("JK1", "JKn")) {
  r <- if (type == "JK1") as.svrepdesign(clus1, type = type) else as.svrepdesign(strat, type = type)
  add(paste("replicates", type), if (type == "JK1") "apiclus1" else "apistrat", c(if (type == "JK1") C1 else S, "--make-replicates", type, "--mean", "api00", "--ratio", "api.stu/enroll"),
      c(simple(svymean(~api00, r), NULL, NULL), simple(svyratio(~api.stu, ~enroll, r), NULL, NULL)))
}
r <- rake(clus1, list(~stype, ~sch.wide), list(data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)), data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))),
          control = list(maxit = 1000, epsilon = 1e-10))
add("rake", "apiclus1", c(C1, "--rake", "stype: E=4421, H=755, M=1018", "--rake", "sch.wide: No=1072, Yes=5122", "--mean", "api00"), simple(svymean(~api00, r), NULL, NULL), 1e-6)
r <- postStratify(clus1, ~stype, data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)))
add("poststratify", "apiclus1", c(C1, "--poststratify", "stype: E=4421, H=755, M=1018", "--total", "enroll"), simple(svytotal(~enroll, r), NULL, NULL))
pop <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
text <- "(Intercept)=6194, stypeH=755, stypeM=1018, api99=3914069"
for (fun in c("linear", "raking")) {
  r <- calibrate(clus1, ~stype + api99, pop, calfun = fun, epsilon = 1e-12)
  add(paste("calibrate", fun), "apiclus1", c(C1, "--calibrate", text, "--distance", fun, "--mean", "api00"), simple(svymean(~api00, r), NULL, NULL), 1e-6)
}
r <- calibrate(clus1, ~stype + api99, pop, calfun = "logit", bounds = c(.5, 2), epsilon = 1e-12)
add("calibrate logit", "apiclus1", c(C1, "--calibrate", text, "--distance", "logit", "--bounds", "0.5,2", "--mean", "api00"), simple(svymean(~api00, r), NULL, NULL), 1e-6)
r <- trimWeights(strat, upper = 40, strict = FALSE)
add("trim", "apistrat", c(S, "--trim", ",40", "--mean", "api00"), simple(svymean(~api00, r), NULL, NULL))
write(toJSON(list(source = paste0(R.version.string, ", survey ", packageVersion("survey"), "; analyse.R beside this file"), cases = cases), auto_unbox = TRUE, digits = NA, pretty = TRUE, na = "null"), "analyse.json")
