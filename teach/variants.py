"""Other numbers for the exercises whose answer is a number: the package holds the page's own.

A variant is a check made by the function that makes the page's check, and the words of the
exercise that change with it.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from actlib import exercises
from actlib.exercises import in_practice, pytorch, sigmoid_tanh, softmax, why_nonlinearity
from actlib.exercises.comparing import differ


@dataclass(frozen=True)
class Variant:
    """How an exercise gets other numbers.

    `draw(rng)` gives the arguments of `check`, which makes the Exercise; `words(*arguments)` maps
    the texts in the exercise, for the arguments of the page, to those to put there.
    """

    draw: Callable
    check: Callable
    words: Callable


def _collapse(rng):
    (w1, w2), b = rng.choice([2, 3, 4, 5], 2, replace=False), rng.choice([1, 2, 3, 4, 5], 3)
    return ((int(w1), -int(b[0])), (int(w2), int(b[1])), (-0.5, int(b[2])))


def _collapse_words(first, second, third):
    return {
        "$z_1 = 2x - 1$": f"$z_1 = {first[0]}x - {-first[1]}$",
        "$z_2 = 3z_1 + 2$": f"$z_2 = {second[0]}z_1 + {second[1]}$",
        r"$z_3 = -\tfrac12 z_2 + 4$": rf"$z_3 = -\tfrac12 z_2 + {third[1]}$",
    }


def _rank(rng):
    first, second, narrow, fourth, last = (
        int(rng.choice(widths))
        for widths in ([48, 80, 96], [24, 30, 40], [3, 4, 6, 7], [14, 15, 18], [8, 9, 11, 12])
    )
    return first, second, narrow, fourth, last


def _rank_words(*widths):
    return {
        "64 → 20 → 5 → 12 → 10": " → ".join(map(str, widths)),
        r"$64 \times 10$": rf"${widths[0]} \times {widths[-1]}$",
    }


def _scaled_tanh(rng):
    height, width = [(1.4, (3, 4)), (1.5, (3, 4)), (1.5, (3, 5)), (1.8, (1, 2))][rng.integers(4)]
    return height, *width


VARIANTS = {
    "check_collapse": Variant(
        _collapse, lambda *layers: why_nonlinearity.collapse(layers), _collapse_words
    ),
    "check_rank": Variant(_rank, lambda *widths: why_nonlinearity.rank(widths), _rank_words),
    "check_tenth_of_slope": Variant(
        lambda rng: (int(rng.choice([5, 8, 20])),),
        sigmoid_tanh.part_of_slope,
        lambda n: {"a tenth": sigmoid_tanh.PARTS[n], "0.025": f"{0.25 / n:g}"},
    ),
    "check_lecun_gain": Variant(
        _scaled_tanh,
        sigmoid_tanh.scaled_tanh_gain,
        lambda height, above, below: {
            "*Efficient BackProp* (LeCun et al., 1998) recommends": "Take",
            r"1.7159 \tanh(\tfrac{2}{3} z)$, which has $f(\pm 1) = \pm 1$": (
                rf"{height:g} \tanh(\tfrac{{{above}}}{{{below}}} z)$"
            ),
        },
    ),
    "check_temperature": Variant(
        lambda rng: (float(rng.choice([0.75, 0.8, 0.95])),),
        softmax.temperature,
        lambda p: {"is it 0.9": f"is it {p:g}"},
    ),
    "check_learned_numbers": Variant(
        lambda rng: tuple(int(rng.choice(n)) for n in ([48, 96, 128], [16, 24, 40], [5, 8, 12])),
        pytorch.learned_numbers,
        lambda d, h, k: {
            "nn.Linear(64, 32)": f"nn.Linear({d}, {h})",
            "nn.Linear(32, 10)": f"nn.Linear({h}, {k})",
            "nn.PReLU(32)": f"nn.PReLU({h})",
        },
    ),
    "check_kept_bytes": Variant(
        lambda rng: tuple(int(rng.choice(n)) for n in ([150, 250, 300], [32, 48], [96, 160], [10])),
        in_practice.kept_bytes,
        lambda n, d, h, k: {
            "A batch of 200": f"A batch of {n}",
            "`Linear(64, 128)`": f"`Linear({d}, {h})`",
            "`Linear(128, 10)`": f"`Linear({h}, {k})`",
        },
    ),
}


def numbers(name, edition):
    """Return the arguments of a check for one edition of the sheets, None if it needs none.

    They are drawn until the answer is not the page's and the mistakes can be told apart: the same
    for the same edition.

    >>> numbers("check_rank", "2026") == numbers("check_rank", "2026")
    True
    """
    if name not in VARIANTS:
        return None
    rng = np.random.default_rng([zlib.crc32(text.encode()) for text in (name, edition)])
    variant = VARIANTS[name]
    while True:
        arguments = variant.draw(rng)
        check, page = variant.check(*arguments), getattr(exercises, name)
        if differ(check.right, page.right, check.rtol, check.atol) and told_apart(check):
            return arguments


def told_apart(check):
    """Tell whether no mistake of a check for a number looks like the answer or like another."""
    wrong = [(mistake.answer, mistake.why) for mistake in check.mistakes]
    return all(differ(check.right, a, check.rtol, check.atol) for a, _ in wrong) and all(
        why == other or differ(a, b, check.rtol, check.atol)
        for i, (a, why) in enumerate(wrong)
        for b, other in wrong[:i]
    )


def reworded(text, words):
    """Return a text with the words of a variant in place of the page's; say which were found."""
    found = {old for old in words if old in text}
    if not found:
        return text, found
    pattern = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    return re.sub(pattern, lambda match: words[match[0]], text), found
