"""Living figures on built pages, in a browser, with no server, kernel or network."""

import gzip
import json
import re
import shutil
from contextlib import ExitStack

import numpy as np
import pytest
from browser import AWAKE, CHANGED, TWO_FRAMES, misnamed, opened, swipe
from figures import EXAMPLES

from actlib.activations import ACTIVATIONS
from actlib.widgets import ActivationExplorer
from actlib.widgets.kit.samples import sample

SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        for (const { node } of entry.sources)
          if (node?.parentElement?.closest(".bd-article")) shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
"""


def figure(watched):
    return watched.page.locator(".living-figure").first


# A window so large that all figures of a page are near, and so awake.
TALL = {"width": 1280, "height": 20_000}


def settle(watched):
    """Wait until everything requested has been painted."""
    watched.page.evaluate(TWO_FRAMES)


# What every figure promises


@pytest.fixture(scope="module")
def lived(request, browser, figure_pages):
    """A figure's page, opened once at each width that is asked for: lived(390) -> Watched.

    What is asked last removes the living figure.
    """
    address, pages = figure_pages / f"{request.param}.html", {}
    with ExitStack() as open_ones:

        def lived(width):
            if width not in pages:
                size = {"width": width, "height": 2000}
                page = opened(browser, address, viewport=size, before=SHIFTS)
                pages[width] = open_ones.enter_context(page)
                moved = f"{TWO_FRAMES}.then(() => shifts)"
                pages[width].shifts = pages[width].page.evaluate(moved)
            pages[width].page.emulate_media(media="screen", color_scheme="light")
            return pages[width]

        lived.name = request.param
        yield lived


every_figure = pytest.mark.parametrize("lived", EXAMPLES, indirect=True, scope="module")


@every_figure
def test_a_figure_comes_to_life_and_requests_nothing_from_elsewhere(lived):
    page = lived(1440)
    assert figure(page).get_attribute("data-live") == ""
    assert figure(page).locator(".living-live").is_visible()
    assert not figure(page).locator(".living-still").is_visible()
    assert page.foreign == [] and page.complaints == []


@every_figure
def test_a_page_loads_the_scripts_of_its_figures_and_no_widget_manager(lived, figure_pages):
    assert scripts_of_figures(lived(1440)) == ["figures", lived.name]
    text = (figure_pages / f"{lived.name}.html").read_text("utf-8")
    assert not re.search(r"require(\.min)?\.js|html-manager|widget-(view|state)\+json", text)
    assert "_static/living/" not in (figure_pages / "index.html").read_text("utf-8")


def scripts_of_figures(watched):
    """Return the names of the figures' scripts that a page has requested, in order."""
    return re.findall(r"_static/living/(\w+)\.js", "\n".join(watched.asked))


def test_a_script_is_fetched_once_and_when_its_figure_is_near(figure_pages, open_page):
    page = open_page(figure_pages / "pair.html", viewport={"width": 1280, "height": 300})
    places = page.page.locator(".living-figure").all()
    assert scripts_of_figures(page)[:2] == ["figures", places[0].get_attribute("data-figure")]
    assert places[-1].get_attribute("data-figure") not in scripts_of_figures(page)
    for place in reversed(places):
        place.scroll_into_view_if_needed()
        page.page.evaluate(AWAKE)
        assert place.get_attribute("data-live") == ""
    assert sorted(scripts_of_figures(page)) == sorted(["figures", *EXAMPLES])


def test_a_script_that_failed_is_requested_again_when_the_reader_comes_back(
    figure_pages, browser, tmp_path
):
    copy = shutil.copytree(figure_pages, tmp_path / "book")
    page = browser.new_page(viewport={"width": 1280, "height": 300})
    name = "activation_explorer"
    script = copy / "_static" / "living" / f"{name}.js"
    script.rename(script.with_suffix(".away"))
    page.goto((copy / f"{name}.html").as_uri())
    page.evaluate(AWAKE)
    place = page.locator(".living-figure")
    assert place.locator(".living-still").is_visible()
    assert place.get_attribute("data-live") is None
    script.with_suffix(".away").rename(script)
    # Far away, and back.
    page.evaluate("document.querySelector('.living-figure').style.display = 'none'")
    page.evaluate(AWAKE)
    page.evaluate("document.querySelector('.living-figure').style.display = ''")
    page.evaluate(AWAKE)
    assert place.get_attribute("data-live") == ""
    page.close()


