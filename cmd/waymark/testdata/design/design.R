# Data and expected values of plan_design_test.go: designs of a plan.
#
#   Rscript design.R      # writes design.csv and design.json here
#
# The data are synthetic: 8 strata, 2 of 6 PSUs in each (names repeat across
# strata), 3 of 9 households in each PSU, 4 people in each household.
suppressMessages({library(survey); library(jsonlite)})
set.seed(61)
g <- expand.grid(person = 1:4, hh = 1:3, psu = 1:2, stratum = 1:8)
d <- data.frame(
  stratum = sprintf("s%d", g$stratum), psu = sprintf("p%d", g$psu), hh = sprintf("h%d", g$hh),
  npsu = 6, nhh = 9, w = 3 * 3 * (1 + g$stratum / 8))
effect <- rnorm(16, sd = 4)[2 * (g$stratum - 1) + g$psu]
d$score <- round(50 + 2 * g$stratum + effect + rnorm(nrow(d), sd = 8), 1)
d$group <- ifelse(runif(nrow(d)) < 0.4, "one", "two")
d$yes <- ifelse(runif(nrow(d)) < plogis((d$score - 60) / 10), "yes", "no")
full <- svydesign(~psu + hh, strata = ~stratum, fpc = ~npsu + nhh, weights = ~w, nest = TRUE, data = d)
wr <- svydesign(~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d)
fay <- as.svrepdesign(wr, type = "Fay", fay.rho = 0.3)
rep <- round(weights(fay, type = "analysis"), 9)
colnames(rep) <- sprintf("repw%d", seq_len(ncol(rep)))
d <- cbind(d, rep)
write.csv(d, "design.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("design.csv")
full <- svydesign(~psu + hh, strata = ~stratum, fpc = ~npsu + nhh, weights = ~w, nest = TRUE, data = d)
wr <- svydesign(~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d)
lonely <- subset(d, !(stratum == "s3" & psu == "p2"))
designs <- list(
  two_stages = full,
  with_replacement = wr,
  fay_columns = svrepdesign(repweights = d[, colnames(rep)], weights = ~w, data = d, type = "Fay", rho = 0.3, combined.weights = TRUE),
  fay_columns_mse = svrepdesign(repweights = d[, colnames(rep)], weights = ~w, data = d, type = "Fay", rho = 0.3, combined.weights = TRUE, mse = TRUE),
  other_columns = svrepdesign(repweights = d[, colnames(rep)], weights = ~w, data = d, type = "other", scale = 0.25, rscales = rep(0.5, ncol(rep)), combined.weights = TRUE),
  jkn_made = as.svrepdesign(wr, type = "JKn"),
  fay_made = as.svrepdesign(wr, type = "Fay", fay.rho = 0.3))
out <- lapply(designs, function(x) {
  m <- svymean(~score, x); b <- svyby(~score, ~group, x, svymean); p <- svymean(~I(yes == "yes"), x)
  list(df = degf(x), mean = unname(coef(m)), mean_se = unname(SE(m)[1]), by = unname(coef(b)), by_se = unname(SE(b)),
    share = unname(coef(p)[2]), share_se = unname(SE(p)[2]))
})
options(survey.lonely.psu = "certainty")
for (how in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = how)
  x <- svydesign(~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = lonely)
  m <- svymean(~score, x)
  out[[paste0("lonely_", how)]] <- list(df = degf(x), mean = unname(coef(m)), mean_se = unname(SE(m)[1]))
}
writeLines(toJSON(list(made_with = paste(R.version.string, "survey", packageVersion("survey")), designs = out), auto_unbox = TRUE, digits = NA, pretty = TRUE), "design.json")
