"""Every check accepts its right answer, names each of its mistakes, and says what to try next."""

import inspect
import json
import re
import subprocess
import sys
import warnings
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial

import numpy as np
import pytest
from each import each
from pytorch_if_installed import F, needs_pytorch, nn, torch

from actlib import exercises
from actlib.activations import ACTIVATIONS, relu, sigmoid, softmax, tanh_grad
from actlib.exercises import Exercise, Mistake

CHECKS = {name: check for name, check in vars(exercises).items() if name.startswith("check_")}
MISTAKES = {
    f"{name}-{number}": (check, number)
    for name, check in CHECKS.items()
    for number in range(len(check.mistakes))
}
checks = each("check", CHECKS)

double = Exercise(
    task="Write double(z): twice each entry of an array z.",
    right=lambda z: 2 * z,
    hint="multiply by 2.",
    cases=((np.array([1.0, 2.0]),), (np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 4.0]]),)),
    dtype=True,
)
quarter = Exercise(task="A quarter.", right=0.25, hint="halve a half.")


def refusal(verdict):
    """Return the words of a refusal, which holds a next step and one next step only."""
    said = str(verdict)
    assert not verdict and said.startswith("✗ ") and "Traceback" not in said
    assert said.count("\n  Next: ") == 1 and len(verdict.then) > 5 and verdict.then[-1] in ".?"
    return said


# The checks and their mistakes.


@checks
def test_the_right_answer_passes(check):
    assert check(check.right) == 1


@cache
def verdict(check, number):
    """Return what a check says of a mistake that it lists."""
    return check(check.mistakes[number].answer)


@each(("check", "number"), MISTAKES)
def test_a_listed_mistake_is_named_with_its_next_step(check, number):
    mistake = check.mistakes[number]
    assert f"\n  {mistake.why}\n  Next: {mistake.then}" in refusal(verdict(check, number))


@checks
def test_the_cases_tell_each_mistake_from_every_other(check):
    # Two mistakes may look alike only if they are told the same.
    for mistake in check.mistakes:
        others = tuple(m for m in check.mistakes if m.why != mistake.why)
        said = replace(check, mistakes=others)(mistake.answer).why
        assert said not in {other.why for other in others}, f"{mistake.why} is also told: {said}"


CLAIM = re.compile(
    r"[Aa]t (-?\d+|-inf)(?: and at -?\d+)?,? (?:it|this) (?:is|gives) (nan|inf|-?\d+(?:/\d+)?)\b"
)
CLAIMS = {
    f"{name}-{number} {claim[0]}": (mistake, *claim.groups())
    for name, check in CHECKS.items()
    if callable(check.right) and len(check.cases[0]) == 1
    for number, mistake in enumerate(check.mistakes)
    for claim in CLAIM.finditer(mistake.why)
}


@each(("mistake", "at", "value"), CLAIMS)
def test_a_number_in_a_reason_is_what_the_mistake_gives(mistake, at, value):
    with np.errstate(all="ignore"):
        got = mistake.answer(np.array([float(at)]))[0]
    expected = Fraction(value) if value[-1].isdigit() else float(value)
    assert np.isclose(got, float(expected), equal_nan=True)


def test_reasons_hold_numbers():
    assert len(CLAIMS) >= 8


@checks
def test_a_check_lists_at_least_three_mistakes(check):
    assert len({mistake.why for mistake in check.mistakes}) >= 3


@checks
def test_the_axes_of_a_case_have_different_lengths(check):
    # A square array lets a forgotten transpose or axis pass, or blames the wrong one.
    sizes = [x.shape for case in check.cases for x in case if np.ndim(x) > 1]
    assert all(len({*shape} - {1}) == sum(n > 1 for n in shape) or 1 in shape for shape in sizes)


# Labels of 0 and 1, an input that is picked but not computed with, and a tensor whose slope no
# int has.
WHOLE = {("check_torch_bce", 1), ("check_port", 0), ("check_torch_softplus", 0)}


def arguments_as_ints():
    """Return {name: (check, position)} of each argument of a check that holds decimals."""
    return {
        f"{name}-{at}": (check, at)
        for name, check in CHECKS.items()
        for at in range(len(check.cases[0]) if check.cases else 0)
        if any(np.asarray(case[at]).dtype.kind == "f" for case in check.cases)
        and (name, at) not in WHOLE
    }


@each(("check", "at"), arguments_as_ints())
def test_an_answer_that_cuts_an_argument_to_whole_numbers_does_not_pass(check, at):
    # Cases of whole numbers, where it matters, would let an array of ints pass.
    def answer(*arguments):
        arguments = list(arguments)
        with np.errstate(invalid="ignore"):
            arguments[at] = np.trunc(arguments[at])
        return check.right(*arguments)

    refusal(check(answer))


