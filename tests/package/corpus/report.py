"""Run every answer of the corpus through its check, and count what the checks make of them.

`python tests/package/corpus/report.py` prints the table; with a word, the answers that went wrong
too, if the word occurs in chapter, check or name (`all` occurs in each).

An answer is typed into its exercise's cell: the chapter's imports and functions are there, and
the check is called by the line that the chapter has for it. In a chapter's file, an entry of
`[[check_relu]]` has

- `name`: what the learner did,
- `code`: what was typed, a definition or an assignment of the name that the stub defines,
- `verdict`: "right" or "wrong" by the text of the exercise; "open" where the text leaves it
  open: such an answer is run, and its verdict is not counted,
- `shows`: for a wrong answer, words of which one must stand in the message for its reason to
  count as true. The word "numbers" stands for: what came out and what was expected, or where,
- `never`: words that would be a false reason, or untrue praise,
- `step`: false if no next step is expected,
- `why`: a remark, needed for "open",
- `loops`: true if it never ends, so that a timer must interrupt it.

A word is found at the start of a word, in any case: "overflow" is in "It overflows".
"""

import ast
import contextlib
import io
import json
import linecache
import re
import signal
import sys
import tomllib
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
# What a check says of an answer; one that was not tried is not right.
MARKS = {"✓": "right", "✗": "wrong", "○": "wrong"}
ROOT = HERE.parents[2]
CHAPTERS = (
    "why_nonlinearity",
    "sigmoid_tanh",
    "relu_family",
    "softmax",
    "pytorch",
    "in_practice",
)
PATIENCE = 1.5  # seconds until an answer that loops is interrupted

# A next step begins with one of these.
VERBS = """
add apply ask assign avoid begin build calculate call cast change check choose compare compute
convert copy count cut define delete derive differentiate divide draw drop enter exponentiate find
finish fix follow give go hand import increase index insert invert keep leave let look make mask
measure mind move multiply negate pass pick place plot print pull put raise read recall remove
rename reorder repeat replace reshape restart return reverse rewrite round run scale see select send
set shift show solve sort spell split square start state step stop subtract sum swap take test think
trace transpose try turn type undo use wait weight weigh work wrap write
"""
# These are nouns too, and count only where a clause must begin.
NOUNS = "cut index mask order place round scale shift sign square start step sum weight"
# Words that may stand before the verb: "then divide by n", "so keep the sign".
BEFORE = "then so first instead next now please there here just only again"


@dataclass(frozen=True)
class Answer:
    """One entry of the corpus."""

    chapter: str
    check: str
    name: str
    code: str
    verdict: str
    shows: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    step: bool = True
    why: str = ""
    loops: bool = False

    def __str__(self):
        return f"{self.check}, {self.name}"


@dataclass(frozen=True)
class Outcome:
    """What a check made of an answer: its verdict, its message, and the state it left behind."""

    answer: Answer
    verdict: str  # right, wrong, or the name of what was raised at the learner
    message: str
    leaks: str = ""

    @property
    def agrees(self):
        return self.answer.verdict in ("open", self.verdict)

    @property
    def false_words(self):
        """Return the untrue words: in a refusal, or in the praise of an answer that is right."""
        if self.verdict == "right" != self.answer.verdict:
            return []  # accepted wrongly, which is counted as such
        return [word for word in self.answer.never if found(word, self.message)]

    @property
    def reason(self):
        """Return true, false or missing; an answer that was accepted got none."""
        if self.false_words:
            return "false"
        if self.verdict == "right":
            return "missing"
        shows = self.answer.shows
        return "true" if any(found(word, self.message) for word in shows) else "missing"

    @property
    def step(self):
        return self.verdict != "right" and has_step(self.message)


def load(chapter):
    """Return the answers of a chapter, in the order of its file."""
    entries = tomllib.loads((HERE / f"{chapter}.toml").read_text("utf-8"))
    return [
        Answer(
            chapter,
            check,
            **{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()},
        )
        for check, answers in entries.items()
        for entry in answers
    ]


def corpus():
    return [a for c in CHAPTERS if (HERE / f"{c}.toml").exists() for a in load(c)]


@cache
def _code_cells(chapter):
    notebook = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf-8"))
    before, after = [], []
    into = before
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            into.append(source)
        elif source.lstrip().startswith("## Exercises"):
            into = after
        elif into is after and source.startswith("## "):
            break
    return before, after


