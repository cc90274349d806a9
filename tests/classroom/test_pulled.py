"""Sheets pulled with nbgitpuller, run, edited, deleted, corrected, pulled again: nothing is lost.

Real nbgitpuller on repositories on disk, once with the filter set up on the hub and once without.
"""

import json
import sys
from types import SimpleNamespace

import pytest
from course import ROOT
from launch import environment, run
from submissions import EDITION

from teach import sheets
from teach.handed_in import source_of

pytestmark = pytest.mark.slow
AS_INSTRUCTOR = ("git", "-c", "user.name=Instructor", "-c", "user.email=instructor@localhost")
CLEAN = f'[filter "clear-outputs"]\n\tclean = "{sys.executable}" "{ROOT}/teach/clear_outputs.py"\n'
# What the student does to a sheet, and whether the instructor then corrects or deletes it.
SHEETS = {
    "softmax": ("runs", "corrects"),
    "relu_family": ("edits", "corrects"),
    "sigmoid_tanh": ("edits and runs", "corrects"),
    "why_nonlinearity": ("deletes", "corrects"),
    "pytorch": ("nothing", "corrects"),
    "in_practice": ("edits and runs", "deletes"),
}
MINE, CORRECTED = "mine = 'my own work'", "corrected = 'a correction'"


@pytest.fixture(scope="module")
def gitpuller(tmp_path_factory):
    folder = tmp_path_factory.mktemp("puller") / "env"
    return environment(folder, "nbgitpuller==1.3.0") / "gitpuller"


def read(path):
    return json.loads(path.read_text("utf-8"))


def write(path, notebook):
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def add_to(path, code, number):
    """Add a line to the number-th code cell of a notebook."""
    notebook = read(path)
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][number]
    cell["source"] = f"{source_of(cell)}\n\n\n{code}".splitlines(keepends=True)
    write(path, notebook)


def run_all(path):
    """Store what JupyterLab would: the output of each cell here is its own source."""
    notebook = read(path)
    for count, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            text = source_of(cell)
            output = {"name": "stdout", "output_type": "stream", "text": [text]}
            cell |= {"execution_count": count, "outputs": [output]}
    notebook["metadata"]["language_info"] |= {"version": "3.11.7"}
    notebook["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    write(path, notebook)


def strangers(path):
    """Return the outputs that stand below a source that did not make them."""
    code = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    made = [(source_of(cell), o["text"][0]) for cell in code for o in cell["outputs"]]
    return [output for source, output in made if source != output]


def pulled(folder, gitpuller, hub, attributes=True):
    """Go through a term; return what the student has, and the repository's state."""
    work, hosted, home = folder / "class" / "handout", folder / "hosted", folder / "home"
    config = folder / "gitconfig"
    config.write_text(CLEAN if hub else "", "utf-8")
    as_student = {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_SYSTEM": "/dev/null"}

    def publish():
        run("git", "add", "--all", folder=work)
        run(*AS_INSTRUCTOR, "commit", "--quiet", "--message", "A change", folder=work)
        run("git", "push", "--quiet", "origin", "main", folder=work)

    def pull():
        run(gitpuller, hosted, "main", home, **as_student)

    sheets.write_all(folder / "class", EDITION)
    if not attributes:
        (work / ".gitattributes").unlink()
    run("git", "init", "--quiet", "--bare", "--initial-branch=main", hosted)
    run("git", "init", "--quiet", "--initial-branch=main", folder=work)
    run("git", "remote", "add", "origin", hosted, folder=work)
    publish()
    pull()
    for name, (student, instructor) in SHEETS.items():
        mine, theirs = (root / "sheets" / f"{name}_sheet.ipynb" for root in (home, work))
        if "edits" in student:
            add_to(mine, MINE, 1)
        if "runs" in student:
            run_all(mine)
        if student == "deletes":
            mine.unlink()
        if instructor == "corrects":
            add_to(theirs, CORRECTED, 3)
        else:
            theirs.unlink()
    publish()
    pull()
    pull()  # the second time nothing changes
    paths = {name: home / "sheets" / f"{name}_sheet.ipynb" for name in SHEETS}
    return SimpleNamespace(
        paths=paths, text={n: p.read_text("utf-8") for n, p in paths.items() if p.exists()}
    )


@pytest.mark.parametrize("hub", [True, False], ids=["filter on the hub", "no filter"])
def test_nothing_is_lost_and_no_output_stands_under_another_source(tmp_path, gitpuller, hub):
    after = pulled(tmp_path, gitpuller, hub)
    for name, (student, _) in SHEETS.items():
        assert ("my own work" in after.text[name]) == ("edits" in student), name
        assert strangers(after.paths[name]) == [], name
    corrected = {name for name, text in after.text.items() if "a correction" in text}
    # A sheet that the student changed stays whole; without the filter so does one only run.
    assert corrected == {"why_nonlinearity", "pytorch"} | ({"softmax"} if hub else set())


def test_without_our_attributes_an_old_output_comes_to_stand_under_the_correction(
    tmp_path, gitpuller
):
    after = pulled(tmp_path, gitpuller, hub=False, attributes=False)
    assert "a correction" in after.text["softmax"]
    assert strangers(after.paths["softmax"]) != []
