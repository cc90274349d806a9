"""The losses compared with PyTorch, with arbitrary precision, and at their edges."""

import mpmath
import numpy as np
import pytest
from pytorch_if_installed import F, needs_pytorch, torch

from actlib.calculus import numerical_gradient, ulp_error
from actlib.losses import (
    bce_with_logits,
    bce_with_logits_grad,
    cross_entropy,
    cross_entropy_grad,
)

REDUCTIONS = ("mean", "sum", "none")
PAIRS = [
    pytest.param(cross_entropy, cross_entropy_grad, "cross_entropy", id="cross_entropy"),
    pytest.param(
        bce_with_logits, bce_with_logits_grad, "binary_cross_entropy_with_logits", id="bce"
    ),
]
pairs = pytest.mark.parametrize(("loss", "grad", "torch_loss"), PAIRS)
BINARY = (bce_with_logits, bce_with_logits_grad)
CLASSES = (cross_entropy, cross_entropy_grad)
FUNCTIONS = [pytest.param(f, id=f.__name__) for f in (*CLASSES, *BINARY)]
every_function = pytest.mark.parametrize("function", FUNCTIONS)


def example(function, dtype=np.float64, n=40, k=7):
    """Return logits and answers of the kind that `function` takes."""
    rng = np.random.default_rng(0)
    logits = (3 * rng.standard_normal((n, k))).astype(dtype)
    if function in CLASSES:
        return logits, rng.integers(k, size=n)
    return logits, rng.random((n, k))


# Against PyTorch


@needs_pytorch
@pairs
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_a_loss_equals_pytorch(loss, grad, torch_loss, reduction):
    logits, answers = example(loss)
    theirs = getattr(F, torch_loss)(
        torch.tensor(logits), torch.tensor(answers), reduction=reduction
    )
    np.testing.assert_allclose(
        loss(logits, answers, reduction=reduction), theirs.numpy(), rtol=1e-12
    )


@needs_pytorch
@pairs
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_a_gradient_equals_autograd(loss, grad, torch_loss, reduction):
    logits, answers = example(loss)
    z = torch.tensor(logits, requires_grad=True)
    getattr(F, torch_loss)(z, torch.tensor(answers), reduction=reduction).sum().backward()
    ours = grad(logits, answers, reduction=reduction)
    np.testing.assert_allclose(ours, z.grad.numpy(), rtol=1e-12, atol=1e-15)


@pairs
def test_a_gradient_equals_finite_differences(loss, grad, torch_loss):
    logits, answers = example(loss, n=3, k=4)
    estimate = numerical_gradient(lambda z: loss(z, answers), logits)
    np.testing.assert_allclose(grad(logits, answers), estimate, atol=1e-9)


def test_the_class_is_the_last_axis_of_any_shape():
    logits = np.random.default_rng(0).standard_normal((2, 5, 3))
    labels = np.arange(10).reshape(2, 5) % 3
    flat = cross_entropy(logits.reshape(10, 3), labels.ravel(), reduction="none")
    assert np.array_equal(cross_entropy(logits, labels, reduction="none"), flat.reshape(2, 5))
    assert cross_entropy_grad(logits, labels).shape == (2, 5, 3)


def test_one_row_and_one_logit_need_no_batch():
    assert cross_entropy([0.0, 0.0], 1) == np.log(2)
    assert bce_with_logits(0.0, 1) == np.log(2)
    assert np.array_equal(cross_entropy_grad([0.0, 0.0], 1), [0.5, -0.5])
    assert bce_with_logits_grad(0.0, 1) == -0.5


# Digits, also in the far tail


def exact_cross_entropy(row, label):
    row = [mpmath.mpf(z) for z in row]
    return mpmath.log(mpmath.fsum(mpmath.exp(z - row[label]) for z in row))


def exact_cross_entropy_grad(row, label):
    e = [mpmath.exp(mpmath.mpf(z) - mpmath.mpf(max(row))) for z in row]
    p = [x / mpmath.fsum(e) for x in e]
    return [x - (i == label) for i, x in enumerate(p)]


def exact_bce(z, t):
    z, t = mpmath.mpf(z), mpmath.mpf(t)
    return t * mpmath.log1p(mpmath.exp(-z)) + (1 - t) * mpmath.log1p(mpmath.exp(z))


def exact_bce_grad(z, t):
    z, t = mpmath.mpf(z), mpmath.mpf(t)
    return (1 - t) / (1 + mpmath.exp(-z)) - t / (1 + mpmath.exp(z))


# Quarters are exact, and so are their differences: the loss is measured, not the input.
MARGINS = [2.0**-30, 0.375, 1.5, 6.0, 30.0, 42.0, 300.0, 699.0]


