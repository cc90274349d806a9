"""The glossary: terms in order, explained briefly, and links that lead to them."""

import re

import pytest
from course import ROOT
from each import each
from notebooks import CHAPTERS, LESSONS

GLOSSARY = (ROOT / "glossary.md").read_text(encoding="utf-8")
INSTRUCTORS = (ROOT / "instructors.md").read_text(encoding="utf-8")
# What a reader links to: the pages in Markdown, and the chapters' text.
TEXTS = {"glossary.md": GLOSSARY, "instructors.md": INSTRUCTORS} | {
    f"chapters/{chapter.path.name}": chapter.prose for chapter in CHAPTERS
}
LINK = re.compile(r"\]\(([^)\s]*\.(?:md|ipynb))?#([^)\s]+)\)")


def slug(heading):
    """Return the name by which a heading can be linked to, as the book and GitHub derive it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def slugs(text):
    return [slug(heading) for heading in re.findall(r"^#{1,3} (.+)$", text, re.M)]


def links(page):
    """Yield (page, heading) of each link to a heading, in paths from the root of the book."""
    for target, heading in LINK.findall(TEXTS[page]):
        path = (ROOT / page).parent / target if target else ROOT / page
        yield path.resolve().relative_to(ROOT).as_posix(), heading


def entries():
    """Return {term: its text} of the glossary."""
    terms = GLOSSARY.split("## Terms")[1]
    return dict(re.findall(r"^### (.+)\n\n(.+)$", terms, re.M))


@each("page", [*TEXTS])
def test_a_link_to_a_heading_leads_there(page):
    lost = [(path, name) for path, name in links(page) if name not in slugs(TEXTS[path])]
    assert lost == []


@pytest.mark.parametrize("page", ["glossary.md", "instructors.md"])
def test_headings_that_are_linked_to_have_unique_names(page):
    for path, name in links(page):
        assert slugs(TEXTS[path]).count(name) == 1, (path, name)


def test_terms_are_in_alphabetical_order():
    terms = re.findall(r"^### (.+)$", GLOSSARY, re.M)
    assert terms == sorted(terms, key=str.lower) and list(entries()) == terms


@each("term", [*entries()])
def test_a_term_has_up_to_three_sentences_and_the_place_where_it_is_introduced(term):
    text, _, introduced = entries()[term].rpartition(" *")
    without_formulas = re.sub(r"\$[^$]+\$|`[^`]+`", "x", text)
    assert 1 <= len(re.findall(r"[.?!](?: |$)", without_formulas)) <= 3
    assert re.search(r":\* \[.+\]\(chapters/\w+\.ipynb#.+\)$", introduced)


@each("term", [*entries()])
def test_the_section_that_introduces_a_term_uses_it(term):
    path, name = re.search(r"\((chapters/\w+\.ipynb)#(.+)\)$", entries()[term]).groups()
    sections = re.split(r"^#{1,3} (.+)$", TEXTS[path], flags=re.M)
    here = next(b for h, b in zip(sections[1::2], sections[2::2], strict=True) if slug(h) == name)
    # A stem is enough: a section may say "saturated" where the term is "saturation".
    assert any(word[:4] in f"{name} {here}".lower() for word in term.lower().split())


def test_instructors_are_told_the_times_that_the_chapters_state():
    for chapter in LESSONS:
        stated = re.search(
            r"(\d+) minutes", chapter.section("What you will be able to do")[0].source
        )
        row = next(r for r in INSTRUCTORS.splitlines() if f"](chapters/{chapter.path.name}) |" in r)
        assert f"| {stated[1]} min |" in row


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Dead unit", "dead-unit"),
        (
            "What breaks first, the value or the gradient?",
            "what-breaks-first-the-value-or-the-gradient",
        ),
        ("Is a probability of 0.9 right?", "is-a-probability-of-09-right"),
        ("Zero-centred", "zero-centred"),
    ],
)
def test_a_heading_becomes_a_name(heading, name):
    assert slug(heading) == name
