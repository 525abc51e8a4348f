# The peer's time for two tables: six indicators by route, and by route and
# nationality, with standard errors, by R's package survey on one CSV file.
#
# Run: Rscript bench/survey.R FILE.csv
# Needs: Debian r-cran-survey. Columns: route, nationality, unpaid_work,
# forced_work, job_offer, marriage_offer, held, organs_awareness (yes, no, or a
# reason for a missing answer), stratum, psu, weight. The data of bench/ are
# synthetic.
#
# Prints seconds for reading, for each table, and a few estimates to compare.
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust")
file <- commandArgs(TRUE)[1]
if (is.na(file)) stop("give the CSV file")
indicators <- c("unpaid_work", "forced_work", "job_offer", "marriage_offer", "held", "organs_awareness")
timed <- function(what, code) {
  t <- system.time(value <- code)[["elapsed"]]
  cat(sprintf("%-40s %8.2f s\n", what, t))
  invisible(value)
}
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
x <- timed("read", read.csv(file, na.strings = "", stringsAsFactors = FALSE))
cat(nrow(x), "rows\n")
for (i in indicators) x[[i]] <- ifelse(x[[i]] == "yes", 1, ifelse(x[[i]] == "no", 0, NA))
d <- timed("design", svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = x, nest = TRUE))
# All six in one call, which is R's fastest way. A row with any of the six missing
# then leaves all of them; waymark leaves it out of the missing one only.
all_six <- as.formula(paste("~", paste(indicators, collapse = "+")))
table_of <- function(by) svyby(all_six, by, d, svymean, na.rm = TRUE)
one <- timed("six indicators by route", table_of(~route))
two <- timed("six indicators by route x nationality", table_of(~route + nationality))
cat("rows with an answer to all six:", sum(complete.cases(x[indicators])), "\n")
for (i in indicators) cat(sprintf("%s %s %.15g %.15g\n", i, one$route, one[[i]], one[[paste0("se.", i)]]), sep = "")
