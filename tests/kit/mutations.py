"""Ways to corrupt a stored output, each applied to a notebook with every kind of output.

`python tests/kit/mutations.py` runs them all twice, with stock nbval and with this project's
check, and prints which of the two notices.
"""

import base64
import copy
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
from course import ROOT
from PIL import Image

FIXTURE = Path(__file__).with_name("every_output.ipynb")
WIDGET = "application/vnd.jupyter.widget-view+json"


def replace(old, new):
    """Change a text wherever the cell's outputs have it: digits, words, numbers of a drawing."""

    def mutate(cell):
        for output in cell.outputs:
            for holder in (output, output.get("data", {})):
                for key, value in list(holder.items()):
                    if isinstance(value, str) and key not in ("output_type", "image/png"):
                        holder[key] = value.replace(old, new)

    return mutate


def in_svg(pattern, new):
    def mutate(cell):
        data = cell.outputs[0].data
        changed = re.sub(pattern, new, data["image/svg+xml"], count=1)
        assert changed != data["image/svg+xml"], pattern
        data["image/svg+xml"] = changed

    return mutate


def four_points_right(match):
    """Move a point by about 1 % of the figure's width."""
    return f"L {int(match[1]) + 4}"


def in_pixels(change, mime="image/png"):
    def mutate(cell):
        data = cell.outputs[0].data
        picture = Image.open(io.BytesIO(base64.b64decode(data[mime])))
        pixels = np.array(picture.convert("RGB"))
        stored = io.BytesIO()
        Image.fromarray(change(pixels)).save(stored, picture.format)
        data[mime] = base64.b64encode(stored.getvalue()).decode()

    return mutate


def moved_point(pixels):
    """Erase the darkest tile and draw it again 1 % of the width further right."""
    row, column = (int(i) for i in np.argwhere(pixels.sum(2) < 400)[len(pixels) // 2])
    r, c = max(row - 4, 0), max(column - 4, 0)
    spot = pixels[r : r + 9, c : c + 9].copy()
    pixels[r : r + 9, c : c + 9] = pixels[0, 0]
    step = pixels.shape[1] // 100
    target = pixels[r : r + 9, c + step : c + step + 9]
    target[:] = spot[: target.shape[0], : target.shape[1]]
    return pixels


def recoloured(pixels):
    """Turn every coloured pixel's red into its blue."""
    strong = np.ptp(pixels.astype(int), axis=2) > 60
    pixels[strong] = pixels[strong][:, ::-1]
    return pixels


def tag(name):
    return lambda cell: cell.metadata.setdefault("tags", []).append(name)


def comment(text):
    def mutate(cell):
        cell.source = f"# {text}\n{cell.source}"

    return mutate


def no_outputs(cell):
    cell.outputs = []


def no_outputs_and_no_count(cell):
    cell.outputs, cell.execution_count = [], None


def un_run(cell):
    cell.execution_count = None


def drop(mime):
    return lambda cell: cell.outputs[0].data.pop(mime)


def add(output):
    return lambda cell: cell.outputs.append(nbformat.from_dict(output))


def keep_only_text(cell):
    cell.outputs[0].data = {"text/plain": cell.outputs[0].data["text/plain"]}


def swap_last_two(cell):
    cell.outputs[-1], cell.outputs[-2] = cell.outputs[-2], cell.outputs[-1]


def stream_last(cell):
    cell.outputs.append(cell.outputs.pop(0))


def as_display(cell):
    cell.outputs[0].output_type = "display_data"
    cell.outputs[0].pop("execution_count")


def as_stderr(cell):
    cell.outputs[0].name = "stderr"


def other_size(cell):
    cell.outputs[0].metadata["image/png"] = {"width": 10, "height": 10}


def widget_version(cell):
    cell.outputs[0].data[WIDGET]["version_major"] = 1


def no_longer_raises(cell):
    cell.source = "silent_too = 1"


def no_longer_raises_nor_stores(cell):
    cell.source, cell.outputs = "silent_too = 1", []


def deleted_last_output(cell):
    cell.outputs.pop()


EXTRA_STREAM = {"output_type": "stream", "name": "stdout", "text": "more\n"}
EXTRA_RESULT = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "more"}}

