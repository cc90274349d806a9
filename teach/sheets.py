"""Write each chapter's sheet, for students and as nbgrader grades it, from the chapter itself.

`python -m teach.sheets class --edition 2027` writes into the folder `class`:

- `handout/`: what students get, as one folder or as a repository: the sheets, without solutions,
  and the chapters, without solutions; all without outputs;
- `source/<chapter>/<chapter>_sheet.ipynb`: the same sheets with the hidden cells that give the
  points, for nbgrader, and its settings.

A sheet is stamped with its chapter and edition. The exercises whose answer is a number get other
numbers in each edition.
"""

import argparse
import ast
import copy
import datetime
import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from live.needs import Notebook

from .handed_in import STAMP, load, notebooks, source_of
from .variants import VARIANTS, numbers, reworded
from .written import write

ROOT = Path(__file__).parents[1]
# A sheet computes: what draws, trains and tabulates in the chapter is not imported.
ROOMS = {"activations", "losses", "calculus", "exercises"}
LEFT_OUT = {"ipywidgets", "IPython"}
TEXTS = ("index", "glossary", "references", "playground")
HIDDEN = """\
### BEGIN HIDDEN TESTS
from teach import grading

grading.points({})
### END HIDDEN TESTS"""
UNCHECKED = "# Checked when the sheet is graded: its numbers are not those of the page."

# A student's notebook and a changed one are never mixed line by line: see instructors.md.
ATTRIBUTES = """\
# A notebook that a student changed, or only ran, stays as it is: merged line by line, new code
# could stand above old output. Where the hub has the filter (see the course's page for
# instructors), a notebook that was only run counts as untouched, and a pull brings the new version.
*.ipynb filter=clear-outputs merge=binary
"""
README = """\
# {title}: sheets, edition {edition}

`sheets/` holds the exercises to hand in, `chapters/` the chapters to work through, without their
outputs: run the cells. The package `actlib` must be installed.

To start a notebook anew, delete it and pull again.
"""


@dataclass(frozen=True)
class Task:
    """One exercise of a chapter: its words, and its code cut into what the student writes and not.

    `given` stands before the student's part and `helpers` after it; `names` is what that part
    defines, `argument` what the check is called with.
    """

    words: str
    given: tuple[str, ...]
    answer: str
    helpers: tuple[str, ...]
    check: str
    argument: str
    names: tuple[str, ...]
    id: str


def chapters():
    """Return the names of the chapters that have exercises, in the book's order."""
    listed = re.findall(r"file: chapters/(\w+)", (ROOT / "_toc.yml").read_text("utf-8"))
    return [name for name in listed if tasks(name)]


@cache
def read(chapter):
    return json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf-8"))


def section(cells, title):
    """Return (start, end) of the section `## title`, None if there is none."""
    heads = [i for i, cell in enumerate(cells) if source_of(cell).startswith("## ")]
    for i, end in zip(heads, [*heads[1:], len(cells)], strict=False):
        if source_of(cells[i]).startswith(f"## {title}"):
            return i, end
    return None


@cache
def tasks(chapter):
    """Return the exercises of a chapter."""
    cells = read(chapter)["cells"]
    place = section(cells, "Exercises")
    found, parts, words, first = [], [], "", ""
    for cell in cells[slice(*place)] if place else ():
        source = source_of(cell)
        if cell["cell_type"] == "markdown":
            words, parts, first = source[source.find("### ") :], [], ""
            continue
        first = first or cell["id"]
        lines = source.split("\n")
        starts = [_first_line(node) for node in ast.parse(source).body]
        # Comments between two statements go with the first of them.
        for node, end in zip(ast.parse(source).body, [*starts[1:], len(lines) + 1], strict=True):
            text = "\n".join(lines[_first_line(node) - 1 : end - 1]).strip()
            if check := _check_of(node):
                argument = ast.get_source_segment(source, node.value.args[0])
                asked = {*re.findall(r"\w+", argument)}
                # What the student writes is the first part that the check is given.
                at = next(i for i, (node, _) in enumerate(parts) if _bound(node) & asked)
                names, texts = tuple(sorted(_bound(parts[at][0]))), [text for _, text in parts]
                given, helpers = tuple(texts[:at]), tuple(texts[at + 1 :])
                found.append(Task(words, given, texts[at], helpers, check, argument, names, first))
            else:
                parts.append((node, text))
    return tuple(found)


