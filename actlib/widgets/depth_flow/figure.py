"""How the sizes of activations and gradients change from layer to layer of a deep network."""

import math
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from traitlets import Dict, Float, Int, Unicode, validate

from ... import datasets, networks, plotting
from ...activations import ACTIVATIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure

LAYERS, WIDTH, ROWS, SEEDS = 30, 64, 32, 4
# Gain k is sqrt(2)^(k - 2). Where all layers are equally wide, He's weights are Xavier's with
# the next gain, so one recording serves both; only the weights to the ten outputs would be
# smaller, which changes the size of the gradient by about 1 %.
GAINS = [0.5, 0.71, 1.0, 1.41, 2.0, 2.83, 4.0]
INITS = {
    "pytorch": {"title": "nn.Linear default", "draw": "pytorch", "start": 0},
    "xavier": {"title": "Xavier", "draw": "xavier", "start": 0},
    "he": {"title": "He", "draw": "xavier", "start": 1},
}
RECORDED = {"pytorch": len(GAINS), "xavier": len(GAINS) + 1}

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FINE, COARSE = 1000, 100  # steps per factor of ten: for the mean, for a seed relative to it


class DepthFlow(LivingFigure):
    """Show the sizes of activations and gradients, layer by layer, in untrained networks.

    names : elementwise activations, keys of `ACTIVATIONS`. Traits to set or observe:
    `activation`, one of the names; `init`, "pytorch" (the default of nn.Linear), "xavier" or
    "he"; `gain`, one of `GAINS`, a factor on the standard deviation of that initialisation;
    `depth`, the number of hidden layers, 1 to 30. A size is the root mean square over units and
    examples; all are dimensionless.

    Recorded when the figure is made: networks of 30 hidden layers of 64 units on 32 of the
    digits, 4 seeds each. A shallower network is shown as the first layers of these, with its
    gradient divided by that in its own last layer. Sizes are accurate to 0.2 % (mean of the
    seeds' logarithms) and 4 % (a seed relative to the mean). Raises ValueError for a name that
    is not an elementwise activation, and for one that changes a size more than a hundredfold in
    a layer, to 0 for example.

    >>> flow = DepthFlow(["tanh"], depth=10)
    >>> [round(factor, 1) for factor in flow.factors()]
    [0.9, 0.9]
    """

    name = "depth_flow"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 420

    activation = Unicode().tag(sync=True)
    init = Unicode("xavier").tag(sync=True)
    gain = Float(1.0).tag(sync=True)
    depth = Int(LAYERS, min=1, max=LAYERS).tag(sync=True)
    runs = Dict(read_only=True).tag(sync=True)

    def __init__(self, names=("sigmoid", "tanh", "relu", "gelu"), **traits):
        if not names:
            raise ValueError("name at least one activation, as in ['sigmoid']")
        for each in names:
            if each not in ACTIVATIONS or ACTIVATIONS[each].kind != "elementwise":
                raise ValueError(f"{each!r} is not an elementwise activation of the registry")
        recorded = {each: _record(each) for each in names}
        self._logs = {each: logs for each, (logs, _) in recorded.items()}
        float32 = np.finfo(np.float32)
        limits = (float32.smallest_subnormal, float32.tiny, float32.max)
        runs = {
            "layers": LAYERS,
            "seeds": SEEDS,
            "gains": GAINS,
            "inits": INITS,
            "float32": [round(math.log10(limit), 3) for limit in limits],
            "titles": {each: ACTIVATIONS[each].title for each in names},
            "texts": {each: texts for each, (_, texts) in recorded.items()},
        }
        self.set_trait("runs", runs)
        super().__init__(**{"activation": names[0], **traits})

    @validate("activation")
    def _activation_is_recorded(self, proposal):
        return self._known("activation", proposal["value"], list(self.runs["titles"]))

    @validate("init")
    def _init_is_recorded(self, proposal):
        return self._known("init", proposal["value"], list(INITS))

    @validate("gain")
    def _gain_is_recorded(self, proposal):
        return self._known("gain", proposal["value"], GAINS)

    def _known(self, what, value, choices):
        if value not in choices:
            raise ValueError(f"{what} must be one of {choices}, got {value!r}")
        return value

    def logs(self, name=None):
        """Return the base-10 logarithms of the sizes of activations and of gradients.

        name : an activation, by default the present one. Two arrays (seeds, depth), layer 1
        first; gradients are divided by that in layer `depth`, so that the last entry is 0.
        """
        chosen = INITS[self.init]
        place = chosen["start"] + GAINS.index(self.gain)
        forward, backward = self._logs[name or self.activation][chosen["draw"]][place]
        # The recording of the gradient starts in layer 30.
        backward = backward[:, ::-1][:, : self.depth]
        return forward[:, : self.depth], backward - backward[:, -1:]

    def factors(self):
        """Return the factors by which a layer multiplies the activations, and the gradient.

        Geometric means over layers and seeds, dimensionless; NaN for a single layer.
        """
        if self.depth == 1:
            return math.nan, math.nan
        forward, backward = (size.mean(axis=0) for size in self.logs())
        steps = self.depth - 1
        there, back = (forward[-1] - forward[0]) / steps, backward[0] / steps
        return float(10**there), float(10**back)

    def still(self):
        figure, axes = plt.subplots(2, figsize=(6, 5.3), sharex=True)
        for which, ylabel in enumerate(("activations", "gradient")):
            sizes = {title: 10 ** self.logs(each)[which] for each, title in self._titles()}
            plotting.layers(sizes, ylabel=f"size of {ylabel}", ax=axes[which])
        # The same scale for both, so that equal slopes mean equal factors.
        ends = [axes[0].get_ylim(), axes[1].get_ylim()]
        for ax in axes:
            ax.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))
            for line in [*ax.lines, *ax.get_legend().legend_handles]:
                line.set_marker("")
        axes[0].set_xlabel("")
        axes[1].get_legend().remove()
        figure.set_rasterized(False)  # few points, and rounded: they can be stored as lines
        return figure

    def _titles(self):
        return self.runs["titles"].items()

    def alt(self):
        init, plural = INITS[self.init]["title"], "" if self.depth == 1 else "s"
        start = f"{self.depth} layer{plural}, initial weights: {init}, gain {self.gain:g}"
        parts = []
        for each, title in self._titles():
            forward, backward = (size.mean(axis=0) for size in self.logs(each))
            parts.append(f"{title} {_size(backward[0])} and {_size(forward[-1])}")
        return (
            f"{start}. Size of the gradient in layer 1 (1 in the last layer) and of the "
            f"activations in the last layer: {'; '.join(parts)}."
        )

    def below(self):
        n = len(self.runs["titles"])
        return 16.5 + 2 * math.ceil(n / 4), 22.5 + 2 * math.ceil(n / 2)


