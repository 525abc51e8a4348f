# Reference values for Rubin's rules and for imputation, computed with R's mice,
# mitools and survey. Writes synthetic.csv and imputed.csv too; both are
# synthetic (imputed.csv: made-up values for rows of R's api data).
# Run by hand in this folder:  Rscript rubin.R > rubin.json
suppressWarnings(suppressMessages({library(mice); library(mitools); library(survey); library(jsonlite)}))
options(digits = 17)
values <- list()
add <- function(name, ...) values[[name]] <<- list(...)
num <- as.numeric

# One number: mice::pool.scalar, with t intervals.
scalar <- function(name, q, u, complete) {
  p <- if (is.finite(complete)) pool.scalar(q, u, n = complete + 1, k = 1) else pool.scalar(q, u)
  t <- qt(0.975, p$df) * sqrt(p$t)
  add(name, q = q, u = u, complete = if (is.finite(complete)) complete else 0, value = p$qbar, within = p$ubar, between = p$b,
      se = sqrt(p$t), df = p$df, increase = p$r, lost = p$fmi, lo = p$qbar - t, hi = p$qbar + t, p = 2 * pt(-abs(p$qbar / sqrt(p$t)), p$df))
}
scalar("scalar.plain", c(10.1, 9.7, 10.6, 10.0, 9.9), c(0.50, 0.55, 0.47, 0.52, 0.49), Inf)
scalar("scalar.small", c(10.1, 9.7, 10.6, 10.0, 9.9), c(0.50, 0.55, 0.47, 0.52, 0.49), 14)
scalar("scalar.much", c(-1, 2, 0.5, 3, -2, 0.1), c(0.2, 0.3, 0.25, 0.2, 0.3, 0.31), 200)
scalar("scalar.equal", c(4, 4, 4), c(0.5, 0.6, 0.7), 30)

# Fixed imputations of a survey: mitools::MIcombine.
data(api)
set.seed(20)
d <- apistrat; gone <- sample(nrow(d), 60)
fit <- lm(api99 ~ meals + ell, d[-gone, ])
files <- sapply(1:5, function(k) round(predict(fit, d[gone, ]) + rnorm(60, 0, summary(fit)$sigma)))
out <- data.frame(row = gone, files); names(out) <- c("row", paste0("file", 1:5))
write.csv(out, "imputed.csv", row.names = FALSE)
designs <- lapply(1:5, function(k) { x <- d; x$api99[gone] <- files[, k]
  svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = x) })
pooled <- function(name, l) { r <- MIcombine(lapply(l, coef), lapply(l, function(x) as.matrix(vcov(x))))
  add(name, value = num(r$coefficients), cov = num(r$variance), df = ifelse(is.finite(num(r$df)), num(r$df), 0), lost = num(r$missinfo)) }
pooled("survey.means", lapply(designs, function(s) svyby(~api99, ~stype, s, svymean, covmat = TRUE)))
pooled("survey.both", lapply(designs, function(s) svymean(~api99 + api00, s)))
r <- lapply(designs, function(s) svymean(~api99, s))
p <- pool.scalar(sapply(r, coef), sapply(r, vcov), n = 198, k = 1) # 197 degrees of freedom
add("survey.finite", value = p$qbar, se = sqrt(p$t), df = p$df, lost = p$fmi)

# Imputation itself, on a synthetic file whose truth is known: the pooled
# estimates of mice, and their variance between files.
set.seed(7)
n <- 800
x <- rnorm(n); s <- sample(c("north", "south"), n, TRUE)
g <- c("a", "b", "c")[1 + (runif(n) < plogis(0.8 * x)) + (runif(n) < plogis(-0.5 + 0.6 * (s == "south")))]
yes <- runif(n) < plogis(-0.3 + 0.7 * x + 0.5 * (g == "c"))
o <- cut(0.9 * x + 0.6 * yes + rlogis(n), c(-Inf, -1, 0.3, 1.6, Inf), labels = c("never", "seldom", "often", "always"))
y <- 2 + 1.5 * x + 1 * yes - 0.8 * (g == "b") + rnorm(n)
full <- data.frame(x = round(x, 4), s, g, yes = as.integer(yes), o, y = round(y, 4))
lose <- function(v, p) { v[runif(n) < p] <- NA; v } # missing at random given x and s
d <- full
d$g <- lose(d$g, plogis(-1.5 + 0.8 * x)); d$yes <- lose(d$yes, plogis(-1.2 - 0.6 * x))
d$o <- lose(d$o, plogis(-1.4 + 0.5 * (s == "south"))); d$y <- lose(d$y, plogis(-1 + 0.9 * x))
write.csv(d, "synthetic.csv", row.names = FALSE, na = "")
ask <- function(v) { v$yes <- as.integer(as.character(v$yes))
  m <- lm(y ~ x + yes + factor(g, levels = c("a", "b", "c")), v)
  list(q = num(c(mean(v$y), mean(v$yes), table(factor(v$g, c("a", "b", "c")))[2:3] / n, table(v$o)[2:4] / n, coef(m))),
       u = num(c(var(v$y), var(v$yes), sapply(c("b", "c"), function(l) var(v$g == l)), sapply(levels(full$o)[2:4], function(l) var(v$o == l))) / n), v = num(diag(vcov(m)))) }
v <- d; v$s <- factor(v$s); v$g <- factor(v$g); v$yes <- factor(v$yes); v$o <- factor(v$o, levels(full$o), ordered = TRUE)
m <- 40
imp <- mice(v, m = m, maxit = 8, method = c("", "", "polyreg", "logreg", "polr", "pmm"), printFlag = FALSE, seed = 11)
a <- lapply(1:m, function(k) ask(complete(imp, k)))
q <- sapply(a, `[[`, "q")
truth <- ask(full); cases <- ask(d[complete.cases(d), ])
add("synthetic", names = c("mean y", "yes", "g b", "g c", "o seldom", "o often", "o always", "constant", "x", "yes", "b", "c"),
    m = m, value = rowMeans(q), between = apply(q, 1, var), within = rowMeans(sapply(a, function(k) c(k$u, k$v))),
    full = truth$q, cases = cases$q)
write_json(list(generator = paste("R", getRversion(), "mice", packageVersion("mice"), "mitools", packageVersion("mitools"), "survey", packageVersion("survey")), values = values),
           stdout(), auto_unbox = TRUE, digits = 17, pretty = TRUE)
