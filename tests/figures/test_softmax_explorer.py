"""The softmax explorer: what Python rejects and draws, and what the page computes itself."""

import json

import numpy as np
import pytest
from browser import TWO_FRAMES, swipe
from figures import EXAMPLES
from traitlets import TraitError

from actlib import widgets
from actlib.activations import softmax, softmax_jacobian
from actlib.losses import cross_entropy, cross_entropy_grad
from actlib.widgets import SoftmaxExplorer

ANIMALS = ["cat", "dog", "owl"]


# What Python sees


def test_measures_are_actlibs():
    explorer = SoftmaxExplorer(ANIMALS, logits=[2, 1, 0.1], right="dog", temperature=2, shift=5)
    scores, found = (np.array([2, 1, 0.1]) + 5) / 2, explorer.measures()
    p = softmax(scores)
    assert (found["p"] == p).all() and (found["q"] == softmax(p)).all()
    assert found["loss"] == cross_entropy(scores, 1)
    assert (found["slopes"] == cross_entropy_grad(scores, 1)).all()
    assert found["loss_twice"] == cross_entropy(p, 1)
    assert found["slopes_twice"] == pytest.approx(
        softmax_jacobian(scores) @ (softmax(p) - [0, 1, 0])
    )


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_the_floor_is_the_loss_of_a_certain_right_answer(k):
    explorer = SoftmaxExplorer(list("abcdef"[:k]))
    assert explorer.measures()["floor"] == pytest.approx(cross_entropy(np.eye(k)[0], 0), abs=1e-12)


def test_two_softmaxes_silence_a_confident_mistake():
    found = SoftmaxExplorer(ANIMALS, logits=[10, 0, 0], right="dog", temperature=0.5).measures()
    assert found["slopes"][1] == pytest.approx(-1)
    assert np.abs(found["slopes_twice"]).max() == pytest.approx(3.6e-9, rel=0.02)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: SoftmaxExplorer(["cat", "dog"]), "3 to 6 different classes"),
        (lambda: SoftmaxExplorer(list("abcdefg")), "3 to 6"),
        (lambda: SoftmaxExplorer(["cat", "cat", "owl"]), "different"),
        (lambda: SoftmaxExplorer(ANIMALS, limits=(1, 1)), r"got \(1, 1\)"),
        (lambda: SoftmaxExplorer(ANIMALS, logits=[1, 2]), "3 classes"),
        (lambda: SoftmaxExplorer(ANIMALS, logits=[1, 2, 11]), r"\[-5, 10\]"),
        (lambda: SoftmaxExplorer(ANIMALS, logits=[1, 2, np.nan]), "nan"),
        (lambda: SoftmaxExplorer(ANIMALS, temperature=0.0), "temperature"),
        (lambda: SoftmaxExplorer(ANIMALS, temperature=np.nan), "nan"),
        (lambda: SoftmaxExplorer(ANIMALS, shift=1001), "1001"),
        (lambda: SoftmaxExplorer(ANIMALS, right="fox"), "'fox'"),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        wrong()


def test_logits_start_within_the_limits():
    assert SoftmaxExplorer(ANIMALS, limits=(2, 4)).logits == [2, 2, 2]


def test_the_still_figure_says_which_class_is_right_and_adds_the_second_softmax():
    explorer = SoftmaxExplorer(ANIMALS, logits=[10, 0, 0], right="dog", temperature=0.5)
    axes = explorer.still().axes
    assert [text.get_text() for text in axes[2].get_xticklabels()] == ["cat", "dog\nright", "owl"]
    assert [text.get_text() for text in axes[2].texts] == ["1.00", "−1.00", "0.00"]
    explorer.twice = True
    legend = explorer.still().axes[2].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["p − y", "J(q − y)"]
    assert explorer.alt().endswith("never below 0.55, and the largest slope 3.6e−9.")


# In the page


@pytest.fixture
def living(figure_pages, open_page):
    def living(**options):
        return open_page(figure_pages / "softmax_explorer.html", **options)

    return living


def figure(watched):
    return watched.page.locator(".living-figure").first


def settle(watched):
    watched.page.evaluate(TWO_FRAMES)


READ = """(el) => {
  const read = (part) => [...el.querySelectorAll(`${part} tr`)].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => [Number(cell.dataset.value), cell.textContent]));
  return [read("tbody"), read("tfoot")];
}"""


def measured(read):
    """Return the table's exact numbers, named as in `measures`, and their texts."""
    found = []
    for i in (0, 1):
        body, foot = ([[cell[i] for cell in row] for row in part] for part in read)
        p, slopes, q, slopes_twice = (list(column) for column in zip(*body, strict=True))
        (loss, loss_twice), (_, floor) = foot
        found.append(
            {
                **{"p": p, "slopes": slopes, "q": q, "slopes_twice": slopes_twice},
                **{"loss": loss, "loss_twice": loss_twice, "floor": floor},
            }
        )
    return found