@checks
def test_every_sentence_ends_as_one(check):
    for mistake in check.mistakes:
        assert mistake.why.endswith(".") and mistake.then.endswith((".", "?"))
    assert check.hint.endswith((".", "?")) and check.praise.endswith(".")


STRANGE = {
    "a text": "text",
    "a complex number": 1j,
    "an empty list": [],
    "a function of nothing": lambda: 1,
    "an object": object(),
    "a large number": 1e9,
    "a function that gives a text": lambda *_: "text",
}


@checks
@each("answer", STRANGE)
def test_a_strange_answer_gets_a_sentence_and_a_next_step(check, answer):
    refusal(check(answer))


# Not tried yet.


def not_implemented(*_):
    raise NotImplementedError


def only_a_docstring(*_):
    """Return the answer."""


@checks
@each("answer", [None, ...])
def test_what_was_not_touched_is_not_called_wrong(check, answer):
    assert str(check(answer)).startswith("○ Not tried yet: ") and not check(answer)


@pytest.mark.parametrize(
    "answer", [lambda z: None, lambda z: ..., not_implemented, only_a_docstring]
)
def test_a_stub_was_not_tried(answer):
    assert str(double(answer)).startswith("○ Not tried yet: ")


def test_a_stub_that_gives_something_was_not_tried():
    assert str(replace(double, stub=lambda z: 0 * z)(lambda z: z - z)).startswith("○ Not tried yet")


def test_a_number_that_does_not_depend_on_the_input_was_tried():
    refusal(double(lambda z: 4))


# What is said.


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: 2 * z[:1], "Expected shape (2,), got (1,), for z = [1, 2]."),
        (
            lambda z: z**2 + 2,
            "Expected 2 at index [0], got 3, for z = [1, 2].\n  Next: multiply by 2.",
        ),
        (lambda z: np.float32(2 * z), "of dtype float32 instead of float64, for z = [1, 2]."),
        (lambda z: print(2 * z), "returned None for z = [1, 2].\n  A function without `return`"),
        (lambda z: np.multiply(z, 2, out=z), "changed the array that it was given"),
        (lambda z: z.sum(), "Expected shape (2,), got (), for z = [1, 2]."),
        (lambda z: (z, 2 * z, z), "a tuple of 3 results, for z = [1, 2], and one is asked for."),
        (lambda z: (z.sum(), 2 * z), "a tuple of 2 results of different shapes"),
        (
            lambda z: (y for y in z),
            "Got a generator, not numbers, for z = [1, 2].\n  Next: use `return`",
        ),
        (lambda z: [None, None], "Got a NoneType, not numbers, for z = [1, 2]."),
        (lambda z: 2 * z * (1 + 1e-5), "Expected 2 at index [0], got 2.00002"),
        (lambda z: 2 * z * (1 + 1e-5), "That is close, but some digits are wrong."),
        (lambda z: 2j * z, "Got complex numbers"),
        (lambda z: lambda: z, "Got a function, not numbers, for z = [1, 2].\n  Next: call it"),
        (3.0, "A function is asked for, and this is 3."),
        (np.array([2.0]), "A function is asked for, and this is [2]."),
    ],
)
def test_a_wrong_function_is_told_what_came_out_and_where(answer, says):
    assert says in refusal(double(answer))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (0.5, "✗ You have 0.5, which is not right.\n  Next: halve a half."),
        (0.250001, "✗ You have 0.250001, which is not right.\n  That is close"),
        (np.array([0.25]), "Expected one number, got an array of shape (1,).\n  Next: take the"),
        (np.array([0.25, 1]), "Expected one number, got an array of shape (2,)."),
        (lambda: 0.25, "this is a function.\n  Next: call it, with parentheses"),
        (lambda x: 0.25, "this is a function.\n  Next: pass the numbers themselves."),
        (
            (0, 25),
            "A comma makes a tuple: Python writes decimals with a point.\n  Next: write 0.25 ",
        ),
        ((0.5, 25), "Got a tuple of 2 results, and one is asked for.\n  Next: give only the one"),
        ("0,25", "without quotation marks, and with a point for the comma"),
        ("1/4 of x", "give the number itself, or the numbers in a list"),
        (
            "0.25",
            "Got the text '0.25', not numbers.\n  Next: write the number without quotation marks.",
        ),
    ],
)
def test_a_wrong_value_is_told_what_it_is_and_never_the_right_one(answer, says):
    assert says in refusal(quarter(answer))


