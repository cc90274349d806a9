"""Activations above their slopes: one to look at, or many to choose from and compare.

`figure` is what the reader sees and moves; `sketch` draws its still picture small; `slices` cuts
functions of one number from those that take a row or a pair.
"""

from .figure import ValueAndSlope
