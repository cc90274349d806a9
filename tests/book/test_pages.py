"""The built pages in a real browser, and the extensions that make them what they are."""

import contextlib
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe
import pytest
import tinycss2
from book import CHAPTERS, PAGES, build
from browser import AWAKE, CHANGED, FOLDS, cover_all, misnamed, open_all, opened
from course import ROOT
from notebooks import TOC

sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import clean_address, launch_services, repository_address
from pages_theme import SHEET, TAB_STOPS

# axe takes half a minute for a long page, so make test opens one of each kind, make test-all all.
EACH_KIND = {TOC["root"], "chapters/softmax", "chapters/quick_reference", "glossary", "search"}
EVERY_PAGE = [
    name if name in EACH_KIND else pytest.param(name, marks=pytest.mark.slow) for name in PAGES
]
WEIGHED = {TOC["root"], *CHAPTERS}
BUDGET = json.loads((Path(__file__).parent / "page_budget.json").read_text("utf-8"))
# What axe leaves undecided, all of it about colours: test_text_has_contrast checks these too.
UNDECIDED = {
    "shortTextContent": "a single letter, which axe does not treat as text",
    "nonBmp": "a symbol such as ⊙, which it does not treat as text either",
    "imgNode": "a label of a drawing",
    "bgOverlap": "overlapping boxes of a formula; the open menu over the title",
    "elmPartiallyObscured": "a cell of a table that scrolls in its box",
    "elmPartiallyObscuring": "code that scrolls in its box; an output, whose top is under its code",
}

# For each element with text of its own: its colour, the first background behind it, its size.
INKS = """() => {
  const inks = new Map(), grounds = new Map();
  const groundOf = (element) => {
    if (!grounds.has(element)) {
      const own = getComputedStyle(element).backgroundColor;
      const through = /, 0\\)$|transparent/.test(own) && element.parentElement;
      grounds.set(element, through ? groundOf(element.parentElement) : own);
    }
    return grounds.get(element);
  };
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some(node => node.nodeType == 3 && node.data.trim())) continue;
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24;
    const ink = element instanceof SVGElement ? style.fill : style.color;
    inks.set(ink + "|" + groundOf(element) + "|" + large, element.outerHTML.slice(0, 120));
  }
  return [...inks];
}"""


# ---- What a page requests, reports and takes up -------------------------------------------


def weight(addresses):
    """Return {name: bytes} of the files that count: fonts as they are, text as it is sent."""
    sizes = {}
    for url in dict.fromkeys(addresses):
        file = Path(unquote(urlsplit(url).path))
        if file.suffix == ".woff2":
            sizes[file.name] = file.stat().st_size
        elif file.suffix in (".html", ".css", ".js"):
            sizes[file.name] = len(gzip.compress(file.read_bytes(), 6))
    return sizes


@pytest.fixture(scope="module")
def seen(request, browser, book):
    """A page, opened once for all that is asked of it here: its name, and the page.

    What is asked first weighs what came, and what is asked last empties the page.
    """
    address, size = book / f"{request.param}.html", {"width": 390, "height": 800}
    with opened(browser, address, reduced_motion="reduce", viewport=size) as watched:
        yield request.param, watched


def of(names):
    """Ask something of these pages, each opened once."""
    return pytest.mark.parametrize("seen", names, indirect=True, scope="module")


def look(page, width=1280, scheme="light"):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