def _calls(node, check):
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", "") == check
    )


@cache
def _compiled(chapter, check):
    """Return what a chapter defines above the line that calls a check, compiled; and that line."""
    before, after = _code_cells(chapter)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    found = [n for source in before for n in ast.parse(source).body if isinstance(n, kinds)]
    for source in after:
        for node in ast.parse(source).body:
            if _calls(node, check):
                definitions = compile(ast.Module(found, []), "<chapter>", "exec")
                return definitions, ast.Expression(node.value)
            if isinstance(node, kinds):
                found.append(node)
    raise LookupError(f"no line of {chapter}.ipynb calls {check}")


def _room(chapter, check):
    """Return the names an answer finds in its chapter, and the line that calls its check."""
    definitions, call = _compiled(chapter, check)
    namespace = {"__name__": "__main__"}
    exec(definitions, namespace)
    return namespace, call


_numbers = count(1)


def _state():
    state = {"np.seterr": np.geterr(), "np.set_printoptions": np.get_printoptions()}
    torch = sys.modules.get("torch")
    if torch is not None:
        state["torch.set_grad_enabled"] = torch.is_grad_enabled()
        state["torch.set_default_dtype"] = torch.get_default_dtype()
    return state


def _restore(state):
    np.seterr(**state["np.seterr"])
    np.set_printoptions(**state["np.set_printoptions"])
    torch = sys.modules.get("torch")
    if "torch.set_grad_enabled" in state:
        torch.set_grad_enabled(state["torch.set_grad_enabled"])
        torch.set_default_dtype(state["torch.set_default_dtype"])


@contextlib.contextmanager
def _interrupted_after(seconds):
    """Raise KeyboardInterrupt after some time, as the stop button does; None: never.

    Again after as long, should the answer be called once more.
    """
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(answer):
    """Type an answer into its chapter, call its check, and return the Outcome."""
    namespace, call = _room(answer.chapter, answer.check)
    printed = []

    def print_and_remember(*values, sep=" ", **options):
        printed.append((" " if sep is None else sep).join(map(str, values)))
        print(*values, sep=sep, **options)

    namespace["print"] = print_and_remember
    # Under a name of its own in linecache, as a cell is, so that its source can be read.
    filename = f"<answer {next(_numbers)}>"
    linecache.cache[filename] = len(answer.code), None, answer.code.splitlines(True), filename
    out = io.StringIO()
    untouched = _state()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        exec(compile(answer.code, filename, "exec"), namespace)
        before = _state()
        try:
            with _interrupted_after(PATIENCE if answer.loops else None):
                eval(compile(call, "<chapter>", "eval"), namespace)
            raised = ""
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            raised = type(error).__name__
        after = _state()
    _restore(untouched)
    leaks = ", ".join(name for name in before if before[name] != after[name])
    shown = out.getvalue()
    message = _message(shown, printed)
    return Outcome(answer, MARKS.get(message[:1], raised or "no verdict"), message, leaks)


def _message(shown, printed):
    """Return what the check itself said: from its mark on, without the answer's own output."""
    own = {line.strip() for text in printed for line in text.splitlines()}
    lines = [line for line in shown.splitlines() if line.strip() not in own]
    start = next((i for i, line in enumerate(lines) if line.lstrip()[:1] in MARKS), len(lines))
    return " ".join(" ".join(lines[start:]).split())


def _plain(text):
    for old, new in {"−": "-", "’": "'", "‘": "'", "×": "x", "`": "", "*": " "}.items():
        text = text.replace(old, new)
    return " ".join(text.lower().split())


def found(word, message):
    """Tell whether a word, or several, stands in a message; a longer ending is allowed.

    >>> found("overflow", "exp(1000) overflows."), found("if", "They differ.")
    (True, False)
    """
    if word == "numbers":
        return bool(re.search(r"\bexpected\b|\bgot\b|\bshould (be|have)\b", message.lower()))
    if "`" in word:  # a piece of code: as it stands, marks included
        return word in message
    word = _plain(word)
    start = r"(?<!\w)" if word[:1].isalnum() else ""
    return re.search(start + re.escape(word), _plain(message)) is not None


