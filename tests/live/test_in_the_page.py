"""Python in the page, in Chromium with the real Pyodide: what a reader does, what goes wrong.

To start Python takes seconds, so most tests share one page on which it runs (`reader`). It is put
back to what it was after each; after a failure another is opened. What a start does is asked of
the first visit of a new browser (`visit`), of one on plain http (`plain`), or of a start that a
test makes itself.
"""

import gzip
import json
import re
from contextlib import suppress
from types import SimpleNamespace

import axe
import pytest
from browser import ARGUMENTS, AWAKE, TWO_FRAMES, Watched, chromium
from course import ROOT
from launch import until
from playwright.sync_api import Error, TimeoutError
from static_host import POLICY

PAGE = "/chapters/relu_family.html"
README = (ROOT / "README.md").read_text("utf-8")
WIDTH, HEIGHT = 390, 844
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
# A name that is not localhost, for this machine: its pages have no store.
(RULES,) = (each for each in ARGUMENTS if each.startswith("--host-resolver-rules=MAP "))
NAMED = RULES.replace("=MAP", "=MAP course.test 127.0.0.1, MAP", 1)
FORGET = """() => {
    const agreed = localStorage["live:agreed"];
    localStorage.clear();
    if (agreed) localStorage["live:agreed"] = agreed;
}"""
# What a reader sees of each cell, and what else a visit leaves behind.
LOOKS = """() => ({
    cells: [...document.querySelectorAll("div.cell")].map((cell) => ({
        said: cell.querySelector(".live-said")?.textContent,
        kind: cell.querySelector(".live-said")?.dataset.kind ?? "",
        shown: [...cell.querySelectorAll(".cell_output :is(pre, td, img)")]
            .filter((each) => each.checkVisibility()).map((each) => each.alt ?? each.textContent),
        more: [...cell.querySelectorAll(`.live-fresh, .live-mark, .live-besides, .live-ask,
            .live-done, .live-wrong-line, .live-reset, .live-stop, .live-progress,
            .live-more[open]`)]
            .map((each) => each.className),
        runs: cell.matches(".live-running"),
    })),
    kept: Object.keys(localStorage).filter((key) => /^live:(?!agreed)/.test(key)),
    theme: document.documentElement.dataset.theme,
    width: innerWidth,
})"""
# The page forgets, as for a reader who asks for it, and says no word of it.
PUT_BACK = """({ cells, theme }) => {
    document.querySelector(".live-stop")?.click();
    const ask = window.confirm;
    window.confirm = () => true;
    [...document.querySelectorAll(".live-more button")]
        .find((each) => each.textContent === "Forget my work")?.click();
    window.confirm = ask;
    document.querySelectorAll(".live-more").forEach((menu) => (menu.open = false));
    // A run shows what a question covers.
    document.querySelectorAll(".ask[aria-expanded=true]").forEach((cover) => cover.click());
    document.querySelectorAll("div.cell").forEach((cell, i) => {
        const said = cell.querySelector(".live-said");
        if (!said) return;
        said.textContent = cells[i].said;
        said.dataset.kind = cells[i].kind;
    });
    document.documentElement.dataset.theme = theme;
    delete window.bad;
}"""
TYPED = "text => document.querySelector('.live-check .cm-content').innerText.trim() === text"
# Of each start of Python on the page, whether it took up a memory that was kept.
RESTORED = "performance.getEntriesByName('live-ready').map(({ detail }) => detail.restored)"
KEPT = """async () => {
    const store = await caches.open("live-python");
    const sizes = [];
    for (const key of await store.keys())
        sizes.push((await (await store.match(key)).blob()).size);
    return sizes;
}"""


