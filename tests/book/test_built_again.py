"""A second build writes only the pages that changed; what the others had is kept and right."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser import build_book
from course import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import living_figures
import pages_again

TITLES = {"stays": "Rivers", "changes": "Mountains", "new_name": "Lakes"}


def page(title, code):
    new = nbformat.v4
    cells = [new.new_markdown_cell(f"# {title}\n\n## Under {title}"), new.new_code_cell(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, cell in enumerate(cells):
        cell.id = f"cell{number}"
    return new.new_notebook(cells=cells, metadata={"kernelspec": kernel})


BEFORE = {
    "stays": page("Rivers", "print(1)"),
    "changes": page("Hills", "print(2)"),
    "goes": page("Deserts", "print(3)"),
    "old_name": page("Lakes", "print(4)"),
}
AFTER = {
    "stays": BEFORE["stays"],
    "changes": page("Mountains", "print(20)"),
    "new_name": BEFORE["old_name"],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The HTML of the book of AFTER, built on top of that of BEFORE."""
    folder = tmp_path_factory.mktemp("again")
    for name in ("live", "actlib", "benchmarks"):
        unused = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, folder / name, ignore=unused)
    html = build_book(folder, BEFORE)
    written = (html / "stays.html").stat().st_mtime_ns
    for name in BEFORE.keys() - AFTER.keys():
        (folder / f"{name}.ipynb").unlink()
    for name in AFTER.keys() - {"stays"}:
        nbformat.write(AFTER[name], folder / f"{name}.ipynb")
    toc = (folder / "_toc.yml").read_text("utf-8")
    toc = toc.replace("  - file: goes\n", "").replace("old_name", "new_name")
    (folder / "_toc.yml").write_text(toc, "utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # Else nothing here tests what is kept of a page that is not written.
    assert (html / "stays.html").stat().st_mtime_ns == written
    return html


@pytest.mark.slow
def test_pages_that_are_gone_are_removed(built):
    names = {path.stem for path in built.glob("*.html")}
    assert names & {*BEFORE, *AFTER} == {*AFTER}


def test_a_page_that_is_not_written_asks_for_scripts_as_they_are_now(tmp_path):
    script = tmp_path / "_static" / "course.js"
    script.parent.mkdir()
    script.write_bytes(b"one();\r\n")
    html = '<script src="../_static/course.js?v=00000000"></script><a href="b.html?v=12345678">'
    folder = tmp_path / "chapters"
    once = pages_again.renew(html, folder, {})
    assert (
        once.endswith('"b.html?v=12345678">') and "course.js?v=" in once and "00000000" not in once
    )
    assert pages_again.renew(once, folder, {}) == once
    script.write_bytes(b"one();\n")
    assert pages_again.renew(once, folder, {}) == once
    script.write_bytes(b"two();\n")
    assert pages_again.renew(once, folder, {}) != once


@pytest.mark.slow
def test_each_page_has_its_data_and_no_page_that_is_gone(built):
    folder = built / "_static" / "live"
    if not folder.exists():
        pytest.skip("Pyodide's files are not in the cache: python -m live.runtime fetches them")
    files = {}
    for name in AFTER:
        text = (built / f"{name}.html").read_text("utf-8")
        (files[name],) = re.findall(r'data-page="([^"]+)"', text)
        (cell,) = json.loads((folder / files[name]).read_text("utf-8"))["cells"]
        assert cell["source"] == AFTER[name].cells[1].source
    there = {path.name for path in folder.glob("*.json")}
    assert {name for name in there if not name.startswith("manifest-")} == {*files.values()}


@pytest.mark.slow
def test_the_search_knows_each_page_as_it_is_now_and_none_that_is_gone(built):
    kept = json.loads((built.parent / ".doctrees" / "search_entries.json").read_text("utf-8"))
    assert {name: [entry[1] for entry in kept[name]] for name in kept} == {
        "index": ["A small book"],
        **{name: [title, f"Under {title}"] for name, title in TITLES.items()},
    }
    # What has no text of its own is not indexed.
    assert len([*(built / "pagefind" / "fragment").iterdir()]) == len(TITLES)


def test_what_all_figures_share_is_written_again_after_any_file_of_actlib_changed(tmp_path):
    package, written = tmp_path / "actlib", tmp_path / "figures.css"
    sources = [package / "widgets" / "figure.js", package / "__init__.py"]
    for second, path in enumerate([*sources, written], 1):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
        os.utime(path, (second, second))
    assert living_figures.is_newer(written, package)
    for path in sources:
        os.utime(path, (9, 9))
        assert not living_figures.is_newer(written, package)
        os.utime(path, (1, 1))
    written.unlink()
    assert not living_figures.is_newer(written, package)
