"""The quiz: a chapter's questions, answered in the page, with a word on every wrong answer."""

import json
import math
import textwrap
from pathlib import Path

from traitlets import Dict, List, Unicode, validate

from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure
from .wording import to_html, to_text

QUESTIONS = Path(__file__).parents[2] / "questions"
# How many letters of the course's font are sure to fit on a line: at 600 px, at 320 px.
WIDE, NARROW = 58, 28
# Heights in rem: of everything around a question, and of the field for a number.
FRAME, FIELD = 10.0, 2.5


class Quiz(LivingFigure):
    """Ask the questions of a chapter, one at a time, and say why a wrong answer is wrong.

    chapter : the stem of a file in actlib/questions, whose README.md describes the format.
    Trait to set or observe: `answers`, {question id: answers in the order given}; an answer
    is the place of an option, counted from 0, or a number. On a page the answers stay in
    the reader's browser; with a kernel they are here. Raises ValueError for a chapter
    without questions, and for answers that do not fit the questions.

    >>> Quiz("softmax", answers={"softmax-shift": [1]})
    Quiz: 8 questions on the chapter softmax, with answers to unfold.
    """

    name = "quiz"
    _esm = lab_module(name)
    _css = stylesheet(name)

    chapter = Unicode(read_only=True).tag(sync=True)
    questions = List(Dict(), read_only=True).tag(sync=True)
    answers = Dict().tag(sync=True)

    def __init__(self, chapter, **traits):
        self._source = load_questions(chapter)
        self.set_trait("chapter", chapter)
        self.set_trait("questions", [_for_page(question) for question in self._source])
        super().__init__(**traits)

    @classmethod
    def example(cls):
        return cls("softmax")

    @validate("answers")
    def _answers_fit(self, proposal):
        known = {question["id"]: question for question in self.questions}
        for key, given in proposal["value"].items():
            if key not in known:
                raise ValueError(f"no question {key!r} here; choose from {', '.join(known)}")
            for answer in given:
                if not _fits(known[key], answer):
                    raise ValueError(f"{answer!r} cannot be an answer to {key!r}")
        return proposal["value"]

    def alt(self):
        count = len(self.questions)
        return f"{count} questions on the chapter {self.chapter}, with answers to unfold."

    def below(self):
        return _height(self.questions, WIDE), _height(self.questions, NARROW)

    def still_html(self):
        """Return the questions with their options, and folded answers at the end."""
        asked = "".join(f"<li>{_asked(question)}</li>\n" for question in self.questions)
        solved = "".join(f"<li>{_solved(question)}</li>\n" for question in self.questions)
        return (
            f"<div>\n<ol>\n{asked}</ol>\n"
            f"<details>\n<summary>Answers</summary>\n<ol>\n{solved}</ol>\n</details>\n</div>"
        )

    def answer_key(self):
        """Return (columns, rows) of Markdown texts for an instructor to print.

        `actlib.reference.Table(*quiz.answer_key())` shows them as a table in a notebook.

        >>> columns, rows = Quiz("softmax").answer_key()
        >>> columns, rows[1][1]
        (('question', 'answer', 'why'), '7.39 ± 0.02')
        """
        rows = []
        for question in self._source:
            if question["kind"] == "choice":
                answer = _right(question)["text"]
            else:
                answer = _number(question["answer"])
                if question["tolerance"]:
                    answer += f" ± {question['tolerance']:g}"
            row = (question["question"], answer, _why(question))
            # A bar would end the table's cell.
            rows.append(tuple(text.replace("|", r"\vert ") for text in row))
        return ("question", "answer", "why"), rows


def load_questions(chapter):
    """Return the questions of a chapter as stored in its file.

    Raises ValueError, naming the chapters that have questions, for any other.

    >>> load_questions("softmax")[0]["id"]
    'softmax-shift'
    """
    there = sorted(path.stem for path in QUESTIONS.glob("*.json"))
    if chapter not in there:
        raise ValueError(f"no questions for {chapter!r}; there are some for {', '.join(there)}")
    return json.loads((QUESTIONS / f"{chapter}.json").read_text("utf-8"))


def _for_page(question):
    """Return what the page needs of a question, its texts as HTML."""
    shown = {"id": question["id"], "kind": question["kind"]}
    shown["question"] = to_html(question["question"])
    if question["kind"] == "choice":
        shown["options"] = [
            {
                "text": to_html(option["text"]),
                "right": option["right"],
                "feedback": to_html(option["feedback"]),
            }
            for option in question["options"]
        ]
    else:
        shown |= {key: float(question[key]) for key in ("answer", "tolerance")}
        shown["feedback"] = {key: to_html(text) for key, text in question["feedback"].items()}
    return shown


def _fits(question, answer):
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    if question["kind"] == "numeric":
        return math.isfinite(answer)
    return answer in range(len(question["options"]))


def _number(value):
    return f"{value:.12g}".replace("-", "−")


def _asked(question):
    if question["kind"] == "numeric":
        return f"<p>{question['question']} (Answer with a number.)</p>"
    options = "".join(f"<li>{option['text']}</li>\n" for option in question["options"])
    return f"<p>{question['question']}</p>\n<ul>\n{options}</ul>"


def _solved(question):
    if question["kind"] == "numeric":
        return f"<p><b>{_number(question['answer'])}</b><br>{_why(question)}</p>"
    return f"<p><b>{_right(question)['text']}</b><br>{_why(question)}</p>"


def _height(questions, letters):
    """Return the height of the quiz in rem: of its tallest question, before an answer."""
    line = 1.225

    def lines(html, spare=0):
        return line * len(textwrap.wrap(to_text(html), letters - spare))

    def asked(question):
        options = question.get("options", [])
        controls = sum(0.5 + lines(option["text"], 4) for option in options) or FIELD
        return lines(question["question"]) + controls

    # A reader who has answered everything comes back to the explanation of the first one.
    explained = asked(questions[0]) + 0.75 + lines(f"Right first time. {_why(questions[0])}")
    return round(FRAME + max(explained, *map(asked, questions)), 2)


def _right(question):
    return next(option for option in question["options"] if option["right"])


def _why(question):
    told = _right(question) if question["kind"] == "choice" else question["feedback"]
    return told["feedback" if question["kind"] == "choice" else "right"]
