"""The sheets: the chapters' own exercises, without solutions and outputs, with other numbers."""

import json
import re

import numpy as np
import pytest
from submissions import EDITION, answers, cell_of

from teach import clear_outputs, grading, sheets, variants
from teach.handed_in import STAMP, part, source_of

CHAPTERS = sheets.chapters()
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
each_variant = pytest.mark.parametrize("check", variants.VARIANTS)


def text(notebook):
    return "\n".join(source_of(cell) for cell in notebook["cells"])


@each_chapter
def test_a_sheet_has_the_chapters_exercises_and_their_words(chapter):
    sheet, tasks = sheets.sheet(chapter, EDITION), sheets.tasks(chapter)
    page = "\n".join(source_of(cell) for cell in sheets.read(chapter)["cells"])
    assert len(tasks) == len(re.findall(r"^### Exercise \d", page, re.M)) >= 5
    for task in tasks:
        assert task.words in page and task.answer in page and task.argument in page
        if task.check not in variants.VARIANTS:
            assert task.words in text(sheet)
        assert cell_of(sheet, f"{task.check}-answer") and cell_of(sheet, task.check)


@each_chapter
def test_a_sheet_shows_no_solution_no_output_and_nothing_hidden(chapter):
    sheet = sheets.sheet(chapter, EDITION)
    assert "Solution" not in text(sheet) and "HIDDEN" not in text(sheet)
    assert "grading" not in text(sheet)
    assert not any(cell.get("outputs") for cell in sheet["cells"])


@each_chapter
def test_the_graded_sheet_is_the_students_with_hidden_cells(chapter):
    sheet, graded = (sheets.sheet(chapter, EDITION, graded) for graded in (False, True))
    for cell in graded["cells"]:
        cell["source"], hidden = re.subn(
            r"\n### BEGIN HIDDEN TESTS.*### END HIDDEN TESTS", "", cell["source"], flags=re.S
        )
        assert hidden == cell["metadata"].get("nbgrader", {}).get("grade", 0)
    assert graded == sheet


@each_chapter
def test_a_sheet_runs_and_the_right_answers_get_every_point(chapter):
    """In the order of the sheet, with fresh cases, as nbgrader would run it."""
    pytest.importorskip("torch")
    graded, space, points = sheets.sheet(chapter, EDITION, graded=True), {"__name__": "x"}, []
    right = {check: codes[0] for check, codes in answers(chapter, "right").items()}
    for cell in graded["cells"]:
        if cell["cell_type"] == "code":
            name = cell["metadata"]["nbgrader"]["grade_id"].removesuffix("-answer")
            is_answer = cell["metadata"]["nbgrader"]["solution"]
            source = right[name] if is_answer else cell["source"]
            exec(source, space)
            if cell["metadata"]["nbgrader"]["grade"]:
                call = re.search(r"grading\.points\(.*\)$", source, re.M)[0]
                points.append(eval(call, space))
    assert points == [1] * len(sheets.tasks(chapter))


@each_chapter
def test_a_stub_gets_no_point(chapter):
    stubs = part(sheets.sheet(chapter, EDITION), "answer")
    for task in sheets.tasks(chapter):
        if "torch" not in stubs[task.check] + task.argument and "lambda" not in task.argument:
            space = {"np": np}
            exec(stubs[task.check], space)
            arguments = variants.numbers(task.check, EDITION) or ()
            assert grading.points(task.check, eval(task.argument, space), *arguments) == 0


@each_variant
def test_an_edition_has_numbers_of_its_own(check):
    drawn = {variants.numbers(check, f"{year}") for year in range(2026, 2046)}
    assert len(drawn) >= 3
    variant = variants.VARIANTS[check]
    for numbers in drawn:
        made = variant.check(*numbers)
        assert variants.told_apart(made)
        assert made.judge(made.right) and not made.judge(grading.CHECKS[check].right)
        for mistake in made.mistakes:
            assert mistake.why in str(made.judge(mistake.answer))


@each_variant
def test_every_number_of_the_page_is_replaced(check):
    (task,) = (t for c in CHAPTERS for t in sheets.tasks(c) if t.check == check)
    words = variants.VARIANTS[check].words(*variants.numbers(check, EDITION))
    reworded, found = variants.reworded(task.words, words)
    _, more = variants.reworded(task.answer, words)
    assert found | more == words.keys() and reworded != task.words


