"""What a graded cell calls: the points of an answer, on the check's cases and on fresh ones.

The checks are copied when this is imported, before a student's code runs: what that code does to
`actlib.exercises` changes no points. `seal` gives a student's code checks that reveal no answers.
"""

import contextlib
import copy
import importlib
import io
import os
import signal
from dataclasses import replace

import numpy as np

from actlib import exercises
from actlib.exercises.verdict import Verdict

from .cases import FRESH
from .variants import VARIANTS

CHECKS = {n: copy.copy(check) for n, check in vars(exercises).items() if n.startswith("check_")}
# Seconds of processor time for an answer on all of its cases: a busy machine must not look like an
# endless loop.
PATIENCE = 5.0
LOOKED_UP = Verdict(
    "✗",
    "The answer is taken from the checks of the package.",
    "The sheet asks for an answer of your own.",
    "write out what the answer computes.",
)


class Sealed:
    """A check as a student's code sees it while the sheet is graded: it can only be called."""

    def __init__(self, name):
        self.name = name
        self.__doc__ = CHECKS[name].task

    def __call__(self, answer):
        verdict = judge(self.name, answer)
        print(verdict)
        return verdict

    def __getattr__(self, attribute):
        raise AttributeError(
            f"{self.name}.{attribute} is not there when a sheet is graded: write an answer of "
            "your own."
        )


def seal():
    """Put checks that can only be called in the places of those that an import would give."""
    package = importlib.import_module("actlib.exercises")
    chapters = [part for part in vars(package).values() if hasattr(part, "__all__")]
    for name in CHECKS:
        sealed = Sealed(name)
        for module in (package, *chapters):
            if hasattr(module, name):
                setattr(module, name, sealed)


def points(name, answer, *numbers, rng=None):
    """Return 1 for an answer that is right on the sheet's cases and on fresh ones, 0 otherwise.

    `numbers` are the arguments of the check's variant, see `variants`. The verdict that decides
    is printed.

    >>> points("check_rank", 4, 48, 24, 4, 14, 8)
    ✓ Only four sums get through the narrowest layer.
    1
    >>> points("check_relu", lambda z: np.maximum(z, 0))
    ✓ Zero where z is negative, z itself elsewhere, and nan stays nan.
    1
    """
    verdict = judge(name, answer, *numbers, rng=rng or np.random.default_rng())
    print(verdict)
    return int(verdict)


def judge(name, answer, *numbers, rng=None):
    """Return the Verdict on an answer, on fresh cases as well where `rng` is given."""
    check = VARIANTS[name].check(*numbers) if numbers else CHECKS[name]
    if is_looked_up(answer):
        return LOOKED_UP
    # What an answer prints on stderr would count as an error of the cell.
    with contextlib.redirect_stderr(io.StringIO()), interrupted_after(PATIENCE):
        verdict = check.judge(answer)
        if verdict and rng is not None and name in FRESH:
            again = replace(check, cases=FRESH[name](rng), stub=None).judge(answer)
            if not again:
                what = f"Right on the cases that the sheet shows, but not on others. {again.what}"
                return Verdict("✗", what, again.why, again.then, again.printed)
    return verdict


def is_looked_up(answer):
    """Tell whether an answer is, or names, something of the modules that hold the checks."""
    code = getattr(answer, "__code__", None)
    space = getattr(answer, "__globals__", {})
    named = [space.get(name) for name in code.co_names] if code else []
    for cell in getattr(answer, "__closure__", None) or ():
        with contextlib.suppress(ValueError):  # not filled yet
            named.append(cell.cell_contents)
    return any(_is_from_the_checks(thing) for thing in (answer, *named))


def _is_from_the_checks(thing):
    module = getattr(thing, "__module__", None) or ""
    return module.startswith("actlib.exercises.") and not isinstance(thing, Verdict)


class Impatience:
    """What an alarm does: it interrupts, and ends the process if that did not help."""

    def __init__(self, times=2):
        self.left = times

    def __call__(self, *_):
        self.left -= 1
        if self.left < 0:
            os._exit(1)
        raise KeyboardInterrupt


@contextlib.contextmanager
def interrupted_after(seconds):
    """Raise KeyboardInterrupt in a block that computes for longer, as the stop button does."""
    if not hasattr(signal, "setitimer"):  # Windows: nbgrader's own limit for a cell must do
        yield
        return
    before = signal.signal(signal.SIGPROF, Impatience())
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
