"""Writes goldens.json: inputs and the answers of other implementations.

    python -m venv V && V/bin/pip install -r requirements.txt && V/bin/python make_goldens.py --write

Peers: statsmodels (GLM, proportions), scipy (Laplace likelihood by general optimisers), numpy (AIPW
row by row), mpmath at 50 digits (special functions). Without --write it only compares with the
file that is there.
"""

import json
import math
import pathlib
import sys

import mpmath
import numpy
import scipy
import scipy.optimize
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

mpmath.mp.dps = 60
TARGET = pathlib.Path(__file__).with_name("goldens.json")


def design(rng, cells):
    """Intercept, a factor of four levels, three flags: rows as lists of columns with a one."""
    rows = []
    for cell in range(cells):
        row = [0]
        level = cell % 4
        if level:
            row.append(level)
        row += [4 + k for k in range(3) if rng.random() < 0.4]
        rows.append(row)
    dense = numpy.zeros((cells, 7))
    for r, row in enumerate(rows):
        dense[r, row] = 1
    return rows, dense


def poisson(rng):
    rows, x = design(rng, 80)
    exposure = numpy.round(rng.gamma(2, 30, 80), 3)
    effect = numpy.array([-1.6, 0.3, -0.4, 0.1, 0.7, 0.2, 0.5])
    response = rng.poisson(exposure * numpy.exp(x @ effect)) + numpy.round(rng.random(80), 3)
    out = {"rows": rows, "exposure": exposure, "response": response, "links": []}
    for exponent in (0.0, 0.5, 1.0):
        # Box-Cox eta is (mu^g - 1)/g, the peer's power link is mu^g: a linear change of
        # coefficients, in which only the intercept is shifted.
        link = sm.families.links.Log() if exponent == 0 else sm.families.links.Power(exponent)
        # Exposure as weights on rates is the same likelihood, and works for every link.
        model = sm.GLM(
            response / exposure, x,
            family=sm.families.Poisson(link=link, check_link=False),
            var_weights=exposure)
        start = None if exponent == 0 else numpy.r_[0.2**exponent, numpy.zeros(6)]
        fit = model.fit(maxiter=500, tol=1e-14, tol_criterion="params", start_params=start)
        scale = exponent if exponent else 1.0
        coefficients = fit.params / scale
        if exponent:
            coefficients[0] = (fit.params[0] - 1) / exponent
        mean = exposure * fit.mu
        ll = sum(
            y * math.log(m) - m - math.lgamma(y + 1) for y, m in zip(response, mean))
        out["links"].append({
            "exponent": exponent, "coefficients": coefficients,
            "standardErrors": numpy.sqrt(numpy.diag(fit.cov_params(scale=1.0))) / scale,
            "logLikelihood": ll})
    return out


def logistic(rng):
    rows, x = design(rng, 80)
    trials = rng.integers(5, 60, 80).astype(float)
    effect = numpy.array([-1.0, 0.5, -0.6, 0.2, 0.9, -0.3, 0.4])
    successes = rng.binomial(trials.astype(int), 1 / (1 + numpy.exp(-x @ effect))).astype(float)
    fit = sm.GLM(
        numpy.c_[successes, trials - successes], x, family=sm.families.Binomial()
    ).fit(maxiter=200, tol=1e-14, tol_criterion="params")
    return {
        "rows": rows, "trials": trials, "successes": successes, "coefficients": fit.params,
        "standardErrors": fit.bse, "logLikelihood": fit.llf}


def laplace_objective(parameters, x, groups, count, successes, trials):
    beta, sigma = parameters[:-1], parameters[-1]
    eta0 = x @ beta
    total = 0.0
    for g in range(count):
        mask = groups == g
        e, s, n = eta0[mask], successes[mask], trials[mask]

        def negative(b):
            eta = e + sigma * b
            return -(s @ eta - n @ numpy.logaddexp(0, eta)) + b * b / 2

        b = 0.0
        for _ in range(100):
            p = 1 / (1 + numpy.exp(-(e + sigma * b)))
            step = (sigma * (s - n * p).sum() - b) / (1 + sigma**2 * (n * p * (1 - p)).sum())
            b += step
            if abs(step) < 1e-14:
                break
        p = 1 / (1 + numpy.exp(-(e + sigma * b)))
        total += -negative(b) - 0.5 * math.log1p(sigma**2 * (n * p * (1 - p)).sum())
    return -total


