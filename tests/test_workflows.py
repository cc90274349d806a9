"""The GitHub workflows pass their linters. They are linted here, not run."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

GITHUB = Path(__file__).parents[1] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ZIZMOR = Path(sysconfig.get_path("scripts")) / "zizmor"


def run(*command):
    """Run `command` and fail with what it printed unless it ended well."""
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_files_follow_githubs_schema(schema, files):
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files)


def test_workflows_pass_the_security_audit():
    run(ZIZMOR, "--offline", "--pedantic", "--no-progress", "--quiet", GITHUB)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_nothing_to_all_its_jobs(workflow):
    assert "\npermissions: {}\n" in workflow.read_text(encoding="utf-8")
