"""Python in the page, in Chromium with the real Pyodide: what a reader does, what goes wrong."""

import gzip
import json
import re

import axe
import pytest
from browser import ARGUMENTS, AWAKE, Watched, chromium
from static_host import POLICY, serving

PAGE = "/chapters/relu_family.html"
RIGHT = "def my_relu(z):\n    return np.maximum(z, 0)\n\n\nexercises.check_relu(my_relu)"
SETTLED = """number => {
    document.querySelector(".live-go")?.click();
    const cell = document.querySelectorAll("div.cell")[number];
    const said = cell.querySelector(".live-said");
    return !document.querySelector(".live-running") && said.textContent
        && said.dataset.kind !== "quiet" && !/^(Starting|Running|Waits)/.test(said.textContent);
}"""

# Code that runs for seconds is not worth compiling a second time, for speed.
QUICKLY = "--js-flags=--liftoff-only"
FORGET = """() => {
    const agreed = localStorage["live:agreed"];
    localStorage.clear();
    if (agreed) localStorage["live:agreed"] = agreed;
}"""


class Reader:
    """What a reader of the page can do."""

    def __init__(self, page):
        self.page = page

    def cell(self, text, nth=0):
        return self.page.locator("div.cell.live").filter(has_text=text).nth(nth)

    @property
    def exercise(self):
        return self.page.locator(".live-check").first

    def number(self, cell):
        return cell.evaluate("c => [...document.querySelectorAll('div.cell')].indexOf(c)")

    def write(self, cell, code):
        if not cell.locator(".cm-content").count():
            if cell.locator(".live-edit").count():
                cell.locator(".live-edit").click()
            else:
                cell.locator("pre").first.click()
                self.page.keyboard.insert_text("#")
            cell.locator(".cm-content").wait_for()
        cell.locator(".cm-content").focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def start(self, cell):
        cell.locator(".live-run").click()
        if (go := self.page.locator(".live-go")).count():
            go.click()

    def run(self, cell, code=None):
        """Run a cell and wait until it is done; return what its bar says."""
        if code is not None:
            self.write(cell, code)
        cell.locator(".live-said").evaluate("said => { said.textContent = ''; }")
        cell.locator(".live-run").click()
        try:
            self.page.wait_for_function(SETTLED, arg=self.number(cell), timeout=60_000)
        except Exception:
            print(cell.inner_text())
            raise
        return cell.locator(".live-said").inner_text()


@pytest.fixture(scope="module")
def profile(kept_host, browser, tmp_path_factory):
    """A browser profile that keeps what it has fetched, for all tests here."""
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")),
        executable_path=chromium(),
        args=[*ARGUMENTS, QUICKLY],
        viewport={"width": 390, "height": 844},
    )
    yield context
    context.close()


@pytest.fixture
def opened(profile, kept_host):
    """Open a page anew, with nothing kept but the agreement; close it afterwards."""
    watched = []

    def open_(path=PAGE, keep=False):
        if watched and not keep:
            watched[-1].page.evaluate(FORGET)
        watched.append(Watched(profile.new_page()))
        page = watched[-1].page
        page.goto(kept_host.address + path)
        page.evaluate(AWAKE)
        page.locator(".live-run").first.wait_for()
        reader = Reader(page)
        reader.watched = watched[-1]
        return reader

    yield open_
    for each in watched:
        assert [text for text in each.complaints if "404" not in text] == []
        assert each.foreign == []
        each.page.evaluate(FORGET)
        each.page.close()


def test_a_page_asks_for_nothing_but_a_small_loader(opened, kept_host):
    before = len(kept_host.asked)
    reader = opened()
    reader.page.wait_for_timeout(500)
    asked = [name for name, _ in kept_host.asked[before:] if "/live/" in name]
    assert {*asked} <= {"/_static/live/loader.js"}
    loader = (kept_host.folder / "_static" / "live" / "loader.js").read_bytes()
    assert len(gzip.compress(loader, 9)) <= 2000


