"""The launch buttons of the built pages, and the README's links: each opens this repository."""

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from course import ROOT
from launch import bare, checkout
from notebooks import listed

sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import FIRST_CHAPTER, FORK, NOT_ALONE, binder_link, class_link, colab_link

NOTEBOOKS = [name for name in listed() if (ROOT / f"{name}.ipynb").exists()]
REPOSITORY = "https://github.com/someone/course"


def built(folder, **environ):
    """Build the book in a copy of the checkout; return the folder of its pages."""
    copy = checkout(folder / "course")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going"]
    environ = bare(PYTHONPATH=str(copy), GIT_CEILING_DIRECTORIES=str(folder), **environ)
    done = subprocess.run([*command, copy], capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stderr[-2000:]
    return copy / "_build" / "html"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages as GitHub builds them from the branch `main`."""
    where = {"GITHUB_REPOSITORY": "someone/course", "GITHUB_REF_TYPE": "branch"}
    return built(tmp_path_factory.mktemp("pages"), **where, GITHUB_REF_NAME="main")


def links(pages, name):
    """Return where the links of a page lead, as a browser resolves them."""
    text = (pages / f"{name}.html").read_text("utf-8")
    return {html.unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)}


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_buttons_of_a_chapter_open_this_chapter(pages, name):
    path = f"{name}.ipynb"
    found = links(pages, name)
    assert binder_link(REPOSITORY, "main", path) in found
    colab = {link for link in found if "colab.research" in link}
    assert colab == (set() if path in NOT_ALONE else {colab_link(REPOSITORY, path)})
    (download,) = (link for link in found if link.endswith(f"_sources/{path}"))
    served = (pages / f"{name}.html").parent / download
    assert served.read_bytes() == (ROOT / path).read_bytes()


@pytest.mark.slow
def test_instructors_page_names_the_repository(pages):
    page = html.unescape((pages / "instructors.html").read_text("utf-8"))
    text = re.sub(r"<[^>]+>", "", page)
    assert class_link(REPOSITORY, "main") in text
    assert f"git clone {REPOSITORY} " in text
    assert "YOUR-FORK" not in text


@pytest.mark.slow
def test_pages_of_an_unknown_repository_have_no_launch_links(tmp_path):
    pages = built(tmp_path)
    for name in NOTEBOOKS:
        assert not [link for link in links(pages, name) if "mybinder" in link or "colab" in link]
    page = html.unescape((pages / "instructors.html").read_text("utf-8"))
    assert class_link(FORK, "main") in page


@pytest.fixture
def copy(tmp_path):
    """A folder with what `make links` reads, outside any repository."""
    for name in ("_ext", "tools"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    shutil.copy(ROOT / "README.md", tmp_path / "copy")
    return tmp_path / "copy"


def readme_links(copy, **environ):
    """Do what `make links` does; return the README's block and what was printed."""
    command = [sys.executable, copy / "tools" / "readme_links.py"]
    environ = bare(GIT_CEILING_DIRECTORIES=str(copy.parent), **environ)
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    text = (copy / "README.md").read_text("utf-8")
    (block,) = re.findall(r"<!-- make links -->\n(.*)<!-- end of links -->", text, re.S)
    return block, done.stdout + done.stderr


def test_readme_links_to_the_repository_that_the_clone_came_from(copy):
    subprocess.run(["git", "init", "--quiet", "--initial-branch=trunk", copy], check=True)
    remote = ["remote", "add", "origin", "git@github.com:someone/course.git"]
    subprocess.run(["git", "-C", copy, *remote], check=True)
    block, said = readme_links(copy)
    assert re.findall(r"\]\((.*?)\)", block) == [
        binder_link(REPOSITORY, "trunk", FIRST_CHAPTER),
        colab_link(REPOSITORY, FIRST_CHAPTER),
    ]
    assert f"`{class_link(REPOSITORY, 'trunk')}`" in block
    assert REPOSITORY in said
    # The second time, nothing changes.
    assert readme_links(copy) == (block, said)


def test_readme_links_to_no_service_that_cannot_open_the_repository(copy):
    block, _ = readme_links(copy, BOOK_REPOSITORY_URL="https://git.example.org/group/course")
    assert "mybinder" not in block and "colab" not in block
    assert class_link("https://git.example.org/group/course", "main") in block


def test_readme_of_a_copy_from_nowhere_says_where_links_come_from(copy):
    readme_links(copy, BOOK_REPOSITORY_URL=REPOSITORY)
    block, said = readme_links(copy)
    assert "https://" not in block and "published fork" in block
    assert "names no repository" in said


def test_without_git_the_readme_keeps_its_links(copy):
    before, _ = readme_links(copy, BOOK_REPOSITORY_URL=REPOSITORY)
    block, said = readme_links(copy, PATH="")
    assert block == before and "mybinder" in block
    (sentence,) = said.splitlines()
    assert "git, which" in sentence and "BOOK_REPOSITORY_URL" in sentence