@each("shift", [10.0**-k for k in range(1, 16)])
@each("kind", [float, np.float32, np.float16])
def test_what_was_expected_and_what_came_never_print_the_same(shift, kind):
    check = Exercise(task="", right=lambda a: 2**0.5, hint="go on.", cases=((0.0,),), rtol=1e-16)
    wrong = kind(2**0.5 * (1 + shift))
    verdict = check(lambda a: wrong)
    if not verdict:  # otherwise nearer than its dtype can tell
        expected, got = verdict.what.removesuffix(", for a = 0.").split(", got ")
        assert expected != f"Expected {got}"


def test_a_mistake_that_happens_to_be_right_on_a_case_is_not_blamed():
    check = Exercise(
        task="Write the square.",
        right=lambda z: z**2,
        hint="multiply z by itself.",
        cases=((2.0,), (3.0,)),
        mistakes=(Mistake(lambda z: 2 * z, "That is 2z.", "multiply z by itself."),),
    )
    assert "2z" not in refusal(check(lambda z: z**3))
    assert "Expected 9, got 6, for z = 3.\n  That is 2z." in refusal(check(lambda z: 2 * z))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: -2 * z, "Each number has the wrong sign."),
        (lambda z: 3 * z, "Each number is 1.5 times the right one."),
        (lambda z: 2 * z / 7, "Each number is 0.1429 times the right one."),
        (lambda z: (2 * z).T, "The numbers are right, but rows and columns are swapped."),
        (lambda z: (2 * z).ravel(), "The numbers are right, and so is their order, but not the"),
        (lambda z: np.atleast_2d(2 * z), "The numbers are right, and so is their order, but not"),
    ],
)
def test_what_wrong_numbers_have_in_common_with_the_right_ones_is_told(answer, says):
    assert f"\n  {says}" in refusal(double(answer))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: z * 0.7 // 1, "Each number is the right one cut to a whole number."),
        (lambda z: np.trunc(z * 0.7), "Each number is the right one cut to a whole number."),
        (
            lambda z: np.round(0.7 * z, 1),
            "the right one rounded to 1 decimal place.",
        ),
        (
            lambda z: np.vectorize(lambda x: x if x > 0.2 else 0)(z * 0.7),
            "What came back is of dtype int64, whole numbers",
        ),
        # These share nothing with the right numbers, or with one case alone.
        (lambda z: np.zeros(z.shape), ""),
        (lambda z: -0.7 * z if z.ndim == 1 else z, ""),
        (lambda z: 0.7 * abs(z) + 0.3, ""),
    ],
)
def test_a_pattern_is_told_only_where_it_holds(answer, says):
    shares = Exercise(
        task="Write seven tenths of z.",
        right=lambda z: 0.7 * z,
        hint="multiply by 0.7.",
        cases=((np.array([0.1, 2.03]),), (np.array([[0.1, 5.04, 7.01], [-3.02, 1.5, 1e3]]),)),
    )
    assert says in refusal(shares(answer)).partition("\n")[2]
    assert says or refusal(shares(answer)).count("\n") == 1


def test_two_numbers_that_grow_by_the_same_share_may_do_so_by_chance():
    assert "times the right one" not in str(exercises.check_whole_loss(running_mean))


def running_mean(means, totals):
    mean = means[0]
    for other in means[1:]:
        mean = (mean + other) / 2
    return mean


def test_a_wrong_number_comes_before_a_wrong_dtype():
    def answer(z):
        return np.where(np.isnan(z), 0.0, np.maximum(z, 0)).astype(float)

    assert "Expected nan at index [1], got 0" in refusal(exercises.check_relu(answer))


# Errors.


def spelled_wrong(z):
    return 2 * y  # noqa: F821


def without_a_value(z):
    if z.ndim > 5:
        twice = 2 * z
    return twice


class OddError(Exception):
    def __str__(self):
        raise ValueError("no text")


def with_a_message_that_fails(z):
    raise OddError


def with_errors_raised(z):
    np.seterr(over="raise")
    return np.exp(1000 * z)


