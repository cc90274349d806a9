"""Every measured number in the prose is in an output, or in the code, of the same chapter."""

import re
from decimal import Decimal

import pytest
from notebooks import CHAPTERS, text_of

# Numbers that no cell of the chapter prints, each with the reason why it is allowed.
EXCEPTIONS: dict[str, dict[str, str]] = {"sigmoid_tanh": {"3.1": "a section of a paper"}}

NUMBER = re.compile(
    r"(?<![\w.^{])(\d+(?:[.,]\d+)?)"
    r"(?:e([-+]?\d+)|\s*(?:\\times|\\cdot|×|·)\s*10\^\{?(-?\d+)\}?)?(?![\w.]*\.ipynb)"
)


def numbers(text):
    """Yield (digits as written, value, unit of its last digit) for every number in a text."""
    text = text.replace("−", "-").replace("\u2009", "")
    for m in NUMBER.finditer(text):
        written = m[1].replace(",", "")
        scale = Decimal(10) ** int(m[2] or m[3] or 0)
        value = Decimal(written)
        yield m[0], value * scale, Decimal(10) ** value.as_tuple().exponent * scale


def claims(prose):
    """Return the numbers of the prose that look measured: two significant digits after a point."""
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", prose, flags=re.S)
    found = []
    for written, value, unit in numbers(prose):
        mantissa = re.split(r"[e\s\\×·]", written)[0]
        if "." in mantissa and len(mantissa.replace(".", "").lstrip("0")) >= 2:
            found.append((written, value, unit))
    return found


def unsupported(prose, evidence):
    """Return the claims that no number in the evidence rounds to, as a share or a percentage."""
    known = {candidate for _, value, _ in numbers(evidence) for candidate in (value, 100 * value)}
    return [
        written
        for written, value, unit in claims(prose)
        if not any(abs(value - candidate) <= unit / 2 for candidate in known)
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_every_measured_number_was_printed(chapter):
    evidence = "\n".join(text_of(cell.outputs) + "\n" + cell.source for cell in chapter.code)
    missing = set(unsupported(chapter.prose, evidence))
    excused = set(EXCEPTIONS.get(str(chapter), {}))
    assert missing - excused == set(), "no cell prints these"
    assert excused - missing == set(), "these exceptions are not needed"


@pytest.mark.parametrize(
    ("prose", "evidence", "missing"),
    [
        ("The slope is 0.25.", "0.25", []),
        ("The slope is 0.25.", "0.2512", []),
        ("The slope is 0.25.", "0.256", ["0.25"]),
        ("The slope is 0.25.", "0.2", ["0.25"]),
        ("Accuracy is 97.5 %.", "0.9751", []),
        ("Accuracy is 97.5 %.", "97.6", ["97.5"]),
        ("It is $9.5 \\times 10^{-7}$.", "9.54e-07", []),
        ("It is $9.5 \\times 10^{-7}$.", "9.54e-06", ["9.5 \\times 10^{-7}"]),
        ("It falls to −0.170 here.", "-0.16997", []),
        ("Half is 0.5, in 2010, section 3.", "", []),
        ("See `relu(0.25)` and [this](x.ipynb#0.25).", "", []),
    ],
)
def test_a_number_without_evidence_is_found(prose, evidence, missing):
    assert unsupported(prose, evidence) == missing
