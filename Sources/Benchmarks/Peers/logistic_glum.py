"""Logistic regression with errors clustered by customer: glum on a design of tabmat.

Reads the table once, builds the design (not timed), says "ready", then answers each line "run" with
the time of the fit and the clustered errors, and with coefficients and errors.
"""

import json
import sys
import time

import glum
import pandas
import pyarrow.csv
import tabmat

FACTORS = ["channel", "topic", "action", "status", "integration"]
NUMBERS = ["confidence", "latency", "handling"]

frame = pyarrow.csv.read_csv(sys.argv[1]).to_pandas()
y = frame["returned"].to_numpy(float)
clusters = pandas.factorize(frame["customer"])[0]
began = time.perf_counter()
for name in FACTORS:
    frame[name] = frame[name].astype("category")
design = tabmat.from_df(frame[FACTORS + NUMBERS], drop_first=True, cat_threshold=2)
build = time.perf_counter() - began


def run():
    began = time.perf_counter()
    model = glum.GeneralizedLinearRegressor(
        family="binomial", alpha=0, fit_intercept=True, gradient_tol=1e-8)
    model.fit(design, y)
    fitted = time.perf_counter()
    errors = model.std_errors(design, y, clusters=clusters)
    ended = time.perf_counter()
    return {
        "peer": "glum-tabmat", "seconds": ended - began,
        "values": [float(model.intercept_), *map(float, model.coef_), *map(float, errors)],
        "notes": [f"glum {glum.__version__}: design {build:.3g} s (not counted), "
                  f"fit {fitted - began:.3g} s, errors {ended - fitted:.3g} s"],
    }


print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "run":
        print(json.dumps(run()), flush=True)