def endless(z):
    return endless(z)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: max(0, z), "Python's own max and min"),
        (lambda z: 2 * z if z > 0 else z, "`if` and `while` decide once"),
        (lambda z: 2 * z * (z > 0 and z < 1), "`and`, `or` and `not` decide once"),
        (lambda z: np.max(0, z), "the second argument of np.max, np.min and np.sum is an axis"),
        (lambda z: __import__("math").exp(z), "take one number, not an array"),
        (lambda z: float(z), "take one number, not an array"),
        (lambda z: z @ np.ones((3, 2)), "A matrix product needs the columns of the first"),
        (lambda z: np.dot(z, np.ones((3, 2))), "A matrix product needs the columns of the first"),
        (lambda z: z @ 2.0, "@ multiplies matrices and rows, not plain numbers."),
        (lambda z: z + np.ones(7), "they must be equal, or one of them 1"),
        (lambda z: np.ones((5, 7)) / np.ones((5, 7)).max(1), "with keepdims=True, so that each"),
        (lambda z: z + np.ones((5, 7)).max(axis=1), "they must be equal, or one of them 1"),
        (lambda z: softmax(np.ones((5, 7))) - np.eye(5), "they must be equal, or one of them 1"),
        (np.power, "The check calls it as power(z).\n  Next: write a function of your own that"),
        (lambda z: z.sum(axis=1), "one row alone is an array with one axis"),
        (lambda z: z[0, 0], "There are more brackets than axes"),
        (lambda z: z[9], "An index points past the end"),
        (lambda z: z[1.0], "An index must be a whole number"),
        (lambda z: np.array([[1.0], z]), "pieces of different shapes"),
        (lambda z: len(z[0]), "it has no length"),
        (lambda: 1, "The check calls it as f(z).\n  Next: write its first line as `def f(z):`"),
        (lambda z: relu(), "called with too few or too many arguments"),
        (lambda z: z.sum(dims=0), "an argument by a name that it does not have"),
        (lambda z: z(2), "Parentheses after something that is no function mean a call"),
        (lambda z: z + None, "A step gave None"),
        (lambda z: z.exp(), "What stands before the point does not have what stands after it"),
        (lambda z: [1, 2] - [1], "The two sides of an operation do not go together"),
        (lambda z: float("two"), "Text was taken for a number"),
        (lambda z: 1 / 0, "Something was divided by a 0"),
        (lambda z: __import__("math").exp(1000), "beyond what a float can hold"),
        (lambda z: __import__("math").log(-1), "refuse 0 or negative numbers"),
        (lambda z: __import__("nowhere"), "Something is imported that is not there"),
        (lambda z: exit(), "exit() ends the program"),
        (spelled_wrong, "A name is used that does not exist at this point"),
        (without_a_value, "is local, and here it has none yet"),
        (endless, "The function calls itself and never comes to an end"),
        (with_a_message_that_fails, "raised OddError, in the line `raise OddError`"),
        (with_errors_raised, "A number grew beyond what the dtype can hold; np.seterr"),
        (lambda z: z ^ 2, "In Python ^ is no power"),
        (lambda z: 2.0 ^ 2, "In Python ^ is no power"),
        (lambda z: np.concatenate([z[None], z]), "that have the same number of axes"),
        (lambda z: [1, 2].sum(), "A list or a tuple stands where an array or a tensor belongs"),
        (lambda z: z[0] @ z[1], "@ multiplies matrices and rows, not plain numbers"),
    ],
)
def test_an_error_is_explained_by_kind(answer, says):
    said = refusal(double(answer))
    assert says in said and " raised " in said and ", for z = [1, 2]." in said


def test_an_error_keeps_its_type_and_message_and_names_the_line():
    said = refusal(double(spelled_wrong))
    assert "spelled_wrong raised NameError: name 'y' is not defined" in said
    assert "in the line `return 2 * y # noqa: F821`" in said


def test_numpys_own_advice_on_truth_values_would_lead_astray():
    said = refusal(double(lambda z: max(0, z)))
    assert "is ambiguous" in said and "a.any()" not in said


if torch is not None:

    def nothing_saved(ctx, upstream):
        (t,) = ctx.saved_tensors
        return upstream * t

    def sent_back(backward, z):
        """Send ones through a Function with this backward pass."""

        class Sent(torch.autograd.Function):
            @staticmethod
            def forward(ctx, t):
                return t + 0

            @staticmethod
            def backward(ctx, upstream):
                return backward(ctx, upstream)

        Sent.apply(torch.tensor(z, requires_grad=True)).sum().backward()


