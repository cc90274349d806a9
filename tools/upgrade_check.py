"""Report what the newest versions within the declared bounds would change.

`python tools/upgrade_check.py` installs them in an environment of their own, compares it with
constraints.txt, runs every notebook and the tests there (with npm's newest axe-core), builds the
book with either engine, and prints two tables: the pins that moved, and what changes with them.
Nothing in the checkout is changed. `--keep torch` leaves a package at its pin if its newest build
does not suit the machine.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPHINX = Path("_engines") / "sphinx"
# The head of a failed notebook cell, and the line of each difference in it.
FAILED_CELL = re.compile(r"^Cell \d+: (\S+, cell \d+ .*)\n((?:- .*\n)*)", re.M)


def pins(lines):
    """Return {name: version} of the lines `name==version`."""
    found = (re.match(r"([\w.-]+)==([^+\s;]+)", line) for line in lines)
    return {m[1].lower().replace("_", "-"): m[2] for m in found if m}


def moved(old, new):
    """Return the rows (name, pinned, newest) in which two sets of pins differ."""
    return [
        (name, old.get(name, "-"), new.get(name, "-"))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def run(*command, **environment):
    """Run a command in the checkout; return its exit code and all that it printed."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1", "PYTHONPATH": "tools"}
        | environment,
        capture_output=True,
        text=True,
    )
    return result.returncode, result.stdout + result.stderr


def install(scratch, keep, extras, pinned):
    """Create an environment with the newest versions that the bounds allow; return its pins too."""
    python = scratch / "bin" / "python"
    constraints = pins((ROOT / pinned).read_text(encoding="utf-8").splitlines())
    kept = [f"{name}=={constraints[name]}" for name in keep if name in constraints]
    steps = [(sys.executable, "-m", "venv", scratch)]
    steps += [(python, "-m", "pip", "install", "-q", *kept)] if kept else []
    steps += [(python, "-m", "pip", "install", "-q", *kept, "-e", f".[{extras}]")]
    for step in steps:
        code, said = run(*step)
        if code:
            sys.exit(f"Installing failed: {said[-2000:]}")
    _, frozen = run(python, "-m", "pip", "freeze", "--exclude-editable")
    return python, moved(constraints, pins(frozen.splitlines()))


def moved_axe():
    """Return the row of axe-core, which the tests of the pages take from npm, if it moved."""
    npm = shutil.which("npm")
    locked = json.loads((ROOT / "tests/kit/npm/package.json").read_text("utf-8"))
    pinned = locked["devDependencies"]["axe-core"]
    code, newest = run(npm, "view", "axe-core", "version") if npm else (1, "")
    return (
        [("axe-core (npm)", pinned, newest.strip())]
        if not code and newest.strip() != pinned
        else []
    )


def changed_outputs(python):
    """Return the rows (cell, difference) of the notebooks run with the new versions."""
    strict = ("--nbval", "--nbval-current-env", "-p", "strict_outputs", "--color=no")
    code, said = run(python, "-m", "pytest", "-q", "-n2", "--dist=loadfile", *strict, "chapters")
    rows = [
        (cell, line.removeprefix("- "))
        for cell, lines in FAILED_CELL.findall(said)
        for line in lines.splitlines() or ["does not run"]
    ]
    return rows or ([("notebooks", last_line(said))] if code else [])


def failed_tests(python):
    """Return the rows (test, reason); a new warning counts as a failure."""
    everything = ("-m", "pytest", "-q", "-n2", "-rfE", "--color=no")
    code, said = run(python, *everything, AXE_CORE="latest")
    examples = failed_examples(said)
    rows = [
        (test, examples.get(test.rpartition("::")[2], why))
        for test, why in re.findall(r"^(?:FAILED|ERROR) (\S+)(?: - (.*))?$", said, re.M)
    ]
    return rows or ([("tests", last_line(said))] if code else [])


def failed_examples(said):
    """Return {object: what its example in the docstring gave}, which pytest's summary leaves out.

    >>> failed_examples(
    ...     "___ [doctest] actlib.f ___\\n001 Return.\\nExpected:\\n    [1. 2.]\\n"
    ...     "Got:\\n    [1.  2.5]\\n\\nactlib/f.py:3: DocTestFailure\\n"
    ... )
    {'actlib.f': 'expected [1. 2.], got [1. 2.5]'}
    """
    found = re.findall(
        r"^_+ \[doctest\] (\S+) _+\n.*?^Expected:\n(.*?)^Got:\n(.*?)^\S+: DocTestFailure",
        said,
        re.M | re.S,
    )
    return {
        name: f"expected {' '.join(wanted.split())}, got {' '.join(got.split())}"
        for name, wanted, got in found
    }


def book_warnings(name, *command):
    """Return the rows (name, warning) of a build with the new versions."""
    code, said = run(*command)
    rows = [(name, m) for m in re.findall(r"^.*(?:WARNING|ERROR): (.*)$", said, re.M)]
    return rows or ([(name, last_line(said))] if code else [])


def last_line(said):
    return said.strip().splitlines()[-1] if said.strip() else "printed nothing"


def show(title, headings, rows):
    """Print rows under headings, each column as wide as needed."""
    print(f"\n{title}: {len(rows)}", flush=True)
    if rows:
        lines = [headings, *rows]
        widths = [max(len(str(line[i])) for line in lines) for i in range(len(headings))]
        for line in lines:
            print("  ".join(str(c).ljust(w) for c, w in zip(line, widths, strict=True)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keep", nargs="*", default=[], metavar="NAME")
    keep = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        python, rows = install(scratch / "course", keep, "notebooks,book,test", "constraints.txt")
        sphinx, others = install(scratch / "sphinx", keep, "sphinx", SPHINX / "constraints.txt")
        others = [(f"{name} (sphinx)", *versions) for name, *versions in others]
        show("Pins that moved", ("package", "pinned", "newest"), [*rows, *others, *moved_axe()])
        changes = [
            *changed_outputs(python),
            *failed_tests(python),
            *book_warnings(
                "book",
                *(python.with_name("jupyter-book"), "build", "--all"),
                *("--path-output", scratch / "book", "."),
            ),
            *book_warnings(
                "book (sphinx)",
                *(sphinx, "-m", "sphinx", "-c", SPHINX, ".", scratch / "pages"),
            ),
        ]
        show("What changes with them", ("where", "what"), changes)
    if changes:
        sys.exit("The newest versions change what is listed above.")
    print("The newest versions within the bounds change nothing.")


if __name__ == "__main__":
    main()
