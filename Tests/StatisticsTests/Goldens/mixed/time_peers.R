# Times lme4 and glmmTMB on the shapes that the mixed models are measured by, with the answers.
#
#   Rscript time_peers.R lmm                      InstEval, as lme4 has it
#   Rscript time_peers.R laplace|fast|tmb ROWS.csv   y,mispredict,timeout,voice,z,staff,system
suppressMessages({library(lme4); library(glmmTMB)})
arguments <- commandArgs(TRUE)
show <- function(seconds, ...) cat(sprintf("%.3f s", seconds[["elapsed"]]), sprintf("%.8f", c(...)), "\n")
if (arguments[1] == "lmm") {
  t <- system.time(m <- lmer(y ~ service + (1 | s) + (1 | d) + (1 | dept:service), InstEval))
  show(t, REMLcrit(m), getME(m, "theta"), sigma(m), fixef(m))
} else {
  d <- read.csv(arguments[2])
  d$staff <- factor(d$staff)
  d$system <- factor(d$system)
  f <- y ~ mispredict + timeout + voice + z + (1 | staff) + (1 | system)
  t <- system.time(m <- switch(arguments[1],
    laplace = glmer(f, d, binomial), fast = glmer(f, d, binomial, nAGQ = 0),
    tmb = glmmTMB(f, d, family = binomial)))
  show(t, logLik(m), if (arguments[1] == "tmb") fixef(m)$cond else fixef(m))
}
