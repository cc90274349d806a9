"""Test actlib on every Python that it names, with the oldest and the newest versions it allows.

`python tools/platforms.py` makes an environment for each with uv, installs the wheel there, and
runs the tests of the package and the examples in its docstrings; arguments such as `3.12 3.14`
choose among the Pythons. PyTorch is left out, as it has no small build for every Python. The
Pythons are those that uv finds, pyenv's included, or can fetch. A missing Python is a failure
only if it was named.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UV = Path(sysconfig.get_path("scripts")) / "uv"
VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)")
PYTHONS = [m[1] for m in map(VERSION.fullmatch, PROJECT["classifiers"]) if m]
PACKAGES = [re.split(r"[<>=]", each)[0] for each in PROJECT["dependencies"]]
TESTS = [
    str(path.relative_to(ROOT))
    for room in sorted((ROOT / "actlib").iterdir())
    if (path := ROOT / "tests" / "package" / f"test_{room.stem}.py").exists()
] + ["tests/figures/test_figures.py"]
# What the tests of the package need besides actlib.
NEEDED = [
    "actlib[test] @ .",
    *(
        each
        for each in PROJECT["optional-dependencies"]["notebooks"]
        if not each.startswith(("torch", "jupyterlab"))
    ),
]
MISSING = "no such Python here"
# Old packages trigger warnings in newer ones; with the newest, a warning is a failure.
SETS = {"oldest": ("lowest-direct", ("-o", "filterwarnings=")), "newest": ("highest", ())}


def run(*command, **more):
    """Run a command in the checkout, so that only the wheel can be imported as actlib."""
    outside = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    # uv looks for python3.12 and so on, all but one of which pyenv hides.
    found = [str(folder) for folder in Path.home().glob(".pyenv/versions/*/bin")]
    path = os.pathsep.join([os.environ["PATH"], *found])
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**outside, "PATH": path, "OMP_NUM_THREADS": "1", **more},
        capture_output=True,
        text=True,
    )


def test(python, versions, folder):
    """Return the row of the table, and what failed ("" if nothing)."""
    start = time.monotonic()
    resolution, options = SETS[versions]
    made = run(UV, "venv", "--quiet", "--python", python, folder)
    if made.returncode:
        return [python, versions, MISSING], made.stderr
    # Wheels only: compiling an old SciPy would test the compiler.
    wheels = ("--only-binary", ":all:", "--no-binary", "actlib", "--resolution", resolution)
    installed = run(UV, "pip", "install", "--quiet", *wheels, "--python", folder, *NEEDED)
    if installed.returncode:
        return [python, versions, "does not install"], installed.stderr
    scripts = folder / Path(sysconfig.get_path("scripts")).name
    frozen = run(UV, "pip", "freeze", "--python", folder).stdout
    pins = dict(line.split("==") for line in frozen.splitlines() if "==" in line)
    version = run(scripts / "python", "-c", "import platform; print(platform.python_version())")
    # Not python -m pytest, which would put the checkout before the wheel.
    quiet = ("-q", "--color=no", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--rootdir=.")
    said = run(scripts / "pytest", *quiet, *options, "--pyargs", "actlib", *TESTS)
    last = said.stdout.strip().splitlines()[-1] if said.stdout.strip() else "did not run"
    row = [version.stdout.strip(), versions, *(pins[name] for name in PACKAGES)]
    counts = re.sub(r", \d+ (?:warnings?|deselected)| in .*", "", last)
    seconds = f"{time.monotonic() - start:.0f} s"
    return [*row, counts, seconds], said.stdout + said.stderr if said.returncode else ""


def main(pythons):
    """Print the table row by row, then what failed."""
    if not UV.exists():
        sys.exit("uv is not installed: run make platforms, which installs it.")
    headings = ["Python", "versions", *PACKAGES, "tests", "time"]
    widths = [9, 9, *(max(len(name), 8) for name in PACKAGES), 26, 6]
    tried, missing, complaints = 0, [], []
    print("".join(h.ljust(w + 2) for h, w in zip(headings, widths, strict=True)), flush=True)
    for python in pythons or PYTHONS:
        for versions in SETS:
            with tempfile.TemporaryDirectory() as folder:
                row, complaint = test(python, versions, Path(folder) / "env")
            print("".join(c.ljust(w + 2) for c, w in zip(row, widths, strict=False)), flush=True)
            if row[-1] == MISSING and not pythons:
                missing.append(python)
                break
            tried += 1
            if complaint:
                complaints.append(f"Python {python}, {versions} versions:\n{complaint[-6000:]}")
    if complaints:
        sys.exit("\n\n".join(complaints))
    if not tried:
        sys.exit(f"Nothing was tested: no Python of {', '.join(PYTHONS)} was found.")
    print(f"actlib works in all {tried} environments that could be made.")
    if missing:
        print(f"Neither found nor fetched: Python {', '.join(missing)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
