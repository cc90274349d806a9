"""What every test may count on: figures need no screen and are closed; `rng` is seeded."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

# Here and not by MPLBACKEND: a notebook's kernel would inherit that, and store no figure.
plt.switch_backend("agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def rng():
    return np.random.default_rng(0)
