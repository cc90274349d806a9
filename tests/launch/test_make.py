"""What the commands say when something is missing; stored notebooks stay as they are."""

import json
import os
import shutil
import socket
import subprocess
import sys

import pytest
from course import ROOT

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


@pytest.fixture
def checkout(tmp_path):
    """A folder with a name that is easily split or garbled, and the Makefile in it."""
    folder = tmp_path / "l'été à deux"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    return folder


def outside(**more):
    """Return the environment variables without those that `make tests` passes to this test."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))} | more


def make(folder, *arguments, **environment):
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=outside(**environment),
        capture_output=True,
        text=True,
    )


def pretend(folder, lie):
    """Write a command that runs this Python after the statement `lie`."""
    path = folder / "python-that-lies"
    path.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{lie}; exec(sys.argv[2])' \"$@\"\n")
    path.chmod(0o755)
    return f"PYTHON=./{path.name}"


def complaint(result):
    """Return what a failed make said, without make's own last line."""
    assert result.returncode != 0
    *said, last = result.stderr.splitlines()
    assert last.startswith("make: ***")
    return said


@needs_make
def test_make_alone_lists_the_commands(checkout):
    said = make(checkout).stdout
    for target in ("book", "serve", "lab", "notebooks", "outputs", "test"):
        assert f"\n  {target} " in said


@needs_make
def test_a_python_too_old_is_named_in_one_sentence(checkout):
    python = pretend(checkout, "import sys; sys.version_info = (3, 9, 2)")
    (sentence,) = complaint(make(checkout, "book", python))
    assert "3.9.2" in sentence and "3.11" in sentence
    assert not (checkout / ".venv").exists()


def test_the_needed_python_is_the_one_pyproject_asks_for():
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "(3, 11)" in (ROOT / "Makefile").read_text(encoding="utf-8")


@needs_make
@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(checkout, module):
    python = pretend(checkout, f'import sys; sys.modules["{module}"] = None')
    (sentence,) = complaint(make(checkout, "book", python))
    assert "python3-venv" in sentence


@needs_make
def test_no_python_at_all_is_said_in_one_sentence(checkout):
    # pyenv has a command for each Python that any of its projects may use; some do not work.
    for python in ("no-such-python", "false"):
        (sentence,) = complaint(make(checkout, "book", f"PYTHON={python}"))
        assert f"No working {python} was found" in sentence and "3.11" in sentence


@needs_make
def test_an_environment_that_was_half_created_is_created_anew(checkout):
    disk = checkout / "python-on-a-full-disk"
    half = "mkdir -p .venv/bin && touch .venv/bin/python && exit 1"
    disk.write_text(f'#!/bin/sh\ntest "$2" != venv || {{ {half}; }}\n')
    disk.chmod(0o755)
    said = complaint(make(checkout, "book", f"PYTHON=./{disk.name}"))
    assert "check the disk" in said[0] and "run make again" in said[0]
    assert (checkout / ".venv" / "bin").exists()
    assert not (checkout / ".venv" / "bin" / "python").exists()


@needs_make
def test_a_folder_that_cannot_be_written_to_is_named_with_the_remedy(checkout):
    # The superuser can write to every folder, unless it is mounted read-only.
    alone = ["unshare", "--mount", "--map-root-user"]
    script = 'mount --bind "$0" /mnt && mount -o remount,ro,bind /mnt && cd /mnt && make book'
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system does not allow mounting a folder read-only")
    result = subprocess.run(
        [*alone, "sh", "-c", script, checkout], env=outside(), capture_output=True, text=True
    )
    (sentence,) = complaint(result)
    assert "/mnt" in sentence and "copy the course" in sentence
    assert [path.name for path in checkout.iterdir()] == ["Makefile"]


