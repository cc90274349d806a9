"""Training in the page compared with actlib.networks: the same draws, steps, measurements."""

import json
from functools import cache, partial

import numpy as np
import pytest
from each import each

from actlib import datasets, networks
from actlib.activations import ACTIVATIONS
from actlib.networks.training import OPTIMIZERS
from actlib.widgets.kit import assets
from actlib.widgets.playground import digits, plane
from actlib.widgets.playground.tables import letters
from actlib.widgets.playground.tables import table as made_table

ELEMENTWISE = [name for name, entry in ACTIVATIONS.items() if entry.kind == "elementwise"]
every_activation = each("name", ELEMENTWISE)
SGD = {"optimizer": "sgd", "lr": 0.02, "momentum": 0.9}
ADAM = {"optimizer": "adam", "lr": 0.01, "momentum": 0.0}
OPTIMIZER = {"sgd": SGD, "adam": ADAM}
# Runs do without the compiled kernel, or with it.
KERNELS = {"script": "null", "kernel": "compiled(KERNEL)"}
table = cache(made_table)

# Make `run` from a description, and return its measurements as plain arrays.
GLUE = """
  globalThis.make = ({ names, tables, points: packed, noise, dataSeed, ...settings }) => {
    const { train, test } = points(packed, noise, dataSeed);
    const activations = names.map((name) => activation(tables[name], name));
    globalThis.run = training({ ...settings, activations, train, test, kernel });
  };
  const plain = (value) => (ArrayBuffer.isView(value) ? [...value] : value);
  globalThis.measured = () => Object.fromEntries(Object.entries(run.measure()).map(
    ([key, value]) => [key, Array.isArray(value) ? value.map(plain) : plain(value)]));
  globalThis.drawn = (size, draw) => {
    const out = new Float64Array(size);
    draw(out);
    return [...out];
  };
  globalThis.steps = (count) => Array.from({ length: count }, () => run.step());
"""


def load(browser, kind):
    page = browser.new_page()
    for name in ("training.js", "kernel.js"):
        page.evaluate(
            "text => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))"
            ".then((module) => Object.assign(globalThis, module))",
            (assets.FIGURES / "playground" / name).read_text("utf-8"),
        )
    page.evaluate(f"globalThis.kernel = {KERNELS[kind]}")
    assert page.evaluate("Boolean(kernel)") == (kind == "kernel")
    page.evaluate(GLUE)
    return page


def ask(page, script, given=None):
    """Return what a function in the page gives; what is not finite comes back as None.

    Playwright looks at each number on its way, which takes longer than all else: so one text.
    """
    return json.loads(
        page.evaluate(f"text => JSON.stringify(({script})(JSON.parse(text)))", json.dumps(given))
    )


@pytest.fixture(scope="module")
def pages(browser):
    """Pages with all that training.js exports, as globals: {kind: page}."""
    pages = {kind: load(browser, kind) for kind in KERNELS}
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def script(pages):
    return pages["script"]


@pytest.fixture(params=KERNELS)
def page(request, pages):
    return pages[request.param]


@pytest.fixture
def make(page):
    return partial(make_run, page)


def make_run(page, names, sizes=(2, 8, 8, 2), *, shape="moons", init="he", seed=1, **settings):
    """Make a run in the page; return its counterparts in Python: network, generator, points."""
    settings = {**SGD, "batchSize": 10, **settings}
    draw = {key: settings[key] for key in ("gain", "biases") if key in settings}
    page.evaluate(
        "settings => make(settings)",
        {
            "names": names,
            "tables": {name: table(name) for name in names},
            "points": plane.packed(shape),
            "noise": 0.1,
            "dataSeed": 5,
            "sizes": sizes,
            "init": init,
            "seed": seed,
            **settings,
        },
    )
    rng = np.random.default_rng(seed)
    activation = names or "relu"
    return networks.MLP(sizes, activation, init, rng, **draw), rng, plane.noisy(shape, 0.1, 5)


