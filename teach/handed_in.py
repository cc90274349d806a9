"""Read what a class hands in; where it cannot be used, a sentence names the file and the remedy.

Only Python's own library is needed here: nbgrader's environment has nothing of the course.
"""

import ast
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

STAMP = "course_sheet"


@dataclass(frozen=True)
class Sheet:
    """A student's sheet that can be graded."""

    student: str
    chapter: str
    path: Path
    notebook: dict


def source_of(cell):
    return "".join(cell.get("source", ""))


def load(path):
    """Return a notebook as a dictionary; raise ValueError with a sentence if it is not one."""
    try:
        # Some editors begin a file with a byte order mark, which JSON does not allow.
        notebook = json.loads(path.read_text("utf-8-sig"))
        is_one = _is_notebook(notebook)
    except (OSError, ValueError, RecursionError):
        is_one = False
    if not is_one:
        raise ValueError(
            "cannot be read as a notebook, as if it was cut off: ask for the file again."
        )
    return notebook


def _is_notebook(found):
    """Return whether what JSON holds has a notebook's shape, as far as it is read here."""
    return (
        isinstance(found, dict)
        and isinstance(found.get("cells"), list)
        and isinstance(found.get("metadata", {}), dict)
        and all(map(_is_cell, found["cells"]))
    )


def _is_cell(cell):
    if not (isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)):
        return False
    metadata, outputs = cell.get("metadata", {}), cell.get("outputs", [])
    return (
        isinstance(metadata, dict)
        and isinstance(metadata.get("nbgrader", {}), dict)
        and isinstance(cell.get("execution_count"), int | None)
        and _is_text(cell.get("source", ""))
        and isinstance(outputs, list)
        and all(isinstance(each, dict) and _is_text(each.get("text", "")) for each in outputs)
    )


def _is_text(found):
    """Return whether this is text as notebooks store it: a string, or a list of lines."""
    lines = found if isinstance(found, list) else [found]
    return all(isinstance(line, str) for line in lines)


def grade_id(cell):
    """Return (name, kind) of a cell that nbgrader knows, kind "check" or "answer", else None."""
    ours = cell.get("metadata", {}).get("nbgrader", {})
    name = ours.get("grade_id") or ""
    if ours.get("grade"):
        return name, "check"
    return (name.removesuffix("-answer"), "answer") if ours.get("solution") else None


def part(notebook, kind):
    """Return {name of the check: source} of a sheet's cells of a kind, see `grade_id`."""
    known = [(grade_id(cell), cell) for cell in notebook["cells"]]
    return {found[0]: source_of(cell) for found, cell in known if found and found[1] == kind}


def names_in(source):
    """Return the names that a cell gives a value to; none if it is not Python."""
    try:
        nodes = [*ast.walk(ast.parse(source))]
    except SyntaxError:
        return set()
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    imported = {(a.asname or a.name) for n in nodes for a in getattr(n, "names", ()) if _alias(a)}
    return stored | imported | {n.name for n in nodes if hasattr(n, "name") and not _alias(n)}


def _alias(node):
    return isinstance(node, ast.alias)


def calls_a_check(notebook):
    return any(re.search(r"\bexercises\.check_\w+\(", source_of(c)) for c in notebook["cells"])


def unusable(notebook, sources):
    """Return why a notebook is not one of these sheets, {chapter: notebook}; None if it is."""
    stamp = notebook.get("metadata", {}).get(STAMP)
    if not isinstance(stamp, dict):
        if calls_a_check(notebook):
            return (
                "is a chapter, or a sheet that lost its stamp: ask for the answers on the sheet "
                "that was handed out. make report reads it as it is."
            )
        return "is no sheet of this course: ask for the right file."
    chapter, edition = stamp.get("chapter"), stamp.get("edition")
    if chapter not in [*sources]:
        return f"is a sheet of {chapter}, of which there is none here: run make sheets first."
    ours = sources[chapter]["metadata"][STAMP]["edition"]
    if edition != ours:
        return (
            f"is a sheet of edition {edition}, and this is {ours}: ask for the answers on this "
            "edition's sheet, whose numbers differ."
        )
    return None


def remarks(notebook, source):
    """Yield what may have gone wrong in a sheet that can be graded all the same."""
    stubs, answers = part(source, "answer"), part(notebook, "answer")
    if answers == stubs:
        yield (
            "is as it was handed out: it gets 0 points. Ask whether it was saved before it was "
            "handed in."
        )
        return
    defined = set().union(*(names_in(source_of(c)) for c in notebook["cells"] if _is_code(c)))
    for check, stub in stubs.items():
        name = asked_for(stub)
        try:
            ast.parse(answers.get(check, ""))
        except SyntaxError:
            continue  # the cell's own error says more
        if name not in defined:
            yield (
                f"defines no {name}, so {check} gets 0 points: if it was only renamed, give it "
                "its name in the file and grade again."
            )
    if more := part(notebook, "check").keys() - part(source, "check").keys():
        yield (
            f"has {', '.join(sorted(more))}, which this sheet does not: if the exercise was "
            "renamed, put the answer into the new sheet."
        )


def asked_for(stub):
    """Return the name that a stub gives a value to.

    >>> asked_for("def f(z):\\n    t = 1\\n    return t"), asked_for("line = None")
    ('f', 'line')
    """
    node = ast.parse(stub).body[0]
    return getattr(node, "name", None) or node.targets[0].id


def _is_code(cell):
    return cell.get("cell_type") == "code"


def answers_of(notebook):
    return [source_of(cell) for cell in notebook["cells"] if _is_code(cell)]


def notebooks(folder):
    """Yield the notebooks in a folder, without the copies that Jupyter and macOS make."""
    for path in sorted(folder.rglob("*.ipynb")):
        parts = path.relative_to(folder).parts
        if not ({".ipynb_checkpoints", "__MACOSX"} & {*parts} or path.name.startswith("._")):
            yield path


def collect(folder, sources):
    """Return the sheets in a folder that has a folder for each student, and the sentences.

    A sentence begins with the file that it is about.
    """
    sheets, said, students = defaultdict(list), [], {}
    for path in notebooks(folder):
        file = path.relative_to(folder)
        if len(file.parts) == 1:
            said.append(f"{file} lies outside of any student's folder: put it into one.")
            continue
        student = re.sub(r"[^\w.-]+", "-", file.parts[0])
        if students.setdefault(student, file.parts[0]) != file.parts[0]:
            said.append(
                f"{file}: the folder's name is too like {students[student]}: rename one of the two."
            )
            continue
        try:
            notebook = load(path)
            if why := unusable(notebook, sources):
                raise ValueError(why)
        except ValueError as problem:
            said.append(f"{file} {problem}")
            continue
        chapter = notebook["metadata"][STAMP]["chapter"]
        sheets[student, chapter].append(Sheet(student, chapter, path, notebook))
    accepted = []
    for (_, chapter), found in sheets.items():
        files = [str(sheet.path.relative_to(folder)) for sheet in found]
        if len({tuple(answers_of(sheet.notebook)) for sheet in found}) > 1:
            said.append(
                f"{' and '.join(files)} are answers to the same sheet and differ: move those that "
                "do not count out of the folder. None of them is graded."
            )
            continue
        accepted.append(found[0])
        said += [f"{files[0]} {remark}" for remark in remarks(found[0].notebook, sources[chapter])]
    return accepted, said
