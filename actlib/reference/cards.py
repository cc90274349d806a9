"""All there is to know about one activation, on a card."""

import ast
import inspect
import math
import re
import textwrap
from pathlib import Path

from .. import activations
from ..activations import ACTIVATIONS, REDUCTIONS
from ..activations.record import Interval, short_number
from . import facts
from .libraries import ELSEWHERE, TORCH_NOTES, composed
from .measured import newest
from .tables import Table, in_code


def families():
    """Return {title: (sentence, names)} of the registry's families, in the registry's order.

    A reduction, which makes one number of a row, comes last in its family.
    A family is a file of `actlib.activations`; the title is its name, the sentence the first
    line of its docstring.

    >>> sentence, names = families()["Bounded"]
    >>> sentence, names[0]
    ('Functions that level off on both sides: tanh and its cheaper relatives.', 'tanh')
    """
    found = {}
    for name, entry in (ACTIVATIONS | REDUCTIONS).items():
        module = inspect.getmodule(entry.value)
        title = module.__name__.rpartition(".")[2].replace("_", "-").capitalize()
        found.setdefault(title, (module.__doc__.splitlines()[0], []))[1].append(name)
    return found


def numpy_source(function):
    """Return the source of a function of the registry, as it is in the package.

    The docstring and the decorator are left out. The package's constants and functions that
    it uses come first, except those that check the input, and activations, which have cards
    of their own.

    >>> from actlib.activations import relu
    >>> print(numpy_source(relu))
    def relu(z):
        return np.maximum(z, 0.0)
    """
    return "\n\n\n".join(_parts(inspect.unwrap(function), {}).values())


def _parts(function, parts):
    """Return `parts` with the sources that `function` uses, and its own last, by name."""
    source = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(source).body
    used = [
        node.id for part in definition.body for node in ast.walk(part) if isinstance(node, ast.Name)
    ]
    for name in dict.fromkeys(used):
        value = function.__globals__.get(name)
        if name in parts or name == function.__name__ or name not in function.__globals__:
            continue
        if name.isupper():
            line = _assignment(inspect.getmodule(function), name)
            parts.setdefault(line, line)  # one line may name two constants
            continue
        value = inspect.unwrap(value) if callable(value) else value  # it may be cached
        if inspect.isfunction(value) and name not in activations.__all__ and not _checks(value):
            _parts(value, parts)
    lines = source.rstrip().splitlines()
    if ast.get_docstring(definition) is not None:
        del lines[definition.body[0].lineno - 1 : definition.body[0].end_lineno]
    kept = lines[definition.lineno - 1 :]
    parts[function.__name__] = "\n".join(line for line in kept if line.strip())
    return parts


def _checks(function):
    return "raise " in inspect.getsource(function)


def _assignment(module, name):
    """Return the line of a module that gives a constant its value."""
    source = inspect.getsource(module)
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and name in {
            each.id
            for target in node.targets
            for each in ast.walk(target)
            if isinstance(each, ast.Name)
        }:
            return ast.get_source_segment(source, node)
    # It comes from another file of the package.
    return f"{name} = {getattr(module, name)!r}"


def bibliography(path):
    """Return {key: sentence} of a BibTeX file: who, the title, where, the year and a link.

    `path`: a file in the form of the course's `references.bib`, one field a line, in braces.

    >>> bibliography("references.bib")["nair2010"].split(" (")[0]
    'Nair, V. and Hinton, G. E.'
    """
    found = {}
    for entry in re.split(r"^@", Path(path).read_text(encoding="utf-8"), flags=re.M)[1:]:
        key = re.match(r"\w+\{([^,]+),", entry)[1]
        fields = dict(re.findall(r"^ *(\w+) *= *\{(.*)\},?$", entry, re.M))
        fields = {name: re.sub(r"[{}]", "", text) for name, text in fields.items()}
        found[key] = _reference(fields)
    return found


VENUES = ("journal", "booktitle", "publisher", "howpublished", "note")


