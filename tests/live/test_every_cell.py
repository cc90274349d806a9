"""Every cell of every page that needs no PyTorch, run in the page and compared with what it stores.

The page itself compares: texts exactly, pictures by their number alone, because Pyodide's
Matplotlib is an older one.
"""

import json

import pytest
from live_notebooks import NUMPY_PAGES

# What differs there, by cell, and why.
DIFFERS = {}
DONE = """number => {
    document.querySelector(".live-go")?.click();
    const cell = document.querySelectorAll("div.cell")[number];
    const said = cell.querySelector(".live-said");
    const over = /^(Ran|Stopped|Python (ran|could))|^[✓✗○]/.test(said.textContent);
    return !cell.matches(".live-running") && said.dataset.kind !== "quiet" && over;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("name", NUMPY_PAGES)
def test_every_cell_run_in_the_page_shows_what_it_stores(name, host, browser, live_book):
    page = browser.new_page()
    page.goto(f"{host.address}/chapters/{name}.html")
    if not page.locator("[data-page]").count():
        pytest.skip("the small book holds one chapter: make test-all builds all")
    told = page.locator("[data-page]").get_attribute("data-page")
    stored = json.loads((live_book / "_static" / "live" / told).read_text("utf-8"))["cells"]
    page.evaluate("document.querySelectorAll('details.hide').forEach((fold) => fold.open = true)")
    found = {}
    for number, cell in enumerate(page.locator("div.cell").all()):
        if not cell.locator(".live-run").count():
            continue
        cell.locator(".live-run").click()
        page.wait_for_function(DONE, arg=number, timeout=300_000)
        said, kind = (
            cell.locator(".live-said"),
            cell.locator(".live-said").get_attribute("data-kind"),
        )
        expected = {"wrong", "same"} if "live-check" in cell.get_attribute("class") else {"same"}
        if kind not in expected:
            found[stored[number]["id"]] = said.inner_text()
    page.close()
    assert found.keys() == {id_ for id_ in found if id_ in DIFFERS}, found