def has_step(message):
    """Tell whether the last sentence says what to do next, or asks a question to try.

    >>> has_step("✗ The maximum is missing: subtract it."), has_step("✗ Got 3. That is 2z.")
    (True, False)
    >>> has_step("✗ Got 3. Then divide by n."), has_step("✗ Got 3. What is f(0)?")
    (True, True)
    """
    message = message.strip().rstrip("\"')`*")
    sentences = re.split(r"(?<=[.!?])[)\"']*\s+(?=[^a-z])", message)
    last = sentences[-1].lstrip("✗○ ")
    if last.endswith("?"):
        return True
    verbs, nouns, before = (set(text.split()) for text in (VERBS, NOUNS, BEFORE))
    for clause in re.split(r"[:;(]\s*| [–—] |\bthen\s+", last):
        for i, part in enumerate(re.split(r",\s+|\band\s+|\bor\s+|\bso\s+", clause)):
            words = re.findall(r"[\w'.]+", part.lower())
            first = next((word for word in words if word not in before), "").rstrip(".")
            if first in verbs and not (i and first in nouns):
                return True
            if words[:2] == ["do", "not"] or words[:1] == ["don't"]:
                return True
    return False


COLUMNS = ("answers", "verdicts", "wrong", "true", "false", "no reason", "step", "raised", "leaks")


def tally(outcomes):
    """Return the counts of a table's row."""
    counted = [o for o in outcomes if o.answer.verdict != "open"]
    wrong = [o for o in counted if o.answer.verdict == "wrong"]
    reasons = Counter(o.reason for o in wrong)
    return {
        "answers": len(counted),
        "verdicts": sum(o.agrees for o in counted),
        "wrong": len(wrong),
        "true": reasons["true"],
        # An untrue word in the praise of a right answer is as false as a reason.
        "false": sum(bool(o.false_words) for o in outcomes),
        "no reason": reasons["missing"],
        "step": sum(o.step for o in wrong if o.answer.step),
        "no step needed": sum(not o.answer.step for o in wrong),
        "raised": sum(o.verdict not in ("right", "wrong") for o in outcomes),
        "leaks": sum(bool(o.leaks) for o in outcomes),
    }


def table(outcomes):
    """Return the report as text: a row for each chapter, and the shares of all."""
    rows = [(c, tally([o for o in outcomes if o.answer.chapter == c])) for c in CHAPTERS]
    rows.append(("all", tally(outcomes)))
    lines = [" ".join([f"{'':<18}", *(f"{name:>9}" for name in COLUMNS)])]
    for name, row in rows:
        lines.append(" ".join([f"{name:<18}", *(f"{row[column]:>9}" for column in COLUMNS)]))
    everything = rows[-1][1]
    shares = {name: f"{share:.1%}" for name, share in shares_of(everything).items()}
    lines.append(", ".join(f"{name} {share}" for name, share in shares.items()))
    return "\n".join(lines)


def shares_of(row):
    """Return the shares of right verdicts, of true reasons, and of refusals with a next step."""
    return {
        "right verdicts": row["verdicts"] / row["answers"],
        "true reasons": row["true"] / row["wrong"],
        "next steps": row["step"] / (row["wrong"] - row["no step needed"]),
    }


def faults(outcome):
    """Return what is wrong with an outcome, as a list of short texts."""
    answer = outcome.answer
    if answer.verdict == "open":
        return []
    told = []
    if not outcome.agrees:
        told.append(f"verdict {outcome.verdict}, should be {answer.verdict}")
    if outcome.false_words:
        told.append(f"false: {outcome.false_words}")
    if answer.verdict == "wrong" and outcome.reason == "missing":
        told.append(f"no word of {list(answer.shows)}")
    if answer.verdict == "wrong" and answer.step and not outcome.step:
        told.append("no next step")
    if outcome.leaks:
        told.append(f"{outcome.leaks} stays set")
    return told


def describe(outcome):
    told = "; ".join(faults(outcome)) or outcome.answer.verdict
    return f"{outcome.answer}: {told}\n    {outcome.message}"


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else None
    results = [run(answer) for answer in corpus()]
    for outcome in results:
        about = f"{outcome.answer.chapter} {outcome.answer} all"
        if wanted and wanted in about and (faults(outcome) or wanted != "all"):
            print(describe(outcome))
    print(table(results))