@of(PAGES)
def test_page_asks_no_other_host_reports_no_error_keeps_its_budget_and_fits(seen):
    name, watched = seen
    page = watched.page
    open_all(page)
    if name in WEIGHED:
        sizes, budget = weight(watched.asked), BUDGET.get(name, BUDGET["any other page"])
        total = sum(sizes.values()) / 1000
        print(f"{name}: {total:.0f} kB of {budget}")
        assert total <= budget, (
            f"{name} weighs {total:.0f} kB without its figures; page_budget.json allows {budget}: "
            f"{sorted(sizes.items(), key=lambda item: -item[1])}"
        )
    for width in (390, 320, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        extra = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert extra <= 0, f"at {width} px {name} is {extra} px too wide"
    page.evaluate(AWAKE)
    assert watched.foreign == []
    assert watched.complaints == []
    # The theme's icon fonts and their script are not used, see course.css.
    assert not [url for url in watched.asked if "webfonts" in url or "fontawesome" in url]


# ---- Who can read it --------------------------------------------------------------------


# A box that scrolls becomes focusable in the frame after it is laid out.
FOCUSABLE = """() => [...document.querySelectorAll("pre, .pst-scrollable-table-container")].every(
  (box) => box.scrollWidth <= box.clientWidth || box.tabIndex >= 0 || !box.checkVisibility())"""


def settle(page):
    from playwright.sync_api import TimeoutError

    with contextlib.suppress(TimeoutError):  # axe names what is still not focusable
        page.wait_for_function(FOCUSABLE, timeout=10_000)


def axe_findings(page, *, contrast):
    open_all(page)
    if not contrast:
        page.evaluate(axe.EMPTIED)
    page.evaluate(axe.at_hand())
    found = []
    looks = [(1440, "light"), (390, "dark"), (390, "light"), (1440, "dark")]
    # A theme changes colours alone: without their contrast, two looks see what four would.
    for width, scheme in looks if contrast else looks[:2]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        settle(page)
        if contrast:
            page.evaluate(CHANGED)
        result = page.evaluate(axe.RUN, [axe.RULES, contrast])
        for violation in result["violations"]:
            places = [(node["html"][:150], node["failureSummary"]) for node in violation["nodes"]]
            found.append((width, scheme, violation["id"], places[:3]))
        for rule in result["incomplete"]:
            for node in rule["nodes"]:
                why = [(check["data"] or {}).get("messageKey") for check in node["any"]]
                if rule["id"] != "color-contrast" or not {*why} <= {*UNDECIDED}:
                    found.append((width, scheme, rule["id"], why, node["html"][:150]))
    return found


def test_axe_is_the_version_that_is_asked_for(visit):
    page = visit("404").page
    page.evaluate(axe.newest())
    assert axe.WANTED in (page.evaluate("axe.version"), "latest")


@of(EVERY_PAGE)
def test_controls_are_called_what_they_read(seen):
    page = seen[1].page
    cover_all(page)
    for width, scheme, folds in ((1440, "light", False), (390, "dark", True)):
        look(page, width, scheme)
        page.evaluate(FOLDS, folds)
        assert misnamed(page) == []


def luminance(red, green, blue):
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red / 255, green / 255, blue / 255)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(*colours):
    lights = [luminance(*map(float, re.findall(r"[\d.]+", each)[:3])) for each in colours]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@of(EVERY_PAGE)
def test_text_has_contrast_by_day_and_by_night(seen):
    page = seen[1].page
    open_all(page)
    low, grounds = [], set()
    for scheme in ("light", "dark"):
        look(page, scheme=scheme)
        # The page for a wrong address has no script: it follows the system by itself.
        page.wait_for_function(
            "(scheme) => (document.documentElement.dataset.theme ?? scheme) == scheme", arg=scheme
        )
        for ink, example in page.evaluate(INKS):
            colour, ground, large = ink.split("|")
            grounds.add(ground)
            if contrast(colour, ground) < (3 if large == "true" else 4.5):
                low.append((scheme, ink, round(contrast(colour, ground), 2), example))
    assert low == [] and len(grounds) > 1


@pytest.fixture(scope="module")
def unscripted(browser):
    """A page in which no script runs."""
    page = browser.new_page(java_script_enabled=False)
    yield page
    page.close()