# what happens -> (a word of the cell that it happens to, how)
MUTATIONS = {
    "stdout: changed digit": ("stdout 0.125", replace("0.125", "0.126")),
    "stdout: lost line": ("stdout 0.125", replace("second line\n", "")),
    "stdout: lost newline at the end": ("stdout 0.125", replace("line\n", "line")),
    "stdout: removed": ("stdout 0.125", no_outputs),
    "stdout: stored as stderr": ("stdout 0.125", as_stderr),
    "stderr: changed digit": ("stderr 0.125", replace("0.125", "0.126")),
    "stderr: removed": ("stderr 0.125", no_outputs),
    "result: changed digit": ('"result"', replace("0.125", "0.126")),
    "result: stored as display": ('"result"', as_display),
    "result: removed": ('"result"', no_outputs),
    "display: changed digit": ("displayed", replace("0.125", "0.126")),
    "html: changed digit": ("html", replace("html 0.125", "html 0.126")),
    "html: MIME type removed": ("<p>html", drop("text/html")),
    "markdown: changed digit": ("markdown", replace("markdown **0.125**", "markdown **0.126**")),
    "latex: changed digit": ("latex =", replace("latex = 0.125", "latex = 0.126")),
    "json: changed value": (
        '{"json"',
        lambda c: c.outputs[0].data["application/json"].update(json=1),
    ),
    "error: changed value": ("alpha must", replace("-0.125", "-0.126")),
    "error: changed name": ("alpha must", replace("ValueError", "TypeError")),
    "error: removed": ("alpha must", no_outputs),
    "error: no longer raised": ("alpha must", no_longer_raises),
    "error: no longer raised, none stored": ("alpha must", no_longer_raises_nor_stores),
    "svg: moved point": ("relu =", in_svg(r"L (\d+)", four_points_right)),
    "svg: changed colour": ("relu =", in_svg(r"#[0-9a-f]{6}", "#123456")),
    "svg: removed element": ("relu =", in_svg(r"<use [^>]*/>", "")),
    "svg: MIME type removed": ("relu =", drop("image/svg+xml")),
    "png beside svg: moved point": ("relu =", in_pixels(moved_point)),
    "png beside svg: changed colour": ("relu =", in_pixels(recoloured)),
    "png beside svg: MIME type removed": ("relu =", drop("image/png")),
    "png alone: moved point": ("loss =", in_pixels(moved_point)),
    "png alone: changed colour": ("loss =", in_pixels(recoloured)),
    "png alone: swapped picture": ("loss =", in_pixels(lambda pixels: pixels[:, ::-1])),
    "png alone: other size in pixels": ("loss =", in_pixels(lambda pixels: pixels[::2])),
    "png alone: other size on the page": ("loss =", other_size),
    "png alone: removed beside its text": ("loss =", keep_only_text),
    "Image: swapped picture": ("Image(png", in_pixels(lambda pixels: 255 - pixels)),
    "Image: removed beside its text": ("Image(png", keep_only_text),
    "jpeg: swapped picture": ("Image(jpeg", in_pixels(lambda p: 255 - p, "image/jpeg")),
    "widget: view removed": ("IntSlider", drop(WIDGET)),
    "widget: changed text": ("IntSlider", replace("value=3", "value=4")),
    "widget: other version": ("IntSlider", widget_version),
    "widget: removed": ("IntSlider", no_outputs),
    "several: one removed": ("before", deleted_last_output),
    "several: order changed": ("before", swap_last_two),
    "several: stream moved behind results": ("before", stream_last),
    "extra stream": ("silent =", add(EXTRA_STREAM)),
    "extra result": ("silent =", add(EXTRA_RESULT)),
    "extra picture text": ("relu =", add(EXTRA_RESULT)),
    "cell never run": ("silent =", un_run),
    "cell never run, output deleted": ("stdout 0.125", no_outputs_and_no_count),
    "picture deleted with its count": ("loss =", no_outputs_and_no_count),
    "tag nbval-skip": ("stdout 0.125", tag("nbval-skip")),
    "tag nbval-ignore-output": ("stdout 0.125", tag("nbval-ignore-output")),
    "tag raises-exception": ("silent =", tag("raises-exception")),
    "tag remove-output": ("stdout 0.125", tag("remove-output")),
    "tag remove-cell": ("silent =", tag("remove-cell")),
    "comment NBVAL_SKIP": ("stdout 0.125", comment("NBVAL_SKIP")),
    "comment NBVAL_IGNORE_OUTPUT": ("stdout 0.125", comment("NBVAL_IGNORE_OUTPUT")),
}


