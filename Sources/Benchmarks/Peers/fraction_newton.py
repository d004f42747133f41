"""Bootstrap of an attributable fraction with a logistic regression by Newton's method, in numpy.

    python fraction_newton.py FILE DRAWS ROWS COLUMNS EXPOSURE MEASURED WANTED

The files hold the design's columns and the response, and the rows of MEASURED drawn samples. Answers each
line "run" with the time of WANTED replicates, scaled from those measured (each starts from the whole
sample's coefficients; drawing rows is not counted, gathering them is), and with the fraction of the whole
sample and of each drawn one.
"""

import json
import sys
import time

import numpy

file, draws = sys.argv[1:3]
rows, columns, exposure, measured, wanted = map(int, sys.argv[3:])
table = numpy.fromfile(file, "<f8").reshape(columns + 1, rows)
design = numpy.ascontiguousarray(table[:columns].T)
response = table[columns].copy()
drawn = numpy.fromfile(draws, "<f8").astype(int).reshape(measured, rows)


def risk(eta):
    return 1 / (1 + numpy.exp(-eta))


def fit(design, response, start):
    coefficients = start
    for _ in range(50):
        risks = risk(design @ coefficients)
        score = design.T @ (response - risks)
        information = design.T @ (design * (risks * (1 - risks))[:, None])
        step = numpy.linalg.solve(information, score)
        coefficients = coefficients + step
        if score @ step < 1e-10:
            return coefficients
    raise ArithmeticError("Newton's method did not converge")


def fraction(design, coefficients):
    eta = design @ coefficients
    absent = eta - design[:, exposure] * coefficients[exposure]
    return 1 - risk(absent).mean() / risk(eta).mean()


print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "run":
        began = time.perf_counter()
        whole = fit(design, response, numpy.zeros(columns))
        fractions = [fraction(design, whole)]
        once = time.perf_counter() - began
        for sample in drawn:
            own = design[sample]
            fractions.append(fraction(own, fit(own, response[sample], whole)))
        taken = time.perf_counter() - began - once
        print(json.dumps({
            "peer": "numpy-newton", "seconds": once + taken * wanted / measured,
            "values": [float(f) for f in fractions],
            "notes": [f"numpy {numpy.__version__}: {measured} replicates in {taken:.3g} s, "
                      f"scaled to {wanted}"]}), flush=True)