@pytest.mark.parametrize("label", [0, 1, 2])
def test_cross_entropy_keeps_its_digits(label):
    rows = [[m * s, 0.0, m / 4] for m in MARGINS for s in (1, -1)]
    with mpmath.workdps(700):
        loss = [exact_cross_entropy(row, label) for row in rows]
        grad = [exact_cross_entropy_grad(row, label) for row in rows]
        labels = [label] * len(rows)
        assert ulp_error(cross_entropy(rows, labels, reduction="none"), loss).max() < 4
        assert ulp_error(cross_entropy_grad(rows, labels, reduction="none"), grad).max() < 6


@pytest.mark.parametrize("target", [0.0, 1.0, 0.1, 0.9, 1e-300])
def test_bce_keeps_its_digits(target):
    logits = [m * s for m in MARGINS for s in (1, -1)]
    targets = [target] * len(logits)
    with mpmath.workdps(700):
        loss = [exact_bce(z, target) for z in logits]
        assert ulp_error(bce_with_logits(logits, targets, reduction="none"), loss).max() < 4
        if target in (0, 1):  # elsewhere p - t crosses 0, where no digits can be kept
            grad = [exact_bce_grad(z, target) for z in logits]
            ours = bce_with_logits_grad(logits, targets, reduction="none")
            assert ulp_error(ours, grad).max() < 5


@pytest.mark.parametrize("margin", [50.0, 700.0])
def test_a_confident_right_answer_costs_exp_of_minus_its_margin(margin):
    expected = pytest.approx(np.exp(-margin), rel=1e-15)
    assert cross_entropy([margin, 0.0], 0) == expected
    assert bce_with_logits(margin, 1) == expected
    assert cross_entropy_grad([margin, 0.0], 0)[0] == pytest.approx(-np.exp(-margin), rel=1e-15)
    assert bce_with_logits_grad(margin, 1) == pytest.approx(-np.exp(-margin), rel=1e-15)


@every_function
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_a_small_dtype_is_kept_and_rounded_once(function, dtype, reduction):
    logits, answers = example(function, dtype)
    ours = function(logits, answers, reduction=reduction)
    exact = function(logits.astype(np.float64), answers, reduction=reduction)
    assert ours.dtype == dtype
    assert ulp_error(ours, exact).max() <= 0.5


@every_function
def test_whole_numbers_give_float64(function):
    assert function(np.array([[1, 2]]), *([[0]] if function in CLASSES else [[[0, 1]]])).dtype == (
        np.float64
    )


@every_function
def test_longdouble_logits_stay_longdouble(function):
    logits, answers = example(function, np.longdouble)
    assert function(logits, answers).dtype == np.longdouble


# Edges


@pytest.mark.parametrize(
    ("logit", "target", "cost", "slope"),
    [
        (np.inf, 1, 0, 0),
        (-np.inf, 0, 0, 0),
        (np.inf, 0, np.inf, 1),
        (-np.inf, 1, np.inf, -1),
        (np.inf, 0.5, np.inf, 0.5),
        (1e308, 0, 1e308, 1),
        (1e308, 1, 0, 0),
        (1e308, 0.5, 5e307, 0.5),
    ],
)
def test_bce_at_extreme_logits(logit, target, cost, slope):
    assert bce_with_logits(logit, target) == cost
    assert bce_with_logits_grad(logit, target) == slope


@pytest.mark.parametrize(
    ("row", "label", "cost", "grad"),
    [
        ([np.inf, 0], 0, 0, [0, 0]),
        ([np.inf, 0], 1, np.inf, [1, -1]),
        ([-np.inf, 0], 0, np.inf, [-1, 1]),
        ([1e308, 0], 0, 0, [0, 0]),
        ([1e308, 0], 1, 1e308, [1, -1]),
        ([1e308, -1e308], 0, 0, [0, 0]),
        ([1e308, -1e308], 1, np.inf, [1, -1]),  # 2e308 is beyond float64
        ([1e308, 1e308], 1, np.log(2), [0.5, -0.5]),
        ([-np.inf, -np.inf], 0, np.nan, [np.nan, np.nan]),
        ([np.nan, 0], 1, np.nan, [np.nan, np.nan]),
        ([np.nan], 0, np.nan, [np.nan]),
        ([5.0], 0, 0, [0]),
    ],
)
def test_cross_entropy_at_extreme_logits(row, label, cost, grad):
    np.testing.assert_equal(cross_entropy(row, label), cost)
    np.testing.assert_array_equal(cross_entropy_grad(row, label), grad)


