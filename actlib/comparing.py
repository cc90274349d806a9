"""Compare two ways of training seed by seed: the mean difference and how sure it is.

The rule of the course: train both from the same seeds, subtract seed by seed, and state the mean
difference with its standard error, over at least 15 seeds where it is under two points. The spread
of each way over its seeds is the wrong yardstick: most of it is shared, and goes when the two are
subtracted.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Difference:
    """What `paired` found; as text, one line to print.

    `differences`: shape (n,), first minus second, one for each seed, in `unit`.
    """

    differences: np.ndarray
    unit: str
    decimals: int

    @property
    def mean(self):
        """The mean difference."""
        return float(self.differences.mean())

    @property
    def standard_error(self):
        """The standard error of the mean: standard deviation (n − 1) over √n; nan for one seed."""
        n = self.differences.size
        return float(self.differences.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")

    @property
    def ahead(self):
        """In how many seeds the first is larger."""
        return int((self.differences > 0).sum())

    @property
    def level(self):
        """In how many seeds the two are equal."""
        return int((self.differences == 0).sum())

    @property
    def behind(self):
        """In how many seeds the first is smaller."""
        return int((self.differences < 0).sum())

    def __str__(self):
        n, d = self.differences.size, self.decimals
        unit = f" {self.unit}" if self.unit else ""
        error = f" ± {self.standard_error:.{d}f}" if n > 1 else ""
        level = f", level in {self.level}" if self.level else ""
        return (
            f"{self.mean:+.{d}f}{error}{unit} over {n} seed{'s' * (n > 1)}: "
            f"ahead in {self.ahead}{level}, behind in {self.behind}"
        ).replace("-", "−")


def paired(first, second, *, scale=100, unit="points", decimals=2):
    """Subtract two ways of training seed by seed.

    `first`, `second`: one number for each seed, shape (n,), the same seeds in the same order; by
    default accuracies as shares, whose differences come in percentage points. `scale`: what a
    difference is multiplied by, and `unit` what it then is in: 1 and "" for a loss. Returns a
    `Difference`. Raises ValueError where the two do not pair up, are empty, or hold NaN or an
    infinity, as after a run that broke.

    Source: the paired comparison of Student (1908).

    >>> print(paired([0.97, 0.96, 0.97], [0.95, 0.95, 0.97]))
    +1.00 ± 0.58 points over 3 seeds: ahead in 2, level in 1, behind in 0
    >>> print(paired([0.31, 0.30], [0.35, 0.36], scale=1, unit="nats"))
    −0.05 ± 0.01 nats over 2 seeds: ahead in 0, behind in 2
    """
    first, second = (np.asarray(values, dtype=float) for values in (first, second))
    if first.ndim != 1 or first.shape != second.shape or not first.size:
        raise ValueError(
            f"two results for each seed are compared, both of shape (n,): got {first.shape} "
            f"and {second.shape}"
        )
    broken = ~(np.isfinite(first) & np.isfinite(second))
    if broken.any():
        raise ValueError(
            f"the run of seed number {int(np.argmax(broken))} gave {first[broken][0]} and "
            f"{second[broken][0]}: say how many runs broke, and compare those that did not"
        )
    # Twelve digits, so that equal accuracies count as level whatever they were computed from.
    return Difference(np.round(scale * (first - second), 12), unit, decimals)
