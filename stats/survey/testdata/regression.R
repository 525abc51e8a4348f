# Reference values for regression, computed with R's `survey` package on its api
# data, and for small-sample corrections with clubSandwich.
# Run by hand:  Rscript regression.R bell_mccaffrey.R > regression.json
# bell_mccaffrey.R is R/bell_mccaffrey.R of survey 4.2 or later from CRAN: the
# correction is not in 4.1, so that file is read beside it.
suppressMessages({library(survey); library(jsonlite); library(clubSandwich)})
options(digits = 17)
data(api)
values <- list()
add <- function(name, ...) {stopifnot(is.null(values[[name]])); values[[name]] <<- list(...)}
num <- as.numeric
source(commandArgs(TRUE)[1])

d <- list(
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = apiclus2),
  plain = svydesign(id = ~dnum, weights = ~pw, data = apiclus2),
  srs = svydesign(id = ~1, weights = ~pw, data = apisrs))
pop <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
d$cal1 <- calibrate(d$clus1, ~stype + api99, pop)
d$post2 <- postStratify(d$clus2, ~stype, data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)))
d$sub1 <- subset(d$clus1, comp.imp == "Yes")
d$subs <- subset(d$strat, comp.imp == "Yes")

all.of <- function(name, g) {
  s <- summary(g); k <- s$coefficients; est <- !is.na(coef(g, na.rm = FALSE)); ci <- confint(g)
  if (nrow(ci) > nrow(k)) ci <- ci[est, , drop = FALSE]
  v <- vcov(g); if (nrow(v) > nrow(k)) v <- v[est, est]
  add(name, names = names(coef(g, na.rm = FALSE)), estimable = as.integer(est), value = num(k[, 1]), se = num(k[, 2]), t = num(k[, 3]), p = num(k[, 4]),
      half = num(ci[, 2] - ci[, 1]) / 2, cov = num(v), df = g$df.residual, deviance = g$deviance, null = g$null.deviance,
      dispersion = num(s$dispersion), base = length(g$y))
  invisible(g)
}
linear <- list(
  main = api00 ~ ell + meals + mobility, cross = api00 ~ ell * meals + stype, levels = api00 ~ stype * awards + ell,
  slopes = api00 ~ ell:stype + stype - 1, part = api00 ~ stype:awards + meals, arithmetic = api00 ~ I(ell^2) + log(meals + 1) + I((mobility - 10)/3 * ell),
  alias = api00 ~ ell + I(2 * ell) + meals + I(ell + meals), one = api00 ~ 1)
logistic <- list(
  main = I(sch.wide == "Yes") ~ ell + meals + mobility, levels = I(sch.wide == "Yes") ~ stype * meals, cross = I(awards == "Yes") ~ stype + ell * meals,
  pair = I(awards == "Yes") ~ ell + meals, square = I(comp.imp == "Yes") ~ (ell + meals + stype)^2)
