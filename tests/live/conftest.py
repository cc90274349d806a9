"""A book whose pages run Python, served as a static host serves it."""

import os
import shutil
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from browser import build_book
from course import ROOT
from static_host import serving

PAGE = "relu_family"


def has_python(book):
    return bool([*(book / "_static" / "live").glob("manifest-*.json")])


@pytest.fixture(scope="session")
def live_book(tmp_path_factory):
    """The HTML folder of a book with Python: BOOK_HTML, else a small one of one chapter."""
    if built := os.environ.get("BOOK_HTML"):
        book = Path(built).resolve()
    else:
        folder = tmp_path_factory.mktemp("live")
        for name in ("live", "actlib", "benchmarks"):
            kept = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(ROOT / name, folder / name, ignore=kept)
        (folder / "chapters").mkdir()
        chapter = ROOT / "chapters" / f"{PAGE}.ipynb"
        pages = {f"chapters/{PAGE}": nbformat.read(chapter, as_version=4)}
        book = build_book(folder, pages)
    if not has_python(book):
        message = "Pyodide's files are not in the cache: python -m live.runtime fetches them"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return book


FAILED = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note on a test whether it failed, for what has to be cleared away after it."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def failed(request):
    """Tell, when called after a test, whether it failed."""
    return lambda: request.node.stash[FAILED]


@pytest.fixture
def host(live_book):
    with serving(live_book) as (address, host):
        host.address = address
        yield host


@pytest.fixture(scope="module")
def kept_host(live_book):
    """One for a module: its address, and so what a browser has cached of it, stays."""
    with serving(live_book) as (address, host):
        host.address = address
        yield host


@pytest.fixture
def warns(monkeypatch):
    """Let warnings go where Python writes them; pytest keeps them for itself."""

    def write(message, category, file, line, *_):
        sys.stderr.write(warnings.formatwarning(message, category, file, line))

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        monkeypatch.setattr(warnings, "showwarning", write)
        yield


@pytest.fixture
def in_chapters(monkeypatch):
    monkeypatch.chdir("chapters")
    # The kernel is the main module while its cells run.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
