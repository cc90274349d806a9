"""The network compared with PyTorch, finite differences and small networks worked by hand."""

import copy
import math

import numpy as np
import pytest
from pytorch_if_installed import F, needs_pytorch, nn, torch

from actlib.activations import ACTIVATIONS, relu
from actlib.calculus import numerical_gradient
from actlib.datasets import digits, moons
from actlib.losses import cross_entropy
from actlib.networks import (
    INITS,
    MLP,
    dead_share,
    saturated_share,
    train,
    train_side_by_side,
)

# PyTorch stores the slope 1/6 of hardsigmoid as a float32 number, even in float64.
TORCH_RTOL = {"hardsigmoid": 1e-7}
ELEMENTWISE = [entry for entry in ACTIVATIONS.values() if entry.kind == "elementwise"]
every_activation = pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
# loss, width of the output, PyTorch's loss of logits (n, k) and labels (n,)
LOSSES = [
    ("cross_entropy", 3, lambda z, y: F.cross_entropy(z, y)),
    ("bce", 1, lambda z, y: F.binary_cross_entropy_with_logits(z[:, 0], y.double())),
]
both_losses = pytest.mark.parametrize(
    ("loss", "outputs", "torch_loss"), LOSSES, ids=[case[0] for case in LOSSES]
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def examples(rng, d, classes, n=12):
    return rng.standard_normal((n, d)), rng.integers(max(classes, 2), size=n)


def with_random_biases(net, rng):
    for b in net.biases:
        b[:] = 0.5 * rng.standard_normal(b.shape)
    return net


def twin(net, activation):
    """Return the PyTorch model with the same weights, and `activation` between its layers."""
    layers = []
    for w, b in zip(net.weights, net.biases, strict=True):
        linear = nn.Linear(*w.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(w.T))
            linear.bias.copy_(torch.tensor(b))
        layers += [linear, activation]
    return nn.Sequential(*layers[:-1])


def linears(model):
    return [layer for layer in model if isinstance(layer, nn.Linear)]


def torch_activation(entry):
    """Return the float64 module that the record names, such as `nn.GELU(approximate="tanh")`."""
    module = eval(entry.torch.module, {"nn": nn})
    if not isinstance(module, nn.Module):
        module = module(**{entry.torch_params[n]: p.default for n, p in entry.params.items()})
    return module.double().eval()


# Forward


def test_the_forward_pass_is_one_line_per_layer(rng):
    net = with_random_biases(MLP((4, 5, 3), "relu", "he", rng), rng)
    x, _ = examples(rng, 4, 3)
    hidden = relu(x @ net.weights[0] + net.biases[0])
    assert np.array_equal(net.forward(x), hidden @ net.weights[1] + net.biases[1])


def test_a_trace_has_every_layer(rng):
    net = MLP((4, 5, 6, 3), ["relu", "tanh"], "he", rng)
    x, _ = examples(rng, 4, 3)
    trace = net.trace(x)
    assert [z.shape for z in trace.z] == [a.shape for a in trace.a] == [(12, 5), (12, 6), (12, 3)]
    assert np.array_equal(trace.x, x)
    assert np.array_equal(trace.a[0], relu(trace.z[0]))
    assert np.array_equal(trace.a[1], np.tanh(trace.z[1]))
    assert np.array_equal(trace.a[2], trace.z[2])
    assert np.array_equal(trace.a[2], net.forward(x))


def test_the_forward_pass_leaves_its_input_alone(rng):
    net = MLP((4, 5, 3), "relu", "he", rng)
    x, y = examples(rng, 4, 3)
    kept = x.copy()
    net.gradients(x, y)
    assert np.array_equal(x, kept)


def test_parameters_of_an_activation_are_used(rng):
    net = MLP((1, 1, 2), ("leaky_relu", {"alpha": 0.5}), "he", rng)
    net.weights[0][:] = 1.0
    assert net.trace([[-3.0]]).a[0].item() == -1.5
    net_from_record = MLP((1, 1, 2), (ACTIVATIONS["elu"], {"alpha": 2.0}), "he", rng)
    net_from_record.weights[0][:] = 1.0
    assert net_from_record.trace([[-1.0]]).a[0].item() == 2 * math.expm1(-1)


def test_a_network_without_hidden_layers_is_linear(rng):
    net = MLP((4, 3), "relu", "he", rng)
    x, _ = examples(rng, 4, 3)
    np.testing.assert_allclose(net.forward(2 * x), 2 * net.forward(x))


def test_the_predicted_class_has_the_largest_logit(rng):
    net = MLP((2, 3), "relu", "he", rng)
    net.weights[0][:] = [[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]]
    x = [[2.0, 1.0], [1.0, 2.0], [-1.0, -1.0]]
    assert np.array_equal(net.predict(x), [0, 1, 2])
    assert net.accuracy(x, [0, 1, 0]) == pytest.approx(2 / 3)


def test_one_output_predicts_one_where_it_is_positive(rng):
    net = MLP((1, 1), "relu", "he", rng)
    net.weights[0][:] = 1.0
    assert np.array_equal(net.predict([[-1.0], [0.0], [1.0]]), [0, 0, 1])
    assert net.accuracy([[-1.0], [0.0], [1.0]], [0, 1, 1]) == pytest.approx(2 / 3)


def test_a_diverged_network_answers_without_a_warning(rng):
    net = MLP((2, 3, 2), "relu", "he", rng)
    net.weights[0][:] = 1e308
    net.weights[1][:] = [[1e308, -1e308]] * 3
    assert not np.isfinite(net.forward([[10.0, 10.0]])).all()
    assert not np.isfinite(net.gradients([[10.0, 10.0]], [0]).weights[1]).all()


# Backward


@every_activation
def test_gradients_equal_finite_differences(entry, rng):
    net = with_random_biases(MLP((3, 4, 4, 3), entry, "he", rng), rng)
    x, y = examples(rng, 3, 3, n=6)
    # A step across a join would measure the mean of two slopes.
    joins = np.array(entry.joins())
    hidden = np.concatenate([z.ravel() for z in net.trace(x).z[:-1]])
    assert joins.size == 0 or np.abs(hidden[:, None] - joins).min() > 1e-3

    gradients = net.gradients(x, y)
    for kind in ("weights", "biases"):
        for i, exact in enumerate(getattr(gradients, kind)):

            def loss(value, kind=kind, i=i):
                moved = copy.deepcopy(net)
                getattr(moved, kind)[i][:] = value
                return moved.loss(x, y)

            estimate = numerical_gradient(loss, getattr(net, kind)[i])
            np.testing.assert_allclose(exact, estimate, rtol=1e-6, atol=1e-9)


@needs_pytorch
@both_losses
@pytest.mark.parametrize(
    "entry", [e for e in ELEMENTWISE if e.torch.module], ids=lambda entry: entry.name
)
def test_values_and_gradients_equal_pytorch(entry, loss, outputs, torch_loss, rng):
    net = with_random_biases(MLP((5, 8, 8, outputs), entry, "xavier", rng), rng)
    x, y = examples(rng, 5, outputs)
    model = twin(net, torch_activation(entry))
    theirs = torch_loss(model(torch.tensor(x)), torch.tensor(y))
    theirs.backward()
    ours = net.gradients(x, y, loss=loss)
    rtol = TORCH_RTOL.get(entry.name, 1e-12)
    assert ours.loss == pytest.approx(theirs.item(), rel=1e-12)
    assert ours.loss == net.loss(x, y, loss=loss)
    for linear, w, b in zip(linears(model), ours.weights, ours.biases, strict=True):
        for grad, exact in ((w.T, linear.weight.grad), (b, linear.bias.grad)):
            # Relative to the layer: a single entry may be a sum that cancels.
            scale = exact.abs().max().item()
            np.testing.assert_allclose(grad, exact.numpy(), rtol=0, atol=rtol * scale)


def test_each_layer_is_differentiated_with_its_own_activation(rng):
    net = MLP((4, 5, 6, 3), ["sigmoid", ("elu", {"alpha": 0.5})], "xavier", rng)
    x, y = examples(rng, 4, 3)
    estimate = numerical_gradient(lambda x: net.loss(x, y), x)
    gradients = net.gradients(x, y)
    np.testing.assert_allclose(gradients.z[0] @ net.weights[0].T, estimate, atol=1e-9)


def test_gradients_in_the_pre_activations_are_in_layer_order(rng):
    net = MLP((4, 5, 6, 3), "tanh", "xavier", rng)
    x, y = examples(rng, 4, 3)
    trace, gradients = net.trace(x), net.gradients(x, y)
    inputs = (x, *trace.a[:-1])
    for a, dz, w in zip(inputs, gradients.z, gradients.weights, strict=True):
        np.testing.assert_allclose(a.T @ dz, w)


# Initial weights


FAN_IN, FAN_OUT = 400, 250
STD = {
    "he": math.sqrt(2 / FAN_IN),
    "xavier": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "lecun": math.sqrt(1 / FAN_IN),
    "pytorch": math.sqrt(1 / (3 * FAN_IN)),
}
# Of N samples the mean has standard error std / sqrt(N), the std std * sqrt((kurtosis - 1) / 4N):
# kurtosis 3 for the normal distribution, 1.8 for the uniform one. Five of them are allowed.
N = FAN_IN * FAN_OUT


def weights(init, rng, **options):
    return MLP((FAN_IN, FAN_OUT), "relu", init, rng, **options).weights[0]


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("gain", [None, 4.0])
def test_initial_weights_have_the_mean_and_spread_of_theory(init, gain, rng):
    w = weights(init, rng, gain=gain)
    std = STD[init] * (1 if gain is None else gain / INITS[init])
    kurtosis = 1.8 if init == "pytorch" else 3.0
    assert w.shape == (FAN_IN, FAN_OUT)
    assert w.mean() == pytest.approx(0, abs=5 * std / math.sqrt(N))
    assert w.std() == pytest.approx(std, rel=5 * math.sqrt((kurtosis - 1) / (4 * N)))


@pytest.mark.parametrize("init", INITS)
def test_initial_weights_have_the_shape_of_their_distribution(init, rng):
    w = weights(init, rng).ravel() / STD[init]
    expected = 1.8 if init == "pytorch" else 3.0
    # Standard error of the kurtosis: about sqrt(24 / N) for the normal, less for the uniform.
    assert np.mean(w**4) / np.mean(w**2) ** 2 == pytest.approx(expected, abs=5 * math.sqrt(24 / N))


@needs_pytorch
def test_pytorch_weights_and_biases_are_distributed_as_in_nn_linear(rng):
    torch.manual_seed(0)
    linear = nn.Linear(FAN_IN, 5000)
    net = MLP((FAN_IN, 5000), "relu", "pytorch", rng)
    pairs = [(net.weights[0][:, :200], linear.weight[:200]), (net.biases[0], linear.bias)]
    for ours, theirs in pairs:
        # Two-sample Kolmogorov-Smirnov: the largest gap between the two distributions.
        a, b = np.sort(ours.ravel()), np.sort(theirs.detach().numpy().ravel())
        share = np.arange(a.size) / a.size
        gap = np.abs(np.searchsorted(b, a) / b.size - share).max()
        assert gap < 2.2 * math.sqrt(2 / a.size)
        assert np.abs(ours).max() <= 1 / math.sqrt(FAN_IN)


@pytest.mark.parametrize("init", INITS)
def test_biases_are_zero_unless_asked_for(init, rng):
    default = MLP((FAN_IN, FAN_OUT), "relu", init, rng).biases[0]
    zero = MLP((FAN_IN, FAN_OUT), "relu", init, rng, biases="zero").biases[0]
    spread = MLP((FAN_IN, FAN_OUT), "relu", init, rng, biases="pytorch", gain=9.0).biases[0]
    assert default.any() == (init == "pytorch")
    assert not zero.any()
    assert 0.9 / math.sqrt(FAN_IN) < np.abs(spread).max() <= 1 / math.sqrt(FAN_IN)


@pytest.mark.parametrize("init", INITS)
def test_one_seed_gives_the_same_weights_with_either_biases(init):
    nets = [
        MLP((4, 5, 6), "relu", init, np.random.default_rng(3), biases=b)
        for b in ("zero", "pytorch")
    ]
    for w, same in zip(nets[0].weights, nets[1].weights, strict=True):
        assert np.array_equal(w, same)


# Training


def train_both(optimizer, torch_optimizer, loss, outputs, torch_loss, **settings):
    """Train a network and its twin on the same 20 batches; return both."""
    rng = np.random.default_rng(1)
    x, y = examples(rng, 6, outputs, n=40)
    net = with_random_biases(MLP((6, 10, 10, outputs), "tanh", "xavier", rng), rng)
    model = twin(net, nn.Tanh())
    theirs = getattr(torch.optim, torch_optimizer)(model.parameters(), **settings)
    order = copy.deepcopy(rng)
    for _ in range(5):
        for batch in np.array_split(order.permutation(40), [10, 20, 30]):
            theirs.zero_grad()
            torch_loss(model(torch.tensor(x[batch])), torch.tensor(y[batch])).backward()
            theirs.step()
    train(net, x, y, loss=loss, optimizer=optimizer, batch_size=10, epochs=5, rng=rng, **settings)
    return net, model


@needs_pytorch
@both_losses
@pytest.mark.parametrize(
    ("optimizer", "torch_optimizer", "settings"),
    [
        ("sgd", "SGD", {"lr": 0.1}),
        ("sgd", "SGD", {"lr": 0.1, "momentum": 0.9}),
        ("adam", "Adam", {"lr": 0.01}),
    ],
)
def test_twenty_steps_end_where_pytorch_ends(
    optimizer, torch_optimizer, settings, loss, outputs, torch_loss
):
    net, model = train_both(optimizer, torch_optimizer, loss, outputs, torch_loss, **settings)
    for linear, w, b in zip(linears(model), net.weights, net.biases, strict=True):
        np.testing.assert_allclose(w.T, linear.weight.detach().numpy(), rtol=0, atol=1e-10)
        np.testing.assert_allclose(b, linear.bias.detach().numpy(), rtol=0, atol=1e-10)


def run(seed=0, **settings):
    rng = np.random.default_rng(seed)
    x, y = moons(70, rng)
    net = MLP((2, 8, 6, 2), "relu", "he", rng)
    settings = {"lr": 0.1, "batch_size": 16, "epochs": 3, **settings}
    return net, x, y, train(net, x, y, rng=rng, **settings)


def test_the_seed_determines_the_run():
    first, same, other = run(0), run(0), run(1)
    assert np.array_equal(first[3].loss, same[3].loss)
    assert all(np.array_equal(a, b) for a, b in zip(first[0].weights, same[0].weights, strict=True))
    assert not np.array_equal(first[3].loss, other[3].loss)


def test_a_history_has_a_row_before_training_and_one_per_epoch():
    history = run()[3]
    assert history.loss.shape == history.train_accuracy.shape == (4,)
    assert history.activation_mean.shape == history.activation_std.shape == (4, 2)
    assert history.dead.shape == history.saturated.shape == (4, 2)
    assert history.gradient_norm.shape == (4, 3)
    assert history.test_accuracy is None
    assert history.diverged_at is None


def test_no_epochs_record_the_start_and_change_nothing():
    net, x, y, history = run(epochs=0)
    untouched = MLP((2, 8, 6, 2), "relu", "he", rng_after_moons())
    assert np.array_equal(net.weights[0], untouched.weights[0])
    assert history.loss.shape == (1,)
    assert history.loss[0] == cross_entropy(net.forward(x), y)


def rng_after_moons(seed=0):
    rng = np.random.default_rng(seed)
    moons(70, rng)
    return rng


def test_the_last_row_describes_the_trained_network():
    net, x, y, history = run(x_test=[[0.0, 0.5], [0.0, -0.5]], y_test=[0, 1])
    trace, gradients = net.trace(x), net.gradients(x, y)
    assert history.loss[-1] == net.loss(x, y)
    assert history.train_accuracy[-1] == net.accuracy(x, y)
    assert history.test_accuracy[-1] == net.accuracy([[0.0, 0.5], [0.0, -0.5]], [0, 1])
    assert np.array_equal(history.activation_mean[-1], [a.mean() for a in trace.a[:-1]])
    assert np.array_equal(history.activation_std[-1], [a.std() for a in trace.a[:-1]])
    norms = [np.sqrt((w**2).sum()) for w in gradients.weights]
    np.testing.assert_allclose(history.gradient_norm[-1], norms, rtol=1e-14)
    assert np.array_equal(history.dead[-1], dead_share(net, x))
    assert np.array_equal(history.saturated[-1], saturated_share(net, x))


def test_the_probe_is_the_first_256_rows(rng):
    x, y = moons(300, rng)
    net = MLP((2, 8, 2), "tanh", "xavier", rng)
    history = train(net, x, y, lr=0.1, epochs=0, rng=rng)
    assert history.activation_mean[0, 0] == net.trace(x[:256]).a[0].mean()
    assert history.saturated[0] == saturated_share(net, x[:256])
    first = net.gradients(x[:256], y[:256]).weights[0]
    assert history.gradient_norm[0, 0] == pytest.approx(np.linalg.norm(first), rel=1e-14)
    assert history.loss[0] == net.loss(x, y)


def test_an_epoch_visits_every_row_once(rng):
    seen = []

    class Spy(MLP):
        def gradients(self, x, y, **options):
            seen.append(np.asarray(x)[:, 0])
            return super().gradients(x, y, **options)

    x = np.arange(10.0)[:, None]
    net = Spy((1, 2), "relu", "he", rng)
    train(net, x, np.zeros(10, int), lr=1e-3, batch_size=4, epochs=1, rng=rng)
    batches = [rows for rows in seen if rows.size < 10]  # the probe has all 10
    assert [rows.size for rows in batches] == [4, 4, 2]
    assert np.array_equal(np.sort(np.concatenate(batches)), x[:, 0])


def test_training_leaves_its_data_unchanged():
    _, x, y, _ = run()
    rng = np.random.default_rng(0)
    fresh_x, fresh_y = moons(70, rng)
    assert np.array_equal(x, fresh_x) and np.array_equal(y, fresh_y)


def test_the_digits_are_learned_by_a_hidden_layer(rng):
    data = digits(rng)
    net = MLP((64, 32, 10), "relu", "he", rng)
    history = train(
        net, data.x_train, data.y_train, lr=0.1, epochs=5, rng=rng,
        x_test=data.x_test, y_test=data.y_test,
    )  # fmt: skip
    assert history.test_accuracy[0] < 0.3
    assert history.test_accuracy[-1] > 0.9


@pytest.mark.parametrize("epochs", [0, 3])
def test_without_a_record_the_same_network_is_trained_and_measured_once(epochs):
    recorded, plain = run(epochs=epochs), run(epochs=epochs, record=False)
    for ours, theirs in zip(plain[0].weights, recorded[0].weights, strict=True):
        assert np.array_equal(ours, theirs)
    assert plain[3].loss.shape == plain[3].train_accuracy.shape == (1,)
    assert plain[3].loss[0] == recorded[3].loss[-1]
    assert plain[3].diverged_at is None


@pytest.mark.parametrize("settings", [{}, {"batch_size": 70, "epochs": 1}])
def test_an_overflow_is_reported_without_a_record_too(settings):
    history = run(lr=1e200, record=False, **settings)[3]
    assert history.diverged_at == 1
    assert history.loss.shape == (1,) and not np.isfinite(history.loss[0])


def test_an_overflow_in_a_batch_stops_training_and_is_reported():
    history = run(lr=1e200)[3]
    # Step 0 moves the weights to about 1e200; the product of three such layers overflows.
    assert history.diverged_at == 1
    assert history.loss.shape == (1,)
    assert history.dead.shape == (1, 2)


def test_an_overflow_at_the_end_of_an_epoch_is_reported_too():
    history = run(lr=1e200, batch_size=70, epochs=1)[3]
    assert history.diverged_at == 1
    assert history.loss.shape == (2,)
    assert not np.isfinite(history.loss[1])


# Dead and saturated units


def by_hand(activation, w, b, **options):
    """Return a network of one input and one hidden layer with these weights and biases."""
    net = MLP((1, len(w), 2), activation, "he", np.random.default_rng(0), **options)
    net.weights[0][:] = [w]
    net.biases[0][:] = b
    return net


PROBE = [[-1.0], [0.0], [1.0]]


def test_a_relu_unit_is_dead_if_no_row_makes_it_positive():
    # Largest pre-activations over the probe: 1, 0.5, 0 (the kink counts as flat), -1.
    net = by_hand("relu", [1.0, -1.0, 0.0, 1.0], [0.0, -0.5, 0.0, -2.0])
    assert dead_share(net, PROBE) == [0.5]


def test_a_leaky_unit_is_never_dead():
    assert dead_share(by_hand("leaky_relu", [0.0, 1.0], [-9.0, -9.0]), PROBE) == [0.0]


def test_what_is_dead_depends_on_the_rows():
    net = by_hand("relu", [1.0, 1.0], [-0.5, -5.0])
    assert dead_share(net, [[0.0]]) == [1.0]
    assert dead_share(net, [[0.0], [1.0]]) == [0.5]
    assert dead_share(net, [[0.0], [9.0]]) == [0.0]


def test_dead_shares_are_per_layer(rng):
    net = MLP((1, 2, 4, 2), "relu", "he", rng)
    net.biases[0][:] = -100.0
    net.biases[1][:] = [1.0, 1.0, 1.0, -1.0]
    assert np.array_equal(dead_share(net, PROBE), [1.0, 0.25])


def test_a_slope_under_one_percent_of_the_steepest_is_saturated():
    # The slope of tanh falls to 1 % of its largest, 1, at |z| = arccosh(10) = 2.993.
    net = by_hand("tanh", [1.0], [0.0])
    edge = math.acosh(10)
    assert saturated_share(net, [[edge - 1e-6], [-edge + 1e-6]]) == [0.0]
    assert saturated_share(net, [[edge + 1e-6], [-edge - 1e-6], [0.0], [1.0]]) == [0.5]


def test_the_steepest_slope_of_sigmoid_is_a_quarter():
    # sigmoid' = 0.0025 at z = 5.986.
    net = by_hand("sigmoid", [1.0], [0.0])
    assert saturated_share(net, [[5.98], [-5.98], [5.99], [-5.99]]) == [0.5]


def test_a_falling_slope_is_not_saturated():
    # gelu falls left of -0.752; at -1 its slope is -0.083.
    assert saturated_share(by_hand("gelu", [1.0], [0.0]), [[-1.0]]) == [0.0]


def test_the_saturated_share_of_relu_is_its_share_of_zeros():
    net = by_hand("relu", [1.0, 1.0], [0.0, -9.0])
    assert saturated_share(net, [[-1.0], [1.0]]) == [0.75]


def test_a_share_of_no_rows_is_an_error():
    for share in (dead_share, saturated_share):
        with pytest.raises(ValueError, match="at least one row"):
            share(by_hand("relu", [1.0], [0.0]), np.zeros((0, 1)))


# Bad input


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            ((2, 3, 2), "rellu", "he"),
            ValueError,
            "activation 'rellu'; choose one of identity, relu",
        ),
        (((2, 3, 2), 3, "he"), ValueError, "activation 3"),
        (((2, 2), "rellu", "he"), ValueError, "activation 'rellu'"),
        (
            ((2, 3, 2), "softmax", "he"),
            ValueError,
            "softmax cannot be used in a hidden layer.*logits",
        ),
        (((2, 3, 2), ACTIVATIONS["log_softmax"], "he"), ValueError, "kind 'row'"),
        (((2, 3, 2), "swiglu", "he"), ValueError, "kind 'gated'.*Choose the gate alone: silu"),
        (((2, 3, 2), "relu", "henormal"), ValueError, "'henormal'.* he, xavier, lecun, pytorch"),
        (((2, 3, 2), ("relu", "tanh"), "he"), ValueError, "For an activation per hidden layer"),
        (((2, 3, 2), ("relu", "tanh", "elu"), "he"), ValueError, "pass a list"),
        (((2, 3, 2), ["relu", "tanh"], "he"), ValueError, "one per hidden layer, 1; got 2"),
        (
            ((2, 3, 2), ("elu", {"beta": 1.0}), "he"),
            ValueError,
            r"\['beta'\]; it has \['alpha'\]",
        ),
        (((2, 3, 2), ("elu", {"alpha": -1.0}), "he"), ValueError, "alpha.*got -1.0"),
        (((2,), "relu", "he"), ValueError, r"two or more.*got \(2,\)"),
        ((2, "relu", "he"), ValueError, "two or more.*got 2"),
        (((2, 0, 2), "relu", "he"), ValueError, r"got \(2, 0, 2\)"),
        (((2, 2.5, 2), "relu", "he"), ValueError, r"got \(2, 2.5, 2\)"),
    ],
)
def test_a_network_that_makes_no_sense_is_an_error(arguments, error, message, rng):
    with pytest.raises(error, match=message):
        MLP(*arguments, rng)


