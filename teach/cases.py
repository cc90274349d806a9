"""Inputs that answers are tried on at grading, made anew each time: no package holds them.

For each check of a function, what draws one or two tuples of arguments. Sizes are drawn too, and
differ from axis to axis. The check's own cases, with their edges, are tried before these.
"""

import numpy as np


def _sizes(rng, n):
    """Return n sizes that all differ, none of them 1."""
    return [int(size) for size in rng.permutation(np.arange(2, 8))[:n]]


def _arrays(rng, *shapes, scale=2.0):
    """Return arrays of normal numbers, in eighths: exact in float32, and so are their sums."""
    return tuple(np.round(8 * rng.normal(scale=scale, size=shape)) / 8 for shape in shapes)


def _any_shape(rng):
    a, b, c = _sizes(rng, 3)
    return _arrays(rng, (a,)), _arrays(rng, (b, c))


def _leaky(rng):
    a, b = _sizes(rng, 2)
    slopes = (rng.uniform(0.02, 0.9), rng.uniform(1.1, 3.0), -rng.uniform(0.1, 2.0))
    return tuple((*_arrays(rng, (a, b)), round(float(slope), 2)) for slope in slopes)


def _gain(rng):
    return tuple((round(float(alpha), 3),) for alpha in rng.uniform(-2, 2, 3))


def _units(rng):
    d, k = _sizes(rng, 2)
    w, b = _arrays(rng, (d, k), (k,))
    # About half of the units are dead, one of them barely: eighths add up exactly in any order.
    reach = np.abs(w).sum(axis=0)
    b = np.where(np.arange(k) % 2 == 0, -np.round(reach * rng.uniform(1.01, 1.5, k), 3), b)
    b[0] = -reach[0]
    return ((w, b),)


def _pair(rng):
    a, b = _sizes(rng, 2)
    return _arrays(rng, (a,), (a,), scale=50.0), _arrays(rng, (a, b), (a, b))


def _ramp(rng):
    left, width = np.round([rng.uniform(-3, 3), rng.uniform(0.2, 4)], 2)
    x = np.round(np.linspace(left - 2, left + width + 2, _sizes(rng, 1)[0] + 5), 3)
    return ((x, float(left), float(left + width)),)


def _layer(rng):
    n, d, k = _sizes(rng, 3)
    return (_arrays(rng, (n, d), (d, k), (k,), (n, k)),)


def _back(rng):
    n, d, k = _sizes(rng, 3)
    return (_arrays(rng, (n, k), (d, k), (n, d)),)


def _rows(rng):
    alone, n, k = _sizes(rng, 3)
    centres = rng.choice([-900.0, 0.0, 900.0], size=(n, 1))
    return _arrays(rng, (alone,)), (_arrays(rng, (n, k))[0] + centres,)


def _row_and_label(rng):
    k = _sizes(rng, 1)[0]
    (z,), label = _arrays(rng, (k,)), int(rng.integers(k))
    return (z, label), (z + 800.0, (label + 1) % k)


def _batch(rng):
    n, k = _sizes(rng, 2)
    return ((*_arrays(rng, (n, k)), rng.integers(k, size=n)),)


def _probabilities(rng):
    # Three or four classes, because the check watches for matrices of these sizes.
    n, k = int(rng.choice([2, 5, 6])), int(rng.choice([3, 4]))
    p = np.exp(*_arrays(rng, (n, k)))
    p /= p.sum(axis=1, keepdims=True)
    (g,) = _arrays(rng, (n, k))
    return (p[0], g[0]), (p, g)


def _scores(rng):
    n, k = _sizes(rng, 2)
    return (_arrays(rng, (n, k), scale=3.0),)


def _targets(rng):
    n = _sizes(rng, 1)[0] + 2
    return ((*_arrays(rng, (n,), scale=4.0), rng.permutation(np.arange(n) % 2).astype(float)),)


def _tensor(rng):
    return (_arrays(rng, (_sizes(rng, 1)[0] + 3,), scale=5.0),)


def _upstream(rng):
    n = _sizes(rng, 1)[0] + 3
    t, upstream = _arrays(rng, (n,), (n,))
    t[0], upstream[0] = 1.5, -2.5  # one that lets a gradient through, whatever was drawn
    return ((t, upstream),)


def _port(rng):
    n = _sizes(rng, 1)[0] + 4
    z = rng.permutation(np.arange(n) - n // 2).astype(float)
    ours = np.round(rng.uniform(0.5, 4, n) * rng.choice([-1, 1], n), 3)
    # Some differ by no more than digits that were lost, some by much; the largest is one alone.
    errors = np.where(rng.random(n) < 0.5, 1e-8, 10.0 ** rng.uniform(-4, -2, n))
    errors[0] = 0.02
    theirs = ours * (1 + errors * rng.choice([-1, 1], n))
    edges = ours.copy(), theirs.copy()
    edges[0][1], edges[1][1] = np.nan, np.nan
    edges[0][2], edges[1][2] = -np.inf, -np.inf
    edges[rng.integers(2)][3] = np.nan
    return (z, ours, theirs), (z, *edges)


def _masked(rng):
    n, k = _sizes(rng, 2)
    keep = rng.random((n, k)) < 0.6
    keep[np.arange(n), rng.integers(k, size=n)] = True
    return ((*_arrays(rng, (n, k)), keep),)


def _batches(rng):
    n = _sizes(rng, 1)[0]
    return ((np.round(rng.uniform(0.1, 3, n), 2), np.round(rng.uniform(1, 90, n), 1)),)


def _normalised(rng):
    d, k = _sizes(rng, 2)
    w, b, mean, gamma, beta = _arrays(rng, (d, k), (k,), (k,), (k,), (k,))
    return ((w, b, mean, np.round(rng.uniform(0.1, 9, k), 2), gamma, beta),)


FRESH = {
    "check_max_of_two": _pair,
    "check_ramp": _ramp,
    "check_layer_grad": _layer,
    "check_tanh_from_sigmoid": _any_shape,
    "check_one_step_back": _back,
    "check_tanh_slope": _any_shape,
    "check_relu": _any_shape,
    "check_leaky_relu": _leaky,
    "check_leaky_gain": _gain,
    "check_silu_grad": _any_shape,
    "check_dead_everywhere": _units,
    "check_softmax_rows": _rows,
    "check_loss_from_logits": _row_and_label,
    "check_batch_gradient": _batch,
    "check_softmax_backward": _probabilities,
    "check_torch_probabilities": _scores,
    "check_torch_bce": _targets,
    "check_torch_softplus": _tensor,
    "check_squared_relu_function": _upstream,
    "check_port": _port,
    "check_first_loss": _scores,
    "check_masked_weights": _masked,
    "check_whole_loss": _batches,
    "check_folded": _normalised,
}
