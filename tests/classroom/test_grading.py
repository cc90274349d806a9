"""The points of an answer: on the check's cases and on fresh ones, whatever the answer does."""

import ast
import contextlib
import io
import json
import linecache
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from course import ROOT
from pytorch_if_installed import torch
from submissions import HARD_CODED, report

from teach import cases, grading, variants

FUNCTIONS = [name for name, check in grading.CHECKS.items() if callable(check.right)]


def verdict_on(answer, rng):
    """Return the verdict on an answer of the corpus, typed into its chapter."""
    space, call = report._room(answer.chapter, answer.check)
    filename = f"<{answer}>"
    linecache.cache[filename] = len(answer.code), None, answer.code.splitlines(True), filename
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(answer.code, filename, "exec"), space)
        argument = ast.Expression(call.body.args[0])
        return grading.judge(answer.check, eval(compile(argument, "", "eval"), space), rng=rng)


def judged_wrongly(answers, rng):
    return [
        str(answer)
        for answer in answers
        if answer.verdict != "open"
        and (torch is not None or "torch" not in answer.chapter + answer.code)
        and (answer.verdict == "right") != (verdict_on(answer, rng) == 1)
    ]


# Needs `kept` of its chapter, which needs the chapter to have run.
CORPUS = [a for a in report.corpus() if not a.loops and str(a) != "check_kept_bytes, measured"]


@pytest.mark.filterwarnings("ignore")
def test_first_answers_of_the_corpus_get_their_points(rng):
    first = {(a.check, a.verdict): a for a in reversed(CORPUS)}
    assert len(first) >= 60 and judged_wrongly(first.values(), rng) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(1, 11))
def test_every_answer_of_the_corpus_gets_its_points(seed):
    # Fresh cases must never be unfair: not to float32, to another order of adding, or by chance.
    assert judged_wrongly(CORPUS, np.random.default_rng(seed)) == []


def test_every_check_has_fresh_cases_or_other_numbers():
    assert {*FUNCTIONS} == cases.FRESH.keys()
    assert {*grading.CHECKS} - {*FUNCTIONS} == variants.VARIANTS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_fresh_cases_differ_from_those_of_the_package_and_the_right_answer_passes(name):
    check = grading.CHECKS[name]
    seen = {repr(case) for case in check.cases}
    for seed in range(20):
        fresh = cases.FRESH[name](np.random.default_rng(seed))
        assert fresh and not seen & {repr(case) for case in fresh}
        seen |= {repr(case) for case in fresh}
        for case in fresh:
            sizes = [x.shape for x in case if np.ndim(x) == 2]
            assert all(len(set(shape)) == 2 for shape in sizes)
        assert replace(check, cases=fresh).judge(check.right) == 1


def test_an_answer_that_knows_the_cases_of_the_check_gets_no_point(capsys):
    space = {}
    exec(HARD_CODED, space)
    assert grading.CHECKS["check_leaky_gain"].judge(space["leaky_gain"]) == 1
    assert grading.points("check_leaky_gain", space["leaky_gain"]) == 0
    assert "Right on the cases that the sheet shows, but not on others." in capsys.readouterr().out


def test_an_answer_from_the_checks_gets_no_point():
    right = grading.exercises.check_relu.right
    assert grading.judge("check_relu", right) == 0
    space = {"found": right}
    exec("def answer(z):\n    return found(z)", space)
    assert "taken from the checks" in str(grading.judge("check_relu", space["answer"]))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
def test_a_loop_gets_no_point_and_leaves_the_timer_off(monkeypatch):
    monkeypatch.setattr(grading, "PATIENCE", 0.05)

    def endless(z):
        while True:
            z = z + 0

    assert "still running" in str(grading.judge("check_relu", endless))
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


KERNEL = """\
import json
from teach import grading, kernel
kernel.part()
grading.seal()
from actlib import exercises
from actlib.exercises import exercise
exercise.compare = lambda *_: None
exercises.check_relu = lambda answer: 1
try:
    exercises.check_silu_grad.right
    read = True
except AttributeError:
    read = False
print(json.dumps([grading.judge("check_relu", lambda z: z), read]))
"""


def test_what_a_sheet_does_to_the_package_changes_no_points_and_reads_no_answer():
    done = subprocess.run(
        [sys.executable, "-c", KERNEL],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == [0, False], done.stderr
