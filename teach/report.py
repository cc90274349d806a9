"""What a class misunderstood, as one page: `python -m teach.report FOLDER --into report.html`.

The notebooks in a folder are read, not run: what counts is what the checks printed. So it works on
sheets that were graded, where nbgrader ran them, and also on chapters that learners ran
themselves, such as those that they download from the pages. There, what is shown is what they saw.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path

from actlib import exercises

from . import sheets
from .handed_in import STAMP, load, notebooks, source_of
from .variants import VARIANTS, numbers
from .written import write

LEAST = 5  # exercises that are named first
UNLISTED = "not among the listed mistakes"
STOPPED = "The cell stopped with an error before the check could speak:"
SHOWN = 3  # answers of an exercise that no check explained
LINES = 25  # of such an answer
READ = 50_000  # characters at the end of an output
CALL = re.compile(r"""exercises\.(check_\w+)\(|grading\.points\(["'](check_\w+)["']""")
CHECKS = {name: check for name, check in vars(exercises).items() if name.startswith("check_")}


@dataclass(frozen=True)
class Answer:
    """What a check said about one learner's answer, and the code of it.

    `mark` is ✓, ✗ or ○, "error" where the cell raised one, None where it was not run.
    """

    learner: str
    file: str
    check: str
    mark: str | None
    what: str = ""
    why: str = ""
    then: str = ""
    code: str = ""


def text_of(outputs):
    """Return what a cell printed, the end of it, and its error as `Name: message`, if any."""
    printed = "".join("".join(o.get("text", "")) for o in outputs if o.get("name") == "stdout")
    errors = [f"{o.get('ename')}: {o.get('evalue')}" for o in outputs if "ename" in o]
    return printed[-READ:], errors[0] if errors else ""


def verdict(outputs):
    """Return (mark, what, why, then) of the last verdict that a cell printed.

    >>> verdict([{"name": "stdout", "text": "✗ Got 3.\\n  It is 4.\\n  Next: add 1.\\n"}])
    ('✗', 'Got 3.', 'It is 4.', 'add 1.')
    >>> verdict([{"ename": "NameError", "evalue": "name 'relu' is not defined"}])
    ('error', "NameError: name 'relu' is not defined", '', '')
    """
    printed, error = text_of(outputs)
    found = None
    for line in printed.split("\n"):
        if line[:2] in ("✓ ", "✗ ", "○ "):
            found = [line[0], line[2:], "", ""]
        elif found and line.startswith("  Next: "):
            found[3] = line.removeprefix("  Next: ")
        elif found and line.startswith("  ") and not found[3]:
            found[2] = line.strip()
    if error:
        return "error", error, "", ""
    if found and found[1].startswith("The numbers are right, but"):
        found[2] = found[2] or found[1]  # what the task rules out is the reason
    return tuple(found) if found else (None, "", "", "")


def answers_in(notebook, learner, file):
    """Return the answers in a notebook, a chapter or a sheet, and the sentences about it."""
    cells = notebook["cells"]
    if end := sheets.section(cells, "Solutions"):
        cells = cells[: end[0]]
    found, said, since = {}, [], []
    for cell in cells:
        if cell["cell_type"] != "code":
            since = []
            continue
        since.append(cell)
        name = _check_of(cell)
        if not name or name in found:
            continue
        if name not in CHECKS:
            said.append(
                f"{file} calls {name}, which the course does not have: if the exercise was "
                "renamed, put the answer into the new sheet."
            )
            continue
        code = "\n\n".join(source_of(each) for each in since if not _is_locked(each)).strip()
        told = verdict(cell.get("outputs", []))
        found[name] = Answer(learner, file, name, *told, code or source_of(cell))
        counts = [each.get("execution_count") or 0 for each in since]
        if counts[-1] and counts[-1] < max(counts):
            said.append(
                f"{file}: {name} was run before its answer was: run all cells, save, and hand in "
                "again; what is shown for it may be about an earlier answer."
            )
        since = []
    unrun = [name for name, answer in found.items() if answer.mark is None]
    if not found and not said:
        said.append(f"{file} has no exercise of this course: take it out of the folder.")
    elif unrun and len(unrun) == len(found):
        said.append(
            f"{file} holds no outputs, so nothing is known about it: run all cells and save, or "
            "grade it."
        )
    elif unrun:
        said.append(f"{file}: {', '.join(unrun)} printed no verdict: run all cells and save.")
    return list(found.values()), said


def _check_of(cell):
    """Return the check that a cell is about, None if it is about none."""
    ours = cell.get("metadata", {}).get("nbgrader", {})
    if ours.get("grade"):
        return ours.get("grade_id")
    called = CALL.search(source_of(cell))
    return called and (called[1] or called[2])


def _is_locked(cell):
    ours = cell.get("metadata", {}).get("nbgrader", {})
    return bool(ours) and not ours.get("solution")


def read(folder):
    """Return the answers in all notebooks of a folder, and the sentences about them."""
    answers, said, editions, seen = [], [], defaultdict(list), {}
    for path in notebooks(folder):
        file = path.relative_to(folder)
        try:
            notebook = load(path)
        except ValueError as problem:
            said.append(f"{file} {problem}")
            continue
        learner = file.parts[0] if len(file.parts) > 1 else file.stem
        found, more = answers_in(notebook, learner, str(file))
        said += more
        stamp = notebook.get("metadata", {}).get(STAMP)
        if found and isinstance(stamp, dict):
            editions[str(stamp.get("edition"))].append(str(file))
        for answer in found:
            first = seen.setdefault((learner, answer.check), str(file))
            if first == str(file):
                answers.append(answer)
        if found and seen[learner, found[0].check] != str(file):
            said.append(
                f"{file} answers the same exercises as {seen[learner, found[0].check]}, which is "
                "counted: move the one that does not count out of the folder."
            )
    if len(editions) > 1:
        usual = max(editions, key=lambda edition: len(editions[edition]))
        for edition, files in editions.items():
            if edition != usual:
                said.append(
                    f"{', '.join(files)}: sheets of edition {edition} among those of {usual}, "
                    "whose numbers differ: ask for the answers on this edition's sheet."
                )
    return answers, said


def listed(check, edition):
    """Return the reasons that a check has for its mistakes, with this edition's numbers too."""
    arguments = numbers(check, edition) if edition else None
    made = [CHECKS[check]] + ([VARIANTS[check].check(*arguments)] if arguments else [])
    return {mistake.why for each in made for mistake in each.mistakes}


# -- the page

STYLE = """
:root { color-scheme: light dark; --line: #d0d4da; --soft: #f4f5f7; --right: #1f6f54;
  --wrong: #a33b2a; --none: #5c6470; --text: #1c2127; --back: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #444b54; --soft: #22272e; --right: #57b894;
  --wrong: #e58573; --none: #a3abb5; --text: #e3e6ea; --back: #15181c; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
  max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { margin: 2rem 0 .4rem; font-size: 1.1rem; }
h4 { margin: 1rem 0 .3rem; font-size: 1rem; }
.bar { display: flex; height: .8rem; border-radius: .2rem; overflow: hidden;
  background: var(--soft); }
.bar span { background: var(--none); } .bar .right { background: var(--right); }
.bar .wrong { background: var(--wrong); }
.bar + * { margin-top: .6rem; }
table { border-collapse: collapse; width: 100%; }
a { color: inherit; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); }
td:first-child, th:first-child { width: 4rem; white-space: nowrap; overflow-wrap: normal; }
pre { background: var(--soft); padding: .6rem; overflow-x: auto; border-radius: .3rem;
  font-size: .85rem; }
.note { color: var(--none); font-size: .9rem; }
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the class misunderstood</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>What the class misunderstood</h1>
{body}
</main>
</body>
</html>
"""


def page(answers, said, edition=None):
    """Return the page as HTML."""
    learners = {answer.learner for answer in answers}
    body = [
        f"<p>{_count(len(learners), 'learner')}, {_count(len(answers), 'answer')}. What is "
        "counted is what the checks printed when the notebooks were last run.</p>"
    ]
    if said:
        body.append("<h2>To look at</h2><ul>")
        body += [f"<li>{escape(sentence)}</li>" for sentence in said]
        body.append("</ul>")
    body += _least_solved(answers)
    for chapter in sheets.chapters():
        named = [
            task for task in sheets.tasks(chapter) if any(a.check == task.check for a in answers)
        ]
        if named:
            body.append(f"<h2>{escape(sheets.title_of(chapter))}</h2>")
        for task in named:
            body += _exercise(task, [a for a in answers if a.check == task.check], edition)
    return PAGE.format(style=STYLE, body="\n".join(body))


def _count(n, what):
    return f"{n} {what}" + "s" * (n != 1)


def _least_solved(answers):
    """Yield the exercises that the smallest part solved, if there are more than are named here."""
    of = defaultdict(list)
    for answer in answers:
        of[answer.check].append(answer.mark == "✓")
    tasks = [
        (sum(of[task.check]) / len(of[task.check]), chapter, task)
        for chapter in sheets.chapters()
        for task in sheets.tasks(chapter)
        if task.check in of
    ]
    if len(tasks) <= LEAST:
        return
    yield "<h2>Least solved</h2><ul>"
    for _, chapter, task in sorted(tasks, key=lambda each: each[0])[:LEAST]:
        name = f'<a href="#{task.check}">{escape(_heading(task))}</a>'
        counts = f"{sum(of[task.check])} of {len(of[task.check])}"
        yield f"<li>{escape(sheets.title_of(chapter))}, {name}: {counts}</li>"
    yield "</ul>"


def _heading(task):
    return re.match(r"### (.+)", task.words)[1]


def _exercise(task, answers, edition):
    marks = Counter(answer.mark for answer in answers)
    total, right = len(answers), marks["✓"]
    wrong = marks["✗"] + marks["error"]
    yield f'<h3 id="{task.check}">{escape(_heading(task))}</h3>'
    parts = [f"{right} of {total} solved it"]
    parts += [f"{n} {what}" for n, what in ((wrong, "wrong"), (marks["○"], "not tried")) if n]
    parts += [f"{marks[None]} not run"] * bool(marks[None])
    yield f"<p>{', '.join(parts)}.</p>"
    yield (
        f'<div class="bar" aria-hidden="true"><span class="right" style="flex:{right}"></span>'
        f'<span class="wrong" style="flex:{wrong}"></span>'
        f'<span style="flex:{total - right - wrong}"></span></div>'
    )
    yield from _mistakes(task, answers, edition)
    yield from _unexplained(answers)


def _mistakes(task, answers, edition):
    known = listed(task.check, edition)
    said = Counter()
    for answer in answers:
        if answer.mark == "✗" and answer.why:
            likely = "" if answer.why in known else f' <span class="note">({UNLISTED})</span>'
            then = f'<br><span class="note">Next: {escape(answer.then)}</span>'
            said[f"{escape(answer.why)}{likely}{then}"] += 1
        elif answer.mark == "error":
            said[f"{STOPPED} {escape(answer.what[:200])}"] += 1
    if not said:
        return
    yield "<table><thead><tr><th>times</th><th>what the check said</th></tr></thead><tbody>"
    for words, n in said.most_common():
        yield f"<tr><td>{n}</td><td>{words}</td></tr>"
    yield "</tbody></table>"


def _unexplained(answers):
    """Yield up to three wrong answers for which the check had numbers but no reason."""
    unknown = defaultdict(list)
    for answer in answers:
        if answer.mark == "✗" and not answer.why:
            unknown[answer.code].append(answer)
    if not unknown:
        return
    number = _count(sum(map(len, unknown.values())), "answer")
    yield f"<h4>{number} that the check did not explain</h4>"
    often = sorted(unknown.values(), key=len, reverse=True)
    for alike in often[:SHOWN]:
        answer = alike[0]
        lines = answer.code.splitlines()
        code = "\n".join(line[:200] for line in lines[:LINES]) + "\n..." * (len(lines) > LINES)
        times = f", {len(alike)} times" if len(alike) > 1 else ""
        yield f"<pre><code>{escape(code)}</code></pre>"
        file = escape(answer.file).replace("/", "/<wbr>").replace("_", "_<wbr>")
        yield f'<p class="note">{file}{times}: {escape(answer.what[:300])}</p>'


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path)
    given = parser.parse_args(arguments)
    edition = sheets.edition_in(given.folder)
    # The folder of a class holds the sheets themselves besides, which are nobody's answers.
    folder = given.folder / "autograded" if edition else given.folder
    if not any(notebooks(folder)):
        remedy = "run make grade first" if edition else "name a folder of notebooks"
        sys.exit(f"{given.folder} holds no notebooks to report on: {remedy}.")
    answers, said = read(folder)
    into = given.into or given.folder / "report.html"
    write({into: page(answers, said, edition).encode()}, "make report")
    for sentence in said:
        print(f"- {sentence}")
    print(f"{_count(len(answers), 'answer')} read: open {into} in a browser.")


if __name__ == "__main__":
    main()
