"""Exact Shapley values of ten 0/1 players in the probability of a logistic model, by numpy.

    python shapley.py FILE ROWS

The file holds the players' columns, then the coefficients: intercept, players, three products. Works on
distinct rows only: the worth of all 1,024 coalitions as one matrix (players outside a coalition at 0),
then one product with the Shapley weights of each player. Answers each line "run" with the time of
values for every row, and with their sums.
"""

import json
import math
import sys
import time

import numpy

PLAYERS = 10
PAIRS = [(0, 1), (2, 3), (4, 5)]
numbers = numpy.fromfile(sys.argv[1], "<f8")
rows = int(sys.argv[2])
levels = numpy.ascontiguousarray(numbers[:PLAYERS * rows].reshape(PLAYERS, rows).T)
coefficients = numbers[PLAYERS * rows:]


def worth(levels):
    eta = coefficients[0] + levels @ coefficients[1:PLAYERS + 1]
    for coefficient, (first, second) in zip(coefficients[PLAYERS + 1:], PAIRS):
        eta += coefficient * levels[..., first] * levels[..., second]
    return 1 / (1 + numpy.exp(-eta))


def values():
    keys = (levels @ (1 << numpy.arange(PLAYERS))).astype(int)
    distinct, place = numpy.unique(keys, return_inverse=True)
    distinct_levels = (distinct[:, None] >> numpy.arange(PLAYERS) & 1).astype(float)
    coalitions = numpy.arange(1 << PLAYERS)
    members = (coalitions[:, None] >> numpy.arange(PLAYERS) & 1).astype(float)
    worths = numpy.stack([worth(distinct_levels * inside) for inside in members])
    sizes = members.sum(1).astype(int)
    gain = [math.factorial(s) * math.factorial(PLAYERS - s - 1) / math.factorial(PLAYERS)
            for s in range(PLAYERS)] + [0]
    loss = [0] + gain[:PLAYERS]
    weights = numpy.where(members == 1, numpy.take(loss, sizes)[:, None],
                          -numpy.take(gain, sizes)[:, None])
    return (worths.T @ weights)[place]


print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "run":
        began = time.perf_counter()
        found = values()
        seconds = time.perf_counter() - began
        sums = [found.sum(0), (found ** 2).sum(0), numpy.arange(rows) @ found]
        print(json.dumps({
            "peer": "numpy", "seconds": seconds, "values": numpy.concatenate(sums).tolist(),
            "notes": [f"numpy {numpy.__version__}"]}), flush=True)