class Reader:
    """What a reader of the page can do."""

    def __init__(self, watched, address):
        self.watched, self.page = watched, watched.page
        self.page.goto(address)
        self.page.evaluate(AWAKE)
        self.page.locator(".live-run").first.wait_for()
        self.at_first = self.page.evaluate(LOOKS)

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

    def restart(self):
        """End Python by the menu of the first exercise, which must have run."""
        self.exercise.locator("summary").click()
        self.exercise.get_by_role("button", name="Restart Python").click()

    def asks(self, expression):
        """Return the value of an expression in Python's own thread."""
        return self.page.workers[-1].evaluate(expression)

    def start_without(self, absent):
        """Have Python run, and `absent` be true in its thread: other tests share it."""
        assert self.run(self.exercise, RIGHT).startswith("✓")
        if not self.asks(absent):
            self.restart()
            assert self.run(self.exercise, RIGHT).startswith("✓")
        assert self.asks(absent)

    def wait_for_memory(self):
        """Wait until the memory that a start keeps is in the browser's store."""
        until(lambda: max(self.page.evaluate(KEPT), default=0) > 1e6, "no memory is kept")

    def put_back(self):
        """Forget what was done here; Python goes on, with no names."""
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self.page.evaluate(PUT_BACK, self.at_first)
        self.page.evaluate(FORGET)
        # One that was stopped can still be listed.
        with suppress(Error, IndexError):
            self.asks("() => { if (kernel) kernel.kernel = null; }")

    @property
    def left(self):
        """What is otherwise than when the page was opened: {number of a cell, or what: now}."""
        now, then = self.page.evaluate(LOOKS), {**self.at_first}
        for looks in (now, then):
            looks |= dict(enumerate(looks.pop("cells")))
        return {what: now.get(what) for what in now | then if now.get(what) != then.get(what)}

    def complaints(self):
        """Return what the page complained of since it was asked last; read each time."""
        found = [text for text in self.watched.complaints if "404" not in text]
        found += self.watched.foreign
        self.watched.said.clear()
        self.watched.foreign.clear()
        return found


@pytest.fixture(scope="module")
def profile(kept_host, browser, tmp_path_factory):
    """A browser profile that keeps what it has fetched, for all tests here."""
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")),
        executable_path=chromium(),
        args=[*ARGUMENTS, NAMED, QUICKLY],
        viewport={"width": WIDTH, "height": HEIGHT},
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def visit(profile, kept_host):
    """The first visit of a new browser: what it fetched and said until an exercise was solved."""
    seen = SimpleNamespace()
    before = kept_host.sent
    reader = seen.reader = Reader(Watched(profile.new_page()), kept_host.address + PAGE)
    page, exercise = reader.page, reader.exercise
    page.wait_for_load_state("networkidle")
    seen.opening = [name for name, _ in kept_host.asked]
    exercise.locator("pre").first.click()
    # The very first key counts: it must be there when the editor has come.
    page.keyboard.press("Control+a")
    for key in "x = 1":
        page.keyboard.press(key)
    exercise.locator(".cm-content").wait_for()
    with suppress(TimeoutError):
        page.wait_for_function(TYPED, arg="x = 1", timeout=5_000)
    page.evaluate(TWO_FRAMES)
    seen.typed = exercise.locator(".cm-content").inner_text().strip()
    reader.write(exercise, RIGHT)
    before_click = kept_host.sent
    exercise.locator(".live-run").click()
    page.locator(".live-ask, .live-running").first.wait_for()
    seen.told = " ".join(page.locator(".live-ask").all_inner_texts())
    page.evaluate(
        "said => { window.counted = []; new MutationObserver(() => counted.push("
        "said.textContent)).observe(said, {childList: true}); }",
        exercise.locator(".live-said").element_handle(),
    )
    seen.unasked = [name for name, _ in kept_host.asked if "pyodide" in name]
    page.evaluate("document.querySelector('.live-go')?.click()")
    page.wait_for_function(SETTLED, arg=reader.number(exercise), timeout=90_000)
    seen.said = exercise.locator(".live-said").inner_text()
    seen.role = exercise.locator(".live-said").get_attribute("role")
    seen.sent, seen.from_click = kept_host.sent - before, kept_host.sent - before_click
    seen.counted = page.evaluate("counted")
    seen.asked = [name for name, _ in kept_host.asked]
    seen.restored = page.evaluate(RESTORED)
    seen.complaints = reader.complaints()
    reader.put_back()
    yield seen
    seen.reader.page.close()


