"""The stored comparison with other libraries belongs to the present registry, and is complete."""

import json
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from each import each

from actlib.activations import ACTIVATIONS

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
STORED = sorted(BENCHMARKS.glob("libraries_*.json"))[-1]
PINS = tomllib.loads((BENCHMARKS / "libraries" / "pins.toml").read_text(encoding="utf-8"))
PLACES = [-3.0, -0.7, 0.3, 1.2, 4.0]  # as in benchmarks/libraries/scan.py


@pytest.fixture(scope="module")
def stored():
    return json.loads(STORED.read_text(encoding="utf-8"))


@each("name", [*ACTIVATIONS])
def test_stored_file_knows_each_function_as_it_is(stored, name):
    entry = ACTIVATIONS[name]
    assert name in stored["registry"], f"{STORED.name} was measured before {name} was added"
    told = stored["registry"][name]
    defaults = {key: parameter.default for key, parameter in entry.params.items()}
    assert told["params"] == defaults, f"{STORED.name} was measured with other defaults of {name}"
    z = np.array(PLACES if entry.kind != "gated" else PLACES[:4])
    np.testing.assert_allclose(
        np.ravel(entry.value(z)), told["values"], rtol=1e-5,
        err_msg=f"{STORED.name} was measured with another {name}",
    )  # fmt: skip


def test_stored_file_has_no_function_that_the_registry_lacks(stored):
    assert set(stored["registry"]) <= set(ACTIVATIONS)


def test_every_surprise_has_a_version_and_a_number(stored):
    for surprise in stored["surprises"]:
        assert surprise["version"] == stored["libraries"][surprise["library"]]["version"], surprise
        assert surprise["kind"] in stored["meta"]["kinds"], surprise
        assert surprise["call"] in surprise["text"], surprise
        assert re.search(r"\d", surprise["text"]) or "NaN" in surprise["text"], surprise
        assert isinstance(surprise["number"], float) or surprise["number"] in ("inf", "nan")


def test_every_library_is_measured_or_has_a_reason(stored):
    named = (set(PINS) - {"absent"}) | set(PINS["absent"])
    measured, absent = set(stored["libraries"]), stored["not_measured"]
    assert measured | set(absent) == named
    assert not measured & set(absent)
    for name, reason in absent.items():
        assert len(reason) > 10, f"{name}: {reason}"


def test_measured_versions_are_the_pinned_ones(stored):
    for name, record in stored["libraries"].items():
        pins = PINS[PINS[name].get("environment", name)]
        package = PINS[name].get("package", name)
        wanted = [
            line.rpartition(mark)[2]
            for kind, mark in (("pip", "=="), ("npm", "@"), ("deb", "="))
            for line in pins.get(kind, ())
            if line.rpartition(mark)[0] == package
        ]
        assert wanted and wanted[0] in (record["version"], record["version"].partition("+")[0]), (
            name
        )


def test_at_least_twenty_five_libraries_and_sixty_surprises_are_stored(stored):
    assert len(stored["libraries"]) >= 25
    told = {(s["library"], s["function"], s["kind"]) for s in stored["surprises"]}
    assert len(told) >= 60


def test_samples_are_of_surprises_that_the_file_tells_of(stored):
    told = {(s["library"], s["kind"]) for s in stored["surprises"]}
    for sample in stored["samples"]:
        assert (sample["library"], sample["kind"]) in told
        assert len(sample["z"]) == len(sample["got"]) == len(sample["exact"]) > 1


def test_sources_are_of_the_library_and_version_that_a_surprise_tells_of(stored):
    used = set()
    for surprise in stored["surprises"]:
        if "source" in surprise:
            place = stored["sources"][surprise["source"]]
            used.add(surprise["source"])
            for key in ("library", "version"):
                assert place[key] == surprise[key], surprise
    assert used == set(range(len(stored["sources"])))
    for place in stored["sources"]:
        assert place["line"] > 0 and place["file"] and place["name"] and len(place["why"]) > 10


def test_curves_are_there_for_each_call_that_names_one(stored):
    length = len(stored["meta"]["curve"])
    for record in stored["libraries"].values():
        for call in record["calls"]:
            for key in ("curve", "slope_curve"):
                if key in call:
                    assert len(stored["curves"][call[key]]) == length


def test_stored_files_are_small(stored):
    assert STORED.stat().st_size < 2_000_000
    assert sorted(BENCHMARKS.glob("census_*.json"))[-1].stat().st_size < 300_000


def test_files_name_no_folder_of_a_machine():
    for path in (STORED, sorted(BENCHMARKS.glob("census_*.json"))[-1]):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(?:root|home|tmp|work|usr)/", text), path.name


def test_no_library_that_is_compared_is_imported_by_the_course():
    names = {"tract", "openvino", "cv2", "jax", "keras", "tensorflow", "paddle", "tinygrad"}
    for path in (ROOT / "actlib").rglob("*.py"):
        imported = set(re.findall(r"^\s*(?:import|from) (\w+)", path.read_text("utf-8"), re.M))
        assert not imported & names, path


@pytest.fixture
def environments(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS / "libraries"))
    import environments

    yield environments
    sys.modules.pop("environments")


@pytest.fixture
def sources(environments):
    import sources

    yield sources
    sys.modules.pop("sources")


def test_a_place_is_the_first_line_that_fits_after_its_beginning(environments, sources, tmp_path):
    environment = environments.Environment("torch", environments.pins()[0])
    environment.folder = environment.root = tmp_path
    (tmp_path / "a.py").write_text(
        "return 1\ndef other():\n    return 2\ndef f():\n\n    return 3\n"
    )
    entry = {"file": "a.py", "from": "def f", "line": "return", "name": "f"}
    assert sources.located(entry, environment) == 6
    with pytest.raises(environments.NotMeasured, match=r"f is not in a\.py as expected"):
        sources.located(entry | {"line": "no such line"}, environment)
    with pytest.raises(environments.NotMeasured, match=r"b\.py is not there"):
        sources.located(entry | {"file": "b.py"}, environment)


def test_a_place_explains_only_what_it_names(sources):
    surprise = {"library": "keras-torch", "function": "gelu", "kind": "form", "mode": "value"}
    surprise["call"] = "ops.gelu"
    entry = {"library": "keras*", "function": ["gelu"], "kind": ["form"], "call": "^ops"}
    assert sources.fits(entry, surprise)
    changed = {"library": "torch", "function": ["relu"], "kind": ["nan"], "call": "^nn"}
    for key, other in changed.items():
        assert not sources.fits(entry | {key: other}, surprise), key


def test_a_program_that_is_missing_is_named(environments):
    with pytest.raises(environments.NotMeasured, match="compiling: no-such-program is not there"):
        environments.call(["no-such-program"], "compiling")


def test_a_program_that_fails_has_its_last_words_told_without_folders(environments):
    script = f"import sys; sys.exit('error: no network in {environments.CACHE}/x')"
    with pytest.raises(environments.NotMeasured, match=r"^installing: error: no network in …/x$"):
        environments.call([sys.executable, "-c", script], "installing")


def test_another_version_than_the_pinned_one_is_named(environments, monkeypatch):
    table, _ = environments.pins()
    environment = environments.Environment("torch", table)
    monkeypatch.setattr(environment, "version", lambda: "2.12.0+cpu")
    with pytest.raises(environments.NotMeasured, match=r"2\.12\.0\+cpu is there, and 2\.13\.0"):
        environment.checked_version()
    monkeypatch.setattr(environment, "version", lambda: "2.13.0+cpu")
    assert environment.checked_version() == "2.13.0+cpu"
