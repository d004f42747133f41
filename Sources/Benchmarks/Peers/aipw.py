"""The doubly robust effect of a 0/1 treatment by DoubleML or EconML.

    python aipw.py doubleml|econml FILE ROWS

The file holds 20 covariates, treatment, outcome and the number of the fold, column by column. Logistic
propensities and linear outcomes per arm by scikit-learn, with hardly any penalty. Answers each line
"run" with the time of one estimate, and the effect and its error.
"""

import json
import sys
import time
import warnings

import numpy
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import LinearRegression, LogisticRegression

warnings.filterwarnings("ignore")
package, path, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
table = numpy.fromfile(path, "<f8").reshape(23, rows)
covariates = numpy.ascontiguousarray(table[:20].T)
treatment, outcome = table[20].astype(int), table[21].copy()
folds = [(numpy.flatnonzero(table[22] != fold), numpy.flatnonzero(table[22] == fold))
         for fold in numpy.unique(table[22])]


def propensity():
    return LogisticRegression(C=1e6, max_iter=1000)


class ByArm(RegressorMixin, BaseEstimator):
    """EconML regresses on covariates and treatment at once: this gives each arm a regression of its own,
    as DoubleML does."""

    def fit(self, columns, outcome):
        treated = columns[:, -1] == 1
        self.arms_ = [LinearRegression().fit(columns[treated == arm, :-1], outcome[treated == arm])
                      for arm in (False, True)]
        return self

    def predict(self, columns):
        treated = columns[:, -1] == 1
        predicted = numpy.empty(len(columns))
        for arm, model in zip((False, True), self.arms_):
            if (treated == arm).any():
                predicted[treated == arm] = model.predict(columns[treated == arm, :-1])
        return predicted


if package == "doubleml":
    import doubleml

    version = doubleml.__version__

    def estimate():
        data = doubleml.DoubleMLData.from_arrays(covariates, outcome, treatment)
        model = doubleml.DoubleMLIRM(
            data, LinearRegression(), propensity(), n_folds=len(folds), score="ATE",
            draw_sample_splitting=False)
        model.set_sample_splitting([folds])
        model.fit()
        return float(model.coef[0]), float(model.se[0])
else:
    import econml
    from econml.dr import LinearDRLearner

    version = econml.__version__

    def estimate():
        model = LinearDRLearner(
            model_propensity=propensity(), model_regression=ByArm(), cv=folds,
            min_propensity=1e-6, random_state=1)
        model.fit(outcome, treatment, X=None, W=covariates)
        effect = model.ate_inference()
        return float(effect.mean_point), float(effect.stderr_mean)

print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "run":
        began = time.perf_counter()
        effect, error = estimate()
        seconds = time.perf_counter() - began
        print(json.dumps({
            "peer": package, "seconds": seconds, "values": [effect, error],
            "notes": [f"{package} {version}: {effect:.6f}, error {error:.6f}"]}), flush=True)