def one_grey_level(pixels):
    pixels[0, 0] -= 1
    return pixels


def other_model(cell):
    cell.outputs[0].data[WIDGET]["model_id"] = "0" * 32


def other_count(cell):
    cell.outputs[0].execution_count = 99


# Harmless differences: none of them may be reported.
CONTROLS = {
    "control: nothing changed": ("silent =", lambda cell: None),
    "control: svg number moved by 1e-4": ("relu =", in_svg(r"(L \d+\.\d+)", r"\g<1>0001")),
    "control: one pixel one grey level off": ("loss =", in_pixels(one_grey_level)),
    "control: another widget model": ("IntSlider", other_model),
    "control: another count on a result": ('"result"', other_count),
}


def write_mutants(path):
    """Write a notebook with a mutated copy of a cell per mutation and control.

    One kernel runs them all, one test each; cell n + 1 is the n-th of MUTATIONS | CONTROLS.
    """
    notebook = nbformat.read(FIXTURE, as_version=4)
    imports, *others = notebook.cells
    notebook.cells = [imports]
    for word, mutate in (MUTATIONS | CONTROLS).values():
        cell = copy.deepcopy(next(cell for cell in others if word in cell.source))
        cell["id"] = f"mutant-{len(notebook.cells)}"
        mutate(cell)
        notebook.cells.append(cell)
    nbformat.write(notebook, path)


def run_nbval(notebook, *options, timeout=None):
    """Run nbval with `options` over a notebook, in its folder; return what pytest printed."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-rf"]
    command += ["-p", "no:cacheprovider", "--color=no", *options, notebook.name]
    run = subprocess.run(
        command,
        cwd=notebook.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    if run.returncode != 1:
        raise RuntimeError(
            f"{notebook.name} did not run, or nothing failed:\n{run.stdout}{run.stderr}"
        )
    return run.stdout


def run_mutants(folder, *options):
    """Run nbval with `options` over all mutants in `folder`; return what pytest printed."""
    write_mutants(folder / "mutants.ipynb")
    printed = run_nbval(folder / "mutants.ipynb", *options)
    if re.search(r"^FAILED .*::Cell 0\b", printed, re.M):
        raise RuntimeError(f"the mutants did not run:\n{printed}")
    return printed


def caught(printed):
    """Return the mutations and controls that failed in a run that printed this."""
    failed = {int(n) for n in re.findall(r"^FAILED .*::Cell (\d+)", printed, re.M)}
    return {what for n, what in enumerate(MUTATIONS | CONTROLS, start=1) if n in failed}


def main():
    results = []
    for options in ((), ("-p", "strict_outputs")):
        with tempfile.TemporaryDirectory() as folder:
            results.append(caught(run_mutants(Path(folder), *options)))
    print(f"{'what happens to a stored output':42} stock nbval  this project")
    for what in MUTATIONS | CONTROLS:
        marks = ["caught" if what in result else "-" for result in results]
        print(f"{what:42} {marks[0]:12} {marks[1]}")
    for name, result in zip(("stock nbval", "this project"), results, strict=True):
        wrong = len(result & CONTROLS.keys())
        print(f"{name}: {len(result & MUTATIONS.keys())} of {len(MUTATIONS)}, {wrong} false alarms")


if __name__ == "__main__":
    main()
