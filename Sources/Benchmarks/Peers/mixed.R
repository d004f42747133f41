# Mixed models with crossed effects by lme4 and glmmTMB.
#
#   Rscript mixed.R linear|laplace|fast FILE ROWS
#
# Reads the columns once, says "ready", then answers each line "run" with the time of a fit and with
# coefficients, theta and the deviance (or REML criterion), and the scale of each to compare it by.
arguments <- commandArgs(TRUE)
job <- arguments[1]
rows <- as.integer(arguments[3])
names <- if (job == "linear") c("y", "service", "s", "d", "dept") else
  c("y", "mispredict", "timeout", "voice", "z", "staff", "system")
numbers <- readBin(arguments[2], "double", rows * length(names), endian = "little")
rated <- as.data.frame(matrix(numbers, rows, dimnames = list(NULL, names)))
for (name in intersect(names, c("service", "s", "d", "dept", "staff", "system")))
  rated[[name]] <- factor(rated[[name]])
suppressMessages(if (job == "laplace") library(glmmTMB) else library(lme4))

crossed <- y ~ mispredict + timeout + voice + z + (1 | staff) + (1 | system)
fit <- switch(job,
  linear = function() lmer(y ~ service + (1 | s) + (1 | d) + (1 | dept:service), rated),
  laplace = function() glmmTMB(crossed, rated, family = binomial),
  fast = function() glmer(crossed, rated, binomial, nAGQ = 0))
package <- if (job == "laplace") "glmmTMB" else "lme4"

values <- function(model) {
  if (job == "laplace") {
    beta <- fixef(model)$cond
    errors <- sqrt(diag(vcov(model)$cond))
    theta <- exp(getME(model, "theta"))
  } else {
    beta <- fixef(model)
    errors <- sqrt(diag(as.matrix(vcov(model))))
    theta <- getME(model, "theta")
  }
  deviance <- if (job == "linear") REMLcrit(model) else -2 * as.numeric(logLik(model))
  unname(c(beta, theta, deviance, errors, theta, 1))
}

input <- file("stdin", "r")
cat("ready\n")
flush(stdout())
while (length(line <- readLines(input, 1)) == 1) {
  if (line != "run") next
  seconds <- system.time(model <- fit())[["elapsed"]]
  answer <- values(model)
  note <- sprintf("%s %s, R %s: deviance %.6f", package, packageVersion(package),
    getRversion(), answer[length(answer) / 2])
  if (job != "laplace") note <- sprintf("%s, %d evaluations", note, model@optinfo$feval)
  cat(sprintf('{"peer": "%s", "seconds": %.4f, "values": [%s], "notes": ["%s"]}\n', package,
    seconds, paste(sprintf("%.15g", answer), collapse = ", "), note))
  flush(stdout())
}
