"""Writes goldens.json: data and the answers of DoubleML, statsmodels and PySensemakr.

    python -m venv V && V/bin/pip install -r requirements.txt && V/bin/python make_goldens.py --write

Without --write it only compares with the file that is there.
"""

import json
import pathlib
import sys
import warnings

import numpy
import doubleml
import statsmodels.api as sm
from doubleml.utils import PSProcessorConfig
from sensemakr.sensitivity_statistics import robustness_value
from sklearn.linear_model import LinearRegression, LogisticRegression

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).with_name("goldens.json")
BOUND = 1e-3


def logit(v):
    return 1 / (1 + numpy.exp(-v))


def unpenalised():
    return LogisticRegression(C=numpy.inf, solver="newton-cholesky", tol=1e-13, max_iter=500)


def weighting():
    rng = numpy.random.default_rng(5)
    n, folds = 600, 4
    x = numpy.round(rng.normal(size=(n, 4)), 3)
    x[:, 2:] = x[:, 2:] > 0.4
    treated = (rng.random(n) < logit(x @ [0.6, -0.4, 0.7, -0.3] - 0.2)).astype(float)
    number = numpy.round(1 + x @ [0.5, 0.3, -0.6, 0.2] + 0.5 * treated + rng.normal(size=n), 3)
    event = (rng.random(n) < logit(-1 + x @ [0.5, 0.3, -0.6, 0.2] + 0.6 * treated)).astype(float)
    fold = rng.permutation(n) % folds
    split = [(numpy.flatnonzero(fold != k), numpy.flatnonzero(fold == k)) for k in range(folds)]
    effects = []
    for model, y in (("linear", number), ("logistic", event)):
        for score, estimand in (("ATE", "ate"), ("ATTE", "att")):
            data = doubleml.DoubleMLData.from_arrays(x, y, treated)
            learner = LinearRegression() if model == "linear" else unpenalised()
            fit = doubleml.DoubleMLIRM(
                data, learner, unpenalised(), n_folds=folds, score=score, draw_sample_splitting=False,
                ps_processor_config=PSProcessorConfig(clipping_threshold=BOUND))
            fit.set_sample_splitting([split])
            fit.fit()
            effects.append({
                "model": model, "estimand": estimand, "estimate": fit.coef[0],
                "standardError": fit.se[0]})
    return {"columns": x.T, "treatment": treated, "number": number, "event": event, "fold": fold,
            "folds": folds, "bound": BOUND, "effects": effects}


def marginal():
    """Average marginal effects of a fitted model: of a number (slope) and of a flag (contrast)."""
    rng = numpy.random.default_rng(8)
    n = 250
    x = numpy.column_stack([numpy.ones(n), numpy.round(rng.normal(size=n), 3), rng.random(n) < 0.4])
    x = x.astype(float)
    cases = []
    for link, family, y in (
        ("logit", sm.families.Binomial(), rng.random(n) < logit(x @ [-0.5, 0.8, 0.6])),
        ("probit", sm.families.Binomial(sm.families.links.Probit()),
         rng.random(n) < logit(x @ [-0.5, 0.8, 0.6])),
        ("cloglog", sm.families.Binomial(sm.families.links.CLogLog()),
         rng.random(n) < logit(x @ [-0.5, 0.8, 0.6])),
        ("log", sm.families.Poisson(), rng.poisson(numpy.exp(x @ [-0.2, 0.4, 0.5]))),
        ("identity", sm.families.Gaussian(), x @ [1, 2, 3] + rng.normal(size=n)),
    ):
        fit = sm.GLM(numpy.asarray(y, float), x, family=family).fit(tol=1e-13, maxiter=200)
        covariance = fit.cov_params()
        inverse = fit.model.family.link.inverse
        slope = fit.model.family.link.inverse_deriv

        def effect(beta):
            one, none = x.copy(), x.copy()
            one[:, 2], none[:, 2] = 1, 0
            return numpy.array([
                numpy.mean(slope(x @ beta) * beta[1]),
                numpy.mean(inverse(one @ beta) - inverse(none @ beta))])

        beta = fit.params
        steps = numpy.eye(3) * 1e-5
        jacobian = numpy.column_stack([
            (8 * (effect(beta + s) - effect(beta - s)) - (effect(beta + 2 * s) - effect(beta - 2 * s)))
            / 12e-5 for s in steps])
        error = numpy.sqrt(numpy.diag(jacobian @ covariance @ jacobian.T))
        cases.append({"link": link, "coefficients": beta, "covariance": covariance.reshape(-1),
                      "effects": effect(beta), "standardErrors": error})
    return {"columns": x.T, "cases": cases}


