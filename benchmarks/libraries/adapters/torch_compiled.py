"""PyTorch, compiled by torch.compile with its default backend, inductor.

All functions are compiled together, each on an input of its own: one compilation for a dtype
instead of a hundred. What is generated for each is the same.
"""

import torch
import torch_eager
from protocol import Call, first, run

NOT = ("F.softmax", "nn.Softmax2d()", "nn.PReLU()", "F.rrelu", "nn.RReLU().eval()")
KEPT = [c for c in torch_eager.CALLS if c.name not in NOT and c.claims not in ("abs", "sinc")]


def together(calls):
    @torch.compile(dynamic=True)
    def compiled(inputs):
        return [c.function(x) for c, x in zip(calls, inputs, strict=True)]

    return compiled


class Shared:
    """Results of all functions of a kind at one input, computed when first asked for."""

    def __init__(self, kind):
        self.calls = [c for c in KEPT if c.kind == kind]
        self.compiled = together(self.calls)
        self.kept = {}

    def at(self, x, slope):
        key = (x.dtype, x.shape, slope, hash(x.contiguous().view(torch.uint8).numpy().tobytes()))
        if key not in self.kept:  # each call in turn comes back to every input
            inputs = [x.clone().requires_grad_(slope) for _ in self.calls]
            results = self.compiled(inputs)
            if slope:
                results = torch.autograd.grad(sum(first(y).sum() for y in results), inputs)
            self.kept[key] = [y.detach() for y in results]
        return self.kept[key]


def made(shared, number):
    call = shared.calls[number]
    return Call(
        call.name, call.claims, lambda x: shared.at(x, False)[number], call.given, call.kind,
        slope=lambda f, x: shared.at(x, True)[number],
    )  # fmt: skip


if __name__ == "__main__":
    shared = {kind: Shared(kind) for kind in ("elementwise", "row")}
    run(
        [made(one, n) for one in shared.values() for n in range(len(one.calls))],
        enter=torch_eager.enter, leave=torch_eager.leave,
        dtypes=("float64", "float32", "float16", "bfloat16"), views=False, one_by_one=False,
    )  # fmt: skip