def _size(log):
    return f"{10**log:.2g}" if -3 <= log < 4 else f"{10**log:.1e}"


@lru_cache(maxsize=32)
def _record(name):
    """Run the networks of one activation; return their sizes and the strings that encode them.

    Sizes: {draw: list over gains of [forward, backward], base-10 logarithms (seeds, layers)},
    rounded as in the strings; backward starts in the last layer.
    """
    data = datasets.digits(np.random.default_rng(0))
    x, y = data.x_train[:ROWS], data.y_train[:ROWS]
    logs, texts = {}, {}
    for draw, count in RECORDED.items():
        logs[draw], texts[draw] = [], []
        for k in range(count):
            runs = [_run(name, draw, 2 ** (k / 2 - 1), seed, x, y) for seed in range(SEEDS)]
            written = [_write(name, np.array(which)) for which in zip(*runs, strict=True)]
            logs[draw].append([rounded for rounded, _ in written])
            texts[draw].append("".join(text for _, text in written))
    return logs, texts


def _run(name, draw, gain, seed, x, y):
    sizes = (x.shape[1], *[WIDTH] * LAYERS, 10)
    net = networks.MLP(sizes, name, draw, np.random.default_rng(seed), gain=gain)
    forward = [_log_size(a) for a in net.trace(x).a[:-1]]
    backward = [_log_size(dz) for dz in net.gradients(x, y).z[-2::-1]]
    return forward, np.array(backward) - backward[0]


def _log_size(values):
    with np.errstate(divide="ignore"):
        return np.log10(np.mean(np.square(values))) / 2


def _write(name, logs):
    """Return logarithms (seeds, layers), rounded, and the string that encodes them.

    The string holds steps from layer to layer: those of the mean in two letters each, then those
    of each seed but the last, relative to the mean, in one letter. The last seed follows from
    the mean.
    """
    mean = logs.mean(axis=0)
    steps = np.diff(np.concatenate([[0], mean]))
    if not (np.abs(steps) < 2).all():
        raise ValueError(
            f"{name!r} changes sizes more than a hundredfold in a layer: choose another"
        )
    fine = np.rint(FINE * mean).astype(int)
    letters = [divmod(step + 2048, 64) for step in np.diff(fine, prepend=0)]
    text = [ALPHABET[letter] for pair in letters for letter in pair]
    beside = np.zeros(logs.shape)
    for seed in range(len(logs) - 1):
        at = 0
        for layer in range(logs.shape[1]):
            wanted = round(COARSE * (logs[seed, layer] - mean[layer])) - at
            # If a step is too large for one letter, the next one makes up for it.
            step = min(max(wanted, -32), 31)
            at += step
            beside[seed, layer] = at
            text.append(ALPHABET[step + 32])
    beside[-1] = -beside.sum(axis=0)
    return fine / FINE + beside / COARSE, "".join(text)
