# Writes table.csv, designs.json and fits.json: data of our own and R's answers on them.
#
#   LC_ALL=C Rscript make_goldens.R --write
#
# Peers: R's model.matrix, lm and glm, MASS::glm.nb, sandwich (vcovHC, vcovCL). Without --write it
# only compares with the files that are there. The versions are in fits.json.
suppressMessages({library(jsonlite); library(sandwich); library(MASS)})
stopifnot(Sys.getlocale("LC_COLLATE") == "C")
args <- commandArgs(FALSE)
folder <- dirname(sub("--file=", "", args[grep("--file=", args)]))
write <- "--write" %in% args

set.seed(20261122, kind = "Mersenne-Twister", normal.kind = "Inversion")
n <- 240
d <- data.frame(
  x = round(rnorm(n), 3), z = round(runif(n, 0.5, 4), 3),
  a = sample(c("p", "q", "r", "s"), n, TRUE, c(4, 3, 2, 1)),
  b = sample(c("FALSE", "TRUE"), n, TRUE), k = sample(1:3, n, TRUE),
  g = sample(sprintf("c%02d", 1:30), n, TRUE), h = sample(sprintf("t%d", 1:8), n, TRUE),
  w = round(runif(n, 0.5, 3), 2), e = round(runif(n, 1, 10), 2), stringsAsFactors = FALSE)
eta <- 0.3 + 0.5 * d$x - 0.4 * log(d$z) + c(p = 0, q = 0.5, r = -0.6, s = 0.2)[d$a] +
  0.3 * (d$b == "TRUE")
d$trials <- sample(1:12, n, TRUE)
d$wins <- rbinom(n, d$trials, plogis(eta)); d$losses <- d$trials - d$wins
d$yes <- rbinom(n, 1, plogis(eta))
d$count <- rpois(n, d$e * exp(eta - 1)); d$over <- rnbinom(n, size = 1.7, mu = exp(eta + 0.6))
d$time <- round(rgamma(n, 2.5, scale = exp(eta) / 2.5), 6); d$time[d$time == 0] <- 1e-6
d$y <- round(eta + rnorm(n) * (0.4 + 0.3 * d$z), 4)
d$x[c(7, 50)] <- NA; d$a[c(13, 50)] <- NA; d$y[20] <- NA; d$g[30] <- NA

strict <- glm.control(epsilon = 1e-15, maxit = 200)
designs <- lapply(list(
  "y ~ x", "y ~ a", "y ~ 0 + a", "y ~ 0 + a + b", "y ~ a*b", "y ~ a:b", "y ~ a + a:b", "y ~ a:x",
  "y ~ x + a:x", "y ~ x*a", "y ~ 0 + x:a", "y ~ a/b", "y ~ (a + b + x)^2", "y ~ a*b*x - a:b:x",
  "y ~ a + a:b:x", "y ~ poly(x, 3)", "y ~ poly(z, 2)*b", "y ~ b*poly(z, 2)", "y ~ b:poly(x, 2)",
  "y ~ factor(k)", "y ~ factor(k)*x", "y ~ I(x^2) + log(z) + exp(x) + sqrt(z)", "y ~ I(x + z/2)",
  "y ~ x - 1", "y ~ a*x - x", "y ~ a + x + offset(log(e))", "y ~ poly(x, 2, raw = TRUE)",
  "y ~ b + a:b", "y ~ x:z + a", "y ~ k + factor(k):b", "y ~ I((x - 1)^2)", "y ~ a - a + x"),
  function(text) {
    f <- as.formula(text); m <- model.frame(f, d[complete.cases(d[all.vars(f)]), ])
    X <- model.matrix(f, m)
    list(formula = text, names = colnames(X), assign = attr(X, "assign"), rows = nrow(X),
      first = unname(split(X[1:20, , drop = FALSE], 1:20)), sums = unname(colSums(X)),
      squares = unname(colSums(X^2)))
  })

