"""Write a copy of each chapter for Colab, with a first cell that installs actlib.

`python tools/colab_copies.py _build/colab` writes the copies into that folder. Colab fetches
only the notebook, from a branch on GitHub, and has no actlib; everything else that a chapter
imports is there. The publish workflow turns the folder into the branch `colab`. This needs
nothing but Python, because the job that runs it may write to the repository.
"""

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import (  # noqa: E402
    NOT_ALONE,
    ask_git,
    launch_services,
    pages_address,
    repository_address,
)

# Without its dependencies: Colab has them, and another NumPy would require a restart.
INSTALL = """\
# Colab has what this chapter imports, except for the course's own package: run this first.
%pip install --quiet --no-deps "{requirement}"
"""
RELATIVE = re.compile(r"(\]\()(?!\w+:|#)([^)\s]+\.(?:ipynb|md))(#[^)\s]*)?(?=\))")


def requirement(repository, commit):
    """Return the requirement with which pip installs actlib as it was at `commit`."""
    return f"actlib @ {repository}/archive/{commit}.zip"


def install_cell(text):
    """Return a code cell that installs the requirement `text`."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "install-actlib",
        "metadata": {},
        "outputs": [],
        "source": INSTALL.format(requirement=text).strip().splitlines(keepends=True),
    }


def whole_links(text, page):
    """Point relative links to the published pages: in Colab there are no files beside a notebook.

    >>> whole_links("[a](../glossary.md#gain)", "https://example.org/course/chapters/softmax")
    '[a](https://example.org/course/glossary.html#gain)'
    """

    def whole(link):
        start, file, anchor = link.groups(default="")
        return start + urljoin(page, re.sub(r"\.\w+$", ".html", file)) + anchor

    return RELATIVE.sub(whole, text)


def colab_copy(notebook, text, page):
    """Return `notebook` with the install cell first, and its links pointing out of Colab."""
    cells = [dict(cell) for cell in notebook["cells"]]
    for cell in cells:
        if page and cell["cell_type"] == "markdown":
            source = whole_links("".join(cell["source"]), page)
            cell["source"] = source.splitlines(keepends=True)
    return {**notebook, "cells": [install_cell(text), *cells]}


def main(folder):
    """Write the copies into `folder`, each at its path in the repository."""
    repository = repository_address(ROOT)
    if "colab_url" not in launch_services(repository):
        sys.exit(
            f"Colab opens notebooks from GitHub, and this copy's repository is "
            f"{repository or 'unknown'}: set BOOK_REPOSITORY_URL to one on GitHub."
        )
    commit = os.environ.get("GITHUB_SHA") or ask_git(ROOT, "rev-parse", "HEAD")
    pages = pages_address()
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        name = path.relative_to(ROOT).as_posix()
        if name in NOT_ALONE:
            continue
        notebook = json.loads(path.read_text("utf-8"))
        copy = colab_copy(notebook, requirement(repository, commit), pages and pages + name)
        target = Path(folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(copy, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"Wrote the Colab copies of {repository} at {commit} into {folder}.")


if __name__ == "__main__":
    main(sys.argv[1])
