"""A small network trained in the page: how an activation affects boundary, gradients, units.

`figure` is what the reader sees and moves; `training.js` trains the network in the page, with
the activations that `tables` packs and the points that `plane` draws; `presets` are the
experiments on offer.
"""

from .figure import Playground
