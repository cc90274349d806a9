"""What the pages offer for download: each chapter as a notebook, and a zip that runs."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest
from course import ROOT
from engines import served
from launch import environment, megabytes, run, until
from notebooks import listed

sys.path.insert(0, str(ROOT / "_ext"))

from course_download import NAME, TOP, pack

NOTEBOOKS = [name for name in listed() if (ROOT / f"{name}.ipynb").exists()]
needs_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is not a git checkout")


@pytest.fixture(scope="module")
def book():
    """The folder that `make serve` shows, if make test has just built it."""
    if os.environ.get("BOOK_HTML") != "_build/html":
        pytest.skip("make test builds the book and names its folder in BOOK_HTML")
    return ROOT / "_build" / "html"


@pytest.fixture
def site(book):
    """The address of the book as `make serve` shows it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, ROOT / "tools" / "serve.py", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/"), "make serve does not answer")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def answers(address):
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_leads_to_its_notebook_on_disk_too(book, name):
    page = book / f"{name}.html"
    (link,) = re.findall(r'href="([^"]*\.ipynb)"[^>]*\bbtn-download', page.read_text("utf-8"), re.S)
    assert (page.parent / link).read_bytes() == (ROOT / f"{name}.ipynb").read_bytes()


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/json"])
def test_the_button_of_a_page_saves_the_notebook(book, open_page, kind):
    with served(book, types={".ipynb": kind}) as site:
        saves_the_notebook(open_page(f"{site}/{NOTEBOOKS[0]}.html").page)


def saves_the_notebook(page):
    page.get_by_label("Download this page").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=".ipynb").click()
    assert download.value.suggested_filename == Path(f"{NOTEBOOKS[0]}.ipynb").name
    assert Path(download.value.path()).read_bytes() == (ROOT / f"{NOTEBOOKS[0]}.ipynb").read_bytes()
    assert len(page.context.pages) == 1


@needs_git
def test_the_landing_page_saves_the_course(site, open_page, tmp_path):
    page = open_page(f"{site}/index.html", accept_downloads=True).page
    with page.expect_download() as download:
        page.get_by_role("link", name="The whole course as a zip").click()
    assert download.value.suggested_filename == NAME
    assert str(TOP / "requirements.txt") in ZipFile(download.value.path()).namelist()


@needs_git
def test_the_zip_has_what_git_lists_as_it_is_on_disk(tmp_path):
    packed = pack(ROOT, tmp_path / NAME)
    course = ZipFile(tmp_path / NAME)
    assert sorted(course.namelist()) == sorted(str(TOP / name) for name in packed)
    assert {"actlib/__init__.py", "chapters/softmax.ipynb", "requirements.txt"} <= {*packed}
    assert not any(name.startswith((".git/", ".venv", "_build")) for name in packed)
    assert course.read(str(TOP / "README.md")) == (ROOT / "README.md").read_bytes()


def test_a_folder_that_git_does_not_know_gives_no_zip(tmp_path, monkeypatch):
    (tmp_path / "README.md").touch()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert pack(tmp_path, tmp_path / NAME) == [] and not (tmp_path / NAME).exists()
    monkeypatch.setenv("PATH", "")
    assert pack(ROOT, tmp_path / NAME) == [] and not (tmp_path / NAME).exists()


@needs_git
@pytest.mark.slow
def test_the_unpacked_zip_runs_after_one_install(tmp_path):
    pack(ROOT, tmp_path / NAME)
    folder = tmp_path / "l'été à deux"
    # Not extractall, which drops the file permissions that readers get when they unpack it.
    shutil.unpack_archive(tmp_path / NAME, folder)
    course = folder / TOP
    commands = environment(course / ".venv")
    empty = megabytes(commands.parent)
    plan = run(commands / "pip", "install", "--dry-run", "-r", "requirements.txt", folder=course)
    if "nvidia" in plan:
        pytest.skip(
            "the reachable package index has no CPU build of PyTorch, and others take several GB"
        )
    run(commands / "pip", "install", "--quiet", "-r", "requirements.txt", folder=course)
    (pytorch,) = commands.parent.glob("lib/*/site-packages/torch")
    whole, alone = megabytes(commands.parent) - empty, megabytes(pytorch)
    print(f"\nMB installed: {whole:.0f}, without PyTorch {whole - alone:.0f}")
    strict = ("--nbval", "--nbval-current-env", "-p", "strict_outputs", "-p", "no:cacheprovider")
    chapters = ("chapters/why_nonlinearity.ipynb", "chapters/pytorch.ipynb")
    said = run(commands / "pytest", "-q", *strict, *chapters, folder=course, PYTHONPATH="tools")
    assert re.search(r"\d+ passed", said) and "failed" not in said
    run(commands / "jupyter", "lab", "--version", folder=course)
