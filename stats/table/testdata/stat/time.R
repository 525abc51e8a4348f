# Times R's haven on the files that BenchmarkReadStat left in a folder:
#   STATFILES=folder go test -run '^$' -bench ReadStat -benchtime 3x ./stats/table
#   Rscript time.R folder
suppressMessages(library(haven))
dir <- commandArgs(TRUE)[1]
for (name in c("big.dta", "big.sav", "big.zsav")) {
  file <- file.path(dir, name)
  took <- sapply(1:2, function(i) system.time(d <<- if (endsWith(name, "dta")) read_dta(file) else read_sav(file))[["elapsed"]])
  cat(sprintf("%s: %.1f MB, %d rows, %d columns, %.2f s (%.0f MB/s)\n", name, file.size(file) / 1e6, nrow(d), ncol(d), min(took), file.size(file) / 1e6 / min(took)))
}
