# Writes mixed.json: generated data and the answers of lme4 and glmmTMB on it.
#
#   LC_ALL=C Rscript make_mixed_goldens.R --write
#
# Without --write it only compares with the file that is there. glmer's inner iterations stop at
# tolPwrss = 1e-7 by default, which leaves 1e-3 in a deviance; here they go on to 1e-13. Searches
# without derivatives (bobyqa) go on to 1e-8 of their parameters.
suppressMessages({library(lme4); library(glmmTMB); library(jsonlite)})
set.seed(20261122, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

control <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5),
                        tolPwrss = 1e-13)
answer <- function(m, theta) list(
  logLikelihood = as.numeric(logLik(m)), theta = unname(theta),
  coefficients = unname(if (inherits(m, "glmmTMB")) fixef(m)$cond else fixef(m)),
  standardErrors = unname(sqrt(diag(as.matrix(if (inherits(m, "glmmTMB")) vcov(m)$cond else vcov(m))))))
lme4Answer <- function(m) answer(m, getME(m, "theta"))
# Standard deviations, which are theta for terms of one intercept each.
tmbAnswer <- function(m) answer(m, sapply(VarCorr(m)$cond, function(v) sqrt(v[1, 1])))

crossed <- function() {
  n <- 700
  d <- data.frame(staff = sample(0:39, n, TRUE), system = sample(0:11, n, TRUE),
                  flag = rbinom(n, 1, 0.3), x = round(rnorm(n), 2), trials = 1 + rpois(n, 3))
  eta <- -1 + 0.8 * d$flag - 0.3 * d$x + rnorm(40, 0, 0.5)[d$staff + 1] + rnorm(12, 0, 0.7)[d$system + 1]
  d$y <- rbinom(n, d$trials, plogis(eta))
  f <- cbind(y, trials - y) ~ flag + x + (1 | staff) + (1 | system)
  list(data = as.list(d),
       laplace = lme4Answer(glmer(f, d, binomial, control = control)),
       fast = lme4Answer(glmer(f, d, binomial, nAGQ = 0, control = control)),
       tmb = tmbAnswer(glmmTMB(f, d, family = binomial)),
       probit = tmbAnswer(glmmTMB(f, d, family = binomial("probit"))),
       cloglog = tmbAnswer(glmmTMB(f, d, family = binomial("cloglog"))))
}

counts <- function() {
  n <- 500
  d <- data.frame(shop = sample(0:24, n, TRUE), x = round(runif(n, -1, 1), 2),
                  exposure = round(rgamma(n, 4, 2), 2) + 0.1)
  d$team <- d$shop * 3 + sample(0:2, n, TRUE)
  eta <- 0.4 + 0.6 * d$x + rnorm(25, 0, 0.4)[d$shop + 1] + rnorm(25, 0, 0.5)[d$shop + 1] * d$x +
    rnorm(75, 0, 0.3)[d$team + 1] + log(d$exposure)
  d$y <- rpois(n, exp(eta))
  f <- y ~ x + offset(log(exposure)) + (1 + x | shop) + (1 | team)
  list(data = as.list(d), laplace = lme4Answer(glmer(f, d, poisson, control = control)))
}

goldens <- list(
  versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4")),
                  glmmTMB = as.character(packageVersion("glmmTMB"))),
  crossed = crossed(), counts = counts())
text <- toJSON(goldens, auto_unbox = TRUE, digits = 15)
if ("--write" %in% commandArgs(TRUE)) {
  writeLines(text, "mixed.json")
} else {
  known <- fromJSON("mixed.json", simplifyVector = TRUE)
  stopifnot(isTRUE(all.equal(known, fromJSON(text, simplifyVector = TRUE), tolerance = 1e-6)))
}
