"""The quiz: its questions, what Python makes of them, and answering them in a page."""

import json
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from actlib import activations, calculus, losses, networks
from actlib.reference import Table
from actlib.widgets import Quiz
from actlib.widgets.quiz.figure import QUESTIONS, load_questions
from actlib.widgets.quiz.wording import formula, to_html

CHAPTERS = sorted(path.stem for path in QUESTIONS.glob("*.json"))
ALL = [(chapter, question) for chapter in CHAPTERS for question in load_questions(chapter)]
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
every_question = pytest.mark.parametrize(
    "question", [pytest.param(question, id=question["id"]) for _, question in ALL]
)


# The questions: what actlib/questions/README.md promises


def test_ids_are_unique_in_the_book():
    ids = [question["id"] for _, question in ALL]
    assert len(ids) == len({*ids})
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in ids)


@every_chapter
def test_a_chapter_has_six_questions_and_does_not_give_the_answers_away(chapter):
    questions = load_questions(chapter)
    assert len(questions) >= 6
    choices = [question["options"] for question in questions if question["kind"] == "choice"]
    places = [[option["right"] for option in options].index(True) for options in choices]
    assert max(map(places.count, places)) <= len(places) / 2
    longest = [max(options, key=lambda option: len(option["text"])) for options in choices]
    assert sum(option["right"] for option in longest) <= len(choices) * 2 / 3


@every_question
def test_a_question_is_complete(question):
    assert question["question"][-1] in "?.)"
    if question["kind"] == "choice":
        assert {*question} - {"check"} == {"id", "kind", "question", "options"}
        assert 3 <= len(question["options"]) <= 5
        assert [option["right"] for option in question["options"]].count(True) == 1
        assert len({option["text"] for option in question["options"]}) == len(question["options"])
        for option in question["options"]:
            assert {*option} == {"text", "right", "feedback"}
            assert isinstance(option["right"], bool)
            assert len(option["feedback"]) >= 15, option["text"]
    else:
        assert question["kind"] == "numeric"
        keys = {"id", "kind", "question", "answer", "tolerance", "feedback"}
        assert {*question} - {"check"} == keys
        assert question["tolerance"] >= 0 and np.isfinite(question["answer"])
        likely = [float(key) for key in question["feedback"] if key not in ("right", "wrong")]
        assert {"right", "wrong"} < {*question["feedback"]} and likely
        # A reader gets the feedback that is meant for the number.
        values = np.sort([question["answer"], *likely])
        assert (np.diff(values) > 2 * question["tolerance"]).all()
        assert all(len(text) >= 15 for text in question["feedback"].values())


@pytest.mark.parametrize("question", [pytest.param(q, id=q["id"]) for _, q in ALL if "check" in q])
def test_the_answer_is_what_the_library_computes(question):
    def slope(f, z):
        z = torch.tensor(z, requires_grad=True)
        return torch.autograd.grad(f(z), z)[0].item()

    names = {"np": np, "torch": torch, "nn": nn, "F": F, "slope": slope}
    names |= {
        room.__name__.split(".")[-1]: room for room in (activations, losses, calculus, networks)
    }
    names["z"] = np.linspace(-6, 6, 25)
    found = eval(question["check"], names)
    if question["kind"] == "choice":
        assert found
    else:
        assert abs(found - question["answer"]) <= max(question["tolerance"], 1e-12)


@every_question
def test_every_text_can_be_shown(question):
    texts = [question["question"]]
    for part in question.get("options", [question.get("feedback")]):
        texts += [text for text in part.values() if isinstance(text, str)]
    for text in texts:
        html = to_html(text)
        assert not re.search(r"[\\$`{}*^]", html), html


# Wording


@pytest.mark.parametrize(
    ("latex", "html"),
    [
        (r"2\sigma(2z) - 1", "2<i>σ</i>(2<i>z</i>) − 1"),
        (r"\sigma' \le 0.25", "<i>σ</i>′ ≤ 0.25"),
        (r"e^{z_j}", "<i>e</i><sup><i>z</i><sub><i>j</i></sub></sup>"),
        (r"\mathrm{relu}(x)", "relu(<i>x</i>)"),
        (r"\sqrt{1/2}", "√(1/2)"),
        (r"\varepsilon > 0", "<i>ε</i> &gt; 0"),
        (r"\partial L", "∂<i>L</i>"),
        ("a<b", "<i>a</i>&lt;<i>b</i>"),
    ],
)
def test_a_formula_becomes_html(latex, html):
    assert formula(latex).replace("\u00a0", " ") == html


@pytest.mark.parametrize("latex", [r"\tfrac12", "x^", "{x", "x}", "e^{x"])
def test_a_formula_that_is_not_covered_is_refused(latex):
    with pytest.raises(ValueError, match=re.escape(f"${latex}$")):
        formula(latex)


def test_a_text_cannot_inject_an_element():
    assert to_html("a <b> & `<i>`") == "a &lt;b&gt; &amp; <code>&lt;i&gt;</code>"


