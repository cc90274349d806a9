"""How the sizes of activations and gradients change from layer to layer of a deep network."""

from .figure import DepthFlow