def test_no_cost_and_no_slope_are_never_minus_zero():
    losses = [
        cross_entropy([np.inf, 0], 0, reduction="none"),
        bce_with_logits(np.inf, 1, reduction="none"),
    ]
    slopes = [*cross_entropy_grad([np.inf, 0], 0), bce_with_logits_grad(np.inf, 1)]
    assert not np.signbit([*losses, *slopes]).any()


@pytest.mark.parametrize("function", BINARY)
@pytest.mark.parametrize(("logit", "target"), [(np.nan, 0), (np.nan, 1), (0.0, np.nan)])
def test_nan_in_a_logit_or_target_stays(function, logit, target):
    assert np.isnan(function(logit, target))


def test_nan_in_one_row_leaves_the_others_alone():
    losses = cross_entropy([[np.nan, 0.0], [0.0, 0.0]], [0, 0], reduction="none")
    assert np.isnan(losses[0])
    assert losses[1] == np.log(2)


def test_the_mean_of_huge_losses_does_not_overflow():
    assert cross_entropy([[1.7e308, 0.0]] * 4, [1] * 4) == 1.7e308
    assert bce_with_logits([1.7e308] * 4, [0] * 4) == 1.7e308


def test_the_mean_of_tiny_losses_does_not_underflow():
    assert bce_with_logits([740.0] * 4, [1] * 4) == bce_with_logits(740.0, 1) > 0


def test_a_sum_beyond_the_dtype_is_inf_without_a_warning():
    assert bce_with_logits(np.float16([60000, 60000]), [0, 0], reduction="sum") == np.inf


@every_function
def test_no_input_is_changed_or_shared(function):
    logits, answers = example(function)
    kept = logits.copy(), answers.copy()
    result = function(logits, answers, reduction="none")
    assert np.array_equal(logits, kept[0]) and np.array_equal(answers, kept[1])
    assert not np.shares_memory(result, logits) and not np.shares_memory(result, answers)


# Bad input


@every_function
def test_the_mean_of_no_examples_is_an_error(function):
    empty = np.zeros((0, 3)), np.zeros(0 if function in CLASSES else (0, 3), dtype=int)
    with pytest.raises(ValueError, match="mean over 0 examples"):
        function(*empty)


def test_the_sum_over_no_examples_is_zero():
    assert cross_entropy(np.zeros((0, 3)), [], reduction="sum") == 0
    assert bce_with_logits([], [], reduction="sum") == 0
    assert cross_entropy(np.zeros((0, 3)), [], reduction="none").shape == (0,)
    assert cross_entropy_grad(np.zeros((0, 3)), [], reduction="none").shape == (0, 3)


@every_function
@pytest.mark.parametrize("reduction", ["average", None])
def test_an_unknown_reduction_is_an_error(function, reduction):
    with pytest.raises(ValueError, match=f"mean, sum, none; got {reduction!r}"):
        function(*example(function), reduction=reduction)


@pytest.mark.parametrize("function", CLASSES)
@pytest.mark.parametrize(
    ("logits", "labels", "error", "message"),
    [
        ([[1.0, 2.0]], [2], ValueError, r"\[0, 1\] for 2 classes, got 2"),
        ([[1.0, 2.0]], [-1], ValueError, "got -1"),
        ([[1.0, 2.0]], [1.0], TypeError, r"float64.*dtype=int\)"),
        ([[1.0, 2.0]], [True], TypeError, "bool"),
        ([[1.0, 2.0]], ["1"], TypeError, "<U1"),
        ([[1.0, 2.0]], [0, 1], ValueError, r"labels of shape \(1,\)"),
        ([[1.0, 2.0]], [[0, 1]], ValueError, "argmax"),
        (1.0, 0, ValueError, "one score per class"),
        ([[]], [0], ValueError, "one score per class"),
        (["a"], 0, TypeError, "real numbers"),
        ([1j, 0], 0, TypeError, "real numbers"),
    ],
)
def test_labels_that_do_not_fit_are_an_error(function, logits, labels, error, message):
    with pytest.raises(error, match=message):
        function(logits, labels)


@pytest.mark.parametrize("function", BINARY)
@pytest.mark.parametrize(
    ("logits", "targets", "error", "message"),
    [
        ([0.0], [1.5], ValueError, r"\[0, 1\], got 1.5"),
        ([0.0], [-1], ValueError, "got -1"),
        ([[0.0], [0.0]], [0, 1], ValueError, r"shape of the logits, \(2, 1\); got \(2,\)"),
        ([0.0], ["1"], TypeError, "real numbers"),
        (["0"], [1], TypeError, "real numbers"),
    ],
)
def test_targets_that_do_not_fit_are_an_error(function, logits, targets, error, message):
    with pytest.raises(error, match=message):
        function(logits, targets)