# Python's side


def test_an_unknown_chapter_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match=r"no questions for 'nowhere'.*softmax"):
        Quiz("nowhere")


@pytest.mark.parametrize(
    "answers",
    [
        {"no-such": [0]},
        {"softmax-shift": [4]},
        {"softmax-shift": [0.5]},
        {"softmax-shift": ["0"]},
        {"softmax-ratio": [float("inf")]},
    ],
)
def test_answers_that_do_not_fit_are_refused(answers):
    [key] = answers
    with pytest.raises(ValueError, match=key):
        Quiz("softmax", answers=answers)


def test_the_page_is_given_no_python_expression():
    assert "check" in load_questions("softmax")[0]
    assert "activations." not in Quiz("softmax").as_html()


@every_chapter
def test_without_a_script_every_question_and_answer_can_be_read(chapter):
    still, answers = Quiz(chapter).still_html().split("<details>")
    for shown in Quiz(chapter).questions:
        assert shown["question"] in still and shown["question"] not in answers
        if shown["kind"] == "choice":
            assert all(option["text"] in still for option in shown["options"])
            [right] = [option for option in shown["options"] if option["right"]]
            assert f"<b>{right['text']}</b><br>{right['feedback']}" in answers
            assert right["feedback"] not in still
        else:
            assert shown["feedback"]["right"] in answers
            assert shown["feedback"]["right"] not in still


@every_chapter
def test_the_answer_key_is_a_table_with_a_row_for_each_question(chapter):
    table = Table(*Quiz(chapter).answer_key())
    assert len(table.rows) == len(load_questions(chapter))
    lines = table._repr_markdown_().splitlines()
    assert {line.count("|") for line in lines} == {4}


# In the page


def open_quiz(open_page, figure_pages, **options):
    watched = open_page(figure_pages / "quiz.html", **options)
    return watched, watched.page.locator(".living-figure .living-live")


def said(quiz):
    return quiz.get_by_role("status").inner_text()


def progress(quiz):
    return quiz.locator(".quiz-foot div").inner_text()


def go_to(quiz, number):
    quiz.get_by_role("button", name=f"Question {number},").click()


def check(quiz):
    quiz.locator(".quiz-check").click()


def start_again(quiz):
    quiz.get_by_role("button", name="Start again").click()


def places(question):
    """Return the index of the right option and those of the wrong ones."""
    rights = [option["right"] for option in question["options"]]
    return rights.index(True), [k for k, right in enumerate(rights) if not right]


def plain(html):
    return re.sub("<[^>]*>", "", html).replace("\u00a0", " ")


@pytest.fixture
def questions():
    return Quiz("softmax").questions


def test_each_wrong_option_gets_its_own_feedback(questions, figure_pages, open_page):
    watched, quiz = open_quiz(open_page, figure_pages)
    question = questions[0]
    right, wrong = places(question)
    check(quiz)
    assert said(quiz) == "Choose an answer first."
    for k in wrong:
        quiz.get_by_role("radio").nth(k).check()
        assert said(quiz) == "", "feedback only after the check"
        check(quiz)
        expected = f"✗ Not yet. {plain(question['options'][k]['feedback'])}"
        assert said(quiz).replace("\u00a0", " ") == expected
        assert progress(quiz) == "0 of 8 answered, 0 right first time"
    quiz.get_by_role("radio").nth(right).check()
    check(quiz)
    assert said(quiz).startswith("✓ Right. ")
    assert progress(quiz) == "1 of 8 answered, 0 right first time"
    assert quiz.locator(".quiz-mark").all_inner_texts().count("✗") == len(wrong)
    quiz.get_by_role("radio").nth(wrong[0]).check()
    assert said(quiz).startswith("✗ Not yet."), "a tried option can be read again"
    assert watched.foreign == []


def test_a_number_is_read_as_it_is_written(figure_pages, open_page):
    _, quiz = open_quiz(open_page, figure_pages)
    for text, start in {
        "−0.8": "✓ Right first time.",
        "-0,8": "✓ Right first time.",
        "-8e-1": "✓ Right first time.",
        " -4/5 ": "✓ Right first time.",
        "-0.8009": "✓ Right first time.",
        "-0.802": "✗ Not yet. The gradient with respect to the logits",
        "0.8": "✗ Not yet. The sign is wrong",
        "-5": "✗ Not yet. That is −1/",
        "1/0": "Enter a number",
        "": "Enter a number",
        "minus": "Enter a number",
    }.items():
        go_to(quiz, 6)
        quiz.get_by_label("Your answer").fill(text)
        check(quiz)
        assert said(quiz).startswith(start), text
        start_again(quiz)


