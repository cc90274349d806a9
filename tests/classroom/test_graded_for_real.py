"""A class of 44 graded by nbgrader, in an environment of its own: each gets the right points."""

import json
import shutil
import sys

import pytest
from course import ROOT
from launch import environment, run
from submissions import EDITION, a_class, blank, right, write

from teach import report, sheets

pytestmark = pytest.mark.slow
pytest.importorskip("torch")


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    pins = ROOT / "teach" / "requirements.txt"
    return environment(tmp_path_factory.mktemp("nbgrader") / "env", "-r", pins) / "python"


def grade(folder, python):
    return run(
        *(python, "-m", "teach.grade", folder, "--python", sys.executable),
        folder=ROOT,
        PYTHONPATH=str(ROOT),
    )


def points(folder):
    """Return {student: names of the checks that gave the point}."""
    lines = (folder / "points.csv").read_text("utf-8").splitlines()[1:]
    return {line.split(",")[0]: {*line.split(",")[4].split()} for line in lines}


def expected(submissions):
    return {s.student: {check for check, got in s.points.items() if got} for s in submissions}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, python):
    folder = tmp_path_factory.mktemp("class")
    sheets.write_all(folder, EDITION)
    submissions = a_class()
    write(submissions, folder / "handed_in")
    return folder, submissions, grade(folder, python)


def test_each_of_a_class_gets_the_right_points(graded):
    folder, submissions, said = graded
    print(said)
    assert len(submissions) >= 40
    assert points(folder) == expected(submissions)


def test_what_ended_its_kernel_is_named_and_what_was_handed_in_is_unchanged(graded):
    folder, submissions, said = graded
    assert said.count("ended the kernel") == 1
    for submission in submissions:
        handed_in = json.loads((folder / "handed_in" / submission.path).read_text("utf-8"))
        assert handed_in == submission.notebook


def test_nbgraders_student_version_is_ours(graded):
    for path in (graded[0] / "release").rglob("*.ipynb"):
        theirs, ours = json.loads(path.read_text("utf-8")), sheets.sheet(path.parent.name, EDITION)
        assert len(theirs["cells"]) == len(ours["cells"])
        for cell, mine in zip(theirs["cells"], ours["cells"], strict=True):
            assert "".join(cell["source"]) == mine["source"]
            mine["metadata"].get("nbgrader", {}).pop("checksum", None)
            cell["metadata"].get("nbgrader", {}).pop("checksum", None)
            kept = cell["metadata"].get("nbgrader", {}).items()
            assert kept >= mine["metadata"].get("nbgrader", {}).items()


def test_the_report_of_a_class_counts_what_nbgrader_counted(graded):
    folder, submissions, _ = graded
    answers, _ = report.read(folder / "autograded")
    solved = {s.student: set() for s in submissions}
    for answer in answers:
        if answer.mark == "✓":
            solved[answer.learner].add(answer.check)
    assert solved == expected(submissions)


def test_a_sheet_that_is_handed_in_again_is_graded_and_the_earlier_kept(tmp_path, python):
    sheets.write_all(tmp_path, EDITION)
    first, other = blank("student01", "relu_family", ""), right("student02", "right")
    write([first, other], tmp_path / "handed_in")
    grade(tmp_path, python)
    assert points(tmp_path) == expected([first, other])
    second = right("student01", "right")
    write([second], tmp_path / "handed_in")
    said = grade(tmp_path, python)
    assert "student01 handed in relu_family again" in said and "1 sheets graded" in said
    assert points(tmp_path) == expected([second, other])
    kept = json.loads((tmp_path / "earlier/student01/relu_family-1.ipynb").read_text("utf-8"))
    assert kept == first.notebook
    shutil.rmtree(tmp_path / "handed_in" / "student02")
    assert "0 sheets graded" in grade(tmp_path, python)
    assert points(tmp_path) == expected([second, other])


def test_a_sheet_that_nbgrader_cannot_read_has_no_points_and_is_not_counted(tmp_path, python):
    sheets.write_all(tmp_path, EDITION)
    fine, broken = blank("student01", "relu_family", ""), blank("student02", "relu_family", "")
    broken.notebook["nbformat"] = 9
    write([fine, broken], tmp_path / "handed_in")
    said = grade(tmp_path, python)
    assert "student02/relu_family_sheet.ipynb could not be graded" in said
    assert "1 sheets graded" in said and points(tmp_path) == expected([fine])