def _reference(fields):
    names = [person.partition(", ") for person in fields["author"].split(" and ")]
    short = [
        ", ".join(filter(None, [last, " ".join(f"{word[0]}." for word in first.split())]))
        for last, _, first in names
    ]
    who = f"{short[0]} and others" if len(short) > 3 else _listed(short)
    where = next((fields[name] for name in VENUES if name in fields), "")
    link = fields.get("url", "")
    for field, address in (("eprint", "https://arxiv.org/abs"), ("doi", "https://doi.org")):
        link = f"{address}/{fields[field]}" if field in fields else link
    title = f"[{fields['title']}]({link})" if link else f"*{fields['title']}*"
    return ". ".join(filter(None, [f"{who} ({fields['year']})", title, where])) + "."


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def newest_costs(folder):
    """Return ({name: text}, note) from the newest speed benchmark in `folder`.

    The text says how long value and slope take, in multiples of ReLU's value in the same
    implementation, for a million float32 numbers; the note says where that was measured.
    Without a benchmark both are empty: a page reads such a file, it never measures.

    >>> newest_costs("tests")
    ({}, '')
    """
    try:
        measured = newest("speed", folder)
    except FileNotFoundError:
        return {}, ""
    times = {
        (row["implementation"], row["function"]): row["ns_per_element"]
        for row in measured["rows"]
        if (row["dtype"], row["n"]) == ("float32", 1_000_000)
    }
    costs = {}
    for name in ACTIVATIONS | REDUCTIONS:
        said = []
        for key, who in (("torch", "PyTorch"), ("actlib", "this package")):
            ratios = [
                f"{what} {short_number(round(times[key, each] / times[key, 'relu'], 1))}"
                for what, each in (("value", name), ("slope", f"{name}_grad"))
                if (key, each) in times
            ]
            said += [f"{who}: {', '.join(ratios)}"] if ratios else []
        if said:
            costs[name] = "; ".join(said)
    meta = measured["meta"]
    note = (
        f"{meta['processor']}, one thread; NumPy {meta['numpy']}, "
        f"PyTorch {meta['torch'].partition('+')[0]}; {meta['date']}"
    )
    return costs, note


