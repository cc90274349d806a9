"""A typical example of every living figure: what the tests and the benchmark open."""

from actlib.widgets import (
    ActivationExplorer,
    BendTheLine,
    DepthFlow,
    Playground,
    Quiz,
    SoftmaxExplorer,
    ValueAndSlope,
)

FOR_PRESETS = ["relu", "identity", "sigmoid", "tanh", "gelu", "sine", "leaky_relu"]

EXAMPLES = {
    "activation_explorer": lambda: ActivationExplorer(["relu", "gelu", "swish", "tanh"]),
    "bend_the_line": BendTheLine,
    "depth_flow": DepthFlow,
    "playground": lambda: Playground(activations=FOR_PRESETS, own_page=True),
    "quiz": lambda: Quiz("softmax"),
    "softmax_explorer": lambda: SoftmaxExplorer(["cat", "dog", "owl"], logits=[2, 1, 0.1]),
    "value_and_slope": lambda: ValueAndSlope(
        ["relu", "elu", "gelu", "silu", "sigmoid", "tanh", "hardtanh", "softsign"],
        groups={
            "bounded": ["sigmoid", "tanh", "hardtanh", "softsign"],
            "has a kink": ["relu", "hardtanh"],
        },
        shown=["relu", "gelu", "tanh"],
    ),
}