def random_intercept(rng):
    count = 30
    rows, x = design(rng, 120)
    groups = rng.integers(0, count, 120)
    trials = rng.integers(3, 25, 120).astype(float)
    intercepts = rng.normal(0, 0.8, count)
    effect = numpy.array([-1.0, 0.5, -0.6, 0.2, 0.9, -0.3, 0.4])
    p = 1 / (1 + numpy.exp(-(x @ effect + intercepts[groups])))
    successes = rng.binomial(trials.astype(int), p).astype(float)
    arguments = (x, groups, count, successes, trials)
    point = numpy.r_[effect, 0.8]
    for _ in range(3):
        point = scipy.optimize.minimize(
            laplace_objective, point, args=arguments, method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000}).x
        point = scipy.optimize.minimize(
            laplace_objective, point, args=arguments, method="BFGS", options={"gtol": 1e-7}).x
    constant = sum(
        math.lgamma(n + 1) - math.lgamma(s + 1) - math.lgamma(n - s + 1)
        for s, n in zip(successes, trials))
    return {
        "rows": rows, "groups": groups, "groupCount": count, "trials": trials,
        "successes": successes, "coefficients": point[:-1], "standardDeviation": abs(point[-1]),
        "logLikelihood": constant - laplace_objective(point, *arguments)}


def aipw(rng):
    """Row by row with numpy: logistic propensity, Poisson outcomes, influence functions."""
    rows, x = design(rng, 24)
    n = 1500
    cell = rng.integers(0, 24, n)
    xr = x[cell]
    a = rng.binomial(1, 1 / (1 + numpy.exp(-(xr @ [-0.5, 0.4, -0.3, 0.2, 0.5, -0.4, 0.3]))))
    y = rng.poisson(
        numpy.exp(xr @ [-0.8, 0.3, 0.2, -0.2, 0.4, 0.3, -0.1] + 0.4 * a)).astype(float)
    e = sm.GLM(a, xr, family=sm.families.Binomial()).fit(tol=1e-14, tol_criterion="params")
    out = {"rows": rows, "cell": cell, "treated": a, "outcome": y, "effects": []}
    for outcome_model in ("poisson", "linear"):
        family = sm.families.Poisson() if outcome_model == "poisson" else sm.families.Gaussian()
        m = [sm.GLM(y[a == arm], xr[a == arm], family=family)
             .fit(tol=1e-14, tol_criterion="params").predict(xr) for arm in (0, 1)]
        p = e.predict(xr)
        psi = m[1] - m[0] + a * (y - m[1]) / p - (1 - a) * (y - m[0]) / (1 - p)
        ate = psi.mean()
        out["effects"].append({
            "model": outcome_model, "estimand": "ate", "estimate": ate,
            "standardError": math.sqrt(((psi - ate) ** 2).sum()) / n})
        share = a.mean()
        core = a * (y - m[0]) - (1 - a) * p / (1 - p) * (y - m[0])
        att = core.mean() / share
        phi = (core - a * att) / share
        out["effects"].append({
            "model": outcome_model, "estimand": "att", "estimate": att,
            "standardError": math.sqrt((phi**2).sum()) / n})
    return out


def incomplete_gamma(a, x):
    """P and Q by the series of positive terms, with digits to spare for 1 - P."""
    with mpmath.workdps(350):
        smallest = mpmath.mpf(10) ** -345
        term = total = mpmath.mpf(1)
        k = 0
        while term > total * smallest:
            k += 1
            term *= mpmath.mpf(x) / (mpmath.mpf(a) + k)
            total += term
        lower = total * mpmath.exp(
            a * mpmath.log(x) - x - mpmath.loggamma(mpmath.mpf(a) + 1))
        return lower, 1 - lower


