"""Where the benchmarks leave what they measured: one dated file per kind and day."""

import json
from pathlib import Path

import numpy as np


def newest(kind, folder):
    """Return the newest `<kind>_<date>.json` in `folder`, read; dates look like 2026-11-26.

    Raises FileNotFoundError, naming the folder, if there is no such file in it.

    >>> newest("speed", "tests")
    Traceback (most recent call last):
    FileNotFoundError: no speed_<date>.json in tests: run make bench
    """
    files = sorted(Path(folder).glob(f"{kind}_*.json"))
    if not files:
        raise FileNotFoundError(f"no {kind}_<date>.json in {folder}: run make bench")
    return json.loads(files[-1].read_text(encoding="utf-8"))


def comparisons(topic):
    """Return what `benchmarks/comparisons.py` measured beforehand for a chapter.

    `topic`: the chapter's name. Returns the facts about the runs (script, date, first and last
    seed, epochs, held-out images), and {learning rate: {activation: shares of right answers, one
    for each seed, shape (seeds,)}}. The files are part of the package, so that a chapter that was
    downloaded alone finds them. Raises FileNotFoundError for a topic without one.

    >>> meta, accuracies = comparisons("relu_family")
    >>> sorted(accuracies), accuracies[0.003]["relu"].shape
    ([0.001, 0.003, 0.01], (60,))
    """
    measured = newest(f"comparisons_{topic}", Path(__file__).parent)
    images = measured["meta"]["images"]
    accuracies = {
        float(lr): {name: np.array(right) / images for name, right in runs.items()}
        for lr, runs in measured["right"].items()
    }
    return measured["meta"], accuracies
