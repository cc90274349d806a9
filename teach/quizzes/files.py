"""What the formats share: the chapters' questions, numbers, and how files are written."""

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from actlib.widgets.quiz import load_questions

from ..sheets import chapters, title_of

# A zip of the same questions is the same file, whenever it is written.
DATE = (2000, 1, 1, 0, 0, 0)
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Chapter:
    """A chapter's name, title and questions; `questions` as stored in `actlib/questions`."""

    name: str
    title: str
    questions: tuple[dict, ...]


def course():
    """Return the chapters with their questions, in the book's order."""
    return [Chapter(name, title_of(name), (*load_questions(name),)) for name in chapters()]


def name_of(question, number):
    """Return a short name for lists of questions.

    >>> name_of({"id": "relu-family-depth"}, 5)
    '05 relu-family-depth'
    """
    return f"{number:02d} {question['id']}"


def likely(question):
    """Return the likely wrong numbers of a numeric question and what is said to each."""
    told = question["feedback"]
    return {value: told[value] for value in told if value not in {"right", "wrong"}}


def number(value):
    """Return a number as all systems read it, without an exponent.

    >>> number(1e-9), number(-2), number(0.0)
    ('0.000000001', '-2', '0')
    """
    text = f"{float(value):.15f}".rstrip("0").rstrip(".")
    if float(text) != float(value):
        raise ValueError(f"{value!r} has more than 15 decimals: round it in the question's file")
    return text


def add(parent, tag, text=None, /, **attributes):
    """Add an element and return it."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def document(root, indented=True):
    """Return an element as a file's bytes, indented unless spaces between elements would count."""
    if indented:
        ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def zipped(files):
    """Return {name: bytes} as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
