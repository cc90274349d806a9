"""The dark theme: each still figure has a second picture, on the page's own colours."""

import re
import sys

import matplotlib
import numpy as np
import pytest
from browser import TWO_FRAMES
from course import ROOT
from matplotlib.colors import to_rgb
from PIL import Image
from test_pages import contrast, open_all

sys.path.insert(0, str(ROOT / "_ext"))

from pages_night import DAY, NIGHT, PAPER, hex_at_night, night_png, write_night

STYLE = matplotlib.rc_params_from_file(
    ROOT / "actlib" / "course.mplstyle", use_default_template=False
)
SHOWN = "(all) => all.filter((e) => e.checkVisibility()).map((e) => [e.className, e.naturalWidth])"
HERE = """[...document.querySelectorAll(".bd-article img")].every((image) =>
  !image.checkVisibility() || image.complete)"""
PICTURES = ".bd-article img[src*='_images/']"


def test_night_has_the_colours_of_the_page():
    sheet = (ROOT / "_static" / "course.css").read_text("utf-8")
    night = sheet.split('html[data-theme="dark"] {')[1].split("}")[0]
    assert f"--pst-color-text-base: {NIGHT[0]};" in night
    assert f"--pst-color-background: {NIGHT[1]};" in night
    assert (STYLE["text.color"], STYLE["figure.facecolor"]) == DAY
    assert [hex_at_night(color) for color in DAY] == [*NIGHT]


def test_lines_keep_their_contrast_at_night():
    colors = [f"#{each['color'].strip('#')}" for each in STYLE["axes.prop_cycle"]]
    assert len(colors) == 6
    for color in colors:
        pair = [
            f"rgb{tuple(255 * x for x in to_rgb(each))}" for each in (hex_at_night(color), NIGHT[1])
        ]
        assert contrast(*pair) >= 3, color
        # Still the same hue: a blue line does not become an orange one.
        hues = [
            matplotlib.colors.rgb_to_hsv(to_rgb(each))[0] for each in (color, hex_at_night(color))
        ]
        assert min(abs(hues[0] - hues[1]), 1 - abs(hues[0] - hues[1])) < 0.06 or color == DAY[0]


def test_every_stored_picture_is_there_on_the_nights_paper(book):
    # Pictures of earlier builds may lie there too.
    html = "".join(page.read_text("utf-8") for page in book.rglob("*.html"))
    pictures = [
        path
        for path in (book / "_images").iterdir()
        if ".night." not in path.name and path.name in html
    ]
    assert len(pictures) > 50
    for path in pictures:
        night = path.with_name(f"{path.stem}.night{path.suffix}")
        if path.suffix == ".png":
            with Image.open(night) as image:
                assert image.convert("RGB").getpixel((0, 0)) == (0x17, 0x18, 0x1C), path.name
        else:
            text = night.read_text("utf-8")
            assert NIGHT[1] in text and not re.search("|".join(DAY), text), path.name
            # Nothing but colours differs.
            plain = [
                re.sub(r"#[0-9a-f]{6}\b", "", each) for each in (path.read_text("utf-8"), text)
            ]
            assert plain[0] == plain[1]


@pytest.mark.parametrize("name", ["chapters/softmax", "chapters/why_nonlinearity"])
@pytest.mark.parametrize(("scheme", "shown"), [("light", "by-day"), ("dark", "by-night")])
def test_a_page_shows_and_fetches_the_pictures_of_its_theme(visit, name, scheme, shown):
    watched = visit(name, color_scheme=scheme, java_script_enabled=True)
    page = watched.page
    page.get_by_role("switch", name="Show all answers").check()  # most pictures answer a question
    for y in range(0, page.evaluate("document.body.scrollHeight"), 3000):
        page.evaluate(f"scrollTo(0, {y})")
        page.evaluate(TWO_FRAMES)
    page.wait_for_function(HERE)
    pictures = page.locator(PICTURES).evaluate_all(SHOWN)
    assert len(pictures) >= 4 and {kind for kind, _ in pictures} == {shown}
    fetched = [url for url in watched.asked if "/_images/" in url]
    assert fetched and all((".night." in url) == (scheme == "dark") for url in fetched)
    ground = "(e) => getComputedStyle(e).backgroundColor"
    assert page.locator(f".bd-article img.{shown}").first.evaluate(ground) == "rgba(0, 0, 0, 0)"


def test_without_scripts_and_on_paper_figures_are_by_day(visit):
    page = visit("chapters/softmax", color_scheme="dark", java_script_enabled=False).page
    assert {kind for kind, _ in page.locator(PICTURES).evaluate_all(SHOWN)} == {"by-day"}
    page = visit("chapters/softmax", color_scheme="dark").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    open_all(page)
    pictures = page.locator(PICTURES).evaluate_all(SHOWN)
    assert {kind for kind, _ in pictures} == {"by-day"} and all(width for _, width in pictures)


def test_a_picture_that_is_not_on_paper_keeps_its_colours(tmp_path):
    photograph = tmp_path / "photograph.png"
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(photograph)
    assert night_png(photograph.read_bytes()) is None
    assert write_night(photograph, photograph) == ""
    assert [*tmp_path.iterdir()] == [photograph]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_every_kind_of_png_is_turned(tmp_path, mode):
    figure = tmp_path / "figure.png"
    Image.new("RGB", (4, 4), PAPER).convert(mode, palette=Image.Palette.ADAPTIVE).save(figure)
    with Image.open(tmp_path / write_night(figure, figure)) as night:
        assert night.mode == mode and night.convert("RGB").getpixel((1, 1)) == (0x17, 0x18, 0x1C)
