"""The GitHub workflows pass their linters, and use commands that exist; none of them is run.

What `.ci/run` installs on a clean machine is tested with commands that only record their calls.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
import yaml
from course import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ZIZMOR = Path(sysconfig.get_path("scripts")) / "zizmor"


def run(*command):
    """Run `command`; unless it succeeds, fail with what it printed."""
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_files_follow_their_schema(capsys, schema, files):
    from check_jsonschema import main as check_jsonschema

    command = ["--builtin-schema", schema, *map(str, files)]
    assert check_jsonschema(command, standalone_mode=False) == 0, capsys.readouterr().out


def test_workflows_pass_the_security_audit():
    run(ZIZMOR, "--offline", "--pedantic", "--no-progress", "--quiet", GITHUB)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_nothing_to_all_its_jobs(workflow):
    assert "\npermissions: {}\n" in workflow.read_text(encoding="utf-8")


def test_the_citation_says_what_the_metadata_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert " AND ".join(citation["license"]) == project["license"]
    book = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert [author["name"].lower() for author in citation["authors"]] == [book["author"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_what_a_workflow_runs_is_in_the_checkout(workflow):
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
    runs = "\n".join(step.get("run", "") for job in jobs for step in job["steps"])
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert {*re.findall(r"^make ([a-z-]+)", runs, re.M)} <= {*targets}
    assert all((ROOT / path).exists() for path in re.findall(r"python3? (\S+\.py)", runs))


def test_the_pythons_tested_weekly_are_those_that_the_metadata_names():
    weekly = yaml.safe_load((GITHUB / "workflows" / "weekly.yml").read_text("utf-8"))
    tested = weekly["jobs"]["platforms"]["strategy"]["matrix"]["python-version"]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert tested == re.findall(r"Python :: (3\.\d+)", project)
    assert f'requires-python = ">={tested[0]}"' in project


@pytest.fixture
def clean_machine(tmp_path):
    """A function that runs .ci/run where only `names` are installed; it returns the calls."""
    course, commands, notes = tmp_path / "l'été à deux", tmp_path / "bin", tmp_path / "notes"
    shutil.copytree(ROOT / ".ci", course / ".ci")
    commands.mkdir()
    for name in ("bash", "dirname", "env", "grep"):
        (commands / name).symlink_to(shutil.which(name))

    def clean_machine(*names):
        for name in ("apt-get", "sudo", *names):
            also = 'exec "$@"' if name == "sudo" else ""
            note = f'echo "{name} $*" >> "{notes}"'
            (commands / name).write_text(f"#!/bin/bash\n{note}\n{also}\n")
            (commands / name).chmod(0o755)
        environ = {**os.environ, "PATH": str(commands)}
        subprocess.run([course / ".ci" / "run"], env=environ, check=True, stdout=subprocess.DEVNULL)
        return [line for line in notes.read_text("utf-8").splitlines() if "sudo" not in line]

    return clean_machine


DEBIAN = sys.platform == "linux" and platform.freedesktop_os_release()["ID"] == "debian"
CHROMIUM = "chromium-headless-shell" if DEBIAN else "chromium"
ENGINES = ("firefox", "WebKitWebDriver", "Xvfb", "npm")


def test_ci_installs_what_is_missing_and_then_tests(clean_machine):
    update, install, last = clean_machine("make", "python3")[-3:]
    assert update.startswith("apt-get update")
    needed = f" git {CHROMIUM} firefox-esr webkit2gtk-driver xvfb npm"
    assert install.endswith(needed) and last == "make test"


def test_ci_installs_nothing_if_everything_is_there(clean_machine):
    calls = clean_machine("git", "make", "python3", "google-chrome", *ENGINES)
    assert not [call for call in calls if "apt" in call] and calls[-1] == "make test"


def test_ci_installs_what_creates_environments(clean_machine):
    _, install, _ = clean_machine("git", "make", CHROMIUM, *ENGINES)
    assert install.endswith(" python3-venv")
