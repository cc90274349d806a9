"""A pytest plugin that makes nbval's check of stored outputs complete.

nbval runs a notebook's cells and compares most outputs, but never pictures or widget views,
and it accepts a cell that was never run, an output deleted with its count, and a tag that
switches the check off. With `-p strict_outputs` nbval still runs the cells; the outputs are
compared here, one by one, in order, with nothing left out:

- PNG and JPEG as pixels: RMS_PICTURE over the picture, RMS_TILE over its worst tile
- SVG as structure and numbers: SVG_POINTS per number, everything else exactly
- a widget view by its presence and version, as its model's id is random
- everything else exactly, except execution counts and the traceback of an error

A picture that differs is saved under REPORT, with the new one and their difference.

A cell that ends the kernel is a fault too: nbval lets `exit()` pass, and waits for a kernel that
died until the time limit. So is a tag that keeps an output from readers of one engine or another.
"""

import base64
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from queue import Empty
from time import monotonic

import nbval.plugin
import numpy as np
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, coalesce_streams
from PIL import Image

# Grey levels out of 255. Reruns on one machine agree to the bit; a point moved by 1 % of the
# axis changes its tile by 30 or more.
RMS_PICTURE = 0.5
RMS_TILE = 8.0
TILE = 16  # pixels
SVG_POINTS = 0.02  # points of 1/72 inch; plotting rounds to 0.01, a borderline value either way

# What a notebook may take; the time is only reported, because machines differ.
SECONDS, KILOBYTES = 20, 500

REPORT = Path("_build") / "outputs"
WIDGET = "application/vnd.jupyter.widget-view+json"
SWITCHES = {"nbval-skip", "nbval-ignore-output", "pytest-validate-ignore-output"}
# Jupyter Book 1 leaves the output out of the page; version 2 and JupyterLab show it.
REMOVALS = {"remove-cell", "remove-output", "remove-stdout", "remove-stderr", "skip-execution"}
HEARTBEAT = 0.5  # seconds between two looks at whether the kernel still lives


class KernelEnded(Exception):
    """A cell ended the kernel, so that the cells after it have none to run in."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, which tells at once when a cell ends it."""

    def get_message(self, stream, timeout=None):
        end = monotonic() + timeout if timeout is not None else float("inf")
        while True:
            try:
                left = end - monotonic()
                message = super().get_message(stream, timeout=max(min(HEARTBEAT, left), 0))
                break
            except Empty:
                if not self.is_alive():
                    raise KernelEnded("the kernel died while this cell ran") from None
                if left <= HEARTBEAT:
                    raise
        if any(p["source"] == "ask_exit" for p in message["content"].get("payload", [])):
            raise KernelEnded("this cell calls exit() or quit(), which ends the kernel")
        return message


def pytest_addoption(parser):
    parser.addoption(
        "--stock-too",
        action="store_true",
        help="let nbval compare exactly as well, in the same run",
    )


def pytest_configure():
    nbval.plugin.RunningKernel = WatchedKernel


def pytest_collection_modifyitems(config, items):
    for item in items:
        if isinstance(item, IPyNbCell):
            # nbval runs every cell, even one that asks to be skipped, and compares none.
            item.options.update(skip=False, check=config.option.stock_too)


def pytest_runtest_setup(item):
    if isinstance(item, IPyNbCell) and (ended := getattr(item.parent, "ended", None)):
        pytest.skip(f"{ended} ended the kernel")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    try:
        result = yield
    except KernelEnded as why:
        item.parent.ended = where(item)
        item.raise_cell_error(f"{item.parent.ended}\n- {why}; no cell after it was run")
    if isinstance(item, IPyNbCell):
        problems = [*problems_with_cell(item.cell, item.options)]
        stored = coalesce_streams(item.cell.outputs)
        problems += compare_outputs(stored, item.test_outputs, report_name(item))
        if problems:
            item.raise_cell_error("\n- ".join([where(item), *problems]))
    return result


def pytest_terminal_summary(terminalreporter):
    """Print how long each notebook ran and how large its file is, with the limits."""
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    for name in sorted(name for name in seconds if name.endswith(".ipynb")):
        size = (terminalreporter.config.rootpath / name).stat().st_size / 1000
        terminalreporter.write_line(
            f"{name}: {seconds[name]:.0f} s (at most {SECONDS} on an idle machine), "
            f"{size:.0f} kB (at most {KILOBYTES})"
        )


def where(item):
    first = item.cell.source.partition("\n")[0]
    return f"{item.path.name}, cell {item.cell_num} ({first})"


def report_name(item):
    return REPORT / item.path.stem / f"cell-{item.cell_num}"


def problems_with_cell(cell, options):
    """Yield what is wrong with a stored cell, whatever it prints."""
    if cell.source.strip() and cell.execution_count is None:
        yield "was never run: store its outputs with make notebooks"
    tags = {tag.lower() for tag in cell.metadata.get("tags", [])}
    comments = {line.strip("# ").lower().replace("_", "-") for line in cell.source.splitlines()}
    for switch in sorted(SWITCHES & (tags | comments)):
        yield f"is marked {switch}: every output is checked here"
    for tag in sorted(REMOVALS & tags):
        yield f"is tagged {tag}: some readers would see it and others not; delete it, or fold it"
    if options["check_exception"] and not any(o.output_type == "error" for o in cell.outputs):
        yield "is marked as raising, but stores no error"


def compare_outputs(stored, fresh, name):
    """Return what differs between two lists of outputs; `name` is where pictures are saved."""
    problems = []
    for number, (old, new) in enumerate(zip_longest(stored, fresh), start=1):
        if old is None or new is None:
            what = describe(new or old)
            problems.append(f"output {number}, {what}, is {'not stored' if new else 'gone'}")
        else:
            problems += [f"output {number}: {p}" for p in compare_output(old, new, name)]
    return problems


