"""Colab: each chapter has a copy in a branch that installs actlib first, and runs there.

Colab is emulated by an environment that has what Colab has, in the versions that its makers
published for the runtime of January 2026 (googlecolab/backend-info), but not actlib; the copy
installs it from a zip of this checkout instead of GitHub's zip of the commit. PyTorch and Python
are ours, because an old CPU build and Python 3.12 are not available here. None of this has run
on Colab itself, and it is not known whether the living figures come to life there.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import anywidget
import nbformat
import pytest
import yaml
from course import ROOT
from launch import bare, checkout, environment, only_cpu, run
from nbclient import NotebookClient
from nbval.plugin import coalesce_streams

from actlib import widgets

sys.path.insert(0, str(ROOT / "tools"))

from colab_copies import requirement, whole_links
from pages_address import COLAB_BRANCH, NOT_ALONE, colab_link

CHAPTERS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("chapters/*.ipynb"))
COPIED = [name for name in CHAPTERS if name not in NOT_ALONE]
REPOSITORY, COMMIT = "https://github.com/someone/course", "0123456789abcdef"
GITHUB = {"GITHUB_REPOSITORY": "someone/course", "GITHUB_SHA": COMMIT}
COLAB = [
    *("anywidget==0.9.21", "ipykernel==6.17.1", "ipython==7.34.0", "ipywidgets==7.7.1"),
    *("jupyter_client==7.4.9", "matplotlib==3.10.0", "matplotlib-inline==0.2.1", "numpy==2.0.2"),
    *("pillow==11.3.0", "pyzmq==26.2.1", "scikit-learn==1.6.1", "scipy==1.16.3"),
    *("tornado==6.5.1", "traitlets==5.7.1", "widgetsnbextension==3.6.10"),
]
WIDGET = "application/vnd.jupyter.widget-view+json"


def write_copies(folder, root=ROOT, **environ):
    command = [sys.executable, root / "tools" / "colab_copies.py", folder]
    return subprocess.run(command, env=bare(**environ), capture_output=True, text=True)


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """The folder of copies for a repository on GitHub."""
    folder = tmp_path_factory.mktemp("colab")
    done = write_copies(folder, **GITHUB)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", COPIED)
def test_copy_installs_first_and_is_otherwise_the_chapter(copies, name):
    chapter = nbformat.read(ROOT / name, as_version=4)
    copied = nbformat.read(copies / name, as_version=4)
    nbformat.validate(copied)
    install, *rest = copied.cells
    assert f'--no-deps "actlib @ {REPOSITORY}/archive/{COMMIT}.zip"' in install.source
    assert not any("%pip" in cell.source for cell in chapter.cells)
    page = f"https://someone.github.io/course/{name}"
    for cell, original in zip(rest, chapter.cells, strict=True):
        if cell.cell_type == "markdown":
            original.source = whole_links(original.source, page)
        assert cell == original


def test_every_chapter_that_runs_on_its_own_has_a_copy(copies):
    assert sorted(path.relative_to(copies).as_posix() for path in copies.rglob("*.*")) == COPIED


def test_what_reads_files_of_the_repository_has_no_copy():
    reads = re.compile(r"\bPath\(|\bopen\(|\"\.\./")
    cells = {name: nbformat.read(ROOT / name, as_version=4).cells for name in CHAPTERS}
    code = {
        name: [each.source for each in cells[name] if each.cell_type == "code"] for name in cells
    }
    assert {name for name in code if reads.search("\n".join(code[name]))} == NOT_ALONE


@pytest.mark.parametrize("name", COPIED)
def test_no_link_of_a_copy_leads_to_a_file_beside_it(copies, name):
    cells = nbformat.read(copies / name, as_version=4).cells
    links = re.findall(r"\]\(([^)\s]+)\)", "\n".join(cell.source for cell in cells))
    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []


@pytest.mark.parametrize("address", ["", "https://gitlab.com/group/course"])
def test_without_a_repository_on_github_no_copy_is_made(tmp_path, address):
    # A copy that is not a clone, and is not inside one.
    for name in ("_ext", "tools"):
        shutil.copytree(ROOT / name, tmp_path / "course" / name)
    named = {"BOOK_REPOSITORY_URL": address, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    done = write_copies(tmp_path / "none", tmp_path / "course", **named)
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert (address or "unknown") in sentence and "BOOK_REPOSITORY_URL" in sentence
    assert not (tmp_path / "none").exists()


def test_publishing_puts_the_copies_into_the_branch_as_one_commit(copies, tmp_path):
    """The workflow's own script, with a repository on disk in place of GitHub's."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    script = workflow["jobs"]["colab"]["steps"][-1]["run"]
    # GitHub's own command-line tool, which signs git in.
    (tmp_path / "gh").write_text("#!/bin/sh\ntest \"$*\" = 'auth setup-git'\n")
    (tmp_path / "gh").chmod(0o755)
    hosted = tmp_path / "someone" / "course"
    run("git", "init", "--quiet", "--bare", hosted)
    for number in (1, 2):
        folder = shutil.copytree(copies, tmp_path / f"copies-{number}")
        (folder / "number.txt").write_text(f"publication {number}\n")
        path = f"{tmp_path}:{os.environ['PATH']}"
        where = {"GITHUB_SERVER_URL": str(tmp_path), "GITHUB_ACTOR": "someone", "PATH": path}
        run("bash", "-e", "-c", script, folder=folder, **GITHUB, **where)
    count = run("git", "-C", hosted, "rev-list", "--count", COLAB_BRANCH)
    assert count.strip() == "1"
    listed = run("git", "-C", hosted, "ls-tree", "-r", "--name-only", COLAB_BRANCH)
    assert listed.splitlines() == [*COPIED, "number.txt"]
    last = run("git", "-C", hosted, "show", f"{COLAB_BRANCH}:number.txt")
    assert last == "publication 2\n"
    assert all(colab_link(REPOSITORY, name).endswith(f"/blob/colab/{name}") for name in COPIED)


