"""Write the questions for learning systems: `python -m teach.quizzes class`."""

import argparse
from pathlib import Path

from ..sheets import course_title
from . import canvas, moodle, qti21
from .files import course

FORMATS = {
    "questions-moodle.xml": moodle.write,
    "questions-canvas.zip": canvas.write,
    "questions-qti21.zip": qti21.write,
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder / "quizzes"
    chapters, title = course(), course_title()
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in FORMATS.items():
        (folder / name).write_bytes(write(chapters, title))
    count = sum(len(chapter.questions) for chapter in chapters)
    print(
        f"{count} questions of {len(chapters)} chapters, each in three files: in {folder}, "
        f"{', '.join(FORMATS)}. The page for instructors says how they are imported."
    )


if __name__ == "__main__":
    main()