answer <- function(name, f, extra = list()) {
  co <- coef(f); keep <- !is.na(co); s <- summary(f)
  V <- if (inherits(f, "negbin")) summary(f, dispersion = 1)$cov.scaled else vcov(f)
  V <- V[keep, keep]
  out <- list(name = name, terms = names(co)[keep], dropped = as.list(names(co)[!keep]),
    estimate = unname(co[keep]), se = unname(sqrt(diag(V))), deviance = deviance(f),
    n = nobs(f), df = df.residual(f))
  if (!inherits(f, "lm") || inherits(f, "glm")) {
    out$null_deviance <- f$null.deviance
    out$dispersion <- if (inherits(f, "negbin")) 1 else s$dispersion
  } else out$dispersion <- s$sigma^2
  ll <- as.numeric(logLik(f)); if (!is.na(ll)) { out$loglik <- ll; out$aic <- AIC(f) }
  for (t in c("HC0", "HC1", "HC2", "HC3")) out[[t]] <- unname(sqrt(diag(vcovHC(f, type = t))[names(co)[keep]]))
  c(out, extra)
}
cluster <- function(f, data) {
  k <- sum(!is.na(coef(f))); n <- nobs(f)
  # sandwich's cluster covariance without corrections, times G/(G-1) (n-1)/(n-k) by dimension.
  by <- function(c) {
    G <- length(unique(c))
    vcovCL(f, cluster = c, type = "HC0", cadjust = FALSE) * G / (G - 1) * (n - 1) / (n - k)
  }
  both <- by(data$g) + by(data$h) - by(paste(data$g, data$h))
  # Negative eigenvalues at zero, as in Cameron, Gelbach & Miller 2011.
  own <- eigen(both, symmetric = TRUE)
  both <- own$vectors %*% diag(pmax(own$values, 0)) %*% t(own$vectors)
  list(cluster_g = unname(sqrt(diag(by(data$g)))), cluster_gh = unname(sqrt(diag(both))))
}
ok <- d[complete.cases(d[c("x", "a", "g")]), ]
fit <- function(name, ...) {
  f <- eval(as.call(c(quote(glm), as.list(substitute(list(...)))[-1], data = quote(ok), control = quote(strict))))
  answer(name, f, cluster(f, ok))
}
lmok <- ok[complete.cases(ok$y), ]
lm1 <- lm(y ~ x * a + log(z), lmok); lm2 <- lm(y ~ x + a + b, lmok, weights = w)
lm3 <- lm(y ~ x + I(2 * x) + a + b + z, lmok)
nb <- glm.nb(over ~ x + a + b + log(z), ok, control = strict)
nbw <- glm.nb(over ~ x + b + offset(log(e)), ok, weights = w, control = strict)
nbs <- glm.nb(over ~ z + b, ok, link = sqrt, control = strict)
nbi <- glm.nb(over ~ b, ok, link = identity, control = strict)
fits <- list(
  answer("lm interaction", lm1, cluster(lm1, lmok)), answer("lm weights", lm2, cluster(lm2, lmok)),
  answer("lm dropped", lm3),
  fit("logit", yes ~ x + a + b + log(z), family = binomial),
  fit("logit counts", cbind(wins, losses) ~ x * b + a, family = binomial),
  fit("logit proportions", wins / trials ~ x + a, weights = trials, family = binomial),
  fit("probit", yes ~ x + a + b, family = binomial("probit")),
  fit("cloglog", cbind(wins, losses) ~ x + a, family = binomial("cloglog")),
  fit("quasibinomial", cbind(wins, losses) ~ x + a, family = quasibinomial),
  fit("poisson", count ~ x + a + b + offset(log(e)), family = poisson),
  fit("poisson weights", count ~ x + a, weights = w, family = poisson),
  fit("poisson sqrt", count ~ z + e, family = poisson("sqrt")),
  fit("poisson identity", count ~ e, family = poisson("identity")),
  fit("quasipoisson", count ~ x + a + offset(log(e)), family = quasipoisson),
  fit("gamma", time ~ x + a, family = Gamma("log")),
  fit("gamma inverse", time ~ b, family = Gamma("inverse")),
  fit("gaussian log", time ~ x + b, family = gaussian("log")),
  answer("negative binomial", nb, c(list(theta = nb$theta), cluster(nb, ok))),
  answer("negative binomial weights", nbw, list(theta = nbw$theta)),
  fit("binomial log", cbind(wins, losses) ~ z + b, family = binomial("log")),
  fit("binomial identity", cbind(wins, losses) ~ z + b, family = binomial("identity")),
  fit("quasibinomial probit", cbind(wins, losses) ~ x + a, family = quasibinomial("probit")),
  fit("quasibinomial cloglog", cbind(wins, losses) ~ x + a, family = quasibinomial("cloglog")),
  fit("gaussian inverse", time ~ b + z, family = gaussian("inverse")),
  fit("gamma identity", time ~ b + z, family = Gamma("identity")),
  fit("quasipoisson sqrt", count ~ z + e, family = quasipoisson("sqrt")),
  answer("negative binomial sqrt", nbs, c(list(theta = nbs$theta), cluster(nbs, ok))),
  answer("negative binomial identity", nbi, c(list(theta = nbi$theta), cluster(nbi, ok))))

versions <- list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich")),
  MASS = as.character(packageVersion("MASS")))
files <- list("designs.json" = designs, "fits.json" = list(versions = versions, fits = fits))
if (write) write.csv(d, file.path(folder, "table.csv"), row.names = FALSE, quote = FALSE)
for (file in names(files)) {
  text <- toJSON(files[[file]], auto_unbox = TRUE, digits = I(17), na = "null")
  path <- file.path(folder, file)
  if (write) writeLines(text, path)
  else cat(file, if (identical(text[1], readLines(path)[1])) "is the same" else "DIFFERS", "\n")
}