def _first_line(node):
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def _bound(node):
    """Return the names that a definition or an assignment gives a value to."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return {target.id for target in node.targets}


def _check_of(node):
    """Return the name of the check that a statement calls, None if it calls none."""
    called = getattr(getattr(node, "value", None), "func", None)
    name = getattr(called, "attr", "")
    return name if name.startswith("check_") else None


def tools(chapter):
    """Return the sources of the cells that a sheet begins with: imports, and what tasks name."""
    cells = read(chapter)["cells"]
    before = [c for c in cells[: section(cells, "Exercises")[0]] if c["cell_type"] == "code"]
    notebook = Notebook([source_of(cell) for cell in before])
    named = set()
    for task in tasks(chapter):
        own = [*task.given, task.answer, *task.helpers, task.argument]
        code = [*own, *re.findall(r"`([^`]+)`", task.words)]
        named |= {word for text in code for word in re.findall(r"\w+", text)}
    wanted = []
    for i, unit in enumerate(notebook.units):
        (node,) = ast.parse(unit.source).body
        is_tool = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in named
        if _is_kept_import(node) or is_tool:
            wanted.append(i)
    needed = {*wanted}.union(*(notebook.slice_of([i]) for i in wanted))
    imports, rest = [], []
    for i in sorted(needed):
        text = notebook.units[i].source
        is_import = isinstance(ast.parse(text).body[0], ast.Import | ast.ImportFrom)
        (imports if is_import else rest).append(text)
    return ["\n".join(_grouped(imports)), *rest]


def _is_kept_import(node):
    if isinstance(node, ast.Import):
        return node.names[0].name.partition(".")[0] not in LEFT_OUT
    if isinstance(node, ast.ImportFrom):
        first, _, room = node.module.partition(".")
        if first != "actlib":
            return first not in LEFT_OUT
        return (room.partition(".")[0] or node.names[0].name) in ROOMS
    return False


def _grouped(imports):
    """Return import lines, those from one module joined; what is the course's stands last."""
    modules = {}
    for line in imports:
        start, found, name = line.partition(" import ")
        modules.setdefault((start, found), []).append(name)
    lines = [a + b + ", ".join(names) if b else a for (a, b), names in modules.items()]
    ours = [line for line in lines if line.startswith("from actlib")]
    return [*(line for line in lines if line not in ours), "", *ours]


def title_of(chapter):
    return re.match(r"# (.+)", source_of(read(chapter)["cells"][0]))[1]


def sheet(chapter, edition, graded=False):
    """Return a chapter's sheet as a notebook; `graded` adds the hidden cells that give points."""
    names = "\n".join(f"- `{name}`" for task in tasks(chapter) for name in task.names)
    intro = (
        f"# Exercises: {title_of(chapter)}\n\nWrite your answers into the cells below, and save. "
        "Keep these names, by which the answers are found:\n\n"
        f"{names}\n\nYou may add cells. Hand in this file. Edition: {edition}."
    )
    cells = [_cell("markdown", "sheet-intro", intro)]
    cells += [
        _cell("code", f"sheet-tools-{i}", source, kind="tools")
        for i, source in enumerate(tools(chapter))
    ]
    for task in tasks(chapter):
        cells += _cells_of(task, numbers(task.check, edition), graded)
    stamp = {"chapter": chapter, "edition": edition}
    metadata = copy.deepcopy(read(chapter)["metadata"]) | {STAMP: stamp}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cells_of(task, arguments, graded):
    words, answer, check = task.words, task.answer, f"exercises.{task.check}({task.argument})"
    given = [json.dumps(task.check), task.argument, *map(repr, arguments or ())]
    if arguments is not None:
        changes = VARIANTS[task.check].words(*arguments)
        (words, found), (answer, more) = reworded(words, changes), reworded(answer, changes)
        if missing := changes.keys() - found - more:
            raise ValueError(f"the exercise of {task.check} no longer says {sorted(missing)}")
        check = UNCHECKED
    if graded:
        check += "\n" + HIDDEN.format(", ".join(given))
    return [
        _cell("markdown", f"{task.id}-words", words),
        *(
            _cell("code", f"{task.id}-given-{i}", given, kind="tools")
            for i, given in enumerate(task.given)
        ),
        _cell("code", task.id, answer, kind="answer", name=task.check),
        *(
            _cell("code", f"{task.id}-helper-{i}", helper, kind="tools")
            for i, helper in enumerate(task.helpers)
        ),
        _cell("code", f"{task.id}-check", check, kind="check", name=task.check),
    ]


