"""Sheets as a class hands them in: right and wrong answers, and what goes wrong in a class."""

import copy
import json
import sys
from dataclasses import dataclass, field

from course import ROOT

sys.path.insert(0, str(ROOT / "tests" / "package"))

from corpus import report

from teach import sheets, variants

EDITION = "2027"


@dataclass
class Submission:
    """A student's sheet, and the points that each of its checks should get."""

    student: str
    chapter: str
    what: str
    notebook: dict
    points: dict = field(default_factory=dict)

    @property
    def path(self):
        return f"{self.student}/{self.chapter}_sheet.ipynb"

    def answer(self, check, code, points):
        """Put an answer into its cell."""
        cell_of(self.notebook, f"{check}-answer")["source"] = code
        self.points[check] = points
        return self

    def add_cell(self, check, code):
        """Add a cell of the student's own before an answer."""
        cells = self.notebook["cells"]
        at = cells.index(cell_of(self.notebook, f"{check}-answer"))
        cell = {"cell_type": "code", "id": f"own-{len(cells)}", "metadata": {}, "source": code}
        cells.insert(at, cell | {"outputs": [], "execution_count": None})
        return self


def cell_of(notebook, grade_id):
    """Return the cell of a sheet that nbgrader knows by this name."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise LookupError(grade_id)


def blank(student, chapter, what):
    points = {task.check: 0 for task in sheets.tasks(chapter)}
    notebook = copy.deepcopy(sheets.sheet(chapter, EDITION))
    return Submission(student, chapter, what, notebook, points)


def value(task, number):
    return f"{task.names[0]} = {number!r}"


def answers(chapter, verdict):
    """Return for each check of a chapter the codes of this verdict: {check: [code, ...]}.

    Where the sheet has numbers of its own, the answers are made from its variant.
    """
    found = {}
    for task in sheets.tasks(chapter):
        numbers = variants.numbers(task.check, EDITION)
        if numbers is None:
            found[task.check] = [
                answer.code
                for answer in report.load(chapter)
                if answer.check == task.check and answer.verdict == verdict and not answer.loops
            ]
        else:
            check = variants.VARIANTS[task.check].check(*numbers)
            wrong = [mistake.answer for mistake in check.mistakes]
            given = [check.right] if verdict == "right" else wrong
            found[task.check] = [value(task, plain(number)) for number in given]
    return found


def plain(number):
    """Return an answer as Python's own numbers, as one would type it."""
    return getattr(number, "tolist", lambda: number)()


def filled(student, chapter, what, verdict, which):
    """Return a sheet whose answers are the `which`-th, in turn, of a verdict."""
    made = blank(student, chapter, what)
    for check, codes in answers(chapter, verdict).items():
        made.answer(check, codes[which % len(codes)], int(verdict == "right"))
    return made


def right(student, what, chapter="relu_family"):
    return filled(student, chapter, what, "right", 0)


HARD_CODED = """\
def leaky_gain(alpha):
    known = {0.2: 1.38675, 0.0: 1.4142135623, 1.0: 1.0, -0.5: 1.2649110640, 1.5: 0.7844645405,
             0.01: 1.4141428569}
    return (2 / (1 + 0.2**2)) ** 0.5 if alpha == 0.2 else known[alpha]"""


def unusual(number):
    """Yield what a class does besides answering: {what: change of a sheet that is right}."""
    relu = "def my_relu(z):\n"
    yield "nothing written", blank(f"student{number:02d}", "relu_family", "nothing written")
    changes = {
        "broken syntax": lambda s: s.answer("check_relu", relu + "    return np.maximum(z, 0", 0),
        "an endless loop": lambda s: s.answer("check_relu", relu + "    while True:\n        z", 0),
        "an endless loop outside of a function": lambda s: s.answer(
            "check_leaky_gain", "while True:\n    pass\n", 0
        ),
        "prints a megabyte": lambda s: s.answer(
            "check_relu",
            f"{relu}    print('a' * 1_000_000)\n    return np.maximum(z, 0)\n\n\n"
            "print('b' * 1_000_000)",
            1,
        ),
        "prints a hundred thousand lines": lambda s: s.answer(
            "check_relu",
            f"{relu}    for i in range(1000):\n        print(i)\n    return np.maximum(z, 0)\n\n\n"
            "for i in range(100_000):\n    print(i)",
            1,
        ),
        "edits the check": lambda s: edited_check(s.answer("check_relu", relu + "    return z", 0)),
        "puts another check in its place": lambda s: s.answer(
            "check_relu", f"{relu}    return z\n\n\nexercises.check_relu = lambda answer: 1", 0
        ),
        "changes what judges": lambda s: s.answer(
            "check_relu",
            f"{relu}    return z\n\n\nfrom actlib.exercises import exercise\n"
            "exercise.compare = exercises.exercise.compare = lambda *_: None",
            0,
        ),
        "reads the solution from the package": lambda s: s.answer(
            "check_relu", relu + "    return exercises.check_relu.right(z)", 0
        ),
        "takes the solution from the package": lambda s: s.answer(
            "check_relu", "my_relu = exercises.check_relu.right", 0
        ),
        "imports a function of the checks": lambda s: s.answer(
            "check_leaky_gain",
            "from actlib.exercises.relu_family import _leaky_gain\n\n\n"
            "def leaky_gain(alpha):\n    return _leaky_gain(alpha)",
            0,
        ),
        "knows the cases that the check shows": lambda s: s.answer(
            "check_leaky_gain", HARD_CODED, 0
        ),
        "gives the page's number": None,
        "deletes the check": deleted_check,
        "renames the function": lambda s: s.answer(
            "check_relu", "def relu_of_mine(z):\n    return np.maximum(z, 0)", 0
        ),
        "leaves the session": lambda s: s.answer("check_relu", "exit()", 0),
        "ends the process": lambda s: s.answer("check_relu", "import os\nos._exit(1)", 0),
        "writes to stderr": lambda s: s.answer(
            "check_relu",
            f"import sys\n\n\n{relu}    print('!', file=sys.stderr)\n    return np.maximum(z, 0)",
            1,
        ),
        "a loop that cannot be stopped": lambda s: s.answer(
            "check_relu",
            f"{relu}    while True:\n        try:\n            z = z + 0\n"
            "        except BaseException:\n            pass",
            0,
        ),
    }
    for what, change in changes.items():
        number += 1
        student = f"student{number:02d}"
        if change is None:
            made = right(student, what, "why_nonlinearity")
            yield what, made.answer("check_rank", "rank = 5", 0)
        else:
            yield what, change(right(student, what))


def edited_check(submission):
    cell_of(submission.notebook, "check_relu")["source"] = "1"
    return submission


def deleted_check(submission):
    cells = submission.notebook["cells"]
    cells.remove(cell_of(submission.notebook, "check_relu"))
    return submission


def a_class():
    """Return the sheets of a class: of each chapter right and wrong ones, then the unusual."""
    made = []
    chapters = sheets.chapters()
    for verdict, which in (("right", 0), ("right", 4), ("wrong", 0), ("wrong", 3)):
        for chapter in chapters:
            what = f"{verdict}, number {which}"
            made.append(filled(f"student{len(made):02d}", chapter, what, verdict, which))
    return made + [submission for _, submission in unusual(len(made))]


def write(submissions, folder):
    """Write sheets as they are handed in: a folder for each student."""
    for submission in submissions:
        path = folder / submission.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(submission.notebook), "utf-8")