@pytest.fixture
def reader(visit, profile, kept_host, failed):
    """The page of the first visit, on which Python runs, as nobody had touched it."""
    yield visit.reader
    complaints = visit.reader.complaints()
    # After a failure nothing is counted on, not even that Python listens.
    if not failed():
        visit.reader.put_back()
    if failed() or visit.reader.left:
        visit.reader.page.close()
        page = profile.new_page()
        page.goto(kept_host.address + "/index.html")
        page.evaluate(FORGET)
        visit.reader = Reader(Watched(page), kept_host.address + PAGE)
    assert complaints == []


@pytest.fixture
def opened(profile, kept_host):
    """Open a page of the same browser, in which Python has not started; close it afterwards."""
    readers = []

    def open_():
        readers.append(Reader(Watched(profile.new_page()), kept_host.address + PAGE))
        return readers[-1]

    yield open_
    for each in readers:
        assert each.complaints() == []
        each.page.evaluate(FORGET)
        each.page.close()


@pytest.fixture(scope="module")
def plain(profile, kept_host):
    """A visit on plain http: first with a file refused, then as it should be, then once more."""
    seen = SimpleNamespace()
    address = kept_host.address.replace("127.0.0.1", "course.test")
    reader = Reader(Watched(profile.new_page()), address + PAGE)
    seen.store = reader.page.evaluate("isSecureContext || 'caches' in window")
    kept_host.refuses = "numpy"
    try:
        seen.refused = reader.run(reader.exercise)
    finally:
        kept_host.refuses = None
    seen.next = reader.run(reader.exercise, RIGHT)
    reader.restart()
    seen.last = reader.run(reader.exercise, RIGHT)
    seen.restored = reader.page.evaluate(RESTORED)
    yield seen
    reader.page.close()


def test_a_page_asks_for_nothing_but_a_small_loader(visit, kept_host):
    asked = {name for name in visit.opening if "/live/" in name}
    assert asked <= {"/_static/live/loader.js"}
    loader = (kept_host.folder / "_static" / "live" / "loader.js").read_bytes()
    assert len(gzip.compress(loader, 9)) <= 2000


def test_what_is_typed_before_the_editor_has_come_is_in_it(visit):
    assert visit.typed == "x = 1"


def test_an_exercise_is_solved_within_the_budget_of_bytes(visit):
    assert visit.said.startswith("✓") and visit.role == "status" and visit.complaints == []
    assert visit.sent / 1e6 <= 9
    assert visit.from_click <= 15.93e6 / 2  # JupyterLite, for the same exercise
    assert not [name for name in visit.asked if "matplotlib" in name or "scipy" in name]


def test_nothing_of_python_is_fetched_unasked_and_then_as_much_as_was_told(visit):
    assert visit.unasked == []
    (promised,) = {*re.findall(r"(\d\.\d) MB", visit.told)}
    assert visit.from_click / 1e6 == pytest.approx(float(promised), abs=0.06)
    # The bar counts to what was promised.
    counted = " ".join(visit.counted)
    assert re.findall(r"Fetching [\d.]+ of ([\d.]+) MB", counted)[-1] == promised, counted


def test_the_shared_page_is_put_back_to_what_it_was(visit, reader):
    assert reader.left == {}
    first, second = (reader.page.locator(".live-check").nth(i) for i in (0, 1))
    code = "import numpy as np\nnp.set_printoptions(2)\nmade = 1\n"
    assert reader.run(first, code + RIGHT).startswith("✓")
    reader.run(second, "print(made)\n1 / 0\n# check_")
    printing = reader.cell("print(")
    reader.run(printing, "print('something else')")
    reader.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    reader.page.set_viewport_size({"width": 320, "height": 900})
    touched = {reader.number(cell) for cell in (first, second, printing)}
    assert reader.left.keys() >= touched | {"kept", "theme", "width"}
    reader.put_back()
    assert reader.left == {}
    code = "import numpy as np\nprint(np.get_printoptions()['precision'])\n# check_"
    assert reader.run(second, code) == "8"
    assert reader.run(second, "print('made' in globals())\n# check_") == "False"


def test_an_exercise_not_tried_yet_names_the_button_of_the_page(reader):
    stored = reader.exercise.locator(".cell_output")
    assert "then press Check." in stored.inner_text()
    said = reader.run(reader.exercise)
    assert said.startswith("○") and said.endswith("then press Check.")


