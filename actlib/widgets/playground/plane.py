"""The points that a figure trains on: clean, as they travel, and with the noise of the page.

The shapes are those of `actlib.datasets`, drawn once. The reader chooses how noisy they are, so
the page adds the noise, and `noisy` returns exactly the numbers that it trains on.
"""

import numpy as np

from ... import datasets
from .tables import LETTERS

ROWS, TRAIN = 300, 200
STEPS = 1024  # clean points are rounded to 1 / STEPS
SHAPES = {
    "moons": (2, datasets.moons),
    "circles": (2, datasets.circles),
    "xor": (2, datasets.xor),
    "two_spirals": (2, datasets.spirals),
    "three_spirals": (3, lambda *args, **kwargs: datasets.spirals(*args, classes=3, **kwargs)),
}


def clean(name):
    """Return the points of a shape without noise, x (300, 2), and their classes y (300,).

    name : key of `SHAPES`. The points are those of `actlib.datasets`, scaled to about ±1,
    rounded to 1 / 1024 and ordered so that row i is of class i modulo the number of classes.
    Raises ValueError for an unknown name.

    >>> x, y = clean("three_spirals")
    >>> x.shape, y[:5].tolist()
    ((300, 2), [0, 1, 2, 0, 1])
    """
    if name not in SHAPES:
        raise ValueError(f"unknown data {name!r}; choose one of {', '.join(SHAPES)}")
    classes, make = SHAPES[name]
    x, y = make(ROWS, np.random.default_rng(0), noise=0.0)
    # As many of each class: the first row of each, then the second of each, and so on.
    order = np.argsort(y, kind="stable").reshape(classes, -1).T.ravel()
    return np.rint(x[order] * STEPS) / STEPS, y[order]


def packed(name):
    """Return the clean points in the form that `points` of `training.js` reads.

    A dict of "classes", their number; "train", how many rows to train on; and "points": two
    letters of `tables.LETTERS` for each coordinate, row by row; their 12 bits count steps of
    1 / 1024 from -2. Errors as in `clean`.

    >>> len(packed("moons")["points"])
    1200
    """
    x, y = clean(name)
    numbers = np.rint(x.ravel() * STEPS).astype(int) + 2 * STEPS
    text = "".join(LETTERS[number // 64] + LETTERS[number % 64] for number in numbers)
    return {"classes": int(y.max()) + 1, "train": TRAIN, "points": text}


def noisy(name, noise, seed):
    """Return the points that the page trains on, as (x_train, y_train, x_test, y_test).

    noise : standard deviation of the Gaussian noise on both coordinates, in units of x.
    seed : of the generator that draws it, 0 to 2^32 - 1. Inputs are float64, labels
    np.intp; 200 rows to train on, 100 to test. Errors as in `clean`.

    >>> x_train, y_train, x_test, y_test = noisy("moons", 0.1, seed=0)
    >>> x_train.shape, x_test.shape
    ((200, 2), (100, 2))
    """
    x, y = clean(name)
    x = x + noise * np.random.default_rng(seed).standard_normal(x.shape)
    return x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:]
