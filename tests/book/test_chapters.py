"""The house rules of the chapters. CONTRIBUTING.md says how to make a chapter."""

import ast
import re
from statistics import median

import pytest
from course import ROOT
from notebooks import CHAPTERS, LESSONS, listed, text_of

every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
every_lesson = pytest.mark.parametrize("chapter", LESSONS, ids=str)

# The sections of a lesson, in order; the ideas come between the first two.
SECTIONS = [
    "What you will be able to do",
    "Explore",
    "Common mistakes",
    "Exercises",
    "Test yourself",
    "What to keep",
    "Going deeper",
    "Further reading",
    "Solutions",
]
BIBLIOGRAPHY = (ROOT / "references.bib").read_text(encoding="utf-8")


TO_MEND = {"pytorch 3", "pytorch 4"}


def lines(source):
    return [line for line in source.splitlines() if line.strip()]


def label(cell):
    return cell.source.splitlines()[0]


def is_figure(cell):
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def exercise_cells(chapter, section, kind):
    """Return {number: code cells} under the headings `### kind n` of a section."""
    found, number = {}, None
    for cell in chapter.section(section):
        if cell.cell_type == "markdown":
            for m in re.finditer(rf"^### {kind} (\d+)", cell.source, re.M):
                number = int(m[1])
                found[number] = []
        elif number is not None:
            found[number].append(cell)
    return found


def test_every_notebook_is_a_page_but_the_one_whose_figures_other_pages_show():
    notebooks = [name for name in listed() if name.startswith("chapters/")]
    folder = [f"chapters/{chapter}" for chapter in CHAPTERS]
    assert sorted([*notebooks, "chapters/figures"]) == folder


@every_chapter
def test_the_import_cell_imports_actlib_and_sets_the_style_in_the_open(chapter):
    first = chapter.code[0].source
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(first))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [node.names[0].name])
    }
    assert "actlib" in imported
    assert "plotting.use_course_style()" in first
    assert len(lines(first)) <= 8


@every_lesson
def test_sections_are_in_the_order_of_every_lesson(chapter):
    assert len(chapter.headings(1)) == 1
    headings = chapter.headings(2)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    ideas = headings[1 : headings.index("Explore")]
    assert headings[0] == SECTIONS[0] and 2 <= len(ideas) <= 5
    assert not set(headings[headings.index("Explore") :]) - set(SECTIONS)


@every_lesson
def test_goals_start_with_a_verb_and_come_back_at_the_end(chapter):
    goals, kept = (
        re.findall(r"^[-*] (.+)$", "\n".join(c.source for c in chapter.section(title)), re.M)
        for title in ("What you will be able to do", "What to keep")
    )
    assert 3 <= len(goals) <= 5 and len(goals) == len(kept)
    assert not [goal for goal in goals if goal.lower().startswith(("understand", "know", "learn"))]
    opening = chapter.section("What you will be able to do")[0].source
    assert re.search(r"\*You need:\*", opening) and re.search(r"\d+ minutes", opening)


@every_chapter
def test_cells_are_short(chapter):
    sizes = [len(lines(cell.source)) for cell in chapter.code]
    assert max(sizes) <= 15, [label(c) for c in chapter.code if len(lines(c.source)) > 15]
    assert median(sizes) <= 5


@every_chapter
def test_nothing_hidden_runs(chapter):
    for cell in chapter.code:
        assert not re.search(r"^\s*[!%]|sys\.path|pip install", cell.source, re.M), label(cell)
        assert not cell.source.rstrip().endswith(";"), label(cell)
        folded = {"hide-cell", "hide-input", "remove-cell"} & {*cell.metadata.get("tags", [])}
        assert not folded or cell in chapter.section("Solutions"), label(cell)


@every_chapter
def test_every_cell_was_run_in_order(chapter):
    counts = [cell.execution_count for cell in chapter.code if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))
    assert all(cell.source.strip() for cell in chapter.cells)


@every_chapter
def test_no_output_is_left_unchecked(chapter):
    for cell in chapter.code:
        tags = set(cell.metadata.get("tags", []))
        assert not tags & {"nbval-skip", "nbval-ignore-output"}, label(cell)
        assert "NBVAL" not in cell.source, label(cell)


