"""Python in the page in Firefox and in WebKit: an exercise typed and solved, a figure drawn.

Each engine is started once, and Python as often as its tests need: they go on with the page that
they find, or open it.
"""

import engines
import pytest

PAGE = "chapters/relu_family.html"
WIDTH, HEIGHT = 390, 844
ANSWER = "def my_relu(z): return np.maximum(z, 0)"
CONTROL, DELETE = "\ue009", "\ue017"
PATIENCE = 120  # seconds in which Python starts on a busy machine
FIGURE = """[...document.querySelectorAll("div.cell.live")]
  .find((cell) => cell.textContent.includes("leaky_relu, alpha = 0.1"))"""
CHECK = "document.querySelector('.live-check')"
SAID = f"{CHECK}.querySelector('.live-said').textContent"
# Of each start of Python on the page, whether it took up a memory that was kept.
RESTORED = "performance.getEntriesByName('live-ready').map(({ detail }) => detail.restored)"
RESTART = ".find((each) => each.textContent === 'Restart Python').click()"
KEPT = "(async () => (await (await caches.open('live-python')).keys()).length)()"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request, tmp_path_factory):
    with getattr(engines, request.param)(tmp_path_factory.mktemp(request.param)) as engine:
        yield engine


@pytest.fixture(scope="module")
def site(live_book):
    with engines.served(live_book) as address:
        yield address


def wait_for(engine, expression, seconds=PATIENCE):
    """Wait for a JavaScript expression to be true, in steps that no driver finds too long."""
    for _ in range(seconds // 2):
        if engine.run(f"""(async () => {{
            for (let i = 0; i < 40; i++) {{
                if ({expression}) return true;
                await new Promise((done) => setTimeout(done, 50));
            }}
            return false;
        }})()"""):
            return
    raise AssertionError(
        (expression, engine.run("document.querySelector('.live-said').textContent"))
    )


def press(engine, *keys):
    actions = [action for key in keys for action in engines.key(key)["actions"]]
    engine.act({"type": "key", "id": "keys", "actions": actions})


def complaints(engine):
    """Return what the page complains of; Firefox does of formulas of which only half has come."""
    return [text for text in engine.complaints() if not text.startswith("Invalid markup")]


def start(engine, cell):
    """Click on a cell's button, and agree to what it fetches."""
    engine.run(f"{cell}.querySelector('.live-run').click()")
    wait_for(engine, f"document.querySelector('.live-go') || {cell}.matches('.live-running')")
    engine.run("document.querySelector('.live-go')?.click()")


def check(engine):
    start(engine, CHECK)
    wait_for(engine, f"/^[✓✗○]/.test({SAID})")


def with_python(engine, site):
    """Go on with a page on which an exercise has been checked, or open one and check it."""
    if not engine.run(f"location.href.endsWith('{PAGE}') && {RESTORED}.length"):
        engine.open(f"{site}/{PAGE}", WIDTH, HEIGHT)
        check(engine)


def test_an_exercise_is_typed_and_solved(engine, site):
    engine.open(f"{site}/{PAGE}", WIDTH, HEIGHT)
    stub = f"{CHECK}.querySelector('pre')"
    engine.run(f"({stub}.scrollIntoView({{ block: 'center' }}), {stub}.focus())")
    engine.run(f"getSelection().selectAllChildren({stub})")
    # Typed at once, while the editor is still on its way: no key is lost.
    press(engine, *ANSWER)
    wait_for(engine, f"{CHECK}.querySelector('.cm-content')")
    text = f"{CHECK}.querySelector('.cm-content').innerText.trim()"
    wait_for(engine, f"{text} === {ANSWER!r}", 10)
    check(engine)
    assert engine.run(SAID).startswith("✓")
    assert engine.run("document.scrollingElement.scrollWidth") <= WIDTH
    assert complaints(engine) == []


def test_a_later_start_takes_up_the_memory_of_the_first(engine, site):
    with_python(engine, site)
    wait_for(engine, f"await {KEPT}", 20)
    engine.run(f"[...{CHECK}.querySelectorAll('.live-more button')]{RESTART}")
    check(engine)
    assert engine.run(RESTORED) == [False, True]
    # WebKit's driver opens private windows, whose store does not outlive the page.
    if isinstance(engine, engines.Firefox):
        assert complaints(engine) == []
        engine.open(f"{site}/{PAGE}", WIDTH, HEIGHT)
        check(engine)
        assert engine.run(RESTORED) == [True]
    assert complaints(engine) == []


def test_a_figure_is_drawn(engine, site):
    with_python(engine, site)
    start(engine, FIGURE)
    image = f"{FIGURE}.querySelector('.live-fresh img')"
    wait_for(engine, f"{image}?.complete && !{FIGURE}.matches('.live-running')")
    assert engine.run(f"[{image}.naturalWidth, {image}.naturalHeight].every((n) => n > 100)")
    assert complaints(engine) == []
