"""Where the benchmarks leave what they measured: one dated file per kind and day."""

import json
from pathlib import Path


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
