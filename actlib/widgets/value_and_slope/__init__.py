"""Activations above their slopes: one to look at, or many to choose from and compare.

`figure` is what the reader sees and moves; `sketch` draws its still picture small.
"""

from .figure import ValueAndSlope
