"""What was trained beforehand for a chapter is what the script still finds."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from actlib.reference import comparisons

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    path = ROOT / "benchmarks" / "comparisons.py"
    spec = importlib.util.spec_from_file_location("comparisons_script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "gelu"])
def test_the_first_seeds_come_out_as_stored(script, name):
    meta, stored = comparisons("relu_family")
    first = meta["seeds"][0]
    found = script.right_answers(name, range(first, first + 2), 0.001)
    # Another processor rounds in another way, and may read another image or two correctly.
    np.testing.assert_allclose(found, meta["images"] * stored[0.001][name][:2], rtol=0, atol=2)


def test_what_is_stored_is_what_the_script_would_store(script):
    meta, stored = comparisons("relu_family")
    assert (meta["seeds"], meta["epochs"]) == ([script.SEEDS[0], script.SEEDS[-1]], script.EPOCHS)
    assert (ROOT / meta["script"]).exists()
    assert set(stored) == set(script.RATES)
    for runs in stored.values():
        assert {name: shares.shape for name, shares in runs.items()} == {
            name: (len(script.SEEDS),) for name in script.NAMES
        }


def test_a_chapter_without_stored_runs_says_so():
    with pytest.raises(FileNotFoundError, match="comparisons_softmax_<date>"):
        comparisons("softmax")
