"""The notebooks as the page runs them: their cells, what these need, and a kernel to run them."""

import json
import re
import sys
from dataclasses import dataclass
from functools import cache

import nbformat
from course import ROOT

from live import needs
from live.kernel import Kernel

sys.path.append(str(ROOT / "tools"))
from strict_outputs import compare_data

# Whose code needs no PyTorch.
NUMPY_PAGES = [
    "why_nonlinearity",
    "relu_family",
    "sigmoid_tanh",
    "softmax",
    "quick_reference",
    "libraries",
    "answer_key",
]
IDS = re.compile(r"(?<=#)[pmC][0-9a-f]{10}|(?<=id=\")[pmC]\w*[0-9a-f]{8,}")


@dataclass
class CodeCell:
    id: str
    source: str
    outputs: list

    @property
    def stub(self):
        text = "".join(output.get("text", "") for output in self.outputs)
        return "check_" in self.source and text.startswith(("✗", "○"))


@cache
def read_cells(page):
    notebook = nbformat.read(ROOT / "chapters" / f"{page}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [CodeCell(cell.id, cell.source, cell.outputs) for cell in cells]


@cache
def known():
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "actlib").rglob("*.py"))]
    return needs.library(sources)


class Recorded(Kernel):
    """A kernel that keeps what its cells show."""

    def __init__(self, sources):
        self.shown = []
        super().__init__(sources, lambda kind, data: self.shown.append((kind, data)), known())

    def text(self, name="stdout"):
        return "".join(
            data["text"] for kind, data in self.shown if kind == "stream" and data["name"] == name
        )

    def of(self, *kinds):
        return [data for kind, data in self.shown if kind in kinds]


def differences(cell, kernel, name):
    """Return what differs between a cell's stored outputs and those that the kernel has shown."""
    problems = [error["said"] for error in kernel.of("error")]
    stored = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    if kernel.text() != stored:
        problems.append(f"printed {kernel.text()[:300]!r}, stored is {stored[:300]!r}")
    shown = [data["data"] for data in kernel.of("display", "result")]
    wanted = [output.data for output in cell.outputs if "data" in output]
    if len(shown) != len(wanted):
        return [*problems, f"{len(shown)} outputs, stored are {len(wanted)}"]
    # A notebook shows a cell's figures before or after its value; the page after it.
    for bundle in sorted(wanted, key=order):
        fresh = sorted(shown, key=order)[sorted(wanted, key=order).index(bundle)]
        kinds = [kind for kind in bundle if kind in fresh and kind != "text/plain"]
        for kind in kinds or ["text/plain"]:
            # The names inside of a drawing are counted up over all figures of a session.
            pair = (as_compared(kind, bundle[kind]), as_compared(kind, fresh[kind]))
            if problem := compare_data(kind, *pair, name):
                problems.append(problem)
    return problems


def order(bundle):
    return json.dumps(sorted(kind for kind in bundle if kind.startswith("image/")))


def as_compared(kind, data):
    return IDS.sub("name", data) if kind == "image/svg+xml" else data
