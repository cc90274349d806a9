"""Train the networks whose comparisons would take a chapter too long, and store what they reach.

`python benchmarks/comparisons.py` trains, for *The ReLU family*, ReLU, leaky ReLU and GELU over
60 seeds that have no part in the chapter's own runs, at three learning rates: two minutes. It
stores how many held-out images each network reads correctly in
`actlib/reference/comparisons_<topic>_<date>.json`: in the package, so that a chapter that was
downloaded alone finds it too. Which networks: `accuracies` in the chapter, line by line the same.
"""

import os

# Before NumPy is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import datetime
import json
from pathlib import Path

import numpy as np

from actlib import datasets, reference
from actlib.activations import ACTIVATIONS
from actlib.networks import MLP, train_side_by_side

STORED = Path(reference.__file__).parent
EPOCHS, TOGETHER = 6, 15
# The chapter's own seeds are 0 to 14.
SEEDS = range(15, 75)
RATES = (0.001, 0.003, 0.01)
NAMES = ("relu", "leaky_relu", "gelu")


def right_answers(name, seeds, lr):
    """Return how many of the 450 held-out digits each seed's network reads correctly."""
    splits = [datasets.digits(np.random.default_rng(seed)) for seed in seeds]
    rngs = [np.random.default_rng(seed) for seed in seeds]
    gain = reference.gain(ACTIVATIONS[name])
    nets = [MLP((64, 64, 64, 10), name, "he", rng, gain=gain) for rng in rngs]
    parts = {"x": "x_train", "y": "y_train", "x_test": "x_test", "y_test": "y_test"}
    data = {ours: [getattr(split, part) for split in splits] for ours, part in parts.items()}
    settings = {"optimizer": "adam", "lr": lr, "epochs": EPOCHS, "rngs": rngs, "record": False}
    shares = train_side_by_side(nets, **data, **settings)[:, -1]
    return np.rint(shares * len(splits[0].y_test)).astype(int).tolist()


def measure():
    """Return what is stored for the chapter."""
    groups = [SEEDS[i : i + TOGETHER] for i in range(0, len(SEEDS), TOGETHER)]
    right = {
        str(lr): {
            name: [right for group in groups for right in right_answers(name, group, lr)]
            for name in NAMES
        }
        for lr in RATES
    }
    meta = {
        "script": "benchmarks/comparisons.py",
        "date": datetime.date.today().isoformat(),
        "seeds": [SEEDS[0], SEEDS[-1]],
        "epochs": EPOCHS,
        "images": 450,
    }
    return {"meta": meta, "right": right}


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.split("\n\n")[0]).parse_args()
    found = measure()
    path = STORED / f"comparisons_relu_family_{found['meta']['date']}.json"
    path.write_text(json.dumps(found) + "\n", encoding="utf-8")
    print(f"stored {path.name}")