def test_an_unknown_name_is_answered_with_every_elementwise_one(rng):
    with pytest.raises(ValueError, match="choose one of") as error:
        MLP((2, 3, 2), "rellu", "he", rng)
    known = str(error.value).split("choose one of ")[1].split(", ")
    assert known == [entry.name for entry in ELEMENTWISE]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gain": 0.0}, "gain.*got 0.0"),
        ({"gain": np.inf}, "gain.*got inf"),
        ({"gain": "2"}, "gain.*got '2'"),
        ({"biases": ""}, "unknown biases ''"),
        ({"biases": "ones"}, "'ones'; choose one of zero, pytorch"),
    ],
)
def test_an_option_that_makes_no_sense_is_an_error(options, message, rng):
    with pytest.raises(ValueError, match=message):
        MLP((2, 3, 2), "relu", "he", rng, **options)


def test_a_seed_instead_of_a_generator_is_an_error(rng):
    with pytest.raises(TypeError, match="Generator"):
        MLP((2, 3, 2), "relu", "he", 0)
    net = MLP((2, 3, 2), "relu", "he", rng)
    with pytest.raises(TypeError, match="Generator"):
        train(net, np.zeros((4, 2)), np.zeros(4, int), lr=0.1, epochs=1, rng=0)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.zeros(2), ValueError, r"shape \(n, 2\).*got \(2,\)"),
        (np.zeros((4, 3)), ValueError, r"shape \(n, 2\).*got \(4, 3\)"),
        ([["a", "b"]], TypeError, "real numbers"),
    ],
)
def test_an_input_of_another_shape_is_an_error(x, error, message, rng):
    with pytest.raises(error, match=message):
        MLP((2, 3, 2), "relu", "he", rng).forward(x)


