"""What goes wrong when a class hands in: each is a sentence with the file and what to do."""

import copy
import json

import pytest
from submissions import EDITION, blank, cell_of, right, write

from teach import handed_in, report, sheets
from teach.grade import Course
from teach.handed_in import STAMP, collect

SOURCES = {c: sheets.sheet(c, EDITION, graded=True) for c in ("relu_family", "softmax")}


def taken(folder):
    """Return the students whose sheets are graded, and the sentences; no file is changed."""
    before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    accepted, said = collect(folder, SOURCES)
    assert before == {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    return [sheet.student for sheet in accepted], said


def put(folder, name, notebook):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    path.write_text(text, "utf-8")


def of_last_year():
    return sheets.sheet("relu_family", "2026")


def unstamped(notebook):
    notebook = copy.deepcopy(notebook)
    del notebook["metadata"][STAMP]
    return notebook


OTHER = {"cells": [{"cell_type": "markdown", "source": "# Biology"}], "metadata": {}}


@pytest.mark.parametrize(
    ("notebook", "sentence"),
    [
        (of_last_year(), "is a sheet of edition 2026, and this is 2027: ask"),
        (OTHER, "is no sheet of this course: ask for the right file."),
        (unstamped(of_last_year()), "is a chapter, or a sheet that lost its stamp: ask"),
        (sheets.sheet("pytorch", EDITION), "is a sheet of pytorch, of which there is none here"),
        ('{"cells": [', "cannot be read as a notebook, as if it was cut off: ask"),
        ("[]", "cannot be read as a notebook"),
        ("", "cannot be read as a notebook"),
    ],
)
def test_what_cannot_be_graded_is_named_and_stops_nobody(tmp_path, notebook, sentence):
    write([right("student01", "right")], tmp_path)
    put(tmp_path, "student02/mine.ipynb", notebook)
    students, said = taken(tmp_path)
    assert students == ["student01"]
    assert len(said) == 1 and said[0].startswith(f"student02/mine.ipynb {sentence}")


def changed(change):
    """Return a right sheet of which something is not as notebooks store it."""
    notebook = right("student02", "changed").notebook
    change(notebook, cell_of(notebook, "check_relu"))
    return notebook


MISSHAPEN = {
    "metadata": changed(lambda notebook, _: notebook.update(metadata=None)),
    "cell": changed(lambda notebook, _: notebook["cells"].append(None)),
    "kind": changed(lambda _, cell: cell.pop("cell_type")),
    "source": changed(lambda _, cell: cell.update(source=[1])),
    "cell's metadata": changed(lambda _, cell: cell.update(metadata=[])),
    "nbgrader": changed(lambda _, cell: cell["metadata"].update(nbgrader=None)),
    "count": changed(lambda _, cell: cell.update(execution_count="1")),
    "no outputs": changed(lambda _, cell: cell.update(outputs=None)),
    "an output": changed(lambda _, cell: cell.update(outputs=["✓"])),
    "a text": changed(lambda _, cell: cell.update(outputs=[{"name": "stdout", "text": None}])),
    "brackets": "[" * 100_000,
}


@pytest.mark.parametrize("notebook", MISSHAPEN.values(), ids=MISSHAPEN)
def test_json_that_is_no_notebook_is_named_and_stops_nobody(tmp_path, notebook):
    write([right("student01", "right")], tmp_path)
    put(tmp_path, "student02/mine.ipynb", notebook)
    for students, said in (taken(tmp_path), names_and_sentences(report.read(tmp_path))):
        assert students == ["student01"]
        assert [s for s in said if s.startswith("student02/mine.ipynb cannot be read as a noteb")]


def names_and_sentences(read):
    answers, said = read
    return [*dict.fromkeys(answer.learner for answer in answers)], said


def test_a_stamp_that_names_no_chapter_is_named(tmp_path):
    stamp = {"chapter": ["relu_family"], "edition": EDITION}
    put(tmp_path, "student01/a.ipynb", changed(lambda n, _: n["metadata"].update({STAMP: stamp})))
    students, said = taken(tmp_path)
    assert students == [] and "of which there is none here" in said[0]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    put(tmp_path, "student01/a.ipynb", "\ufeff" + json.dumps(right("student01", "").notebook))
    assert taken(tmp_path) == (["student01"], [])


def test_a_file_of_nobody_is_named(tmp_path):
    put(tmp_path, "sheet.ipynb", SOURCES["softmax"])
    students, said = taken(tmp_path)
    assert students == [] and said == [
        "sheet.ipynb lies outside of any student's folder: put it into one."
    ]


def test_two_files_of_one_student_that_differ_are_both_named_and_neither_is_graded(tmp_path):
    put(tmp_path, "student01/a.ipynb", right("student01", "right").notebook)
    put(tmp_path, "student01/b.ipynb", blank("student01", "relu_family", "").notebook)
    students, said = taken(tmp_path)
    assert students == []
    assert said[0].startswith("student01/a.ipynb and student01/b.ipynb are answers to the same")


def test_the_same_file_twice_is_graded_once(tmp_path):
    for name in ("a", "a (1)"):
        put(tmp_path, f"student01/{name}.ipynb", right("student01", "right").notebook)
    assert taken(tmp_path) == (["student01"], [])


def test_copies_that_jupyter_and_macos_keep_are_passed_over(tmp_path):
    write([right("student01", "right")], tmp_path)
    for copy_of in ("__MACOSX/student01/._a.ipynb", "student01/._a.ipynb"):
        put(tmp_path, copy_of, "\x00\x05\x16\x07")
    put(tmp_path, "student01/.ipynb_checkpoints/a.ipynb", SOURCES["relu_family"])
    assert taken(tmp_path) == (["student01"], [])
    assert not [said for said in report.read(tmp_path)[1] if "cannot be read" in said]


def test_a_sheet_as_it_was_handed_out_is_named(tmp_path):
    write([blank("student01", "relu_family", "")], tmp_path)
    students, said = taken(tmp_path)
    assert students == ["student01"] and "Ask whether it was saved" in said[0]


def test_a_renamed_function_is_named_and_one_defined_elsewhere_is_not(tmp_path):
    renamed = right("student01", "renamed").answer("check_relu", "def relu2(z): return z", 0)
    elsewhere = right("student02", "elsewhere").answer("check_relu", "", 1)
    elsewhere.add_cell("check_relu", "my_relu = lambda z: np.maximum(z, 0)")
    write([renamed, elsewhere], tmp_path)
    students, said = taken(tmp_path)
    assert students == ["student01", "student02"]
    assert len(said) == 1 and said[0].startswith(
        f"{renamed.path} defines no my_relu, so check_relu"
    )


def test_a_renamed_exercise_is_named(tmp_path):
    renamed = right("student01", "renamed")
    cell_of(renamed.notebook, "check_relu")["metadata"]["nbgrader"]["grade_id"] = "check_old"
    write([renamed], tmp_path)
    assert "has check_old, which this sheet does not" in taken(tmp_path)[1][0]


def test_a_damaged_sheet_of_the_class_itself_is_named(tmp_path):
    put(tmp_path, "source/softmax/softmax_sheet.ipynb", "{")
    with pytest.raises(SystemExit, match=r"softmax_sheet.ipynb is damaged: run make sheets again"):
        Course(tmp_path, None)


def test_names_are_found_however_they_get_their_value():
    source = (
        "import numpy as np\nfrom a import b as c\ndef f(): pass\nclass G: pass\nx, (y, *z) = t"
    )
    assert {"np", "c", "f", "G", "x", "y", "z"} <= handed_in.names_in(source)
