"""Give the atlas a heading and a card for every record of the package, in the registry's order.

`python tools/atlas_cells.py` rewrites the cells of chapters/atlas.ipynb from the first family
on; the cells before them, and the outputs of cards that stay, are kept. `make notebooks
NOTEBOOKS=chapters/atlas.ipynb` then runs it.
"""

from pathlib import Path

import nbformat

from actlib.activations import ACTIVATIONS, REDUCTIONS
from actlib.reference import families

ATLAS = Path(__file__).resolve().parents[1] / "chapters" / "atlas.ipynb"


def cells():
    """Return (id, kind, source) of the cells that the registry calls for, in order.

    >>> cells()[:3]  # doctest: +NORMALIZE_WHITESPACE
    [('family-rectifiers', 'markdown',
      '## Rectifiers\\n\\nThe identity, ReLU and the functions that only change its left side.'),
     ('title-identity', 'markdown', '### Identity'), ('card-identity', 'code', 'card("identity")')]
    """
    found = []
    for family, (sentence, names) in families().items():
        found.append((f"family-{family.lower()}", "markdown", f"## {family}\n\n{sentence}"))
        for name in names:
            title = (ACTIVATIONS | REDUCTIONS)[name].title
            found.append((f"title-{name}", "markdown", f"### {title}"))
            found.append((f"card-{name}", "code", f'card("{name}")'))
    return found


def renew(notebook):
    """Replace the cells from the first family on with those that the registry calls for."""
    known = {cell.id: cell for cell in notebook.cells}
    first = next(
        (i for i, cell in enumerate(notebook.cells) if cell.id.startswith("family-")),
        len(notebook.cells),
    )
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    wanted = [known.get(each) or make[kind](source, id=each) for each, kind, source in cells()]
    for cell, (_, _, source) in zip(wanted, cells(), strict=True):
        cell.source = source
    notebook.cells[first:] = wanted


if __name__ == "__main__":
    atlas = nbformat.read(ATLAS, as_version=4)
    renew(atlas)
    nbformat.write(atlas, ATLAS)
    print(f"{ATLAS.name} now has {len(ACTIVATIONS | REDUCTIONS)} cards: run make notebooks.")
