"""Writes goldens.json: running variables, outcomes, and the answers of rdrobust and rddensity.

    python -m venv V && V/bin/pip install -r requirements.txt && V/bin/python make_goldens.py --write

Without --write it only compares with the file that is there.
"""

import contextlib
import io
import json
import pathlib
import sys
import warnings

import numpy
import rddensity
import rdrobust

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).with_name("goldens.json")
KERNELS = {"triangular": "tri", "uniform": "uni", "epanechnikov": "epa"}


def samples():
    """A smooth curve with a jump; one with a running variable of whole numbers; one off centre."""
    rng = numpy.random.default_rng(6)
    n = 700
    x = numpy.round(2 * rng.beta(2, 4, n) - 1, 5)
    y = numpy.where(x < 0, 0.48 + 1.27 * x + 7.18 * x**2 + 20.21 * x**3 + 21.54 * x**4 + 7.33 * x**5,
                    0.52 + 0.84 * x - 3 * x**2 + 7.99 * x**3 - 9.01 * x**4 + 3.56 * x**5)
    yield "smooth", x, numpy.round(y + rng.normal(0, 0.13, n), 5), 0.0
    x = numpy.round(rng.normal(62, 9, 800))
    y = 3 + 0.05 * x + 0.8 * (x >= 65) + rng.normal(0, 0.6, 800) * (1 + (x >= 65))
    yield "whole", x, numpy.round(y, 4), 65.0
    x = numpy.round(rng.gamma(3, 200, 500), 2)
    y = 1e4 + 20 * numpy.sqrt(x) - 300 * (x >= 450) + rng.normal(0, 80, 500)
    yield "scaled", x, numpy.round(y, 2), 450.0


def fit(x, y, c, kernel, degree, vce, rule, h=None):
    with contextlib.redirect_stdout(io.StringIO()):
        r = rdrobust.rdrobust(y, x, c=c, kernel=KERNELS[kernel], p=degree, vce=vce, bwselect=rule, h=h)
    return {
        "kernel": kernel, "degree": degree, "variance": vce, "rule": rule, "bandwidth": h,
        "conventional": [r.coef.iloc[0, 0], r.se.iloc[0, 0]],
        "robust": [r.coef.iloc[2, 0], r.se.iloc[2, 0], r.ci.iloc[2, 0], r.ci.iloc[2, 1]],
        "bandwidths": r.bws.to_numpy().reshape(-1).tolist(),
        "inside": [int(r.N_h[0]), int(r.N_h[1])]}


def cases(name, x, y, c):
    for kernel in KERNELS:
        for degree in (1, 2):
            for vce, rule in (("nn", "mserd"), ("nn", "msetwo"), ("hc1", "mserd")):
                yield fit(x, y, c, kernel, degree, vce, rule)
    for vce in ("hc0", "hc2", "hc3"):
        yield fit(x, y, c, "triangular", 1, vce, "msetwo")
    h = {"smooth": 0.3, "whole": 8, "scaled": 150}[name]
    for kernel in KERNELS:
        for vce in ("nn", "hc3"):
            yield fit(x, y, c, kernel, 1, vce, "mserd", h)


def density(x, c):
    with contextlib.redirect_stdout(io.StringIO()):
        r = rddensity.rddensity(X=x, c=c)
    return {
        "bandwidths": [r.h["left"], r.h["right"]], "estimates": [r.hat["left"], r.hat["right"]],
        "standardErrors": [r.sd_jk["left"], r.sd_jk["right"]], "t": r.test["t_jk"],
        "p": r.test["p_jk"], "inside": [int(r.n["eff_left"]), int(r.n["eff_right"])]}


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value


def main():
    out = plain({
        "peers": {"rdrobust": "2.1.1", "rddensity": "3.0", "numpy": numpy.__version__},
        "samples": [
            {"name": name, "running": x, "outcomes": y, "cutoff": c, "fits": list(cases(name, x, y, c)),
             "density": density(x, c)}
            for name, x, y, c in samples()]})
    text = json.dumps(out, separators=(",", ":")) + "\n"
    if "--write" in sys.argv:
        TARGET.write_text(text)
        print(f"{TARGET.name}: {len(text)} bytes")
    elif json.loads(TARGET.read_text()) != json.loads(text):
        sys.exit("the peers' answers differ from goldens.json")


main()