@needs_pytorch
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: F.softmax(z, dim=1), "make a tensor first"),
        (lambda z: F.relu(z), "make a tensor first"),
        (lambda z: torch.where(z > 0, z, 0.0), "and this is a NumPy array or a number"),
        (lambda z: F.relu((torch.tensor(z),)), "this is a tuple or a list of several things"),
        (lambda z: sent_back(lambda ctx, g: g.sum(), z), "leave out the sum or the mean"),
        (lambda z: sent_back(lambda ctx, g: (g, g), z), "a gradient for each argument"),
        (lambda z: sent_back(lambda ctx, g: g.numpy(), z), "has to return a tensor"),
        (
            lambda z: nn.CrossEntropyLoss(torch.tensor(z), torch.tensor(z)),
            "build it first and call",
        ),
        (lambda z: nn.BCEWithLogitsLoss(torch.tensor(z), torch.tensor(z)), "build it first and"),
        (lambda z: nn.Softmax(torch.tensor(z)), "nn.Softmax, which was built but not called"),
        (lambda z: max(torch.tensor(z), 0), "Python's own max and min"),
        (lambda z: z if torch.tensor(z) > 0 else 0, "`if` and `while` decide once"),
        (lambda z: F.softmax(torch.tensor([1, 2]), dim=0), "whole numbers where decimals belong"),
        (lambda z: np.exp(torch.tensor(z, requires_grad=True)), "up to the end"),
        (lambda z: torch.tensor(z).sum().backward(), "No gradient comes back"),
        (lambda z: torch.tensor(z) @ torch.ones(3, 2), "A matrix product needs|wrong dtype"),
        (lambda z: torch.tensor(z) + torch.ones(5), "they must be equal, or one of them 1"),
        (lambda z: torch.tensor(z).sum(dim=3), "This input has fewer axes than that"),
        (lambda z: F.binary_cross_entropy(*torch.tensor([[3.0], [1.0]])), "takes probabilities"),
        (lambda z: F.nll_loss(torch.ones(2, 2), torch.ones(2)), "wants a class number|wrong dtype"),
        (lambda z: nn.ReLU.apply(torch.tensor(z)), "derive it from torch.autograd.Function"),
        (
            lambda z: sent_back(nothing_saved, [1.0, 1.0]),
            "write ctx.save_for_backward(t) in forward",
        ),
    ],
)
def test_an_error_of_pytorch_is_explained_by_kind(answer, says):
    said = refusal(double(answer))
    assert any(part in said for part in says.split("|"))


# Calls, prints and state.


def test_a_function_is_called_once_for_each_case():
    for name, check in CHECKS.items():
        if callable(check.right):
            calls = Counter()

            def counted(*arguments, calls=calls, right=check.right):
                calls["all"] += 1
                return right(*arguments) + 1

            check(counted)
            assert calls["all"] == len(check.cases), name


def test_what_a_function_prints_appears_once(capsys):
    double(lambda z: print("seen") or 2 * z)
    assert capsys.readouterr().out == "seen\n✓ Right.\n"
    double(lambda z: print("seen", z.shape) or (2 * z if z.ndim == 1 else z))
    assert capsys.readouterr().out.startswith("seen (2, 3)\n✗ Expected 2")
    double(lambda z: [print(n) for n in range(10**5)] and 2 * z)
    assert capsys.readouterr().out.count("\n") < 20


def test_a_counter_or_chance_does_not_confuse_a_verdict():
    calls = iter(range(100))
    assert "got 3" in refusal(double(lambda z: 2 * z if next(calls) else 3 * z))


def state():
    found = [np.geterr(), np.get_printoptions(), list(warnings.filters)]
    if torch:
        found += [torch.is_grad_enabled(), torch.get_default_dtype()]
        found += [dict(vars(torch._tensor_str.PRINT_OPTS))]
    return found


def set_everything():
    np.seterr(all="raise")
    np.set_printoptions(precision=1, suppress=True)
    warnings.simplefilter("error")
    if torch:
        torch.set_grad_enabled(False)
        torch.set_default_dtype(torch.float64)
        torch.set_printoptions(precision=1)


def test_what_an_answer_sets_does_not_leak_out():
    before = state()
    assert double(lambda z: set_everything() or 2 * z)
    assert state() == before


@checks
def test_what_a_reader_has_set_breaks_no_check(check):
    with warnings.catch_warnings(), np.errstate(), np.printoptions():
        grad = torch and torch.is_grad_enabled()
        dtype = torch and torch.get_default_dtype()
        options = torch and dict(vars(torch._tensor_str.PRINT_OPTS))
        said = [str(verdict(check, number)) for number in range(len(check.mistakes))]
        set_everything()
        try:
            assert check(check.right)
            assert [str(check(mistake.answer)) for mistake in check.mistakes] == said
        finally:
            if torch:
                torch.set_grad_enabled(grad)
                torch.set_default_dtype(dtype)
                vars(torch._tensor_str.PRINT_OPTS).update(options)


def test_a_verdict_comes_from_values_and_not_from_warnings():
    assert double(lambda z: 2 * z + 0 * np.minimum(1 / np.zeros(1), 0))


INTERRUPTED = """
from actlib import exercises
def my_relu(z):
    while True:
        pass
exercises.check_relu(my_relu)
"""


