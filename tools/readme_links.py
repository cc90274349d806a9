"""Write the launch links, or where to find them, into the marked block of the README.

Run by `make links`; the repository's address is found in the same way as for the pages.
"""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import (  # noqa: E402
    FIRST_CHAPTER,
    binder_link,
    branch_name,
    class_link,
    colab_link,
    launch_services,
    pages_address,
    repository_address,
)

BLOCK = re.compile(r"(<!-- make links -->\n).*?(<!-- end of links -->)", re.DOTALL)
NOWHERE = """\
Sessions on Binder and Colab start from a public repository, so only the pages of a
published fork have buttons for them, which open the fork itself. This copy names no
repository and has none.
"""


def launch_links(repository, branch, pages):
    """Return the text of the block; `repository` and `pages` are addresses or empty."""
    services = launch_services(repository)
    lines = []
    if pages:
        lines.append(f"- [Read the pages]({pages}); each chapter has buttons of its own.")
    if "binderhub_url" in services:
        address = binder_link(repository, branch, FIRST_CHAPTER)
        lines.append(
            f"- [Open the course on Binder]({address}): nothing to install, but some waiting."
        )
    if "colab_url" in services:
        address = colab_link(repository, FIRST_CHAPTER)
        lines.append(
            f"- [Open the first chapter in Colab]({address}): its first cell installs actlib."
        )
    if repository:
        lines.append("- For a class on a JupyterHub, with your hub's name put in:")
        lines.append(f"  `{class_link(repository, branch)}`")
    return "\n".join(lines) + "\n" if lines else NOWHERE


def main():
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    if not BLOCK.search(text):
        sys.exit("README.md has no block between <!-- make links --> and <!-- end of links -->.")
    if not shutil.which("git") and "BOOK_REPOSITORY_URL" not in os.environ:
        sys.exit(
            "git, which knows this copy's repository, is missing: install it, or give the address "
            "in BOOK_REPOSITORY_URL. README.md is unchanged."
        )
    repository = repository_address(ROOT)
    links = launch_links(repository, branch_name(ROOT), pages_address())
    readme.write_text(BLOCK.sub(lambda match: match[1] + links + match[2], text), "utf-8")
    print(f"README.md has the links for {repository or 'a copy that names no repository'}.")


if __name__ == "__main__":
    main()
