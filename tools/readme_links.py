"""Write the launch links into the README's marked block, or where they are to be found.

Run by `make links`; the repository's address is read as the pages read it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import branch_name, launch_services, pages_address, repository_address  # noqa: E402

BLOCK = re.compile(r"(<!-- make links -->\n).*?(<!-- end of links -->)", re.DOTALL)
NOWHERE = """\
Live sessions on Binder and Colab need a public repository to start from, so their buttons
come with a published fork: its pages link to the fork itself. This copy names no
repository, and has none.
"""


def launch_links(repository, branch, pages):
    """Return the block's text; `repository` and `pages` are addresses or empty."""
    services = launch_services(repository)
    service = "gh" if "colab_url" in services else "gl"
    name = repository.split("/", 3)[-1]
    lines = []
    if pages:
        lines.append(f"- [Read the pages]({pages}); each chapter has buttons of its own.")
    if "binderhub_url" in services:
        quoted = name if service == "gh" else name.replace("/", "%2F")
        address = (
            f"{services['binderhub_url']}/v2/{service}/{quoted}/{branch}?urlpath=lab/tree/chapters"
        )
        lines.append(
            f"- [Open the chapters on Binder]({address}): nothing to install, some minutes' wait."
        )
    if "colab_url" in services:
        address = (
            f"{services['colab_url']}/github/{name}/blob/{branch}/chapters/why_nonlinearity.ipynb"
        )
        lines.append(
            f"- [Open the first chapter in Colab]({address}); run this in it before all else:"
        )
        lines.append(f"  `%pip install git+{repository}`")
    return "\n".join(lines) + "\n" if lines else NOWHERE


def main():
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    if not BLOCK.search(text):
        sys.exit("README.md has no block between <!-- make links --> and <!-- end of links -->.")
    links = launch_links(repository_address(ROOT), branch_name(ROOT), pages_address())
    readme.write_text(BLOCK.sub(lambda match: match[1] + links + match[2], text), "utf-8")


if __name__ == "__main__":
    main()