class Card:
    """All there is to know about one activation, as Markdown in a notebook and on a page.

    `name`: a key of `ACTIVATIONS` or `REDUCTIONS`. `dtypes`: {name: rounding}, the number formats
    for which saturation is computed (see `facts.saturation`). `elsewhere`: {line: call}, what else
    that table compares: call(entry) gives rounding, value and slope as another library has them
    (see there), or None if it has no such function. `sources`: {key: sentence}, as
    `bibliography` gives it. `costs`: {name: text}, as `newest_costs` gives them. `measured`: {name:
    {fact: text}}, as `Compared.on_cards` gives them. Raises ValueError for an unknown name.
    Everything holds for the default parameters and is dimensionless.

    >>> Card("relu")
    Card: ReLU, as relu in actlib.activations.
    >>> Card("gelu").facts()["minimum"]
    '−0.17 at −0.7518'
    """

    def __init__(
        self, name, *, dtypes=facts.DTYPES, elsewhere=None, sources=None, costs=None, measured=None
    ):
        known = ACTIVATIONS | REDUCTIONS
        if name not in known:
            raise ValueError(f"no {name!r} in the registry; there is {', '.join(known)}")
        self.entry, self.dtypes = known[name], dtypes
        self.elsewhere = elsewhere or {}
        self.sources, self.costs = sources or {}, costs or {}
        self.measured = (measured or {}).get(name, {})

    def __repr__(self):
        return f"Card: {self.entry.title}, as {self.entry.name} in actlib.activations."

    def facts(self):
        """Return {what: text} of everything that one line can say, in the card's order."""
        entry = self.entry
        lines = {"defaults": _pairs({key: p.default for key, p in entry.params.items()})}
        lines["range"] = str(entry.range())
        lines |= _facts_of_one_number(entry) if entry.kind == "elementwise" else _example(entry)
        lines |= {
            "used for": entry.role,
            "models": self.measured.get("models", ""),
            "to know": entry.notes,
            "loss": entry.loss,
            "PyTorch": _torch(entry),
            "Keras": self.measured.get("Keras") or _elsewhere(entry, "keras"),
            "JAX": self.measured.get("JAX") or _elsewhere(entry, "jax"),
            "elsewhere": self.measured.get("elsewhere", ""),
            "libraries": self.measured.get("libraries", ""),
        }
        lines["time, ReLU = 1"] = self.costs.get(entry.name, "")
        lines["source"] = self.sources.get(entry.source, "")
        return {what: text for what, text in lines.items() if text}

    def saturation(self):
        """Return the `Table` of where results round to their limits, or None if nowhere."""
        if self.entry.kind != "elementwise":
            return None
        computed = {name: (rounded, None, None) for name, rounded in self.dtypes.items()}
        computed |= {line: call(self.entry) for line, call in self.elsewhere.items()}
        found = {
            line: {
                (tail.what, tail.side): tail
                for tail in facts.saturation(self.entry, by[0], value=by[1], grad=by[2])
                if not _is_a_piece(self.entry, tail)
            }
            for line, by in computed.items()
            if by is not None
        }
        every = dict.fromkeys(key for tails in found.values() for key in tails)
        columns = []
        for what in ("value", "slope"):
            sides = [side for side in ("left", "right") if (what, side) in every]
            pairs = [[tails.get((what, side)) for side in sides] for tails in found.values()]
            if len(sides) == 2 and all(map(_mirrored, pairs)):
                limit = pairs[0][1].limit
                head = f"{what} is {'±' if pairs[0][0].limit != limit else ''}{short_number(limit)}"
                cells = [f"beyond ±{short_number(right.start)}" for _, right in pairs]
                columns.append((head, cells))
                continue
            for i in range(len(sides)):
                limit = next(pair[i] for pair in pairs if pair[i]).limit
                head = f"{what} is {short_number(limit + 0.0)}"
                columns.append((head, [_tail_text(pair[i]) for pair in pairs]))
        if not columns:
            return None
        heads, cells = zip(*columns, strict=True)
        return Table(("dtype", *heads), list(zip(found, *cells, strict=True)))

    def _repr_markdown_(self):
        entry = self.entry
        slope = {
            "elementwise": "f'(z)",
            "row": r"\frac{\partial a_i}{\partial z_j}",
            "gated": r"\left(\tfrac{\partial f}{\partial a}, \tfrac{\partial f}{\partial b}\right)",
            "reduction": r"\frac{\partial a}{\partial z_i}",
        }[entry.kind]
        value = {"row": "a_i", "reduction": "a"}.get(entry.kind, "f(z)")
        saturation = self.saturation()
        source = "\n\n\n".join(
            _parts(inspect.unwrap(entry.grad), _parts(inspect.unwrap(entry.value), {})).values()
        )
        parts = [
            f"$$\n{value} = {entry.formula}\n$$",
            f"$$\n{slope} = {entry.grad_formula}\n$$",
            Table(("fact", entry.title), list(self.facts().items()))._repr_markdown_(),
            saturation._repr_markdown_() if saturation else "",
            f'<details class="hide"><summary>NumPy source of {entry.name}</summary>',
            f"```python\n{source}\n```",
            "</details>",
        ]
        return "\n\n".join(filter(None, parts))


def _pairs(named):
    return ", ".join(f"{name} = {short_number(value)}" for name, value in named.items())


def _torch(entry):
    if not (entry.torch.functional or entry.torch.module):
        return _elsewhere(entry, "torch")
    renamed = [
        f"`{theirs}` is {ours}" for ours, theirs in entry.torch_params.items() if ours != theirs
    ]
    calls = in_code(entry.torch.functional, entry.torch.module)
    for module, fixed in entry.torch_variants.items():
        calls += f", `{module}` with {_pairs(fixed)}"
    return "; ".join(filter(None, [calls, ", ".join(renamed), TORCH_NOTES.get(entry.name)]))


