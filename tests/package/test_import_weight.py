"""What is heavy is imported where it is used: the rooms of formulas load NumPy alone."""

import subprocess
import sys

import pytest

HEAVY = {"scipy", "sklearn", "matplotlib", "torch", "ipywidgets", "anywidget", "IPython"}
ROOMS = ["activations", "losses", "calculus", "exercises", "datasets", "networks", "reference"]


def loaded_by(code):
    """Return which heavy packages a fresh Python holds after it ran this code."""
    asked = (
        f"{code}; import sys; print(*{HEAVY} & {{name.partition('.')[0] for name in sys.modules}})"
    )
    command = [sys.executable, "-c", asked]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_rooms_of_formulas_load_numpy_alone():
    assert loaded_by(f"from actlib import {', '.join(ROOMS)}") == set()


@pytest.mark.parametrize(
    ("code", "package"),
    [
        ("from actlib.activations import gelu; gelu(1.0)", "scipy"),
        ("from actlib import plotting", "matplotlib"),
    ],
)
def test_what_needs_a_heavy_package_loads_it(code, package):
    assert package in loaded_by(code)


def test_data_sets_do_without_scikit_learn():
    code = "from actlib.datasets import *; import numpy as np; rng = np.random.default_rng(0)"
    assert loaded_by(f"{code}; digits(rng), moons(4, rng), circles(4, rng)") == set()


def test_the_functions_without_a_normal_distribution_do_without_scipy():
    code = "from actlib.activations import ACTIVATIONS as a"
    others = "[e for e in a.values() if e.name not in ('gelu', 'geglu')]"
    run = f"[f([1.0, 2.0]) for e in {others} for f in (e.value, e.grad)]"
    assert loaded_by(f"{code}; {run}") == set()
