"""Binder: repo2docker understands its files, which install what they should and run a chapter.

The build is emulated without a container engine, in an environment of the same packages:
JupyterLab and the others in the versions that repo2docker froze, from PyPI instead of
conda-forge, and then the command of the Dockerfile. If PyTorch's CPU index cannot be reached, its
line is left out, the only change to our files. None of this has run on Binder itself.
"""

import json
import re
import shlex
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
import yaml
from course import ROOT
from launch import (
    TOKEN,
    checkout,
    differences,
    environment,
    installed,
    megabytes,
    only_cpu,
    run,
    run_in_jupyterlab,
    serving,
)
from notebooks import listed

sys.path.insert(0, str(ROOT / "_ext"))

from pages_address import FIRST_CHAPTER, binder_link

BINDER = ROOT / "binder"
PINS = dict(re.findall(r"^([\w-]+)==(\S+)$", (ROOT / "requirements.txt").read_text("utf-8"), re.M))
RESOLVED = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.M))
# These come with Binder's own JupyterLab, in versions that match each other.
BINDERS_OWN = {"jupyterlab", "ipykernel", "nbclient", "nbformat"}
# 1.5 times what was measured: PyTorch's GPU build alone would be more than twice as much.
MOST_MEGABYTES = 2500


def test_versions_are_only_in_constraints():
    lines = (BINDER / "requirements.txt").read_text("utf-8").splitlines()
    assert not [line for line in lines if "==" in line]
    assert "--constraint ../constraints.txt" in lines
    assert {name: RESOLVED[name] for name in PINS} == PINS


def test_python_is_the_one_that_made_the_outputs():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    steps = workflow["jobs"]["test"]["steps"]
    (version,) = (step["with"]["python-version"] for step in steps if "python" in str(step))
    assert (BINDER / "runtime.txt").read_text("utf-8").strip() == f"python-{version}"


def test_link_opens_the_first_chapter():
    assert f"{listed()[0]}.ipynb" == FIRST_CHAPTER
    link = binder_link("https://github.com/someone/course", "main", FIRST_CHAPTER)
    assert link.endswith(f"?urlpath=lab/tree/{FIRST_CHAPTER}")