for (n in c("strat", "clus1", "clus2", "cal1", "post2", "sub1", "subs", "plain")) {
  for (f in names(linear)) if (!(f == "levels" && n %in% c("sub1", "subs"))) all.of(paste(n, "linear", f, sep = "."), svyglm(linear[[f]], d[[n]]))
  for (f in names(logistic)) if (!(n %in% c("sub1", "subs")) || f == "pair") all.of(paste(n, "logistic", f, sep = "."), suppressWarnings(svyglm(logistic[[f]], d[[n]], family = quasibinomial())))
}
# missing values and categories made of numbers: the school's kind is missing where api99 is odd
for (n in c("strat", "clus2")) {
  e <- update(d[[n]], part = ifelse(api99 %% 2 == 1, NA, api99), band = floor(meals / 25))
  all.of(paste(n, "linear.missing", sep = "."), svyglm(api00 ~ part + ell, e))
  all.of(paste(n, "linear.factor", sep = "."), svyglm(api00 ~ factor(band) + ell, e))
  all.of(paste(n, "linear.reference", sep = "."), svyglm(api00 ~ relevel(factor(stype), "H") + ell, e))
}
# Wald tests of terms and the working tests
wald <- function(name, g, t) {
  w <- regTermTest(g, t); k <- regTermTest(g, t, method = "WorkingWald", lrt.approximation = "satterthwaite"); c <- regTermTest(g, t, df = Inf)
  l <- regTermTest(g, t, method = "LRT", lrt.approximation = "satterthwaite")
  ks <- regTermTest(g, t, method = "WorkingWald"); ls <- regTermTest(g, t, method = "LRT")
  add(paste("wald", name, sep = "."), f = num(w$Ftest), df = w$df, ddf = w$ddf, p = num(w$p), chisq = num(c$chisq), cp = num(c$p),
      working = num(k$chisq), wp = num(k$p), lambda = num(sort(Re(k$lambda), decreasing = TRUE)), lrt = num(l$chisq), lp = num(l$p), wsaddle = num(ks$p), lsaddle = num(ls$p))
}
for (n in c("strat", "clus1", "clus2", "cal1")) {
  g <- svyglm(api00 ~ stype * awards + ell, d[[n]])
  wald(paste(n, "linear.stype", sep = "."), svyglm(api00 ~ stype + awards + ell, d[[n]]), ~stype)
  wald(paste(n, "linear.cross", sep = "."), g, ~stype:awards)
  wald(paste(n, "linear.ell", sep = "."), g, ~ell)
  h <- suppressWarnings(svyglm(I(awards == "Yes") ~ stype + ell + meals, d[[n]], family = quasibinomial()))
  wald(paste(n, "logistic.stype", sep = "."), h, ~stype)
  wald(paste(n, "logistic.two", sep = "."), h, ~ell + meals)
}
# predicted means, and average marginal effects by differentiation of the coefficients
influence <- function(g) {
  e <- model.matrix(g) * resid(g, "working") * g$weights
  e %*% g$naive.cov
}
effects <- function(name, g, e, value) {
  w <- weights(e, "sampling"); b <- coef(g)
  means <- function(b) value(b)
  th <- colSums(w * Re(means(b))) / sum(w)
  # derivatives by a complex step, exact to rounding
  J <- sapply(seq_along(b), function(k) {u <- b + 0i; u[k] <- u[k] + 1e-30i; colSums(w * Im(means(u))) / sum(w) / 1e-30})
  J <- matrix(J, ncol = length(b))
  fixed <- J %*% vcov(g) %*% t(J)
  z <- w * sweep(means(b), 2, th) / sum(w) + influence(g) %*% t(J)
  sampled <- survey:::svyrecvar(z, e$cluster, e$strata, e$fpc, postStrata = e$postStrata)
  add(name, value = num(th), fixed = num(fixed), sampled = num(sampled))
}
for (n in c("strat", "clus1", "clus2", "cal1", "post2")) {
  e <- d[[n]]
  for (kind in c("linear", "logistic")) {
    fam <- if (kind == "linear") gaussian() else quasibinomial()
    left <- if (kind == "linear") "api00" else "I(awards == 'Yes')"
    adj <- suppressWarnings(svyglm(as.formula(paste(left, "~ ell + meals")), e, family = fam))
    m <- svypredmeans(adj, ~stype, predictat = factor(c("E", "H", "M")))
    add(paste(n, kind, "predmeans", sep = "."), value = num(coef(m)), se = num(SE(m)), cov = num(vcov(m)))
    g <- suppressWarnings(svyglm(as.formula(paste(left, "~ stype + ell * meals")), e, family = fam))
    X <- model.matrix(g)
    fi <- if (kind == "linear") list(linkinv = function(z) z, mu.eta = function(z) 1 + 0 * z) else
      list(linkinv = function(z) 1 / (1 + exp(-z)), mu.eta = function(z) exp(-z) / (1 + exp(-z))^2)
    at <- function(level) {m <- model.frame(e); m$stype <- factor(rep(level, nrow(m)), levels = c("E", "H", "M")); model.matrix(delete.response(terms(g)), m)}
    XE <- at("E"); XH <- at("H"); XM <- at("M"); mf <- model.frame(e)
    effects(paste(n, kind, "margins", sep = "."), g, e, function(b) sapply(list(XE, XH, XM), function(x) fi$linkinv(drop(x %*% b))))
    effects(paste(n, kind, "effects", sep = "."), g, e, function(b) cbind(
      fi$linkinv(drop(XH %*% b)) - fi$linkinv(drop(XE %*% b)), fi$linkinv(drop(XM %*% b)) - fi$linkinv(drop(XE %*% b)),
      fi$mu.eta(drop(X %*% b)) * (b["ell"] + b["ell:meals"] * mf$meals), fi$mu.eta(drop(X %*% b)) * (b["meals"] + b["ell:meals"] * mf$ell)))
  }
}
# Bell-McCaffrey as survey 4.2 and later have it
# scale_bell_mcaffrey of 4.5 takes the first clusters of unique(design$cluster),
# which with several stages are not those of the first: it is given that stage alone.
bell <- function(name, g, e) {
  first <- e; first$cluster <- e$cluster[, 1, drop = FALSE]
  r <- scale_bell_mcaffrey(resid(g, "working"), first, model.matrix(g), "Bell-McCaffrey", TRUE)
  z <- (model.matrix(g) * as.vector(r) * g$weights) %*% g$naive.cov
  v <- survey:::svyrecvar(z, e$cluster, e$strata, e$fpc, postStrata = e$postStrata)
  add(paste("bell", name, sep = "."), cov = num(v), df = num(attr(r, "degf")))
}
for (n in c("strat", "clus1", "clus2", "plain", "post2")) {
  bell(paste(n, "linear", sep = "."), svyglm(api00 ~ ell + meals + stype, d[[n]]), d[[n]])
  bell(paste(n, "logistic", sep = "."), suppressWarnings(svyglm(I(awards == "Yes") ~ ell + meals, d[[n]], family = quasibinomial())), d[[n]])
}
# CR2 with Satterthwaite degrees of freedom: PSUs as independent clusters
cr2 <- function(name, g, cluster) {
  v <- vcovCR(g, cluster = cluster, type = "CR2"); s <- coef_test(g, vcov = v, test = "Satterthwaite")
  add(paste("cr2", name, sep = "."), cov = num(v), df = num(s$df_Satt))
}
x <- apiclus2; x$w <- x$pw / mean(x$pw)
cr2("plain.linear", glm(api00 ~ ell + meals + stype, data = x, weights = w), x$dnum)
cr2("plain.logistic", suppressWarnings(glm(I(awards == "Yes") ~ ell + meals, data = x, weights = w, family = quasibinomial(), control = list(epsilon = 1e-14))), x$dnum)
y <- apisrs; y$w <- y$pw / mean(y$pw)
cr2("srs.linear", glm(api00 ~ ell + meals + stype, data = y, weights = w), seq_len(nrow(y)))
write_json(list(generator = paste("R", getRversion(), "survey", packageVersion("survey"), "clubSandwich", packageVersion("clubSandwich")), values = values),
           stdout(), auto_unbox = TRUE, digits = I(17), pretty = FALSE)
