# Reference values for designs of three stages: designs.json, with the sample
# designs.csv (synthetic, seed 9). Run: Rscript designs.R (in this folder;
# Debian: r-cran-survey, r-cran-jsonlite).
suppressMessages({library(survey); library(jsonlite)})
set.seed(9)
rows <- list()
for (h in c("north", "south")) for (p in 1:4) {
  s2 <- if (h == "south" && p == 2) 1 else 3 # one PSU has a single second-stage unit
  for (s in seq_len(s2)) for (k in seq_len(sample(2:4, 1)))
    rows[[length(rows) + 1]] <- data.frame(stratum = h, psu = paste0("p", p), ssu = paste0("s", s), row = paste0("t", k))
}
x <- do.call(rbind, rows)
key <- function(...) paste(...)
u <- key(x$stratum, x$psu); v <- key(u, x$ssu)
x$N1 <- ifelse(x$stratum == "north", 11, 4) # the south was taken whole
x$n2 <- ave(seq_along(v), u, FUN = function(i) length(unique(v[i])))
x$N2 <- x$n2 + match(u, unique(u)) %% 3 + 2
x$n3 <- ave(seq_along(v), v, FUN = length)
x$N3 <- x$n3 + match(v, unique(v)) %% 4
x$f1 <- 4 / x$N1; x$f2 <- x$n2 / x$N2; x$f3 <- x$n3 / x$N3
x$w <- round(1 / (x$f1 * x$f2 * x$f3), 6)
x$y <- round(rnorm(nrow(x), 20 + 3 * (match(u, unique(u)) %% 4), 4), 3)
x$group <- sample(c("a", "b"), nrow(x), TRUE)
x$group[x$stratum == "north" & x$psu != "p1" & x$group == "b"] <- "a" # b is in one PSU of the north
x <- x[sample(nrow(x)), ]
write.csv(x, "designs.csv", row.names = FALSE, quote = FALSE)
x <- read.csv("designs.csv")
ans <- list()
put <- function(name, ...) ans[[name]] <<- list(...)
num <- function(v) as.numeric(v)
show <- function(name, d) {
  t <- svytotal(~y, d); m <- svymean(~y, d); b <- svymean(~y, subset(d, group == "b")); c <- svymean(~y, subset(d, group == "a"))
  put(name, total = num(SE(t)), mean = num(SE(m)), domain = c(num(SE(c)), num(SE(b))), df = degf(d))
}
for (rule in c("remove", "certainty", "adjust")) {
  options(survey.lonely.psu = rule)
  show(paste0("counts.", rule), svydesign(id = ~psu + ssu + row, strata = ~stratum, fpc = ~N1 + N2 + N3, weights = ~w, data = x, nest = TRUE))
  show(paste0("fractions.", rule), svydesign(id = ~psu + ssu + row, strata = ~stratum, fpc = ~f1 + f2 + f3, weights = ~w, data = x, nest = TRUE))
}
options(survey.lonely.psu = "remove")
show("nofpc", svydesign(id = ~psu + ssu + row, strata = ~stratum, weights = ~w, data = x, nest = TRUE))
# One PSU of the north alone: lonely at the first stage, in domains as well.
y <- subset(x, stratum == "south" | psu == "p1")
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  show(paste0("lonely.", rule), svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = y, nest = TRUE))
}
writeLines(toJSON(list(r = as.character(getRversion()), survey = as.character(packageVersion("survey")), values = ans), auto_unbox = TRUE, digits = 17), "designs.json")
