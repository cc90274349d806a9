"""An exercise's check: it runs an answer, compares it, and says what to try next.

An `Exercise` states the task, the right answer, the cases to try it on and the likeliest
mistakes, each with the reason and the next step. The tests run every exercise against its
own mistakes and see that its cases tell each from the others.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .comparing import as_numbers, compare, differ
from .explaining import explain, message
from .patterns import cut, pattern
from .reading import is_untouched, used_by
from .running import call, undisturbed
from .showing import show
from .verdict import Mistake, Problem, Verdict
from .watching import watching

NEAR = 2e-3  # so close, relative to 1, lie numbers that were rounded
PRINTED_LINES = 12


@dataclass(frozen=True, repr=False, eq=False)
class Exercise:
    """Check an answer against the right one: print what came out and what to try next.

    `task`: what to write, with the names and shapes of the arguments. `right`: the right
    answer, a function or a number or array. `hint`: the next step if no mistake fits.
    `cases`: the tuples of arguments to call a function with. `praise`: what the ✓ says.
    `mistakes`: the first one that agrees with a wrong answer in every case explains it.
    `stub`: what the stub gives, if that is not None.
    `forbids`, `instead`: names and operators that the task rules out, and what to use.
    `unless`: names of the reader's own functions in which they are allowed.
    `watch`: judges each NumPy step, see `watching`.
    `rtol`, `atol`: how closely numbers must agree. `dtype`: True if it must be the input's.

    >>> check = Exercise(
    ...     task="The slope of the sigmoid at 0.",
    ...     right=0.25,
    ...     hint="put a = 1/2 into a(1 - a).",
    ...     mistakes=(Mistake(1.0, "That is tanh's slope.", "put a = 1/2 into a(1 - a)."),),
    ... )
    >>> verdict = check(None)
    ○ Not tried yet: replace None by your answer, then run the cell.
    >>> verdict = check(1.0)
    ✗ You have 1, which is not right.
      That is tanh's slope.
      Next: put a = 1/2 into a(1 - a).
    >>> bool(check(0.25))
    ✓ Right.
    True
    >>> check
    Exercise: The slope of the sigmoid at 0.
    """

    task: str
    right: Any
    hint: str
    cases: tuple[tuple, ...] = ()
    praise: str = "Right."
    mistakes: tuple[Mistake, ...] = ()
    stub: Any = None
    forbids: tuple[str, ...] = ()
    instead: str = ""
    unless: tuple[str, ...] = ()
    watch: Callable | None = None
    rtol: float = 1e-6
    atol: float = 1e-9
    dtype: bool = False

    def __post_init__(self):
        # What help(check) shows.
        object.__setattr__(self, "__doc__", self.task)

    def getdoc(self=None):
        """Return what `check?` shows. IPython asks the class as well, which has no say there."""
        return "" if self is None else self.task

    def __repr__(self):
        return f"Exercise: {self.task}"

    def __call__(self, answer) -> Verdict:
        verdict = self.judge(answer)
        shown = verdict.printed.splitlines()
        print(*shown[:PRINTED_LINES], *["..."] * (len(shown) > PRINTED_LINES), verdict, sep="\n")
        return verdict

    def judge(self, answer) -> Verdict:
        """Return the verdict on an answer, and print nothing."""
        if answer is None or answer is ...:
            return _not_tried(f"replace {'None' if answer is None else '...'} by your answer")
        with undisturbed():
            if isinstance(self.right, Callable):
                return self._judge_function(answer)
            return self._judge_value(answer)

    def _judge_value(self, answer):
        if _is_function(answer):
            kind = "function" if hasattr(answer, "__name__") else type(answer).__name__
            what = f"A value is asked for, and this is a {kind}."
            if kind == "function" and _takes_nothing(answer):
                return Verdict("✗", what, "", "call it, with parentheses, and pass the result.")
            return Verdict("✗", what, "", "pass the numbers themselves.")
        problem = compare(answer, self.right, self)
        if not problem:
            return Verdict("✓", self.praise)
        mistake = self._mistake(lambda wrong: not compare(answer, wrong, self))
        return Verdict("✗", *self._explained(problem, mistake, [(answer, self.right)]))

    def _judge_function(self, answer):
        if not _is_function(answer):
            what = f"A function is asked for, and this is {show(answer)}."
            return Verdict("✗", what, "", "pass the function's name alone, without parentheses.")
        if is_untouched(answer):
            return _not_tried("write your answer into the function")
        outcomes = []
        for case in self.cases:
            outcomes.append(call(answer, case, self.watch and watching(self.watch)))
            if isinstance(outcomes[-1].error, KeyboardInterrupt):
                return self._stopped(outcomes[-1])
        if all(_is_still_to_write(outcome.error) for outcome in outcomes):
            return _not_tried("write your answer in place of the raise")
        if self.stub and self._agree(outcomes, self.stub):
            return _not_tried("it gives what the stub gives. Write your answer")
        found = [
            (self._only_dtype(outcome, right), outcome, right, problem)
            for outcome, right in zip(outcomes, self._rights, strict=True)
            if (problem := self._problem(outcome, right, answer))
        ]
        if found:
            # A wrong dtype is told only if no number is wrong.
            _, outcome, right, problem = min(found, key=lambda trouble: trouble[0])
            mistake = self._other_order(answer) or self._mistake(
                lambda wrong: self._agree(outcomes, wrong)
            )
            pairs = [(o.result, r.result) for o, r in zip(outcomes, self._rights, strict=True)]
            if not mistake and not problem.why and outcome.error is None:
                seen = pattern(pairs, self.rtol, self.atol) or cut(outcome.result, right.result)
                problem = Problem(problem.what, *seen) if seen else problem
            problem = self._explained(problem, mistake, pairs)
            return Verdict("✗", *problem, outcome.printed)
        ruled_out = self._ruled_out(answer, outcomes)
        if ruled_out:
            return Verdict("✗", ruled_out, "", self.instead, outcomes[0].printed)
        return Verdict("✓", self.praise, printed=outcomes[0].printed)

    def _stopped(self, outcome):
        return Verdict(
            "✗",
            f"Stopped: your function was still running {self._where(outcome.case)}.",
            "A loop that does not come to an end, or one that takes very long, does that.",
            "look at the condition that ends the loop, or print a counter inside it.",
            outcome.printed,
        )

    def _ruled_out(self, answer, outcomes):
        """Return how right numbers were made by what the task rules out, None if they were not."""
        seen = next((note for outcome in outcomes for note in outcome.seen if note), None)
        if seen:
            return f"The numbers are right, but {seen}."
        used = used_by(answer, self.unless) if self.forbids else ()
        for path, names in used:
            for name in names & {*self.forbids}:
                if not name.isidentifier():
                    does = "takes a power" if name == "**" else "compares"
                    return f"The numbers are right, but the code itself {does} ({name})."
                shown = path if path.endswith(name) else f"{path}, that is {name}"
                return (
                    f"The numbers are right, but the code uses {shown}, which the task rules out."
                )
        return None

    def _mistake(self, is_it):
        return next((mistake for mistake in self.mistakes if is_it(mistake.answer)), None)

    def _other_order(self, answer):
        """Return the mistake of a function that has the right arguments in another order."""
        try:
            taken = list(inspect.signature(answer).parameters)
        except (TypeError, ValueError):
            return None
        if taken == self._arguments or sorted(taken) != sorted(self._arguments):
            return None
        return Mistake(
            answer,
            f"The check passes the arguments in the order {', '.join(self._arguments)}, and the "
            f"function takes them as {', '.join(taken)}.",
            f"write its first line as `def {self._call(answer)}:`.",
        )

    def _explained(self, problem, mistake, pairs):
        """Return a problem with the reason and the next step that fit it best.

        `pairs` are the results and the right ones. Where all are near, only digits are missing.
        """
        rtol, atol = self.rtol and max(NEAR, 6 * self.rtol), self.atol and NEAR
        if mistake:
            return Problem(problem.what, mistake.why, mistake.then)
        if problem.why or any(differ(*pair, rtol, atol) for pair in pairs):
            return problem
        why = "That is close, but some digits are wrong."
        then = (
            "look for what is only near on the way: a number cut short, something small that was "
            "added or left out, a finite step or a sample in place of the formula."
        )
        return Problem(problem.what, why, then)

    def _problem(self, outcome, right, answer):
        """Return the Problem of one call, None if it went right."""
        where, name = self._where(outcome.case), _name(answer)
        if outcome.error is not None:
            at = f", in the line `{outcome.line}`" if outcome.line else ""
            what = f"{name} raised {message(outcome.error)}{at}, {where}."
            why, then = explain(outcome, answer, self._call(answer), self._arguments)
            # The usual way out of an error may be what this task rules out.
            if {*re.findall(r"\w+", then)} & {*self.forbids}:
                then = self.instead
            return Problem(what, why, then)
        if outcome.result is None:
            return Problem(
                f"{name} returned None {where}.",
                "A function without `return` gives None.",
                "write `return` before the result: printing it is not enough.",
            )
        if outcome.changed:
            x = self._arguments[outcome.changed[0]]
            return Problem(
                f"{name} changed the array that it was given as {x}, {where}.",
                "The caller may still need it.",
                f"make a new array, as {x} * 2 does, or work on a copy: {x} = {x}.copy().",
            )
        return compare(outcome.result, right.result, self, where)

    def _agree(self, outcomes, wrong):
        """Tell whether an answer is this mistake: it does the same in every case."""
        theirs = [call(wrong, outcome.case) for outcome in outcomes]
        if any(a.changed for a in outcomes):
            return False
        # A dtype tells mistakes apart only where the numbers are right.
        dtype = self.dtype and not any(
            b.error or self._far(b.result, right.result)
            for b, right in zip(theirs, self._rights, strict=True)
        )
        return all(self._same(a, b, dtype) for a, b in zip(outcomes, theirs, strict=True))

    def _same(self, a, b, dtype):
        if a.error or b.error:
            return all((a.error, b.error)) and message(a.error, 999) == message(b.error, 999)
        if a.result is None or self._far(a.result, b.result):
            return False
        return not dtype or as_numbers(a.result)[0].dtype == as_numbers(b.result)[0].dtype

    def _only_dtype(self, outcome, right):
        done = outcome.error is None and outcome.result is not None and not outcome.changed
        return done and not self._far(outcome.result, right.result)

    def _far(self, result, other):
        return differ(result, other, self.rtol, self.atol)

    @cached_property
    def _rights(self):
        return [call(self.right, case) for case in self.cases]

    @cached_property
    def _arguments(self):
        return list(inspect.signature(self.right).parameters)

    def _where(self, case):
        shown = zip(self._arguments, case, strict=False)
        return "for " + ", ".join(f"{name} = {show(x)}{_dtype(x)}" for name, x in shown)

    def _call(self, answer):
        return f"{_name(answer, 'f')}({', '.join(self._arguments)})"


def _not_tried(what):
    return Verdict("○", f"Not tried yet: {what}, then run the cell.")


def _is_function(answer):
    # An array or a tensor is none, even one that can be called.
    return isinstance(answer, Callable) and not hasattr(answer, "__array__")


def _takes_nothing(function):
    try:
        inspect.signature(function).bind()
    except (TypeError, ValueError):
        return False
    return True


def _is_still_to_write(error):
    # PyTorch raises the same for a dtype that a function does not take.
    return type(error) is NotImplementedError and "not implemented for" not in str(error)


def _name(function, otherwise="Your function"):
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else otherwise


def _dtype(x):
    dtype = getattr(x, "dtype", None)
    return f" ({dtype})" if dtype is not None and dtype != np.float64 and dtype.kind == "f" else ""
