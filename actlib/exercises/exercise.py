"""An exercise's check: it runs an answer, compares it, and says what to try next.

An `Exercise` states the task, the right answer, the cases to try it on and the likeliest
mistakes, each with the reason and the next step. The tests run every exercise against its
own mistakes and see that its cases tell each from the others.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .comparing import NotNumbers, as_numbers, far_from, show, show_apart
from .explaining import explain, message
from .reading import is_untouched, used_by
from .running import call, undisturbed
from .watching import watching

NAN = "nan comes of inf / inf, inf - inf, 0 * inf, 0 / 0, or a log or root of a negative number."
NEAR = 2e-3  # so close, relative to 1, lie numbers that were rounded
PRINTED_LINES = 12


class Verdict(int):
    """1 for a right answer, 0 for any other, with the words that were printed for it.

    It counts and decides like a bool. A notebook shows nothing for it, as the check has
    printed it already.
    """

    def __new__(cls, mark, what, why="", then="", printed=""):
        verdict = super().__new__(cls, mark == "✓")
        verdict.mark, verdict.what, verdict.why, verdict.then = mark, what, why, then
        verdict.printed = printed  # by the answer
        return verdict

    def __repr__(self):
        lines = [f"{self.mark} {self.what}", *filter(None, [self.why])]
        if self.then:
            lines.append(f"Next: {self.then}")
        return "\n  ".join(lines)

    def _ipython_display_(self):
        pass


@dataclass(frozen=True)
class Mistake:
    """A likely wrong answer (a function, or a value), why it is wrong, and what to try next.

    `why` must be true of every answer that gives the same numbers, however it is written.
    """

    answer: Any
    why: str
    then: str

    @property
    def says(self):
        return f"{self.why} Next: {self.then}"


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
        # What `check?` shows.
        object.__setattr__(self, "__doc__", self.task)

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
            what = f"Not tried yet: replace {'None' if answer is None else '...'} by your answer"
            return Verdict("○", f"{what}, then run the cell.")
        with undisturbed():
            if isinstance(self.right, Callable):
                return self._judge_function(answer)
            return self._judge_value(answer)

    def _judge_value(self, answer):
        if isinstance(answer, Callable) and not hasattr(answer, "__array__"):
            if not hasattr(answer, "__name__"):
                return Verdict("✗", f"A value is asked for, and this is a {type(answer).__name__}.",
                               then="pass the numbers themselves.")  # fmt: skip
            return Verdict("✗", "A value is asked for, and this is a function.",
                           then="call it, with parentheses, and pass what it returns.")  # fmt: skip
        problem = self._compare(answer, self.right)
        if not problem:
            return Verdict("✓", self.praise)
        mistake = self._mistake(lambda wrong: not self._compare(answer, wrong))
        return _refusal(problem, mistake, self._near([(answer, self.right)]))

    def _judge_function(self, answer):
        if not isinstance(answer, Callable) or hasattr(answer, "__array__"):
            return Verdict("✗", f"A function is asked for, and this is {show(answer)}.",
                           then="pass the function's name alone, without parentheses.")  # fmt: skip
        if is_untouched(answer):
            return Verdict("○", "Not tried yet: write your answer into the function, "
                           "then run the cell.")  # fmt: skip
        outcomes = []
        for case in self.cases:
            outcomes.append(call(answer, case, watching(self.watch) if self.watch else None))
            if isinstance(outcomes[-1].error, KeyboardInterrupt):
                return self._stopped(outcomes[-1])
        if all(type(outcome.error) is NotImplementedError and "not implemented for" not in
               str(outcome.error) for outcome in outcomes):  # fmt: skip
            return Verdict("○", "Not tried yet: write your answer in place of the raise, "
                           "then run the cell.")  # fmt: skip
        if self.stub and self._agree(outcomes, self.stub):
            return Verdict("○", "Not tried yet: it gives what the stub gives. Write your answer, "
                           "then run the cell.")  # fmt: skip
        for outcome, right in zip(outcomes, self._rights, strict=True):
            problem = self._problem(outcome, right, answer)
            if problem:
                mistake = self._other_order(answer) or self._mistake(
                    lambda wrong: self._agree(outcomes, wrong)
                )
                close = self._near(
                    [(o.result, r.result) for o, r in zip(outcomes, self._rights, strict=True)]
                )
                return _refusal(problem, mistake, close, outcome.printed)
        ruled_out = self._ruled_out(answer, outcomes)
        if ruled_out:
            return Verdict("✗", ruled_out, then=self.instead, printed=outcomes[0].printed)
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
        used = used_by(answer, self.unless) if self.forbids else ()
        for path, names in used:
            for name in names & {*self.forbids}:
                if not name.isidentifier():
                    return f"The numbers are right, but the code itself compares ({name})."
                shown = path if path.endswith(name) else f"{path}, that is {name}"
                return (
                    f"The numbers are right, but the code uses {shown}, which the task rules out."
                )
        seen = next((note for outcome in outcomes for note in outcome.seen if note), None)
        return f"The numbers are right, but {seen}." if seen else None

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

    def _near(self, pairs):
        """Tell whether results are all but right, so that only digits can be missing."""
        rtol, atol = self.rtol and max(NEAR, 10 * self.rtol), self.atol and NEAR
        return not any(_differ(*pair, rtol, atol) for pair in pairs)

    def _problem(self, outcome, right, answer):
        """Return (what, why, then) for a call that went wrong, None for one that is right."""
        where, name = self._where(outcome.case), _name(answer)
        if outcome.error is not None:
            at = f", in the line `{outcome.line}`" if outcome.line else ""
            what = f"{name} raised {message(outcome.error)}{at}, {where}."
            return what, *explain(outcome, answer, self._call(answer), len(outcome.case))
        if outcome.result is None:
            return (
                f"{name} returned None {where}.",
                "A function without `return` gives None.",
                "write `return` before the result: printing it is not enough.",
            )
        if outcome.changed:
            return (
                f"{name} changed the array that it was given, {where}.",
                "The caller may still need it.",
                "make a new array, as z * 2 does, or work on a copy: z = z.copy().",
            )
        return self._compare(outcome.result, right.result, where)

    def _compare(self, result, right, where=""):
        """Compare one result with the right one; `where` names the call it came from, if any."""
        at = f", {where}" if where else ""
        right, _ = as_numbers(right)
        try:
            got, eps = as_numbers(result)
        except NotNumbers as problem:
            return f"Got {problem.what}{at}.", "", problem.then
        except Exception:
            what = f"Got something that is not an array of numbers{at}: {show(result)}."
            return what, "", "return numbers, in an array or alone."
        if got.shape != right.shape:
            return self._other_shape(result, got, right, at)
        far = far_from(got, right, eps, self.rtol, self.atol)
        if far.any():
            place = tuple(int(i) for i in np.argwhere(far)[0])
            index = f" at index {list(place)}" if place else ""
            if not where:  # a value would be given away
                got, _ = show_apart(got[place], right[place])
                return f"You have {got}{index}, which is not right.", "", self.hint
            expected, shown = show_apart(right[place], got[place])
            what = f"Expected {expected}{index}, got {shown}{at}."
            if np.isfinite(right[place]) and np.isnan(got[place]):
                return what, NAN, "print each step for this entry, and find the first inf or nan."
            return what, "", self.hint
        if self.dtype and got.dtype != right.dtype:
            return (
                f"The numbers are right, but of dtype {got.dtype} instead of {right.dtype}{at}.",
                "The result should have the dtype of the input.",
                "look for an array or a conversion that fixes the dtype; plain numbers, as in "
                "2 * z, keep it.",
            )
        return None

    def _other_shape(self, result, got, right, at):
        if isinstance(result, tuple) and 1 < len(result) < 4 and got.shape[1:] == right.shape:
            then = "return only the one that is asked for."
            return f"Got a tuple of {len(result)} results{at}, and one is asked for.", "", then
        if not at and right.shape:
            what = f"Expected {right.size} numbers, got an array of shape {got.shape}."
            return what, "", f"put {right.size} numbers into a list or an array."
        if not right.shape:
            what = f"Expected one number, got an array of shape {got.shape}{at}."
            if got.size == 1:
                return what, "", "take the number out of it, as in x[0] or x.item()."
            return what, "", f"reduce it to one number, or pick one. {_capital(self.hint)}"
        what = f"Expected shape {right.shape}, got {got.shape}{at}."
        return what, "", f"print the shape after each step. {_capital(self.hint)}"

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

    def _far(self, result, other):
        return _differ(result, other, self.rtol, self.atol)

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


def _refusal(problem, mistake, close, printed=""):
    """Return the verdict ✗: the problem, with the reason and the next step that fit best."""
    what, why, then = problem
    if mistake:
        why, then = mistake.why, mistake.then
    elif close and not why:
        why = "That is close: digits were lost on the way."
        then = "keep all digits: no rounding in between, no short constants, nothing small added."
    return Verdict("✗", what, why, then, printed)


def _differ(result, other, rtol, atol):
    """Tell whether two results differ as numbers, whatever their dtypes."""
    try:
        (a, eps), (b, other_eps) = as_numbers(result), as_numbers(other)
    except Exception:
        return True
    if a.shape != b.shape:
        return True
    return bool(far_from(a, b, max(eps, other_eps), rtol, atol).any())


def _name(function, otherwise="Your function"):
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else otherwise


def _dtype(x):
    dtype = getattr(x, "dtype", None)
    return f" ({dtype})" if dtype is not None and dtype != np.float64 and dtype.kind == "f" else ""


def _capital(text):
    return text[:1].upper() + text[1:]
