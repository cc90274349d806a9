"""The book that is tested: its pages in their order, and a build of it in a copy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course import ROOT
from notebooks import TOC, listed

FOLDERS = ("_ext", "_static", "_templates", "chapters")
CHAPTERS = listed()
PAGES = [TOC["root"], *CHAPTERS, "search", "404"]
SOURCES = ["_config.yml", "_toc.yml", "references.bib"] + [path.name for path in ROOT.glob("*.md")]


def build(folder, **environ):
    """Build the book in a copy, with the repository named by `environ` and by nothing else."""
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    named = ("BOOK_", "GITHUB_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(named)}
    # Above the copy may be a checkout of something else.
    clean |= {"GIT_CEILING_DIRECTORIES": str(folder.parent), **environ}
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going"]
    done = subprocess.run(
        [*command, "--all", str(folder)], capture_output=True, text=True, env=clean
    )
    return folder / "_build" / "html", done
