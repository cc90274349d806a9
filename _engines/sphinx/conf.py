"""The book's settings for Sphinx without Jupyter Book: _config.yml, its keys translated.

The pages and their order come from _toc.yml, which sphinx-external-toc reads as it is.
`make book ENGINE=sphinx` builds with it.
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]

# A key of _config.yml -> Sphinx's name for it; None: a key that only Jupyter Book understands,
# or that `sphinx: config:` states as well.
NAMES = {
    "title": "html_title",
    "author": "author",
    "copyright": "copyright",
    "exclude_patterns": "exclude_patterns",
    "only_build_toc_files": "external_toc_exclude_missing",
    "bibtex_bibfiles": "bibtex_bibfiles",
    "execute.execute_notebooks": "nb_execution_mode",
    "parse.myst_enable_extensions": "myst_enable_extensions",
    "html.favicon": "html_favicon",
    "html.home_page_in_navbar": None,
    "repository.url": None,
}
# What Jupyter Book sets without being asked.
DEFAULTS = {
    "html_theme": "sphinx_book_theme",
    "html_static_path": ["_static"],
    "html_sourcelink_suffix": "",
    "numfig": True,
    "pygments_style": "sphinx",
    "suppress_warnings": ["myst.domains"],
    "external_toc_path": "_toc.yml",
}


def settings(text):
    """Translate the text of a _config.yml into Sphinx's settings.

    >>> settings("execute: {execute_notebooks: 'off'}")["nb_execution_mode"]
    'off'
    >>> settings("latex: {latex_engine: xelatex}")
    Traceback (most recent call last):
    ValueError: _config.yml has latex.latex_engine: give it a Sphinx name in _engines/sphinx/conf.py
    """
    given = yaml.safe_load(text)
    sphinx = given.pop("sphinx", {})
    flat = {}
    for key, value in given.items():
        inner = value.items() if isinstance(value, dict) else None
        flat |= {key: value} if inner is None else {f"{key}.{k}": v for k, v in inner}
    for key in flat:
        if key not in NAMES:
            where = "give it a Sphinx name in _engines/sphinx/conf.py"
            raise ValueError(f"_config.yml has {key}: {where}")
    named = {NAMES[key]: value for key, value in flat.items() if NAMES[key]}
    named = DEFAULTS | named | sphinx.get("config", {})
    # It brings Jupyter Book's commands and two settings of its own, nothing that a page shows.
    named["extensions"] = [name for name in named.get("extensions", []) if name != "jupyter_book"]
    for setting in ("use_jupyterbook_latex",):
        named.pop(setting, None)
    return named


def from_root(value):
    """Return paths relative to the project's folder as absolute ones: they are read from here."""
    return [str(ROOT / path) for path in value] if isinstance(value, list) else str(ROOT / value)


globals().update(settings((ROOT / "_config.yml").read_text(encoding="utf-8")))
for name in ("html_static_path", "templates_path", "html_favicon", "bibtex_bibfiles"):
    globals()[name] = from_root(globals()[name])
STATIC = ROOT / "_static"
html_css_files = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.css"))
html_js_files = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
sys.path[:0] = [str(ROOT / "_ext"), str(ROOT)]
