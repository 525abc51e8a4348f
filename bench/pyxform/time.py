"""Times `waymark form compile` against pyxform on the same forms in one run.

    PYTHONPATH=CHECKOUT WAYMARK=./waymark python3 bench/pyxform/time.py FORM.xlsx...

CHECKOUT is a checkout of pyxform, which this project does not hold. The runs of
the two take turns, so that a slow moment of the machine meets both; the figures
are medians. Library figures: pyxform.convert in this process after a warm-up,
against BenchmarkCompileFile of forms/xlsform, which reads, defines and writes the
form named by WAYMARK_FORM from bytes in memory.
"""

import os
import re
import statistics
import subprocess
import sys
import time

WAYMARK = os.environ.get("WAYMARK", "waymark")
PROCESS_RUNS = int(os.environ.get("RUNS", "15"))


def took(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def processes(form):
    ours, theirs = [], []
    for _ in range(PROCESS_RUNS):
        theirs.append(took([sys.executable, "-m", "pyxform.xls2xform", "--skip_validate", form, os.devnull]))
        ours.append(took([WAYMARK, "form", "compile", form, "--out", os.devnull]))
    return statistics.median(theirs), statistics.median(ours)


def library(form):
    from pyxform.xls2xform import convert

    with open(form, "rb") as f:
        data = f.read()
    convert(data, warnings=[])
    theirs = []
    for _ in range(9):
        start = time.perf_counter()
        convert(data, warnings=[])
        theirs.append(time.perf_counter() - start)
    out = subprocess.run(
        ["go", "test", "-run", "^$", "-bench", "^BenchmarkCompileFile$", "-count", "5", "./forms/xlsform"],
        env={**os.environ, "WAYMARK_FORM": os.path.abspath(form)},
        check=True, capture_output=True, text=True,
    ).stdout
    ours = [float(m) / 1e9 for m in re.findall(r"([\d.]+) ns/op", out)]
    return statistics.median(theirs), statistics.median(ours)


def main(forms):
    print(f"{'form':40} {'':9} {'pyxform':>10} {'waymark':>10} {'ratio':>8}")
    for form in forms:
        for kind, (theirs, ours) in (("process", processes(form)), ("library", library(form))):
            print(f"{os.path.basename(form):40} {kind:9} {theirs * 1e3:8.2f}ms {ours * 1e3:8.3f}ms {theirs / ours:7.0f}x")


if __name__ == "__main__":
    main(sys.argv[1:])
