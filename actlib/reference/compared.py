"""From the dated files of the libraries' scan and of the census to tables and sentences."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from actlib.activations import ACTIVATIONS, REDUCTIONS

from .measured import newest
from .tables import Table, in_code

# Kinds that are told in sentences. Tails that no training meets (`digits`), 16-bit steps and
# other dtypes are in the file.
TOLD = [
    "form", "default", "twins", "axis", "range", "order", "error", "overflow", "slope", "corner",
    "limit", "nan", "row", "again",
]  # fmt: skip
FAR = 1000.0  # beyond it, an error of a value or a slope is left out
SMALL = 1e-4  # errors below it too, relative to the larger of 1 and the value

GATED = ("gated", "plain", "unknown")  # as the census tells models apart
# The gated functions by the activation of their gate.
GATES = {
    "swiglu": ("gated", "silu"),
    "geglu": ("gated", ("gelu", "gelu_tanh")),
    "reglu": ("gated", "relu"),
}
PREFIX = {"keras": "keras.", "jax": "jax."}

# What is told of a call beside its curve.
HEADS = [
    "computes", "at −20", "at −1", "at 1", "at 20", "at −∞", "at ∞", "at NaN", "slope at corners",
    "largest error",
]  # fmt: skip


@dataclass(frozen=True)
class Sentences:
    """Sentences in groups, which a notebook shows as Markdown lists to unfold.

    >>> print(Sentences({"tanh": ["A sentence."]})._repr_markdown_())
    <details class="hide"><summary>tanh: 1</summary>
    <BLANKLINE>
    - A sentence.
    <BLANKLINE>
    </details>
    """

    groups: dict[str, list[str]]

    def __len__(self):
        return sum(map(len, self.groups.values()))

    def _repr_markdown_(self):
        return "\n\n".join(
            f'<details class="hide"><summary>{title}: {len(sentences)}</summary>\n\n'
            + "\n".join(f"- {sentence}" for sentence in sentences)
            + "\n\n</details>"
            for title, sentences in self.groups.items()
        )

    def __repr__(self):
        return f"<{len(self)} sentences on {', '.join(self.groups)}>"


class Compared:
    """The newest scan of other libraries and census of models in a folder, and views of them.

    `folder`: the folder of the files `libraries_<date>.json` and `census_<date>.json`. Errors
    are relative to the larger of 1 and the exact value, which is that of the form a call was
    found to have. Raises FileNotFoundError, naming the folder, if a file is missing in it.
    """

    def __init__(self, folder):
        measured = newest("libraries", folder)
        self.meta, self.libraries = measured["meta"], measured["libraries"]
        self.surprises, self.samples = measured["surprises"], measured["samples"]
        self._absent, self._curves = measured["not_measured"], measured["curves"]
        self._sources = measured["sources"]
        self.census = newest("census", folder)

    def versions(self):
        """Return a `Table` of the libraries, their versions and how many calls were measured."""
        rows = [
            (name, each["version"], len(each["calls"])) for name, each in self.libraries.items()
        ]
        return Table(("library", "version", "calls"), rows)

    def not_measured(self):
        """Return a `Table` of the libraries that were not measured, and why."""
        return Table(("not measured", "why"), list(self._absent.items()))

    def _calls(self, *names):
        """Return [(library, calls, facts)]; calls of a library with the same facts are one."""
        found = {}
        for library, each in self.libraries.items():
            for call in each["calls"]:
                if call["claims"] in names and "given" not in call and "failed" not in call:
                    facts = {key: value for key, value in call.items() if key != "call"}
                    found.setdefault((library, repr(facts)), (library, [], facts))[1].append(call)
        return [
            (library, in_code(*(call["call"] for call in calls)), facts)
            for library, calls, facts in found.values()
        ]

    def versions_of(self, *names):
        """Return a `Table` of what the calls of these names compute, a row for all that agree.

        Columns: what they compute, values at −20 and −1, to three and six digits, at −∞ and NaN,
        in float32 where a library has it; slopes at corners, where a library gives slopes. The
        column of corners is left out where there are none.
        """
        groups = {}
        for library, calls, facts in self._calls(*names):
            if "edges" in facts:
                groups.setdefault(self._behaviour(facts), []).append(f"{library} {calls}")
        # The usual first.
        groups = dict(sorted(groups.items(), key=lambda group: -len(group[1])))
        titles = ("library, call", "computes", "at −20", "at −1", "at −∞", "at NaN", "at corners")
        rows = [("; ".join(calls), *told) for told, calls in groups.items()]
        if not any(row[-1] for row in rows):
            titles, rows = titles[:-1], [row[:-1] for row in rows]
        return Table(titles, rows)

    def _behaviour(self, facts):
        """Return what a call computes, its values at −20, −1, −∞ and NaN, its slopes at corners."""
        shown = dict(zip(self.meta["shown"], facts["shown"], strict=True))
        return (
            _form(facts),
            _number(_digits(shown[-20.0], 3)),
            _number(shown[-1.0]),
            _number(facts["edges"]["-inf"]),
            _number(facts["edges"]["nan"]),
            _corners(facts),
        )

    def chosen(self):
        """Return {title: [(call, texts, curve)]} of every function that several libraries have.

        `texts` go with the headings `HEADS`; `curve` is a call's values where `curve` has them.
        Calls of a library that do the same are one.
        """
        found = {}
        for name in dict.fromkeys(c["claims"] for e in self.libraries.values() for c in e["calls"]):
            versions = [
                (f"{library} {calls.replace('`', '')}", self._texts(facts), self._values(facts))
                for library, calls, facts in self._calls(name)
                if "curve" in facts and "edges" in facts
            ]
            if name in ACTIVATIONS and len(versions) > 1:
                found[ACTIVATIONS[name].title] = versions
        return {title: found[title] for title in sorted(found, key=str.lower)}

    def _texts(self, facts):
        shown = dict(zip(self.meta["shown"], facts["shown"], strict=True))
        places = [_number(_digits(shown[z], 4)) for z in (-20.0, -1.0, 1.0, 20.0)]
        edges = [_number(_digits(facts["edges"][side], 4)) for side in ("-inf", "inf", "nan")]
        error, at = _error(facts)
        return (
            _form(facts),
            *places,
            *edges,
            _corners(facts) or "—",
            f"{error} at {at}" if at else error or "—",
        )

    def _values(self, facts):
        return np.array(self._curves[facts["curve"]], float)

    def grid(self):
        """Return the inputs of the stored curves, an array."""
        return np.array(self.meta["curve"])

    def at(self, place):
        """Return a `Table` of functions that are wrong at −20, at −∞ or at NaN, and in which calls.

        `place`: -20.0, -math.inf or math.nan. Right is, to one part in a thousand, what this
        package gives for the form that a call was found to have, and NaN at NaN. A number that
        float32 rounds to 0 counts as 0.
        """
        found = {}
        for name in ACTIVATIONS:
            for library, calls, facts in self._calls(name):
                if facts.get("form") in ACTIVATIONS and "edges" in facts:
                    got, right = self._got_and_right(facts, place)
                    if not np.isclose(got, right, rtol=1e-3, atol=1e-40, equal_nan=True):
                        key = name, _number(_digits(right, 3)), _number(_digits(got, 3))
                        found.setdefault(key, []).append(f"{library} {calls}")
        rows = [
            (ACTIVATIONS[name].title, right, got, "; ".join(calls))
            for (name, right, got), calls in found.items()
        ]
        return Table(("function", "should be", "is", "in"), rows)

    def _got_and_right(self, facts, place):
        shown = dict(zip(self.meta["shown"], facts["shown"], strict=True))
        edges = {-math.inf: "-inf", math.inf: "inf"}
        got = facts["edges"]["nan"] if math.isnan(place) else shown.get(place)
        got = facts["edges"][edges[place]] if place in edges else got
        return float(got), float(ACTIVATIONS[facts["form"]].value(place, **facts["params"]))

    def after_export(self, runtimes, *names, least=0.0):
        """Return a `Table` of what programs that run exported models make of functions.

        `runtimes`: libraries of the file, those that it lacks are left out. `names`: of the
        registry, all by default. `least`: how far from what was asked for a call must be, at
        most over its inputs from −8 to 8 and relative to the larger of 1 and the value, to be
        shown.
        """
        rows = [
            (f"{library} {calls}", facts["claims"], _form(facts), _number(_digits(off, 2)))
            for library in runtimes
            for found, calls, facts in self._calls(*names or ACTIVATIONS)
            if found == library and (off := float(facts.get("form_max", 0))) >= least
        ]
        return Table(("program, call", "asked for", "computes", "off by at most"), rows)

    def rows(self, *names):
        """Return a `Table` of the functions of a row: axis of a (2, 3, 4) array, largest error."""
        rows = [
            (f"{library} {calls}", _axis(facts), _error(facts)[0])
            for library, calls, facts in self._calls(*names)
        ]
        return Table(("library, call", "axis", "error"), rows)

    def told(self, most=2):
        """Return the `Sentences` on surprises, by function.

        At most `most` libraries for each function and kind, those with the largest number; the
        kinds come in the order of `TOLD`. Errors below `SMALL`, or only beyond ±`FAR`, are left
        out, and so are slopes at infinity.
        """
        groups = {}
        for name in [*ACTIVATIONS, "cross_entropy", "bce_logits"]:
            chosen = [surprise for kind in TOLD for surprise in self._worst(kind, name)[:most]]
            if chosen:
                title = ACTIVATIONS[name].title if name in ACTIVATIONS else name
                groups[title] = [self._told(surprise) for surprise in chosen]
        return Sentences(groups)

    def _told(self, surprise):
        """Return a surprise as a sentence, with the place in the library's files that causes it."""
        sentence = _sentence(surprise)
        if "source" not in surprise:
            return sentence
        place = self._sources[surprise["source"]]
        return f"{sentence} Cause: {place['why']} (`{place['file']}`, line {place['line']})."

    def _worst(self, kind, function=None):
        """Return the surprises of a kind, the largest first, one for a library and function."""
        found = {}
        for surprise in self.surprises:
            key = surprise["library"], surprise["function"]
            if (
                surprise["kind"] == kind
                and function in (None, surprise["function"])
                and not _ordinary(surprise)
                and (key not in found or _size(surprise) > _size(found[key]))
            ):
                found[key] = surprise
        return sorted(found.values(), key=_size, reverse=True)

    def slopes(self):
        """Return a `Table` of slopes that are not the derivative: what is given, what is right."""
        rows = [
            (each["library"], in_code(each["call"]), *map(_number, _at_got_expected(each)))
            for each in self._worst("slope")
        ]
        return Table(("library", "slope of", "at", "given", "right"), rows)

    def kinds(self):
        """Return a `Table` of the kinds of surprise, their number in the file, and of libraries."""
        rows = []
        for kind, meaning in self.meta["kinds"].items():
            of = [each["library"] for each in self.surprises if each["kind"] == kind]
            rows.append((meaning, len(of), len(set(of))))
        return Table(("surprise", "found", "libraries"), rows)

    def sample(self, library, call, kind, dtype):
        """Return inputs, results and exact results near a surprise, sorted by input, as arrays.

        Raises KeyError if there is no such sample.
        """
        for each in self.samples:
            if (each["library"], each["call"], each["kind"], each["dtype"]) == (
                library, call, kind, dtype,
            ):  # fmt: skip
                order = np.argsort(each["z"])
                return [np.array(each[key], float)[order] for key in ("z", "got", "exact")]
        raise KeyError(f"no sample of {kind} for {call} of {library} in {dtype}")

    def _call(self, library, call):
        for each in self.libraries[library]["calls"]:
            if each["call"] == call:
                return each
        raise KeyError(f"no call {call} of {library}")

    def numbers(self, library, call):
        """Return inputs and a call's results there, ±∞ and NaN included, six digits kept."""
        facts = self._call(library, call)
        z = [*self.meta["shown"], -math.inf, math.inf, math.nan]
        return np.array(z), np.array([*facts["shown"], *facts["edges"].values()], float)

    def curve(self, library, call):
        """Return inputs from −8 to 8 and a call's results there, as arrays."""
        found = self._curves[self._call(library, call)["curve"]]
        return np.array(self.meta["curve"]), np.array(found, float)

    def used(self, source):
        """Return a `Table` of the activations that a source's default configurations name.

        `source`: "transformers" or "torchvision". A model whose code does not tell whether its
        block is gated is counted as neither. The families are the three with most models.
        """
        rows = []
        for name, by in self.census["sources"][source]["activations"].items():
            models = [model for kind in GATED for model in by.get(kind, ())]
            counts = len(models), len(by.get("gated", ())), len(by.get("unknown", ()))
            rows.append((f"`{name}`", *counts, _families(models)))
        return Table(("activation", "models", "gated", "not told", "most in"), rows)

    def on_cards(self):
        """Return {name: {fact: text}} of what was measured and counted of each activation.

        "Keras" and "JAX": the calls that compute it, defaults that are not ours in bold.
        "elsewhere": what else goes by its name. "models": how many of the census use it, with the
        families that have most; GEGLU and its like are the gated ones. "libraries": a link.
        """
        found = {}
        for name in ACTIVATIONS | REDUCTIONS:
            lines = {title: self._calls_of(name, title.lower()) for title in ("Keras", "JAX")}
            lines |= {"elsewhere": self._others(name), "models": self._models(name)}
            if place := self._place(name):
                lines["libraries"] = f"[what each computes](libraries.ipynb#{place})"
            found[name] = {fact: text for fact, text in lines.items() if text}
        return found

    @cached_property
    def _titles(self):
        return {*self.chosen()}

    def _place(self, name):
        """Return the address of a function's section of libraries.ipynb, "" if it has none."""
        title = (ACTIVATIONS | REDUCTIONS)[name].title
        if name in ("softmax", "log_softmax"):
            title = "Softmax and log-softmax"
        elif title not in self._titles:
            return ""
        return re.sub(r"\W+", "-", title.lower()).strip("-")

    def _calls_of(self, name, library):
        groups = {}
        for call in self.libraries.get(library, {"calls": []})["calls"]:
            # An expression, as maximum(x, 0), is no name.
            named = "given" not in call and not re.search(r"\bx\b", call["call"])
            if call.get("form", call["claims"]) == name and named and "failed" not in call:
                differs = self._differing(name, call.get("params") or {})
                groups.setdefault(differs, []).append(f"{PREFIX[library]}{call['call']}")
        return ", ".join(
            in_code(*calls).replace("jax.jnp.", "jax.numpy.")
            + (f" with **{differs}**" * bool(differs))
            for differs, calls in groups.items()
        )

    def _differing(self, name, params):
        ours = (ACTIVATIONS | REDUCTIONS)[name].params
        return ", ".join(
            f"{key} = {_number(value)}"
            for key, value in params.items()
            if key in ours and abs(value - ours[key].default) > 1e-5
        )

    def _others(self, name):
        groups = {}
        for library, record in self.libraries.items():
            for call in record["calls"]:
                if call["claims"] == name and "given" not in call and call.get("form"):
                    form = call["form"]
                    differs = self._differing(name, call["params"]) if form == name else form
                    if differs:
                        groups.setdefault(differs, {})[library] = None
        return "; ".join(f"{differs} in {', '.join(names)}" for differs, names in groups.items())

    def _models(self, name):
        kind, counted = GATES.get(name, ("plain", name))
        said = []
        for source, census in self.census["sources"].items():
            models = [
                model
                for each in ([counted] if isinstance(counted, str) else counted)
                for model in census["activations"].get(each, {}).get(kind, ())
            ]
            if models:
                said.append(f"{len(models)} of {census['named']} in {source}: {_families(models)}")
        return "; ".join(said)


