"""The handwritten digits as a page receives them, and with the noise of the page.

The split is that of `datasets.digits` for a generator of seed 0: the playground's seed decides
weights and batches only.
"""

import numpy as np

from ... import datasets
from .tables import LETTERS

CLASSES, TRAIN, ROWS = 10, 1347, 1797


def described():
    """Return what a figure knows before it has fetched the images: a dict of sizes.

    >>> described()
    {'classes': 10, 'train': 1347, 'inputs': 64, 'fetched': True}
    """
    return {"classes": CLASSES, "train": TRAIN, "inputs": 64, "fetched": True}


def packed():
    """Return the digits in the form that `images` of `training.js` reads.

    A dict of what `described` returns, without "fetched", and of "pixels": a letter of
    `tables.LETTERS` for each pixel, 0 to 16, row by row, first those to train on; "labels": a
    digit for each image; "mean" and "std", by which pixels are shifted and scaled.

    >>> made = packed()
    >>> len(made["pixels"]), len(made["labels"])
    (115008, 1797)
    """
    data = datasets.digits(np.random.default_rng(0))
    x = np.concatenate([data.x_train, data.x_test]) * data.std + data.mean
    labels = np.concatenate([data.y_train, data.y_test])
    return {
        **{key: value for key, value in described().items() if key != "fetched"},
        "pixels": "".join(LETTERS[pixel] for pixel in np.rint(x.ravel()).astype(int)),
        "labels": "".join(map(str, labels)),
        "mean": data.mean,
        "std": data.std,
    }


def noisy(noise, seed):
    """Return the images that the page trains on, as (x_train, y_train, x_test, y_test).

    noise : standard deviation of the Gaussian noise on every pixel, in units of the standardised
    pixels; seed : of the generator that draws it. Shapes (1347, 64) and (450, 64).
    """
    data = datasets.digits(np.random.default_rng(0))
    x = np.concatenate([data.x_train, data.x_test])
    x = x + noise * np.random.default_rng(seed).standard_normal(x.shape)
    return x[:TRAIN], data.y_train, x[TRAIN:], data.y_test
