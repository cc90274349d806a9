"""The atlas: a card for each activation of the registry, in order, and the tool for that."""

import re
import sys

import nbformat
import pytest
from course import ROOT
from notebooks import Chapter

from actlib.activations import ACTIVATIONS, REDUCTIONS
from actlib.reference import families

sys.path.insert(0, str(ROOT / "tools"))

import atlas_cells

RECORDS = ACTIVATIONS | REDUCTIONS
ATLAS = Chapter(ROOT / "chapters" / "atlas.ipynb")


def test_headings_and_cards_are_those_of_the_registry_in_its_order():
    cards = [re.fullmatch(r'card\("(\w+)"\)', cell.source) for cell in ATLAS.code]
    names = [found[1] for found in cards if found]
    wanted = [name for _, some in families().values() for name in some]
    assert names == wanted, "python tools/atlas_cells.py adds what is missing"
    assert sorted(names) == sorted(RECORDS)
    assert ATLAS.headings(3) == [RECORDS[name].title for name in names]
    assert ATLAS.headings(2)[2:] == list(families())


def test_each_heading_comes_right_before_its_card():
    for above, cell in zip(ATLAS.cells, ATLAS.cells[1:], strict=False):
        if found := re.fullmatch(r'card\("(\w+)"\)', cell.source):
            assert above.source == f"### {RECORDS[found[1]].title}"


def test_titles_give_addresses_of_their_own():
    addresses = [re.sub(r"\W+", "-", entry.title.lower()) for entry in RECORDS.values()]
    assert len(addresses) == len({*addresses})


def test_every_card_was_stored_with_its_figure_and_its_facts():
    for cell in ATLAS.code:
        if cell.source.startswith("card("):
            figure, facts = cell.outputs
            assert 'class="living-figure"' in figure.data["text/html"]
            assert "| fact |" in facts.data["text/markdown"]


@pytest.mark.parametrize("change", ["missing", "extra", "swapped"])
def test_the_tool_repairs_the_cards_and_keeps_what_is_right(change):
    atlas = nbformat.read(ATLAS.path, as_version=4)
    before = nbformat.writes(atlas)
    if change == "missing":
        del atlas.cells[-2:]
    elif change == "extra":
        atlas.cells.append(nbformat.v4.new_code_cell('card("step")', id="card-step"))
    else:
        atlas.cells[-4:] = [*atlas.cells[-2:], *atlas.cells[-4:-2]]
    atlas_cells.renew(atlas)
    if change == "missing":  # a new card has not been run yet
        assert [cell.id for cell in atlas.cells] == [cell.id for cell in ATLAS.cells]
        assert [cell.source for cell in atlas.cells] == [cell.source for cell in ATLAS.cells]
    else:
        assert nbformat.writes(atlas) == before
