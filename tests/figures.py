"""A typical example of every living figure: what the tests and the benchmark open."""

from actlib.widgets import ActivationExplorer, BendTheLine, Quiz

EXAMPLES = {
    "activation_explorer": lambda: ActivationExplorer(["relu", "gelu", "swish", "tanh"]),
    "bend_the_line": BendTheLine,
    "quiz": lambda: Quiz("softmax"),
}