def states(rng):
    """Random and extreme states: scores of ±100,000, and scores that differ by 1500."""
    for k in (3, 4, 5, 6):
        names = list("abcdef"[:k])
        for _ in range(60):
            yield {
                "names": names,
                "limits": [-1000, 1000],
                "logits": rng.normal(scale=10 ** rng.uniform(-2, 2.3), size=k).clip(-1000, 1000),
                "temperature": 10 ** rng.uniform(-2, 2),
                "shift": rng.choice([0, rng.uniform(-1000, 1000), 1000, -1000]),
                "right": rng.choice(names),
                "twice": bool(rng.integers(2)),
            }
        for logits in ([0], [-5, 10], [15, 0], [1e-9, 0], [1000, -1000], [0, 20, 20]):
            for temperature in (0.01, 1.0, 100.0):
                for shift in (0.0, 1000.0, -1000.0):
                    yield {
                        "names": names,
                        "limits": [-1000, 1000],
                        "logits": np.resize(logits, k),
                        "temperature": temperature,
                        "shift": shift,
                        "right": names[1],
                        "twice": True,
                    }


def test_what_the_page_computes_is_actlibs_to_the_sixth_digit(living, figure_pages, rng):
    page = living().page
    page.evaluate(
        "() => { livingFigures.define = (_, module) => { window.render = module.render } }"
    )
    page.add_script_tag(path=figure_pages / "_static" / "living" / "softmax_explorer.js")
    given = [
        {key: getattr(x, "tolist", lambda x=x: x)() for key, x in s.items()} for s in states(rng)
    ]
    read = page.evaluate(
        f"""(states) => JSON.stringify(JSON.parse(states).map((state) => {{
          const model = {{ get: (key) => state[key], on() {{}}, off() {{}} }};
          const el = document.createElement("div");
          document.body.append(el);
          const stop = render({{ model, el }});
          const found = ({READ})(el);
          stop();
          el.remove();
          return found;
        }}))""",
        json.dumps(given),
    )
    read = json.loads(read)
    assert len(read) == len(given) > 400
    for state, found in zip(given, read, strict=True):
        expected = SoftmaxExplorer(
            state["names"],
            **{key: state[key] for key in ("limits", "logits", "temperature", "shift", "right")},
        ).measures()
        scores = (np.array(state["logits"]) + state["shift"]) / state["temperature"]
        back = cross_entropy_grad(expected["p"], state["names"].index(state["right"]))
        terms = np.max(np.abs(softmax_jacobian(scores)) @ np.abs(back))
        exact, texts = measured(found)
        for name, there in exact.items():
            # Where terms cancel, both sides are only as exact as the terms; and below 1e-300
            # the processor itself loses digits.
            least = 1e-300 + (1e-15 * terms if name == "slopes_twice" else 0)
            np.testing.assert_allclose(
                there, expected[name], rtol=1e-6, atol=least, err_msg=f"{name} of {state}"
            )
            assert np.abs(np.subtract(there, expected[name])).max() < 1e-6
            shown = [float(text.replace("−", "-")) for text in np.atleast_1d(texts[name])]
            assert np.abs(shown - np.atleast_1d(expected[name])).max() < 1e-6 + 5e-7


def slide(watched, label, value):
    control = figure(watched).get_by_label(label, exact=True)
    control.evaluate("(e, x) => { e.value = x; e.dispatchEvent(new Event('input')); }", value)


def table(watched):
    return measured(figure(watched).evaluate(READ))


def test_the_gradient_of_a_confident_mistake_vanishes(living):
    page = living()
    for animal, logit in zip(ANIMALS, (10, 0, 0), strict=True):
        slide(page, f"logit of {animal}", logit)
    slide(page, "temperature T", np.log10(0.5))
    figure(page).get_by_label("right class", exact=True).select_option("dog")
    once = figure(page).locator("svg .softmax-once").count()
    assert figure(page).locator("svg .softmax-twice").count() == 0
    assert not figure(page).get_by_text("J(q − y)").is_visible()
    figure(page).get_by_label("softmax twice").check()
    settle(page)
    assert figure(page).get_by_text("J(q − y)").is_visible()
    assert figure(page).locator("svg .softmax-twice").count() == once
    texts = table(page)[1]
    assert texts["slopes"][:2] == ["1.000000", "−1.000000"]
    assert texts["slopes_twice"] == ["3.6e−9", "−2.8e−9", "−7.5e−10"]
    assert (texts["loss_twice"], texts["floor"]) == ("1.551445", "0.551445")
    said = figure(page).locator("svg.living-drawing").get_attribute("aria-label")
    assert said.startswith("dog is right.") and "Softmax twice" in said and "3.6e−9" in said