def test_keys_alone_are_enough(questions, figure_pages, open_page):
    watched, quiz = open_quiz(open_page, figure_pages)
    keyboard = watched.page.keyboard
    right, _ = places(questions[0])
    quiz.get_by_role("button", name="Question 8,").focus()
    keyboard.press("Tab")
    keyboard.press("Space")
    for _ in range(right):
        keyboard.press("ArrowDown")
    outline = (
        quiz.get_by_role("radio").nth(right).evaluate("(e) => getComputedStyle(e).outlineWidth")
    )
    assert float(outline.removesuffix("px")) >= 2
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert said(quiz).startswith("✓ Right first time.")
    button = quiz.locator(".quiz-check")
    assert button.inner_text() == "Next question"
    assert button.evaluate("(e) => e === document.activeElement")
    keyboard.press("Enter")
    # The new question is read out, and its answer is one Tab away.
    legend = quiz.locator("legend")
    assert legend.evaluate("(e) => e === document.activeElement")
    assert plain(questions[1]["question"])[:20] in legend.inner_text()
    keyboard.press("Tab")
    keyboard.type("7.39")
    keyboard.press("Enter")
    assert said(quiz).startswith("✓ Right first time.")
    assert progress(quiz) == "2 of 8 answered, 2 right first time"


def test_progress_outlives_the_page_until_the_reader_starts_again(
    questions, figure_pages, open_page
):
    watched, quiz = open_quiz(open_page, figure_pages)
    right, wrong = places(questions[0])
    for k in (wrong[0], right):
        quiz.get_by_role("radio").nth(k).check()
        check(quiz)
    watched.page.reload()
    assert progress(quiz) == "1 of 8 answered, 0 right first time"
    assert quiz.get_by_role("button", name="Question 1, right").inner_text() == "1✓"
    current = quiz.locator("[aria-current=step]")
    assert current.get_attribute("aria-label") == "Question 2, unanswered"
    go_to(quiz, 1)
    assert quiz.get_by_role("radio").nth(right).is_checked()
    assert said(quiz).startswith("✓ Right.")
    start_again(quiz)
    assert progress(quiz) == "0 of 8 answered, 0 right first time"
    watched.page.reload()
    assert progress(quiz) == "0 of 8 answered, 0 right first time"


@pytest.mark.parametrize(
    "before",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });",
        "localStorage.setItem('quiz:softmax:softmax-shift', '[7, \"x\", null]');",
        "localStorage.setItem('quiz:softmax:softmax-ratio', '[null, \"7\"]');",
        "localStorage.setItem('quiz:softmax:softmax-shift', '{broken');",
    ],
)
def test_a_storage_that_is_closed_or_damaged_does_no_harm(
    before, questions, figure_pages, open_page
):
    watched, quiz = open_quiz(open_page, figure_pages, before=before)
    assert progress(quiz) == "0 of 8 answered, 0 right first time"
    quiz.get_by_role("radio").nth(places(questions[0])[0]).check()
    check(quiz)
    assert progress(quiz) == "1 of 8 answered, 1 right first time"
    assert [text for kind, text in watched.said if kind == "error" and "quiz" in text] == []


def test_the_last_question_leads_back_to_an_unanswered_one(questions, figure_pages, open_page):
    _, quiz = open_quiz(open_page, figure_pages)
    go_to(quiz, 8)
    quiz.get_by_role("radio").nth(places(questions[7])[0]).check()
    check(quiz)
    check(quiz)
    assert (
        quiz.locator("[aria-current=step]").get_attribute("aria-label") == "Question 1, unanswered"
    )


# Go to each question; return what it reads and how high the quiz then is.
HEIGHTS = """(quiz) => [...quiz.querySelectorAll("button[aria-label^='Question ']")].map((step) => {
  step.click();
  return [quiz.querySelector("legend").textContent, quiz.getBoundingClientRect().height];
})"""


@pytest.mark.parametrize("width", [1440, 600, 320])
def test_the_room_kept_is_enough_for_every_question(width, figure_pages, open_page):
    size = {"width": width, "height": 1000}
    watched, quiz = open_quiz(open_page, figure_pages, viewport=size)
    for chapter in CHAPTERS:
        html = Quiz(chapter).as_html()
        watched.page.evaluate(
            "(html) => { document.querySelector('.living-figure').outerHTML = html; }", html
        )
        script = figure_pages / "_static" / "living" / "quiz.js"
        watched.page.add_script_tag(path=script)
        texts, heights = zip(*quiz.evaluate(HEIGHTS), strict=True)
        assert len({*texts}) == len(texts) == len(load_questions(chapter))
        assert max(heights) - min(heights) < 1, chapter
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_answers_are_hidden_until_they_are_unfolded(figure_pages, open_page):
    watched = open_page(figure_pages / "quiz.html", java_script_enabled=False)
    answers = watched.page.locator(".living-still details li").first
    assert not answers.is_visible()
    watched.page.locator(".living-still summary").click()
    assert answers.is_visible()


def test_the_state_is_the_questions_and_the_answers():
    state = Quiz("softmax", answers={"softmax-ratio": [2.0, 7.39]}).state()
    assert [*state] == ["answers", "chapter", "questions"]
    assert len(json.dumps(state["answers"])) < 100
