"""Every function and loss at sizes around a block, in every layout, against plain formulas.

The sizes come from the block itself, so that another block moves them along. Elementwise
functions are compared with themselves on short contiguous pieces, rows and losses with their
textbook formulas in longdouble, which the moderate numbers here do no harm.
"""

from functools import lru_cache

import numpy as np
from each import each

from actlib import losses
from actlib.activations import ACTIVATIONS, inputs, logsumexp
from actlib.activations.inputs import BLOCK

AROUND = [n * BLOCK + d for n in (1, 2) for d in (-1, 0, 1)]


def of_kind(kind):
    """Return the values and the derivatives of all functions of this kind."""
    entries = [entry for entry in ACTIVATIONS.values() if entry.kind == kind]
    return [entry.value for entry in entries], [entry.grad for entry in entries]


def every(functions):
    return each("function", [*functions])


VALUES, SLOPES = of_kind("elementwise")
OF_ROWS, JACOBIANS = of_kind("row")
OF_ROWS.append(logsumexp)
HALVES, HALVES_SLOPES = of_kind("gated")


# Plain formulas of rows, laid along the last axis


def plain_logsumexp(z):
    top = z.max(axis=-1, keepdims=True)
    return (top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True)))[..., 0]


def plain_log_softmax(z):
    return z - plain_logsumexp(z)[..., None]


def plain_softmax(z):
    return np.exp(plain_log_softmax(z))


def plain_sparsemax(z):
    ordered = -np.sort(-z, axis=-1)
    tau = ((np.cumsum(ordered, axis=-1) - 1) / np.arange(1, z.shape[-1] + 1)).max(axis=-1)
    return np.maximum(z - tau[..., None], 0)


def plain_jacobian(p, sign=1):
    """Return sign * p_i * ([i = j] - p_j)."""
    return sign * p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


def plain_sparsemax_jacobian(z):
    s = (plain_sparsemax(z) > 0).astype(z.dtype)
    m = s.sum(axis=-1)[..., None, None]
    return s[..., :, None] * (np.eye(z.shape[-1]) - s[..., None, :] / m)


def plain_entmax15_roots(z):
    half = (z - z.max(axis=-1, keepdims=True)) / 2
    low, high = np.full_like(half[..., :1], -1), np.zeros_like(half[..., :1])
    for _ in range(56):  # 2^-56 is 1e-17, far below what `check` allows
        tau = (low + high) / 2
        enough = (np.maximum(half - tau, 0) ** 2).sum(axis=-1, keepdims=True) >= 1
        low, high = np.where(enough, tau, low), np.where(enough, high, tau)
    return np.maximum(half - low, 0)


def plain_entmax15_jacobian(z):
    s = plain_entmax15_roots(z)
    return s[..., :, None] * (np.eye(z.shape[-1]) - (s / s.sum(-1, keepdims=True))[..., None, :])


def plain_softmax_plus_one(z):
    top = np.maximum(z.max(axis=-1, keepdims=True), 0)
    e = np.exp(z - top)
    return e / (np.exp(-top) + e.sum(axis=-1, keepdims=True))


PLAIN = {
    "entmax15": lambda z: plain_entmax15_roots(z) ** 2,
    "entmax15_jacobian": plain_entmax15_jacobian,
    "softmax_plus_one": plain_softmax_plus_one,
    "softmax_plus_one_jacobian": lambda z: plain_jacobian(plain_softmax_plus_one(z)),
    "softmax": plain_softmax,
    "log_softmax": plain_log_softmax,
    "softmin": lambda z: plain_softmax(-z),
    "sparsemax": plain_sparsemax,
    "logsumexp": plain_logsumexp,
    "softmax_jacobian": lambda z: plain_jacobian(plain_softmax(z)),
    "log_softmax_jacobian": lambda z: np.eye(z.shape[-1]) - plain_softmax(z)[..., None, :],
    "softmin_jacobian": lambda z: plain_jacobian(plain_softmax(-z), -1),
    "sparsemax_jacobian": plain_sparsemax_jacobian,
}


def plain_row(function, z, axis=-1):
    """Return the formula's result for rows along `axis`, where the function puts it."""
    z = np.array(z, dtype=np.longdouble)
    return plain_row_of(function.__name__, z.tobytes(), z.shape, axis % z.ndim)


