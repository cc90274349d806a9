"""From the registry to tables: nothing is typed in here that can be read or computed."""

from dataclasses import dataclass

from ..activations import ACTIVATIONS
from ..activations.record import short_number
from .facts import gain
from .libraries import ELSEWHERE


@dataclass(frozen=True)
class Table:
    """A small table that a notebook shows as Markdown and a terminal as aligned text.

    `columns`: the headings; `rows`: one tuple of the same length per row, anything that
    str() turns into a short text. Raises ValueError for a row of another length.

    >>> Table(("name", "slope"), [("relu", 1), ("sigmoid", 0.25)])
    name     slope
    relu     1
    sigmoid  0.25
    """

    columns: tuple[str, ...]
    rows: list[tuple]

    def __post_init__(self):
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"expected {len(self.columns)} cells, got {len(row)}: {row}")

    def _repr_markdown_(self):
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        # A bar in a cell, as in |z|, would end it.
        cells = [[str(cell).replace("|", r"\|") for cell in line] for line in lines]
        return "\n".join("| " + " | ".join(line) + " |" for line in cells)

    def __repr__(self):
        lines = [[str(cell) for cell in line] for line in (self.columns, *self.rows)]
        # A cell that is longer than a line is not worth aligning the others to.
        widths = [min(max(map(len, column)), 100) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def in_code(*names):
    return ", ".join(f"`{name}`" for name in names if name) or "none"


# What a column shows of a record. Adding one here makes it available to every table.
COLUMNS = {
    "function": lambda entry: f"{entry.title} `{entry.name}`",
    "formula": lambda entry: f"${entry.formula}$",
    "derivative": lambda entry: f"${entry.grad_formula}$",
    "range": lambda entry: str(entry.range()),
    "value at 0": lambda entry: _at_zero(entry, entry.value),
    "slope at 0": lambda entry: _at_zero(entry, entry.grad),
    "gain": lambda entry: short_number(gain(entry)) if entry.kind == "elementwise" else "",
    "used for": lambda entry: entry.role,
    "loss": lambda entry: entry.loss,
    "to know": lambda entry: entry.notes,
    "PyTorch": lambda entry: _torch_names(entry),
    "defaults": lambda entry: ", ".join(f"{k} = {p.default:g}" for k, p in entry.params.items()),
}


def _torch_names(entry):
    names = (entry.torch.functional, entry.torch.module, *entry.torch_variants)
    calls = () if any(names) else ELSEWHERE.get(entry.name, {}).get("torch", ())
    values = {key: value for call in calls for key, value in call.only.items()}
    only = ", ".join(f"{key} = {short_number(value)}" for key, value in values.items())
    return in_code(*names, *(call.text for call in calls)) + (f" for {only}" if only else "")


def _at_zero(entry, function):
    return short_number(function(0.0)) if entry.kind == "elementwise" else ""


def registry_table(*columns, names=None):
    """Return a `Table` with the given columns, one row per activation.

    `columns`: keys of `COLUMNS`. `names`: which activations, in which order; all by
    default. Raises ValueError for an unknown column or activation, naming it and those there are.

    >>> registry_table("function", "range", names=["relu", "tanh"])
    function     range
    ReLU `relu`  [0, ∞)
    Tanh `tanh`  (−1, 1)
    """
    names = list(ACTIVATIONS) if names is None else names
    for asked, known in ((columns, COLUMNS), (names, ACTIVATIONS)):
        for name in asked:
            if name not in known:
                raise ValueError(f"no {name!r} here; there is {', '.join(known)}")
    rows = [tuple(COLUMNS[column](ACTIVATIONS[name]) for column in columns) for name in names]
    return Table(columns, rows)
