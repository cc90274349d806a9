"""A NumPy multilayer perceptron that can be inspected while it learns.

- `mlp`: the network, its initial weights, its forward and backward passes
- `training`: mini-batch SGD with momentum, Adam, and the record of what happened
- `side_by_side`: many networks of one shape trained at once, for comparisons over seeds

>>> import numpy as np
>>> from actlib.datasets import xor
>>> rng = np.random.default_rng(0)
>>> x, y = xor(200, rng)
>>> net = MLP((2, 8, 2), "relu", "he", rng)
>>> history = train(net, x, y, lr=0.1, batch_size=20, epochs=20, rng=rng)
>>> bool(history.train_accuracy[-1] > 0.95)
True
"""

from .mlp import INITS, MLP, Gradients, Trace, dead_share, saturated_share
from .side_by_side import train_side_by_side
from .training import OPTIMIZERS, History, train

__all__ = [
    "INITS",
    "MLP",
    "OPTIMIZERS",
    "Gradients",
    "History",
    "Trace",
    "dead_share",
    "saturated_share",
    "train",
    "train_side_by_side",
]
