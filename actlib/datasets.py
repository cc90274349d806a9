"""Small data to learn on: real handwritten digits, and four toy problems in the plane.

Everything is made here or read from a file beside this one; nothing is downloaded. The digits,
their split, the moons and the circles are scikit-learn's, to the bit, but it need not be there.
Each function takes the random generator it draws from, so the same seed gives the same data.
"""

import math
import numbers
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["Split", "circles", "digits", "moons", "spirals", "xor"]

SPIRAL_TURNS = 1.25
SPIRAL_START = 0.1  # the radius at which an arm begins, so that the arms do not meet


@dataclass(frozen=True, eq=False)
class Split:
    """Examples to train on and examples held out.

    `x_train` (n, d) and `x_test` (m, d): float64 inputs, a row each. `y_train` (n,) and
    `y_test` (m,): labels of np.intp, the integers that index. `mean` and `std`: what the inputs
    were shifted and scaled by, so that `x * std + mean` is in the original units.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    mean: float
    std: float


def digits(rng, *, test_share=0.25):
    """Return scikit-learn's 1,797 handwritten digits, standardised and split.

    Inputs have 64 entries, the pixels of an 8 x 8 image row by row (`x[0].reshape(8, 8)`
    shows it); labels are 0 to 9. One mean and one standard deviation, over all pixels of
    the training images, bring the training inputs to mean 0 and variance 1, the scale that
    initialisations assume. They are not taken per pixel: some border pixels are almost always
    blank, and dividing by their tiny spread would blow up their noise. The split is random and
    stratified: each digit has its share in both parts. `test_share`: the part held out, in
    (0, 1). Raises TypeError unless rng is a Generator, ValueError for a share outside its
    interval or that leaves a part with fewer than 10 images. Source: Alpaydin & Kaynak (1998),
    the test part of their set.

    >>> data = digits(np.random.default_rng(0))
    >>> data.x_train.shape, data.x_test.shape, abs(data.x_train.mean()) < 1e-12
    ((1347, 64), (450, 64), np.True_)
    """
    _check_rng(rng)
    if not isinstance(test_share, numbers.Real) or not 0 < test_share < 1:
        raise ValueError(f"test_share must lie between 0 and 1, got {test_share!r}")
    pixels, labels = _all_digits()
    train, test = _stratified(labels, test_share, np.random.RandomState(_seed(rng)))
    x_train, x_test, y_train, y_test = pixels[train], pixels[test], labels[train], labels[test]
    mean, std = float(x_train.mean()), float(x_train.std())
    return Split((x_train - mean) / std, y_train, (x_test - mean) / std, y_test, mean, std)


def moons(n, rng, *, noise=0.1):
    """Return two interleaved half circles, one class each.

    `n`: examples, at least 2. `noise`: standard deviation of the Gaussian noise added to
    both coordinates, in the units of x. Returns x (n, 2) float64, the points without noise
    in [-1, 1] x [-0.5, 0.5], and labels (n,) np.intp, 0 and 1 equally often (within one), in
    random order. Raises TypeError or ValueError for an n, noise or rng that will not do.

    >>> x, y = moons(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(y)
    ((200, 2), array([100, 100]))
    """
    _check(n, rng, noise, smallest=2)
    outer, inner = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    x = np.append(np.cos(outer), 1 - np.cos(inner))
    y = np.append(np.sin(outer), 1 - np.sin(inner) - 0.5)
    # The shape spans [-1, 2] x [-0.5, 1]; one scale for both axes keeps its circles round.
    points = (np.column_stack([x, y]) - [0.5, 0.25]) / 1.5
    return _finish(points, np.repeat([0, 1], [n // 2, n - n // 2]), rng, noise)


def circles(n, rng, *, noise=0.1):
    """Return a circle inside another: radius 1 is class 0, radius 0.5 is class 1.

    Arguments, errors and results as in `moons`; the points without noise lie in [-1, 1].
    No straight line does much better than chance.

    >>> x, y = circles(4, np.random.default_rng(0), noise=0.0)
    >>> np.hypot(*x[y == 1].T)
    array([0.5, 0.5])
    """
    _check(n, rng, noise, smallest=2)
    outer, inner = (
        np.linspace(0, 2 * np.pi, size, endpoint=False) for size in (n // 2, n - n // 2)
    )
    x = np.append(np.cos(outer), np.cos(inner) * 0.5)
    y = np.append(np.sin(outer), np.sin(inner) * 0.5)
    points = np.column_stack([x, y])
    return _finish(points, np.repeat([0, 1], [n // 2, n - n // 2]), rng, noise)


def spirals(n, rng, *, classes=2, noise=0.02):
    """Return spiral arms that wind around the origin, one class each.

    Each arm turns 1.25 times while its radius grows from 0.1 to 1; the arms are copies,
    turned by 1 / `classes` of a circle. n at least `classes`, `classes` at least 2; other
    arguments, errors and results as in `moons`, with labels 0 to classes - 1.

    >>> x, y = spirals(300, np.random.default_rng(0), classes=3)
    >>> x.shape, np.bincount(y)
    ((300, 2), array([100, 100, 100]))
    """
    _check_whole("classes", classes, smallest=2)
    _check(n, rng, noise, smallest=classes)
    labels = np.arange(n) % classes
    # Uniform in the square root, because an arm's outer turns are longer.
    along = np.sqrt(rng.random(n))
    radius = SPIRAL_START + (1 - SPIRAL_START) * along
    angle = 2 * math.pi * (SPIRAL_TURNS * along + labels / classes)
    points = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return _finish(points, labels, rng, noise)


def xor(n, rng, *, noise=0.2):
    """Return points around the corners (±1, ±1); class 1 where the signs differ.

    The four equations of XOR, with spread. n at least 4; each corner gets n / 4 points
    (within one). Other arguments, errors and results as in `moons`; without noise every point
    is a corner.

    >>> x, y = xor(4, np.random.default_rng(0), noise=0.0)
    >>> bool(np.all(y == (x[:, 0] * x[:, 1] < 0)))
    True
    """
    _check(n, rng, noise, smallest=4)
    corners = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
    corner = np.arange(n) % 4
    return _finish(corners[corner], corner % 2, rng, noise)


@cache
def _all_digits():
    """Return the pixels (1797, 64), 0.0 to 16.0, and the labels of scikit-learn's digits."""
    with np.load(Path(__file__).with_name("digits.npz")) as kept:
        return kept["pixels"].astype(float), kept["labels"].astype(np.intp)


def _stratified(labels, test_share, draws):
    """Return the indices of the training and of the held-out rows, as `train_test_split` does.

    `draws`: a RandomState, the older kind of generator that it draws from.
    """
    sizes = np.bincount(labels)
    held_out = math.ceil(test_share * labels.size)
    for part in (labels.size - held_out, held_out):
        if part < sizes.size:
            raise ValueError(
                f"test_share {test_share!r} leaves a part with {part} of {labels.size} images: "
                f"each part needs at least {sizes.size}"
            )
    in_train = _shares(sizes, labels.size - held_out, draws)
    in_test = _shares(sizes - in_train, held_out, draws)
    of_class = np.split(np.argsort(labels, kind="stable"), np.cumsum(sizes)[:-1])
    train, test = [], []
    for rows, k, m in zip(of_class, in_train, in_test, strict=True):
        mixed = rows[draws.permutation(rows.size)]
        train.extend(mixed[:k])
        test.extend(mixed[k : k + m])
    return draws.permutation(train), draws.permutation(test)


def _shares(sizes, total, draws):
    """Return how many of each class make up `total`: in proportion, what is left over at random."""
    exact = sizes / sizes.sum() * total
    shares = np.floor(exact)
    rest = exact - shares
    missing = int(total - shares.sum())
    # The largest remainders first; between equal ones it is drawn.
    for value in np.sort(np.unique(rest))[::-1]:
        if missing == 0:
            break
        equal = np.flatnonzero(rest == value)
        chosen = draws.choice(equal, size=min(equal.size, missing), replace=False)
        shares[chosen] += 1
        missing -= chosen.size
    return shares.astype(np.intp)


def _finish(points, labels, rng, noise):
    """Return points and labels in random order, the points with Gaussian noise."""
    order = rng.permutation(len(points))
    noisy = points[order] + noise * rng.standard_normal(points.shape)
    return noisy, labels[order].astype(np.intp)


def _seed(rng):
    # scikit-learn's split takes no Generator but a seed: here it is drawn from ours.
    return int(rng.integers(2**32))


def _check(n, rng, noise, *, smallest):
    _check_whole("n", n, smallest=smallest)
    _check_rng(rng)
    if not isinstance(noise, numbers.Real) or not 0 <= noise < math.inf:
        raise ValueError(f"noise must be a standard deviation, 0 or more, got {noise!r}")


def _check_whole(name, value, *, smallest):
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < smallest:
        raise ValueError(f"{name} must be at least {smallest}, got {value}")


def _check_rng(rng):
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, as np.random.default_rng(0); got {rng!r}"
        )
