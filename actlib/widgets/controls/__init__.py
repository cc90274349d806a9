"""Ordinary ipywidgets controls that drive a figure of the reader's own."""

from .figure import Controls
