"""A sharp regression discontinuity by rdrobust with its own choices (triangular kernel, local linear,
common bandwidth of least mean squared error, nearest-neighbour variance).

    python discontinuity.py FILE ROWS

Answers each line "run" with the time of one estimate, and with estimates, errors and bandwidths.
"""

import contextlib
import importlib.metadata
import io
import json
import sys
import time

import numpy
from rdrobust import rdrobust

running, outcome = numpy.fromfile(sys.argv[1], "<f8").reshape(2, int(sys.argv[2]))
version = importlib.metadata.version("rdrobust")

print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "run":
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            found = rdrobust(outcome, running, c=0)
        seconds = time.perf_counter() - began
        values = [found.coef.iloc[0, 0], found.coef.iloc[2, 0], found.se.iloc[0, 0],
                  found.se.iloc[2, 0], found.bws.iloc[0, 0], found.bws.iloc[1, 0]]
        print(json.dumps({
            "peer": "rdrobust", "seconds": seconds, "values": [float(v) for v in values],
            "notes": [f"rdrobust {version}"]}), flush=True)
