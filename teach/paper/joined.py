"""Join the articles of the built pages into one HTML document for paper."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup

HERE = Path(__file__).parent
# What only a screen can use, and the second pictures for the dark theme.
SCREEN_ONLY = (
    "script, style, button, input, label, select, textarea, .headerlink, .answers-all, "
    "img.by-night, details.admonition > summary"
)
# Attributes that name other elements of the page.
NAMING = ("aria-controls", "aria-describedby", "aria-labelledby", "headers", "for")


@dataclass
class Part:
    """Some pages under a caption, as in _toc.yml; the landing page has none."""

    caption: str
    pages: list[str]


def parts_of_book(toc):
    """Return the parts of the book in their order, from the file _toc.yml."""
    toc = yaml.safe_load(Path(toc).read_text("utf-8"))
    groups = toc.get("parts", [toc])
    named = [Part(g.get("caption", ""), [c["file"] for c in g["chapters"]]) for g in groups]
    return [Part("", [toc["root"]]), *named]


def slug(page):
    """Return the id of a page in the joined document.

    >>> slug("chapters/softmax")
    'chapters-softmax'
    """
    return page.replace("/", "-")


def link_target(href, page, ids):
    """Return where a link of `page` leads in print; "" if it leads to a file of the site.

    `ids` has the ids of each page that is printed.

    >>> ids = {"glossary": {"logit"}, "chapters/softmax": set()}
    >>> link_target("../glossary.html#logit", "chapters/softmax", ids)
    '#glossary--logit'
    >>> link_target("../glossary.html#a-setting", "chapters/softmax", ids)
    '#glossary'
    >>> link_target("https://example.org/#a", "glossary", ids)
    'https://example.org/#a'
    >>> link_target("_sources/glossary.md", "glossary", ids)
    ''
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    there = page
    if parts.path:
        there = normpath(f"{dirname(page)}/{unquote(parts.path)}").lstrip("/")
        there = there.removesuffix(".html")
    if there not in ids:
        return ""
    name = unquote(parts.fragment)
    return f"#{slug(there)}--{name}" if name in ids[there] else f"#{slug(there)}"


def sheets_of(soup, site):
    """Return the style sheets of which a page has the rules that it uses, as paths."""
    names = soup.select_one("head style[data-sheets]")["data-sheets"]
    return [site / "_static" / name for name in names.split()]


class Joined:
    """The book as one document: `html(numbers)`, with page numbers in its contents once known."""

    def __init__(self, site, parts, title, paper):
        self.site, self.parts = Path(site).resolve(), parts
        self.title, self.paper = title, paper
        self.pages = [page for part in parts for page in part.pages]
        self.soups = {page: self._read(page) for page in self.pages}
        self.sheets = []
        for soup in self.soups.values():
            for sheet in sheets_of(soup, self.site):
                if sheet not in self.sheets:
                    self.sheets.append(sheet)
        ids = {
            page: {each["id"] for each in soup.select("article [id]")}
            for page, soup in self.soups.items()
        }
        self.notice = self._text(self.soups[self.pages[0]].select_one(".extra_footer"))
        self.articles = {page: self._article(page, ids) for page in self.pages}

    def _read(self, page):
        return BeautifulSoup((self.site / f"{page}.html").read_text("utf-8"), "html.parser")

    @staticmethod
    def _text(element):
        return " ".join(element.get_text().split()) if element else ""

    def _article(self, page, ids):
        article = self.soups[page].select_one("article.bd-article")
        for each in article.select(SCREEN_ONLY):
            each.decompose()
        for room in article.select(".try-it"):
            room.clear()
        for fold in article.select("details"):
            if "admonition" in fold.get("class", []):
                fold.name = "div"
            else:
                fold["open"] = ""
        for each in article.select("[src]"):
            each["src"] = (self.site / dirname(page) / unquote(each["src"])).resolve().as_uri()
            each["loading"] = "eager"
        for link in article.select("a[href]"):
            target = link_target(link["href"], page, ids)
            if target:
                link["href"] = target
            else:
                del link["href"]
        for each in article.select("[id]"):
            each["id"] = f"{slug(page)}--{each['id']}"
        for name in NAMING:
            for each in article.select(f"[{name}]"):
                listed = each[name] if isinstance(each[name], list) else each[name].split()
                each[name] = " ".join(f"{slug(page)}--{one}" for one in listed)
        article["id"] = slug(page)
        return article

    def heading(self, page):
        return self._text(self.articles[page].h1)

    def entries(self, page):
        """Return (level, id, HTML) of the headings of a page that the contents list."""
        yield 1, slug(page), self.articles[page].h1.decode_contents()
        for section in self.articles[page].select("section[id]:has(> h2)"):
            yield 2, section["id"], section.find("h2").decode_contents()

    def contents(self, numbers):
        rows = []
        for part in self.parts:
            if part.caption:
                rows.append(f'<p class="part">{escape(part.caption)}</p>')
            for page in part.pages:
                items = "".join(
                    f'<li class="level-{level}"><a href="#{name}"><span>{words}</span>'
                    f'<span class="number">{numbers.get(name, "")}</span></a></li>\n'
                    for level, name, words in self.entries(page)
                )
                rows.append(f"<ul>{items}</ul>")
        return "\n".join(rows)

    def page_style(self):
        """Return the headers and footers: the book on the left, the page's heading on the right."""
        name = json.dumps(self.title, ensure_ascii=False)
        rules = [
            f"@page {{ size: {self.paper}; @top-left {{ content: {name} }} }}",
            "@page cover { @top-left { content: none } @bottom-center { content: none } }",
            '@page contents { @top-right { content: "Contents" } }',
        ]
        for i, page in enumerate(self.pages):
            words = json.dumps(self.heading(page), ensure_ascii=False)
            rules.append(f"@page p{i} {{ @top-right {{ content: {words} }} }}")
            rules.append(f"#{slug(page)} {{ page: p{i} }}")
        return "\n".join(rules)

    def html(self, numbers):
        links = "\n".join(f'<link rel="stylesheet" href="{s.as_uri()}">' for s in self.sheets)
        picture = self.articles[self.pages[0]].select_one("img")
        picture = f'<img src="{picture["src"]}" alt="{escape(picture["alt"])}">' if picture else ""
        articles = "\n".join(str(article) for article in self.articles.values())
        return f"""<!DOCTYPE html>
<html lang="en" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{escape(self.title)}</title>
{links}
<style>{(HERE / "paper.css").read_text("utf-8")}
{self.page_style()}</style>
</head>
<body>
<div class="cover">
<p class="title">{escape(self.title)}</p>
{picture}
<p class="notice">{escape(self.notice)}</p>
</div>
<nav class="on-pages" aria-labelledby="contents">
<h1 id="contents">Contents</h1>
{self.contents(numbers)}
</nav>
<main class="bd-main"><div class="bd-content"><div class="bd-article-container">
{articles}
</div></div></main>
</body>
</html>
"""