def _elsewhere(entry, library):
    said, only = [], {}
    for call in ELSEWHERE.get(entry.name, {}).get(library, ()):
        differs = {k: v for k, v in call.params.items() if v != entry.params[k].default}
        with_defaults = f" with **{_pairs(differs)}**" if differs else ""
        said.append(f"`{call.text}`{with_defaults}" + (f" ({call.note})" if call.note else ""))
        only |= call.only
    calls, formula = ", ".join(said), composed(entry.name, library)
    if only:
        return f"{calls}, for {_pairs(only)} only; else `{formula}`"
    return calls or (f"no name: `{formula}`" if formula else "none")


EXAMPLES = {
    "row": (2.0, 1.0, 0.0),
    "gated": (2.0, 3.0, 1.0, -1.0),
    "reduction": (2.0, 1.0, 0.0),
}


def _example(entry):
    z = EXAMPLES[entry.kind]
    if entry.kind == "reduction":
        said = f"value {short_number(float(entry.value(z)))}, slopes {_vector(entry.grad(z))}"
    else:
        said = _vector(entry.value(z))
    return {f"at {_vector(z)}": said}


def _vector(numbers):
    return f"({', '.join(short_number(float(x) + 0.0) for x in numbers)})"


def _facts_of_one_number(entry):
    slope = short_number(float(entry.grad(0.0)))
    has = {name: holds for name, holds in facts.properties(entry).items() if holds}
    if "bounded" in has:
        del has["bounded below"]
    return {
        "zeros": _zeros_text(facts.zeros(entry)),
        "minimum": _minimum_text(facts.minimum(entry)),
        "at 0": f"value {short_number(float(entry.value(0.0)))}, slope {slope}",
        "kinks": "; ".join(map(_kink_text, facts.kinks(entry))),
        "properties": ", ".join(has),
        "gain": short_number(facts.gain(entry)),
    }


def _zeros_text(places):
    if len(places) > 5:
        near = sorted(places, key=abs)[:3]
        listed = ", ".join(short_number(place) for place in sorted(near))
        return f"{listed} and {len(places) - 3} more within ±{facts.NEAR:g}"
    said = [
        f"all of {place}" if isinstance(place, Interval) else short_number(place + 0.0)
        for place in places
    ]
    return ", ".join(said) or "none"


def _minimum_text(found):
    value = short_number(found.value + 0.0)
    if isinstance(found.places, Interval):
        return f"{value}, on {found.places}"
    if not found.places:
        return (
            f"none; it only approaches {value}" if math.isfinite(found.value) else "none; no bound"
        )
    place = short_number(min(found.places, key=abs))
    more = f" and {len(found.places) - 1} more places" if len(found.places) > 1 else ""
    return f"{value} at {place}{more}"


def _kink_text(kink):
    place, slope, left, right = map(short_number, (kink.place, kink.slope, *kink.slopes))
    said = (
        f"at {place} the slope is {left} on the left, {right} on the right, {slope} by convention"
    )
    if kink.jumps:
        value, low, high = map(short_number, (kink.value, *kink.values))
        said += f", and the value jumps from {low} to {high}: it is {value} there"
    return said


def _is_a_piece(entry, tail):
    """Whether a tail is a flat or straight piece of the function, not an effect of rounding."""
    return tail.start is not None and any(
        abs(tail.start - join) < 0.02 * max(1.0, abs(join)) for join in entry.joins()
    )


def _mirrored(pair):
    left, right = pair
    return (
        None not in pair
        and None not in (left.start, right.start)
        and left.start == -right.start
        and abs(left.limit) == abs(right.limit)
    )


def _tail_text(tail):
    if tail is None:
        return "everywhere"
    if tail.start is None:
        return "nowhere"
    return f"z {'≤' if tail.side == 'left' else '≥'} {short_number(tail.start)}"