def fractions():
    """Fractions of a logistic model with a continuous column, one exposure in two columns and their
    product; influence-function errors by the delta method on stacked estimating equations."""
    rng = numpy.random.default_rng(12)
    n = 800
    z = numpy.round(rng.normal(size=n), 2)
    a, b, c = (rng.random(n) < p for p in (0.3, 0.2, 0.25))
    x = numpy.column_stack([numpy.ones(n), z, a, b, c, a & b]).astype(float)
    y = (rng.random(n) < logit(x @ [-1.6, 0.4, 0.7, 0.5, 0.9, 0.4])).astype(float)
    exposures = [[2, 5], [3, 5], [4]]
    fit = sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=1e-13, maxiter=200)
    beta = fit.params

    def without(removed, beta):
        zero = x.copy()
        for exposure in removed:
            zero[:, exposures[exposure]] = 0
        return logit(zero @ beta)

    def all_fractions(beta, weights, y_mean):
        m = {s: numpy.average(without([i for i in range(3) if s >> i & 1], beta), weights=weights)
             for s in range(8)}
        v = {s: 1 - m[s] / y_mean for s in m}
        marginal = [v[1 << i] for i in range(3)]
        sequential = [v[1], v[3] - v[1], v[7] - v[3]]
        size = [bin(s).count("1") for s in range(8)]
        share = [2, 1, 2]
        average = [sum(share[size[s]] / 6 * (v[s | 1 << i] - v[s]) for s in range(8) if not s >> i & 1)
                   for i in range(3)]
        return numpy.array(marginal + sequential + average + [v[7]])

    base = all_fractions(beta, numpy.ones(n), y.mean())
    # Each row's influence by refitting with its weight raised and lowered.
    influence = numpy.empty((n, len(base)))
    h = 0.01
    for i in range(n):
        values = []
        for d in (h, -h):
            w = numpy.ones(n)
            w[i] += d
            refit = sm.GLM(y, x, family=sm.families.Binomial(), freq_weights=w).fit(
                start_params=beta, tol=1e-13, maxiter=50)
            values.append(all_fractions(refit.params, w, numpy.average(y, weights=w)))
        influence[i] = n * (values[0] - values[1]) / (2 * h)
    counts = rng.multinomial(n, numpy.full(n, 1 / n), size=3)
    replicates = []
    for w in counts:
        w = w.astype(float)
        refit = sm.GLM(y, x, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-13, maxiter=200)
        replicates.append(all_fractions(refit.params, w, numpy.average(y, weights=w)))
    return {"columns": x.T, "response": y, "exposures": exposures, "coefficients": beta,
            "fractions": base, "standardErrors": numpy.sqrt((influence**2).sum(0)) / n,
            "weights": counts, "replicates": replicates}


def robustness():
    cases = []
    for t, dof in ((4.18445, 783), (-2.6, 58), (1.1, 200), (60.0, 30)):
        for q, alpha in ((1.0, 1.0), (0.5, 1.0), (1.0, 0.05)):
            cases.append([t, dof, q, alpha,
                          float(robustness_value(t_statistic=t, dof=dof, q=q, alpha=alpha).iloc[0])])
    return cases


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value


def main():
    out = plain({"peers": {"DoubleML": doubleml.__version__, "numpy": numpy.__version__},
                 "weighting": weighting(), "marginal": marginal(), "fractions": fractions(),
                 "robustness": robustness()})
    text = json.dumps(out, separators=(",", ":")) + "\n"
    if "--write" in sys.argv:
        TARGET.write_text(text)
        print(f"{TARGET.name}: {len(text)} bytes")
    elif json.loads(TARGET.read_text()) != json.loads(text):
        sys.exit("the peers' answers differ from goldens.json")


main()
