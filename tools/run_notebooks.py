"""Run notebooks and store their outputs in a form that stays the same from run to run.

Call it as `python tools/run_notebooks.py chapters/softmax.ipynb`, or with a folder of notebooks.
It runs the code with the environment's own kernel, in the notebook's folder, and keeps only
the metadata that an author wrote. Called by `make notebooks`.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
SECONDS_PER_CELL = 120
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    # Without the version, which would change with every reader's Python.
    "language_info": {"name": "python"},
}
# What authors write. Everything else (timings, scroll and widget states) comes from tools.
CELL_METADATA = {"tags", "mystnb", "jupyter"}


def give_ids(cells):
    """Keep each valid id for its first cell; name other cells after their place and source."""
    taken = set()
    for number, cell in enumerate(cells):
        name = cell.get("id", "")
        if name in taken or not re.fullmatch(r"[\w-]{1,64}", name, re.ASCII):
            text = f"{number}\n{''.join(cell['source'])}"
            name = hashlib.sha256(text.encode()).hexdigest()[:8]
        cell["id"] = name
        taken.add(name)


def read(path):
    """Return the notebook at `path` in the current format, every cell with an id."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        sys.exit(f"{path} cannot be read as a notebook, perhaps after a merge: {error}.")
    # nbformat gives random ids to cells that have none, so ours come first.
    give_ids(raw["cells"])
    raw["nbformat_minor"] = max(5, raw["nbformat_minor"])
    return nbformat.reads(json.dumps(raw), as_version=4)


def normalise(notebook):
    """Remove from an executed notebook what differs between runs, machines and editors."""
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    for cell in notebook.cells:
        cell.metadata = {
            key: cell.metadata[key] for key in sorted(CELL_METADATA & {*cell.metadata})
        }
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [without_paths(line) for line in output.traceback]


def without_paths(line):
    """Return a line of a traceback with paths relative to the checkout."""
    for start in (str(ROOT), str(ROOT).replace(str(Path.home()), "~", 1)):
        line = line.replace(f"{start}/", "")
    return line


def run(path):
    """Run the notebook at `path` in its folder and store it; return whether it changed."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=SECONDS_PER_CELL,
        resources={"metadata": {"path": str(path.parent)}},
        # Its warnings are about its own network ports; what a cell prints is not touched.
        extra_arguments=["--log-level=ERROR"],
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
    )
    client.execute()
    normalise(notebook)
    text = nbformat.writes(notebook) + "\n"
    changed = text != path.read_text(encoding="utf-8")
    if changed:
        path.write_text(text, encoding="utf-8", newline="\n")
    return changed


def find(names):
    """Yield the notebooks named in `names`, and those in the folders named there."""
    for path in map(Path, names):
        if path.is_dir():
            yield from sorted(path.glob("*.ipynb"))
        elif path.suffix == ".ipynb" and path.exists():
            yield path
        else:
            sys.exit(f"There is no notebook {path}: name one, or a folder of notebooks.")


def main(names):
    """Run every notebook that `names` lead to; stop at the first that fails."""
    paths = list(find(names))
    changed = 0
    for path in paths:
        print(f"Running {path}", flush=True)
        try:
            changed += run(path)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            sys.exit(f"{error}\n{path} failed as shown above; its stored outputs are untouched.")
    print(f"Ran {len(paths)} notebooks; {changed} of them changed.")


if __name__ == "__main__":
    main(sys.argv[1:])