def train(net, rng, points, count, *, optimizer, lr, momentum, batch=10, loss="cross_entropy"):
    """Train as `networks.train` does; return the loss of each batch."""
    x, y = points[:2]
    update = OPTIMIZERS[optimizer]([*net.weights, *net.biases], lr, momentum)
    losses, order = [], np.array([], dtype=int)
    for _ in range(count):
        if not len(order):
            order = rng.permutation(len(x))
        gradients = net.gradients(x[order[:batch]], y[order[:batch]], loss=loss)
        update([*gradients.weights, *gradients.biases])
        losses.append(gradients.loss)
        order = order[batch:]
    return losses


def set_parameters(page, net):
    page.evaluate(
        "([w, b]) => [[run.weights, w], [run.biases, b]].forEach("
        "([own, given]) => own.forEach((layer, i) => layer.set(given[i])))",
        [[w.ravel().tolist() for w in net.weights], [b.tolist() for b in net.biases]],
    )


# Random numbers


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**32 - 1])
def test_a_seed_draws_numpys_numbers(script, seed):
    drawn = ask(
        script,
        """seed => {
          const rng = generator(seed);
          const uniform = Array.from({ length: 50 }, rng.random);
          const normal = Array.from({ length: 20000 }, rng.normal);
          const orders = [200, 7, 1, 33].map((n) => {
            const order = new Int32Array(n);
            rng.permute(order);
            return [...order];
          });
          return { uniform, normal, orders, last: [rng.random(), rng.normal()] };
        }""",
        seed,
    )
    rng = np.random.default_rng(seed)
    assert drawn["uniform"] == rng.random(50).tolist()
    normal = rng.standard_normal(20000)
    assert np.abs(normal).max() > 3.6541528853610088, "no draw came from the ziggurat's tail"
    assert drawn["normal"] == pytest.approx(normal, rel=1e-13, abs=1e-15)
    assert drawn["orders"] == [rng.permutation(n).tolist() for n in (200, 7, 1, 33)]
    assert drawn["last"] == pytest.approx([rng.random(), rng.standard_normal()], rel=1e-13)


@pytest.mark.parametrize(
    ("init", "options"),
    [
        ("he", {}),
        ("xavier", {"biases": "pytorch"}),
        ("lecun", {"gain": 1.5}),
        ("pytorch", {}),
        ("pytorch", {"biases": "zero", "gain": 3.0}),
    ],
)
def test_an_initialisation_matches_the_networks(page, make, init, options):
    net, _, _ = make(["relu", "tanh"], (2, 5, 7, 3), init=init, seed=42, **options)
    weights, biases = page.evaluate("[run.weights, run.biases].map((o) => o.map((w) => [...w]))")
    for found, expected in zip(weights + biases, [*net.weights, *net.biases], strict=True):
        assert found == pytest.approx(expected.ravel().tolist(), rel=1e-13)


@pytest.mark.parametrize("shape", plane.SHAPES)
def test_the_page_trains_on_the_points_that_python_returns(script, shape):
    found = ask(
        script,
        """packed => {
          const { classes, train, test } = points(packed, 0.25, 7);
          return { classes, xs: [[...train.x], [...test.x]], ys: [[...train.y], [...test.y]] };
        }""",
        plane.packed(shape),
    )
    x_train, y_train, x_test, y_test = plane.noisy(shape, 0.25, 7)
    for rows, x in zip(found["xs"], [x_train, x_test], strict=True):
        assert rows == pytest.approx(x.ravel().tolist(), rel=1e-13)
    assert found["ys"] == [y_train.tolist(), y_test.tolist()]
    assert found["classes"] == y_train.max() + 1


def test_the_page_trains_on_the_images_that_python_returns(script):
    found = ask(
        script,
        """packed => {
          const { classes, train, test } = images(packed, 0.25, 7);
          return { classes, xs: [[...train.x], [...test.x]], ys: [[...train.y], [...test.y]] };
        }""",
        digits.packed(),
    )
    x_train, y_train, x_test, y_test = digits.noisy(0.25, 7)
    for rows, x in zip(found["xs"], [x_train, x_test], strict=True):
        assert np.abs(np.array(rows) - x.ravel()).max() < 1e-12
    assert found["ys"] == [y_train.tolist(), y_test.tolist()] and found["classes"] == 10
    exact = datasets.digits(np.random.default_rng(0))
    assert np.array_equal(digits.noisy(0.0, 7)[0], exact.x_train)
    assert np.array_equal(digits.noisy(0.0, 7)[2], exact.x_test)


