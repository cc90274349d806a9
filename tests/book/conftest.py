"""For every test of the pages: the built book, and a way to open one of its pages from disk."""

import os
import time

import pytest
from built import build
from course import ROOT


@pytest.fixture(scope="session")
def book(tmp_path_factory, testrun_uid):
    """The HTML folder of the book: BOOK_HTML, else built once for all of xdist's workers."""
    if built := os.environ.get("BOOK_HTML"):
        return ROOT / built
    shared = tmp_path_factory.getbasetemp().parent / f"book-{testrun_uid}"
    ready = shared / "ready"
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(240):
            if ready.exists():
                break
            time.sleep(0.5)
        else:
            pytest.fail("another worker did not finish building the book in two minutes")
    else:
        _, done = build(shared)
        ready.write_text("" if done.returncode == 0 else done.stdout + done.stderr, "utf-8")
    problem = ready.read_text("utf-8")
    assert not problem, problem[-3000:]
    return shared / "_build" / "html"


@pytest.fixture
def visit(open_page, book):
    """Open a page of the book from disk, without motion: visit(name, **options) -> Watched."""
    return lambda name, **options: open_page(
        book / f"{name}.html", reduced_motion="reduce", **options
    )