@pytest.mark.parametrize(
    ("outputs", "y", "loss", "message"),
    [
        (2, [0, 1], "mse", "loss 'mse'; choose one of cross_entropy, bce"),
        (2, [0, 1], "bce", "one output, this one has 2"),
        (1, [0, 1], "cross_entropy", "loss='bce'"),
        (2, [0], "cross_entropy", r"shape \(2,\).*got \(1,\)"),
        (1, [[0], [1]], "bce", r"shape \(2,\).*got \(2, 1\)"),
        (2, [0, 2], "cross_entropy", r"\[0, 1\].*got 2"),
        (1, [0, 2], "bce", r"\[0, 1\], got 2"),
    ],
)
def test_labels_that_do_not_fit_the_loss_are_an_error(outputs, y, loss, message, rng):
    net = MLP((2, 3, outputs), "relu", "he", rng)
    with pytest.raises(ValueError, match=message):
        net.gradients(np.zeros((2, 2)), y, loss=loss)


def test_nothing_to_measure_on_is_an_error(rng):
    net = MLP((2, 3, 2), "relu", "he", rng)
    assert net.predict(np.zeros((0, 2))).shape == (0,)
    for measure in (net.accuracy, net.loss, net.gradients):
        with pytest.raises(ValueError, match="no rows"):
            measure(np.zeros((0, 2)), [])