def test_a_living_figure_names_colabs_script_in_colab_and_nowhere_else(monkeypatch):
    figure = widgets.BendTheLine()
    assert isinstance(figure._repr_mimebundle_(), dict)
    colab = SimpleNamespace(
        enable_custom_widget_manager=lambda: None,
        _widgets=SimpleNamespace(_installed_url="https://example.org/manager.js"),
    )
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    anywidget._util.enable_custom_widget_manager_once.cache_clear()
    bundle, metadata = figure._repr_mimebundle_()
    anywidget._util.enable_custom_widget_manager_once.cache_clear()
    assert {"text/html", WIDGET} <= {*bundle}
    manager = metadata[WIDGET]["colab"]["custom_widget_manager"]
    assert manager == {"url": "https://example.org/manager.js"}


# ---- Run as Colab would -----------------------------------------------------------------


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Commands of an environment like Colab's, and the folder with its kernel."""
    folder = tmp_path_factory.mktemp("colab") / "env"
    torch = re.search(r"^torch==\S+$", (ROOT / "requirements.txt").read_text("utf-8"), re.M)[0]
    commands = environment(folder)
    only_cpu(run(commands / "pip", "install", "--dry-run", torch))
    run(commands / "pip", "install", "--quiet", torch, *COLAB)
    kernel = folder / "kernels" / "kernels" / "colab"
    kernel.mkdir(parents=True)
    start = [str(commands / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "Colab", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return commands, kernel.parents[1]


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    """The checkout as GitHub packs a commit: one folder in a zip."""
    folder = tmp_path_factory.mktemp("zip")
    checkout(folder / "in" / "course-0123")
    return shutil.make_archive(folder / "course", "zip", folder / "in")


def in_words(output):
    """Return the text of an output; of pictures and widgets, only that they exist."""
    if output.output_type in ("stream", "error"):
        return [output.get(key) for key in ("name", "text", "ename", "evalue")]
    if WIDGET in output.data:
        # With ipywidgets 7, as on Colab, a figure has no HTML, and its text is truncated.
        return [WIDGET]
    return {mime: data if mime.startswith("text/") else "" for mime, data in output.data.items()}


def words_on_colab(stored):
    """Return the same of what Colab makes of a stored output: there a figure has a view."""
    figure = 'class="living-still"' in stored.get("data", {}).get("text/html", "")
    return [WIDGET] if figure else in_words(stored)


@pytest.mark.slow
@pytest.mark.parametrize("name", COPIED)
def test_copy_says_on_colab_what_the_chapter_stored(
    copies, colab, zipped, name, tmp_path, monkeypatch
):
    commands, kernels = colab
    run(commands / "pip", "uninstall", "--quiet", "--yes", "actlib")
    notebook = nbformat.read(copies / name, as_version=4)
    github = requirement(REPOSITORY, COMMIT)
    assert github in notebook.cells[0].source
    here = notebook.cells[0].source.replace(github, f"actlib @ file://{zipped}")
    notebook.cells[0].source = here
    stored = copy.deepcopy(notebook)
    monkeypatch.setenv("JUPYTER_PATH", str(kernels))
    client = NotebookClient(
        notebook,
        kernel_name="colab",
        timeout=120,
        resources={"metadata": {"path": str(tmp_path)}},
        coalesce_streams=True,
        store_widget_state=False,
    )
    client.execute(env=bare())
    for old, new in zip(stored.cells[1:], notebook.cells[1:], strict=True):
        if old.cell_type == "code":
            expected = [words_on_colab(output) for output in coalesce_streams(old.outputs)]
            assert [in_words(output) for output in new.outputs] == expected, old.source
