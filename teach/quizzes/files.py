"""What the formats share: the chapters' questions, numbers, and how files are written."""

import io
import json
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from actlib.widgets.quiz.figure import QUESTIONS
from actlib.widgets.quiz.wording import SPAN

from .. import formulas
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
    """Return the chapters with their questions, in the book's order.

    Raises ValueError, naming the file, for questions that no system could ask.
    """
    return [Chapter(name, title_of(name), _questions(name)) for name in chapters()]


def _questions(chapter):
    path = QUESTIONS / f"{chapter}.json"
    if not path.exists():
        return ()
    try:
        questions = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"actlib/questions/{path.name} is not JSON: {error}") from None
    for question in questions:
        try:
            _check(question)
        except (KeyError, TypeError, ValueError) as error:
            wrong = f"lacks {error}" if isinstance(error, KeyError) else str(error)
            name = question.get("id", "a question") if isinstance(question, dict) else question
            raise ValueError(f"{name} in actlib/questions/{path.name}: {wrong}") from None
    return (*questions,)


def _check(question):
    """Raise ValueError, KeyError or TypeError for a question that no system could ask."""
    texts = [question["id"] and question["question"]]
    if question["kind"] == "numeric":
        for value in (question["answer"], question["tolerance"], *likely(question)):
            number(value)
        texts += question["feedback"].values()
        texts += [question["feedback"][key] for key in ("right", "wrong")]
    else:
        right = sum(option["right"] for option in question["options"])
        if right != 1:
            raise ValueError(f"{right} of its options are right, not one")
        texts += [option[key] for option in question["options"] for key in ("text", "feedback")]
    for text in texts:
        for latex in (span[1] for span in SPAN.finditer(text)):
            if latex:
                formulas.html(latex)


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
        raise ValueError(f"{value!r} has more than 15 decimals: round it")
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
