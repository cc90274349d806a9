"""Each exercise of the NumPy chapters solved in the page, and each listed mistake told its own.

What `actlib`'s own tests see natively is seen here with the Python of the page, whose integers
are shorter and which warns of no overflow.
"""

import pytest
from browser import AWAKE
from live_notebooks import read_cells

CHAPTERS = ["why_nonlinearity", "relu_family", "sigmoid_tanh", "softmax"]
# Runs in the page. A verdict's own sentence and next step must be those of the mistake.
MISTAKES = """
import contextlib
import io
tried, faults = 0, []
for name in {names!r}:
    check = getattr(exercises, name)
    for number, mistake in enumerate(check.mistakes):
        tried += 1
        with contextlib.redirect_stdout(io.StringIO()):
            said = str(check(mistake.answer))
        if f"\\n  {{mistake.why}}\\n  Next: {{mistake.then}}" not in said:
            faults.append(f"{{name}} {{number}}: {{said!r}} for {{mistake.why!r}}")
print("tried", tried)
print("\\n".join(faults) or "no fault")
"""
SAID = """number => {
    document.querySelector(".live-go")?.click();
    const cell = document.querySelectorAll("div.cell")[number];
    const said = cell.querySelector(".live-said");
    return !document.querySelector(".live-running, .live-ask") && said.textContent
        && /right|wrong|error/.test(said.dataset.kind);
}"""


def check_of(cell):
    """Return the name of the check that a cell calls, None without."""
    words = cell.source.partition("exercises.check_")[2]
    return "check_" + words.partition("(")[0] if words else None


def run(page, number, code):
    cell = page.locator("div.cell").nth(number)
    if not cell.locator(".cm-content").count():
        cell.locator("pre").first.click()
        page.keyboard.insert_text("#")
        cell.locator(".cm-content").wait_for()
    cell.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    cell.locator(".live-said").evaluate("said => { said.textContent = said.dataset.kind = ''; }")
    cell.locator(".live-run").click()
    try:
        page.wait_for_function(SAID, arg=number, timeout=300_000, polling=100)
    except Exception:
        print(cell.inner_text())
        raise
    return cell


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_solution_is_right_and_every_mistake_is_named(name, host, browser):
    page = browser.new_page()
    answer = page.goto(f"{host.address}/chapters/{name}.html")
    page.evaluate(AWAKE)
    if answer.status == 404:
        pytest.skip("the small book holds one chapter: make test-all builds all")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    cells = read_cells(name)
    stubs = {check_of(cell): i for i, cell in enumerate(cells) if cell.stub}
    solutions = [cell for cell in cells if check_of(cell) in stubs and not cell.stub]
    assert len(stubs) == 5 and {check_of(cell) for cell in solutions} == {*stubs}
    said = {}
    for cell in solutions:
        check = check_of(cell)
        solved = run(page, stubs[check], cell.source)
        said[check] = solved.locator(".live-said").inner_text()
        assert solved.locator(".live-done").count() == 1, (check, said[check])
    # What is right in the stored page is right here in the same words.
    for cell in solutions:
        (line,) = [
            line
            for output in cell.outputs
            for line in output.get("text", "").splitlines()
            if line.startswith("✓")
        ]
        assert line in said[check_of(cell)], said
    code = MISTAKES.format(names=sorted(stubs))
    shown = run(page, next(iter(stubs.values())), code).locator(".live-said").inner_text()
    page.close()
    tried, _, faults = shown.partition("\n")
    assert int(tried.split()[1]) >= 15, shown
    assert faults.strip() == "no fault", faults
