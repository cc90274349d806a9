"""What a check says, and the mistakes that it knows."""

from dataclasses import dataclass
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """What came out and where, why if that is known, and what to try next."""

    what: str
    why: str
    then: str


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
