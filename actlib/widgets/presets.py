"""Experiments for the playground: settings, a question before the run, what it then shows.

Each is a dict: `title`; `ask`, a question to answer before running; `epochs`, after which the
run pauses; `shows`, what it has shown by then; `settings`, those that differ from DEFAULTS.
What `shows` says is checked in tests/test_playground.py against a run of `networks.MLP`.
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
        "ask": "Four hidden layers, 8 units each, and no bend between them. "
        "Which shapes can the boundary take?",
        "epochs": 50,
        "shows": "A straight line, wherever it lies: the accuracy stays near chance. "
        "Choose ReLU as activation and run again.",
        "settings": {"data": "circles", "activation": ["identity"], "depth": 4},
    },
    "three_bends": {
        "title": "Three ReLUs on circles",
        "ask": "One hidden layer of three ReLUs, each of which bends the plane along one line. "
        "Is that enough to fence in the inner circle?",
        "epochs": 50,
        "shows": "Yes: the three bends close around it, and over 95 % of the points are on the "
        "right side. Try a width of 2: two bends leave it open.",
        "settings": {"data": "circles", "depth": 1, "width": 3},
    },
    "deep_sigmoid": {
        "title": "Ten sigmoid layers",
        "ask": "Ten sigmoid layers with PyTorch’s default initialisation. "
        "How large is the gradient in layer 1, beside that in layer 10?",
        "epochs": 100,
        "shows": "A hundred million times smaller, and more. The loss stays at the 0.69 of "
        "guessing, though no unit is dead and none is saturated: the gradient vanished.",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "pytorch", "lr": 0.1},
    },
    "rescued_sigmoid": {
        "title": "Ten sigmoid layers, rescued",
        "ask": "The same ten sigmoid layers with Xavier weights of gain 3, and Adam. "
        "Was it the sigmoid’s fault?",
        "epochs": 100,
        "shows": "Not alone: over 95 % of the points are right. The larger weights make up for "
        "slopes of at most 0.25, and Adam divides by the gradient’s size.",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "xavier", "gain": 3.0, "optimizer": "adam", "lr": 0.01},
    },
    "dying_relu": {
        "title": "ReLU, learning rate 3",
        "ask": "Three layers of ReLUs that learn well at a rate of 0.1. "
        "What will a rate of 3 do to the units?",
        "epochs": 20,
        "shows": "A layer died: for every point its units are on the flat side. No gradient "
        "passes it, so nothing can bring it back, and the answer is the same everywhere.",
        "settings": {"data": "circles", "depth": 3, "lr": 3.0, "momentum": 0.0},
    },
    "leaky_instead": {
        "title": "The same with a leak",
        "ask": "The same three layers and the same rate of 3, with Leaky ReLU: below zero its "
        "slope is 0.01. Can a unit still die?",
        "epochs": 20,
        "shows": "",
        "settings": {"data": "circles", "activation": ["leaky_relu"], "depth": 3}
        | {"lr": 3.0, "momentum": 0.0},
    },
    "deep_gelu": {
        "title": "Ten GELU layers on spirals",
        "ask": "Ten GELU layers with He weights and Adam, on two spirals. "
        "Does depth hurt here as it hurt the sigmoid?",
        "epochs": 100,
        "shows": "",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["gelu"], "depth": 10}
        | {"optimizer": "adam", "lr": 0.003},
    },
    "slow_tanh": {
        "title": "Tanh on spirals",
        "ask": "Three tanh layers on two spirals. The boundary must wind around twice: will it, "
        "in 100 epochs?",
        "epochs": 100,
        "shows": "",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["tanh"], "depth": 3}
        | {"init": "xavier", "optimizer": "adam", "lr": 0.01},
    },
    "explosion": {
        "title": "Into NaN",
        "ask": "Five layers of Leaky ReLU and a learning rate of 10. "
        "Nothing bounds the values: how many steps will it take?",
        "epochs": 1,
        "shows": "",
        "settings": {"activation": ["leaky_relu"], "depth": 5, "lr": 10.0},
    },
}
