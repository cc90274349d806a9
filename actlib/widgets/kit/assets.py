"""Join the scripts and styles of the figures into what JupyterLab and the pages load.

A figure's folder has an ES module, `figure.js`. It imports what it draws with from `drawing.js`
here and what it computes with, if anything, from modules of its own folder, and exports
`{ render }`. JupyterLab's anywidget takes one module as a string, and a page opened from disk
may not load modules at all, so both forms are made here by changing the `import` and `export`
lines and nothing else.

`import NAME from "./file.js?worker"` gives what a worker can be made of: `text`, a script that
calls the file's `serve()`, and on a page `address`, where the figure's own script does the same.
"""

import hashlib
import json
import re
from pathlib import Path

import matplotlib
from matplotlib.colors import to_hex, to_rgb

KIT = Path(__file__).parent
FIGURES = KIT.parent
IMPORT = re.compile(r'^import \{([^}]*)\} from "\.\./kit/drawing\.js";\n', re.M)
OWN = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.M)
WORKER = re.compile(r'^import (\w+) from "\./(\w+)\.js\?worker";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:function|const|class) (\w+))", re.M)
DEFAULT = re.compile(r"^export default (\{[^}]*\});\n", re.M)


def figure_names():
    """Return the names of all figures: the folders that contain a `figure.js`."""
    return sorted(path.parent.name for path in FIGURES.glob("*/figure.js"))


def lab_module(name):
    """Return the module of a figure as one ES module that imports nothing.

    >>> source = lab_module("activation_explorer")
    >>> "import {" in source, source.count("export")
    (False, 1)
    """
    # The kernel's model looks for its places by itself; Colab shows it in a widget view.
    both = (
        "const figure = \\1;\n"
        "const initialize = ({ model }) => liveInPlace(model, figure.render);\n"
        "export default { ...figure, initialize };\n"
    )
    drawing = _read(KIT / "drawing.js") + _read(KIT / "lab.js")
    return EXPORT.sub("", drawing) + DEFAULT.sub(both, IMPORT.sub("", _figure(name, "''")))


def stage_module(path):
    """Return the module of what has no drawing of its own, from a script that has a `render`."""
    initialize = "({ model }) => liveInPlace(model, render)"
    return f"{_read(KIT / 'lab.js')}{_read(path)}export default {{ initialize: {initialize} }};\n"


def page_scripts(data=()):
    """Return {file name: source} of the scripts for pages: the loader, and one per figure.

    data : {name: JSON value} of what a figure fetches when a reader wants it; a script for each.

    They are plain scripts. A page loads `figures.js` with `defer`; this fetches the others from
    its own folder, with a version in the address that changes with the script.

    >>> list(page_scripts())[:2]
    ['figures.js', 'activation_explorer.js']
    """
    own = {}
    for name in figure_names():
        source = _figure(name, "document.currentScript?.src", worker=True)
        source = IMPORT.sub(r"const {\1} = livingFigures.drawing;\n", source)
        define = rf'livingFigures.define("{name}", \1);\n'
        own[f"{name}.js"] = _alone(DEFAULT.sub(define, source))
    for name, value in dict(data).items():
        own[f"{name}.js"] = f'livingFigures.bring("{name}", {json.dumps(value)});\n'
    scripts = {
        file.removesuffix(".js"): f"{file}?v={hashlib.sha256(source.encode()).hexdigest()[:8]}"
        for file, source in own.items()
    }
    return {"figures.js": _loader(scripts), **own}


def one_script(names):
    """Return the loader and the scripts of some figures as one, for a page that is a single file.

    >>> one_script(["quiz"]).count("livingFigures.define(")
    1
    """
    scripts = page_scripts()
    return "\n".join([_loader({}), *(scripts[f"{name}.js"] for name in sorted(names))])


def stylesheet(name=None):
    """Return the styles of one figure, or of all: the course's colours, shared and own rules.

    >>> "--color-0: #0062a3" in stylesheet()
    True
    """
    own = [FIGURES / each / "figure.css" for each in ([name] if name else figure_names())]
    return "\n".join(
        [_tokens(), *(_read(path) for path in [KIT / "figure.css", *own] if path.exists())]
    )


def _read(path):
    return path.read_text("utf-8")


def _figure(name, address, *, worker=False):
    """Return a figure's module with what it imports from its own folder.

    address : an expression for where the script is; worker : whether it may be run as a worker.
    """
    folder = FIGURES / name
    source = _read(folder / "figure.js")
    if len(DEFAULT.findall(source)) != 1 or len(IMPORT.findall(source)) != 1:
        raise ValueError(
            f"{name}/figure.js needs one import {{ … }} from '../kit/drawing.js' "
            f"and one export default {{ … }}"
        )
    modules = "".join(_modules(folder, source).values())
    for _, stem in WORKER.findall(source):
        needed = _modules(folder, f'import {{}} from "./{stem}.js";\n')
        text = " ".join(f"const {each}_js = ${{{each}_js}};" for each in needed)
        made = f'{{ text: `"use strict"; {text} {stem}_js().serve();`, address: {address} }}'
        source = WORKER.sub(lambda found, made=made: f"const {found[1]} = {made};\n", source)
        modules += f"if (!globalThis.document) return {stem}_js().serve();\n" if worker else ""
    return modules + OWN.sub(r"const \1 = \2_js();\n", source)


def _modules(folder, source):
    """Return {stem: script} of the modules that a source imports, each after its own imports."""
    found = {}
    for stem in [names[1] for names in OWN.findall(source) + WORKER.findall(source)]:
        body = _read(folder / f"{stem}.js")
        found |= _modules(folder, body)
        # A function, in whose scope its names clash with no others, and of whose text a worker
        # can be made.
        linked = OWN.sub(r"const \1 = \2_js();\n", EXPORT.sub("", body))
        names = ", ".join(EXPORT.findall(body))
        found[stem] = f"const {stem}_js = () => {{\n{linked}return {{ {names} }};\n}};\n"
    return found


def _loader(scripts):
    """Return the loader of pages; `scripts` has the addresses of what it fetches."""
    drawing = _read(KIT / "drawing.js")
    return _alone(
        f"{EXPORT.sub('', drawing)}\n"
        f"const drawing = {{ {', '.join(EXPORT.findall(drawing))} }};\n"
        f"const scripts = {json.dumps(scripts)};\n"
        f"{_read(KIT / 'page.js')}"
    )


def _alone(source):
    # A scope of its own: the pages' other scripts see none of these names. Comments are dropped,
    # which is safe because no string in the modules spans several lines.
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'(() => {{\n"use strict";\n{kept}\n}})();\n'


def _tokens():
    """Return the course style's colours and dashes as custom properties, light and dark."""
    style = matplotlib.rc_params_from_file(
        FIGURES.parent / "course.mplstyle", use_default_template=False
    )
    cycle = [(line["color"], line["linestyle"][1]) for line in style["axes.prop_cycle"]]
    width = style["lines.linewidth"]
    paper, ink = style["axes.facecolor"], style["text.color"]
    night = _mix(ink, "black", 0.6)
    light = {"paper": paper, "ink": ink, "axis": style["axes.edgecolor"]}
    dark = {"ink": _mix(paper, night, 0.9), "axis": _mix(paper, night, 0.5)}
    # In the dark theme the background is the page's, or JupyterLab's.
    dark["paper"] = f"var(--pst-color-background, var(--jp-layout-color0, {night}))"
    light["grid"], dark["grid"] = style["grid.color"], _mix(paper, night, 0.14)
    for i, (color, dashes) in enumerate(cycle):
        light[f"color-{i}"] = to_hex(f"#{color.strip('#')}")
        dark[f"color-{i}"] = _mix(light[f"color-{i}"], "white", 0.5)
        light[f"dash-{i}"] = " ".join(f"{dash * width:.1f}" for dash in dashes) or "none"
    where = ".living-live"
    night_of = ('html[data-theme="dark"]', '[data-jp-theme-light="false"]')
    return _rule(where, light, "light") + _rule(
        ", ".join(f"{theme} {where}" for theme in night_of), dark, "dark"
    )


def _mix(color, other, share):
    a, b = to_rgb(color), to_rgb(other)
    return to_hex([share * x + (1 - share) * y for x, y in zip(a, b, strict=True)])


def _rule(selector, tokens, scheme):
    lines = "".join(f"  --{name}: {value};\n" for name, value in tokens.items())
    return f"{selector} {{\n  color-scheme: {scheme};\n{lines}}}\n"
