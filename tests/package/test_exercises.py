"""Every check accepts its right answer and names each of the mistakes it lists."""

import numpy as np
import pytest

from actlib import exercises
from actlib.exercises import Exercise, Mistake

CHECKS = {name: check for name, check in vars(exercises).items() if name.startswith("check_")}
MISTAKES = [
    pytest.param(check, mistake, id=f"{name}-{number}")
    for name, check in CHECKS.items()
    for number, mistake in enumerate(check.mistakes)
]
checks = pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)

double = Exercise(right=lambda z: 2 * z, cases=((np.array([1.0, 2.0]),),), dtype=True)


@checks
def test_the_right_answer_passes(check, capsys):
    assert check(check.right) is True
    assert capsys.readouterr().out.startswith("✓ ")


@pytest.mark.parametrize(("check", "mistake"), MISTAKES)
def test_a_listed_mistake_is_named(check, mistake, capsys):
    assert check(mistake.answer) is False
    out = capsys.readouterr().out
    assert out.startswith("✗ ") and mistake.says in out


@checks
def test_a_check_lists_at_least_three_mistakes(check):
    assert len(check.mistakes) >= 3


@checks
@pytest.mark.parametrize("answer", [None, "text", 1j, [], lambda: 1, lambda *_: None, object()])
def test_a_strange_answer_gets_one_sentence(check, answer, capsys):
    assert check(answer) is False
    out = capsys.readouterr().out
    assert out.startswith("✗ ") and out.count("\n") == 1 and "Traceback" not in out


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda z: 2 * z[:1], "Expected shape (2,) for [1, 2], got (1,)"),
        (lambda z: 3 * z, "Expected 2 at index [0] for [1, 2], got 3."),
        (lambda z: (2 * z).astype(np.float32), "Expected dtype float64 for [1, 2], got float32"),
        (lambda z: 1 / 0, "raised ZeroDivisionError for [1, 2]: division by zero"),
        (lambda z: None, "is the `return` missing"),
        (lambda z: np.multiply(z, 2, out=z), "changed its input"),
        (lambda z: 2 * z + np.exp(np.log(z - 1)) * 0, "there is a warning: divide by zero"),
        (lambda z: float(z.sum()), "Expected shape (2,) for [1, 2], got ()."),
        # NumPy's own advice, a.any() or a.all(), would lead astray here.
        (lambda z: max(0, z), "np.where and np.maximum take each in turn.\n"),
        (lambda z: 2 * z if z > 0 else z, "raised ValueError for [1, 2]: `if` and `max` take one"),
        (3.0, "Expected a function, got 3:"),
    ],
)
def test_a_wrong_function_is_told_what_is_wrong(answer, says, capsys):
    assert double(answer) is False
    assert says in capsys.readouterr().out


def test_a_wrong_value_is_not_told_the_answer(capsys):
    assert Exercise(right=0.25)(0.5) is False
    assert capsys.readouterr().out == "✗ Got 0.5, which is not right yet.\n"


def test_an_array_where_one_number_is_wanted_is_told_so(capsys):
    assert Exercise(right=0.25)(np.array([0.25])) is False
    assert capsys.readouterr().out == "✗ Expected one number, got an array of shape (1,).\n"
    norm = Exercise(right=lambda z: float(abs(z).sum()), cases=((np.array([1.0, -2.0]),),))
    assert norm(abs) is False
    out = capsys.readouterr().out
    assert out == "✗ Expected one number for [1, -2], got an array of shape (2,).\n"


def test_a_mistake_that_happens_to_be_right_on_a_case_is_not_blamed(capsys):
    check = Exercise(
        right=lambda z: z**2,
        cases=((2.0,), (3.0,)),
        mistakes=(Mistake(lambda z: 2 * z, "that is 2z."),),
    )
    assert check(lambda z: z**3) is False
    assert "2z" not in capsys.readouterr().out
    assert check(lambda z: 2 * z) is False
    assert "2z" in capsys.readouterr().out
