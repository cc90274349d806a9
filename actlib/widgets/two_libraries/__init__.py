"""A function as two libraries compute it, and where the two part."""

from .figure import TwoLibraries
