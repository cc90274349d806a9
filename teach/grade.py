"""Grade what a class handed in, with nbgrader: `python -m teach.grade class --python PYTHON`.

`class` is the folder that `make sheets` wrote, with a folder for each student in `handed_in`. This
runs in nbgrader's environment; the students' code runs in that of PYTHON, which has the course. It
writes `points.csv` and says, a sentence each, what could not be graded and what to do about it.
What was handed in stays as it is; the earlier version of a sheet that is handed in again is
kept in `earlier`.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .handed_in import collect, grade_id, load, source_of

ROOT = Path(__file__).parents[1]
TAKEN_OUT = (
    'raise RuntimeError("This cell ended the kernel, or did not come to an end and could not be '
    'interrupted: it was taken out when the sheet was graded.")'
)


class Course:
    """The folder of a class, as nbgrader knows it."""

    def __init__(self, folder, python):
        self.folder, self.python = folder.resolve(), python
        self.sources = {}
        for path in sorted(self.folder.glob("source/*/*.ipynb")):
            try:
                self.sources[path.parent.name] = load(path)
            except ValueError:
                sys.exit(f"{path} is damaged: run make sheets again, with the class's own edition.")

    def path(self, stage, student, chapter):
        return self.folder / stage / student / chapter / f"{chapter}_sheet.ipynb"

    def nbgrader(self, *arguments):
        """Run a command of nbgrader; return what it wrote. Its log is kept in nbgrader.log."""
        jupyter, here = self.folder / ".jupyter", Path(sys.executable).parent
        kernel = jupyter / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True, exist_ok=True)
        start = [str(self.python), "-m", "teach.kernel", "-f", "{connection_file}"]
        kernel.write_text(json.dumps({"argv": start, "display_name": "Python 3"}), "utf-8")
        environment = os.environ | {
            "PATH": f"{here}{os.pathsep}{os.environ.get('PATH', '')}",
            "JUPYTER_PATH": str(jupyter),
            "PYTHONPATH": str(ROOT),
            "GRADING_LAST": str(self.folder / ".jupyter" / "last"),
            "OMP_NUM_THREADS": "1",
        }
        done = subprocess.run(
            [here / "nbgrader", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with (self.folder / "nbgrader.log").open("a", encoding="utf-8") as log:
            log.write(f"$ nbgrader {' '.join(arguments)}\n{done.stdout}\n")
        return done.stdout

    def take_in(self, sheets):
        """Copy sheets to where nbgrader reads them; return those to grade, and sentences."""
        new, said = [], []
        for sheet in sheets:
            into = self.path("submitted", sheet.student, sheet.chapter)
            text = json.dumps(sheet.notebook)
            original = into.with_suffix(".handed_in")
            if original.exists() and original.read_text("utf-8") == text:
                if not self.path("autograded", sheet.student, sheet.chapter).exists():
                    new.append(sheet)
                continue
            if original.exists():
                kept = self._free(sheet)
                kept.parent.mkdir(parents=True, exist_ok=True)
                original.replace(kept)
                said.append(
                    f"{sheet.student} handed in {sheet.chapter} again: the new one is graded, the "
                    f"earlier is kept in {kept.relative_to(self.folder)}."
                )
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_text(text, "utf-8")
            original.write_text(text, "utf-8")
            # nbgrader passes over what it has graded.
            shutil.rmtree(
                self.path("autograded", sheet.student, sheet.chapter).parent, ignore_errors=True
            )
            new.append(sheet)
        return new, said

    def _free(self, sheet):
        earlier, n = self.folder / "earlier" / sheet.student, 1
        while (path := earlier / f"{sheet.chapter}-{n}.ipynb").exists():
            n += 1
        return path

    def grade(self, chapter, students, workers):
        """Grade the sheets of a chapter; return sentences on those that ended their kernel."""
        said = []
        self.nbgrader("generate_assignment", chapter, "--force", "--create")
        shares = [students[i::workers] for i in range(min(workers, len(students)))]
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda share: self.autograde(chapter, share), shares))
        for student in students:
            # Each time round one answer is taken out, so this ends.
            for _ in range(len(self.sources[chapter]["cells"])):
                if self.path("autograded", student, chapter).exists():
                    break
                # Alone, so that the note on the last cell is this student's.
                (self.folder / ".jupyter" / "last").unlink(missing_ok=True)
                self.autograde(chapter, [student])
                if self.path("autograded", student, chapter).exists():
                    break
                said.append(self.take_out(student, chapter))
                if "nbgrader.log" in said[-1]:
                    break
        return said

    def autograde(self, chapter, students):
        """Let nbgrader grade these students: it takes one, or all but some."""
        others = {path.parent.name for path in self.folder.glob(f"submitted/*/{chapter}")}
        but = ",".join(sorted(others.difference(students)))
        self.nbgrader("autograde", chapter, f"--CourseDirectory.student_id_exclude={but}")

    def take_out(self, student, chapter):
        """Take the answer that ended the kernel out of the copy that is graded; say which."""
        path, note = self.path("submitted", student, chapter), self.folder / ".jupyter" / "last"
        notebook = load(path)
        running = note.read_text("utf-8") if note.exists() else ""
        check = next(
            (name for name, kind in filter(None, map(grade_id, self.sources[chapter]["cells"]))
             if kind == "check" and f'grading.points("{name}"' in running), None,
        )  # fmt: skip
        for cell in notebook["cells"]:
            found = grade_id(cell)
            is_answer = found == (check, "answer") if check else source_of(cell) == running
            if is_answer and cell["cell_type"] == "code" and source_of(cell) != TAKEN_OUT:
                cell["source"] = TAKEN_OUT
                path.write_text(json.dumps(notebook), "utf-8")
                what = check or (found[0] if found else "a cell of the student's own")
                return (
                    f"{student}/{path.name}: {what} ended the kernel, or could not be interrupted. "
                    "It was graded without that answer; what was handed in is unchanged."
                )
        return f"{student}/{path.name} could not be graded: see the end of nbgrader.log."

    def points(self):
        """Return {(student, chapter): {check: points}} from nbgrader's gradebook."""
        from nbgrader.api import Gradebook

        found = {}
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as book:
            for chapter in self.sources:
                if chapter not in {assignment.name for assignment in book.assignments}:
                    continue
                for submission in book.assignment_submissions(chapter):
                    # What could not be graded has no points: 0 would say that it was wrong.
                    if not self.path("autograded", submission.student.id, chapter).exists():
                        continue
                    grades = [
                        grade for notebook in submission.notebooks for grade in notebook.grades
                    ]
                    found[submission.student.id, chapter] = {g.name: g.score for g in grades}
        return found


