#!/usr/bin/env python3
"""Usage: check-servicenow.py DIR

Holds an analysis of the ServiceNow incident log to its published counts, and its parts to their
totals: attribution.json within itself, and the rows of interactions.csv to attribution.json.
"""

import csv
import json
import math
import pathlib
import sys

PARTS = ("system_direct", "system_through_staff", "staff_own", "baseline")
TOLERANCE = 1e-9  # of the total: sums of some 25,000 terms in another order


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    report = json.loads((folder / "attribution.json").read_text(encoding="utf-8"))
    failures = 0

    def expect(what: str, value, wanted, agrees: bool) -> None:
        nonlocal failures
        failures += not agrees
        print(f"{'ok' if agrees else 'WRONG'}: {what}: {value} (expected {wanted})")

    def equal(what: str, value, wanted) -> None:
        expect(what, value, wanted, value == wanted)

    def close(what: str, value: float, wanted: float) -> None:
        agrees = math.isclose(value, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        expect(what, value, wanted, agrees)

    equal("interactions", report["interactions"], 24918)
    rule = report["repeats"]["counted_by_rule"]
    equal(f"repeats by the rule ({rule['rule']})", rule["count"], 4861)

    caused = report["repeats"]["caused"]["estimate"]
    parts = {name: report["split"][name]["estimate"] for name in PARTS}
    known = [value for value in parts.values() if value is not None]
    close("sum of the parts of the split", math.fsum(known), caused)

    modes = [mode["caused"]["estimate"] for mode in report["modes"] if mode["component"] is None]
    if None not in modes and None not in parts.values():
        close("sum of the modes and the baseline", math.fsum(modes) + parts["baseline"], caused)

    with open(folder / "interactions.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    equal("rows of interactions.csv", len(rows), report["interactions"])
    total = math.fsum(float(row["expected_repeats"] or 0) for row in rows)
    close("sum of expected_repeats in interactions.csv", total, caused)
    for name, value in parts.items():
        if value is not None:
            close(f"sum of {name} in interactions.csv",
                  math.fsum(float(row[name] or 0) for row in rows), value)
    worst = max(
        abs(math.fsum(float(row[name] or 0) for name in PARTS) - float(row["expected_repeats"]))
        for row in rows
    )
    expect("largest gap between a row's parts and its total", worst, "at most 1e-9", worst <= 1e-9)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