@needs_make
def test_an_actlib_of_another_folder_is_named_before_anything_starts(checkout):
    other = checkout / "another course" / "actlib" / "__init__.py"
    for package in (other, checkout / "actlib" / "__init__.py"):
        package.parent.mkdir(parents=True)
        package.touch()
    shutil.copy(ROOT / "_toc.yml", checkout)
    (checkout / ".venv").symlink_to(sys.prefix)
    found = ("--assume-old=.venv/.book", "--assume-old=.venv/.course")
    for target in ("book", "lab", "notebooks", "outputs"):
        result = make(checkout, target, *found, PYTHONPATH=str(other.parents[1]))
        (sentence,) = complaint(result)
        assert str(other) in sentence and "PYTHONPATH" in sentence and "make clean" in sentence
    assert make(checkout, "ours", *found, PYTHONPATH=str(checkout)).returncode == 0


@needs_make
def test_without_a_network_the_next_try_starts_where_this_one_ended(checkout):
    shutil.copy(ROOT / "pyproject.toml", checkout)
    shutil.copy(ROOT / "constraints.txt", checkout)
    # Nothing answers on this port, and no folder has packages either.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": "/"}
    nowhere |= {"PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    *pips, last = complaint(make(checkout, "book", f"PYTHON={sys.executable}", **nowhere))
    assert "check the network" in last and "run make again" in last and ".venv/pip.log" in last
    # Of all that pip says, only what went wrong, and only once.
    assert pips and all(line.startswith("pip: ") for line in pips)
    assert len({*pips}) == len(pips) <= 3
    assert len((checkout / ".venv" / "pip.log").read_text("utf-8").splitlines()) > 5
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert not (checkout / ".venv" / ".book").exists()


@needs_make
def test_a_notebook_that_is_not_there_is_named(checkout):
    (checkout / ".venv").symlink_to(sys.prefix)
    shutil.copytree(ROOT / "tools", checkout / "tools")
    for target in ("notebooks", "outputs"):
        named = ("--assume-old=.venv/.course", "OURS=true", "NOTEBOOKS=chapters/gone.ipynb")
        (sentence,) = complaint(make(checkout, target, *named))
        assert "no notebook chapters/gone.ipynb" in sentence and "name one" in sentence


@pytest.mark.parametrize("port", ["taken", "many", "99999"])
def test_a_port_that_cannot_be_used_is_named_in_one_sentence(port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1]) if port == "taken" else port
        result = subprocess.run(
            [sys.executable, ROOT / "tools" / "serve.py", port],
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert result.returncode != 0
    (sentence,) = result.stderr.splitlines()
    assert port in sentence and "PORT=" in sentence


def code(source, **more):
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    } | more


def store(path, cells):
    """Store `cells` as a notebook in an old format."""
    notebook = {"cells": cells, "metadata": {"volatile": 1}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run(*paths):
    """Run notebooks; return the first, and what was printed."""
    command = [sys.executable, ROOT / "tools" / "run_notebooks.py", *paths]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return json.loads(paths[0].read_text(encoding="utf-8")), result


def test_a_notebook_that_is_run_twice_stays_the_same(tmp_path):
    path = tmp_path / "été.ipynb"
    cells = [
        code("print(1, flush=True)\nprint(2)"),
        code("print(2)", id="mine", metadata={"tags": ["kept"], "execution": {"iopub": "late"}}),
        code("print(2)", id="mine"),
    ]
    store(path, cells)
    notebook, result = run(path)
    assert result.returncode == 0, result.stderr
    first = path.read_text(encoding="utf-8")
    assert first.endswith("}\n")
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids[1] == "mine" and len(set(ids)) == 3
    assert notebook["cells"][1]["metadata"] == {"tags": ["kept"]}
    (stream,) = notebook["cells"][0]["outputs"]
    assert stream["text"] == ["1\n", "2\n"]
    # The same cells give the same ids on any machine.
    other = tmp_path / "other.ipynb"
    store(other, cells)
    _, result = run(path, other)
    assert "Ran 2 notebooks; 1 of them changed." in result.stdout
    assert path.read_text(encoding="utf-8") == other.read_text(encoding="utf-8") == first


def test_a_cell_that_fails_leaves_the_notebook_as_it_was(tmp_path):
    path = tmp_path / "fails.ipynb"
    store(path, [code("print(1)"), code("1 / 0")])
    notebook, result = run(path)
    assert notebook["metadata"] == {"volatile": 1}
    assert result.returncode != 0
    assert "fails.ipynb failed" in result.stderr.splitlines()[-1]