def test_paper_has_no_buttons_to_run_code(reader):
    bars = reader.page.locator(".live-bar:visible")
    assert bars.count() > 5
    reader.page.emulate_media(media="print")
    assert bars.count() == 0
    reader.page.emulate_media(media="screen")


def test_a_wrong_answer_is_told_why_and_an_error_where(reader):
    said = reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "z"))
    assert said.startswith("✗") and len(said) > 10
    reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "np.maximum(z, 0"))
    shown = reader.exercise.locator(".live-fresh").inner_text()
    assert "SyntaxError" in shown and "Line 2" in shown and "Traceback" not in shown
    reader.run(reader.exercise, "def f():\n    return nowhere\n\nf()\n# check_")
    shown = reader.exercise.locator(".live-fresh").inner_text()
    assert "NameError: name 'nowhere' is not defined" in shown and "Line 2" in shown


def test_a_cell_shows_what_the_page_stores_and_marks_what_differs(reader):
    cell = reader.cell("print(")
    assert reader.run(cell).endswith("as stored.")
    reader.run(cell, "print('something else')")
    assert "something else" in cell.locator(".live-fresh").inner_text()
    toggle = cell.get_by_role("button", name="Show the stored output")
    toggle.click()
    assert not cell.locator(".live-fresh").is_visible()
    cell.locator(".live-reset").click()
    assert cell.locator(".live-mark").count() == 0


def test_text_comes_while_the_cell_runs_and_stop_ends_a_loop(reader):
    exercise = reader.exercise
    reader.write(exercise, "print('begun')\nwhile True:\n    pass\n# check_")
    reader.start(exercise)
    exercise.locator(".live-fresh").get_by_text("begun").wait_for(timeout=60_000)
    reader.page.evaluate("window.alive = true")  # the page does not freeze
    exercise.locator(".live-stop").click()
    assert "let go of all names" in exercise.locator(".live-said").inner_text()
    assert reader.run(exercise, RIGHT).startswith("✓")


def test_two_clicks_at_once_run_one_after_the_other(reader):
    first, second = (reader.page.locator(".live-check").nth(i) for i in (0, 1))
    reader.run(first)
    reader.write(second, "import time\nprint('begun')\ntime.sleep(0.5)\nprint('second')\n# check_")
    # In the page: from here, the click could come when the second is done.
    reader.page.evaluate(
        """async () => {
            const [first, second] = document.querySelectorAll(".live-check");
            second.querySelector(".live-run").click();
            const begun = () => /begun/.test(second.querySelector(".live-fresh")?.textContent);
            for (const start = performance.now(); performance.now() < start + 30_000 && !begun();)
                await new Promise(requestAnimationFrame);
            first.querySelector(".live-run").click();
        }"""
    )
    reader.page.wait_for_function(SETTLED, arg=reader.number(first), timeout=60_000)
    assert "second" in second.inner_text()


def test_work_is_kept_over_reloads_and_a_new_version_of_the_page(reader, opened):
    assert reader.run(reader.exercise, RIGHT).startswith("✓")
    again = opened()
    again.exercise.locator(".cm-content").wait_for()
    assert "np.maximum" in again.exercise.locator(".cm-content").inner_text()
    assert again.exercise.locator(".live-done").count() == 1
    # The book's cell changes under the edit: both are shown.
    again.page.evaluate(
        "() => { const key = 'live:chapters/relu_family', work = JSON.parse(localStorage[key]);"
        "for (const id in work) work[id].of = 'an older version';"
        "localStorage[key] = JSON.stringify(work); }"
    )
    newer = opened()
    besides = newer.exercise.locator(".live-besides")
    besides.wait_for()
    assert "np.maximum" in besides.inner_text()
    assert "return None" in newer.exercise.locator("pre").first.inner_text()
    besides.get_by_role("button", name="Use mine").click()
    assert "np.maximum" in newer.exercise.locator(".cm-content").inner_text()


def test_my_notebook_has_my_edits_and_outputs_and_work_is_forgotten(reader):
    import nbformat

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


def test_what_python_shows_as_html_runs_no_script(reader):
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