def test_the_scripts_of_a_chapter_stay_small(figure_pages):
    """Two figures and the quiz load at most 15 kB, gzipped, whichever two they are.

    The playground, with all that trains a network, is counted separately; a fifth of it is the
    compiled kernel. The digits, which it fetches when a reader chooses them, are not counted.
    """
    folder = figure_pages / "_static" / "living"
    size = {path.stem: len(gzip.compress(path.read_bytes())) for path in folder.glob("*.js")}
    playground, images = size.pop("playground"), size.pop("digits")
    assert size["figures"] + playground <= 31_500 and images <= 46_500
    always = size.pop("figures") + size.pop("quiz")
    assert always + sum(sorted(size.values())[-2:]) <= 15_000


@every_figure
def test_the_page_fits_a_phone_of_320_px(lived):
    page = lived(320)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    left, right = figure(page).evaluate(
        """(figure) => {
          const { left, right } = figure.getBoundingClientRect();
          const boxes = [...figure.querySelectorAll("*")].map((e) => e.getBoundingClientRect());
          const wide = boxes.filter((box) => box.width > 1);
          return [Math.min(...wide.map((b) => b.left)) - left,
                  right - Math.max(...wide.map((b) => b.right))];
        }"""
    )
    assert left >= -1 and right >= -1


@every_figure
def test_the_still_figure_shows_with_scripts_off_and_in_print(lived, figure_pages, open_page):
    off = open_page(figure_pages / f"{lived.name}.html", java_script_enabled=False)
    assert figure(off).locator(".living-still").is_visible()
    # No space is reserved for controls that never come.
    still = figure(off).locator(".living-still > *").first.bounding_box()
    assert figure(off).bounding_box()["height"] - still["height"] < 4
    printed = lived(1440)
    printed.page.emulate_media(media="print")
    assert figure(printed).locator(".living-still").is_visible()
    assert not figure(printed).locator(".living-live").is_visible()


def test_a_damaged_state_leaves_the_still_figure_and_one_warning(figure_pages, open_page):
    page = open_page(figure_pages / "broken.html", viewport=TALL)
    places = page.page.locator(".living-figure")
    assert places.count() == 3 * len(EXAMPLES)
    for place in places.all():
        assert place.get_attribute("data-live") is None
        assert place.locator(".living-still").is_visible()
        assert place.locator(":scope > *").count() == 2  # nothing half made beside it
    warnings = [text for text in page.complaints if "stays still" in text]
    assert len(warnings) == len(page.complaints) == 3 * len(EXAMPLES)


def test_two_figures_of_a_kind_live_on_one_page_and_share_no_id(figure_pages, open_page):
    page = open_page(figure_pages / "pair.html", viewport=TALL)
    assert page.page.locator(".living-figure[data-live]").count() == 2 * len(EXAMPLES)
    ids = page.page.evaluate("[...document.querySelectorAll('.living-live [id]')].map((e) => e.id)")
    assert len(ids) == len({*ids})


@every_figure
def test_controls_are_labelled_keep_their_keys_and_fit_a_finger(lived):
    controls = (
        figure(lived(390))
        .locator("input, button, select")
        .evaluate_all(
            """(all) => all.map((e) => [
              e.labels?.[0]?.textContent || e.ariaLabel || e.textContent,
              // Without this attribute, JupyterLab takes the arrow keys of an input.
              e.dataset.lmSuppressShortcuts,
              e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0,
              Math.max(e.getBoundingClientRect().height,
                e.labels?.[0]?.getBoundingClientRect().height ?? 0)])"""
        )
    )
    assert controls
    for said, suppress, visible, height in controls:
        assert said.strip() and suppress == "true"
        assert height >= 24 or not visible, said


@every_figure
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_controls_are_called_what_they_read(lived, width, scheme):
    page = lived(width).page
    page.emulate_media(color_scheme=scheme)
    assert misnamed(page) == []
    folds = page.locator(".living-live summary").all()
    for fold in folds:
        fold.click()
    assert misnamed(page) == []
    for fold in folds:
        fold.click()


@every_figure
def test_a_drawing_says_what_it_shows(lived):
    drawings = figure(lived(1440)).locator("svg.living-drawing")
    for role, label in drawings.evaluate_all("(all) => all.map((e) => [e.role, e.ariaLabel])"):
        assert role == "img" and len(label) > 20


