"""A class: the link on the instructors' page pulls the course, and pulls it again without loss.

The student's server is a real JupyterLab with nbgitpuller, opened in a browser through the link,
with a repository on disk in place of GitHub's. A JupyterHub adds only the sign-in.
"""

import re
import sys
from types import SimpleNamespace

import nbformat
import pytest
from course import ROOT
from launch import TOKEN, checkout, environment, run, serving

sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import FIRST_CHAPTER, FORK, HUB, class_link

AS_INSTRUCTOR = ("git", "-c", "user.name=Instructor", "-c", "user.email=instructor@localhost")


def test_instructors_page_shows_the_link_to_fill_in():
    page = (ROOT / "instructors.md").read_text("utf-8")
    assert re.findall(rf"^{HUB}\S+$", page, re.M) == [class_link(FORK, "main")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The instructor's repository: its working folder, and the bare one that students pull."""
    folder = tmp_path_factory.mktemp("class")
    work, hosted = checkout(folder / "work"), folder / "hosted" / "course"
    run("git", "init", "--quiet", "--bare", "--initial-branch=main", hosted)
    run("git", "init", "--quiet", "--initial-branch=main", folder=work)
    run("git", "remote", "add", "origin", hosted, folder=work)
    publish(work)
    return work, hosted


def publish(work):
    run("git", "add", "--all", folder=work)
    run(*AS_INSTRUCTOR, "commit", "--quiet", "--message", "A change", folder=work)
    run("git", "push", "--quiet", "origin", "main", folder=work)


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A student's JupyterLab with nbgitpuller: its folder and its address."""
    folder = tmp_path_factory.mktemp("student")
    pins = ("-c", str(ROOT / "constraints.txt"))
    commands = environment(folder / "env", *pins, "nbgitpuller", "jupyterlab", "ipykernel")
    home = folder / "home"
    home.mkdir()
    with serving(
        *(commands / "python", "-m", "jupyterlab", f"--IdentityProvider.token={TOKEN}"),
        *("--LabApp.news_url=None",),
        folder=home,
        PATH=f"{commands}:/usr/bin:/bin",
    ) as (address, _):
        yield SimpleNamespace(home=home, address=address)


def change(path, old, new):
    """Replace `old`, which occurs once, in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.slow
def test_pulling_again_keeps_the_students_work_and_brings_the_instructors(
    course, student, open_page
):
    work, hosted = course
    link = class_link(hosted.as_uri(), "main")
    assert link.startswith(f"{HUB}/hub/user-redirect/")
    where = link.replace(f"{HUB}/hub/user-redirect/", student.address)

    def pull():
        """Follow the link, and wait for the chapter that it opens."""
        page = open_page(f"{where}&token={TOKEN}", viewport={"width": 1440, "height": 900}).page
        page.wait_for_url("**/lab/**", timeout=120_000)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        return page

    page = pull()
    mine = student.home / "course" / FIRST_CHAPTER
    assert mine.read_bytes() == (work / FIRST_CHAPTER).read_bytes()

    # The student edits the first code cell and saves; the instructor changes another cell and the
    # same line of the same cell, and adds a file.
    cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    cell.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # my own seed comes here")
    page.keyboard.press("Control+s")
    page.get_by_text("Saving completed").wait_for(timeout=20_000)
    page.close()
    assert "my own seed" in mine.read_text("utf-8")
    change(work / FIRST_CHAPTER, "# Why nonlinearity matters", "# WHY nonlinearity matters")
    change(work / FIRST_CHAPTER, "rng = np.random.default_rng(0)", "rng = np.random.default_rng(7)")
    (work / "chapters" / "extra.md").write_text("# Read this for Tuesday\n", "utf-8")
    publish(work)

    page = pull()
    cells = nbformat.read(mine, as_version=4).cells
    assert cells[0].source.startswith("# WHY nonlinearity matters")
    code = next(cell for cell in cells if cell.cell_type == "code")
    assert code.source.endswith("rng = np.random.default_rng(0)  # my own seed comes here")
    assert (mine.parent / "extra.md").exists()
    page.get_by_role("heading", name="WHY nonlinearity matters").wait_for(timeout=20_000)