def test_without_a_network_what_was_fetched_still_runs(reader, profile):
    reader.run(reader.exercise, RIGHT)
    reader.restart()
    profile.set_offline(True)
    try:
        assert reader.run(reader.exercise).startswith("✓")
    finally:
        profile.set_offline(False)


DRAWS = "print(np.random.random(), __import__('random').random())\n# check_"


def test_a_later_start_takes_up_the_memory_of_the_first(visit, reader, opened):
    assert visit.restored == [False]
    reader.wait_for_memory()
    drawn = [reader.run(reader.exercise, "import numpy as np\n" + DRAWS)]
    again = opened()
    for restored in ([True], [True, True]):
        drawn.append(again.run(again.exercise, "import numpy as np\n" + DRAWS))
        assert again.run(again.exercise, RIGHT).startswith("✓")
        assert again.page.evaluate(RESTORED) == restored
        again.restart()
    # Nothing of the visit before: its random numbers are not drawn again.
    assert len({*drawn}) == 3
    assert len(again.page.evaluate(KEPT)) == 1


def test_a_memory_that_is_broken_is_dropped_and_the_run_goes_on(reader):
    page = reader.page
    reader.run(reader.exercise, RIGHT)
    reader.wait_for_memory()
    page.evaluate(
        "async () => { const store = await caches.open('live-python');"
        "for (const key of await store.keys()) await store.put(key, new Response('broken')); }"
    )
    try:
        reader.restart()
        assert reader.run(reader.exercise, RIGHT).startswith("✓")
        assert page.evaluate(RESTORED)[-1] is False
        reader.wait_for_memory()
    finally:
        if len("broken") in page.evaluate(KEPT):
            page.evaluate("caches.delete('live-python')")


def test_on_plain_http_nothing_is_kept_and_python_starts_as_before(plain):
    assert not plain.store
    assert plain.next.startswith("✓") and plain.last.startswith("✓")
    assert plain.restored == [False, False]


def test_broken_files_give_a_sentence_and_the_next_try_works(plain):
    assert "could not go on" in plain.refused
    assert plain.next.startswith("✓")


def test_the_keyboard_alone_gets_in_and_out(reader):
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


# Take out what is beside the exercises; `together` puts it back.
ALONE = """() => {
    const taken = [];
    for (const exercise of document.querySelectorAll(".live-check")) {
        for (let inside = exercise; !inside.matches("article"); inside = inside.parentElement) {
            for (const beside of [...inside.parentElement.children]) {
                if (beside.matches(".live-check, :has(.live-check)")) continue;
                const place = document.createComment("");
                beside.replaceWith(place);
                taken.push([place, beside]);
            }
        }
    }
    window.together = () => taken.forEach(([place, beside]) => place.replaceWith(beside));
}"""


def test_editors_and_outputs_pass_axe_and_fit(reader):
    page = reader.page
    # One line is wider than a phone.
    reader.write(page.locator(".live-check").nth(1), 40 * "wide" + " = 1")
    reader.run(reader.exercise, RIGHT.replace("np.maximum(z, 0)", "z"))
    reader.exercise.locator("summary").click()
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # axe walks through the whole page, whatever it is asked to look at.
    page.evaluate(ALONE)
    page.evaluate(axe.at_hand())
    try:
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
    finally:
        page.evaluate("together()")


def test_what_no_exercise_imports_comes_when_it_is_imported(reader):
    reader.start_without("!loaded.has('stdlib')")
    code = (
        "import logging.config, urllib.request, importlib.metadata, statistics\n"
        "import numpy as np\nnp.testing.assert_equal(np.char.upper('a'), 'A')\n"
        "print(statistics.mean([1, 3]), 'é'.encode('cp850'))\n# check_"
    )
    reader.run(reader.exercise, code)
    assert "2 b'\\x82'" in reader.exercise.locator(".live-said").inner_text()


def test_scipy_comes_with_all_that_it_imports(reader):
    reader.start_without("!loaded.has('stdlib')")
    reader.run(reader.cell("for name in family:"))
    assert reader.asks("[loaded.has('scipy'), loaded.has('stdlib')]") == [True, False]


