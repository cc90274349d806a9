"""Experiments for the playground: settings, a question before the run, and what the run shows.

Each is a dict: `title`; `ask`, a question to answer before the run; `epochs`, after which the
run pauses; `shows`, what it has shown by then; `look`, where that is seen (keys of PLACES);
`vary`, the setting to change next; `settings`, those that differ from DEFAULTS.
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

PLACES = {
    "plane": "the plane",
    "accuracy": "the accuracy",
    "dead": "dead units",
    "gradient": "the gradients",
}

PRESETS = {
    "no_bend": {
        "title": "Four linear layers on circles",
        "ask": "Four hidden layers of 8 units, and no bend between them. "
        "Which shapes can the boundary take?",
        "epochs": 50,
        "shows": "Only a straight line: half of the points are right, no better than guessing. "
        "Choose ReLU as the activation and run again.",
        "look": ["plane", "accuracy"],
        "vary": "activation",
        "settings": {"data": "circles", "activation": ["identity"], "depth": 4},
    },
    "three_bends": {
        "title": "Three ReLUs on circles",
        "ask": "One hidden layer of three ReLUs, each of which bends the plane along one line. "
        "Is that enough to fence in the inner circle?",
        "epochs": 50,
        "shows": "It is: the three bends close around it, and over 95 % of the points are right. "
        "With two units the fence stays open.",
        "look": ["plane", "accuracy"],
        "vary": "width",
        "settings": {"data": "circles", "depth": 1, "width": 3, "seed": 2},
    },
    "two_for_xor": {
        "title": "Two ReLUs on XOR",
        "ask": "Two ReLUs can solve XOR: the first chapter gives the weights. "
        "Will training find them?",
        "epochs": 50,
        "shows": "Not from this start: three of the four corners are right, and the gradient is "
        "small. Such weights exist, but are not found; with one more unit they are.",
        "look": ["accuracy", "gradient"],
        "vary": "width",
        "settings": {"data": "xor", "noise": 0.2, "depth": 1, "width": 2},
    },
    "deep_sigmoid": {
        "title": "Ten sigmoid layers",
        "ask": "Ten sigmoid layers with PyTorch’s default initialisation. "
        "How many times smaller is the gradient in layer 1 than in layer 10?",
        "epochs": 100,
        "shows": "More than ten million times, so layer 1 does not learn. The loss stays at the "
        "level of guessing, although no unit is dead and none is saturated.",
        "look": ["gradient", "dead"],
        "vary": "init",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "pytorch", "lr": 0.1},
    },
    "rescued_sigmoid": {
        "title": "Ten sigmoid layers, rescued",
        "ask": "The same ten sigmoid layers, but with Xavier weights of gain 3 and with Adam. "
        "Was the sigmoid to blame?",
        "epochs": 100,
        "shows": "Not alone: now over 95 % of the points are right. Larger weights make up for "
        "slopes of at most 0.25, and Adam divides each step by the gradient’s own size.",
        "look": ["accuracy"],
        "vary": "gain",
        "settings": {"data": "circles", "activation": ["sigmoid"], "depth": 10}
        | {"init": "xavier", "gain": 3.0, "optimizer": "adam", "lr": 0.01},
    },
    "dying_relu": {
        "title": "ReLU at a learning rate of 3",
        "ask": "Three layers of ReLUs, which learn well at a rate of 0.1. "
        "What will a rate of 3 do to the units?",
        "epochs": 20,
        "shows": "The last hidden layer died: its units are on the flat side for every point. No "
        "gradient passes, so nothing can revive them, and the answer is the same everywhere.",
        "look": ["dead", "gradient", "plane"],
        "vary": "lr",
        "settings": {"data": "circles", "depth": 3, "lr": 3.0, "momentum": 0.0},
    },
    "deep_gelu": {
        "title": "Ten GELU layers on spirals",
        "ask": "Ten GELU layers with He weights, and Adam, on two spirals. "
        "Does depth do as much harm here as with the sigmoid?",
        "epochs": 100,
        "shows": "It does not: over 95 % of the points are right, and the gradients of layers 1 "
        "and 10 are within a factor of ten of each other.",
        "look": ["accuracy", "gradient"],
        "vary": "activation",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["gelu"], "depth": 10}
        | {"optimizer": "adam", "lr": 0.003, "seed": 2},
    },
    "slow_tanh": {
        "title": "Tanh on spirals",
        "ask": "Three tanh layers on two spirals, where GELU gets nearly all points right. "
        "Will tanh?",
        "epochs": 60,
        "shows": "Not yet: about three in four points are right. But try seed 4, with "
        "which it succeeds: a single run is no evidence against an activation.",
        "look": ["accuracy"],
        "vary": "seed",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["tanh"], "depth": 3}
        | {"init": "xavier", "optimizer": "adam", "lr": 0.01},
    },
    "waves": {
        "title": "Sine on spirals",
        "ask": "Three layers whose activation goes up and down for ever. What boundary will "
        "such waves draw, near the points and far from them?",
        "epochs": 60,
        "shows": "One that fits: over 95 % of the points are right. Beyond them, with nothing to "
        "learn from, it goes on waving.",
        "look": ["plane", "accuracy"],
        "vary": "activation",
        "settings": {"data": "two_spirals", "noise": 0.05, "activation": ["sine"], "depth": 3}
        | {"optimizer": "adam", "lr": 0.01, "seed": 2},
    },
    "deaths_on_digits": {
        "title": "Deaths on digits",
        "ask": "Ten steps, each over all 1,347 images, at a rate of 2 from He’s weights. How many "
        "of the 64 ReLUs in layer 1 will be dead?",
        "epochs": 10,
        "shows": "More than half of them, for all of the 256 images that are measured, and at most "
        "3 in 10 images are read. At a rate of 0.1 none dies.",
        "look": ["dead", "accuracy"],
        "vary": "lr",
        "settings": {"data": "digits", "noise": 0.0, "depth": 2, "width": 64, "seed": 0}
        | {"lr": 2.0, "momentum": 0.0, "batch_size": 1347},
    },
    "flat_on_digits": {
        "title": "Sigmoids on digits",
        "ask": "Four sigmoid layers on handwritten digits, with PyTorch’s default weights and SGD. "
        "Guessing reads 10 %. What will they read, and what would tanh?",
        "epochs": 8,
        "shows": "They guess. With tanh, and nothing else changed, over 90 % are read.",
        "look": ["gradient", "accuracy"],
        "vary": "activation",
        "settings": {"data": "digits", "noise": 0.0, "activation": ["sigmoid"], "depth": 4}
        | {"width": 32, "init": "pytorch", "lr": 0.05, "batch_size": 64, "seed": 0},
    },
    "ten_on_digits": {
        "title": "Ten sigmoid layers on digits",
        "ask": "Ten sigmoid layers of 64 with PyTorch’s default weights. By how much is the "
        "gradient of layer 1 smaller than that of layer 10, and does training help?",
        "epochs": 4,
        "shows": "By a factor of more than a million, before and after: the network guesses. With "
        "tanh instead, the two are within a factor of ten.",
        "look": ["gradient", "accuracy"],
        "vary": "activation",
        "settings": {"data": "digits", "noise": 0.0, "activation": ["sigmoid"], "depth": 10}
        | {"width": 64, "init": "pytorch", "lr": 0.05, "batch_size": 64, "seed": 0},
    },
    "explosion": {
        "title": "Into NaN",
        "ask": "Five layers of Leaky ReLU, which is unbounded, and a learning rate of 10. "
        "After how many steps will a number overflow?",
        "epochs": 1,
        "shows": "",
        "look": [],
        "vary": "lr",
        "settings": {"activation": ["leaky_relu"], "depth": 5, "lr": 10.0},
    },
}
