"""Take the README's picture from the built book: a page, and a figure on a phone beside it.

Run by `make picture`, after the book is built; both are shown in light colours.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TARGET = ROOT / ".github" / "course.png"
PAGES = ROOT / "_build" / "html"
HEIGHT, GAP = 760, 24
# page, width, and the figure that it is scrolled to
PAGE = ("chapters/relu_family.html", 1060, "activation_explorer")
PHONE = ("playground.html", 400, "playground")


def main():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        sys.exit("No Chromium was found to take the picture: install the package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
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
    page.locator(f"[data-figure={figure}] .living-live").first.wait_for()
    run = page.get_by_role("button", name="Run", exact=True)
    if figure == "playground" and run.count():
        run.click()
        page.wait_for_timeout(4000)
    return Image.open(io.BytesIO(page.screenshot()))


if __name__ == "__main__":
    main()
