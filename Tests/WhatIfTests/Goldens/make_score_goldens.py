"""Writes score.json: scores, and what scikit-learn and the published formulas say of them.

    python -m venv V && V/bin/pip install -r requirements.txt && V/bin/python make_score_goldens.py --write

Without --write it only compares with the file that is there.
"""

import json
import pathlib
import sys

import numpy
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss

TARGET = pathlib.Path(__file__).with_name("score.json")
BINS = 10


def scores(seed, n, decimals):
    rng = numpy.random.default_rng(seed)
    logit = 1.2 + rng.normal(size=n)
    score = numpy.round(1 / (1 + numpy.exp(-logit)), decimals)
    right = (rng.random(n) < 1 / (1 + numpy.exp(-0.3 - 0.7 * logit))).astype(float)
    return score, right


def isotonic(score, right, weights):
    fit = IsotonicRegression(out_of_bounds="clip").fit(score, right, sample_weight=weights)
    grid = numpy.linspace(0, 1, 101)
    return {"grid": grid, "values": fit.predict(grid)}


def equal_mass(score, right, bins):
    order = numpy.argsort(score, kind="stable")
    edges = [k * len(score) // bins for k in range(bins + 1)]
    pieces = [order[a:b] for a, b in zip(edges, edges[1:])]
    return (numpy.array([len(p) for p in pieces]), numpy.array([score[p].mean() for p in pieces]),
            numpy.array([right[p].mean() for p in pieces]))


def sweep(score, right):
    """ECE_sweep: Roelofs, Cain, Shlens & Mozer 2022, algorithm 1, with p = 1."""
    best = 1
    for bins in range(2, len(score) + 1):
        if numpy.any(numpy.diff(equal_mass(score, right, bins)[2]) < 0):
            break
        best = bins
    n, s, y = equal_mass(score, right, best)
    return {"bins": best, "error": (n / n.sum() * abs(s - y)).sum()}


def parts(score, right):
    n, s, y = equal_mass(score, right, BINS)
    p, common, total = n / n.sum(), right.mean(), len(score)
    # Kumar, Liang & Ma 2019, definition 4.3.
    debiased = (p * ((s - y) ** 2 - y * (1 - y) / (n - 1))).sum()
    # Ferro & Fricker 2012, equations 4 to 6.
    chance = (n / (n - 1) * y * (1 - y)).sum() / total
    over = common * (1 - common) / (total - 1)
    reliability, resolution = (p * (s - y) ** 2).sum(), (p * (y - common) ** 2).sum()
    return {
        "plugIn": (p * abs(s - y)).sum(), "debiased": debiased,
        "brier": brier_score_loss(right, score),
        "raw": [reliability, resolution, common * (1 - common)],
        "corrected": [reliability - chance, resolution - chance + over,
                      common * (1 - common) + over]}


def make():
    score, right = scores(1, 500, 9)
    tied, tied_right = scores(2, 300, 2)
    weights = numpy.round(numpy.random.default_rng(3).uniform(0.5, 2, 300), 2)
    share, mean = calibration_curve(right, score, n_bins=BINS, strategy="quantile")
    return {
        "score": score, "right": right, "tied": tied, "tiedRight": tied_right, "weights": weights,
        "isotonic": isotonic(score, right, None),
        "tiedIsotonic": isotonic(tied, tied_right, weights),
        "curveShare": share, "curveMean": mean, "sweep": sweep(score, right),
        "parts": parts(score, right)}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, numpy.ndarray)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, int) else float(value)


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return abs(a - b) <= 1e-12


goldens = plain(make())
if "--write" in sys.argv:
    TARGET.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
elif not same(goldens, json.loads(TARGET.read_text())):
    sys.exit("the peers' answers differ from score.json")