def test_an_exercise_is_solved_within_the_budget_of_bytes(opened, kept_host):
    before = kept_host.sent
    reader = opened()
    page, exercise = reader.page, reader.exercise
    page.evaluate("localStorage.clear()")
    exercise.locator("pre").first.click()
    # The very first key counts: it must be there when the editor has come.
    page.keyboard.press("Control+a")
    for key in "x = 1":
        page.keyboard.press(key)
    exercise.locator(".cm-content").wait_for()
    page.wait_for_timeout(200)
    assert exercise.locator(".cm-content").inner_text().strip() == "x = 1"
    reader.write(exercise, RIGHT)
    before_click = kept_host.sent
    exercise.locator(".live-run").click()
    ask = page.locator(".live-ask")
    ask.wait_for()
    told = ask.inner_text()
    (promised,) = {*re.findall(r"(\d\.\d) MB", told)}
    page.evaluate(
        "said => { window.counted = []; new MutationObserver(() => counted.push("
        "said.textContent)).observe(said, {childList: true}); }",
        exercise.locator(".live-said").element_handle(),
    )
    assert not [name for name, _ in kept_host.asked if "pyodide" in name]
    page.locator(".live-go").click()
    page.wait_for_function(SETTLED, arg=reader.number(exercise), timeout=90_000)
    said = exercise.locator(".live-said")
    assert said.inner_text().startswith("✓") and said.get_attribute("role") == "status"
    assert (kept_host.sent - before) / 1e6 <= 9
    from_click = (kept_host.sent - before_click) / 1e6
    assert from_click == pytest.approx(float(promised), abs=0.06)
    print(f"{from_click:.3f} MB from the click")
    assert from_click <= 15.93 / 2  # JupyterLite, for the same exercise
    # The bar counts to what was promised.
    counted = " ".join(page.evaluate("counted"))
    assert re.findall(r"Fetching [\d.]+ of ([\d.]+) MB", counted)[-1] == promised, counted
    assert not [name for name, _ in kept_host.asked if "matplotlib" in name or "scipy" in name]


def test_an_exercise_not_tried_yet_names_the_button_of_the_page(opened):
    reader = opened()
    stored = reader.exercise.locator(".cell_output")
    assert "then press Check." in stored.inner_text()
    said = reader.run(reader.exercise)
    assert said.startswith("○") and said.endswith("then press Check.")


def test_a_wrong_answer_is_told_why_and_an_error_where(opened):
    reader = opened()
    said = reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "z"))
    assert said.startswith("✗") and len(said) > 10
    reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "np.maximum(z, 0"))
    shown = reader.exercise.locator(".live-fresh").inner_text()
    assert "SyntaxError" in shown and "Line 2" in shown and "Traceback" not in shown
    reader.run(reader.exercise, "def f():\n    return nowhere\n\nf()\n# check_")
    shown = reader.exercise.locator(".live-fresh").inner_text()
    assert "NameError: name 'nowhere' is not defined" in shown and "Line 2" in shown


def test_a_cell_shows_what_the_page_stores_and_marks_what_differs(opened):
    reader = opened()
    cell = reader.cell("print(")
    assert reader.run(cell).endswith("as stored.")
    reader.run(cell, "print('something else')")
    assert "something else" in cell.locator(".live-fresh").inner_text()
    toggle = cell.get_by_role("button", name="Show the stored output")
    toggle.click()
    assert not cell.locator(".live-fresh").is_visible()
    cell.locator(".live-reset").click()
    assert cell.locator(".live-mark").count() == 0


def test_text_comes_while_the_cell_runs_and_stop_ends_a_loop(opened):
    reader = opened()
    exercise = reader.exercise
    reader.write(exercise, "print('begun')\nwhile True:\n    pass\n# check_")
    reader.start(exercise)
    exercise.locator(".live-fresh").get_by_text("begun").wait_for(timeout=60_000)
    reader.page.evaluate("window.alive = true")  # the page does not freeze
    exercise.locator(".live-stop").click()
    assert "let go of all names" in exercise.locator(".live-said").inner_text()
    assert reader.run(exercise, RIGHT).startswith("✓")


