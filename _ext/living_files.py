"""Write what all living figures share into a folder: `python _ext/living_files.py SHEET`.

living_figures runs this in a process of its own: the figures need matplotlib and Jupyter's widgets,
with which the whole build would take a tenth more memory.
"""

import sys
from pathlib import Path

from actlib import widgets
from actlib.widgets.kit.assets import page_scripts, stylesheet


def write(sheet):
    """Write the scripts beside the style sheet, and that last."""
    sheet.parent.mkdir(parents=True, exist_ok=True)
    figures = [each for each in vars(widgets).values() if hasattr(each, "fetched")]
    data = {name: make() for figure in figures for name, make in figure.fetched.items()}
    for file, source in {**page_scripts(data), sheet.name: stylesheet()}.items():
        (sheet.parent / file).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
