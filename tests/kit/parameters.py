"""Parameters other than the defaults, inside their intervals, with which functions are tested."""

OTHER_PARAMS = {
    "leaky_relu": ({"alpha": 0.2}, {"alpha": 0.0}),
    "prelu": ({"alpha": -0.5}, {"alpha": 0.0}),
    "rrelu": ({"lower": 0.0, "upper": 0.5}, {"lower": 0.0, "upper": 0.0}),
    "elu": ({"alpha": 0.5}, {"alpha": 3.0}),
    "celu": ({"alpha": 2.0}, {"alpha": 0.3}),
    "threshold": ({"theta": -0.5, "below": -2.0}, {"theta": 0.0, "below": 1.5}),
    "swish": ({"beta": 1.702},),
    "softplus": ({"beta": 3.0}, {"beta": 0.5}),
    "hardtanh": ({"low": -2.0, "high": 0.5},),
    "softcap": ({"cap": 2.5},),
    "hardshrink": ({"theta": 2.0},),
    "softshrink": ({"theta": 2.0},),
    "snake": ({"alpha": 0.7},),
    "squareplus": ({"b": 0.5},),
    "xielu": ({"alpha_p": 1.5, "alpha_n": 1.2},),
    "dyt": ({"alpha": 1.25},),
    "maxout": ({"pieces": 3},),
}
