"""A small network trained in the page: how an activation affects boundary, gradients, units."""

from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlencode

import matplotlib.pyplot as plt
import numpy as np
from traitlets import Bool, Dict, Float, Int, List, Unicode, Union, observe, validate

from ... import networks, plotting
from ...activations import ACTIVATIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure
from . import digits, plane
from .presets import DEFAULTS, PLACES, PRESETS
from .tables import table

TITLES = {
    "data": {
        "moons": "two moons",
        "circles": "circles",
        "xor": "XOR",
        "two_spirals": "two spirals",
        "three_spirals": "three spirals",
        "digits": "digits",
    },
    "init": {"he": "He", "xavier": "Xavier", "lecun": "LeCun", "pytorch": "PyTorch"},
    "optimizer": {"sgd": "SGD", "adam": "Adam"},
}
# The range of each number, and the values that the figure offers.
RANGES = {
    "noise": (0, 0.5),
    "seed": (0, 2**32 - 1),
    "depth": (1, 10),
    "width": (1, 128),
    "gain": (0.01, 10),
    "lr": (1e-4, 100),
    "momentum": (0, 0.99),
    "batch_size": (1, digits.TRAIN),
}
STOPS = {
    "noise": [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
    "depth": list(range(1, 11)),
    "width": [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128],
    "gain": [0.5, 1, 1.41, 2, 3, 4],
    "lr": [0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1, 2, 3, 10],
    "momentum": [0, 0.5, 0.9, 0.99],
    "batch_size": [1, 5, 10, 20, 50, 64, 200, digits.TRAIN],
}
REACH = 1.6  # half the side of the plane that is shown
DATA = [*plane.SHAPES, "digits"]


class Playground(LivingFigure):
    """Train a small network in the page, with any elementwise activation in each layer.

    preset : a key of `PRESETS`, whose settings apply unless others are given. activations,
    datasets : names that the reader can choose from, by default all; fewer make a smaller
    figure, and those that the settings name are always among them.

    Traits to set or observe: `data`, one of `plane.SHAPES` or "digits"; `noise`, the standard
    deviation added to the inputs; `seed`, of noise, weights and batches; `activation`, a name for
    all layers or a list of them, whose last also serves any further layers; `depth` and `width`,
    hidden layers and units in each; `init`, as in `networks.MLP`; `gain`, None for the default
    of the initialisation; `optimizer`, "sgd" or "adam"; `lr`; `momentum`, for SGD; `batch_size`;
    `running`. In JupyterLab, whenever a run pauses, `measured` has its results so far: steps,
    losses, accuracies and, for each layer, gradient norm, dead and saturated share; None where a
    number is not finite. Raises ValueError for a value that is out of range or unknown, naming
    it.

    A run in the page does the same as `networks.train`: see `train`.

    >>> figure = Playground(preset="deep_sigmoid", seed=3)
    >>> figure.depth, figure.activation, figure.network()
    (10, ['sigmoid'], MLP(2-8-8-8-8-8-8-8-8-8-8-2, sigmoid))
    """

    name = "playground"
    _esm = lab_module(name)
    _css = stylesheet(name)

    data = Unicode().tag(sync=True)
    noise = Float().tag(sync=True)
    seed = Int().tag(sync=True)
    activation = Union([List(Unicode()), Unicode()]).tag(sync=True)
    depth = Int().tag(sync=True)
    width = Int().tag(sync=True)
    init = Unicode().tag(sync=True)
    gain = Float(allow_none=True).tag(sync=True)
    optimizer = Unicode().tag(sync=True)
    lr = Float().tag(sync=True)
    momentum = Float().tag(sync=True)
    batch_size = Int().tag(sync=True)
    running = Bool(False).tag(sync=True)
    measured = Dict().tag(sync=True)
    # The page sets `wanted` to a name, and finds what its function returns in `brought`: from here
    # or, on a built page, from a script of its own.
    fetched: ClassVar = {"digits": digits.packed}
    wanted = Unicode().tag(sync=True)
    brought = Dict().tag(sync=True)
    # Whether the figure may use the page's address: true on the playground's own page.
    own_page = Bool(False).tag(sync=True)
    functions = Dict(read_only=True).tag(sync=True)
    points = Dict(read_only=True).tag(sync=True)
    presets = Dict(read_only=True).tag(sync=True)
    choices = Dict(read_only=True).tag(sync=True)

    def __init__(self, preset=None, *, activations=None, datasets=None, own_page=False, **settings):
        if preset is not None and preset not in PRESETS:
            raise ValueError(f"preset must be one of {list(PRESETS)}, got {preset!r}")
        if unknown := set(settings) - set(DEFAULTS):
            raise ValueError(f"there is no setting {sorted(unknown)}; choose from {list(DEFAULTS)}")
        settings = settings_of(preset) | settings
        activation = settings["activation"]
        used = [activation] if isinstance(activation, str) else list(activation)
        self._offer(activations, datasets, used, settings["data"])
        super().__init__(own_page=own_page, **settings)

    @classmethod
    def example(cls):
        needed = {name for preset in PRESETS for name in settings_of(preset)["activation"]}
        return cls(activations=sorted(needed | {"tanh"}), own_page=True)

    def _offer(self, activations, datasets, used, data):
        every = [name for name, entry in ACTIVATIONS.items() if entry.kind == "elementwise"]
        names = every if activations is None else [*dict.fromkeys([*activations, *used])]
        if unknown := [name for name in [*names, *used] if name not in every]:
            raise ValueError(f"{unknown[0]!r} is not an elementwise activation of the registry")
        kinds = DATA if datasets is None else [*dict.fromkeys([*datasets, data])]
        if unknown := [kind for kind in [*kinds, data] if kind not in DATA]:
            raise ValueError(f"data must be one of {DATA}, got {unknown[0]!r}")
        functions = {
            name: {"title": ACTIVATIONS[name].title, "table": _table(name)} for name in names
        }
        self.set_trait("functions", functions)
        self.set_trait("points", {kind: _described(kind) for kind in kinds})
        shown = {
            name: {key: each[key] for key in ("title", "ask", "epochs", "shows", "look", "vary")}
            | {"settings": settings_of(name)}
            for name, each in PRESETS.items()
            if settings_of(name)["data"] in kinds and {*settings_of(name)["activation"]} <= {*names}
        }
        self.set_trait("presets", shown)
        titles = TITLES | {"data": {kind: TITLES["data"][kind] for kind in kinds}}
        choices = {"titles": titles, "ranges": RANGES, "stops": STOPS, "reach": REACH}
        choices["places"] = PLACES
        choices["whole"] = ["seed", "depth", "width", "batch_size"]
        self.set_trait("choices", choices)

    @observe("wanted")
    def _bring(self, change):
        if change["new"] in self.fetched:
            self.brought = self.fetched[change["new"]]()

    @validate("activation")
    def _activations_are_offered(self, proposal):
        given = proposal["value"]
        names = [given] if isinstance(given, str) else list(given)
        if not names:
            raise ValueError("activation must be a name or a list of names, got []")
        for each in names:
            self._known("activation", each, self.functions)
        return names

    @validate("data")
    def _data_is_offered(self, proposal):
        return self._known("data", proposal["value"], self.points)

    @validate("init", "optimizer")
    def _choice_is_known(self, proposal):
        key = proposal["trait"].name
        return self._known(key, proposal["value"], TITLES[key])

    def _known(self, what, value, choices):
        if value not in choices:
            raise ValueError(f"{what} must be one of {list(choices)}, got {value!r}")
        return value

    @validate(*RANGES)
    def _in_range(self, proposal):
        key, value = proposal["trait"].name, proposal["value"]
        low, high = RANGES[key]
        if value is not None and not low <= value <= high:
            raise ValueError(f"{key} must lie in [{low:g}, {high:g}], got {value}")
        return value

    def settings(self):
        """Return the settings as a dict: everything that a preset or a link specifies.

        >>> Playground(lr=0.1).settings()["lr"]
        0.1
        """
        return {key: getattr(self, key) for key in DEFAULTS}

    def layers(self):
        """Return the activation of each hidden layer, by name.

        >>> Playground(activation=["tanh", "relu"], depth=3).layers()
        ['tanh', 'relu', 'relu']
        """
        return _layers(self.activation, self.depth)

    def link(self):
        """Return the address of these settings, to be appended to the book's own.

        >>> Playground(activation=["tanh", "relu"], lr=0.1).link()[:50]
        'playground.html?data=moons&noise=0.1&seed=1&activa'
        """
        settings = self.settings() | {"activation": ",".join(self.activation)}
        stated = {key: value for key, value in settings.items() if value is not None}
        return f"playground.html?{urlencode(stated, safe=',')}"

    def network(self):
        """Return the network with the weights that a run starts from: a `networks.MLP`."""
        return _network(self._key(), np.random.default_rng(self.seed))

    def train(self, epochs):
        """Run what the page runs; return the trained network and its `networks.History`.

        epochs : passes over the 200 training points, each ceil(200 / batch_size) steps, or over
        the 1,347 training images. Weights, inputs and batches are the page's, number for number;
        sums are taken in another order, so losses agree to about 1e-6 for a few hundred smooth
        steps.

        >>> network, history = Playground(preset="three_bends").train(50)
        >>> bool(history.train_accuracy[-1] > 0.95)
        True
        """
        return _train(self._key(), epochs)

    def _key(self):
        return tuple(tuple(x) if isinstance(x, list) else x for x in self.settings().values())

    def _preset(self):
        found = (name for name in PRESETS if settings_of(name) == self.settings())
        return next(found, None)

    def _epochs(self):
        preset = self._preset()
        return PRESETS[preset]["epochs"] if preset else 20

    def still(self):
        network, history = self.train(self._epochs())
        figure, (left, right) = plt.subplots(1, 2, figsize=(6, 3.2))
        if self.data == "digits":
            plotting.layers({"dead units": history.dead[-1]}, ax=left)
        else:
            x, y, *_ = plane.noisy(self.data, self.noise, self.seed)
            side = np.linspace(-REACH, REACH, 201)
            xx, yy = np.meshgrid(side, side)
            classes = network.predict(np.column_stack([xx.ravel(), yy.ravel()]))
            plotting.boundary(xx, yy, classes.reshape(xx.shape), x=x, labels=y, ax=left)
        norms = {"gradient norm": history.gradient_norm[-1]}
        # A dead layer has a gradient of 0, which a logarithmic axis cannot show.
        plotting.layers(norms, log=bool(history.gradient_norm[-1].all()), ax=right)
        return figure

    def alt(self):
        _, history = self.train(self._epochs())
        names = dict.fromkeys(ACTIVATIONS[each].title for each in self.layers())
        first, last = history.gradient_norm[-1][[0, -1]]
        plural = "" if self.depth == 1 else "s"
        ended = (
            f"{self._epochs()} epochs"
            if history.diverged_at is None
            else f"{history.diverged_at} steps, when it overflowed"
        )
        return (
            f"A network of {self.depth} hidden layer{plural} of {self.width} units "
            f"({', '.join(names)}) on {TITLES['data'][self.data]}, trained for {ended}: loss "
            f"{history.loss[0]:.3f} at the start and {history.loss[-1]:.3f} at the end, "
            f"{100 * history.train_accuracy[-1]:.0f} % of the {self._examples()} right, gradient "
            f"{first:.1e} in layer 1 and {last:.1e} in the output layer."
        )

    def _examples(self):
        return "images" if self.data == "digits" else "points"

    def below(self):
        # figure.css reserves the space, for each width of the figure.
        return 0, 0


def settings_of(preset):
    """Return all settings of a preset, or the defaults for None.

    >>> settings_of("no_bend")["activation"]
    ['identity']
    """
    return DEFAULTS | (PRESETS[preset]["settings"] if preset else {})


def noisy(data, noise, seed):
    """Return what a run trains on and is tested with, as `plane.noisy` and `digits.noisy` do."""
    return digits.noisy(noise, seed) if data == "digits" else plane.noisy(data, noise, seed)


def _described(data):
    return digits.described() if data == "digits" else plane.packed(data)


@lru_cache
def _table(name):
    return table(name)


def _layers(names, depth):
    return [names[min(i, len(names) - 1)] for i in range(depth)]


def _network(key, rng):
    s = dict(zip(DEFAULTS, key, strict=True))
    data = _described(s["data"])
    sizes = (data.get("inputs", 2), *[s["width"]] * s["depth"], data["classes"])
    names = _layers(s["activation"], s["depth"])
    return networks.MLP(sizes, names, s["init"], rng, gain=s["gain"])


@lru_cache(maxsize=16)
def _train(key, epochs):
    s = dict(zip(DEFAULTS, key, strict=True))
    rng = np.random.default_rng(s["seed"])
    network = _network(key, rng)
    x, y, x_test, y_test = noisy(s["data"], s["noise"], s["seed"])
    chosen = {"optimizer": s["optimizer"], "lr": s["lr"], "batch_size": s["batch_size"]}
    chosen["momentum"] = s["momentum"] if s["optimizer"] == "sgd" else 0.0
    history = networks.train(
        network, x, y, epochs=epochs, rng=rng, x_test=x_test, y_test=y_test, **chosen
    )
    return network, history