def _cell(kind_of_cell, id, source, kind=None, name=""):
    metadata = {}
    if kind:
        metadata["nbgrader"] = {
            "grade": kind == "check",
            "grade_id": {"check": name, "answer": f"{name}-answer"}.get(kind, id),
            "locked": kind != "answer",
            "schema_version": 3,
            "solution": kind == "answer",
            "task": False,
        } | ({"points": 1} if kind == "check" else {})
        if kind != "answer":
            metadata |= {"deletable": False, "editable": False}
    cell = {"cell_type": kind_of_cell, "id": id, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind_of_cell == "code" else {})


def without_solutions(chapter):
    """Return a notebook of the course as students get it: no solutions, no outputs."""
    notebook = copy.deepcopy(read(chapter))
    if place := section(notebook["cells"], "Solutions"):
        del notebook["cells"][slice(*place)]
    for cell in notebook["cells"]:
        cell["source"] = source_of(cell).replace(" The solutions are at the end.", "")
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def as_text(notebook):
    """Return a notebook as the text that is stored: that of a run notebook, cleared, is the same.

    Keys are sorted, as JupyterLab's server writes them.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        cell["source"] = source_of(cell).splitlines(keepends=True)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_all(folder, edition):
    """Write the handout and the graded sheets into a folder; refuse one of another edition."""
    was = edition_in(folder)
    graded = any((folder / name).exists() for name in ("submitted", "gradebook.db"))
    if was not in (None, edition) and (graded or any(notebooks(folder / "handed_in"))):
        raise SystemExit(
            f"{folder} holds the sheets of edition {was} and what was handed in for them: name "
            f"another folder, as in make sheets CLASS={folder}-{edition.replace(' ', '-')}."
        )
    files = {
        "handout/README.md": README.format(title=course_title(), edition=edition),
        "handout/.gitattributes": ATTRIBUTES,
        "nbgrader_config.py": (Path(__file__).parent / "nbgrader_config.py").read_text("utf-8"),
    }
    for text in TEXTS:
        files[f"handout/{text}.md"] = (ROOT / f"{text}.md").read_text("utf-8")
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        if path.stem != "answer_key":
            files[f"handout/chapters/{path.name}"] = as_text(without_solutions(path.stem))
    for chapter in chapters():
        files[f"handout/sheets/{chapter}_sheet.ipynb"] = as_text(sheet(chapter, edition))
        graded = as_text(sheet(chapter, edition, graded=True))
        files[f"source/{chapter}/{chapter}_sheet.ipynb"] = graded
    contents = {folder / name: text.encode() for name, text in files.items()}
    write(contents, "make sheets", folders=[folder / "handed_in"])
    return chapters()


def edition_in(folder):
    """Return the edition of the sheets that a folder holds, None if it holds none."""
    for path in folder.glob("source/*/*.ipynb"):
        try:
            return load(path)["metadata"][STAMP]["edition"]
        except (ValueError, KeyError, TypeError):
            continue  # damaged, or someone else's folder `source`
    return None


def course_title():
    return re.search(r"^title: *(.+)$", (ROOT / "_config.yml").read_text("utf-8"), re.M)[1].strip()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edition", default=f"{datetime.date.today():%Y}")
    given = parser.parse_args(arguments)
    written = write_all(given.folder, given.edition)
    print(
        f"{len(written)} sheets of edition {given.edition}: {given.folder}/handout is for "
        f"students, {given.folder}/source for grading. Put what they hand in into "
        f"{given.folder}/handed_in, a folder for each student, and run make grade."
    )


if __name__ == "__main__":
    sys.exit(main())
