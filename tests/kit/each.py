"""One law asked of many cases as one test, which reports each case that breaks it by name.

pytest.mark.parametrize makes a test of each case: right where a case is slow, or has fixtures or
marks of its own. Where a case takes microseconds, pytest's own work for a test (every worker
collects it; it is set up and reported) takes a hundred times as long as the case.
"""

from copy import deepcopy
from functools import wraps
from inspect import Parameter, signature

import numpy as np
import pytest

LEFT_BY = (Exception, pytest.fail.Exception, pytest.skip.Exception)


def each(names, cases):
    """Run a test with each of the cases, as parametrize would; used twice, with all pairs.

    `names` is an argument's name, or several in a tuple; `cases` are what it gets in turn, or a
    dict of name and case where a case does not say what it is. Every case gets an `rng` that
    starts anew, and what it sets in NumPy is put back; all other fixtures are shared by the cases.
    """
    named = [*cases.items()] if isinstance(cases, dict) else [(said(case), case) for case in cases]
    assert named, "without a case, nothing is tested"
    assert len(dict(named)) == len(named), f"cases of the same name: {[name for name, _ in named]}"
    together = isinstance(names, tuple)
    given = {
        name: dict(zip(names, case, strict=True)) if together else {names: case}
        for name, case in named
    }

    def fold(test):
        law, inside = getattr(test, "law", test), getattr(test, "pairs", {"": {}})
        assert "self" not in signature(law).parameters, "cases are for functions, not for methods"
        twice = {name for case in given.values() for name in case} & {*next(iter(inside.values()))}
        assert not twice, f"arguments that two lists of cases give: {twice}"
        pairs = {
            "-".join(filter(None, (inner, outer))): one | other
            for outer, one in given.items()
            for inner, other in inside.items()
        }
        assert len(pairs) == len(given) * len(inside), f"pairs of the same name in {[*pairs]}"

        @wraps(test)
        def every_case(subtests, **fixtures):
            __tracebackhide__ = True
            for name, case in pairs.items():
                anew = {"rng": deepcopy(fixtures["rng"])} if "rng" in fixtures else {}
                try:
                    with np.printoptions(), np.errstate():
                        law(**fixtures | anew | case)
                except LEFT_BY:
                    # A subtest only now, because each that passes would be reported too.
                    with subtests.test(name):
                        raise

        every_case.law, every_case.pairs = law, pairs
        filled = {name for case in pairs.values() for name in case}
        left = [p for p in signature(law).parameters.values() if p.name not in filled]
        left += [Parameter("subtests", Parameter.KEYWORD_ONLY)]
        every_case.__signature__ = signature(law).replace(parameters=left)
        return every_case

    return fold


def said(case):
    """Return the name of a case: what a function or type is called, else what it prints as."""
    return getattr(case, "__name__", None) or str(case)


def refuse_expected_failures(items):
    """Stop where a test of many cases is marked xfail: as a whole it passes, whatever they do."""
    for item in items:
        if item.get_closest_marker("xfail") and hasattr(getattr(item, "obj", None), "law"):
            raise pytest.UsageError(f"{item.nodeid}: xfail is for a case of parametrize, not @each")
