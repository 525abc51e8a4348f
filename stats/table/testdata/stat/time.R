# Times R's haven on the files that BenchmarkReadStat left in a folder:
#   STATFILES=folder go test -run '^$' -bench ReadStat -benchtime 3x ./stats/table
#   Rscript time.R folder
# Processor time (user and system) and wall time, the least of three runs.
suppressMessages(library(haven))
dir <- commandArgs(TRUE)[1]
for (name in c("big.dta", "big.sav", "big.zsav")) {
  file <- file.path(dir, name)
  best <- c(Inf, Inf)
  for (i in 1:3) {
    gc()
    took <- system.time(d <- if (endsWith(name, "dta")) read_dta(file) else read_sav(file))
    best <- pmin(best, c(took[["user.self"]] + took[["sys.self"]], took[["elapsed"]]))
  }
  cat(sprintf("%s: %.1f MB, %d rows, %d columns, processor %.2f s, wall %.2f s\n", name, file.size(file) / 1e6, nrow(d), ncol(d), best[1], best[2]))
}
