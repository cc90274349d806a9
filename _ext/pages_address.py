"""Find out where this copy of the course lives: the addresses of its repository and pages.

Both are read from the checkout when the build starts, so a fork's buttons open the fork; if
neither is known, the pages have no buttons and no canonical address.
"""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
# Hosts that the launch services know, and the names that these have for them.
SERVICES = {"github.com": "github", "gitlab.com": "gitlab"}
FIRST_CHAPTER = "chapters/why_nonlinearity.ipynb"
# Colab fetches only the notebook, and only from a branch on GitHub: the job that publishes the
# pages puts copies that install actlib into this branch. See tools/colab_copies.py.
COLAB_BRANCH = "colab"
# They read files of the repository, so a copy on its own is of no use.
NOT_ALONE = {
    f"chapters/{name}.ipynb"
    for name in ("accuracy", "answer_key", "atlas", "libraries", "quick_reference")
}
# What the instructors' page leaves for its reader to fill in; a copy that knows its repository
# fills in the second.
HUB, FORK = "https://YOUR-HUB", "https://github.com/YOU/YOUR-FORK"


def clean_address(remote):
    """Turn a git remote into a web address without user, password or `.git`, or else into "".

    >>> clean_address("git@github.com:someone/course.git")
    'https://github.com/someone/course'
    >>> clean_address("https://user:secret@gitlab.com/group/course.git/")
    'https://gitlab.com/group/course'
    >>> clean_address("/home/someone/course")
    ''
    """
    remote = remote.strip()
    # The short form of ssh; a Windows path such as C:\\course has one letter before its colon.
    short = re.fullmatch(r"(?:[^@/:]+@)?([^/:\\]{2,}):(?!//)(.+)", remote)
    host, path = short.groups() if short else ("", "")
    if not short:
        parts = urlsplit(remote)
        if parts.scheme not in ("http", "https", "ssh", "git"):
            return ""
        host, path = parts.hostname or "", parts.path
    path = path.strip("/").removesuffix(".git")
    return f"https://{host}/{path}" if "." in host and "/" in path else ""


