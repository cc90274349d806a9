"""Moodle XML: a category for each chapter, each answer with its feedback and tolerance.

What Moodle cannot do: see that the same id means the same question. Its import adds and never
replaces; of a second copy in a category it drops the id number, by which the first is recognised.
So rename or delete the category of the old ones before a new import. Whether a reader may try
again is not a property of a question there: choose *Interactive with multiple tries* for the quiz.
"""

from xml.etree import ElementTree as ET

from .files import add, document, likely, name_of, number
from .wording import html


def write(chapters, book):
    """Return the questions of chapters as one file's bytes."""
    quiz = ET.Element("quiz")
    for place, chapter in enumerate(chapters, 1):
        category = add(quiz, "question", type="category")
        # A slash would begin a category within it.
        path = "/".join(["$course$", "top", _name(book), _name(f"{place} {chapter.title}")])
        add(add(category, "category"), "text", path)
        for i, question in enumerate(chapter.questions, 1):
            _add_question(quiz, question, i)
    return document(quiz)


def _name(text):
    return text.replace("/", "//")


def _add_question(quiz, question, i):
    numeric = question["kind"] == "numeric"
    item = add(quiz, "question", type="numerical" if numeric else "multichoice")
    add(add(item, "name"), "text", name_of(question, i))
    add(add(item, "questiontext", format="html"), "text", html(question["question"]))
    add(item, "defaultgrade", "1")
    add(item, "penalty", "0.3333333")
    add(item, "hidden", "0")
    add(item, "idnumber", question["id"])
    if numeric:
        # Moodle takes the first that fits: * is any number.
        feedback = question["feedback"]
        _add_answer(item, number(question["answer"]), feedback["right"], True, question)
        for value, text in likely(question).items():
            _add_answer(item, number(value), text, False, question)
        _add_answer(item, "*", feedback["wrong"], False)
        add(item, "unitgradingtype", "0")
        add(item, "showunits", "3")
    else:
        add(item, "single", "true")
        add(item, "shuffleanswers", "false")
        add(item, "answernumbering", "abc")
        for option in question["options"]:
            _add_answer(item, html(option["text"]), option["feedback"], option["right"])


def _add_answer(item, text, feedback, right, numeric=None):
    plain = text == "*" or numeric
    answer = add(
        item,
        "answer",
        fraction="100" if right else "0",
        format="moodle_auto_format" if plain else "html",
    )
    add(answer, "text", text)
    add(add(answer, "feedback", format="html"), "text", html(feedback))
    if plain:
        add(answer, "tolerance", number(numeric["tolerance"]) if numeric else "0")