def test_two_clicks_at_once_run_one_after_the_other(opened):
    reader = opened()
    first, second = (reader.page.locator(".live-check").nth(i) for i in (0, 1))
    reader.run(first)
    reader.write(second, "import time\ntime.sleep(1)\nprint('second')\n# check_")
    second.locator(".live-run").click()
    first.locator(".live-run").click()
    reader.page.wait_for_function(SETTLED, arg=reader.number(first), timeout=60_000)
    assert "second" in second.inner_text()


def test_work_is_kept_over_reloads_and_a_new_version_of_the_page(opened, kept_host):
    reader = opened()
    assert reader.run(reader.exercise, RIGHT).startswith("✓")
    again = opened(keep=True)
    again.exercise.locator(".cm-content").wait_for()
    assert "np.maximum" in again.exercise.locator(".cm-content").inner_text()
    assert again.exercise.locator(".live-done").count() == 1
    # The book's cell changes under the edit: both are shown.
    again.page.evaluate(
        "() => { const key = 'live:chapters/relu_family', work = JSON.parse(localStorage[key]);"
        "for (const id in work) work[id].of = 'an older version';"
        "localStorage[key] = JSON.stringify(work); }"
    )
    newer = opened(keep=True)
    besides = newer.exercise.locator(".live-besides")
    besides.wait_for()
    assert "np.maximum" in besides.inner_text()
    assert "return None" in newer.exercise.locator("pre").first.inner_text()
    besides.get_by_role("button", name="Use mine").click()
    assert "np.maximum" in newer.exercise.locator(".cm-content").inner_text()


def test_my_notebook_has_my_edits_and_outputs_and_work_is_forgotten(opened):
    import nbformat

    reader = opened()
    reader.run(reader.exercise, RIGHT)
    reader.exercise.locator("summary").click()
    with reader.page.expect_download() as download:
        reader.exercise.get_by_role("button", name="Download my notebook").click()
    notebook = nbformat.read(download.value.path(), as_version=4)
    nbformat.validate(notebook)
    (mine,) = [cell for cell in notebook.cells if cell.source == RIGHT]
    assert mine.outputs[0].text.startswith("✓")
    reader.page.once("dialog", lambda dialog: dialog.accept())
    reader.exercise.locator("summary").click()
    reader.exercise.get_by_role("button", name="Forget my work").click()
    kept = reader.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('live:'))")
    assert kept == ["live:agreed"]


def test_what_python_shows_as_html_runs_no_script(opened):
    reader = opened()
    code = (
        "from IPython.display import HTML\n"
        'HTML(\'<b id=made onclick="window.bad=1">bold</b><img src=x onerror="window.bad=1">\'\n'
        "     '<script>window.bad=1</script><iframe src=\"/\"></iframe>')\n# check_"
    )
    reader.run(reader.exercise, code)
    shown = reader.exercise.locator(".live-fresh")
    assert shown.locator("b").inner_text() == "bold"
    assert shown.locator("script, iframe").count() == 0
    assert reader.page.evaluate("window.bad") is None


def test_with_a_strict_policy_an_exercise_is_solved(opened, kept_host):
    kept_host.policy = POLICY
    try:
        reader = opened()
        assert reader.run(reader.exercise, RIGHT).startswith("✓")
    finally:
        kept_host.policy = ""


def test_without_a_network_what_was_fetched_still_runs(opened, profile):
    reader = opened()
    reader.run(reader.exercise, RIGHT)
    reader.exercise.locator("summary").click()
    reader.exercise.get_by_role("button", name="Restart Python").click()
    profile.set_offline(True)
    try:
        assert reader.run(reader.exercise).startswith("✓")
    finally:
        profile.set_offline(False)


def kept_memories(page):
    return page.evaluate(
        "async () => (await (await caches.open('live-python')).keys()).map(({ url }) => url)"
    )


DRAWS = "print(np.random.random(), __import__('random').random())\n# check_"


# Of each start of Python on the page, whether it took up a memory that was kept.
RESTORED = "performance.getEntriesByName('live-ready').map(({ detail }) => detail.restored)"


