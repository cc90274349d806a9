"""The compiled arithmetic of the playground: what it is made from, and whether it is right."""

import hashlib
import itertools
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest
import test_training_js
from each import each
from test_training_js import KERNELS, ask, load, table

from actlib import datasets, networks
from actlib.activations import ACTIVATIONS
from actlib.widgets.kit import assets

PLAYGROUND = assets.FIGURES / "playground"
MADE = PLAYGROUND / "kernel.js"
DIGITS = datasets.digits(np.random.default_rng(0))
X, Y = DIGITS.x_train[:1000], DIGITS.y_train[:1000]
TEN_LAYERS = (64, *[128] * 10, 10)
# From JavaScript's tables, whose tanh is right to 1e-6; the kernel has its own.
EXACT = ("relu", "leaky_relu", "identity")

MAKE = """
  ({ name, table, x, y, ...settings }) => {
    const set = { n: y.length, x: Float64Array.from(x), y: Int32Array.from(y) };
    const { sizes } = settings;
    const activations = sizes.slice(2).map(() => activation(table, name));
    globalThis.run = training({ ...settings, activations, train: set, test: set, kernel });
    return null;
  }
"""
PARAMETERS = "() => [run.weights, run.biases].map((rows) => rows.map((row) => [...row]))"
both_kinds = each("kind", [*KERNELS])
pages = test_training_js.pages


def make(page, sizes, name, x, y, **settings):
    given = {"init": "he", "seed": 1, "optimizer": "sgd", "lr": 0.05, "batchSize": 50, **settings}
    given |= {"sizes": sizes, "name": name, "table": table(name)}
    ask(page, MAKE, {**given, "x": x.ravel().tolist(), "y": y.tolist()})


def furthest(page, net):
    """Return the largest difference of a weight or bias from the network's, relative above 1."""
    found = ask(page, PARAMETERS)
    pairs = zip(found[0] + found[1], [*net.weights, *net.biases], strict=True)
    return max((np.abs(row - own.ravel()) / np.maximum(1, np.abs(own.ravel()))).max()
               for row, own in pairs)  # fmt: skip


@both_kinds
@each("name", ["relu", "leaky_relu", "identity", "tanh", "sigmoid", "gelu"])
def test_weights_after_20_steps_on_digits_are_the_networks(pages, kind, name):
    agrees_on_digits(pages, kind, (64, 64, 10), name)


@each("name", ["relu", "tanh", "sigmoid"])
def test_so_are_those_of_ten_layers(pages, name):
    # The script's passes are the same for any depth, and slow.
    agrees_on_digits(pages, "kernel", TEN_LAYERS, name)


def agrees_on_digits(pages, kind, sizes, name):
    page = pages[kind]
    make(page, sizes, name, X, Y, momentum=0.9)
    page.evaluate("run.train(Infinity, 20)")
    net = trained_on_digits(sizes, name)
    own = kind == "kernel" and name in ("tanh", "sigmoid")
    assert furthest(page, net) < (1e-12 if name in EXACT or own else 1e-6)


@cache
def trained_on_digits(sizes, name):
    rng = np.random.default_rng(1)
    net = networks.MLP(sizes, name, "he", rng)
    start = [w.copy() for w in net.weights]
    settings = {"lr": 0.05, "momentum": 0.9, "batch_size": 50, "epochs": 1}
    networks.train(net, X, Y, **settings, rng=rng, record=False)
    moved = max(np.abs(w - old).max() for w, old in zip(net.weights, start, strict=True))
    assert moved > 1e-3
    return net


@both_kinds
@each("sizes", [(3, 1, 2), (3, 5, 3), (3, 2, 3, 4), (1, 4, 1, 7, 2), (5, 6, 1)])
def test_every_shape_and_batch_agrees(pages, kind, sizes):
    page = pages[kind]
    data = np.random.default_rng(2)
    x, y = data.normal(size=(20, sizes[0])), data.integers(max(2, sizes[-1]), size=20)
    loss = "bce" if sizes[-1] == 1 else "cross_entropy"
    for batch, optimizer in itertools.product([1, 2, 3, 7, 20], ["sgd", "adam"]):
        make(page, sizes, "relu", x, y, batchSize=batch, optimizer=optimizer, init="xavier")
        page.evaluate(f"run.train(Infinity, {2 * -(-20 // batch)})")
        rng = np.random.default_rng(1)
        net = networks.MLP(sizes, "relu", "xavier", rng)
        settings = {"optimizer": optimizer, "lr": 0.05, "batch_size": batch, "loss": loss}
        networks.train(net, x, y, **settings, epochs=2, rng=rng)
        # Adam divides by the size of a gradient: its rounding shows where that is nearly 0.
        most = 1e-13 if optimizer == "sgd" else 1e-9
        assert furthest(page, net) < most, f"batches of {batch}, {optimizer}"


@each("name", ["tanh", "sigmoid"])
@each("scale", [1e-9, 0.3, 8.0, 400.0])
def test_tanh_and_sigmoid_are_right_to_the_last_digits(pages, name, scale):
    page = pages["kernel"]  # JavaScript reads both from tables
    make(page, (2, 1, 2), name, np.zeros((2, 2)), np.array([0, 1]))
    weights = scale * np.array([1.0, 0.013])
    page.evaluate("w => (run.weights[0].set(w), run.biases[0].fill(0))", weights.tolist())
    found = page.evaluate("n => { const a = new Float64Array(n * n); run.units(0, n, 2, a);"
                          " return [...a]; }", 64)  # fmt: skip
    places = (np.arange(64) + 0.5) * 4 / 64 - 2
    z = np.array([x1 * weights[0] + x2 * weights[1] for x2 in places[::-1] for x1 in places])
    exact = ACTIVATIONS[name].value(z)
    # Below 1e-307, a sigmoid is 0.
    assert (np.abs(np.array(found) - exact) <= 1e-15 * np.abs(exact) + 1e-307).all()


def test_where_webassembly_is_missing_the_script_trains(browser):
    page = load(browser, "script")
    assert page.evaluate("compiled(KERNEL) instanceof WebAssembly.Module")
    assert page.evaluate("compiled('AGFzbQ==')") is None
    assert page.evaluate("(delete globalThis.WebAssembly, compiled(KERNEL))") is None
    page.close()


def test_the_kernel_is_made_from_its_source():
    sources = ["kernel.ts", "pack.js", "package.json", "package-lock.json"]
    made = hashlib.sha256(b"".join((PLAYGROUND / "kernel" / each).read_bytes() for each in sources))
    assert made.hexdigest() in MADE.read_text("utf-8"), "run make kernel"


def test_compiling_again_gives_the_same_bytes():
    """Only where npm is, as compiling needs it."""
    folder = PLAYGROUND / "kernel"
    if not (shutil.which("npm") and (folder / "node_modules").exists()):
        pytest.skip("make kernel installs what the kernel is compiled with")
    committed = MADE.read_bytes()
    try:
        subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, check=True)
        assert MADE.read_bytes() == committed
    finally:
        MADE.write_bytes(committed)
