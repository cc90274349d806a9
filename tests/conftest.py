"""What every test can rely on: figures need no screen, nothing set stays; `rng` is seeded.

For tests in a browser: `browser`, `open_page`, the `book`, and a small one of the living figures.
"""

import os
import time
from contextlib import ExitStack

import matplotlib.pyplot as plt
import numpy as np
import pytest
from book import build
from browser import ARGUMENTS, build_book, chromium, notebook, opened
from course import ROOT
from each import refuse_expected_failures
from figures import EXAMPLES, stored

# Set here and not by MPLBACKEND, which a notebook's kernel would inherit, storing no figure.
plt.switch_backend("agg")


def pytest_collection_modifyitems(items):
    refuse_expected_failures(items)


@pytest.fixture(autouse=True)
def leave_no_trace():
    """Close figures; put back how NumPy prints and what it makes of errors."""
    with np.printoptions(), np.errstate():
        yield
    plt.close("all")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Open pages that are closed after the test: open_page(where, **options) -> Watched."""
    with ExitStack() as pages:
        yield lambda where, **options: pages.enter_context(opened(browser, where, **options))


@pytest.fixture(scope="session")
def book(tmp_path_factory, testrun_uid):
    """The HTML folder of the book: BOOK_HTML, else built once for all of xdist's workers."""
    if built := os.environ.get("BOOK_HTML"):
        return ROOT / built

    def make(folder):
        html, done = build(folder)
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return html

    return built_once(tmp_path_factory, f"book-{testrun_uid}", make)


def built_once(tmp_path_factory, name, make):
    """Return what `make(folder)` returns, a folder, made by the first of xdist's workers."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    ready, failed = shared / "ready", shared / "failed"
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(240):
            if ready.exists() or failed.exists():
                break
            time.sleep(0.5)
        else:
            pytest.fail(f"another worker did not finish building {name} in two minutes")
        assert ready.exists(), failed.read_text("utf-8")
        return shared / ready.read_text("utf-8")
    try:
        html = make(shared)
    except BaseException as error:
        failed.write_text(str(error), "utf-8")
        raise
    # Whole at once, for those who wait for it.
    ready.with_suffix(".part").write_text(str(html.relative_to(shared)), "utf-8")
    ready.with_suffix(".part").rename(ready)
    return html


@pytest.fixture(scope="session")
def figure_pages(tmp_path_factory, testrun_uid):
    """The folder of a built book: a page for each living figure, `pair` and `broken`.

    `pair` shows every figure twice, `broken` every figure with a truncated state, with another
    figure's state, and with none.
    """

    def make(folder):
        bundles = {name: stored(name)[1] for name in EXAMPLES}
        pages = {name: notebook([bundle]) for name, bundle in bundles.items()}
        pages["pair"] = notebook([bundle for bundle in bundles.values() for _ in range(2)])
        pages["broken"] = notebook(
            [
                {**bundle, "text/html": damaged}
                for bundle in bundles.values()
                for damaged in _damaged(bundle["text/html"])
            ]
        )
        return build_book(folder, pages)

    return built_once(tmp_path_factory, f"figures-{testrun_uid}", make)


def _damaged(html):
    start = html.index('<script type="application/json">') + len('<script type="application/json">')
    end = html.index("</script>")
    for state in (html[start : (start + end) // 2], '{"other": 1}', ""):
        yield html[:start] + state + html[end:]
