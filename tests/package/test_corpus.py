"""What the checks say to answers as learners write them: the verdict, the reason, the next step.

`pytest -s tests/package/test_corpus.py` prints the table, `python tests/package/corpus/report.py`
with the word `all` the faults.
"""

import signal
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from corpus import report
from pytorch_if_installed import torch

from actlib import exercises

ANSWERS = report.corpus()
CHECKS = [name for name in dir(exercises) if name.startswith("check_")]
# The shares of the refusals that must at least have a true reason, and a next step.
TRUE_REASONS, NEXT_STEPS = 0.9, 0.95

SMALL = report.Answer("relu_family", "check_relu", "small", "my_relu = None", "wrong", ("copy",))


@cache
def outcomes():
    """Return what came of every answer that this machine can run."""
    return [
        report.run(answer)
        for answer in ANSWERS
        if (torch is not None or "torch" not in answer.chapter + answer.code)
        and (not answer.loops or hasattr(signal, "setitimer"))
    ]


def told(wanted):
    return "\n".join(report.describe(outcome) for outcome in outcomes() if wanted(outcome))


def test_every_verdict_is_right():
    wrong = told(lambda o: not o.agrees)
    assert not wrong, wrong


def test_no_reason_is_false():
    wrong = told(lambda o: o.false_words)
    assert not wrong, wrong


def test_nothing_an_answer_sets_outlives_its_check():
    wrong = told(lambda o: o.leaks)
    assert not wrong, wrong


def test_most_reasons_are_true_and_nearly_every_refusal_ends_in_a_next_step():
    print("\n" + report.table(outcomes()))
    shares = report.shares_of(report.tally(outcomes()))
    assert shares["true reasons"] >= TRUE_REASONS, told(
        lambda o: o.answer.verdict == "wrong" and o.reason != "true"
    )
    assert shares["next steps"] >= NEXT_STEPS, told(
        lambda o: o.answer.verdict == "wrong" and o.answer.step and not o.step
    )


def test_the_corpus_is_large_and_reaches_every_check():
    counted = [answer for answer in ANSWERS if answer.verdict != "open"]
    assert len(counted) >= 400
    verdicts = Counter((answer.check, answer.verdict) for answer in counted)
    for check in CHECKS:
        assert verdicts[check, "right"] >= 5 and verdicts[check, "wrong"] >= 8, check
    assert {answer.check for answer in ANSWERS} == set(CHECKS)
    assert sum(answer.verdict == "open" for answer in ANSWERS) <= 20


def test_every_entry_is_complete():
    names = Counter(map(str, ANSWERS))
    for answer in ANSWERS:
        compile(answer.code, str(answer), "exec")
        assert answer.verdict in ("right", "wrong", "open"), answer
        assert bool(answer.shows) == (answer.verdict == "wrong"), answer
        assert bool(answer.why) == (answer.verdict == "open"), answer
        # A word that must stand in a message and one that must not would contradict each other.
        assert not any(report.found(no, yes) for yes in answer.shows for no in answer.never), answer
        assert names[str(answer)] == 1, answer


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("def my_relu(z):\n    return np.maximum(z, 0)", "right"),
        ("def my_relu(z):\n    return np.minimum(z, 0)", "wrong"),
        ("my_relu = None", "wrong"),
    ],
)
def test_the_report_reads_a_verdict_from_the_mark(code, verdict):
    outcome = report.run(replace(SMALL, code=code))
    assert outcome.verdict == verdict and outcome.message[0] in report.MARKS


def test_the_report_tells_the_message_from_what_an_answer_prints():
    code = "def my_relu(z):\n    print('✓ divide by 2')\n    return np.maximum(z, 0) + 1"
    outcome = report.run(replace(SMALL, code=code))
    assert outcome.verdict == "wrong" and "divide by 2" not in outcome.message


@pytest.mark.parametrize(
    ("message", "verdict", "faults"),
    [
        ("✗ It changed its input: work on a copy.", "wrong", []),
        ("✗ Got 3, expected 4: copy nothing.", "wrong", []),
        ("✗ It is a copy. That overflows.", "wrong", ["false", "no next step"]),
        ("✗ Something is missing.", "wrong", ["no word", "no next step"]),
        ("✓ Right.", "right", ["verdict", "no word", "no next step"]),
        ("", "ValueError", ["verdict", "no word", "no next step"]),
    ],
)
def test_the_report_names_what_a_message_lacks(message, verdict, faults):
    answer = replace(SMALL, never=("overflow",))
    got = report.faults(report.Outcome(answer, verdict, message))
    assert len(got) == len(faults)
    assert all(text.startswith(start) for text, start in zip(got, faults, strict=True))


@pytest.mark.parametrize(
    ("word", "message", "there"),
    [
        ("overflow", "exp(1000) Overflows.", True),
        ("if", "They differ.", False),
        ("`if`", "If so, add it.", False),
        ("`if`", "`if` takes one number.", True),
        ("sum of |w|", "the sum of |w| is", True),
        ("-1", "take −1", True),
        ("numbers", "Expected 2, got 3.", True),
        ("numbers", "Two numbers are missing.", False),
    ],
)
def test_a_word_is_found_where_it_begins(word, message, there):
    assert report.found(word, message) is there


@pytest.mark.parametrize(
    ("message", "step"),
    [
        ("✗ Subtract the maximum.", True),
        ("✗ The maximum is missing: subtract it.", True),
        ("✗ It is too large. Then divide by n.", True),
        ("✗ If left is 0, divide by `right`.", True),
        ("✗ Expected 2, got 3 at index [0]. What is f(0)?", True),
        ("✗ Divide by n. That is the mean.", False),
        ("✗ The whole batch adds up to 1; each row should.", False),
        ("✗ Take the maximum, as in np.maximum(z, 0).", True),
        ("✗ The maximum, sum and shape are wrong.", False),
    ],
)
def test_a_next_step_is_an_order_or_a_question_at_the_end(message, step):
    assert report.has_step(message) is step
