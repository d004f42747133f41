"""Writes off_policy.json: a log of single decisions, its propensities and outcome model in closed form,
and what the Open Bandit Pipeline makes of them.

    python -m venv V && V/bin/pip install -r requirements.txt
    V/bin/pip install --no-deps --target OBP obp==0.4.1
    V/bin/python make_off_policy_goldens.py OBP --write

Without --write it only compares with the file that is there. The pipeline's estimators need numpy
alone: they are loaded without their package, with an empty module in torch's place.
"""

import importlib.util
import json
import pathlib
import sys
import types

import numpy

TARGET = pathlib.Path(__file__).with_name("off_policy.json")
VERSION = "0.4.1"
POLICIES = [0.55, 0.65]
THRESHOLDS = [0.5, 0.6, 0.7]
TOPICS, BINS, FOLDS = 2, 20, 5
LEAST_PROPENSITY = 0.02


def load(folder):
    """The estimators of obp, of single decisions and of slates."""
    torch = types.ModuleType("torch")
    torch.Tensor = type("Tensor", (), {})
    sys.modules["torch"] = torch
    root = pathlib.Path(folder) / "obp"
    if f'"{VERSION}"' not in (root / "version.py").read_text():
        sys.exit(f"{root} is not obp {VERSION}")
    for name, path in [("obp", root), ("obp.ope", root / "ope"), ("obp.policy", root / "policy")]:
        package = types.ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package
    loaded = []
    for name in ["estimators", "estimators_slate"]:
        spec = importlib.util.spec_from_file_location(f"obp.ope.{name}", root / "ope" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        loaded.append(module)
    return loaded


def make_log():
    """One contact a customer; thresholds drawn contact by contact, overrides, explored traffic."""
    rng = numpy.random.default_rng(11)
    n = 600
    topic = rng.integers(0, TOPICS, n)
    score = numpy.round(0.4 + 0.55 * rng.beta(2.5, 2, n), 3)
    threshold = rng.choice(THRESHOLDS, n)
    explored = (rng.random(n) < 0.25).astype(int)
    kept = rng.random(n) < numpy.where(topic == 0, 0.1, 0.2)
    ai = numpy.where(explored == 1, rng.random(n) < 0.5, (score >= threshold) & ~kept).astype(int)
    seconds = numpy.round(
        numpy.where(ai == 1, 60, 300) * (1.6 - score) * rng.gamma(4, 0.25, n) + 20 * topic, 1)
    unknown = rng.random(n) < 0.1
    return {"topic": topic, "score": score, "threshold": threshold, "explored": explored, "ai": ai,
            "seconds": numpy.where(unknown, numpy.nan, seconds)}


def bin_of(score):
    ordered = numpy.sort(score)
    edges = list(THRESHOLDS)
    least = (ordered[-1] - ordered[0]) / (4 * BINS)
    for k in range(1, BINS):
        q = ordered[len(ordered) * k // BINS]
        if q > ordered[0] and all(abs(e - q) > least for e in edges):
            edges.append(q)
    edges = numpy.sort(edges)
    return numpy.searchsorted(edges, score, side="right"), len(edges) + 1


def routing(log):
    """Chance of automation for every contact, and by topic the share that staff take from AI."""
    topic, ai, explored = log["topic"], log["ai"], log["explored"]
    bins, count = bin_of(log["score"])
    side = (log["score"] >= log["threshold"]).astype(int)
    table = lambda mask, weights: numpy.array([[[
        weights[mask & (topic == t) & (side == s) & (bins == b)].sum()
        for b in range(count)] for s in (0, 1)] for t in range(TOPICS)], dtype=float)
    ones, everybody, plain = numpy.ones(len(ai)), numpy.ones(len(ai), bool), explored == 0
    of_ai, of_all = table(plain, ai), table(plain, ones)
    # Towards the share of side and bin, and that towards the side's.
    side_share = of_ai.sum((0, 2)) / of_all.sum((0, 2))
    parent = (of_ai.sum(0) + 5 * side_share[:, None]) / (of_all.sum(0) + 5)
    chance = (of_ai + 20 * parent) / (of_all + 20)
    # Explored traffic is pooled more: somebody set its share.
    tried, met = table(explored == 1, ones), table(everybody, ones)
    with numpy.errstate(invalid="ignore"):
        share = (tried + 200 * tried.sum(0) / met.sum(0)) / (met + 200)
    drawn = numpy.array([ai[(explored == 1) & (side == s)].mean() for s in (0, 1)])
    mixed = numpy.where(tried.sum(0) > 0, (1 - share) * chance + share * drawn[None, :, None], chance)
    propensity = numpy.zeros(len(ai))
    for t in range(TOPICS):
        own = topic == t
        for tau in THRESHOLDS:
            weight = (log["threshold"][own] == tau).mean()
            propensity[own] += weight * mixed[t, (log["score"][own] >= tau).astype(int), bins[own]]
    above = plain & (side == 1)
    common = (1 - ai[above]).mean()
    override = numpy.array([
        ((1 - ai[above & (topic == t)]).sum() + 20 * common) / ((above & (topic == t)).sum() + 20)
        for t in range(TOPICS)])
    return propensity, override


def outcome_model(log):
    """Mean seconds by handler, topic and bin, fitted on the other four parts of the customers."""
    bins, count = bin_of(log["score"])
    # Customer 0 is the log's edge.
    fold = (numpy.arange(len(bins)) + 1) % FOLDS
    known = ~numpy.isnan(log["seconds"])
    q = numpy.zeros((len(bins), 2))
    for k in range(FOLDS):
        fit = known & (fold != k)
        for handler in (0, 1):
            cell = lambda b, t=None: fit & (log["ai"] == handler) & (bins == b) & (
                True if t is None else log["topic"] == t)
            means = {b: log["seconds"][cell(b)].mean() for b in range(count) if cell(b).any()}
            for b in range(count):
                nearest = min(means, key=lambda other: (abs(other - b), other))
                for t in range(TOPICS):
                    rows = cell(b, t)
                    value = ((log["seconds"][rows].sum() + 20 * means[nearest])
                             / (rows.sum() + 20))
                    q[(fold == k) & (bins == b) & (log["topic"] == t), handler] = value
    return q


def evaluate(obp, log, propensity, override, q, tau):
    """The pipeline's values of the policy that automates from tau on, but for overrides."""
    above = log["score"] >= tau
    chance = numpy.where(above, 1 - override[log["topic"]], 0)
    policy = numpy.stack([1 - chance, chance], axis=1)
    inside = numpy.where(above, propensity, 1 - propensity) >= LEAST_PROPENSITY
    used = inside & ~numpy.isnan(log["seconds"])
    action, reward = log["ai"][used], log["seconds"][used]
    pscore = numpy.where(action == 1, propensity[used], 1 - propensity[used])
    given = {"reward": reward, "action": action, "pscore": pscore,
             "action_dist": policy[used][:, :, None]}
    model = {"estimated_rewards_by_reg_model": q[used][:, :, None]}
    rows = numpy.arange(used.sum())
    return {
        "threshold": tau, "outside": int((~inside).sum()),
        "ratios": policy[used][rows, action] / pscore, "predicted": q[used][rows, action],
        "values": (policy[used] * q[used]).sum(1),
        "snipw": obp.SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**given),
        "dm": obp.DirectMethod().estimate_policy_value(
            action_dist=given["action_dist"], **model),
        "dr": obp.DoublyRobust().estimate_policy_value(**given, **model)}


def check_slates(slates):
    """The formula of OffPolicyPeerTests for episodes is the pipeline's for slates of rewards."""
    rng = numpy.random.default_rng(5)
    n, length = 50, 3
    pscore, chance = rng.uniform(0.2, 0.9, (n, length)), rng.uniform(0, 1, (n, length))
    reward = rng.random((n, length))
    weights = numpy.cumprod(chance / pscore, axis=1)
    ours = (weights * reward).sum(1).mean()
    theirs = slates.SlateRewardInteractionIPS(len_list=length).estimate_policy_value(
        slate_id=numpy.repeat(numpy.arange(n), length), reward=reward.ravel(),
        position=numpy.tile(numpy.arange(length), n),
        pscore_cascade=numpy.cumprod(pscore, axis=1).ravel(),
        evaluation_policy_pscore_cascade=numpy.cumprod(chance, axis=1).ravel())
    if abs(ours - theirs) > 1e-12:
        sys.exit("the pipeline's slate estimator is not the formula of OffPolicyPeerTests")


def make(folder):
    obp, slates = load(folder)
    check_slates(slates)
    log = make_log()
    propensity, override = routing(log)
    q = outcome_model(log)
    return {"obp": VERSION, "numpy": numpy.__version__, "log": log, "propensity": propensity,
            "policies": [evaluate(obp, log, propensity, override, q, tau) for tau in POLICIES]}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, numpy.ndarray)):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return value
    if isinstance(value, (int, numpy.integer)):
        return int(value)
    return None if numpy.isnan(value) else float(value)


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(
            same(a[key], b[key]) for key in a if key not in ("obp", "numpy"))
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b if a is None or b is None else abs(a - b) <= 1e-10 * max(1, abs(a))


if len(sys.argv) < 2:
    sys.exit(__doc__)
goldens = plain(make(sys.argv[1]))
if "--write" in sys.argv:
    TARGET.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
elif not same(goldens, json.loads(TARGET.read_text())):
    sys.exit("the peers' answers differ from off_policy.json")
