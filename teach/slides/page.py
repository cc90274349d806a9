"""One HTML file from a deck's slides: everything that it needs is in it."""

import re
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path

from actlib.widgets.kit.assets import one_script, stylesheet

from ..sheets import ROOT

HERE = Path(__file__).parent
KATEX = ROOT / "_static" / "katex"
LABELS = {"predict": "Predict", "notice": "Notice"}
FONT = re.compile(r"url\((fonts/[\w-]+\.woff2)\)")
FIGURE = re.compile(r'data-figure="(\w+)"')


@cache
def _katex():
    """Return KaTeX's style sheet with its fonts in it."""

    def inside(match):
        font = b64encode((KATEX / match[1]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{font})"

    return FONT.sub(inside, (KATEX / "katex.min.css").read_text("utf-8"))


def _file(name):
    return (HERE / name).read_text("utf-8")


def _section(slide):
    label = LABELS.get(slide.kind, "")
    label = f'<p class="label">{label}</p>' if label else ""
    if slide.kind == "title":
        return f'<section class="title"><h1>{slide.title}</h1>{slide.body}</section>'
    if slide.kind == "question":
        above = f'<p class="above">{slide.caption}</p>' if slide.caption else ""
        return f'<section class="question">{above}<h2>{slide.title}</h2>{slide.body}</section>'
    body = slide.body
    if slide.kind == "figure":
        body = f"<figure>{body}<figcaption>{slide.caption}</figcaption></figure>"
        body = f'<div class="whole"><h3>{slide.title}</h3>{body}</div>'
        return f'<section class="figure">{body}</section>'
    if slide.kind in {"output", "answer"}:
        body = f'<div class="before">{slide.caption}</div>{body}'
    elif slide.kind == "living":
        # A swipe in a figure moves the figure.
        body = f'<div class="stage" data-prevent-swipe><div class="fitted">{body}</div></div>'
    # Few words are set larger.
    short = (
        " short" if len(re.sub(r"<[^>]*>", "", re.sub(r"<math.*?</math>", "", body))) < 420 else ""
    )
    return f'<section class="{slide.kind}{short}"><h3>{slide.title}</h3>{label}{body}</section>'


def page(title, slides):
    """Return a deck as HTML."""
    sections = "\n".join(map(_section, slides))
    figures = {*FIGURE.findall(sections)}
    scripts = [_file("reveal/reveal.js"), one_script(figures) if figures else "", _file("deck.js")]
    styles = [_file("reveal/reveal.css"), _katex(), stylesheet(), _file("deck.css")]
    # Nothing in a script may end its element.
    scripts = [script.replace("</script", r"<\/script") for script in scripts]
    code = "\n".join(f"<script>\n{script}\n</script>" for script in scripts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        + "".join(f"<style>\n{style}\n</style>\n" for style in styles)
        + f'</head>\n<body>\n<div class="reveal"><div class="slides">\n{sections}\n</div></div>\n'
        f"{code}\n</body>\n</html>\n"
    )
