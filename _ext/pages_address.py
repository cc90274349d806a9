"""Find out where this copy of the course lives: its repository's address and its pages'.

Both are read from the checkout when the build starts, so a fork's buttons open the fork; where
neither is known, the pages have no buttons and no canonical address.
"""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
# Whose addresses a launch service can be given, beside their names for it.
SERVICES = {"github.com": "github", "gitlab.com": "gitlab"}


def clean_address(remote):
    """Turn a git remote into a web address without user, password or `.git`; else return "".

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
    """Return the branch that the links open: on GitHub the one that is built, else git's."""
    if environ.get("GITHUB_REF_TYPE") == "branch":
        return environ["GITHUB_REF_NAME"]
    return ask_git(folder, "symbolic-ref", "--short", "HEAD") or "main"


def pages_address(environ=os.environ):
    """Return the address that the pages are published at, or "".

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
    """Name the services that open notebooks from `address`: {theme option: service's address}."""
    service = SERVICES.get(urlsplit(address).hostname)
    return {
        **({"binderhub_url": BINDER} if service else {}),
        **({"colab_url": COLAB} if service == "github" else {}),
    }


def set_addresses(app, config):
    folder = Path(app.srcdir)
    if base := pages_address():
        config.html_baseurl = base
    if address := repository_address(folder):
        config.html_theme_options |= {
            "repository_url": address,
            # The theme knows three; for any other the button is a plain link all the same.
            "repository_provider": SERVICES.get(urlsplit(address).hostname, "github"),
            "repository_branch": branch_name(folder),
            "use_repository_button": True,
            "launch_buttons": {"notebook_interface": "jupyterlab", **launch_services(address)},
        }


def complete_page(app, pagename, templatename, context, doctree):
    context["base"] = app.config.html_baseurl
    # The landing page has one address, that of its folder.
    if pagename == app.config.root_doc and context.get("pageurl"):
        context["pageurl"] = app.config.html_baseurl


def not_found_page(app):
    """Add 404.html. A server shows it at any address, so its links are whole where they can be."""
    root = app.config.root_doc
    chapters = app.env.toctree_includes.get(root, [])
    listed = [
        (app.builder.get_target_uri(each), app.env.titles[each].astext()) for each in chapters
    ]
    yield "404", {"chapters": listed}, "404.html"


def setup(app):
    # After Sphinx has read the settings and before the theme does.
    app.connect("config-inited", set_addresses)
    app.connect("html-page-context", complete_page)
    app.connect("html-collect-pages", not_found_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
