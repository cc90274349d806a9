"""Read style sheets as rules, and write those that can apply to a page.

A rule can apply if each class and id that its selector asks for is a name that the page has, or may
get. What is inside :not(), :is() and other brackets asks for nothing here, nor do elements and
attributes, so that a rule is rather kept than lost.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^"')]*\)|[{};]""", re.S)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
BRACKETS = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\[[^]]*\]")
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
GROUPS = ("@media", "@supports", "@container", "@layer")
PROPERTY = re.compile(
    r"""(?<=[{;])\s*(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|url\([^"')]*\)|[^;{}"'])*(?:;|(?=}))"""
)


@dataclass(frozen=True)
class Rule:
    head: str
    body: str | None = None  # None where there are no braces, as in @import
    inner: tuple = ()  # the rules of a group such as @media
    selectors: tuple = ()  # of a style rule: (text, the names that it asks for)


def selectors_of(head):
    """Return the selectors of a rule with the names that each asks for.

    >>> [(text, sorted(names)) for text, names in selectors_of("a.b #c:not(.d), :is(.e, .f) p")]
    [('a.b #c:not(.d)', ['b', 'c']), (':is(.e, .f) p', [])]
    """
    # A comma in brackets separates no selectors: there, it gets a stand-in for a moment.
    head = BRACKETS.sub(lambda inside: inside[0].replace(",", "\0"), head)
    texts = [text.strip().replace("\0", ",") for text in head.split(",")]
    return tuple(
        (text, frozenset(name.replace("\\", "") for name in NAME.findall(BRACKETS.sub("", text))))
        for text in texts
    )


def rule(head, body):
    head = " ".join(COMMENT.sub("", head).split())
    if body is None or not head.startswith("@"):
        lines = None if body is None else re.sub(r"\s*\n\s*", " ", COMMENT.sub("", body)).strip()
        return Rule(head, lines, selectors=() if body is None else selectors_of(head))
    if head.startswith(GROUPS):
        return Rule(head, body, inner=rules_of(body))
    return Rule(head, re.sub(r"\s*\n\s*", " ", COMMENT.sub("", body)).strip())


def rules_of(sheet):
    """Return the rules of a style sheet in their order.

    >>> [each.head for each in rules_of('a{b:"}"}@media print{c{d:e}}@import "f";')]
    ['a', '@media print', '@import "f"']
    """
    found, depth, start, opened = [], 0, 0, 0
    for token in TOKEN.finditer(sheet):
        if token[0] == "{":
            if not depth:
                opened = token.end()
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if not depth:
                found.append(rule(sheet[start : opened - 1], sheet[opened : token.start()]))
                start = token.end()
        elif token[0] == ";" and not depth:
            found.append(rule(sheet[start : token.start()], None))
            start = token.end()
    return tuple(found)


def written(rules, names):
    """Write those rules that can apply where `names` are all classes and ids.

    >>> written(rules_of(".a, .b { c: d } @media print { .e { f: g } } i .b { h: j }"), {"a"})
    '.a{c: d}'
    """
    parts = []
    for each in rules:
        if each.body is None:
            parts.append(f"{each.head};")
        elif each.inner:
            if inner := written(each.inner, names):
                parts.append(f"{each.head}{{{inner}}}")
        elif not each.selectors:
            parts.append(f"{each.head}{{{each.body}}}")
        elif kept := [text for text, wanted in each.selectors if wanted <= names]:
            parts.append(f"{','.join(kept)}{{{each.body}}}")
    return "".join(parts)


def without_idle_properties(css, named=frozenset()):
    """Drop custom properties that no rule reads and that are not among those `named` elsewhere.

    >>> without_idle_properties("a{--b:1;--c:2;d:var(--b)}")
    'a{--b:1;d:var(--b)}'
    """
    used = named | {*re.findall(r"var\(\s*(--[\w-]+)", css)}
    return PROPERTY.sub(lambda found: found[0] if found[1] in used else "", css)
