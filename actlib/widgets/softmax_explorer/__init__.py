"""Scores to drag, what softmax makes of them, and the slopes of the loss."""

from .figure import SoftmaxExplorer
