"""The hub for a class: what its values file and the instructors' page say is what was measured."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from course import ROOT

sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tools")]

import hub  # noqa: E402
import hub_values  # noqa: E402

MEASURED = hub.newest()
NEED = hub.sizing(MEASURED)
VALUES = yaml.safe_load(hub_values.VALUES.read_text("utf-8"))
PAGE = (ROOT / "instructors.md").read_text("utf-8")
RUNS = [run for run in MEASURED["runs"] if run["notebook"].endswith("chapter")]
STUDENT = VALUES["singleuser"]


def test_a_student_gets_the_memory_and_cores_that_were_measured():
    memory = {"guarantee": f"{NEED['reserved']}M", "limit": f"{NEED['at most']}M"}
    assert STUDENT["memory"] == memory
    assert STUDENT["cpu"]["guarantee"] == NEED["cores"] <= STUDENT["cpu"]["limit"]
    assert f"limits.memory {NEED['at most']}M" in PAGE


def test_each_class_ran_its_chapter_to_the_end_on_the_hub_as_it_is_set_up():
    newest = {(run["students"], run["notebook"]): run for run in RUNS}
    for key, run in newest.items():
        assert run["finished"] == run["students"], key
    patient = newest[20, "PyTorch chapter"]
    assert patient["servers given up on"] == 0
    timeout = patient["settings"]["Spawner"]["http_timeout"]
    assert VALUES["hub"]["config"]["KubeSpawner"]["http_timeout"] == timeout
    assert f"c.Spawner.http_timeout = {timeout}" in PAGE


def test_the_page_states_what_was_measured():
    alone = {
        run["notebook"]: run["medians"]["all_peak_mb"]
        for run in MEASURED["runs"]
        if run["students"] == 1
    }
    everyone = max(run["machine_mb"]["the hub's processes, peak"] for run in RUNS)
    start, chapter = (max(run["medians"][f"{s}_cpu_s"] for run in RUNS) for s in ("start", "run"))
    slowest = max(each.get("last_output_s", 0) for run in RUNS for each in run["each"])
    (crowd,) = (run for run in MEASURED["runs"] if run["students"] == 40)
    assert crowd["servers given up on"] == 40
    for sentence in (
        f"{hub.SYSTEM * hub.MIB / 1e3 + NEED['hub'] * hub.MIB / 1e3:.1f} GB for system and hub",
        f"{NEED['reserved']} MiB for each student",
        f"one took {round(alone['NumPy chapter'], -1):.0f} MB with *The ReLU family*",
        f"{round(alone['PyTorch chapter'], -1):.0f} MB with *Activations in PyTorch*",
        f"{round(alone['sheet'], -1):.0f} MB with a sheet",
        f"Twenty with PyTorch took {everyone / 1e3:.1f} GB",
        f"Starting takes {start:.0f} s of processor time and a chapter up to {chapter:.0f} s",
        f"on {max(run['servers given up on'] for run in RUNS)} in another; of 40, on all",
        {5: "these 20 waited five minutes"}[round(slowest / 60)],
    ):
        assert sentence in " ".join(PAGE.split()), sentence


def test_the_instructors_page_has_the_table_that_follows():
    rows = re.findall(r"^\| (\d+) \| (\d+) GB, (\d+) cores \| (\d+) nodes? \|$", PAGE, re.M)
    assert [tuple(map(int, row)) for row in rows] == [*hub.table(MEASURED)]


def test_a_computation_that_prints_is_not_culled_and_an_idle_server_is():
    after = MEASURED["culling"]["culled_after_s"]
    assert after["prints, nothing open"] is None
    assert after["idle, nothing open"] < MEASURED["culling"]["watched_s"]
    # Nothing in a chapter is silent for as long as the limit on the hub.
    assert VALUES["cull"]["enabled"] and VALUES["cull"]["timeout"] > 60 * NEED["seconds"]
    assert f"services.cull.timeout {VALUES['cull']['timeout']}" in PAGE


def test_threads_on_the_hub_are_those_that_were_measured():
    measured = hub.settings(ROOT, "", {}, ())["Spawner"]["environment"]["OMP_NUM_THREADS"]
    assert STUDENT["extraEnv"] == {"OMP_NUM_THREADS": measured}


def test_the_filter_that_is_set_up_on_start_clears_outputs(tmp_path):
    command = STUDENT["lifecycleHooks"]["postStart"]["exec"]["command"]
    # The image has the course where the page's command puts it.
    assert re.search(r"--target-repo-dir (\S+)", PAGE)[1] == "/srv/course"
    command = [part.replace("python3 /srv/course", f"{sys.executable} {ROOT}") for part in command]
    environ = os.environ | {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    environ.pop("XDG_CONFIG_HOME", None)

    def run(*words):
        done = subprocess.run(words, cwd=tmp_path, env=environ, check=True, capture_output=True)
        return done.stdout.decode()

    run(*command)
    run("git", "init", "--quiet")
    (tmp_path / ".gitattributes").write_text("*.ipynb filter=clear-outputs\n", "utf-8")
    cell = {"cell_type": "code", "source": ["1"], "outputs": ["ran"], "execution_count": 1}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}}), "utf-8")
    run("git", "add", "a.ipynb")
    assert json.loads(run("git", "show", ":a.ipynb"))["cells"][0]["outputs"] == []


def test_what_its_owner_must_put_in_is_named_as_such():
    assert STUDENT["image"] == {"name": "YOUR-REGISTRY/course", "tag": "YOUR-TAG"}
    assert VALUES["hub"]["config"]["DummyAuthenticator"]["password"].startswith("YOUR-")


@pytest.fixture
def chart(tmp_path):
    """A chart of the same form as the real one, which knows less."""
    closed = {"type": "object", "additionalProperties": False}
    memory = closed | {"properties": {"guarantee": {"type": "string"}}}
    schema = closed | {"required": ["hub"], "properties": {"hub": {}, "memory": memory}}
    (tmp_path / "values.schema.yaml").write_text(yaml.safe_dump(schema), "utf-8")
    (tmp_path / "values.yaml").write_text("hub: {}\nmemory: {guarantee: 1G}\n", "utf-8")
    return tmp_path


def test_values_are_laid_over_the_charts_own_before_they_are_checked(chart):
    assert hub_values.faults({"memory": {"guarantee": "600M"}}, chart) == []


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"memory": {"guarante": "600M"}}, "memory: .*'guarante' was unexpected"),
        ({"memory": {"guarantee": 600}}, "memory.guarantee: 600 is not of type 'string'"),
        ({"cull": {}}, "top: .*'cull' was unexpected"),
    ],
)
def test_a_fault_names_its_place(chart, values, fault):
    (line,) = hub_values.faults(values, chart)
    assert re.match(fault, line)
