#!/usr/bin/env python3
"""Usage: bench.py BINARY [ROWS ...]

Times `wherefore synth` and `wherefore analyze` on logs of growing size, with the largest resident
memory of each, then how long `wherefore explain` takes to load the run and, at best of five, to open
a sum and a walk over the pairs. One line per size; a size that fails ends the benchmark with its exit code.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

DEFAULT_ROWS = (100_000, 300_000, 1_000_000)


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds of wall clock and MB of resident memory of one run; its output is kept silent."""
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        try:
            os.execv(command[0], command)
        except OSError as error:
            os.write(2, f"bench: {command[0]}: {error}\n".encode())
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        print(f"bench: {' '.join(command)} ended with {code}", file=sys.stderr)
        sys.exit(1)
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def explain(binary: str, run: str, figure: str) -> tuple[float, float]:
    """Seconds to load a run and to open a figure of it, the least of five times."""
    answers = []
    for _ in range(5):
        command = [binary, "explain", "--figure", figure, "--in", run, "--json"]
        output = subprocess.run(command, check=True, capture_output=True).stdout
        answers.append(json.loads(output)["seconds"])
    return min(a["load"] for a in answers), min(a["query"] for a in answers)


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    sizes = [int(text) for text in sys.argv[2:]] or DEFAULT_ROWS
    print(
        f"{'rows':>10} {'synth s':>9} {'analyze s':>10} {'rows/s':>9} {'analyze MB':>11}"
        f" {'load s':>7} {'sum ms':>7} {'walk ms':>8}"
    )
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="wherefore-bench-") as folder:
            world = os.path.join(folder, "world")
            synth, _ = measure(
                [binary, "synth", "--out", world, "--interactions", str(rows), "--seed", "1"]
            )
            log = os.path.join(world, "interactions.csv")
            analyze, memory = measure(
                [binary, "analyze", log, "--out", os.path.join(folder, "out")]
            )
            run = os.path.join(folder, "out")
            load, total = explain(binary, run, "split.system_direct")
            _, walk = explain(binary, run, "modes.misclassified_intent.if_removed")
            print(
                f"{rows:>10} {synth:>9.1f} {analyze:>10.1f} {rows / analyze:>9.0f} {memory:>11.0f}"
                f" {load:>7.1f} {total * 1000:>7.0f} {walk * 1000:>8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
