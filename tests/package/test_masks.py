"""Masked arrays: NumPy would drop their masks without a word, so they are refused with a remedy."""

import numpy as np
import pytest
from each import each

from actlib import losses
from actlib.activations import ACTIVATIONS, logsumexp
from actlib.calculus import central_difference, numerical_gradient, ulp_error
from actlib.networks import MLP, train

GAPS = np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])
LABELS = np.ma.array([0, 1], mask=[True, False])
FORMS = {
    "a gap": GAPS,
    "no gap": np.ma.array(GAPS.data),
    "integers": GAPS.astype(int),
    "a list of rows": list(GAPS),
    "a list of lists": [[1.0, np.ma.masked], [3.0, 4.0]],
}

FUNCTIONS = [
    *(f for entry in ACTIVATIONS.values() for f in (entry.value, entry.grad)),
    logsumexp,
]
OF_CLASSES = [losses.cross_entropy, losses.cross_entropy_grad]
OF_TARGETS = [losses.bce_with_logits, losses.bce_with_logits_grad]


def small_net():
    return MLP((2, 3, 2), "relu", "he", np.random.default_rng(0))


def small_training(x, y, **test_set):
    train(small_net(), x, y, lr=0.1, epochs=1, rng=np.random.default_rng(0), **test_set)


def check_refused(call, *arguments, name="z"):
    with pytest.raises(TypeError, match=rf"^{name} is .*masked.*; (fill|put a number)"):
        call(*arguments)


@each("form", FORMS)
@each("function", FUNCTIONS)
def test_no_function_loses_a_mask(function, form):
    check_refused(function, form)


@each("form", FORMS)
@each("function", OF_CLASSES + OF_TARGETS)
def test_no_loss_loses_a_mask_of_its_logits(function, form):
    answers = [0, 1] if function in OF_CLASSES else np.ones((2, 2))
    check_refused(function, form, answers, name="logits")


@each("labels", {"array": LABELS, "list": list(LABELS)})
@each("function", OF_CLASSES)
def test_no_loss_loses_a_mask_of_its_labels(function, labels):
    check_refused(function, [[1.0, 2.0], [3.0, 4.0]], labels, name="labels")


@each("function", OF_TARGETS)
def test_no_loss_loses_a_mask_of_its_targets(function):
    check_refused(function, [1.0, 2.0], LABELS, name="targets")


def test_no_difference_and_no_error_loses_a_mask():
    check_refused(central_difference, np.exp, GAPS, name="x")
    check_refused(numerical_gradient, np.sum, GAPS, name="x")
    check_refused(ulp_error, GAPS, np.ones((2, 2)), name="computed")
    check_refused(ulp_error, np.ones((2, 2)), GAPS, name="exact")


def test_no_network_loses_a_mask():
    net, x, y = small_net(), np.ones((2, 2)), [0, 1]
    for method in (net.forward, net.predict):
        check_refused(method, GAPS, name="x")
    for method in (net.loss, net.gradients, net.accuracy):
        check_refused(method, GAPS, y, name="x")
        check_refused(method, x, LABELS, name="y")
    check_refused(small_training, GAPS, y, name="x")
    check_refused(small_training, x, LABELS, name="y")
    for kind, test_set in (("x", (GAPS, y)), ("y", (x, LABELS))):
        with pytest.raises(TypeError, match=f"{kind}_test is or holds a masked array"):
            small_training(x, y, x_test=test_set[0], y_test=test_set[1])


def test_a_list_without_masks_is_taken():
    assert ACTIVATIONS["relu"].value([[1.0, -1.0], (2.0, 3.0)]).tolist() == [[1.0, 0.0], [2.0, 3.0]]