def test_labels_in_a_column_are_not_compared_with_a_row(rng):
    net = MLP((2, 3, 2), "relu", "he", rng)
    with pytest.raises(ValueError, match=r"shape \(2,\).*got \(2, 1\)"):
        net.accuracy(np.zeros((2, 2)), [[0], [1]])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"optimizer": "rmsprop"}, "'rmsprop'; choose one of sgd, adam"),
        ({"lr": 0.0}, "lr.*got 0.0"),
        ({"lr": np.nan}, "lr.*got nan"),
        ({"momentum": 1.0}, "momentum.*got 1.0"),
        ({"momentum": -0.1}, "momentum.*got -0.1"),
        ({"optimizer": "adam", "momentum": 0.9}, "leave momentum at 0, got 0.9"),
        ({"batch_size": 0}, "batch_size.*got 0"),
        ({"batch_size": 1.5}, "batch_size.*got 1.5"),
        ({"epochs": -1}, "epochs.*got -1"),
        ({"epochs": 2.0}, "epochs.*got 2.0"),
        ({"loss": "mse"}, "loss 'mse'"),
        ({"x_test": np.zeros((1, 2))}, "x_test and y_test together"),
        ({"y_test": [0]}, "x_test and y_test together"),
        ({"x_test": np.zeros((1, 2)), "y_test": [0, 1]}, r"y_test \(2,\)"),
        ({"y": [0, 1, 0]}, r"x has shape \(4, 2\), y \(3,\)"),
        ({"x": np.zeros((0, 2)), "y": []}, "x has no rows"),
        ({"x": [[0.0, np.nan]] * 4}, "x contains NaN or inf"),
        ({"x": np.zeros((4, 3))}, r"shape \(n, 2\)"),
    ],
)
def test_training_that_makes_no_sense_is_an_error(settings, message, rng):
    net = MLP((2, 3, 2), "relu", "he", rng)
    before = copy.deepcopy(net.weights)
    arguments = {"x": np.zeros((4, 2)), "y": [0, 1, 0, 1], "lr": 0.1, "epochs": 1, "rng": rng}
    with pytest.raises(ValueError, match=message):
        train(net, **{**arguments, **settings})
    assert all(np.array_equal(a, b) for a, b in zip(before, net.weights, strict=True))