# In a process of its own: what it leaves open would warn during some later test.
ASK_A_KERNEL = """
import json, sys, threading
from jupyter_client.manager import start_new_kernel

code, stop_after = json.loads(sys.argv[1])
manager, client = start_new_kernel(kernel_name="python3")
messages = []

def note(message):
    messages.append([message["msg_type"], message["content"]])
    if stop_after and message["content"].get("execution_state") == "busy":
        threading.Timer(stop_after, manager.interrupt_kernel).start()

try:
    client.execute_interactive(code, output_hook=note, timeout=60)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(messages, default=str))
"""


def in_a_kernel(code, stop_after=None):
    """Return the messages of a cell, which is interrupted after some seconds."""
    command = [sys.executable, "-c", ASK_A_KERNEL, json.dumps([code, stop_after])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_endless_loop_can_be_stopped_with_a_message_that_makes_sense():
    (message,) = [c for kind, c in in_a_kernel(INTERRUPTED, 4) if kind in ("stream", "error")]
    said = message["text"]
    assert said.startswith("✗ Stopped: your function was still running for z = [-2, ")
    assert "\n  Next: look at the condition that ends the loop" in said


def test_a_notebook_shows_the_sentence_and_no_stray_value():
    shown = [
        (kind, content)
        for kind, content in in_a_kernel("from actlib import exercises\nexercises.check_rank(10)")
        if kind in ("stream", "execute_result", "display_data", "error")
    ]
    ((kind, content),) = shown
    assert kind == "stream" and content["text"].startswith("✗ You have 10")


def test_verdicts_count_and_decide():
    assert sum([double(lambda z: z + z), double(np.abs), double(None)]) == 1
    assert double(lambda z: z + z) == True and not double(np.abs)  # noqa: E712


# Numbers of every type.


def half_precision(z):
    z = z.astype(np.float16)
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("temperature", Fraction(455, 1000)),
        ("temperature", Decimal("0.455")),
        ("temperature", np.float16(0.4551)),
        ("temperature", np.float32(0.4551)),
        ("temperature", np.longdouble(0.4551)),
        ("temperature", np.array(0.4551)),
        ("rank", 5.0),
        ("rank", np.int8(5)),
        ("rank", Fraction(5)),
        ("collapse", (-3, Fraction(9, 2))),
        ("collapse", [Decimal(-3), 4.5]),
        ("collapse", [np.array(-3.0), np.float32(4.5)]),
        ("learned_numbers", np.array([2411, 2442])),
        ("learned_numbers", (2411.0, Fraction(2442))),
        ("leaky_gain", lambda alpha: (2 / (1 + Decimal(alpha) ** 2)).sqrt()),
        ("leaky_gain", lambda alpha: np.float16(np.sqrt(2 / (1 + alpha**2)))),
        ("silu_grad", half_precision),
        ("silu_grad", lambda z: exercises.check_silu_grad.right(z.astype(np.float32))),
        ("dead_everywhere", lambda w, b: [int(v) for v in np.abs(w).sum(0) <= -b]),
        ("leaky_relu", lambda z, alpha: np.where(z > 0, z, alpha * z).tolist()),
        ("loss_from_logits", lambda z, label: np.logaddexp.reduce(z) - z[label]),
        ("relu", lambda z: z.clip(min=0)),
        ("ramp", lambda x, left, right: (relu(x - left) - relu(x - right)) / (right - left)),
    ],
)
def test_right_answers_pass_in_any_type(name, answer):
    assert CHECKS[f"check_{name}"](answer)


DTYPES = ("float16", "bfloat16", "float32", "float64")


@needs_pytorch
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("tracked", [False, True])
def test_tensors_of_every_dtype_pass(dtype, tracked):
    def tensor(x):
        return torch.tensor(x, dtype=getattr(torch, dtype), requires_grad=tracked)

    assert exercises.check_torch_probabilities(lambda z: F.softmax(tensor(z), dim=1))
    assert exercises.check_silu_grad(lambda z: tensor(exercises.check_silu_grad.right(z)))
    assert exercises.check_collapse(tensor([-3.0, 4.5]))
    assert exercises.check_collapse([tensor(-3.0), tensor(4.5)])
    assert exercises.check_leaky_gain(lambda alpha: tensor(float(np.sqrt(2 / (1 + alpha**2)))))
    assert exercises.check_rank(tensor(5.0)) and not exercises.check_rank(tensor(10.0))


# What the text rules out, and what is not given away.


def by_jacobian(p, g):
    j = p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])
    return (j @ g[..., None])[..., 0]


def by_jacobian_of_tensors(p, g):
    p, g = torch.tensor(p), torch.tensor(g)
    return ((torch.diag_embed(p) - p[..., None] * p[..., None, :]) @ g[..., None])[..., 0]