@pytest.mark.parametrize("shape", plane.SHAPES)
def test_points_are_those_of_the_datasets(shape):
    x, y = plane.clean(shape)
    classes, draw = plane.SHAPES[shape]
    drawn, labels = draw(plane.ROWS, np.random.default_rng(0), noise=0.0)
    assert (y == np.arange(plane.ROWS) % classes).all()
    for label in range(classes):
        expected = drawn[labels == label]
        found = x[y == label]
        assert np.abs(np.sort(found, axis=0) - np.sort(expected, axis=0)).max() < 1e-3
    assert np.abs(x).max() <= 1


def test_unknown_points_are_named():
    with pytest.raises(ValueError, match="'moon'; choose one of moons, circles"):
        plane.clean("moon")


# Activations from tables


def arguments(entry):
    """Return where a table is read: everywhere, far out, at the cuts and right beside them."""
    joins = np.array([0.0, *entry.joins()])
    near = np.concatenate([joins, np.nextafter(joins, 1e3), np.nextafter(joins, -1e3)])
    far = np.array([35.0, 300.0, 800.0, 1e4, 1e6])
    dense = np.concatenate([np.linspace(-45, 45, 4001), joins[:, None].ravel() + 0.003])
    return np.concatenate([dense, near, joins + 1e-9, joins - 1e-9, far, -far])


@every_activation
def test_value_and_slope_match_the_registry(script, name):
    entry = ACTIVATIONS[name]
    z = arguments(entry)
    found = ask(
        script,
        """([table, z]) => {
          const { at, fill } = activation(table);
          const [a, slope] = [0, 1].map(() => new Float64Array(z.length));
          fill(Float64Array.from(z), a, slope, z.length);
          return [z.map((x) => at(x)[0]), z.map((x) => at(x)[1]), [...a], [...slope]];
        }""",
        [table(name), z.tolist()],
    )
    for row, exact in zip(found, [entry.value(z), entry.grad(z)] * 2, strict=True):
        error = np.abs(np.array(row, dtype=float) - exact) / np.maximum(1, np.abs(exact))
        assert error.max() < 1e-6, f"at z = {z[error.argmax()]}"


@every_activation
def test_slopes_of_exactly_0_are_known(script, name):
    entry = ACTIVATIONS[name]
    z = np.concatenate([arguments(entry), np.linspace(-800, 800, 401)])
    flat = ask(script, "([t, z]) => z.map(activation(t).isFlat)", [table(name), z.tolist()])
    # A slope that is z² near 0 rounds to 0 for tiny z, which no network can tell from 0.
    tiny = (z != 0) & (np.abs(z) < 1e-150)
    wrong = z[(np.array(flat) != (entry.grad(z) == 0)) & ~tiny]
    assert not len(wrong), f"at z = {wrong}"


def test_nan_and_infinity_give_nan(script):
    for name in ("relu", "gelu", "softsign", "sine"):
        found = script.evaluate("t => [NaN, Infinity].flatMap(activation(t).at)", table(name))
        assert np.isnan(found).all(), name


def test_parameters_move_the_cuts(script):
    entry = ACTIVATIONS["hardtanh"]
    z = np.linspace(-3, 3, 601)
    found = script.evaluate(
        "([t, z]) => z.map((x) => activation(t).at(x)[0])",
        [table("hardtanh", low=-0.37, high=1.7), z[::20].tolist()],
    )
    assert found == pytest.approx(entry.value(z[::20], low=-0.37, high=1.7), abs=1e-7)