@pytest.mark.parametrize("name", [TOC["root"], *CHAPTERS])
def test_page_reads_without_scripts(unscripted, book, name):
    html = (book / f"{name}.html").read_text("utf-8")
    # What follows the title takes long to lay out: it is read here instead.
    before, rest = html.split("</h1>", 1)
    article, after = rest.split("</article>", 1)
    assert "pst-js-only" not in article
    unscripted.set_content(f"{before}</h1></section></article>{after}")
    assert unscripted.locator("article h1").is_visible()
    # The theme's colours are the light or the dark ones, never neither.
    assert unscripted.locator("html").get_attribute("data-theme") == "light"
    assert unscripted.locator("nav.bd-docs-nav a").first.is_visible()
    # Buttons that need a script are hidden where none runs.
    there = unscripted.locator(".pst-js-only")
    assert there.count() > 1 and not there.filter(visible=True).count()
    assert html.count('class="katex-html"') == html.count("<math ")
    assert r"\(" not in re.sub(r"<(pre|code|annotation)\b.*?</\1>", "", html, flags=re.DOTALL)


@of(["chapters/softmax"])
def test_screen_reader_meets_every_formula_seen_or_not(seen):
    page = seen[1].page
    open_all(page)
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    asked = {"nodeId": root, "role": "MathMLMath"}
    heard = session.send("Accessibility.queryAXTree", asked)["nodes"]
    there = page.evaluate(
        "[...document.querySelectorAll('math')].filter(e => e.closest('.katex').checkVisibility())"
        ".length"
    )
    session.detach()
    assert len(heard) == there > 100


def test_no_attribute_of_a_formula_is_empty(book):
    """An empty length is an error that Firefox reports."""
    for page in book.rglob("*.html"):
        maths = re.findall(r"<math\b.*?</math>", page.read_text("utf-8"), re.DOTALL)
        assert not [math for math in maths if re.search(r'<[^>]*\s[\w-]+=""', math)], page.name