def test_a_shift_moves_the_axis_and_nothing_else(living):
    page = living()
    before, bars = table(page), figure(page).locator("svg .softmax-once, svg .softmax-logit")
    drawn = [bar.bounding_box() for bar in bars.all()]
    slide(page, "shift of all", 1000)
    settle(page)
    assert figure(page).locator("svg text", has_text="1010").count() == 1
    assert table(page)[0]["p"] == pytest.approx(before[0]["p"], rel=1e-9)
    for bar, box in zip(bars.all(), drawn, strict=True):
        assert bar.bounding_box() == pytest.approx(box, abs=0.01)


def place(watched, column, logit):
    """Return where in the window a logit of the second panel of three columns lies."""
    box = figure(watched).locator(".softmax-hold").bounding_box()
    return (
        box["x"] + box["width"] * (column + 0.5) / 3,
        box["y"] + box["height"] * (10 - logit) / 15,
    )


def test_bars_follow_mouse_and_finger_and_a_drag_keeps_its_bar(living):
    page = living(has_touch=True)
    mouse = page.page.mouse
    figure(page).locator("svg.living-drawing").scroll_into_view_if_needed()
    logit = [figure(page).get_by_label(f"logit of {animal}") for animal in ANIMALS]
    mouse.move(*place(page, 1, 1))
    mouse.down()
    mouse.move(*place(page, 2, 6))
    settle(page)
    assert float(logit[1].input_value()) == pytest.approx(6, abs=0.1)
    assert float(logit[2].input_value()) == pytest.approx(0.1)
    mouse.move(place(page, 1, 0)[0], 2)
    mouse.up()
    assert float(logit[1].input_value()) == 10
    mouse.move(*place(page, 1, 0))
    assert float(logit[1].input_value()) == 10, "it follows only while held"
    page.page.touchscreen.tap(*place(page, 2, -4))
    assert float(logit[2].input_value()) == pytest.approx(-4, abs=0.1)
    settle(page)
    assert table(page)[0]["p"] == pytest.approx(
        softmax([float(control.input_value()) for control in logit])
    )


def test_a_press_on_another_panel_moves_no_bar(living):
    page = living()
    before = table(page)
    x, y = place(page, 1, -5)
    page.page.mouse.click(x, y + 40)
    assert table(page) == before


def test_a_swipe_that_begins_on_a_bar_moves_none(living):
    page = living(has_touch=True)
    figure(page).locator("svg.living-drawing").scroll_into_view_if_needed()
    before, scrolled = table(page), page.page.evaluate("scrollY")
    x, y = place(page, 1, 1)
    swipe(page, (x, y), (x + 4, y - 80))
    assert table(page) == before
    assert page.page.evaluate("scrollY") > scrolled, "it scrolls the page"


def test_keys_move_logit_temperature_and_class(living):
    page = living()
    for label in ("logit of cat", "temperature T", "shift of all"):
        figure(page).get_by_label(label, exact=True).focus()
        # Each step takes effect, even if the value is rounded.
        for _ in range(3):
            page.page.keyboard.press("ArrowRight")
    expected = SoftmaxExplorer(ANIMALS, logits=[2.3, 1, 0.1], temperature=1.4, shift=30)
    assert table(page)[0]["p"] == pytest.approx(expected.measures()["p"], rel=1e-6)
    figure(page).get_by_label("right class").focus()
    page.page.keyboard.press("ArrowDown")
    figure(page).get_by_label("softmax twice").focus()
    page.page.keyboard.press("Space")
    expected.right = "dog"
    assert table(page)[0]["loss"] == pytest.approx(expected.measures()["loss"], rel=1e-6)
    heard = figure(page).get_by_role("status")
    heard.filter(has_text="dog is right. Probabilities: cat").wait_for(state="attached")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_label_lies_over_another(living, width):
    page = living(viewport={"width": width, "height": 900})
    slide(page, "shift of all", -1000)
    for animal, logit in zip(ANIMALS, (10, -5, -5), strict=True):
        slide(page, f"logit of {animal}", logit)
    figure(page).get_by_label("right class").select_option("dog")
    figure(page).get_by_label("softmax twice").check()
    settle(page)
    boxes = figure(page).evaluate(
        """(figure) => [...figure.querySelectorAll("svg text, td, thead th, label, output")]
          .map((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            const { left, right, top, bottom } = range.getBoundingClientRect();
            return { said: e.textContent, left, right, top, bottom };
          }).filter((box) => box.said && box.right - box.left > 0.5)"""
    )
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 0 or down <= 2, (one["said"], other["said"])


def test_the_example_is_the_chapters():
    explorer = EXAMPLES["softmax_explorer"]()
    assert explorer.names == ANIMALS and isinstance(explorer, widgets.SoftmaxExplorer)
    assert explorer.measures()["p"].round(3).tolist() == [0.659, 0.242, 0.099]