def test_a_text_of_letters_keeps_multiples_of_its_unit():
    assert letters([0.0]) == "A" and letters([2.0**-26]) == "C" and letters([-(2.0**-26)]) == "D"
    assert letters([3.7e-9]) == "A"
    assert len(letters([1.0])) == 6 and len(letters([1e4])) > 6


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: table("softmax"), "softmax cannot be used in a hidden layer"),
        (lambda: table("rulu"), "unknown activation 'rulu'"),
        (lambda: table("elu", beta=1.0), "elu has no parameter"),
        (lambda: table("elu", alpha=-1.0), "alpha must lie"),
    ],
)
def test_what_no_table_can_hold_is_named(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


# Steps


@cache
def after_200_steps(name, optimizer):
    """Return the losses of 200 steps in Python, and what the network measures then."""
    rng = np.random.default_rng(1)
    net = networks.MLP((2, 8, 8, 2), [name, name], "he", rng)
    points = x_train, y_train, x_test, y_test = plane.noisy("moons", 0.1, 5)
    losses = train(net, rng, points, 200, **OPTIMIZER[optimizer])
    gradients = net.gradients(x_train, y_train)
    return losses, {
        "trainLoss": gradients.loss,
        "testLoss": net.loss(x_test, y_test),
        "gradientNorm": [np.linalg.norm(w) for w in gradients.weights],
        "dead": networks.dead_share(net, x_train).tolist(),
        "saturated": networks.saturated_share(net, x_train),
    }


@each("kind", [*KERNELS])
@each("optimizer", [*OPTIMIZER])
@every_activation
def test_200_steps_agree_with_the_network(pages, kind, name, optimizer):
    page = pages[kind]
    make_run(page, [name, name], **OPTIMIZER[optimizer])
    losses, measured = after_200_steps(name, optimizer)
    assert np.abs(np.array(page.evaluate("steps(200)")) - losses).max() < 1e-6
    found = page.evaluate("measured()")
    for key in ("trainLoss", "testLoss", "gradientNorm"):
        assert found[key] == pytest.approx(measured[key], abs=1e-6), key
    assert found["dead"] == measured["dead"]
    assert found["saturated"] == pytest.approx(measured["saturated"], abs=1e-12)


def test_a_run_is_three_lines_of_actlib(page, make):
    make(["tanh", "gelu"], (2, 6, 5, 3), shape="three_spirals", init="lecun", seed=3, batchSize=32)
    x_train, y_train, x_test, y_test = plane.noisy("three_spirals", 0.1, 5)
    rows = page.evaluate(
        """() => Array.from({ length: 4 }, (_, epoch) => {
          while (run.epoch < epoch) run.step();
          return measured();
        })"""
    )
    rng = np.random.default_rng(3)
    net = networks.MLP((2, 6, 5, 3), ["tanh", "gelu"], "lecun", rng)
    history = networks.train(
        net, x_train, y_train, **SGD, batch_size=32, epochs=3, rng=rng, x_test=x_test, y_test=y_test
    )
    columns = {
        "trainLoss": history.loss,
        "trainAccuracy": history.train_accuracy,
        "testAccuracy": history.test_accuracy,
        "gradientNorm": history.gradient_norm,
        "dead": history.dead,
        "saturated": history.saturated,
    }
    for key, column in columns.items():
        assert np.array([row[key] for row in rows]) == pytest.approx(column, abs=1e-7), key


@pytest.mark.parametrize("width", [64, 128])
def test_a_run_on_digits_is_networks_train(page, width):
    names = ["tanh"] * (10 if width == 128 else 2)
    sizes = (64, *[width] * len(names), 10)
    rows = page.evaluate(
        """({ packed, table, names, sizes, settings }) => {
          const activations = names.map((name) => activation(table, name));
          const { train, test } = images(packed, 0, 3);
          globalThis.run = training({ ...settings, sizes, activations, train, test, kernel });
          return [measured(), (run.train(1e9, 2 * 22), measured())];
        }""",
        {
            "packed": digits.packed(),
            "table": table("tanh"),
            "names": names,
            "sizes": sizes,
            "settings": {**SGD, "init": "xavier", "seed": 3, "batchSize": 64},
        },
    )
    rng = np.random.default_rng(3)
    net = networks.MLP(sizes, names, "xavier", rng)
    x, y, x_test, y_test = digits.noisy(0.0, 3)
    history = networks.train(
        net, x, y, **SGD, batch_size=64, epochs=2, rng=rng, x_test=x_test, y_test=y_test
    )
    columns = {
        "trainLoss": history.loss,
        "trainAccuracy": history.train_accuracy,
        "testAccuracy": history.test_accuracy,
        "gradientNorm": history.gradient_norm,
        "dead": history.dead,
        "saturated": history.saturated,
        "aMean": history.activation_mean,
        "aStd": history.activation_std,
    }
    for key, column in columns.items():
        found = np.array([row[key] for row in rows])
        assert found == pytest.approx(column[[0, 2]], abs=1e-6), key


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "hardtanh", "tanhshrink", "selu", "sine"])
def test_a_dead_layer_before_zero_biases_gives_the_slope_at_0(page, make, name):
    net, rng, points = make(["relu", name, name], (2, 4, 4, 4, 2))
    net.biases[0][:] = -100.0  # every unit dead: what follows sees z = 0 exactly
    set_parameters(page, net)
    assert page.evaluate("measured().dead[0]") == 1
    losses = train(net, rng, points, 100, **SGD)
    assert np.abs(np.array(page.evaluate("steps(100)")) - losses).max() < 1e-6
    found = page.evaluate("measured()")
    assert found["dead"] == networks.dead_share(net, points[0]).tolist()
    assert found["saturated"] == networks.saturated_share(net, points[0]).tolist()


