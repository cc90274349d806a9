"""Write a deck of slides for each chapter: `python -m teach.slides class`."""

import argparse
from pathlib import Path

from ..sheets import chapters, title_of
from .outline import slides
from .page import page


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name in chapters():
        deck = slides(name)
        count += len(deck)
        (folder / f"{name}.html").write_text(page(title_of(name), deck), "utf-8")
    print(
        f"{count} slides of {len(chapters())} chapters: open {folder}/{chapters()[0]}.html in a "
        "browser. F fills the screen, Esc shows all slides; add ?print-pdf to the address to print."
    )


if __name__ == "__main__":
    main()
