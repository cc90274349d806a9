"""Reading the chapters for the tests: cells, headings, outputs, prose."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import yaml
from course import ROOT

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def listed(part=None):
    """Return the files that _toc.yml lists, in order: of one part, named by its caption, or all."""
    parts = [each for each in TOC["parts"] if part in (None, each["caption"])]
    return [entry["file"] for each in parts for entry in each["chapters"]]


PATHS = sorted((ROOT / "chapters").glob("*.ipynb"))


@dataclass(frozen=True)
class Chapter:
    """A notebook, and the views of it that the rules are about."""

    path: Path

    def __str__(self):
        return self.path.stem

    @cached_property
    def cells(self):
        return nbformat.read(self.path, as_version=4).cells

    @property
    def code(self):
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def prose(self):
        return "\n\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")

    def headings(self, level):
        return re.findall(rf"^#{{{level}}} (.+)$", self.prose, re.M)

    def section(self, title):
        """Return the cells that follow the heading `## title`, up to the next of its level."""
        inside, found = False, []
        for cell in self.cells:
            if cell.cell_type == "markdown" and (m := re.match(r"## (.+)", cell.source)):
                inside = m[1].strip() == title
            if inside:
                found.append(cell)
        return found


def text_of(outputs):
    """Return all the text in outputs: streams and text-like data."""
    parts = []
    for output in outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts += [v for k, v in output.data.items() if k.startswith("text/")]
    # A picture or a figure's state is full of digits that nobody reads.
    return re.sub(r"base64,[^\"]*|<script.*?</script>", "", "\n".join(parts), flags=re.S)


CHAPTERS = [Chapter(path) for path in PATHS]
LESSONS = [chapter for chapter in CHAPTERS if f"chapters/{chapter}" in listed("Chapters")]
