"""Experiments for the playground: settings, a question before the run, what it then shows.

Each is a dict: `title`; `ask`, a question to answer before running; `epochs`, after which the
run pauses; `shows`, what it has shown by then; `settings`, those that differ from DEFAULTS.
What `shows` says is checked in tests/figures/test_playground.py against a run of `networks.MLP`.
"""

DEFAULTS = {
    "data": "moons",
    "noise": 0.1,
    "seed": 1,
    "activation": ["relu"],
    "depth": 2,
    "width": 8,
    "init": "he",
    "gain": None,
    "optimizer": "sgd",
    "lr": 0.03,
    "momentum": 0.9,
    "batch_size": 10,
}

PRESETS = {
    "no_bend": {
        "title": "Four linear layers on circles",
        "ask": "Four hidden layers of 8 units, and no bend between them. "
        "Which shapes can the boundary take?",
        "epochs": 50,
        "shows": "A straight line, wherever it lies: half of the points are right, as in guessing. "
        "Choose ReLU as activation and run again.",
        "settings": {"data": "circles", "activation": ["identity"], "depth": 4},
    },
    "three_bends": {
        "title": "Three ReLUs on circles",
        "ask": "One hidden layer of three ReLUs, each of which bends the plane along one line. "
        "Is that enough to fence in the inner circle?",
        "epochs": 50,
        "shows": "It is: the three bends close around it, and over 95 % of the points are right. "
        "With two units the fence stays open.",
        "settings": {"data": "circles", "depth": 1, "width": 3, "seed": 2},
    },
    "two_for_xor": {
        "title": "Two ReLUs on XOR",
        "ask": "Two ReLUs can solve XOR: the first chapter writes the weights down. "
        "Will training find them?",
        "epochs": 50,
        "shows": "Not from here: three corners of four are right, and the gradient is small. "
        "That weights exist does not mean they are found; one unit more, and they are.",
        "settings": {"data": "xor", "noise": 0.2, "depth": 1, "width": 2},
    },
    "deep_sigmoid": {
        "title": "Ten sigmoid layers",
        "ask": "Ten sigmoid layers with PyTorch’s default initialisation. "
        "By how much is the gradient in layer 1 smaller than that in layer 10?",
        "epochs": 100,
        "shows": "By more than ten million times, so layer 1 does not learn. The loss stays at "
        "that of guessing, though no unit is dead and none saturated.",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "pytorch", "lr": 0.1},
    },
    "rescued_sigmoid": {
        "title": "Ten sigmoid layers, rescued",
        "ask": "The same ten sigmoid layers, but Xavier weights with gain 3, and Adam. "
        "Was it the sigmoid’s fault?",
        "epochs": 100,
        "shows": "Not alone: over 95 % of the points are right. Larger weights make up for slopes "
        "of at most 0.25, and Adam divides each step by the gradient’s own size.",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "xavier", "gain": 3.0, "optimizer": "adam", "lr": 0.01},
    },
    "dying_relu": {
        "title": "ReLU at a learning rate of 3",
        "ask": "Three layers of ReLUs, which learn well at a rate of 0.1. "
        "What will a rate of 3 do to the units?",
        "epochs": 20,
        "shows": "The last hidden layer died: its units are on the flat side for every point. No "
        "gradient passes, so nothing can bring them back, and the answer is the same everywhere.",
        "settings": {"data": "circles", "depth": 3, "lr": 3.0, "momentum": 0.0},
    },
    "deep_gelu": {
        "title": "Ten GELU layers on spirals",
        "ask": "Ten GELU layers with He weights, and Adam, on two spirals. "
        "Does depth hurt here as it hurt the sigmoid?",
        "epochs": 100,
        "shows": "It does not: over 95 % of the points are right, and the gradients of layers 1 "
        "and 10 are within ten times of each other.",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["gelu"], "depth": 10}
        | {"optimizer": "adam", "lr": 0.003, "seed": 2},
    },
    "slow_tanh": {
        "title": "Tanh on spirals",
        "ask": "Three tanh layers on two spirals, where GELU gets nearly all points right. "
        "Will tanh?",
        "epochs": 60,
        "shows": "Not yet: about three in four points are right. But try seed 4, from "
        "which it succeeds: a single run is no evidence against an activation.",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["tanh"], "depth": 3}
        | {"init": "xavier", "optimizer": "adam", "lr": 0.01},
    },
    "waves": {
        "title": "Sine on spirals",
        "ask": "Three layers whose activation goes up and down for ever. Which boundary will "
        "waves draw, near the points and far from them?",
        "epochs": 60,
        "shows": "It fits: over 95 % of the points are right. Beyond them it goes on waving, where "
        "there is nothing to learn from.",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["sine"], "depth": 3}
        | {"optimizer": "adam", "lr": 0.01, "seed": 2},
    },
    "explosion": {
        "title": "Into NaN",
        "ask": "Five layers of Leaky ReLU, which nothing bounds, and a learning rate of 10. "
        "How many steps until the numbers run out?",
        "epochs": 1,
        "shows": "",
        "settings": {"activation": ["leaky_relu"], "depth": 5, "lr": 10.0},
    },
}