def write_points(found, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["student", "sheet", "points", "of", "solved"])
        for (student, chapter), points in sorted(found.items()):
            solved = " ".join(name for name, got in points.items() if got)
            rows.writerow([student, chapter, f"{sum(points.values()):g}", len(points), solved])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    # Not resolved: the Python of an environment is a link, by which it is known.
    course = Course(given.folder, Path(os.path.abspath(given.python)))
    if not course.sources:
        sys.exit(f"{given.folder} has no sheets: run make sheets first.")
    handed_in = course.folder / "handed_in"
    start = time.monotonic()
    sheets, said = collect(handed_in, course.sources)
    if not sheets and not said:
        sys.exit(f"{handed_in} holds no notebooks: put those of each student into a folder there.")
    new, more = course.take_in(sheets)
    said += more
    for chapter in course.sources:
        students = [sheet.student for sheet in new if sheet.chapter == chapter]
        if students:
            print(f"Grading {len(students)} of {chapter}", flush=True)
            said += course.grade(chapter, students, given.workers)
    write_points(course.points(), course.folder / "points.csv")
    for sentence in said:
        print(f"- {sentence}")
    graded = [s for s in new if course.path("autograded", s.student, s.chapter).exists()]
    print(
        f"{len(graded)} sheets graded in {time.monotonic() - start:.0f} s, "
        f"{len(sheets) - len(new)} were graded already: {given.folder / 'points.csv'}. "
        "make report shows what was misunderstood."
    )


if __name__ == "__main__":
    main()
