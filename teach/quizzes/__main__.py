"""Write the questions for learning systems: `python -m teach.quizzes class`."""

import argparse
import sys
from pathlib import Path

from ..sheets import course_title
from ..written import write
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
    title = course_title()
    try:
        every = course()
        chapters = [chapter for chapter in every if chapter.questions]
        written = {folder / name: make(chapters, title) for name, make in FORMATS.items()}
    except ValueError as error:
        sys.exit(f"No questions were written: {error}.")
    for chapter in every:
        if not chapter.questions:
            print(f"{chapter.title} is left out: actlib/questions/{chapter.name}.json has none.")
    if not chapters:
        sys.exit("No questions were written: actlib/questions/README.md says how to write some.")
    write(written, "make quizzes")
    count = sum(len(chapter.questions) for chapter in chapters)
    questions = f"{count} question" + "s" * (count != 1)
    print(
        f"{questions} of {len(chapters)} chapter{'s' * (len(chapters) != 1)}, each in three files: "
        f"in {folder}, {', '.join(FORMATS)}. The page for instructors says how they are imported "
        "and what each can't hold."
    )


if __name__ == "__main__":
    main()
