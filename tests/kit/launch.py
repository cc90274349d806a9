"""For the launch tests: a copy of the checkout, fresh environments, and real servers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from course import ROOT
from nbval.plugin import coalesce_streams

sys.path.insert(0, str(ROOT / "tools"))

from strict_outputs import compare_outputs

LEFT_BEHIND = (".git", ".venv*", "class", "_build", "__pycache__", ".*_cache", "*.egg-info")
TOKEN = "local-test"


def checkout(folder):
    """Copy what a clone of this checkout would contain into `folder`, and return it."""
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND)))


def bare(**more):
    """Return the environment variables without those that lead to this checkout's packages."""
    ours = ("PYTHON", "JUPYTER", "VIRTUAL_ENV", "MPLBACKEND", "BOOK_", "GITHUB_", "GIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "OMP_NUM_THREADS": "1"} | more


def run(*command, folder=None, **environ):
    """Run a command, which must succeed, without this checkout's packages; return its output."""
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=bare(**environ), capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
    return done.stdout


def environment(folder, *requirements):
    """Make an environment in `folder` with `requirements`; return its folder of commands."""
    venv.create(folder, with_pip=True, symlinks=True)
    if requirements:
        run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", *requirements)
    return folder / "bin"


def installed(commands):
    """Return {name: version} of what is installed in the environment."""
    lines = run(commands / "python", "-m", "pip", "list", "--format=freeze").splitlines()
    return {name.lower(): version for name, _, version in (line.partition("==") for line in lines)}


def only_cpu(plan):
    """Skip the test if what pip plans to install is PyTorch's GPU build, several GB."""
    if "nvidia" in plan:
        pytest.skip("the reachable package index has no CPU build of PyTorch")


def megabytes(folder):
    """Return the size of a folder on disk, as `du` counts it."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*")) / 1e6


@contextmanager
def serving(*command, base="/", folder, **environ):
    """Start a Jupyter server in `folder` on a free port; yield its address and the time in s."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{kind}_DIR": f"{folder}.{kind}" for kind in ("CONFIG", "DATA", "RUNTIME")}
    start = time.monotonic()
    log = Path(f"{folder}.log")
    with log.open("w") as written:
        server = subprocess.Popen(
            [*map(str, command), f"--port={port}", "--no-browser", "--allow-root"],
            cwd=folder,
            env=bare(**own, **environ),
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while server.poll() is None:
            assert time.monotonic() - start < 120, log.read_text("utf-8")[-3000:]
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{base}api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        assert server.poll() is None, log.read_text("utf-8")[-3000:]
        yield f"http://127.0.0.1:{port}{base}", time.monotonic() - start
    finally:
        # The server and the kernels that it started, as one process group.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def until(is_so, complaint, seconds=30):
    """Wait until `is_so()`; fail with the complaint if it takes too long."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.2)


def choose(page, menu, entry):
    """Choose an entry of JupyterLab's menus, as a person does."""
    page.locator(".lm-MenuBar-item").get_by_text(menu, exact=True).click()
    page.locator(".lm-Menu-item").get_by_text(entry, exact=True).click()


def run_in_jupyterlab(page, path):
    """Clear the open notebook, run all its cells, save it; return it as saved at `path`."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=120_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    choose(page, "Edit", "Clear Outputs of All Cells")
    choose(page, "Run", "Run All Cells")
    for _ in range(120):
        page.wait_for_timeout(2000)
        page.keyboard.press("Control+s")
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
        if all(cell.execution_count for cell in code):
            return notebook
    raise AssertionError(f"{path.name} was not run to its end in four minutes")


def differences(stored, fresh, name):
    """Compare every output of two runs of a notebook, as `make outputs` does."""
    return [
        (stored_cell.source.partition("\n")[0], problem)
        for stored_cell, cell in zip(stored.cells, fresh.cells, strict=True)
        if stored_cell.cell_type == "code"
        for problem in compare_outputs(
            coalesce_streams(stored_cell.outputs), coalesce_streams(cell.outputs), name
        )
    ]
