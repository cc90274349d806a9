"""Print, as JSON, the activations that the default configurations of transformers name."""

import json
import os
import re
from collections import Counter
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

transformers.logging.set_verbosity_error()
# The field of the feed-forward block of the network's body, the first that is there; other
# fields (of projectors, poolers, samplers) are of parts beside it.
FIELDS = (
    "hidden_act",
    "hidden_activation",
    "activation_function",
    "dense_act_fn",
    "activation",
    "decoder_hidden_act",
    "encoder_hidden_act",
    "mlp_hidden_act",
    "mlp_activation_function",
    "encoder_activation_function",
    "decoder_activation_function",
    "decoder_activation",
    "ff_activation",
    "act_fn",
    "hidden_mamba_act",
    "mamba_hidden_act",
    "hidden_act_fn",
)
# A gate: a layer called so, or a product with what the activation returns.
GATE = re.compile(
    r"self\.(gate_proj|gate_up_proj|wi_1)\b"
    r"|act\w*\([^\n]*\) \* |\* self\.act\w*\(|ACT2FN\[[^\n]*\]\([^\n]*\) \* "
)
# Classes of these are another part of a network, unless the configuration is of that part.
PARTS = ("Vision", "Audio", "Mamba", "Conv", "Projector", "Embed", "DeltaNet", "Norm", "Perceiver")
BLOCK = re.compile(r"MLP|Mlp|FeedForward|FFN|Experts")
CLASS = re.compile(r"^class (\w+).*?(?=^class |^@|\Z)", re.M | re.S)


def source(config):
    """Return the code of the model that belongs to a configuration, or None."""
    module = type(config).__module__.rsplit(".", 1)
    folder = Path(transformers.__file__).parent.joinpath(*module[0].split(".")[1:])
    stem = module[1].replace("configuration_", "modeling_")
    file = folder / f"{stem}.py"
    return file.read_text(encoding="utf-8") if file.exists() else None


def gated(config):
    """Return whether the model's code makes a gate, None where the code does not tell."""
    dense = getattr(config, "is_gated_act", None)
    if isinstance(dense, bool):
        return dense
    code = source(config)
    if code is None:
        return None
    blocks = {m.group(1): m.group(0) for m in CLASS.finditer(code) if "ACT2FN" in m.group(0)}
    own, stem = type(config).__name__, type(config).__name__.removesuffix("Config")
    # A file may hold a gated language model and a plain vision model: look at this one's classes,
    # and at its feed-forward blocks where some are called so.
    wide = {name: text for name, text in blocks.items() if BLOCK.search(name)}
    for some in (wide, blocks):
        parts = [word for word in PARTS if word not in own]
        named_so = [text for name, text in some.items() if name.startswith(stem)]
        named_so += [text for text in some.values() if re.search(rf"\b{own}\b", text)]
        others = [t for name, t in some.items() if not any(word in name for word in parts)]
        chosen = named_so or others
        if chosen:
            break
    answers = {bool(GATE.search(text)) for text in chosen}
    return answers.pop() if len(answers) == 1 else None


def named(config):
    """Return the activation of the body, of a configuration or of the language part in it."""
    told = config.to_dict()
    for field in FIELDS:
        if isinstance(told.get(field), str):
            return told[field], config
    text = config.get_text_config()
    if text is not config:
        return named(text)
    return None, config


def main():
    rows, without, failed, spellings = [], [], [], Counter()
    for family in CONFIG_MAPPING:
        try:
            config = CONFIG_MAPPING[family]()
            activation, holder = named(config)
        except Exception as error:
            failed.append(f"{family}: {type(error).__name__}")
            continue
        if activation is None:
            without.append(family)
            continue
        spellings[activation] += 1
        rows.append((family, activation, gated(holder)))
    told = {
        "tried": len(list(CONFIG_MAPPING)),
        "named": len(rows),
        "rows": rows,
        "without": sorted(without),
        "failed": sorted(failed),
        "spellings": dict(spellings.most_common()),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