def describe(output):
    if output.output_type == "stream":
        return output.name
    return " + ".join(output["data"]) if "data" in output else output.output_type


def compare_output(old, new, name):
    """Yield what differs between a stored output and a fresh one."""
    if old.output_type != new.output_type:
        yield f"was {old.output_type}, is {new.output_type}"
        return
    for key in {"name", "text", "ename", "evalue", "metadata"} & {*old, *new}:
        if old.get(key) != new.get(key):
            yield difference(key, old.get(key), new.get(key))
    old, new = old.get("data", {}), new.get("data", {})
    for mime in [*old, *(mime for mime in new if mime not in old)]:
        if mime not in old or mime not in new:
            yield f"{mime} is {'not stored' if mime in new else 'gone'}"
        elif problem := compare_data(mime, old[mime], new[mime], name):
            yield problem


def compare_data(mime, old, new, name):
    """Return what differs between two representations of one MIME type, "" if nothing."""
    if mime in ("image/png", "image/jpeg"):
        return compare_pictures(mime, old, new, name)
    if mime == "image/svg+xml":
        return compare_svg(old, new, name)
    if mime == WIDGET:
        old, new = ({**view, "model_id": ""} for view in (old, new))
    return difference(mime, old, new) if old != new else ""


def difference(what, old, new):
    """Return which line of a text, or which value, is the first to differ."""
    if not isinstance(old, str) or not isinstance(new, str):
        return f"{what} was {json.dumps(old)[:200]}, is {json.dumps(new)[:200]}"
    pairs = zip_longest(old.splitlines(), new.splitlines())
    for number, (a, b) in enumerate(pairs, start=1):
        if a != b:
            return f"{what}, line {number}: was {a!r:.200}, is {b!r:.200}"
    return f"{what} differs in its line endings"


# Pictures


def compare_pictures(mime, old, new, name):
    """Compare two base64 pictures as grey levels of three channels."""
    if old.strip() == new.strip():
        return ""
    suffix = mime.removeprefix("image/")
    expected, actual = (Image.open(io.BytesIO(base64.b64decode(data))) for data in (old, new))
    a, b = (np.asarray(picture.convert("RGBA"), dtype=float) for picture in (expected, actual))
    if a.shape != b.shape:
        saved = save(name, suffix, expected=expected, actual=actual)
        return f"{mime} was {expected.size}, is {actual.size} pixels; {saved}"
    squares = ((a - b) ** 2).mean(axis=2)
    whole, worst = np.sqrt(squares.mean()), np.sqrt(tile_means(squares).max())
    if whole <= RMS_PICTURE and worst <= RMS_TILE:
        return ""
    change = Image.fromarray(255 - np.abs(a - b).max(axis=2).astype(np.uint8))
    saved = save(name, suffix, expected=expected, actual=actual, difference=change)
    return f"{mime} differs by {whole:.2f} grey levels, its worst tile by {worst:.0f}; {saved}"


def tile_means(values):
    """Return the means over tiles of TILE x TILE, the last ones cut to fit."""
    rows, columns = (np.arange(0, size, TILE) for size in values.shape)
    sums = np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1)
    counts = np.outer(
        np.diff(np.append(rows, values.shape[0])), np.diff(np.append(columns, values.shape[1]))
    )
    return sums / counts


def save(name, suffix, **versions):
    """Save pictures or texts as `name`-version.suffix; return where they are."""
    name.parent.mkdir(parents=True, exist_ok=True)
    for version, content in versions.items():
        path = name.with_name(f"{name.name}-{version}.{suffix}")
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            content.save(path)
    return f"see {name.as_posix()}-{{{','.join(versions)}}}.{suffix}"


# Drawings

# A colour is read as one token, so that #00e1 and #00e2 are not both the number 0.
TOKEN = re.compile(r"(#[0-9a-fA-F]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")


def compare_svg(old, new, name):
    """Compare two drawings element by element: numbers within SVG_POINTS, the rest exactly."""
    if old == new:
        return ""
    trees = [list(ElementTree.fromstring(svg).iter()) for svg in (old, new)]
    if len(trees[0]) != len(trees[1]):
        problem = f"had {len(trees[0])} elements, has {len(trees[1])}"
    else:
        pairs = zip(*trees, strict=True)
        problem = next(filter(None, (compare_elements(a, b) for a, b in pairs)), "")
    if not problem:
        return ""
    return f"image/svg+xml {problem}; {save(name, 'svg', expected=old, actual=new)}"


def compare_elements(a, b):
    """Return what differs between two elements, "" if nothing."""
    tag = a.tag.rpartition("}")[2]
    if a.tag != b.tag or a.attrib.keys() != b.attrib.keys() or len(a) != len(b):
        return f"has another structure at <{tag}>"
    texts = [("its text", a.text, b.text), ("what follows it", a.tail, b.tail)]
    for what, x, y in [*texts, *((key, a.get(key), b.get(key)) for key in a.attrib)]:
        if not same_numbers((x or "").strip(), (y or "").strip()):
            return f"differs at <{tag}> in {what}: was {x!r:.80}, is {y!r:.80}"
    return ""


def same_numbers(x, y):
    """Return whether two texts agree in words, and in numbers within SVG_POINTS."""
    if x == y:
        return True
    x, y = TOKEN.split(x), TOKEN.split(y)
    return len(x) == len(y) and all(map(same_token, x, y))


def same_token(x, y):
    if x == y:
        return True
    try:
        return abs(float(x) - float(y)) <= SVG_POINTS
    except ValueError:
        return False
