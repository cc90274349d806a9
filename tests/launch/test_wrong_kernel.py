"""A chapter in a Python without the course, or with an old copy: the error and the remedy."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from course import ROOT
from launch import bare, checkout, environment, run

CHAPTER = "chapters/why_nonlinearity.ipynb"
README = (ROOT / "README.md").read_text("utf-8")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return checkout(tmp_path_factory.mktemp("l'été à deux") / "course")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Commands of an environment that someone who makes plots may have."""
    folder = tmp_path_factory.mktemp("other") / "env"
    return environment(folder, "ipython", "numpy", "matplotlib")


@pytest.fixture(scope="module")
def imports():
    cells = nbformat.read(ROOT / CHAPTER, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def said_by(commands, cell, folder, **environ):
    """Return what a cell prints in the chapters' folder, in IPython as in a notebook's kernel."""
    done = subprocess.run(
        [commands / "ipython", "--colors=nocolor", "-c", cell],
        cwd=folder / "chapters",
        env=bare(IPYTHONDIR=f"{folder}.IPYTHON", **environ),
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def test_an_old_copy_of_the_package_is_named_with_its_place(course, imports, tmp_path):
    old = tmp_path / "actlib" / "__init__.py"
    old.parent.mkdir()
    old.touch()
    said = said_by(Path(sys.executable).parent, imports, course, PYTHONPATH=str(tmp_path))
    assert "ImportError: cannot import name " in said and f"from 'actlib' ({old})" in said
    assert "ImportError: cannot import name … from 'actlib' (…)" in README


def test_a_python_without_the_package_gets_it_by_the_readmes_line(other, course, imports):
    (missing,) = re.findall(r"ModuleNotFoundError: (.*)", said_by(other, imports, course))
    assert f"`{missing}`" in README
    remedy = "%pip install .."
    assert f"`{remedy}`" in README
    said_by(other, remedy, course)
    assert "imported" in said_by(other, imports + "\nprint('imported')", course)
    assert "actlib" in run(other / "pip", "list")
