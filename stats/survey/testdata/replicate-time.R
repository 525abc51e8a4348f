# How long R's survey takes for BenchmarkReplicates, "clustered/ten by ten" and
# "rows/ten by ten": 1,000 bootstrap replicates of ten indicators in ten groups
# on 100,000 synthetic rows in 20 strata of 20 PSUs. Run: Rscript replicate-time.R
suppressMessages(library(survey))
set.seed(1)
n <- 100000
x <- data.frame(psu = sample(400, n, TRUE), group = sample(10, n, TRUE), w = runif(n, .5, 2.5))
x$stratum <- (x$psu - 1) %/% 20
for (k in 1:10) x[[paste0("y", k)]] <- rbinom(n, 1, .4)
f <- as.formula(paste("~", paste0("y", 1:10, collapse = "+")))
timed <- function(name, d) {
  a <- system.time(r <- as.svrepdesign(d, type = "subbootstrap", replicates = 1000))
  b <- system.time(svyby(f, ~group, r, svymean))
  cat(name, ": processor seconds for the replicates", sum(a[1:2]), ", for the estimates", sum(b[1:2]), ", memory (MB)", sum(gc()[, 6]), "\n")
}
timed("clustered", svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = x))
timed("rows", svydesign(id = ~1, strata = ~stratum, weights = ~w, data = x))