@every_figure
def test_day_and_night_differ_and_both_can_be_read(lived):
    grounds = []
    for scheme in ("light", "dark"):
        page = lived(1440)
        page.page.emulate_media(color_scheme=scheme)
        page.page.wait_for_function(
            "(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        page.page.evaluate(CHANGED)
        live = figure(page).locator(".living-live")
        ink, ground, *colors = live.evaluate(
            """(e) => {
              const style = getComputedStyle(e);
              return [style.color, style.backgroundColor, ...[0, 1, 2, 3, 4, 5].map((i) => {
                e.style.outlineColor = style.getPropertyValue(`--color-${i}`);
                return style.outlineColor; })]; }"""
        )
        assert contrast(ink, ground) > 7
        assert all(contrast(color, ground) > 3 for color in colors)
        grounds.append(ground)
    assert grounds[0] != grounds[1]


# The widths at which nothing else is asked come last, and what is asked of them removes it.
@every_figure
@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_nothing_moves_when_a_figure_comes_to_life(lived, width):
    page = lived(width)
    living, still = figure(page).evaluate(
        """(figure) => {
          const living = figure.getBoundingClientRect().height;
          figure.querySelector(".living-live").remove();
          delete figure.dataset.live;
          return [living, figure.getBoundingClientRect().height];
        }"""
    )
    assert abs(still - living) < 1.5
    assert sum(page.shifts) < 0.001


def contrast(one, other):
    """Return the contrast ratio of two rgb() colours by WCAG 2."""

    def luminance(color):
        channels = np.array([float(c) for c in color[4:-1].split(",")[:3]]) / 255
        linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
        return linear @ [0.2126, 0.7152, 0.0722]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


# Curves from samples


def test_sampled_curves_agree_with_actlib(figure_pages, open_page):
    page = open_page(figure_pages / "activation_explorer.html").page
    for name, entry in ACTIVATIONS.items():
        if entry.kind != "elementwise":
            continue
        joins = [join for join in entry.joins() if abs(join) <= 8]
        table = sample(entry.value, entry.grad, sorted({-8.0, 0.0, 8.0, *joins}), joins)
        beside = [join + step for join in (0, *joins) for step in (-1e-9, 0, 1e-9)]
        z = np.unique([*np.linspace(-8, 8, 999), *beside])
        drawn = json.loads(
            page.evaluate(
                """(given) => {
                  const [table, z] = JSON.parse(given);
                  return JSON.stringify(z.map(livingFigures.drawing.curve(table)));
                }""",
                json.dumps([table, z.tolist()]),
            )
        )
        exact = np.stack([entry.value(z), entry.grad(z)], axis=1)
        assert np.abs(drawn - exact).max() < 3e-7, name


# The activation explorer


def read_outs(watched):
    """Return {function: [value, slope, flat share, dead share]} as the table writes them."""
    rows = figure(watched).locator("tbody tr").all()
    texts = {row.locator("th").inner_text().strip(): row.locator("td").all() for row in rows}
    return {
        title: [
            float(cell.inner_text().replace("−", "-").removesuffix("%") or "nan") for cell in cells
        ]
        for title, cells in texts.items()
    }


def slider(watched, label):
    return figure(watched).get_by_label(label, exact=True)


def test_read_outs_agree_with_actlib(figure_pages, open_page):
    page = open_page(figure_pages / "activation_explorer.html")
    explorer = EXAMPLES["activation_explorer"]()
    for z, beta, scale in [(1, 1, 1), (-0.75, 0.25, 0.3), (0, 3, 1), (5.99, 2.5, 5), (-6, 0.5, 2)]:
        stop = explorer.functions["swish"]["params"]["beta"].index(beta)
        for label, value in {
            "point z": z,
            "beta of Swish": stop,
            "scale of inputs": scale,
        }.items():
            slider(page, label).evaluate(
                "(e, x) => { e.value = x; e.dispatchEvent(new Event('input')); }", value
            )
        explorer.z, explorer.scale, explorer.params = z, scale, {"swish": {"beta": beta}}
        shown = read_outs(page)
        for name in explorer.names:
            entry, params = ACTIVATIONS[name], explorer.params.get(name, {})
            exact = [entry.value(z, **params), entry.grad(z, **params), *explorer.shares(name)]
            written = np.array(shown[entry.title]) / [1, 1, 100, 100]
            assert np.abs(written - exact)[:2].max() < 1e-6, name
            assert np.abs(written - exact)[2:].max() < 0.6e-4, name  # written as 15.87 %


@pytest.mark.parametrize("name", ["activation_explorer", "depth_flow", "value_and_slope"])
def test_a_finger_scrolls_up_and_down_and_drags_sideways(figure_pages, open_page, name):
    viewport = {"width": 390, "height": 500}
    page = open_page(figure_pages / f"{name}.html", has_touch=True, viewport=viewport)
    drawing = figure(page).locator("svg.living-drawing").first
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    start = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6
    before, scrolled = drawing.get_attribute("aria-label"), page.page.evaluate("scrollY")
    swipe(page, start, (start[0] + 5, start[1] - 90))
    settle(page)
    assert page.page.evaluate("scrollY") > scrolled
    assert drawing.get_attribute("aria-label") == before
    box = drawing.bounding_box()
    start = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6
    swipe(page, start, (start[0] + 90, start[1] + 20))
    settle(page)
    assert drawing.get_attribute("aria-label") != before


def test_the_point_follows_mouse_finger_and_keys(figure_pages, open_page):
    page = open_page(figure_pages / "activation_explorer.html", has_touch=True)
    drawing = figure(page).locator("svg.living-drawing")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    place = box["x"] + 54 + (box["width"] - 66) * 0.75, box["y"] + 100  # z = 3
    page.page.mouse.move(*place)
    page.page.mouse.down()
    page.page.mouse.move(place[0] - 20, place[1])
    page.page.mouse.move(*place)
    page.page.mouse.up()
    assert read_outs(page)["ReLU"][0] == pytest.approx(3, abs=0.03)
    page.page.mouse.move(place[0] - 100, place[1])
    assert read_outs(page)["ReLU"][0] == pytest.approx(3, abs=0.03), "it follows only while held"
    page.page.touchscreen.tap(box["x"] + 54 + (box["width"] - 66) * 0.25, box["y"] + 100)
    assert read_outs(page)["ReLU"][:2] == [0, 0]
    point = slider(page, "point z")
    before = float(point.input_value())
    point.focus()
    page.page.keyboard.press("ArrowRight")
    assert float(point.input_value()) == pytest.approx(before + 0.01)
    settle(page)
    assert f"z = {before + 0.01:.2f}".replace("-", "−") in drawing.get_attribute("aria-label")


def test_focus_is_visible_and_a_screen_reader_hears_the_read_out(figure_pages, open_page):
    page = open_page(figure_pages / "activation_explorer.html")
    slider(page, "point z").focus()
    page.page.keyboard.press("Home")
    outline = slider(page, "point z").evaluate("(e) => getComputedStyle(e).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    heard = figure(page).get_by_role("status")
    heard.filter(has_text="At z = −6.00: ReLU 0, slope 0").wait_for(state="attached")


def test_a_function_can_be_removed_and_brought_back(figure_pages, open_page):
    page = open_page(figure_pages / "activation_explorer.html")
    before = figure(page).locator(".living-line").count()
    box = figure(page).get_by_role("checkbox", name="Tanh")
    box.uncheck()
    settle(page)
    assert figure(page).locator("svg.living-drawing .living-cycle-3").count() == 0
    assert np.isnan(read_outs(page)["Tanh"]).all()
    for name in ("ReLU", "GELU", "Swish"):
        figure(page).get_by_role("checkbox", name=name).uncheck()
    box.check()
    settle(page)
    assert read_outs(page)["Tanh"][0] == pytest.approx(np.tanh(1), abs=1e-6)
    for name in ("ReLU", "GELU", "Swish"):
        figure(page).get_by_role("checkbox", name=name).check()
    settle(page)
    assert figure(page).locator(".living-line").count() == before
    assert page.complaints == []


def test_given_inputs_are_laid_over_by_their_histogram(figure_pages, open_page, rng):
    inputs = rng.normal(0.5, 1.5, 5000)
    explorer = ActivationExplorer(["relu"], inputs=inputs)
    assert explorer.shares("relu")[1] == pytest.approx((inputs <= 0).mean(), abs=0.01)
    page = open_page(figure_pages / "activation_explorer.html")
    page.page.evaluate(
        """(state) => {
          const place = document.querySelector(".living-figure").cloneNode(true);
          place.querySelector(".living-live").remove();
          delete place.dataset.live;
          place.querySelector("script").textContent = state;
          document.querySelector(".living-figure").replaceWith(place);
        }""",
        json.dumps(explorer.state()),
    )
    page.page.add_script_tag(path=figure_pages / "_static" / "living" / "activation_explorer.js")
    share = read_outs(page)["ReLU"][3] / 100
    assert share == pytest.approx(explorer.shares("relu")[1], abs=0.6e-4)