@every_chapter
def test_outputs_have_no_address_path_warning_or_surprise(chapter):
    for cell in chapter.code:
        said = text_of(cell.outputs)
        assert not re.search(r"0x[0-9a-f]{6,}|site-packages|/home/|/tmp/", said), label(cell)
        numbers = re.sub(r"```.*?```", "", said, flags=re.S)  # the atlas shows source code
        assert not re.search(r"\bnp\.\w+\d+\(", numbers), f"{label(cell)}: print a plain number"
        for output in cell.outputs:
            assert output.get("name") != "stderr", label(cell)
            raises = "raises-exception" in cell.metadata.get("tags", [])
            assert raises or output.output_type != "error", label(cell)


@every_chapter
def test_a_figure_has_both_formats_or_a_reason_alt_text_a_caption_and_a_name(chapter):
    for cell in chapter.code:
        about = cell.metadata.get("mystnb", {})
        assert is_figure(cell) == bool(about), (
            f"{label(cell)}: figure without text, or text without figure"
        )
        if about:
            assert len(about["image"]["alt"]) >= 40, label(cell)
            assert len(about["figure"]["caption"]) >= 20, label(cell)
            assert re.fullmatch(r"fig-[a-z0-9-]+", about["figure"]["name"]), label(cell)


def test_figure_names_are_unique_in_the_book():
    names = [
        cell.metadata["mystnb"]["figure"]["name"]
        for chapter in CHAPTERS
        for cell in chapter.code
        if "mystnb" in cell.metadata
    ]
    assert len(names) == len(set(names))


@every_lesson
def test_every_exercise_has_a_stub_to_fill_in_and_a_solution_that_passes(chapter):
    stubs = exercise_cells(chapter, "Exercises", "Exercise")
    solutions = exercise_cells(chapter, "Solutions", "Solution")
    assert list(stubs) == list(solutions) == list(range(1, len(stubs) + 1))
    assert len(stubs) >= 3
    for number, stub in stubs.items():
        checks = [
            set(re.findall(r"check_\w+", "\n".join(cell.source for cell in cells)))
            for cells in (stub, solutions[number])
        ]
        assert checks[0] == checks[1] != set(), f"exercise {number}"
        # Some stubs are programs to mend, and the check says what is wrong with them.
        mark = "✗" if f"{chapter} {number}" in TO_MEND else "○ Not tried yet"
        assert text_of(stub[-1].outputs).startswith(mark), f"exercise {number}"
        said = text_of(solutions[number][-1].outputs)
        assert "✓" in said and "✗" not in said, f"solution {number}"
        for cell in (stub[-1], solutions[number][-1]):
            assert {output.output_type for output in cell.outputs} == {"stream"}, "a stray value"


@every_lesson
def test_explore_has_something_to_move_and_controls_for_the_readers_own_function(chapter):
    shown = [text_of(cell.outputs) for cell in chapter.section("Explore") if "outputs" in cell]
    assert any("Controls: " in said for said in shown)
    assert str(chapter) == "pytorch" or any("least" in said for said in shown)


@every_lesson
def test_test_yourself_is_the_chapters_quiz(chapter):
    (cell,) = (cell for cell in chapter.section("Test yourself") if cell.cell_type == "code")
    assert cell.source == f'widgets.Quiz("{chapter}")'


@every_lesson
def test_solutions_are_folded_on_the_page_and_in_jupyterlab(chapter):
    for cell in chapter.section("Solutions"):
        if cell.cell_type == "code":
            assert "hide-cell" in cell.metadata.get("tags", []), label(cell)
            assert cell.metadata.get("jupyter", {}).get("source_hidden"), label(cell)


@every_chapter
def test_citations_resolve_and_are_only_under_further_reading(chapter):
    reading = "\n".join(cell.source for cell in chapter.section("Further reading"))
    cited = re.findall(r"\{cite\}`([^`]+)`", chapter.prose)
    assert cited == re.findall(r"\{cite\}`([^`]+)`", reading)
    for key in ",".join(cited).split(",") if cited else []:
        assert re.search(rf"@\w+{{{key.strip()},", BIBLIOGRAPHY), key


@every_chapter
def test_text_is_plain_markdown_with_links_that_lead_somewhere(chapter):
    prose = chapter.prose.replace("{cite}", "")
    assert not re.search(r"^:::|^```\{|\{[a-z-]+\}`", prose, re.M), "MyST syntax"
    assert not re.search(r"^<[a-z]|</[a-z]+>", prose, re.M), "raw HTML"
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
        if not target.startswith("http"):
            assert (chapter.path.parent / target).exists(), target


@every_chapter
def test_files_stay_small(chapter):
    assert chapter.path.stat().st_size < 500_000
