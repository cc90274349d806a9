"""Two ways of training, compared seed by seed."""

import numpy as np
import pytest

from actlib.comparing import paired


def test_a_shared_spread_cancels(rng):
    seeds = rng.normal(0.9, 0.05, 20)
    gain = rng.normal(0.01, 0.001, 20)
    found = paired(seeds + gain, seeds)
    assert found.mean == pytest.approx(100 * gain.mean())
    assert found.standard_error == pytest.approx(100 * gain.std(ddof=1) / np.sqrt(20))
    assert found.ahead == 20 and found.level == found.behind == 0


def test_the_standard_error_is_that_of_a_one_sample_test(rng):
    from scipy import stats

    first, second = rng.random((2, 15))
    found = paired(first, second)
    t = stats.ttest_rel(first, second).statistic
    assert found.mean / found.standard_error == pytest.approx(t)


def test_equal_accuracies_are_level_however_they_were_computed():
    found = paired([0.1 + 0.2, 0.7], [0.3, 0.7])
    assert (found.ahead, found.level, found.behind) == (0, 2, 0)


def test_one_seed_has_no_standard_error():
    found = paired([0.9], [0.8])
    assert np.isnan(found.standard_error)
    assert str(found) == "+10.00 points over 1 seed: ahead in 1, behind in 0"


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ([1.0, 2.0], [1.0], r"two results for each seed .* \(2,\) and \(1,\)"),
        ([], [], r"two results for each seed"),
        ([[1.0]], [[1.0]], r"shape \(n,\)"),
        ([0.9, np.nan], [0.9, 0.1], r"seed number 1 gave nan and 0\.1: say how many runs broke"),
    ],
)
def test_what_does_not_pair_up_is_refused(first, second, says):
    with pytest.raises(ValueError, match=says):
        paired(first, second)
