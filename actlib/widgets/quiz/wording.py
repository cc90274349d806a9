"""Turn the wording of a question into HTML: `code`, *emphasis* and short formulas in $…$.

Letters are put in `<i>`, exponents in `<sup>`: any browser shows them, and they survive a
sanitiser that drops MathML. A formula beyond this subset of LaTeX is an error, not a bad picture.
"""

import re
from html import escape

SPAN = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*([^*]+)\*")
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.S)
TAG = {"^": "sup", "_": "sub"}
UPRIGHT = {f"\\{name}": name for name in ("exp", "ln", "log", "max", "min", "sin", "tanh")}
OPERATORS = {
    r"\cdot": "·",
    r"\times": "×",
    r"\le": "≤",
    r"\ge": "≥",
    r"\approx": "≈",
    r"\infty": "∞",
    r"\sum": "∑",
    r"\top": "⊤",
    r"\,": "\u2009",
    r"\left": "",
    r"\right": "",
}
# As in TeX, there is no space between one of these and a letter or digit that follows.
LETTERS = {
    r"\alpha": "<i>α</i>",
    r"\beta": "<i>β</i>",
    r"\varepsilon": "<i>ε</i>",
    r"\sigma": "<i>σ</i>",
    r"\Phi": "Φ",
    r"\partial": "∂",
}
# A formula up to this length stays on one line.
SHORT = 24


def to_html(text):
    """Turn a question's text into HTML.

    Raises ValueError if a formula has a command that is not listed here, or braces that do not
    match.

    >>> to_html("`exp` of $-z^2$ is at *most* 1")
    '<code>exp</code> of −<i>z</i><sup>2</sup> is at <em>most</em> 1'
    """
    found, end = [], 0
    for span in SPAN.finditer(text):
        latex, code, stressed = span.groups()
        found.append(escape(text[end : span.start()]))
        if latex:
            found.append(formula(latex))
        else:
            found.append(f"<code>{escape(code)}</code>" if code else f"<em>{escape(stressed)}</em>")
        end = span.end()
    return "".join([*found, escape(text[end:])])


def to_text(html):
    """Return the output of `to_html` without its tags, for measuring lengths."""
    return re.sub(r"<[^>]*>", "", html)


def formula(latex):
    """Turn a formula into HTML.

    >>> formula(r"e^{-20} \\approx 2 \\cdot 10^{-9}").replace("\\xa0", " ")
    '<i>e</i><sup>−20</sup> ≈ 2 · 10<sup>−9</sup>'
    """
    tokens = TOKEN.findall(latex)
    try:
        html = _row(tokens)
        if tokens:
            raise ValueError("a } closes nothing")
    except ValueError as error:
        raise ValueError(f"{error} in ${latex}$") from None
    return html.replace(" ", "\u00a0") if len(to_text(html)) <= SHORT else html


def _row(tokens, inside=False):
    """Return the HTML of the tokens, taken from the front, up to the } that ends the group."""
    html = ""
    while tokens and tokens[0] != "}":
        token = tokens.pop(0)
        if token == "{":
            html += _row(tokens, inside=True)
        elif token in TAG:
            html += f"<{TAG[token]}>{_argument(tokens)}</{TAG[token]}>"
        elif token == r"\mathrm":
            html += re.sub("</?i>", "", _argument(tokens))
        elif token == r"\sqrt":
            html += f"√({_argument(tokens)})"
        elif token in LETTERS:
            html += LETTERS[token]
            if tokens[1:] and tokens[0].isspace() and tokens[1].isalnum():
                tokens.pop(0)
        elif token in UPRIGHT or token in OPERATORS:
            html += UPRIGHT.get(token) or OPERATORS[token]
        elif token.startswith("\\"):
            raise ValueError(f"no command {token}")
        elif token.isalpha():
            html += f"<i>{token}</i>"
        else:
            html += {"-": "−", "'": "′"}.get(token) or escape(token)
    if inside:
        if not tokens:
            raise ValueError("a { is not closed")
        tokens.pop(0)
    return html


def _argument(tokens):
    if not tokens or tokens[0] == "}":
        raise ValueError("an argument is missing")
    one = [tokens.pop(0)]
    return _row(tokens, inside=True) if one == ["{"] else _row(one)