@lru_cache(128)  # for the same numbers in one layout after the other
def plain_row_of(name, numbers, shape, axis):
    z = np.frombuffer(numbers, np.longdouble).reshape(shape)
    result = PLAIN[name](np.moveaxis(z, axis, -1))
    return np.moveaxis(result, -1, axis) if result.ndim == z.ndim else result


def in_short_pieces(function, z):
    """Return an elementwise function of z, computed for a few contiguous numbers at a time."""
    flat = np.array(z).reshape(-1)
    pieces = [flat[start : start + BLOCK // 8].copy() for start in range(0, flat.size, BLOCK // 8)]
    return np.concatenate([function(piece) for piece in pieces]).reshape(np.shape(z))


def check(got, expected):
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, np.float64(expected), rtol=1e-11, atol=1e-14)


# Layouts: each takes a C-ordered array and returns one of its shape that lies otherwise in memory


def spread(z, step):
    """Return z as every `step`-th entry, along every axis, of an array full of other numbers."""
    wide = np.full([abs(step) * n for n in z.shape], 77, z.dtype)
    view = wide[(slice(None, None, step),) * z.ndim]
    view[...] = z
    return view


def read_only(z):
    z.setflags(write=False)
    return z


def unaligned(z):
    raw = np.zeros(z.nbytes + 1, np.uint8)[1:]
    view = raw.view(z.dtype).reshape(z.shape)
    view[...] = z
    return view


LAYOUTS = {
    "C order": lambda z: z,
    "Fortran order": np.asfortranarray,
    "transposed": lambda z: np.ascontiguousarray(np.moveaxis(z, 0, -1)).transpose(
        z.ndim - 1, *range(z.ndim - 1)
    ),
    "every other": lambda z: spread(z, 2),
    "backwards": lambda z: spread(z, -1),
    "backwards by threes": lambda z: spread(z, -3),
    "one row again and again": lambda z: np.broadcast_to(z[:1], z.shape),
    "one number again and again": lambda z: np.broadcast_to(z.flat[0], z.shape),
    "read-only": read_only,
    "unaligned": unaligned,
    "the other byte order": lambda z: z.astype(z.dtype.newbyteorder()),
}
every_layout = each("layout", LAYOUTS)


# Elementwise


@every([*VALUES, *SLOPES])
def test_an_elementwise_function_does_not_know_blocks(function, rng):
    for size in AROUND:
        z = rng.normal(0, 3, size)
        check(function(z), in_short_pieces(function, z))


@every([*VALUES, *SLOPES])
def test_an_elementwise_function_does_not_know_layouts(function, rng):
    for layout in LAYOUTS.values():
        for rows in (1, 2 + BLOCK // 6):  # in one piece, and in two
            z = layout(rng.normal(0, 3, (rows, 3, 2)))
            check(function(z), in_short_pieces(function, z))


@every([*VALUES, *SLOPES])
def test_an_elementwise_function_takes_a_million_numbers(function, rng):
    some = rng.normal(0, 3, 1009)  # a prime, so that no block begins like another
    check(function(np.resize(some, 10**6)), np.resize(function(some), 10**6))


@every([*VALUES, *SLOPES])
def test_a_number_is_an_array_without_axes(function):
    for z in (1.5, np.array(1.5), np.broadcast_to(1.5, ())):
        assert function(z) == function([1.5])[0] and np.ndim(function(z)) == 0


# Rows


def shapes_around(widths):
    """Yield shapes of rows of these widths, with as many numbers as a block, fewer and more."""
    for k in widths:
        step = max(1, inputs.BLOCK // k)
        yield from [(n, k) for n in {1, 2, step - 1, step, step + 1, 2 * step + 1} - {0}]


@every(OF_ROWS)
def test_a_function_of_rows_does_not_know_blocks(function, rng):
    for shape in [*shapes_around((1, 3, BLOCK // 2)), *shapes_around(AROUND[:3])]:
        z = rng.normal(0, 3, shape)
        check(function(z), plain_row(function, z))
        check(function(z.T, axis=0), plain_row(function, z.T, 0))
    for k in AROUND:
        z = rng.normal(0, 3, k)
        check(np.asarray(function(z)), plain_row(function, z))


@every(JACOBIANS)
def test_a_jacobian_does_not_know_blocks(function, rng, monkeypatch):
    for shape in shapes_around((1, 3)):
        z = rng.normal(0, 3, shape)
        check(function(z), plain_row(function, z))
    # The Jacobian of a row longer than a block has half a gigabyte: here a shorter block does.
    monkeypatch.setattr(inputs, "BLOCK", 24)
    for shape in shapes_around((5, 12, 23, 24, 25, 49)):
        z = rng.normal(0, 3, shape)
        check(function(z), plain_row(function, z))
        check(function(z[0]), plain_row(function, z[0]))


@every_layout
@every([*OF_ROWS, *JACOBIANS])
def test_a_function_of_rows_does_not_know_layouts_or_axes(function, layout, rng):
    for rows in (1, 2 + BLOCK // 6):
        z = layout(rng.normal(0, 3, (3, rows, 2)))
        for axis in range(-z.ndim, z.ndim):
            if function in OF_ROWS or z.shape[axis] < 4:
                check(function(z, axis=axis), plain_row(function, z, axis))


@each("shape", [(100_000,), (100_000, 3), (2, 100_000)])
@every(OF_ROWS)
def test_a_function_of_rows_takes_long_rows_and_many_rows(function, shape, rng):
    z = rng.normal(0, 3, shape)
    check(np.asarray(function(z)), plain_row(function, z))


@every(JACOBIANS)
def test_a_jacobian_takes_many_rows_and_a_long_one(function, rng):
    for shape in [(100_000, 3), (1, 1000)]:
        z = rng.normal(0, 3, shape)
        check(function(z), plain_row(function, z))


@every([*OF_ROWS, *JACOBIANS])
def test_a_single_number_is_a_row_of_one(function):
    np.testing.assert_array_equal(function(np.array(1.5)), np.squeeze(function([[1.5]]), 0)[()])


# Gated


GATES = {
    "glu": "sigmoid",
    "reglu": "relu",
    "geglu": "gelu",
    "swiglu": "silu",
    "bilinear_glu": "identity",
    "clamped_swiglu": "quick_gelu",
}


def plain_gated(function, z, axis=-1):
    """Return what a gated function should give for z, from its two halves along `axis`."""
    a, b = np.split(np.array(z), 2, axis)
    name = function.__name__.removesuffix("_grad")
    if name == "maxout":
        value, slopes = np.maximum(a, b), (a >= b, a < b)
    else:
        gate, inside = ACTIVATIONS[GATES[name]], (1.0, 1.0)
        if name == "clamped_swiglu":
            inside = np.abs(a) <= 7, b <= 7
            a, b = np.clip(a, -7, 7) + 1, np.minimum(b, 7)
        open_by = in_short_pieces(gate.value, b)
        value, slopes = (
            a * open_by,
            (
                open_by * inside[0],
                a * in_short_pieces(gate.grad, b) * inside[1],
            ),
        )
    return value if function in HALVES else np.concatenate(slopes, axis)


@every([*HALVES, *HALVES_SLOPES])
def test_a_gated_function_does_not_know_blocks(function, rng):
    for size in AROUND:
        z = rng.normal(0, 3, 2 * size)
        check(function(z), plain_gated(function, z))
        z = z.reshape(size, 2)
        check(function(z), plain_gated(function, z))
        check(function(z.T, axis=0), plain_gated(function, z.T, 0))


@every_layout
@every([*HALVES, *HALVES_SLOPES])
def test_a_gated_function_does_not_know_layouts_or_axes(function, layout, rng):
    for rows in (2, 2 + 2 * (BLOCK // 12)):
        z = layout(rng.normal(0, 3, (4, rows, 2)))
        for axis in range(-z.ndim, z.ndim):
            check(function(z, axis=axis), plain_gated(function, z, axis))


@every([*HALVES, *HALVES_SLOPES])
def test_a_gated_function_takes_a_million_numbers(function, rng):
    some = rng.normal(0, 3, (1009, 2))
    short = function(some)
    z = np.resize(some, (500_000, 2))
    check(function(z), np.resize(short, (len(z), short.shape[1])))


# Dtypes


@each("dtype", [np.float16, np.float32, np.longdouble, np.int8, bool])
@every([*VALUES, *SLOPES, *OF_ROWS, *JACOBIANS, *HALVES, *HALVES_SLOPES])
def test_many_numbers_of_any_dtype_give_what_few_give(function, dtype, rng):
    z = rng.normal(0, 3, (2 + BLOCK // 2, 2)).astype(dtype)
    got, few = function(z), [function(z[start : start + 99]) for start in range(0, len(z), 99)]
    assert got.dtype == few[0].dtype
    check(got, np.concatenate(few))


# Nothing


@each("shape", [(0,), (0, 4), (4, 0), (0, 0), (2, 0, 4), (2 * BLOCK, 0)])
@every([*VALUES, *SLOPES, *OF_ROWS, *JACOBIANS, *HALVES, *HALVES_SLOPES])
def test_no_rows_or_no_columns_give_none(function, shape):
    short = [axis for axis in range(-len(shape), 0) if shape[axis] < BLOCK]
    for axis in [{}] if function in [*VALUES, *SLOPES] else [{"axis": axis} for axis in short]:
        result = function(np.ones(shape), **axis)
        expected = list(shape)
        if function is logsumexp:
            del expected[axis["axis"]]
            assert (result == -np.inf).all()  # the log of a sum of nothing
        elif function in HALVES:
            expected[axis["axis"]] //= 2
        elif function in JACOBIANS:
            expected.append(expected.pop(axis["axis"]))
            expected.append(expected[-1])
        assert np.shape(result) == tuple(expected)


# Losses


def plain_cross_entropy(z, labels):
    z = np.array(z, dtype=np.longdouble)
    return plain_logsumexp(z) - np.take_along_axis(z, labels[..., None], -1)[..., 0]


def plain_cross_entropy_grad(z, labels):
    one_hot = np.arange(z.shape[-1]) == labels[..., None]
    return plain_softmax(np.array(z, dtype=np.longdouble)) - one_hot


def plain_bce(z, t):
    z = np.array(z, dtype=np.longdouble)
    return t * np.log1p(np.exp(-z)) + (1 - t) * np.log1p(np.exp(z))


def plain_bce_grad(z, t):
    return 1 / (1 + np.exp(-np.array(z, dtype=np.longdouble))) - t


OF_CLASSES = {
    losses.cross_entropy: plain_cross_entropy,
    losses.cross_entropy_grad: plain_cross_entropy_grad,
}
OF_TARGETS = {losses.bce_with_logits: plain_bce, losses.bce_with_logits_grad: plain_bce_grad}
LOSSES = [*OF_CLASSES, *OF_TARGETS]


def answers(function, z, rng):
    """Return labels, or targets in [0, 1], that fit the logits z."""
    if function in OF_TARGETS:
        return rng.random(z.shape)
    return rng.integers(0, z.shape[-1], z.shape[:-1])


def check_loss(function, z, y):
    """Compare a loss with its formula for logits z and answers y, in each reduction."""
    plain = (OF_CLASSES | OF_TARGETS)[function](z, np.array(y))
    n, is_gradient = np.size(y), function.__name__.endswith("grad")
    expected = {"none": plain, "sum": plain if is_gradient else plain.sum()}
    expected["mean"] = expected["sum"] / max(n, 1)
    for reduction in losses.REDUCTIONS if n else ("none", "sum"):
        check(np.asarray(function(z, y, reduction=reduction)), expected[reduction])


@every(LOSSES)
def test_a_loss_does_not_know_blocks(function, rng):
    shapes = [*shapes_around((1, 3, BLOCK // 2)), (1, BLOCK - 1), (1, BLOCK), (2, BLOCK + 1)]
    for shape in [*shapes, *((size,) for size in AROUND)]:
        z = rng.normal(0, 3, shape)
        check_loss(function, z, answers(function, z, rng))


@every_layout
@every(LOSSES)
def test_a_loss_does_not_know_layouts(function, layout, rng):
    for rows in (1, 2 + BLOCK // 6):
        z = rng.normal(0, 3, (rows, 2, 3))
        y = answers(function, z, rng)
        check_loss(function, layout(z), layout(y))


@each("shape", [(100_000,), (2, 100_000), (100_000, 3), (0, 3), (3, 0, 2)])
@every(LOSSES)
def test_a_loss_takes_much_and_nothing(function, shape, rng):
    z = rng.normal(0, 3, shape)
    check_loss(function, z, answers(function, z, rng))


@each("shape", [(0,), (3, 0)])
@every(OF_TARGETS)
def test_a_loss_takes_no_targets(function, shape, rng):
    check_loss(function, np.ones(shape), np.ones(shape))


@every(OF_TARGETS)
def test_a_loss_takes_a_single_logit(function):
    for z, t in ((1.5, 1), (np.array(-2.0), np.array(0.25))):
        check_loss(function, z, t)