@pytest.mark.parametrize(
    "name", ["relu", "tanh", "sigmoid", "gelu", "elu", "hardshrink", "softsign"]
)
def test_shares_of_dead_and_saturated_units_agree(page, make, name):
    net, _, points = make([name, name], (2, 16, 16, 2))
    scales = np.array([0.05, 1.0, 20.0, 400.0] * 4)
    net.weights[0] *= scales
    net.biases[0] += np.repeat([0.0, 5.0, -50.0, -900.0], 4)
    net.weights[1] *= scales
    set_parameters(page, net)
    found = page.evaluate("measured()")
    dead, saturated = (
        share(net, points[0]) for share in (networks.dead_share, networks.saturated_share)
    )
    assert saturated.any()
    assert found["dead"] == dead.tolist()
    assert found["saturated"] == pytest.approx(saturated, abs=1e-12)


def test_one_output_learns_by_binary_cross_entropy(page, make):
    net, rng, points = make(["relu"], (2, 7, 1))
    losses = train(net, rng, points, 200, **SGD, loss="bce")
    assert np.abs(np.array(page.evaluate("steps(200)")) - losses).max() < 1e-9
    x, y = points[2:]
    assert page.evaluate("measured().testAccuracy") == net.accuracy(x, y)
    p = page.evaluate("drawn(4, (p) => run.grid(2, 1, p))")
    z = net.forward([[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]])[:, 0]
    assert p == pytest.approx(ACTIVATIONS["sigmoid"].value(z), abs=1e-9)


def test_a_network_without_hidden_layers_trains(page, make):
    net, rng, points = make([], (2, 2))
    losses = train(net, rng, points, 50, **SGD)
    assert np.abs(np.array(page.evaluate("steps(50)")) - losses).max() < 1e-12


# What a reader does


def test_reset_repeats_the_run(page, make):
    make(["tanh"], (2, 6, 2), **ADAM)
    first, second = page.evaluate("[steps(70), (run.reset(), steps(70))]")
    assert first == second
    assert page.evaluate("[run.steps, run.epoch]") == [70, 3.5]


def test_a_change_counts_from_the_next_step(page, make):
    net, rng, points = make(["tanh"], (2, 6, 2))
    page.evaluate("steps(20)")
    page.evaluate("run.change({ optimizer: 'adam', lr: 0.01, batchSize: 50 })")
    found = page.evaluate("steps(8)")
    train(net, rng, points, 20, **SGD)
    assert found == pytest.approx(train(net, rng, points, 8, **ADAM, batch=50), abs=1e-7)


def test_another_activation_keeps_the_weights(page, make):
    net, _, points = make(["tanh", "tanh"])
    page.evaluate("t => run.replace(1, activation(t))", table("relu"))
    other = networks.MLP((2, 8, 8, 2), ["tanh", "relu"], "he", np.random.default_rng(1))
    assert page.evaluate("measured().trainLoss") == pytest.approx(other.loss(*points[:2]), abs=1e-7)
    assert other.loss(*points[:2]) != net.loss(*points[:2])


def test_other_points_keep_the_weights(page, make):
    net, _, _ = make(["relu"], (2, 6, 2))
    page.evaluate("packed => run.data(points(packed, 0.4, 9))", plane.packed("circles"))
    x, y, *_ = plane.noisy("circles", 0.4, 9)
    assert page.evaluate("measured().trainLoss") == pytest.approx(net.loss(x, y), abs=1e-12)


