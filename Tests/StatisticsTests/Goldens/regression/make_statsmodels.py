"""Writes statsmodels.json: statsmodels' coefficients and errors on table.csv.

    python make_statsmodels.py --write

Canonical links only: for others the peer takes the observed information where R's sandwich and we
take the expected one. Where two-way clusters give negative eigenvalues they are raised to zero
(Cameron, Gelbach & Miller 2011), which the peer does not do itself. Without --write it only compares
with the file that is there.
"""

import json
import pathlib
import sys

import numpy
import pandas
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf

FOLDER = pathlib.Path(__file__).parent
TARGET = FOLDER / "statsmodels.json"

table = pandas.read_csv(FOLDER / "table.csv", dtype={"b": str}).dropna(subset=["x", "a", "g"])
table = table.reset_index(drop=True)
groups = numpy.column_stack([pandas.factorize(table["g"])[0], pandas.factorize(table["h"])[0]])


def named(term):
    """A column's name as R has it."""
    term = {"Intercept": "(Intercept)"}.get(term, term).replace("numpy.", "")
    return term.replace("[T.", "").replace("]", "")


def raised(matrix):
    """Standard errors of a covariance with its negative eigenvalues at zero."""
    values, vectors = numpy.linalg.eigh(numpy.asarray(matrix))
    return numpy.sqrt(numpy.diag((vectors * values.clip(0)) @ vectors.T))


def fit(name, formula, family, **options):
    model = smf.glm(formula, table, family=family, **options)
    strict = {"maxiter": 200, "tol": 1e-14, "tol_criterion": "params"}
    plain = model.fit(**strict)
    one = model.fit(cov_type="cluster", cov_kwds={"groups": groups[:, 0]}, **strict)
    two = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, **strict)
    return {
        "name": name, "terms": [named(term) for term in plain.params.index], "estimate": plain.params, "se": plain.bse, "cluster_g": one.bse,
        "cluster_gh": raised(two.cov_params()), "deviance": plain.deviance, "loglik": plain.llf}


cases = [
    fit("logit", "yes ~ x + a + b + numpy.log(z)", sm.families.Binomial()),
    fit("poisson", "count ~ x + a + b", sm.families.Poisson(), offset=numpy.log(table["e"])),
]
result = {"statsmodels": statsmodels.__version__, "fits": cases}
text = json.dumps(result, default=lambda value: value.tolist() if hasattr(value, "tolist") else list(value))
if "--write" in sys.argv:
    TARGET.write_text(text + "\n")
else:
    print("is the same" if TARGET.read_text() == text + "\n" else "DIFFERS")
