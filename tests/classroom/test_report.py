"""The report: counts, the checks' own sentences, and three answers that nobody explained."""

import contextlib
import io
import json
import re

import pytest
from submissions import EDITION, blank, cell_of, right

from actlib import exercises
from teach import report, sheets


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def ran(submission, check="check_relu"):
    """Run one check of a sheet, and store what it printed."""
    space, out = {"exercises": exercises}, io.StringIO()
    exec("import numpy as np", space)
    with contextlib.redirect_stdout(out):
        exec(cell_of(submission.notebook, f"{check}-answer")["source"], space)
        exec(cell_of(submission.notebook, check)["source"], space)
    cell_of(submission.notebook, check)["outputs"] = [stream(out.getvalue())]
    return submission


def answer(student, code):
    return ran(blank(student, "relu_family", "").answer("check_relu", code, 0))


def put(folder, *submissions):
    for submission in submissions:
        path = folder / submission.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(submission.notebook), "utf-8")


RELU = "def my_relu(z):\n    return "
STRANGE = "z * 17 + 3  # <script>alert(1)</script>"


@pytest.fixture
def a_class(tmp_path):
    put(
        tmp_path,
        answer("student01", RELU + "np.maximum(z, 0)"),
        answer("student02", RELU + "np.abs(z)"),
        answer("student03", RELU + "abs(z)"),
        *(answer(f"student{n:02d}", RELU + f"z * 0 + {n}") for n in range(4, 8)),
        answer("student08", RELU + STRANGE),
        answer("student09", RELU + STRANGE),
        answer("student10", RELU + "None"),
    )
    return tmp_path


def test_solved_mistakes_and_unexplained_answers_are_counted(a_class):
    answers, _ = report.read(a_class)
    page = report.page([a for a in answers if a.check == "check_relu"], [])
    assert "1 of 10 solved it, 8 wrong, 1 not tried." in page
    why = "That is |z|: ReLU drops negative inputs, it does not flip them."
    assert re.search(rf"<td>2</td><td>{re.escape(why)}", page)
    assert "6 answers that the check did not explain" in page
    assert page.count("<pre>") == 3 and ", 2 times:" in page


def test_the_exercises_that_fewest_solved_come_first(tmp_path):
    put(tmp_path, answer("student01", RELU + "np.maximum(z, 0)"))
    page = report.page(*report.read(tmp_path))
    first = page[: page.index("<h2>The ReLU family")]
    assert "Least solved" not in first  # five exercises need no list of the five
    put(tmp_path, ran(blank("student01", "softmax", ""), "check_temperature"))
    page = report.page(*report.read(tmp_path))
    first = page[page.index("Least solved") : page.index("<h2>The ReLU family")]
    assert first.count("<li>") == report.LEAST and "ReLU by heart" not in first
    assert {*re.findall(r'href="#(\w+)"', first)} <= {*re.findall(r'h3 id="(\w+)"', page)}


def test_what_was_said_most_often_comes_first_errors_too(tmp_path):
    wrong = [answer(f"student{n}", RELU + "np.abs(z)") for n in range(2)]
    broken = [blank(f"student{n}", "relu_family", "") for n in range(3, 6)]
    for submission in broken:
        error = {"output_type": "error", "ename": "NameError", "evalue": "my_relu"}
        cell_of(submission.notebook, "check_relu")["outputs"] = [error]
    put(tmp_path, *wrong, *broken)
    page = report.page(*report.read(tmp_path))
    assert page.index("<td>3</td><td>The cell stopped") < page.index("<td>2</td><td>That is |z|")


def test_code_is_shown_and_never_run(a_class):
    page = report.page(*report.read(a_class))
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page


def test_a_cell_that_was_not_run_is_named(tmp_path):
    put(tmp_path, right("student01", ""), answer("student02", RELU + "z"))
    _, said = report.read(tmp_path)
    assert said[0].startswith("student01/relu_family_sheet.ipynb holds no outputs")
    assert "check_leaky_relu" in said[1] and "printed no verdict: run all cells" in said[1]


def test_a_check_that_was_run_before_its_answer_is_named(tmp_path):
    late = answer("student01", RELU + "z")
    cell_of(late.notebook, "check_relu-answer")["execution_count"] = 9
    cell_of(late.notebook, "check_relu")["execution_count"] = 3
    put(tmp_path, late)
    assert "check_relu was run before its answer was" in report.read(tmp_path)[1][0]


def test_a_chapter_as_a_learner_downloads_it_is_read_up_to_its_solutions(tmp_path):
    chapter = sheets.read("relu_family")
    (tmp_path / "relu_family (3).ipynb").write_text(json.dumps(chapter), "utf-8")
    answers, said = report.read(tmp_path)
    assert said == [] and [a.check for a in answers] == [
        task.check for task in sheets.tasks("relu_family")
    ]
    # Stored outputs of the stubs; the solutions' ✓ are not the learner's.
    assert {a.mark for a in answers} == {"○"}


def test_strange_files_are_named(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{", "utf-8")
    other = {"cells": [{"cell_type": "code", "source": "1", "outputs": []}], "metadata": {}}
    (tmp_path / "other.ipynb").write_text(json.dumps(other), "utf-8")
    old = answer("student01", RELU + "z")
    cell_of(old.notebook, "check_relu")["metadata"]["nbgrader"]["grade_id"] = "check_old"
    put(tmp_path, old)
    said = "\n".join(report.read(tmp_path)[1])
    assert "broken.ipynb cannot be read" in said
    assert "other.ipynb has no exercise of this course" in said
    assert "calls check_old, which the course does not have" in said


def test_two_files_and_two_editions_are_named(tmp_path):
    first, second = answer("student01", RELU + "z"), answer("student01", RELU + "np.abs(z)")
    put(tmp_path, first, answer("student02", RELU + "z"))
    second.notebook["metadata"]["course_sheet"]["edition"] = "2026"
    path = tmp_path / "student01" / "z.ipynb"
    path.write_text(json.dumps(second.notebook), "utf-8")
    answers, said = report.read(tmp_path)
    assert len([a for a in answers if a.check == "check_relu"]) == 2
    assert any("answers the same exercises as student01/relu_family" in s for s in said)
    assert any("student01/z.ipynb: sheets of edition 2026 among those of 2027" in s for s in said)


def test_the_last_verdict_decides_and_an_error_stands_above_it():
    seen = [stream("✓ Right.\nmine\n✗ Right on the cases.\n  It is |z|.\n  Next: drop it.\n")]
    assert report.verdict(seen) == ("✗", "Right on the cases.", "It is |z|.", "drop it.")
    error = {"output_type": "error", "ename": "NameError", "evalue": "x"}
    assert report.verdict([*seen, error])[:2] == ("error", "NameError: x")


def test_a_folder_without_answers_is_named(tmp_path):
    with pytest.raises(SystemExit, match="holds no notebooks to report on: name a folder"):
        report.main([str(tmp_path)])
    sheets.write_all(tmp_path, EDITION)
    with pytest.raises(SystemExit, match="run make grade first"):
        report.main([str(tmp_path)])


def test_a_reason_with_this_editions_numbers_counts_as_listed():
    assert any("1/T" in why for why in report.listed("check_temperature", EDITION))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone_and_loads_nothing(a_class, open_page, scheme):
    into = a_class / "report.html"
    into.write_text(report.page(*report.read(a_class)), "utf-8")
    watched = open_page(into, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watched.page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_a_page_that_cannot_be_written_is_named(a_class):
    (a_class / "report.html").mkdir()
    with pytest.raises(SystemExit, match=r"report.html cannot be written .*make report CLASS="):
        report.main([str(a_class)])
