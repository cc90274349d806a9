"""Print, as JSON, the activation modules of torchvision's models, built on no memory."""

import json
import warnings
from collections import Counter

import torch
from torch import nn

warnings.simplefilter("ignore")
# torchvision's own operators come with a build for GPUs; its networks can be built without them,
# if those that it looks for when imported are there.
detection = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    detection.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
NAMES = {
    "ReLU": "relu", "ReLU6": "relu6", "GELU": "gelu", "SiLU": "silu", "Swish": "silu",
    "Hardswish": "hardswish", "HardSwish": "hardswish", "Hardsigmoid": "hardsigmoid",
    "Sigmoid": "sigmoid", "Tanh": "tanh", "LeakyReLU": "leaky_relu", "PReLU": "prelu",
    "Mish": "mish", "ELU": "elu", "GELUTanh": "gelu_tanh", "QuickGELU": "quick_gelu",
    "GeluTanh": "gelu_tanh", "QuickGELUActivation": "quick_gelu", "Softplus": "softplus",
    "HardSigmoid": "hardsigmoid", "HardMish": "hardmish",
}  # fmt: skip


def activations(model):
    """Return how often each activation module stands in a model; a gate's sigmoid is one too."""
    counts = Counter()
    for module in model.modules():
        name = NAMES.get(type(module).__name__)
        if name == "gelu" and getattr(module, "approximate", "none") == "tanh":
            name = "gelu_tanh"
        if name:
            counts[name] += 1
    return counts


def gated(model):
    """Return whether a block halves what it computes, as SwiGLU and its relatives do."""
    names = {type(module).__name__ for module in model.modules()}
    return bool(names & {"SwiGLU", "SwiGLUPacked", "GluMlp", "GatedMlp", "Gmlp", "GLU"})


# Models of these tasks are built on a network that is counted by itself.
BUILT_ON = ("rcnn", "retina", "ssd", "fcos", "lab", "fcn", "lraspp")


def models():
    """Yield (name, a function that builds the model) of every model of torchvision."""
    import torchvision

    for name in torchvision.models.list_models():
        more = {"weights_backbone": None} if any(part in name for part in BUILT_ON) else {}
        yield (
            name,
            lambda name=name, more=more: torchvision.models.get_model(name, weights=None, **more),
        )


def main():
    rows, without, failed, spellings, tried = set(), [], [], Counter(), 0
    for name, build in models():
        try:
            with torch.device("meta"):
                model = build()
        except Exception as error:
            failed.append(f"{name}: {type(error).__name__}")
            continue
        tried += 1
        counts = activations(model)
        if not counts:
            without.append(name)
            continue
        # The one that stands most often, beside the sigmoids and hard sigmoids of attention gates.
        main_ones = {k: v for k, v in counts.items() if k not in ("sigmoid", "hardsigmoid")}
        activation = max(main_ones or counts, key=(main_ones or counts).get)
        spellings[activation] += 1
        rows.add((name, activation, gated(model)))
    told = {
        "tried": tried, "named": sum(spellings.values()), "rows": sorted(rows),
        "without": without, "failed": failed, "spellings": dict(spellings.most_common()),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    nn.init.trunc_normal_ = lambda tensor, *a, **k: tensor  # of no use without memory
    main()
