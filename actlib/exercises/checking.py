"""How an exercise's answer is checked: by running it, never by raising at the learner.

An `Exercise` states the right answer, the cases to try it on and the likeliest mistakes,
each with the sentence that explains it. The tests run every exercise against its own
mistakes, so an explanation that no longer fits its mistake is found.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A likely wrong answer (a function, or a value) and the sentence that explains it."""

    answer: Any
    says: str


@dataclass(frozen=True)
class Exercise:
    """Check an answer against the right one; print one line, ✓ or ✗, and return a bool.

    `right`: the right answer, a function or a number or array. `cases`: for a function,
    the tuples of arguments to call it with. `mistakes`: where an answer is wrong, the first
    one that agrees with it in every case explains it. `praise`: what the ✓ line says.
    `rtol`, `atol`: how closely numbers must agree. `dtype`: True if the result must have
    the right one's dtype. `warns`: True if NumPy may warn on the way.

    >>> check = Exercise(right=0.25, mistakes=(Mistake(1.0, "That is tanh's slope."),))
    >>> check(None)
    ✗ Nothing to check yet: replace None by your answer.
    False
    >>> check(1.0)
    ✗ That is tanh's slope.
    False
    >>> check(0.25)
    ✓ Right.
    True
    """

    right: Any
    cases: tuple[tuple, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    praise: str = "Right."
    rtol: float = 1e-6
    atol: float = 1e-9
    dtype: bool = False
    warns: bool = False

    def __call__(self, answer) -> bool:
        problem = self.problem_with(answer)
        print(f"✗ {problem}" if problem else f"✓ {self.praise}")
        return problem is None

    def problem_with(self, answer) -> str | None:
        """Return the sentence that says what is wrong with `answer`, None if nothing is."""
        if answer is None:
            return "Nothing to check yet: replace None by your answer."
        wants_function = isinstance(self.right, Callable)
        if wants_function and not isinstance(answer, Callable):
            return f"Expected a function, got {_show(answer)}: pass its name, without parentheses."
        if not wants_function and isinstance(answer, Callable):
            return "Expected a value, got a function: call it, and pass what it returns."
        if wants_function:
            problem = next(
                filter(None, (self._problem_with_call(answer, c) for c in self.cases)), ""
            )
        else:
            problem = self._problem_with_result(answer, self.right)
        if not problem:
            return None
        for mistake in self.mistakes:
            if self._same_results(answer, mistake.answer):
                return mistake.says
        return problem

    def _problem_with_call(self, function, case):
        arguments = _copies(case)
        where = f"for {', '.join(map(_show, case))}"
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = function(*arguments)
        except Exception as error:
            why = " ".join(str(error).split()).rstrip(".")
            if "truth value" in why:
                # NumPy's own advice, a.any() or a.all(), would lead astray.
                why = "`if` and `max` take one number; np.where and np.maximum take each in turn"
            return f"Your function raised {type(error).__name__} {where}: {why}."
        if result is None:
            return f"Your function returned None {where}: is the `return` missing?"
        if not all(map(_equal, arguments, case)):
            return f"Your function changed its input {where}: work on a copy."
        problem = self._problem_with_result(result, self.right(*_copies(case)), where)
        if not problem and caught and not self.warns:
            return f"The value is right {where}, but there is a warning: {caught[0].message}."
        return problem

    def _problem_with_result(self, result, right, where=""):
        """Compare one result with the right one; `where` names the call it came from, if any."""
        at = f" {where}" if where else ""
        right = np.asarray(right)
        try:
            # A PyTorch tensor that tracks gradients must be detached before NumPy reads it.
            got = np.asarray(result.detach() if hasattr(result, "detach") else result)
        except Exception:
            return f"Expected numbers{at}, got {_show(result)}."
        if got.dtype.kind not in "fiub":
            return f"Expected real numbers{at}, got {_show(result)}."
        if got.shape != right.shape:
            if not right.shape:
                return f"Expected one number{at}, got an array of shape {got.shape}."
            return f"Expected shape {right.shape}{at}, got {got.shape}."
        close = np.isclose(got, right, rtol=self.rtol, atol=self.atol, equal_nan=True)
        if not close.all():
            place = tuple(int(i) for i in np.argwhere(~close)[0])
            index = f" at index {list(place)}" if place else ""
            # A function is told the right number; a value would be given away by it.
            if not where:
                return f"Got {_show(got[place])}{index}, which is not right yet."
            return f"Expected {_show(right[place])}{index}{at}, got {_show(got[place])}."
        if self.dtype and got.dtype != right.dtype:
            return f"Expected dtype {right.dtype}{at}, got {got.dtype}: keep the input's."
        return None

    def _same_results(self, answer, wrong):
        """Tell whether an answer is this mistake: it agrees with it in every case."""
        if not isinstance(self.right, Callable):
            return self._problem_with_result(answer, wrong) is None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return all(
                    self._problem_with_result(answer(*_copies(c)), wrong(*_copies(c))) is None
                    for c in self.cases
                )
        except Exception:
            return False


def _copies(case):
    return tuple(np.copy(x) if isinstance(x, np.ndarray) else x for x in case)


def _equal(a, b):
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")


def _show(x):
    """Return a short text for a message: numbers to four digits, long things cut."""
    if isinstance(x, (np.ndarray, np.generic, float)) and np.asarray(x).dtype.kind in "fiub":
        text = np.array2string(
            np.asarray(x),
            separator=", ",
            threshold=8,
            formatter={"float_kind": lambda number: f"{number:.4g}"},
        )
    else:
        text = repr(x)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
