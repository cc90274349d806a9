"""The explorer: activations together, their slopes, and where inputs meet a flat piece."""

from .figure import ActivationExplorer
