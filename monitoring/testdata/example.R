# Figures of the example round's brief by R's package survey, for
# TestExampleEqualsR. All data are synthetic.
#
#   go run ./cmd/waymark brief --example --out out
#   Rscript monitoring/testdata/example.R out/interviews-synthetic.csv > monitoring/testdata/example.csv
#
# Needs: Debian r-cran-survey.
suppressMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)
x <- read.csv(commandArgs(TRUE)[1], na.strings = "", stringsAsFactors = FALSE)
# Left out: took part before; no consent or not known; under 14 or not known.
x <- x[!(x$previous %in% "yes") & x$consent %in% "yes" & !is.na(x$age) & x$age >= 14, ]
stopifnot(nrow(x) == 8475)
x$sex[x$sex %in% c("dk", "refused")] <- NA # no answers
x$psu <- paste(x$point, x$interview_date)
yn <- function(v) ifelse(v == "yes", 1, ifelse(v == "no", 0, NA))
own <- c("unpaid_work", "forced_work", "job_offer", "marriage_offer", "held")
items <- sapply(x[own], yn)
yes <- rowSums(items == 1, na.rm = TRUE); unknown <- rowSums(is.na(items))
x$y_at_least_one <- ifelse(yes >= 1, 1, ifelse(yes + unknown < 1, 0, NA))
x$y_at_least_two <- ifelse(yes >= 2, 1, ifelse(yes + unknown < 2, 0, NA))
x$y_held <- yn(x$held)
x$y_unpaid_work <- yn(x$unpaid_work)
x$step <- match(x$transit_time, c("under_2_weeks", "2_weeks_3_months", "3_6_months", "6_12_months", "over_12_months")) - 1
d <- svydesign(id = ~psu, strata = ~route, data = x, nest = TRUE, weights = ~1)
cat("# R", paste(R.version$major, R.version$minor, sep = "."), "survey", as.character(packageVersion("survey")), "\n")
cat("key,estimate,se,deff\n")
row <- function(key, e, se, deff = NA) cat(sprintf("%s,%.15g,%.15g,%.15g\n", key, e, se, deff))
groups <- list(all = rep(TRUE, nrow(x)), CMR = x$route == "CMR", EMR = x$route == "EMR")
part <- c(all = "", CMR = ".route-CMR", EMR = ".route-EMR")
for (i in c("at_least_one", "at_least_two", "held", "unpaid_work")) {
  f <- as.formula(paste0("~y_", i))
  mean_of <- function(key, s) { m <- svymean(f, s, na.rm = TRUE, deff = "replace"); row(key, coef(m), SE(m), deff(m)) }
  for (g in names(groups)) mean_of(paste0(i, part[[g]]), subset(d, groups[[g]]))
  mean_of(paste0(i, ".route-CMR.sex-female"), subset(d, route == "CMR" & sex %in% "female"))
  mean_of(paste0(i, ".route-EMR.age_group-18-25"), subset(d, route == "EMR" & age >= 18 & age <= 25))
  mean_of(paste0(i, ".route-CMR.nationality-NGA"), subset(d, route == "CMR" & nationality %in% "NGA"))
  known <- subset(d, !is.na(get(paste0("y_", i))))
  b <- svyby(f, ~route, known, svymean, covmat = TRUE)
  k <- svycontrast(b, quote(CMR / EMR))
  row(paste0("ratio.", i, ".route-CMR.vs.route-EMR"), coef(k), SE(k))
}
# Odds ratio a step of time in transit: estimate is the ratio, se that of its logarithm.
for (g in c("CMR", "EMR")) {
  m <- suppressWarnings(svyglm(y_held ~ step, subset(d, route == g), family = quasibinomial()))
  row(paste0("trend.held.transit_time.route-", g), exp(coef(m)[["step"]]), SE(m)[["step"]])
}
# Rao-Scott: estimate is the F statistic, se its p-value.
for (g in c("CMR", "EMR")) {
  t <- svychisq(~y_at_least_one + sex, subset(d, route == g))
  row(paste0("test.at_least_one.sex.route-", g), t$statistic, t$p.value)
}