def test_numpy_warns_as_it_does_on_a_computer(reader):
    cell = reader.cell("print(")
    reader.run(cell, "import numpy as np\n\nz = np.array([1.0, 1000.0])\nprint(np.exp(z) / 0)")
    told = cell.locator(".live-fresh .stderr").inner_text()
    assert re.findall(r":(\d+: RuntimeWarning: .*)", told) == [
        "4: RuntimeWarning: overflow encountered in exp",
        "4: RuntimeWarning: divide by zero encountered in divide",
    ]
    reader.run(cell, "import numpy as np\n\nwith np.errstate(all='raise'):\n    np.log(0.0)")
    assert "FloatingPointError: divide by zero encountered in log" in cell.inner_text()


def test_a_figure_is_drawn_in_the_page_and_in_the_readers_theme(reader):
    # Python starts with Matplotlib, for this cell.
    reader.run(reader.exercise)
    reader.restart()
    cell = reader.cell("leaky_relu, alpha = 0.1")
    reader.run(cell)
    assert cell.locator(".live-fresh img").count() >= 1, cell.inner_text()
    page = reader.page
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    shown = cell.locator(".live-fresh img:visible")
    assert shown.count() == 1 and "live-night" in shown.get_attribute("class")


def test_what_an_edit_asks_for_later_is_fetched(reader):
    reader.start_without("!loaded.has('scipy')")
    code = "from scipy import integrate\nprint(integrate.quad(abs, 0, 2)[0])\n# check_"
    reader.run(reader.exercise, code)
    assert "2.0" in reader.exercise.inner_text()


def test_the_line_of_an_error_is_marked_until_the_next_run(reader):
    reader.run(reader.exercise, "x = 1\ny = 1 / 0\n# check_")
    marked = reader.exercise.locator(".live-wrong-line")
    assert marked.all_inner_texts() == ["y = 1 / 0"]
    reader.run(reader.exercise, RIGHT)
    assert marked.count() == 0


def test_a_table_that_a_run_changed_has_its_formulas_set(reader):
    code = (
        "from actlib.reference import Table\n"
        'Table(("name", "formula"), [("half", r"$\\frac{z}{2}$")])\n# check_'
    )
    reader.run(reader.exercise, code)
    table = reader.exercise.locator(".live-fresh table")
    table.locator(".katex").wait_for()
    assert table.locator("math mfrac").count() == 1 and "frac" not in table.inner_text()


def test_a_folded_cell_opens_when_it_is_edited(reader):
    cell = reader.page.locator("div.cell.live.tag_fold").first
    cell.locator(".live-edit").click()
    editor = cell.locator(".cm-content")
    editor.wait_for()
    assert editor.bounding_box()["height"] > 100
    assert not cell.locator(".fold-more").is_visible()


def test_opened_from_disk_the_page_says_why_it_cannot_run(live_book, profile):
    page = profile.new_page()
    page.goto((live_book / PAGE.lstrip("/")).as_uri())
    page.evaluate(AWAKE)
    assert "Opened from disk" in page.locator(".live-check").first.inner_text()
    assert page.locator(".live-run").count() == 0
    page.close()


def test_the_landing_page_counts_what_is_solved(reader, profile, kept_host):
    reader.page.evaluate(
        "localStorage['live:solved:/chapters/relu_family.html'] = '{\"a\": true, \"b\": true}'"
    )
    page = profile.new_page()
    page.goto(kept_host.address + "/index.html")
    page.evaluate(AWAKE)
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


def test_the_readme_says_what_first_runs_fetch(live_book):
    folder = live_book / "_static" / "live"
    manifest = json.loads(next(folder.glob("manifest-*.json")).read_text())
    size = {name: pack["size"] / 1e6 for name, pack in manifest["packs"].items()}
    start = manifest["core"]["size"] / 1e6 + size["numpy"] + size["course"]
    figure = size["figures"] + sum(size[name] for name in manifest["packs"]["figures"]["after"])
    figure -= size["numpy"]
    scipy = size["scipy"] + size["numpy-more"]
    said = re.findall(r"([\d.]+) MB", re.search(r"\*\*In the page\*\*.*?\n-", README, re.S)[0])
    assert said == [f"{start:.1f}", f"{figure:.0f}", f"{scipy:.0f}"]