def test_keyboard_reaches_text_search_and_next_page(visit):
    page = visit(CHAPTERS[0]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.locator("a.right-next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CHAPTERS[1]}.html")


def test_box_takes_focus_only_where_it_scrolls(visit):
    page = visit("chapters/accuracy", viewport={"width": 390, "height": 800}).page
    box = page.locator(".pst-scrollable-table-container:has(.scrolls-on-phone)").first
    box.evaluate("(box) => box.id = 'box'")
    page.wait_for_function("document.querySelector('#box[tabindex]')")
    assert box.get_attribute("role") == "group"
    page.set_viewport_size({"width": 1440, "height": 800})
    page.wait_for_function("!document.querySelector('#box').hasAttribute('tabindex')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_its_colours_before_the_scripts_of_the_theme(visit, scheme):
    page = visit(TOC["root"], color_scheme=scheme).page
    page.evaluate("localStorage.clear()")
    page.route("**/scripts/*.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


def test_menu_at_the_top_opens_and_closes_from_the_keyboard(visit):
    page = visit(CHAPTERS[0]).page
    menu = page.locator(".dropdown-download-buttons")
    notebook = menu.get_by_text(".ipynb")
    assert not notebook.is_visible()
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert notebook.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip() == ".ipynb"
    page.keyboard.press("Escape")
    assert not notebook.is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    menu.locator("summary").click()
    page.locator("article h1").click()
    assert not notebook.is_visible()


def test_theme_button_changes_the_colours_and_keeps_the_choice(visit):
    page = visit(TOC["root"], color_scheme="light").page
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    button = page.locator(".theme-switch-button:visible").first
    button.click()
    assert page.evaluate(ground) != before
    button.click()
    assert page.evaluate(ground) == before
    page.reload()
    assert page.evaluate("document.documentElement.dataset.mode") == "light"
    page.emulate_media(color_scheme="dark")
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.evaluate(ground) != before


def test_paper_is_light_and_shows_the_solutions(visit):
    page = visit("chapters/softmax", color_scheme="dark").page
    solutions = page.locator("details.hide .cell_input")
    assert solutions.count() >= 5 and not solutions.first.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", reduced_motion="no-preference")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.locator("article h1").is_visible() and solutions.last.is_visible()
    assert solutions.last.evaluate("(code) => getComputedStyle(code).opacity") == "1"
    assert not page.locator("nav:visible").count()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert not solutions.first.is_visible()


def test_search_works_from_disk(visit):
    watched = visit("search")
    watched.page.fill("#main-content input[type=search]", "subgradient")
    watched.page.keyboard.press("Enter")
    # A result that is a page opens at the word, which the browser marks, and only once.
    link = watched.page.locator("#search-results li a").first
    assert "#" not in link.get_attribute("href")
    link.click()
    watched.page.wait_for_selector("article h1")
    assert watched.page.evaluate("scrollY") > 100
    assert not watched.page.locator(".highlighted").count()
    assert watched.foreign == []
    assert watched.complaints == []


# ---- What the files say -----------------------------------------------------------------


def test_links_inside_the_book_lead_somewhere(book):
    pages = {page: page.read_text("utf-8") for page in book.rglob("*.html")}
    anchors = {page: set(re.findall(r'\sid="([^"]+)"', html)) for page, html in pages.items()}
    broken = []
    for page, html in pages.items():
        for address in re.findall(r'\s(?:href|src)="([^"]+)"', html):
            parts = urlsplit(address.replace("&amp;", "&"))
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and anchor not in anchors.get(target, ())):
                broken.append((page.name, address))
    assert broken == []


def test_a_page_keeps_its_address(book):
    found = {str(path.relative_to(book)) for path in book.rglob("*.html")}
    pages = {name for name in found if not name.startswith("_static/")}
    listed = set((Path(__file__).parent / "addresses.txt").read_text("utf-8").split())
    assert not listed - pages, "links from elsewhere lead to these addresses: keep them"
    assert not pages - listed, "new pages: add them to addresses.txt"


@pytest.mark.parametrize("name", [TOC["root"], *CHAPTERS])
def test_page_is_titled_described_and_its_images_have_size_and_words(book, name):
    html = (book / f"{name}.html").read_text("utf-8")
    assert re.search(r"<title>[^<]{5,}</title>", html)
    assert re.search(r'<meta name="description" content="[^"]{40,}"', html)
    images = re.findall(r"<img\b[^>]*_images/[^>]*>", html)
    for image in images:
        assert re.search(r'alt="[^"]{10,}"', image), image
        assert 'width="' in image and 'height="' in image, image
    assert all('loading="lazy"' in image for image in images)


def theme_of(package):
    """Return the folder of a theme that the book was built with, here or by the other engine."""
    if environment := os.environ.get("BOOK_ENVIRONMENT"):
        (folder,) = Path(environment).glob(f"lib/python*/site-packages/{package}")
    else:
        folder = Path(str(files(package)))
    return folder / "theme" / package


def test_theme_is_the_one_that_the_templates_change(book):
    """What _templates/ replaces or leaves out must still exist in the theme."""
    theme = theme_of("pydata_sphinx_theme")
    layout = (theme / "layout.html").read_text("utf-8")
    tag = '<body data-default-mode="{{ default_mode }}">'
    for part in ("block docs_navbar", "block extrahead", "_webpack.head_js_preload()", tag):
        assert part in layout, f"the theme's layout.html has no {part}: see _templates/"
    own = theme_of("sphinx_book_theme") / "layout.html"
    body = own.read_text("utf-8").split("block docs_body")[1].split("endblock")[0]
    assert 'id="jb-print-docs-body"' in body and "super()" in body, "see _templates/layout.html"
    macros = (theme / "static" / "webpack-macros.html").read_text("utf-8")
    for name in ("head_pre_assets", "head_js_preload", "body_post"):
        assert f"macro {name}()" in macros, f"{name} is gone: see _templates/static/"
    assert "fontawesome.js" in macros.split("macro head_js_preload")[1].split("endmacro")[0]
    before = macros.split("macro head_pre_assets")[1].split("endmacro")[0]
    assert set(re.findall(r"[\w-]+\.css", before)) == {"theme.css", "pydata-sphinx-theme.css"}
    imports = (theme / "static" / "styles" / "theme.css").read_text("utf-8")
    imports = re.sub(r"/\*.*?\*/", "", imports, flags=re.DOTALL).split()
    assert imports == ["@import", '"../basic.css";'], "see _templates/static/"
    after = set(re.findall(r"[\w-]+\.js", macros.split("macro body_post")[1]))
    assert after == {"bootstrap.js", "pydata-sphinx-theme.js"}, "see _templates/static/"
    script = (theme / "static" / "scripts" / "pydata-sphinx-theme.js").read_text("utf-8")
    assert len(TAB_STOPS.findall(script)) == 1, "course.js does it besides: see _ext/pages_theme.py"
    # Of Bootstrap, the script uses only the tooltip of a button that our pages do not have.
    assert set(re.findall(r"bootstrap\.\w+", script)) <= {"bootstrap.Tooltip"}
    pages = "".join(path.read_text("utf-8") for path in book.rglob("*.html"))
    assert 'id="pst-collapse-sidebar-button' not in pages
    assert not re.search(r'data-bs-toggle="(?!tooltip")', pages), "see article-header-buttons.html"
    assert "{% include" not in (theme / "components" / "navbar-logo.html").read_text("utf-8")
    icons = set(re.findall(r'class="[^"]*?\b(?:fas|fa-solid) (fa-[\w-]+)', pages))
    drawn = (ROOT / "_static" / "course.css").read_text("utf-8")
    missing = {icon for icon in icons if f".{icon}" not in drawn}
    assert not missing, f"course.css draws no {missing}"


def rules_of(sheet):
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return Counter((type(rule).__name__, rule.serialize()) for rule in rules)


def test_theme_sheet_is_whole_but_for_the_icon_font(book):
    before = (theme_of("pydata_sphinx_theme") / "static" / SHEET).read_text("utf-8")
    after = (book / "_static" / SHEET).read_text("utf-8")
    gone = rules_of(before) - rules_of(after)
    assert not rules_of(after) - rules_of(before)
    icon_font = re.compile(
        r"(\.fa-[\w-]+(>li|::?before)?,?)+\{[^{}]+\}|@keyframes fa-.*|@font-face\{.*Font ?Awesome.*"
    )
    assert [rule for _, rule in gone if not icon_font.fullmatch(rule)] == []
    pages = "".join(path.read_text("utf-8") for path in book.rglob("*.html"))
    classes = set(
        re.findall(r"\.(fa-[\w-]+)(?!.*(?:before\{|\{--fa:))", "\n".join(rule for _, rule in gone))
    )
    classes = {name for name in classes if re.search(rf'class="[^"]*\b{name}[ "]', pages)}
    assert not classes, "pages use them: see _ext/pages_theme.py"
    assert len(gone) > 1000, "the theme now writes its icons differently: see _ext/pages_theme.py"


# The rules of style sheets, as the browser reads them: [selector, groups, [property, text]].
# Addresses, which differ in a page, do not count. As text, which is faster to fetch.
RULES = """(texts) => {
  const split = (selector) => {
    const parts = [""];
    let depth = 0;
    for (const letter of selector) {
      depth += "([".includes(letter) - ")]".includes(letter);
      if (letter === "," && !depth) parts.push("");
      else parts[parts.length - 1] += letter;
    }
    return parts.map((part) => part.trim());
  };
  const found = [];
  const walk = (rules, groups) => {
    for (const rule of rules) {
      if (rule.selectorText) {
        const set = [...rule.style].map((name) => {
          const value = rule.style.getPropertyValue(name).trim().replace(/\\s+/g, " ");
          return [name, value.includes("url(") ? name : `${name}: ${value}`];
        });
        for (const one of split(rule.selectorText)) found.push([one, groups, set]);
      } else if (rule.cssRules) walk(rule.cssRules, `${groups}${rule.conditionText ?? rule.name} `);
    }
  };
  for (const text of texts) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    walk(sheet.cssRules, "");
  }
  return JSON.stringify(found);
}"""
# Which of these selectors match something, in any state that it may come to be in.
MATCHING = """(selectors) => JSON.parse(selectors).filter((selector) => {
  const part = /::[\\w-]+(\\([^)]*\\))?|:(before|after)\\b/g;
  const state = /:(hover|focus(-\\w+)?|active|checked|disabled|target|open|modal)\\b/g;
  const anyhow = selector.replace(part, "").replace(state, "");
  return document.querySelector(anyhow.replace(/(^|[ >+~(,])(?=$|[ >+~),])/g, "$1*"));
})"""


@pytest.fixture(scope="module")
def rules_in(book):
    """Return the rules of the sheets of these names, read once for all pages."""
    found = {}

    def rules_in(page, sheets):
        if sheets not in found:
            texts = [(book / "_static" / sheet).read_text("utf-8") for sheet in sheets]
            found[sheets] = json.loads(page.evaluate(RULES, texts))
        return found[sheets]

    return rules_in


@of([name for name in PAGES if name != "404"])
def test_page_has_the_rules_that_can_apply_to_it_in_their_order(seen, rules_in):
    page = seen[1].page
    assert page.locator("link[rel=stylesheet]").count() == 0
    own = page.locator("style[data-sheets]")
    sheets = own.get_attribute("data-sheets").split()
    assert "course.css" in sheets and SHEET.as_posix() in sheets
    css = own.inner_text()
    read = {*re.findall(r"var\(\s*(--[\w-]+)", css)}

    def counted(rules):
        """Leave out the custom properties that nothing reads."""
        return [
            (one, groups, "; ".join(t for name, t in set_ if name[:2] != "--" or name in read))
            for one, groups, set_ in rules
        ]

    every = counted(rules_in(page, tuple(sheets)))
    kept = counted(json.loads(page.evaluate(RULES, [css])))
    assert 200 < len(kept) < len(every) / 2
    left = iter(every)
    assert all(rule in left for rule in kept), "a rule is not the sheets', or not in their order"
    open_all(page)
    lost = Counter(every) - Counter(kept)
    assert page.evaluate(MATCHING, json.dumps(sorted({selector for selector, *_ in lost}))) == []


@of(EVERY_PAGE)
def test_page_passes_axe_wide_and_narrow(seen):
    assert axe_findings(seen[1].page, contrast=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_page_passes_axe_with_its_colours_too(visit, name):
    assert axe_findings(visit(name).page, contrast=True) == []


def test_styles_of_a_page_lead_to_files(book):
    for name in {*PAGES} - {"404"}:
        html = (book / f"{name}.html").read_text("utf-8")
        css = html.split("<style data-sheets=", 1)[1].split("</style>")[0]
        for address in re.findall(r"""url\(["']?(?!["']|data:)([^"')]+)""", css):
            assert (book / name).parent.joinpath(address).exists(), f"{name}: {address}"


WAITING = """[...document.querySelectorAll(".bd-article > section > section")]
    .filter((section) => getComputedStyle(section).contentVisibility === "auto").length"""


def test_what_is_far_below_is_laid_out_once_the_page_is_there(visit):
    count = f"addEventListener('DOMContentLoaded', () => (window.waited = {WAITING}))"
    page = visit("chapters/softmax", before=count).page
    assert page.evaluate("waited") >= 5
    assert page.evaluate(WAITING) == 0
    # Who comes back is at their place at once, and no height is guessed.
    page.reload()
    assert page.evaluate("waited") == 0


def test_a_line_that_grows_too_wide_can_be_reached_by_keyboard(visit):
    page = visit("chapters/softmax").page
    box = page.locator(".cell_input pre:not([tabindex])").first.element_handle()
    box.evaluate("(pre) => pre.append('a'.repeat(900))")
    page.wait_for_function("(pre) => pre.tabIndex === 0", arg=box)


def test_verdict_of_a_check_is_read_without_scrolling_on_a_phone(visit):
    page = visit("chapters/softmax", viewport={"width": 390, "height": 800}).page
    boxes = page.locator(".output.verdict pre").evaluate_all(
        "(all) => all.filter(e => e.checkVisibility()).map(e => [e.scrollWidth, e.clientWidth])"
    )
    assert len(boxes) >= 5 and all(wide <= room for wide, room in boxes)


# ---- The extensions ---------------------------------------------------------------------


def test_a_bad_formula_a_silent_image_and_a_figure_that_is_not_there_are_warnings(tmp_path):
    folder = tmp_path / "copy"
    (folder / "chapters").mkdir(parents=True)
    for name in ("_ext", "_static", "_templates"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("_config.yml", "references.bib", "chapters/figures.ipynb"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    figure = "```{living-figure} quizz\n```\n"
    (folder / "index.md").write_text(
        f"# A page\n\n$x^$ and ![](_static/icon.svg)\n\n{figure}", "utf-8"
    )
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going"]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    assert done.returncode != 0
    assert "KaTeX parse error" in done.stderr
    assert "no alternative text" in done.stderr
    assert "has no cell 'quizz'" in done.stderr


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/someone/course.git", "https://github.com/someone/course"),
        ("https://user:secret@github.com/someone/course", "https://github.com/someone/course"),
        ("git@gitlab.com:group/sub/course.git", "https://gitlab.com/group/sub/course"),
        ("ssh://git@git.example.org:2222/someone/course", "https://git.example.org/someone/course"),
        ("/srv/git/course.git", ""),
        ("file:///srv/git/course.git", ""),
        (r"C:\Users\someone\course", ""),
        ("../course", ""),
        ("", ""),
    ],
)
def test_remote_becomes_an_address_without_credentials(remote, address):
    assert clean_address(remote) == address


def test_repository_is_named_by_environment_before_remote(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert repository_address(tmp_path, {}) == ""
    remote = ["remote", "add", "origin", "git@github.com:remote/course.git"]
    subprocess.run(["git", "-C", tmp_path, *remote], check=True)
    assert repository_address(tmp_path, {}) == "https://github.com/remote/course"
    on_github = {"GITHUB_REPOSITORY": "fork/course"}
    assert repository_address(tmp_path, on_github) == "https://github.com/fork/course"
    given = {"BOOK_REPOSITORY_URL": "https://gitlab.com/given/course"}
    assert repository_address(tmp_path, on_github | given) == "https://gitlab.com/given/course"


def test_launch_services_are_those_that_know_the_host():
    assert set(launch_services("https://github.com/a/b")) == {"binderhub_url", "colab_url"}
    assert set(launch_services("https://gitlab.com/a/b")) == {"binderhub_url"}
    assert launch_services("https://git.example.org/a/b") == {}
    assert launch_services("") == {}


@pytest.mark.parametrize(
    ("repository", "binder", "colab"),
    [
        ("https://github.com/someone/course", "/v2/gh/someone/course/", True),
        ("https://gitlab.com/someone/course", "/v2/gl/someone%2Fcourse/", False),
    ],
)
@pytest.mark.slow
def test_buttons_open_the_repository_that_the_build_names(tmp_path, repository, binder, colab):
    html, done = build(
        tmp_path, BOOK_REPOSITORY_URL=repository, BOOK_BASE_URL="https://example.org/book"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    chapter = (html / f"{CHAPTERS[0]}.html").read_text("utf-8")
    assert f'href="{repository}"' in chapter
    offered = "opens the chapter on Binder or in Colab" if colab else "opens the chapter on Binder."
    assert offered in (html / "index.html").read_text("utf-8")
    assert binder in chapter
    assert ("colab.research" in chapter) == colab
    assert f'rel="canonical" href="https://example.org/book/{CHAPTERS[0]}.html"' in chapter
    assert 'href="https://example.org/book/index.html"' in (html / "404.html").read_text("utf-8")


@pytest.mark.slow
def test_pages_without_a_known_address_name_none(tmp_path):
    html, done = build(tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    chapter = (html / f"{CHAPTERS[0]}.html").read_text("utf-8")
    assert "canonical" not in chapter
    assert "mybinder" not in chapter and "colab.research" not in chapter
    assert not re.search("Binder|Colab", (html / "index.html").read_text("utf-8"))