@pytest.fixture(scope="module")
def repo2docker(tmp_path_factory):
    """Commands of an environment with repo2docker."""
    folder = tmp_path_factory.mktemp("repo2docker")
    return environment(folder / "env", "jupyter-repo2docker>=2026.4")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The checkout as Binder would have it."""
    return checkout(tmp_path_factory.mktemp("binder") / "home")


@pytest.fixture(scope="module")
def dockerfile(repo2docker, home):
    text = run(repo2docker / "jupyter-repo2docker", "--no-build", home)
    # It escapes dots and dashes of file names as character codes.
    return text.replace("-2e", ".").replace("-2d", "-")


def frozen_by(repo2docker, python):
    """Return what repo2docker puts into every image for `python`, as PyPI requirements."""
    (folder,) = repo2docker.parent.glob("lib/python*/site-packages/repo2docker/buildpacks/conda")
    lock = (folder / f"environment.py-{python}-linux-64.lock").read_text("utf-8")
    versions = dict(re.findall(r"/([\w.-]+?)-(\d[^-/]*)-[^-/]+\.conda", lock))
    wanted = yaml.safe_load((folder / f"environment.py-{python}.yml").read_text("utf-8"))
    names = {re.split("[=*]", name)[0] for name in wanted["dependencies"]} | {
        "ipykernel",
        "ipython",
    }
    names -= {"python", "nodejs", "pip"}
    return [f"{name.removesuffix('-singleuser')}=={versions[name]}" for name in sorted(names)]


@pytest.fixture(scope="module")
def binder(repo2docker, dockerfile, home, tmp_path_factory):
    """Commands of the environment that Binder would build, and its size in MB after each step."""
    (python,) = re.findall(r"environment\.py-([\d.]+)-linux", dockerfile)
    if f"{sys.version_info.major}.{sys.version_info.minor}" != python:
        pytest.skip(f"Binder's environment has Python {python}, and this one has another")
    folder = tmp_path_factory.mktemp("binder") / "env"
    commands = environment(folder, *frozen_by(repo2docker, python))
    sizes = {"Binder's own": megabytes(folder)}
    requirements = home / "binder" / "requirements.txt"
    text = requirements.read_text("utf-8")
    (index,) = re.findall(r"^--extra-index-url (\S+)\n", text, re.M)
    try:
        urllib.request.urlopen(index, timeout=10).close()
    except OSError:
        requirements.write_text(text.replace(f"--extra-index-url {index}\n", ""), "utf-8")
    (install,) = re.findall(
        r"^RUN (\$\{KERNEL_PYTHON_PREFIX\}/bin/pip install .*)$", dockerfile, re.M
    )
    plan = run("sh", "-c", f"{install} --dry-run", folder=home, KERNEL_PYTHON_PREFIX=str(folder))
    only_cpu(plan)
    run(commands / "pip", "install", "--quiet", "-c", "constraints.txt", "-e", ".", folder=home)
    sizes["with the course, without PyTorch"] = megabytes(folder)
    run("sh", "-c", install, folder=home, KERNEL_PYTHON_PREFIX=str(folder))
    sizes["with PyTorch"] = megabytes(folder)
    return commands, sizes


@pytest.mark.slow
def test_repo2docker_builds_from_binders_files(dockerfile):
    python = (BINDER / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    assert f"environment.py-{python}-linux-64.lock" in dockerfile
    (install,) = re.findall(r"^RUN .*/bin/pip install (.*)$", dockerfile, re.M)
    assert install == '--no-cache-dir -r "binder/requirements.txt"'


@pytest.mark.slow
def test_instructors_command_for_a_hubs_image_is_valid_for_repo2docker(repo2docker, home):
    page = (ROOT / "instructors.md").read_text("utf-8")
    (command,) = re.findall(r"^ *jupyter-repo2docker (.*?)\n *```", page, re.M | re.S)
    *options, repository = shlex.split(command.replace("\\\n", ""))
    assert {"--no-run", "--push"} <= {*options} and repository.endswith("YOUR-FORK")
    # Planned but not built: there is no container engine here, and no registry.
    options = [option for option in options if option not in ("--no-run", "--push")]
    text = run(repo2docker / "jupyter-repo2docker", "--no-build", *options, home)
    assert "\nRUN pip install nbgitpuller\n" in text


@pytest.mark.slow
def test_binder_gets_the_pinned_versions_and_nothing_of_the_book(binder):
    commands, sizes = binder
    run(commands / "pip", "check")
    there = installed(commands)
    pinned = {name: pin for name, pin in PINS.items() if name in there and name not in BINDERS_OWN}
    assert {name: there[name].partition("+")[0] for name in pinned} == pinned
    assert {"torch", "numpy", "anywidget", "actlib"} <= {*there}
    assert not {"jupyter-book", "sphinx", "pytest", "nbval", "playwright"} & {*there}
    print("\nMB on disk:", {name: round(size) for name, size in sizes.items()})
    assert sizes["with PyTorch"] < MOST_MEGABYTES


@pytest.mark.slow
def test_a_chapter_runs_on_binders_server_as_it_was_stored(
    binder, repo2docker, dockerfile, home, open_page
):
    commands, _ = binder
    (command,) = re.findall(r"^CMD (.*)$", dockerfile, re.M)
    (entrypoint,) = repo2docker.parent.glob(
        "lib/*/site-packages/repo2docker/**/repo2docker-entrypoint"
    )
    # What BinderHub adds to the command: an address below the hub's, and a token.
    base = "/user/someone-course-2f6a/"
    added = (f"--ServerApp.base_url={base}", f"--IdentityProvider.token={TOKEN}")
    command = [part.replace("0.0.0.0", "127.0.0.1") for part in json.loads(command)]
    # By default a figure is drawn when it comes into view.
    settings = Path(f"{home}.SETTINGS") / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', "utf-8")
    environ = {
        "PATH": f"{commands}:/usr/bin:/bin",
        "JUPYTERLAB_SETTINGS_DIR": f"{home}.SETTINGS",
    }
    with serving(
        commands / "python", entrypoint, *command, *added, folder=home, base=base, **environ
    ) as (address, seconds):
        link = binder_link("https://github.com/someone/course", "main", FIRST_CHAPTER)
        opened = address + link.partition("?urlpath=")[2]
        start = time.monotonic()
        page = open_page(f"{opened}?token={TOKEN}", viewport={"width": 1440, "height": 900}).page
        page.get_by_role("heading", name="Why nonlinearity matters").wait_for(timeout=120_000)
        shown = time.monotonic() - start
        fresh = run_in_jupyterlab(page, home / FIRST_CHAPTER)
        done = time.monotonic() - start
        slider = page.locator(".jp-OutputArea-output .living-live input[type=range]").first
        before = slider.input_value()
        slider.press("ArrowRight")
        assert slider.input_value() != before
    print(f"\nserver up {seconds:.1f} s, chapter shown {shown:.1f} s, all run {done:.1f} s")
    stored = nbformat.read(ROOT / FIRST_CHAPTER, as_version=4)
    assert differences(stored, fresh, Path(f"{home}.outputs") / "cell") == []
