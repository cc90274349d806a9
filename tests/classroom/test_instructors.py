"""The instructors' page: its commands are there, and its counts are those of the chapters."""

import json
import re

from course import ROOT

from teach import sheets

PAGE = (ROOT / "instructors.md").read_text("utf-8")


def test_each_make_command_of_the_page_and_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = {*re.findall(r"^([a-z-]+):.*## ", makefile, re.M)}
    for text in (PAGE, (ROOT / "README.md").read_text("utf-8")):
        named = {*re.findall(r"^\s*make ([a-z-]+)|`make ([a-z-]+)", text, re.M)}
        named = {"".join(each) for each in named}
        assert "sheets" in named and named <= targets, named - targets


def test_the_table_counts_exercises_and_questions():
    for chapter in sheets.chapters():
        questions = json.loads((ROOT / f"actlib/questions/{chapter}.json").read_text("utf-8"))
        (row,) = re.findall(rf"^.*\(chapters/{chapter}\.ipynb\) \|.*$", PAGE, re.M)
        assert f"| {len(sheets.tasks(chapter))} | {len(questions)} |" in row, chapter


def test_the_page_says_how_many_answers_can_be_looked_up():
    tasks = [task for chapter in sheets.chapters() for task in sheets.tasks(chapter)]
    numbers = [task for task in tasks if task.check in sheets.VARIANTS]
    assert f"Of the {len(tasks)} exercises {len(tasks) - len(numbers)} ask for a function" in PAGE
    assert f"The other {len(numbers)} ask for a number" in PAGE
