"""Build the book in a copy of its sources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course import ROOT

FOLDERS = ("_ext", "_static", "_templates", "chapters")
SOURCES = ["_config.yml", "_toc.yml", "references.bib"] + [path.name for path in ROOT.glob("*.md")]


def build(folder, **environ):
    """Build the book in a copy, whose repository only `environ` can name."""
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    named = ("BOOK_", "GITHUB_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(named)}
    # A folder above the copy may be a checkout of something else.
    clean |= {"GIT_CEILING_DIRECTORIES": str(folder.parent), **environ}
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going"]
    done = subprocess.run(
        [*command, "--all", str(folder)], capture_output=True, text=True, env=clean
    )
    return folder / "_build" / "html", done