def larger_of(u, v):
    return np.maximum(u, v)


def hidden_maximum(u, v):
    def larger(a, b):
        return np.maximum(a, b)

    return larger(u, v)


def local_maximum(u, v):
    from numpy import fmax as larger

    return larger(u, v)


@pytest.mark.parametrize(
    ("name", "answer", "seen"),
    [
        ("max_of_two", np.maximum, "uses maximum"),
        ("max_of_two", lambda u, v: np.maximum(u, v), "uses np.maximum"),
        ("max_of_two", lambda u, v: np.where(u > v, u, v), "np.where|compares"),
        ("max_of_two", lambda u, v: u * (u > v) + v * (u <= v), "compares"),
        ("max_of_two", lambda u, v: (u + v + abs(u - v)) / 2, "uses abs"),
        ("max_of_two", hidden_maximum, "maximum"),
        ("max_of_two", lambda u, v: larger_of(u, v), "np.maximum"),
        ("max_of_two", partial(larger_of), "np.maximum"),
        ("max_of_two", local_maximum, "fmax"),
        ("ramp", lambda x, a, b: (abs(x - a) - abs(x - b)) / (b - a) / 2 + 0.5, "uses abs"),
        ("ramp", lambda x, left, right: np.clip((x - left) / (right - left), 0, 1), "np.clip"),
        ("ramp", lambda x, left, right: relu((x - left) / (right - left)).clip(max=1), "clip"),
        ("max_of_two", lambda u, v: v + (u - v) * np.greater(u, v), "uses np.greater"),
        ("max_of_two", lambda u, v: v + (u - v) * (u - v).__gt__(0), "uses .__gt__"),
        ("max_of_two", lambda u, v: (u + v + ((u - v) ** 2) ** 0.5) / 2, "takes a power (**)"),
        ("max_of_two", lambda u, v: np.stack([u, v]).max(axis=0), "uses .max,"),
        ("max_of_two", lambda u, v: getattr(np, "maximum")(u, v), "uses maximum"),  # noqa: B009
        ("tanh_from_sigmoid", lambda z: ACTIVATIONS["tanh"].value(z), "uses tanh"),
        ("tanh_slope", tanh_grad, "uses tanh_grad"),
        ("tanh_from_sigmoid", np.tanh, "uses tanh"),
        ("tanh_from_sigmoid", lambda z: 2 / (1 + np.exp(-2 * z)) - 1, "uses np.exp"),
        ("tanh_slope", lambda z: 1 / np.cosh(z) ** 2, "np.cosh overflows"),
        ("tanh_slope", lambda z: 4 / (np.exp(z) + np.exp(-z)) ** 2, "np.exp overflows"),
        ("softmax_backward", by_jacobian, "a matrix of shape (4, 4)"),
        (
            "loss_from_logits",
            lambda z, label: exercises.softmax.logsumexp(z) - z[label],
            "logsumexp",
        ),
    ],
)
def test_what_the_text_rules_out_is_found(name, answer, seen):
    verdict = CHECKS[f"check_{name}"](answer)
    said = refusal(verdict)
    assert "The numbers are right, but " in said and any(part in said for part in seen.split("|"))


@needs_pytorch
@pytest.mark.parametrize(
    ("name", "answer", "seen"),
    [
        ("softmax_backward", by_jacobian_of_tensors, "a matrix of shape (4, 4)"),
        (
            "tanh_slope",
            lambda z: 4 / (torch.tensor(z).exp() + torch.tensor(-z).exp()) ** 2,
            "torch.exp overflows",
        ),
    ],
)
def test_what_the_text_rules_out_is_found_in_tensors_too(name, answer, seen):
    assert f"The numbers are right, but {seen}" in refusal(CHECKS[f"check_{name}"](answer))


@needs_pytorch
def test_what_the_text_allows_passes_in_tensors_too():
    def answer(p, g):
        p, g = torch.tensor(p), torch.tensor(g)
        return p * (g - (p * g).sum(-1, keepdim=True))

    def slope(z):
        q = torch.exp(-2 * torch.tensor(z).abs())
        return 4 * q / (1 + q) ** 2

    assert exercises.check_softmax_backward(answer) and exercises.check_tanh_slope(slope)


@needs_pytorch
def test_softplus_itself_is_found():
    def by_autograd(f, z):
        t = torch.tensor(z, requires_grad=True)
        a = f(t)
        (slope,) = torch.autograd.grad(a.sum(), t)
        return a.detach().numpy(), slope.numpy()

    # PyTorch gives up at the threshold 20; a higher one is right at all cases.
    verdict = exercises.check_torch_softplus(
        lambda z: by_autograd(lambda t: F.softplus(t, threshold=40), z)
    )
    assert "uses F.softplus" in refusal(verdict)
    assert exercises.check_torch_softplus(
        lambda z: by_autograd(lambda t: torch.logaddexp(t, torch.zeros_like(t)), z)
    )


