"""The first page: what it says on a phone before anything is scrolled, and how to run it all."""

import re

from notebooks import TOC

CHAPTERS = [chapter["file"] for chapter in TOC["parts"][0]["chapters"]]


def test_first_screen_of_a_phone_says_for_whom_what_for_how_long_and_where_to_start(visit):
    page = visit(TOC["root"], viewport={"width": 390, "height": 844}).page
    for lead in ("For you if", "Afterwards you can", "It takes"):
        box = page.locator("article strong", has_text=lead).bounding_box()
        assert box["y"] + box["height"] < 844, lead
    start = page.get_by_role("link", name="Start with chapter 1")
    box = start.bounding_box()
    assert box["y"] + box["height"] < 844 and box["height"] > 43.9
    start.click()
    page.wait_for_url(f"**/{CHAPTERS[0]}.html")


def test_the_table_of_chapters_follows_the_table_of_contents(book):
    html = (book / f"{TOC['root']}.html").read_text("utf-8")
    way = html.split('id="the-way-through"')[1].split("<section")[0]
    assert re.findall(r'(\d)\. <a [^>]*href="([^"#]+)\.html', way) == [
        (str(i + 1), name) for i, name in enumerate(CHAPTERS)
    ]


def test_three_lines_to_copy_start_the_course(visit):
    page = visit(TOC["root"]).page
    code = page.locator("#how-to-run-it pre")
    assert code.count() == 1 and len(code.inner_text().splitlines()) == 3
    assert page.locator("#how-to-run-it button.copybtn").count() == 1


def test_chapters_are_numbered_in_the_sidebar_and_figures_without_them(book):
    html = (book / f"{CHAPTERS[1]}.html").read_text("utf-8")
    sidebar = re.search(r'<nav class="bd-links.*?</nav>', html, re.S)[0]
    named = re.findall(r">\s*(\d\. )?([^<>]+?)\s*</a>", sidebar)
    assert [number for number, _ in named if number] == [f"{i + 1}. " for i in range(len(CHAPTERS))]
    assert ("", "Atlas") in named and ("", "For instructors") in named
    # Neither sections nor figures take the chapter's number.
    assert re.findall(
        r'section-number">([^<]+)<', html.split("<article")[1].split("</article")[0]
    ) == ["2. "]
    assert re.search(r'caption-number">Fig. \d+ ', html) and not re.search(r"Fig\. \d+\.", html)