def test_words_that_are_gone_from_the_chapter_are_named():
    task = next(t for t in sheets.tasks("why_nonlinearity") if t.check == "check_rank")
    changed = type(task)(**{**vars(task), "words": "### Exercise 2: the rank\n\nWhich rank?"})
    with pytest.raises(ValueError, match="check_rank no longer says"):
        sheets._cells_of(changed, variants.numbers("check_rank", EDITION), graded=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    sheets.write_all(folder, EDITION)
    return folder


def test_what_students_get_has_no_solutions_no_outputs_and_no_answer_key(written):
    notebooks = [*(written / "handout").rglob("*.ipynb")]
    assert len(notebooks) >= 2 * len(CHAPTERS)
    for path in notebooks:
        notebook = json.loads(path.read_text("utf-8"))
        assert path.stem != "answer_key" and "## Solutions" not in text(notebook)
        assert not any(cell.get("outputs") for cell in notebook["cells"])


def test_every_link_of_the_handout_leads_to_a_file_in_it(written):
    for path in (written / "handout" / "chapters").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        words = "\n".join(source_of(cell) for cell in cells if cell["cell_type"] == "markdown")
        for link in re.findall(r"\]\((?!https?:|#|<)([^)#]+)", words):
            known = (path.parent / link).exists()
            assert known or link in {"../instructors.md", "answer_key.ipynb"}, (path.name, link)


def test_writing_again_changes_nothing(written):
    before = {path: path.read_bytes() for path in written.rglob("*") if path.is_file()}
    sheets.write_all(written, EDITION)
    assert before == {path: path.read_bytes() for path in written.rglob("*") if path.is_file()}


@pytest.mark.parametrize("handed_in", ["submitted/ada", "handed_in/ada/a.ipynb"])
def test_sheets_of_another_edition_do_not_replace_those_that_were_handed_in(tmp_path, handed_in):
    (tmp_path / handed_in).parent.mkdir(parents=True)
    (tmp_path / handed_in).touch()
    sheets.write_all(tmp_path, "2026")
    with pytest.raises(SystemExit, match=r"edition 2026.*name another folder"):
        sheets.write_all(tmp_path, "2027")
    assert sheets.edition_in(tmp_path) == "2026"


@pytest.mark.parametrize("file", ["class", "class/handout", "class/handed_in"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, file):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("a file, in place of the folder")
    with pytest.raises(SystemExit, match=rf"{file}\b.* cannot be written .*make sheets CLASS="):
        sheets.main([str(tmp_path / "class")])


def test_a_damaged_sheet_is_written_anew(written, tmp_path):
    damaged = tmp_path / "source" / "softmax" / "softmax_sheet.ipynb"
    damaged.parent.mkdir(parents=True)
    damaged.write_text('{"cells": [')
    sheets.write_all(tmp_path, EDITION)
    assert damaged.read_text("utf-8") == (written / damaged.relative_to(tmp_path)).read_text(
        "utf-8"
    )


@each_chapter
def test_a_sheet_that_was_only_run_is_stored_as_it_was_handed_out(chapter):
    before = sheets.as_text(sheets.sheet(chapter, EDITION))
    ran = json.loads(before)
    for count, cell in enumerate(ran["cells"]):
        if cell["cell_type"] == "code":
            output = {"name": "stdout", "output_type": "stream", "text": ["1\n"]}
            cell |= {"execution_count": count, "outputs": [output]}
            cell["metadata"] |= {"scrolled": True, "execution": {"iopub.status.busy": "now"}}
            cell["source"] = source_of(cell)
    ran["metadata"]["language_info"] |= {"version": "3.11.7", "mimetype": "text/x-python"}
    ran["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    assert clear_outputs.clear(json.dumps(ran)) == before
    assert json.loads(before)["metadata"][STAMP] == {"chapter": chapter, "edition": EDITION}


def test_an_edit_is_not_cleared():
    edited = sheets.sheet("softmax", EDITION)
    edited["cells"][-2]["source"] = "temperature = 1"
    assert "temperature = 1" in clear_outputs.clear(json.dumps(edited))