def test_training_keeps_to_its_time_and_to_its_steps(page, make):
    make(["relu"], (2, 6, 2))
    assert page.evaluate("run.train(1000, 7)") == 7
    assert page.evaluate("run.train(0)") == 1
    assert page.evaluate("run.train(20)") > 1
    assert page.evaluate("run.steps") > 9


def test_a_run_that_diverges_stops_and_says_where(page, make):
    make(["leaky_relu", "leaky_relu"], **{**SGD, "lr": 1e3})
    x, y, *_ = plane.noisy("moons", 0.1, 5)
    rng = np.random.default_rng(1)
    net = networks.MLP((2, 8, 8, 2), "leaky_relu", "he", rng)
    history = networks.train(net, x, y, **{**SGD, "lr": 1e3}, batch_size=10, epochs=40, rng=rng)
    assert history.diverged_at is not None
    found = page.evaluate("(run.train(10000, 800), run.diverged)")
    assert found["step"] == history.diverged_at
    # The first layer with a number that is not finite: of its weights, else of its z.
    batch = x[:10]
    finite = [
        (np.isfinite(w).all() and np.isfinite(b).all(), np.isfinite(z).all())
        for w, b, z in zip(net.weights, net.biases, net.trace(batch).z, strict=True)
    ]
    layer = next(i for i, (own, z) in enumerate(finite) if not (own and z))
    assert found["layer"] == layer
    assert found["what"] == ("z" if finite[layer][0] else "weights")
    assert np.isnan(page.evaluate("run.step()")) and page.evaluate("run.train(5)") == 0
    assert page.evaluate("(run.reset(), run.diverged)") is None


def test_an_overflow_of_a_pre_activation_is_told_from_one_of_a_weight(page, make):
    net, _, _ = make(["relu", "relu"])
    net.weights[0][:] = 1e200
    net.weights[1][:] = 1e200
    set_parameters(page, net)
    page.evaluate("run.step()")
    assert page.evaluate("run.diverged") == {"step": 0, "layer": 1, "what": "z"}
    page.evaluate("(run.reset(), run.weights[2].fill(NaN), run.step())")
    assert page.evaluate("run.diverged") == {"step": 0, "layer": 2, "what": "weights"}


# What is drawn


def pixels(n, extent):
    places = (np.arange(n) + 0.5) * 2 * extent / n - extent
    return np.array([[x1, x2] for x2 in places[::-1] for x1 in places])


def test_a_grid_holds_the_probabilities_from_the_top_left(page, make):
    net, _, _ = make(["gelu"], (2, 6, 3), shape="three_spirals")
    found = page.evaluate("drawn(21 * 21 * 3, (p) => run.grid(21, 1.5, p))")
    expected = ACTIVATIONS["softmax"].value(net.forward(pixels(21, 1.5)))
    assert found == pytest.approx(expected.ravel().tolist(), abs=1e-7)


def test_units_show_the_activations_of_a_layer(page, make):
    net, _, _ = make(["tanh", "relu"], (2, 4, 5, 2))
    found = page.evaluate("drawn(9 * 9 * 5, (a) => run.units(1, 9, 2, a))")
    expected = net.trace(pixels(9, 2)).a[1]
    assert found == pytest.approx(expected.ravel().tolist(), abs=1e-7)


def test_histograms_count_every_pre_activation(page, make):
    net, _, points = make(["relu", "tanh"], (2, 8, 8, 2))
    net.weights[0] *= 6
    set_parameters(page, net)
    found = page.evaluate("measured()")
    for i, z in enumerate(net.trace(points[0]).z[:-1]):
        counts = np.histogram(z, 64, (-8, 8))[0] / z.size
        assert found["z"][i] == pytest.approx(counts.tolist(), abs=1e-12)
        assert found["zBelow"][i] == pytest.approx(np.mean(z < -8))
        assert found["zAbove"][i] == pytest.approx(np.mean(z > 8))
        assert found["zMean"][i] == pytest.approx(z.mean(), abs=1e-7)
        assert found["zStd"][i] == pytest.approx(z.std(), abs=1e-7)
    assert found["zBelow"][0] > 0
