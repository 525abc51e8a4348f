"""Runs pyxform's own tests against `waymark form compile`.

A pytest plugin. The tests' base class calls one function, convert; here that
function asks the binary named by WAYMARK instead. Run it in a checkout of
pyxform (4.5.0), which this project does not hold:

    PYTHONPATH=CHECKOUT:bench/pyxform WAYMARK=./waymark \
        python3 -m pytest -p door -q CHECKOUT/tests

Two ways of counting, chosen by WAYMARK_WORDING:

same   (default) our wording is our own: where a test looks for a piece of an
       error or warning, it must be met by an error or warning that names the
       same row, or else one of the names that the expected text quotes.
exact  the expected piece itself must be there.

WAYMARK=pyxform runs pyxform itself through the same door, to show what the
door costs. WAYMARK=reject rejects every form.
"""

import json
import os
import re
import subprocess

BINARY = os.environ.get("WAYMARK", "waymark")
EXACT = os.environ.get("WAYMARK_WORDING") == "exact"
ROW = re.compile(r"\[row : (\d+)\]|\brow (\d+)\b|'row': (\d+)")
NAME = re.compile(r"'([^'\s]+)'|\$\{([^}]+)\}")


class Namespaces:
    """Stands in for the survey object: the base class asks it for these only."""

    def __init__(self, xform):
        from lxml import etree

        nsmap = etree.fromstring(xform.encode("utf-8")).nsmap
        self.found = {"xmlns" if k is None else f"xmlns:{k}": v for k, v in nsmap.items()}

    def get_nsmap(self):
        return self.found


class Result:
    def __init__(self, answer, warnings):
        self.xform = answer["xform"]
        self.itemsets = answer["itemsets"] or None
        self.warnings = warnings
        self._survey = Namespaces(self.xform)
        self._pyxform = None


def cell(value):
    return "" if value is None else str(value).replace("|", r"\|").replace("\n", " ")


def markdown(sheets):
    """Writes a dictionary of sheets as markdown tables."""
    lines = []
    for name, rows in sheets.items():
        if not isinstance(rows, (list, tuple)) or name.endswith("_header") or name == "sheet_names":
            continue
        columns = list(dict.fromkeys(k for row in rows for k in row))
        lines.append(f"| {name} |")
        lines.append("| | " + " | ".join(cell(c) for c in columns) + " |")
        for row in rows:
            lines.append("| | " + " | ".join(cell(row.get(c)) for c in columns) + " |")
    return "\n".join(lines) + "\n"


def ask(text, name):
    if BINARY == "reject":
        return {"xform": None, "itemsets": None, "warnings": [], "error": "rejected"}
    if BINARY == "pyxform":
        return ask_pyxform(text, name)
    done = subprocess.run(
        [BINARY, "form", "compile", "-", "--form-name", name, "--format", "json"],
        input=text.encode("utf-8"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    if not done.stdout:
        raise RuntimeError(f"no answer (exit {done.returncode}): {done.stderr.decode()[:500]}")
    return json.loads(done.stdout)


def ask_pyxform(text, name):
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings = []
    try:
        got = convert(xlsform=text, pretty_print=True, form_name=name, warnings=warnings, file_type=".md")
    except PyXFormError as err:
        return {"xform": None, "itemsets": None, "warnings": warnings, "error": str(err)}
    return {"xform": got.xform, "itemsets": got.itemsets, "warnings": warnings, "error": None}


def convert(xlsform, warnings=None, form_name=None, **_):
    from pyxform.errors import PyXFormError

    text = markdown(xlsform) if isinstance(xlsform, dict) else xlsform
    answer = ask(text, form_name or "data")
    warnings = [] if warnings is None else warnings
    warnings.extend(answer["warnings"] or [])
    if answer["error"]:
        raise PyXFormError(answer["error"])
    return Result(answer, warnings)


def same(content, text):
    """Is there a message, and does it name the row, or else a name, that text does?"""
    if not content.strip():
        return False
    rows = {next(g for g in m if g) for m in ROW.findall(text)}
    if rows:
        return any(re.search(rf"\brow(?: : |\D{{1,3}}){r}\b", content) for r in rows)
    names = {next(g for g in m if g).rstrip('.,:') for m in NAME.findall(text)}
    return not names or any(n in content for n in names)


def pytest_sessionstart(session):
    from tests import pyxform_test_case as base

    base.convert = convert
    contains = base.PyxformTestCase.assertContains

    def compare(self, content, text, count=None, msg_prefix=""):
        if msg_prefix in {"errors", "warnings"} and not EXACT:
            assert same(content, text), f"{msg_prefix}: expected like {text!r}, got:\n{content}"
            return
        contains(self, content, text, count=count, msg_prefix=msg_prefix)

    base.PyxformTestCase.assertContains = compare
