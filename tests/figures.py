"""A typical example of every living figure: what the tests and the benchmark open."""

from actlib.widgets import ActivationExplorer, BendTheLine, DepthFlow, Quiz, SoftmaxExplorer

EXAMPLES = {
    "activation_explorer": lambda: ActivationExplorer(["relu", "gelu", "swish", "tanh"]),
    "bend_the_line": BendTheLine,
    "depth_flow": DepthFlow,
    "quiz": lambda: Quiz("softmax"),
    "softmax_explorer": lambda: SoftmaxExplorer(["cat", "dog", "owl"], logits=[2, 1, 0.1]),
}