def ask_git(folder, *command):
    try:
        done = subprocess.run(["git", "-C", folder, *command], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()


def repository_address(folder, environ=os.environ):
    """Return the address of the repository that `folder` is a checkout of, or ""."""
    if given := environ.get("BOOK_REPOSITORY_URL"):
        return clean_address(given)
    if name := environ.get("GITHUB_REPOSITORY"):
        return clean_address(f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}")
    return clean_address(ask_git(folder, "remote", "get-url", "origin"))


def branch_name(folder, environ=os.environ):
    """Return the branch that the links open: on GitHub the one being built, else git's."""
    if environ.get("GITHUB_REF_TYPE") == "branch":
        return environ["GITHUB_REF_NAME"]
    return ask_git(folder, "symbolic-ref", "--short", "HEAD") or "main"


def pages_address(environ=os.environ):
    """Return the address at which the pages are published, or "".

    >>> pages_address({"GITHUB_REPOSITORY": "Someone/course"})
    'https://someone.github.io/course/'
    >>> pages_address({"BOOK_BASE_URL": "https://example.org/course"})
    'https://example.org/course/'
    """
    if given := environ.get("BOOK_BASE_URL"):
        return given.rstrip("/") + "/"
    owner, _, name = environ.get("GITHUB_REPOSITORY", "").partition("/")
    if not name:
        return ""
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def launch_services(address):
    """Return the services that can open notebooks from `address`: {theme option: its address}."""
    service = SERVICES.get(urlsplit(address).hostname)
    return {
        **({"binderhub_url": BINDER} if service else {}),
        **({"colab_url": COLAB} if service == "github" else {}),
    }


def binder_link(address, branch, path):
    """Return the link that opens `path` on Binder, in JupyterLab.

    >>> binder_link("https://gitlab.com/group/sub/course", "main", "chapters/softmax.ipynb")
    'https://mybinder.org/v2/gl/group%2Fsub%2Fcourse/main?urlpath=lab/tree/chapters/softmax.ipynb'
    """
    parts = urlsplit(address)
    name = parts.path.strip("/")
    where = f"gh/{name}" if SERVICES[parts.hostname] == "github" else f"gl/{quote(name, safe='')}"
    return f"{BINDER}/v2/{where}/{quote(branch)}?urlpath=lab/tree/{path}"


def colab_link(address, path):
    """Return the link that opens the copy of the notebook `path` in Colab.

    >>> colab_link("https://github.com/someone/course", "chapters/softmax.ipynb")
    'https://colab.research.google.com/github/someone/course/blob/colab/chapters/softmax.ipynb'
    """
    return f"{COLAB}/github{urlsplit(address).path}/blob/{COLAB_BRANCH}/{path}"


def class_link(address, branch, path=FIRST_CHAPTER):
    """Return the nbgitpuller link that gives the repository to each student of a JupyterHub.

    >>> class_link("https://github.com/someone/course", "main").partition("?")[0]
    'https://YOUR-HUB/hub/user-redirect/git-pull'
    """
    # The folder that nbgitpuller makes has the repository's name.
    opened = f"lab/tree/{address.rpartition('/')[2]}/{path}"
    return f"{HUB}/hub/user-redirect/git-pull?" + urlencode(
        {"repo": address, "branch": branch, "urlpath": opened}
    )


def set_addresses(app, config):
    folder = Path(app.srcdir)
    if base := pages_address():
        config.html_baseurl = base
    if address := repository_address(folder):
        config.html_theme_options |= {
            "repository_url": address,
            # The theme knows three hosts; for any other, the button is simply a link.
            "repository_provider": SERVICES.get(urlsplit(address).hostname, "github"),
            "repository_branch": branch_name(folder),
            "use_repository_button": True,
            "launch_buttons": {"notebook_interface": "jupyterlab", **launch_services(address)},
        }


class LaunchNote(SphinxDirective):
    """Say where the launch buttons are; nothing in a copy that has none."""

    def run(self):
        buttons = self.config.html_theme_options.get("launch_buttons", {})
        names = {"binderhub_url": "on Binder", "colab_url": "in Colab"}
        offered = [name for key, name in names.items() if key in buttons]
        if self.env.app.lite:
            offered.append("in JupyterLite, which runs in the browser, if it needs no PyTorch")
        if not offered:
            return []
        opened = " or ".join(filter(None, [", ".join(offered[:-1]), offered[-1]]))
        text = (
            "To run it without installing anything, use the button with the triangle at the top of "
            f"a chapter: it opens the chapter {opened}."
        )
        return [nodes.paragraph("", text)]


def name_the_fork(app, docname, source):
    """Replace FORK by this copy's repository, both on its own and inside the link for a class."""
    if address := app.config.html_theme_options.get("repository_url"):
        link = class_link(address, app.config.html_theme_options["repository_branch"])
        source[0] = source[0].replace(class_link(FORK, "main"), link).replace(FORK, address)


def open_colabs_copy(app, pagename, templatename, context, doctree):
    """Let the theme's Colab button open the copy in the branch; drop it if there is none."""
    path = f"{pagename}.ipynb"
    for group in context["header_buttons"]:
        if group.get("label") == "launch-buttons":
            if path in NOT_ALONE:
                group["buttons"] = [each for each in group["buttons"] if each["text"] != "Colab"]
            for button in group["buttons"]:
                if button["text"] == "Colab":
                    button["url"] = colab_link(context["theme_repository_url"], path)


def complete_page(app, pagename, templatename, context, doctree):
    context["base"] = app.config.html_baseurl
    # The landing page has a single address, that of its folder.
    if pagename == app.config.root_doc and context.get("pageurl"):
        context["pageurl"] = app.config.html_baseurl


def not_found_page(app):
    """Add 404.html. A server shows it at any address, so its links are absolute if possible."""
    root = app.config.root_doc
    chapters = app.env.toctree_includes.get(root, [])
    listed = [
        (app.builder.get_target_uri(each), app.env.titles[each].astext()) for each in chapters
    ]
    yield "404", {"chapters": listed}, "404.html"


def setup(app):
    # After Sphinx has read the settings, and before the theme reads them.
    app.connect("config-inited", set_addresses)
    app.add_directive("launch-note", LaunchNote)
    app.connect("source-read", name_the_fork)
    app.connect("html-page-context", complete_page)
    # After the theme, at 501, has made its buttons.
    app.connect("html-page-context", open_colabs_copy, priority=502)
    app.connect("html-collect-pages", not_found_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
