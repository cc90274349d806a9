"""Take the README's picture from the built book: a page, and a figure on a phone beside it.

Run by `make picture`, after the book is built; both are shown in light colours.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "kit"))

from browser import ARGUMENTS, AWAKE, chromium  # noqa: E402

TARGET = ROOT / ".github" / "course.png"
PAGES = ROOT / "_build" / "html"
HEIGHT, GAP = 760, 24
# page, width, and the figure that it is scrolled to
PAGE = ("chapters/relu_family.html", 1180, "activation_explorer")
PHONE = ("playground.html", 400, "playground")


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page, phone = (picture(browser, *view) for view in (PAGE, PHONE))
        browser.close()
    both = Image.new("RGB", (page.width + GAP + phone.width, HEIGHT), "white")
    both.paste(page, (0, 0))
    both.paste(phone, (page.width + GAP, 0))
    both.quantize(64, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"{TARGET.relative_to(ROOT)} is new: {TARGET.stat().st_size // 1000} kB. Look at it.")


def picture(browser, file, width, figure):
    """Return the view of a page that has a figure in it, brought to life, as a picture."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme="light")
    page.goto((PAGES / file).as_uri())
    page.locator(f"[data-figure={figure}]").first.evaluate("figure => figure.scrollIntoView()")
    page.evaluate("scrollBy(0, -130)")  # below the page's header
    page.evaluate(AWAKE)
    run = page.get_by_role("button", name="Run", exact=True)
    if figure == "playground" and run.count():
        run.click()
        page.wait_for_timeout(4000)
    return Image.open(io.BytesIO(page.screenshot()))


if __name__ == "__main__":
    main()