def incomplete_beta(a, b, x):
    """I_x(a, b) by the series of positive terms x^k (a + b)_k / (a + 1)_k."""
    a, b, x = mpmath.mpf(a), mpmath.mpf(b), mpmath.mpf(x)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    smallest = mpmath.mpf(10) ** -45
    term = total = mpmath.mpf(1)
    k = 0
    while term > total * smallest:
        term *= (a + b + k) / (a + 1 + k) * x
        total += term
        k += 1
    return total * mpmath.exp(
        a * mpmath.log(x) + b * mpmath.log(1 - x) - mpmath.log(a) - mpmath.loggamma(a)
        - mpmath.loggamma(b) + mpmath.loggamma(a + b))


def special():
    out = {}
    points = [1e-6, 0.01, 0.3, 1, 1.4616, 2.5, 7.9, 12, 55.5, 1e4, 1e9, -0.5, -3.7]
    out["digamma"] = [[x, float(mpmath.digamma(x))] for x in points]
    out["trigamma"] = [[x, float(mpmath.psi(1, x))] for x in points]
    out["log_rising_factorial"] = [
        [a, n, float(mpmath.loggamma(mpmath.mpf(a) + n) - mpmath.loggamma(a))]
        for a in (1e-8, 0.3, 4.5, 9.99, 30, 1e6, 1e12) for n in (0, 1, 5, 16, 17, 400, 100000)]
    gamma = []
    for a in (0.1, 0.5, 1, 3.3, 9, 10.5, 60, 1000, 20000):
        for factor in (0.01, 0.5, 0.95, 1.0, 1.05, 2.0):
            x = a * factor
            lower, upper = incomplete_gamma(a, x)
            if min(lower, upper) > 1e-280:
                gamma.append([a, x, float(lower), float(upper)])
    out["regularized_gamma"] = gamma
    beta = []
    for a in (0.2, 0.5, 1, 2.5, 9, 12, 150, 5000):
        for b in (0.3, 1, 4, 30, 2000):
            for z in (-6, -1, 0, 1, 6):
                mean = a / (a + b)
                sd = math.sqrt(mean * (1 - mean) / (a + b + 1))
                x = mean + z * sd
                if 0 < x < 1:
                    value = incomplete_beta(a, b, x)
                    if value > 1e-250:
                        beta.append([x, a, b, float(value)])
    out["regularized_beta"] = beta
    out["normal_quantile"] = [
        [p, float(mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1))]
        for p in (1e-10, 0.001, 0.025, 0.07, 0.3, 0.5, 0.6, 0.93, 0.975, 0.9999)]
    out["student_two_sided"] = []
    for df in (1, 2, 3.5, 10, 120, 1000):
        for t in (0.01, 0.7, 2, 5, 40):
            x = mpmath.mpf(df) / (df + mpmath.mpf(t) ** 2)
            value = incomplete_beta(mpmath.mpf(df) / 2, 0.5, x)
            out["student_two_sided"].append([t, df, float(value)])
    out["fisher_upper"] = []
    for m, n, x in ((1, 10, 4.96), (3, 20, 0.2), (5, 2, 19.3), (12, 500, 2.2), (40, 1e4, 1.9)):
        y = mpmath.mpf(n) / (n + mpmath.mpf(m) * x)
        value = incomplete_beta(mpmath.mpf(n) / 2, mpmath.mpf(m) / 2, y)
        out["fisher_upper"].append([x, m, n, float(value)])
    return out


def wilson():
    return [
        [s, n, *map(float, proportion_confint(s, n, alpha=0.05, method="wilson"))]
        for s, n in ((0, 10), (1, 10), (5, 17), (50, 100), (999, 1000), (7, 7))]


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, numpy.generic):
        return value.item()
    return value


def main():
    goldens = plain({
        "versions": {
            "python": sys.version.split()[0], "mpmath": mpmath.__version__,
            "numpy": numpy.__version__, "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__},
        "poisson": poisson(numpy.random.default_rng(11)),
        "logistic": logistic(numpy.random.default_rng(12)),
        "randomIntercept": random_intercept(numpy.random.default_rng(13)),
        "aipw": aipw(numpy.random.default_rng(14)),
        "special": special(),
        "wilson": wilson(),
    })
    text = json.dumps(goldens, separators=(",", ":"))
    if "--write" in sys.argv[1:]:
        TARGET.write_text(text + "\n")
    elif json.loads(TARGET.read_text()) != json.loads(text):
        sys.exit("goldens.json differs from what this environment gives")


if __name__ == "__main__":
    main()
