"""From the registry to tables and cards: nothing is typed in here that can be read or computed.

`registry_table` shows some columns for some activations, `Card` all there is to know about
one. What a card states is computed by the functions in `facts`; names and defaults in other
libraries are listed in `libraries`. `Accuracy`, `Compared` and `Speed` show what the newest
benchmarks measured, `comparisons` returns what was trained beforehand for a chapter.

>>> registry_table("function", "range", names=["relu", "tanh"])
function     range
ReLU `relu`  [0, ∞)
Tanh `tanh`  (−1, 1)
"""

from .accuracy import Accuracy
from .cards import Card, bibliography, families, newest_costs, numpy_source
from .compared import HEADS, Compared
from .facts import (
    DTYPES,
    PROPERTIES,
    gain,
    kinks,
    minimum,
    properties,
    saturation,
    zeros,
)
from .libraries import ELSEWHERE
from .measured import comparisons
from .speed import Speed
from .tables import COLUMNS, Table, registry_table

__all__ = [
    "COLUMNS",
    "DTYPES",
    "ELSEWHERE",
    "HEADS",
    "PROPERTIES",
    "Accuracy",
    "Card",
    "Compared",
    "Speed",
    "Table",
    "bibliography",
    "comparisons",
    "families",
    "gain",
    "kinks",
    "minimum",
    "newest_costs",
    "numpy_source",
    "properties",
    "registry_table",
    "saturation",
    "zeros",
]
