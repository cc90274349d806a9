"""The data: sizes, classes, scale, seeds."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_circles, make_moons
from sklearn.model_selection import train_test_split

from actlib.datasets import circles, digits, moons, spirals, xor

PLANE = [pytest.param(f, id=f.__name__) for f in (moons, circles, spirals, xor)]
every_plane = pytest.mark.parametrize("make", PLANE)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# Digits


def test_every_digit_is_in_exactly_one_part(rng):
    data = digits(rng)
    parts = np.vstack([data.x_train, data.x_test]) * data.std + data.mean
    labels = np.concatenate([data.y_train, data.y_test])
    rows = np.column_stack([parts.round(), labels])
    original = np.column_stack(load_digits(return_X_y=True))
    assert np.array_equal(rows[np.lexsort(rows.T)], original[np.lexsort(original.T)])


def test_the_training_pixels_have_mean_zero_and_variance_one(rng):
    data = digits(rng)
    assert data.x_train.mean() == pytest.approx(0, abs=1e-12)
    assert data.x_train.std() == pytest.approx(1, rel=1e-12)


def test_the_test_pixels_are_scaled_by_the_training_set_alone(rng):
    data = digits(rng)
    original = data.x_test * data.std + data.mean
    np.testing.assert_allclose(original, original.round(), atol=1e-12)
    assert abs(data.x_test.mean()) > 1e-6


def test_each_digit_has_its_share_in_both_parts(rng):
    data = digits(rng, test_share=0.25)
    everything = np.bincount(load_digits().target)
    assert data.y_test.size == 450
    assert np.abs(np.bincount(data.y_test) - 0.25 * everything).max() <= 1


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, np.nan, "half"])
def test_a_share_outside_its_interval_is_an_error(share, rng):
    with pytest.raises(ValueError, match=f"between 0 and 1, got {share!r}"):
        digits(rng, test_share=share)


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_share_is_the_part_held_out(share, rng):
    assert digits(rng, test_share=share).y_test.size == np.ceil(1797 * share)


def test_the_digits_have_float64_rows_and_labels_that_index(rng):
    data = digits(rng)
    assert {data.x_train.dtype, data.x_test.dtype} == {np.dtype(np.float64)}
    assert {data.y_train.dtype, data.y_test.dtype} == {np.dtype(np.intp)}


# In the plane


@every_plane
@pytest.mark.parametrize("n", [4, 7, 200])
def test_points_and_labels_have_their_shapes(make, n, rng):
    x, y = make(n, rng)
    assert (x.shape, x.dtype) == ((n, 2), np.float64)
    assert (y.shape, y.dtype) == ((n,), np.intp)


@every_plane
@pytest.mark.parametrize("n", [200, 201])
def test_both_classes_are_equally_frequent(make, n, rng):
    counts = np.bincount(make(n, rng)[1])
    assert counts.size == 2
    assert abs(counts[0] - counts[1]) <= 1


@every_plane
def test_points_without_noise_reach_one_and_no_further(make, rng):
    x, _ = make(1000, rng, noise=0.0)
    assert 0.95 < np.abs(x).max() <= 1 + 1e-12


@every_plane
def test_noise_is_the_standard_deviation_around_the_shape(make):
    clean, labels = make(4000, np.random.default_rng(3), noise=0.0)
    noisy, same_labels = make(4000, np.random.default_rng(3), noise=0.3)
    assert np.array_equal(labels, same_labels)
    # The standard error of a standard deviation from 8,000 numbers is 0.3 / sqrt(16000).
    assert (noisy - clean).std() == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(16000))


@every_plane
def test_the_labels_are_in_random_order(make, rng):
    _, y = make(200, rng)
    # In a random order of 100 zeros and 100 ones the label changes 100 times, give or take 7.
    assert 65 < np.count_nonzero(np.diff(y)) < 135


def test_circles_have_two_radii(rng):
    x, y = circles(100, rng, noise=0.0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(y == 0, 1.0, 0.5))


def test_moons_are_half_circles_around_two_centres(rng):
    x, y = moons(100, rng, noise=0.0)
    centres = (np.array([[0.0, 0.0], [1.0, 0.5]]) - [0.5, 0.25]) / 1.5
    np.testing.assert_allclose(np.hypot(*(x - centres[y]).T), 1 / 1.5)
    above = x[:, 1] - centres[y, 1]
    assert np.all(np.where(y == 0, above, -above) > -1e-12)


def test_xor_is_one_where_the_signs_differ(rng):
    x, y = xor(100, rng, noise=0.0)
    assert np.array_equal(np.abs(x), np.ones((100, 2)))
    assert np.array_equal(y, (x[:, 0] != x[:, 1]))
    _, per_corner = np.unique(x, axis=0, return_counts=True)
    assert np.array_equal(per_corner, [25] * 4)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spiral_arms_are_turned_copies(classes, rng):
    x, y = spirals(60 * classes, rng, classes=classes, noise=0.0)
    assert np.array_equal(np.bincount(y), [60] * classes)
    radius = np.hypot(*x.T)
    turned = 2 * np.pi * (1.25 * (radius - 0.1) / 0.9 + y / classes)
    np.testing.assert_allclose(
        x, radius[:, None] * np.column_stack([np.cos(turned), np.sin(turned)])
    )


# Seeds and bad input


def arrays(result):
    return result if isinstance(result, tuple) else (result.x_train, result.y_test)


SEEDED = [pytest.param(digits, id="digits")] + [
    pytest.param(lambda rng, f=f.values[0]: f(50, rng), id=f.id) for f in PLANE
]


@pytest.mark.parametrize("make", SEEDED)
def test_the_generator_determines_the_data(make):
    first, same, other = (arrays(make(np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, same, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("make", SEEDED)
@pytest.mark.parametrize("rng", [0, None, np.random.RandomState(0)])
def test_a_seed_instead_of_a_generator_is_an_error(make, rng):
    with pytest.raises(TypeError, match="Generator"):
        make(rng)


@every_plane
@pytest.mark.parametrize(
    ("n", "noise", "error", "message"),
    [
        (1, 0.1, ValueError, "n must be at least [24], got 1"),
        (10.0, 0.1, TypeError, "n must be a whole number, got 10.0"),
        (True, 0.1, TypeError, "got True"),
        (10, -0.1, ValueError, "noise.*got -0.1"),
        (10, np.nan, ValueError, "noise.*got nan"),
        (10, np.inf, ValueError, "noise.*got inf"),
        (10, "low", ValueError, "noise.*got 'low'"),
    ],
)
def test_an_unsuitable_size_or_noise_is_an_error(make, n, noise, error, message, rng):
    with pytest.raises(error, match=message):
        make(n, rng, noise=noise)


def test_fewer_than_two_spirals_are_an_error(rng):
    with pytest.raises(ValueError, match="classes must be at least 2, got 1"):
        spirals(10, rng, classes=1)
    with pytest.raises(ValueError, match="n must be at least 5, got 4"):
        spirals(4, rng, classes=5)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.75, 0.987])
def test_digits_and_their_split_are_scikit_learns(share):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        data = digits(rng, test_share=share)
        seed_of_split = int(np.random.default_rng(seed).integers(2**32))
        pixels, labels = load_digits(return_X_y=True)
        parts = train_test_split(
            pixels, labels, test_size=share, stratify=labels, random_state=seed_of_split
        )
        for ours, theirs in ((data.x_train, parts[0]), (data.x_test, parts[1])):
            np.testing.assert_array_equal(ours, (theirs - data.mean) / data.std)
        np.testing.assert_array_equal(data.y_train, parts[2])
        np.testing.assert_array_equal(data.y_test, parts[3])


@pytest.mark.parametrize("n", [2, 5, 200])
def test_moons_and_circles_are_scikit_learns_mixed(n):
    order = np.random.default_rng(3).permutation(n)
    for ours, (points, labels) in (
        (moons, make_moons(n, shuffle=False)),
        (circles, make_circles(n, shuffle=False, factor=0.5)),
    ):
        x, y = ours(n, np.random.default_rng(3), noise=0.0)
        if ours is moons:
            points = (points - [0.5, 0.25]) / 1.5
        np.testing.assert_array_equal(x, points[order])
        np.testing.assert_array_equal(y, labels[order])


def test_a_share_that_leaves_too_few_images_is_an_error(rng):
    with pytest.raises(ValueError, match="a part with 2 of 1797 images: each part needs"):
        digits(rng, test_share=0.001)