def _families(models, most=3):
    """Return the families with most of some models, and how many each has.

    A family is what a model's name begins with, up to a mark or a digit; a digit after one letter
    belongs to it.

    >>> _families(["qwen2", "qwen3_moe", "t5gemma"])
    'qwen (2), t5 (1)'
    """
    names = (re.match(r"[A-Za-z]{2,}|\w\d*", model)[0].lower() for model in models)
    counts = Counter(names)
    return ", ".join(f"{family} ({n})" for family, n in counts.most_common(most))


def _number(x):
    """Return a number of the files as it is shown.

    >>> _number("-inf"), _number(-0.0), _number(1e-7), _number(0.268941), _number([0.0, "nan"])
    ('−∞', '0', '1e−7', '0.268941', '(0, NaN)')
    """
    if isinstance(x, list):
        return x[0] if len(x) == 1 and "," in str(x[0]) else f"({', '.join(map(_number, x))})"
    try:
        value = float(x)
    except (TypeError, ValueError):
        return "" if x is None else str(x)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{value + 0.0:.6g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.replace("-", "−")


def _form(facts):
    """Return what a call computes, with its parameters.

    >>> _form({"form": "leaky_relu", "params": {"alpha": 0.2}})
    'leaky_relu, alpha = 0.2'
    """
    params = [f"{key} = {_number(value)}" for key, value in facts["params"].items()]
    return ", ".join([facts["form"] or "no form that was tried", *params])


def _error(facts):
    """Return the largest error, in float32 or else float64, and where: nothing if unknown."""
    for dtype, mark in (("float32", ""), ("float64", " (64)")):
        if dtype in facts.get("errors", {}):
            error, *at = facts["errors"][dtype][2:]
            where = _number(float(f"{at[0]:.3g}")) if at and at[0] is not None else ""
            return _number(float(f"{float(error):.2g}")) + mark, where
    return "", ""


def _corners(facts):
    """Return the slopes at a call's corners as a text, "" if it has none or gives no slopes."""
    return "; ".join(f"{_number(s)} at {_number(z)}" for z, s in facts.get("corners", {}).items())


def _digits(x, digits):
    """Return a number of the files with fewer digits; what float32 rounds to 0 is 0.

    >>> _digits(2.06115e-09, 3), _digits("nan", 3), _digits(-5.5e-88, 3)
    (2.06e-09, nan, 0.0)
    """
    value = float(x)
    return 0.0 if abs(value) < 1e-45 else float(f"{value:.{digits}g}")


def _axis(facts):
    axis = facts.get("axis", [""])[0]
    return "last" if axis == "2" else axis


def _size(surprise):
    number = float(surprise["number"])
    return math.inf if math.isnan(number) else number


def _ordinary(surprise):
    """Is it a tail, or a rounding error, that a reader need not hear of?"""
    kind, at = surprise["kind"], surprise["at"]
    if kind == "limit" and surprise["mode"] == "slope":
        return True
    if kind in ("error", "slope") and _size(surprise) < SMALL:
        return True
    far = isinstance(at, int | float) and abs(at) > FAR
    return far and kind in ("error", "slope", "overflow")


def _at_got_expected(surprise):
    return (surprise[key] for key in ("at", "got", "expected"))


def _sentence(surprise):
    """Return a surprise as a sentence, its calls set as code.

    >>> _sentence({"library": "x", "version": "1.0", "kind": "nan", "call": "f(-1)",
    ...     "text": "f(-1) at NaN is -1.0, its limit NaN"})
    'x 1.0: `f(-1)` at NaN is −1.0, its limit NaN.'
    """
    calls = [surprise["call"]]
    if surprise["kind"] == "twins":
        calls += surprise["expected"].split(" is ")[:1]
    pattern = "(" + "|".join(map(re.escape, calls)) + ")"
    parts = re.split(pattern, surprise["text"])
    for i, part in enumerate(parts):
        # A file has a number's own sign, and a form's parameters close behind its name.
        text = re.sub(r"\binf\b", "∞", re.sub(r"(?<=[\s(])-(?=\d)", "−", part))
        parts[i] = f"`{part}`" if i % 2 else re.sub(r"(?<=[\w)])\((?=\w+ = )", " (", text)
    return f"{surprise['library']} {surprise['version']}: {''.join(parts)}."