def relu_of_ones_own(z):
    return np.where(z > 0, z, 0)


relu_of_ones_own.__name__ = "relu"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("max_of_two", lambda u, v: v + relu_of_ones_own(u - v)),
        ("max_of_two", lambda u, v: (u + v + relu(u - v) + relu(v - u)) / 2),
        ("ramp", lambda x, left, right: relu((x - left) / (right - left)) - relu(
            (x - left) / (right - left) - 1)),
        ("tanh_from_sigmoid", lambda z: sigmoid(2 * z) - sigmoid(-2 * z)),
        ("tanh_from_sigmoid", lambda z: 2 * ACTIVATIONS["sigmoid"].value(2 * z) - 1),
        ("tanh_from_sigmoid", lambda z: {"tanh": 2 * sigmoid(2 * z) - 1}["tanh"]),
        ("tanh_slope", lambda z: 4 * sigmoid(2 * z) * sigmoid(-2 * z)),
        ("softmax_backward", lambda p, g: p * g - p * np.einsum("...i,...i", p, g)[..., None]),
    ],
)  # fmt: skip
def test_what_the_text_allows_passes(name, answer):
    assert CHECKS[f"check_{name}"](answer)


@checks
def test_a_check_shows_its_task_and_not_its_answer(check):
    shown = f"{check!r}\n{inspect.getdoc(check)}"
    assert check.task in repr(check) and inspect.getdoc(check) == check.task
    assert len(check.task) > 30 and check.task.endswith(".")
    if callable(check.right):
        arguments = list(inspect.signature(check.right).parameters)
        assert all(name in check.task for name in arguments)
    else:
        assert not any(f"{number:.3g}" in shown.split() for number in np.ravel(check.right))
    assert "0x" not in shown and "Mistake" not in shown


@checks
def test_a_question_mark_shows_the_task_and_nothing_of_the_machinery(check):
    # `check?` prints the docstring of the object, and that of its class if there is one.
    oinspect = pytest.importorskip("IPython.core.oinspect")
    assert oinspect.getdoc(check) == check.task and not oinspect.getdoc(type(check))


def test_the_checks_load_no_pytorch_and_no_plots():
    code = "import sys, actlib.exercises; print({'torch', 'matplotlib'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# Wrong answers that were once accepted, right ones that were refused, reasons that were false.


def shifted(shift):
    def answer(z):
        e = np.exp(z - shift(z))
        return e / e.sum(axis=-1, keepdims=True)

    return answer


@pytest.mark.parametrize(
    ("name", "answer", "says", "not_says"),
    [
        ("softmax_rows", shifted(lambda z: abs(z).max(-1, keepdims=True)), "absolute",
         "one maximum"),
        ("softmax_rows", shifted(lambda z: max(z)), "z.max(axis=-1, keepdims=True)", "`if`"),
        ("max_of_two", lambda u, v: max(u, v), "leave every choice to relu", "np.maximum"),
        ("max_of_two", lambda u, v: u if u > v else v, "leave every choice to relu", "np.where"),
        ("squared_relu_function", lambda t, upstream: np.stack([
            relu(t) ** 2, 2 * relu(t) * np.sign(upstream)]), "Expected", "slope alone"),
        ("loss_from_logits", lambda z, label: np.log(np.exp(z - z[label]).sum()), "np.exp sees",
         "rounds to 0"),
        ("loss_from_logits", lambda z, label: -np.log(np.clip(softmax(z)[label], 1e-12, 1)),
         "kept away from 0", "infinite"),
        ("relu", lambda z: np.maximum(z, np.zeros_like(z, float)), "float32 became float64",
         "np.zeros was"),
        ("relu", lambda z: np.fmax(z, 0), "nan became 0", "branch.\n  Next: choose"),
        ("layer_grad", lambda x, w, b, g: x.T @ (g * 0.5 * (
            (x @ w + b > 0) + (x @ w + b >= 0))), "half of their gradient", "counts as 1/2"),
        ("layer_grad", lambda x, w, b, g: x.T @ (g * (x @ w + b > 0)) / x.shape[1], "Expected",
         "number of rows"),
    ],
)  # fmt: skip
def test_a_reason_is_true(name, answer, says, not_says):
    said = refusal(CHECKS[f"check_{name}"](answer))
    assert says in said and not_says not in said
