"""The page that compares libraries shows what the stored file has, and enough of it."""

import ast
import json
import re

import numpy as np
from course import ROOT
from notebooks import CHAPTERS, text_of

from actlib.activations import ACTIVATIONS
from actlib.reference import Compared

STORED = json.loads(sorted((ROOT / "benchmarks").glob("libraries_*.json"))[-1].read_text("utf-8"))
(PAGE,) = (chapter for chapter in CHAPTERS if str(chapter) == "libraries")
SHOWN = "\n".join(text_of(cell.outputs) for cell in PAGE.code)


def told():
    (cell,) = (cell for cell in PAGE.code if cell.source == "told")
    return re.findall(r"^- (\S+) (\S+): (.+)\.$", cell.outputs[0].data["text/markdown"], re.M)


def test_every_function_that_several_libraries_have_has_its_section_and_table():
    (figure,) = (cell for cell in PAGE.code if "TwoLibraries" in cell.source)
    stored = figure.outputs[0].data["text/html"]
    tables = {
        cell.source: above.source for above, cell in zip(PAGE.cells, PAGE.cells[1:], strict=False)
    }
    for title in Compared(ROOT / "benchmarks").chosen():
        (name,) = (name for name, entry in ACTIVATIONS.items() if entry.title == title)
        assert tables[f'compared.versions_of("{name}")'].startswith(f"### {title}")
        assert f'"{title}":{{' in stored


def test_a_cause_names_the_file_and_line_that_the_scan_read():
    causes = [text.partition(" Cause: ")[2] for *_, text in told() if " Cause: " in text]
    places = {f"`{each['file']}`, line {each['line']}" for each in STORED["sources"]}
    assert len(causes) >= 60
    assert all(re.search(r"\((`[^`]+`, line \d+)\)$", cause)[1] in places for cause in causes)


def test_page_tells_at_least_sixty_surprises_each_with_library_version_and_call():
    assert len(set(told())) >= 60
    for library, version, text in told():
        assert version == STORED["libraries"][library]["version"], (library, version)
        assert re.search(r"`[^`]+`.*(\d|NaN|∞|is \w+)", text), text


def test_page_names_each_library_and_each_that_was_not_measured():
    for library, record in STORED["libraries"].items():
        assert f"| {library} | {record['version']} |" in SHOWN, library
    for library, reason in STORED["not_measured"].items():
        assert f"| {library} | {reason} |" in SHOWN, library


def test_page_is_of_the_newest_file():
    assert f"date: {STORED['meta']['date']}" in SHOWN


def test_numbers_of_the_exercise_on_a_port_are_the_files():
    (chapter,) = (chapter for chapter in CHAPTERS if str(chapter) == "pytorch")
    (cell,) = (cell for cell in chapter.code if cell.id == "port-numbers")
    lists = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.List)]
    probed, exported = (eval(ast.unparse(each), {"np": np}) for each in lists)
    record = STORED["libraries"]["torch-onnx"]
    assert f"onnxruntime {record['version']}" in cell.source
    (call,) = (call for call in record["calls"] if call["call"] == "F.logsigmoid")
    assert np.array_equal(probed, [*STORED["meta"]["shown"], -np.inf, np.inf, np.nan], True)
    told = [*call["shown"], *call["edges"].values()]
    assert np.array_equal(exported, np.array(told, float), equal_nan=True)