def test_a_later_start_takes_up_the_memory_of_the_first(opened):
    reader = opened()
    page = reader.page
    page.evaluate("caches.delete('live-python')")
    reader.run(reader.exercise, "import numpy as np\n" + DRAWS)
    drawn = [reader.exercise.locator(".live-said").inner_text()]
    assert page.evaluate(RESTORED) == [False]
    page.wait_for_function(
        "async () => (await (await caches.open('live-python')).keys()).length", timeout=20_000
    )
    for _ in range(2):
        again = opened()
        again.run(again.exercise, "import numpy as np\n" + DRAWS)
        drawn.append(again.exercise.locator(".live-said").inner_text())
        assert again.run(again.exercise, RIGHT).startswith("✓")
        assert again.page.evaluate(RESTORED) == [True]
    # Nothing of the visit before: its random numbers are not drawn again.
    assert len({*drawn}) == 3
    assert len(kept_memories(again.page)) == 1


def test_a_memory_that_is_broken_is_dropped_and_the_run_goes_on(opened):
    reader = opened()
    reader.run(reader.exercise, RIGHT)
    page = reader.page
    page.wait_for_function(
        "async () => (await (await caches.open('live-python')).keys()).length", timeout=20_000
    )
    page.evaluate(
        "async () => { const store = await caches.open('live-python');"
        "for (const key of await store.keys()) await store.put(key, new Response('broken')); }"
    )
    again = opened()
    assert again.run(again.exercise, RIGHT).startswith("✓")
    assert again.page.evaluate(RESTORED) == [False]


def test_on_plain_http_nothing_is_kept_and_python_starts_as_before(kept_host, browser):
    # A name that is not localhost, for this machine: such a page has no store.
    rules = "--host-resolver-rules=MAP course.test 127.0.0.1, MAP * ~NOTFOUND"
    others = [each for each in ARGUMENTS if "host-resolver-rules" not in each]
    other = browser.browser_type.launch(executable_path=chromium(), args=[*others, rules])
    for _ in range(2):
        page = other.new_page()
        page.goto(kept_host.address.replace("127.0.0.1", "course.test") + PAGE)
        assert not page.evaluate("isSecureContext || 'caches' in window")
        reader = Reader(page)
        assert reader.run(reader.exercise, RIGHT).startswith("✓")
        assert page.evaluate(RESTORED) == [False]
        page.close()
    other.close()


def test_the_keyboard_alone_gets_in_and_out(opened):
    reader = opened()
    page, exercise = reader.page, reader.exercise
    reader.write(exercise, RIGHT)
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.cm-content')")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Shift+Tab")
    # Who only passes by is not held.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"


def test_editors_and_outputs_pass_axe_and_fit(opened):
    reader = opened()
    page = reader.page
    reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "z"))
    reader.exercise.locator("summary").click()
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(axe.EMPTIED)
    # axe walks through the whole page, whatever it is asked to look at.
    page.evaluate("document.querySelectorAll('.cell:not(.live-check)').forEach(c => c.remove())")
    page.evaluate(axe.at_hand())
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            found = page.evaluate(
                "() => axe.run('.live-check', {resultTypes: ['violations']}).then("
                "r => r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 200),"
                "v.nodes[0].failureSummary]))"
            )
            assert found == [], (width, theme)
    page.set_viewport_size({"width": 390, "height": 844})


def test_a_figure_is_drawn_in_the_page_and_in_the_readers_theme(opened):
    reader = opened()
    cell = reader.cell("leaky_relu, alpha = 0.1")
    reader.run(cell)
    assert cell.locator(".live-fresh img").count() >= 1, cell.inner_text()
    page = reader.page
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    shown = cell.locator(".live-fresh img:visible")
    assert shown.count() == 1 and "live-night" in shown.get_attribute("class")


def test_what_an_edit_asks_for_later_is_fetched(opened):
    reader = opened()
    assert reader.run(reader.exercise, RIGHT).startswith("✓")
    code = "from scipy import integrate\nprint(integrate.quad(abs, 0, 2)[0])\n# check_"
    reader.run(reader.exercise, code)
    assert "2.0" in reader.exercise.inner_text()


