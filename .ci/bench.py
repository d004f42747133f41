#!/usr/bin/env python3
"""Usage: bench.py BINARY [ROWS ...]

Times `wherefore synth` and `wherefore analyze` on logs of growing size, with the largest resident
memory of each. One line per size; a size that fails ends the benchmark with its exit code.
"""

import os
import pathlib
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


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    sizes = [int(text) for text in sys.argv[2:]] or DEFAULT_ROWS
    print(f"{'rows':>10} {'synth s':>9} {'analyze s':>10} {'rows/s':>9} {'analyze MB':>11}")
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
            print(
                f"{rows:>10} {synth:>9.1f} {analyze:>10.1f} {rows / analyze:>9.0f} {memory:>11.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