RNG = np.random.default_rng(0)


def three_alike(activation="tanh", sizes=(2, 6, 3)):
    rngs = [np.random.default_rng(seed) for seed in range(3)]
    x = [rng.normal(size=(45, 2)) for rng in rngs]
    y = [rng.integers(0, 3, 45) for rng in rngs]
    return [MLP(sizes, activation, "he", rng) for rng in rngs], x, y, rngs


@pytest.mark.parametrize(("optimizer", "momentum"), [("sgd", 0.0), ("sgd", 0.9), ("adam", 0.0)])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_networks_side_by_side_learn_what_each_learns_alone(optimizer, momentum, activation):
    settings = {"optimizer": optimizer, "lr": 0.05, "momentum": momentum}
    settings |= {"batch_size": 20, "epochs": 4}
    together, x, y, rngs = three_alike(activation, (2, 6, 5, 3))
    right = train_side_by_side(together, x, y, **settings, rngs=rngs, x_test=x, y_test=y)
    alone, x, y, rngs = three_alike(activation, (2, 6, 5, 3))
    for net, same, xs, ys, rng, shares in zip(alone, together, x, y, rngs, right, strict=True):
        history = train(net, xs, ys, **settings, rng=rng, x_test=xs, y_test=ys)
        np.testing.assert_array_equal(shares, history.test_accuracy)
        for ours, theirs in zip(same.weights + same.biases, net.weights + net.biases, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_networks_side_by_side_that_are_not_recorded_end_the_same():
    settings = {"lr": 0.05, "batch_size": 20, "epochs": 4}
    nets, x, y, rngs = three_alike()
    each = train_side_by_side(nets, x, y, **settings, rngs=rngs, x_test=x, y_test=y)
    nets, x, y, rngs = three_alike()
    settings |= {"record": False}
    last = train_side_by_side(nets, x, y, **settings, rngs=rngs, x_test=x, y_test=y)
    np.testing.assert_array_equal(last, each[:, -1:])


def test_a_network_side_by_side_that_diverges_has_no_accuracy():
    nets, x, y, rngs = three_alike("relu")
    x[1] = 1e200 * x[1]
    settings = {"lr": 1e200, "batch_size": 45, "epochs": 2}
    right = train_side_by_side(nets, x, y, **settings, rngs=rngs, x_test=x, y_test=y)
    assert np.isfinite(right[:, 0]).all() and np.isnan(right[1, -1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nets": []}, "at least one network"),
        ({"lr": -1.0}, "lr must be a positive number, got -1"),
        ({"momentum": 1.0}, "momentum.*got 1.0"),
        ({"optimizer": "lion"}, "unknown optimizer 'lion'"),
        ({"x_test": []}, "0 x_test"),
        ({"y": [np.zeros(44)] * 3}, "with a label for each row"),
        ({"x": [np.zeros((n, 2)) for n in (45, 45, 44)]}, "label for each row"),
        ({"x": [np.zeros((45, 2))] * 2 + [np.zeros((45, 3))]}, "x of one shape"),
        ({"nets": three_alike()[0][:2] + three_alike("relu")[0][:1]}, "agree in sizes"),
        (
            {"nets": [MLP((2, 3, 2), ("elu", {"alpha": a}), "he", RNG) for a in (0.5, 1, 1)]},
            "agree in sizes and activation",
        ),
    ],
)
def test_side_by_side_says_what_does_not_fit(change, said):
    nets, x, y, rngs = three_alike()
    given = {"nets": nets, "x": x, "y": y, "rngs": rngs, "x_test": x, "y_test": y, "lr": 0.1}
    given |= change
    with pytest.raises(ValueError, match=said):
        train_side_by_side(given.pop("nets"), given.pop("x"), given.pop("y"), epochs=1, **given)
