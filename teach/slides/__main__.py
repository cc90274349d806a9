"""Write a deck of slides for each chapter: `python -m teach.slides class`."""

import argparse
import sys
from pathlib import Path

from ..sheets import chapters, title_of
from ..written import write
from .outline import slides
from .page import page


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder / "slides"
    decks, count = {}, 0
    for name in chapters():
        try:
            deck = slides(name)
        except ValueError as error:
            sys.exit(f"No slides were written, because of chapters/{name}.ipynb: {error}.")
        count += len(deck)
        decks[folder / f"{name}.html"] = page(title_of(name), deck).encode()
    write(decks, "make slides")
    print(
        f"{count} slides of {len(decks)} chapters: open {folder}/{chapters()[0]}.html in a "
        "browser. F fills the screen, Esc shows all slides; add ?print-pdf to the address to print."
    )


if __name__ == "__main__":
    main()
