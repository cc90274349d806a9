"""A typical example of every living figure: what the tests and the benchmark open."""

from actlib.widgets import ActivationExplorer, Quiz

EXAMPLES = {
    "activation_explorer": lambda: ActivationExplorer(["relu", "gelu", "swish", "tanh"]),
    "quiz": lambda: Quiz("softmax"),
}
