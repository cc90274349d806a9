"""Tables of what libraries compute, from a small stored scan."""

import json
import math

import numpy as np
import pytest

from actlib.reference import HEADS, Compared

SHOWN = [-20.0, -1.0, 1.0, 20.0]
EDGES = {"-inf": "-inf", "inf": "inf", "nan": "nan"}


def call(name, claims, form, shown, **facts):
    own = {"call": name, "claims": claims, "kind": "elementwise", "form": form, "params": {}}
    edges = EDGES | facts.pop("edges", {})
    return own | {"shown": shown, "edges": edges, "curve": 0, "form_max": 0.0} | facts


LIBRARIES = {
    "leaf": [
        call("f", "relu", "relu", [0, 0, 1, 20], edges={"-inf": 0.0}, corners={"0": 0.0}),
        call("F()", "relu", "relu", [0, 0, 1, 20], edges={"-inf": 0.0}, corners={"0": 0.0}),
    ],
    "moss": [
        call("g", "relu", "relu", [0, 0, 1, 20], edges={"-inf": 0.0, "nan": 0.0}),
        call("s", "softplus", "softplus", [0.0, 0.313262, 1.31326, 20.0], edges={"-inf": 0.0}),
    ],
    "fern": [
        call(
            "fern.relu", "relu", "leaky_relu", [-4, -0.2, 1, 20], params={"alpha": 0.2},
            form_max=1.6, errors={"float32": [1.0, 2.0, 3.2e-8, -5.51]}, curve=1,
        ),
        call("broken", "relu", None, [], failed="no reason"),
    ],
}  # fmt: skip


@pytest.fixture
def compared(tmp_path):
    libraries = {name: {"version": "1.0", "calls": calls} for name, calls in LIBRARIES.items()}
    surprises = [
        {
            "library": "fern", "version": "1.0", "call": "fern.relu", "function": "relu",
            "kind": "form", "mode": "value", "at": -8.0, "got": "leaky_relu", "expected": "relu",
            "number": 1.6,
            "text": "fern.relu is leaky_relu(alpha = 0.2), up to 1.6 from relu", "source": 0,
        }
    ]  # fmt: skip
    stored = {
        "meta": {"shown": SHOWN, "curve": [-8.0, 0.0, 8.0], "kinds": {"form": "another function"}},
        "libraries": libraries,
        "surprises": surprises,
        "sources": [{"file": "fern/a.py", "line": 7, "why": "the slope is typed there"}],
        "samples": [],
        "not_measured": {},
        "curves": [[0.0, 0.0, 8.0], [-1.6, 0.0, 8.0]],
    }
    (tmp_path / "libraries_2026-01-01.json").write_text(json.dumps(stored))
    (tmp_path / "census_2026-01-01.json").write_text(json.dumps({"sources": {}}))
    return Compared(tmp_path)


def test_calls_that_do_the_same_share_a_row_the_most_common_first(compared):
    table = compared.versions_of("relu")
    assert table.columns[-1] == "at corners"
    assert table.rows[0] == ("leaf `f`, `F()`", "relu", "0", "0", "0", "NaN", "0 at 0")
    assert table.rows[2] == (
        "fern `fern.relu`", "leaky_relu, alpha = 0.2", "−4", "−0.2", "−∞", "NaN", "",
    )  # fmt: skip
    assert not any("broken" in row[0] for row in table.rows)


def test_where_no_slope_was_measured_there_is_no_column_of_corners(compared):
    assert compared.versions_of("softplus").columns[-1] == "at NaN"


def test_what_is_wrong_at_an_edge_is_told_with_what_should_be(compared):
    assert compared.at(-20.0).rows == [("Softplus", "2.06e−9", "0", "moss `s`")]
    assert compared.at(math.nan).rows == [("ReLU", "NaN", "0", "moss `g`")]
    # Leaky ReLU is judged as what it is, not as the ReLU that it is called.
    assert compared.at(-math.inf).rows == []


def test_an_export_is_measured_against_what_was_asked_for(compared):
    rows = compared.after_export(["fern", "absent"], "relu").rows
    assert rows == [("fern `fern.relu`", "relu", "leaky_relu, alpha = 0.2", "1.6")]
    assert compared.after_export(["leaf"], least=1e-3).rows == []


def test_what_a_figure_draws_has_a_text_for_each_head(compared):
    (title,) = compared.chosen()  # one library alone is nothing to compare
    versions = compared.chosen()[title]
    assert title == "ReLU" and [name for name, *_ in versions] == [
        "leaf f, F()",
        "moss g",
        "fern fern.relu",
    ]
    for _, texts, values in versions:
        assert len(texts) == len(HEADS) and values.shape == compared.grid().shape
    assert versions[2][1][-1] == "3.2e−8 at −5.51"
    assert np.array_equal(versions[2][2], [-1.6, 0, 8])


def test_a_surprise_is_told_with_its_cause(compared):
    assert compared.told().groups["ReLU"] == [
        "fern 1.0: `fern.relu` is leaky_relu (alpha = 0.2), up to 1.6 from relu. "
        "Cause: the slope is typed there (`fern/a.py`, line 7)."
    ]
