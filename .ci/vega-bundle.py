#!/usr/bin/env python3
"""Writes vega-embed.js: Vega, Vega-Lite and Vega-Embed in one module that works offline.

The bundle comes out of the PyPI package vl-convert-python, installed at a fixed version into a
virtual environment of its own. Nothing outside the two given paths is touched.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import venv

PACKAGE = "vl-convert-python==1.9.0.post1"
SNIPPET = "window.vegaEmbed = vegaEmbed;"
PROGRAM = f"""
import sys, vl_convert
sys.stdout.buffer.write(vl_convert.javascript_bundle({SNIPPET!r}).encode("utf-8"))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    # `--clear` in effect: an environment left half made by an earlier try is of no use.
    if arguments.venv.exists():
        shutil.rmtree(arguments.venv)
    venv.create(arguments.venv, with_pip=True)
    python = arguments.venv / "bin" / "python"
    install = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-input", "--retries", "2", PACKAGE],
        stdin=subprocess.DEVNULL,
    )
    if install.returncode != 0:
        print(f"pip could not install {PACKAGE}; is a package index in reach?", file=sys.stderr)
        return 1

    bundle = subprocess.run(
        [python, "-c", PROGRAM], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    if bundle.returncode != 0 or b"vegaEmbed" not in bundle.stdout:
        print(f"{PACKAGE} gave no bundle (exit code {bundle.returncode})", file=sys.stderr)
        return 1

    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    partial = arguments.out.with_name(arguments.out.name + ".partial")
    partial.write_bytes(bundle.stdout)
    partial.replace(arguments.out)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.SubprocessError) as error:
        print(f"Vega bundle: {error}", file=sys.stderr)
        sys.exit(1)