def test_what_no_exercise_imports_comes_when_it_is_imported(opened):
    reader = opened()
    assert reader.run(reader.exercise, RIGHT).startswith("✓")
    code = (
        "import logging.config, urllib.request, importlib.metadata, statistics\n"
        "import numpy as np\nnp.testing.assert_equal(np.char.upper('a'), 'A')\n"
        "print(statistics.mean([1, 3]), 'é'.encode('cp850'))\n# check_"
    )
    reader.run(reader.exercise, code)
    assert "2 b'\\x82'" in reader.exercise.locator(".live-said").inner_text()


def test_the_line_of_an_error_is_marked_until_the_next_run(opened):
    reader = opened()
    reader.run(reader.exercise, "x = 1\ny = 1 / 0\n# check_")
    marked = reader.exercise.locator(".live-wrong-line")
    assert marked.all_inner_texts() == ["y = 1 / 0"]
    reader.run(reader.exercise, RIGHT)
    assert marked.count() == 0


def test_a_table_that_a_run_changed_has_its_formulas_set(opened):
    reader = opened()
    code = (
        "from actlib.reference import Table\n"
        'Table(("name", "formula"), [("half", r"$\\frac{z}{2}$")])\n# check_'
    )
    reader.run(reader.exercise, code)
    table = reader.exercise.locator(".live-fresh table")
    table.locator(".katex").wait_for()
    assert table.locator("math mfrac").count() == 1 and "frac" not in table.inner_text()


def test_a_folded_cell_opens_when_it_is_edited(opened):
    reader = opened()
    cell = reader.page.locator("div.cell.live.tag_fold").first
    cell.locator(".live-edit").click()
    editor = cell.locator(".cm-content")
    editor.wait_for()
    assert editor.bounding_box()["height"] > 100
    assert not cell.locator(".fold-more").is_visible()


def test_broken_files_give_a_sentence_and_the_next_try_works(live_book, profile):
    with serving(live_book) as (address, host):
        reader = Reader(profile.new_page())
        host.refuses = "numpy"
        reader.page.goto(address + PAGE)
        said = reader.run(reader.exercise)
        assert "could not go on" in said
        host.refuses = None
        assert reader.run(reader.exercise, RIGHT).startswith("✓")
        reader.page.close()


def test_opened_from_disk_the_page_says_why_it_cannot_run(live_book, profile):
    page = profile.new_page()
    page.goto((live_book / PAGE.lstrip("/")).as_uri())
    page.evaluate(AWAKE)
    assert "Opened from disk" in page.locator(".live-check").first.inner_text()
    assert page.locator(".live-run").count() == 0
    page.close()


def test_the_landing_page_counts_what_is_solved(live_book, profile):
    with serving(live_book) as (address, _):
        page = profile.new_page()
        page.goto(address + "/index.html")
        page.evaluate(
            "localStorage['live:solved:/chapters/relu_family.html'] = '{\"a\": true, \"b\": true}'"
        )
        page.reload()
        texts = [text.strip() for text in page.locator(".live-solved").all_inner_texts()]
        links = page.locator("article a[href*='relu_family']").count()
        assert texts == ["✓ 2 solved"] * links
        # The theme's colour of text for success is white, for green ground: not seen on a page.
        color = page.locator(".live-solved").first.evaluate("mark => getComputedStyle(mark).color")
        assert max(int(part) for part in re.findall(r"\d+", color)[:3]) < 120, color
        page.close()


def test_every_file_of_the_runtime_is_immutable_by_its_name(live_book):
    folder = live_book / "_static" / "live"
    manifest = json.loads(next(folder.glob("manifest-*.json")).read_text())
    for name, pack in manifest["packs"].items():
        file = folder / pack["file"]
        assert re.fullmatch(rf"{name}-[0-9a-f]{{8}}\.pack", file.name)
        assert file.stat().st_size == pack["size"]
