"""The tests that hold many cases report each case that fails, and only those."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from each import each, refuse_expected_failures


class Reports(dict):
    """What pytest's own `subtests` would report: {name: exception}."""

    @contextmanager
    def test(self, name):
        try:
            yield
        except BaseException as failure:
            self[name] = failure


def reported(test, **fixtures):
    reports = Reports()
    test(subtests=reports, **fixtures)
    return {name: type(failure).__name__ for name, failure in reports.items()}


def test_every_case_that_fails_is_reported_by_its_name_and_no_other():
    @each("a", [1, 2, 3])
    @each(("b", "c"), {"one": (1, 0), "two": (2, 0)})
    def law(a, b, c):
        assert a != b and c == 0

    assert reported(law) == {"one-1": "AssertionError", "two-2": "AssertionError"}


def test_an_error_a_failure_and_a_skip_stop_no_other_case():
    cases = {"passes": int, "fails": pytest.fail, "is skipped": pytest.skip, "is wrong": None}

    @each("does", cases)
    def law(does):
        does("3")

    assert reported(law) == {"fails": "Failed", "is skipped": "Skipped", "is wrong": "TypeError"}


def test_every_case_draws_the_same_random_numbers(rng):
    drawn = []

    @each("a", [1, 2])
    def law(a, rng):
        drawn.append(rng.normal())

    assert reported(law, rng=rng) == {} and len({*drawn}) == 1


def test_no_cases_and_cases_of_one_name_are_refused():
    for cases, said in (([], "nothing is tested"), ([lambda: 1, lambda: 2], "of the same name")):
        with pytest.raises(AssertionError, match=said):
            each("a", cases)


def test_lists_whose_pairs_or_arguments_collide_are_refused():
    with pytest.raises(AssertionError, match="pairs of the same name"):
        each("a", {"c": 1, "b-c": 2})(each("b", {"a": 1, "a-b": 2})(lambda a, b: None))
    with pytest.raises(AssertionError, match="that two lists of cases give"):
        each("a", [1, 2])(each("a", [3, 4])(lambda a: None))


def test_methods_and_expected_failures_are_refused():
    with pytest.raises(AssertionError, match="not for methods"):
        each("a", [1, 2])(lambda self, a: None)

    @pytest.mark.xfail(strict=True)
    @each("a", [1, 2])
    def law(a):
        assert a == 3

    marks = {mark.name: mark for mark in law.pytestmark}
    item = SimpleNamespace(obj=law, nodeid="test_law", get_closest_marker=marks.get)
    with pytest.raises(pytest.UsageError, match="test_law: xfail is for a case"):
        refuse_expected_failures([item])
    item.obj = lambda: None
    refuse_expected_failures([item])
