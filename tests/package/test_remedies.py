"""What an error advises, done: every remedy that a message of actlib names is tried.

A trial makes a mistake, finds the remedy in the message, and applies it. The last tests see to
it that no message with a remedy is left out.
"""

import ast
import re
import traceback
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import actlib
from actlib import losses, plotting, widgets
from actlib.activations import glu, maxout, relu, softmax
from actlib.calculus import central_difference, numerical_gradient, ulp_error
from actlib.comparing import paired
from actlib.datasets import digits, moons
from actlib.networks import MLP, train, train_side_by_side
from actlib.reference import Card, registry_table
from actlib.reference.measured import newest
from actlib.widgets.playground import plane
from actlib.widgets.playground.presets import DEFAULTS
from actlib.widgets.quiz import figure as quiz

PACKAGE = Path(actlib.__file__).parent
MAKEFILE = (PACKAGE.parent / "Makefile").read_text(encoding="utf-8")

MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[True, False, False])
X, Y = np.array([[0.5, -1.0], [1.0, 2.0]]), np.array([0, 1])


def network(activation="relu", *, sizes=(2, 3, 2), init="he", rng=0, **options):
    rng = np.random.default_rng(rng) if isinstance(rng, int) else rng
    return MLP(sizes, activation, init, rng, **options)


def trained(x=X, y=Y, *, sizes=(2, 3, 2), rng=0, **settings):
    rng = np.random.default_rng(rng) if isinstance(rng, int) else rng
    return train(network(sizes=sizes), x, y, **{"lr": 0.1, "epochs": 1, **settings}, rng=rng)


def raised(call):
    """Return the error that a call raises."""
    with pytest.raises((TypeError, ValueError, OSError)) as caught:
        call()
    return caught.value


def names_after(words, message):
    """Return the names that a message lists after these words, up to what it got."""
    listed = re.search(rf"{words} (.*?)(?:[,;] got .*)?$", message)[1]
    return [name.strip(" []{}'") for name in listed.split(",")]


def side_by_side(nets, optimizer="sgd"):
    n, settings = len(nets), {"lr": 0.1, "batch_size": 2, "epochs": 1, "optimizer": optimizer}
    rngs = [np.random.default_rng(0) for _ in nets]
    return train_side_by_side(
        nets, [X] * n, [Y] * n, **settings, rngs=rngs, x_test=[X] * n, y_test=[Y] * n
    )


# Code that a message names, run on the argument that it names

CODE = [
    # function, its arguments, which of them is mended, the code
    (relu, {"z": ["1", "2"]}, "z", "np.asarray(z, dtype=float)"),
    (relu, {"z": "1.0"}, "z", "np.asarray(z, dtype=float)"),
    (softmax, {"z": np.array([b"1", b"2"])}, "z", "np.asarray(z, dtype=float)"),
    (relu, {"z": [Fraction(1, 2), 1]}, "z", "np.asarray(z, dtype=float)"),
    (relu, {"z": [1j]}, "z", "np.real(z)"),
    (relu, {"z": [1j]}, "z", "np.imag(z)"),
    (glu, {"z": np.array([1j, 2.0])}, "z", "np.abs(z)"),
    (relu, {"z": MASKED}, "z", "z.filled(0)"),
    (relu, {"z": MASKED}, "z", "z.compressed()"),
    (relu, {"z": MASKED.astype(int)}, "z", "z.filled(0)"),
    (relu, {"z": np.array(["2020"], "M8[Y]")}, "z", "np.asarray(z, dtype=float)"),
    (
        losses.cross_entropy,
        {"logits": X, "labels": np.ma.array(Y, mask=[True, False])},
        "labels",
        "labels.filled(0)",
    ),
    (
        losses.bce_with_logits,
        {"logits": MASKED.data, "targets": MASKED / 3},
        "targets",
        "targets.filled(0)",
    ),
    (losses.cross_entropy, {"logits": ["1"], "labels": 0}, "logits", "(logits, dtype=float)"),
    (network().forward, {"x": [["1", "2"]]}, "x", "np.asarray(x, dtype=float)"),
    (trained, {"x": X.astype(str)}, "x", "np.asarray(x, dtype=float)"),
    (trained, {"x_test": 1j * X, "y_test": Y}, "x_test", "np.abs(x_test)"),
    (trained, {"y": np.ma.array(Y)}, "y", "y.filled(0)"),
    (network().accuracy, {"x": X, "y": np.ma.array(Y)}, "y", "y.compressed()"),
    (losses.cross_entropy, {"logits": X, "labels": [1.0, 0.0]}, "labels", "(labels, dtype=int)"),
    (losses.cross_entropy, {"logits": X, "labels": [True, False]}, "labels", "(labels, dtype=int)"),
    (losses.cross_entropy, {"logits": X, "labels": ["1", "0"]}, "labels", "(labels, dtype=int)"),
    (
        losses.cross_entropy,
        {"logits": X, "labels": ["cat", "dog"]},
        "labels",
        "np.unique(labels, return_inverse=True)[1]",
    ),
    (
        losses.cross_entropy_grad,
        {"logits": X, "labels": np.array(["cat", "dog"], object)},
        "labels",
        "np.unique(labels, return_inverse=True)[1]",
    ),
    (
        losses.cross_entropy,
        {"logits": X, "labels": [[1.0, 0.0], [0.0, 1.0]]},
        "labels",
        "np.argmax(labels, axis=-1)",
    ),
    (
        losses.bce_with_logits,
        {"logits": [[0.0], [1.0]], "targets": [0, 1]},
        "targets",
        "np.reshape(targets, (2, 1))",
    ),
    (
        losses.bce_with_logits_grad,
        {"logits": [0.0, 1.0], "targets": [[0], [1]]},
        "targets",
        "np.reshape(targets, (2,))",
    ),
    (
        lambda x: central_difference(np.exp, x),
        {"x": MASKED},
        "x",
        "x.filled(0)",
    ),
    (lambda computed: ulp_error(computed, [2.0, 3.0]), {"computed": MASKED}, "computed", "sed()"),
    (moons, {"n": 10, "rng": 0}, "rng", "np.random.default_rng(0)"),
    (digits, {"rng": None}, "rng", "np.random.default_rng(0)"),
    (network, {"rng": None}, "rng", "np.random.default_rng(0)"),
    (trained, {"rng": None}, "rng", "np.random.default_rng(0)"),
    (network, {"sizes": 2}, "sizes", "(64, 128, 10)"),
    (network, {"activation": ("elu", 0.5)}, "activation", '("elu", {"alpha": 0.5})'),
    (
        lambda x: plotting.digits(x, [0, 1]),
        {"x": np.ones((2, 64))},
        "x",
        "x.reshape(-1, 8, 8)",
    ),
    (widgets.ActivationExplorer, {"names": []}, "names", "['relu']"),
    (widgets.ValueAndSlope, {"names": []}, "names", "['relu']"),
    (widgets.DepthFlow, {"names": []}, "names", "['sigmoid']"),
    (relu, {"z": [[1.0], [1.0, 2.0]]}, "z", "[[1, 2], [3, 4]]"),
]


def whole(code, message):
    """Return the expression in the message that ends in or is this code."""
    return re.search(rf"[\w.]*{re.escape(code)}", message)[0]


@pytest.mark.parametrize(("function", "arguments", "name", "code"), CODE)
def test_the_code_in_a_message_mends_the_mistake(function, arguments, name, code):
    message = str(raised(lambda: function(**arguments)))
    assert code in message
    mended = eval(whole(code, message), {"np": np, **arguments})
    function(**{**arguments, name: mended})


# Advice in words: the mistake, words of the message, and what they advise

DEPTH_FLOW, EXPLORER = widgets.DepthFlow, widgets.ActivationExplorer
WORDS = [
    (lambda: relu(["1", "x"]), "replace or drop np.str_('x')", lambda: relu([1, 0.5])),
    (lambda: relu([None, {}]), "replace or drop {}", lambda: relu([None, 1][1:])),
    (lambda: relu([MASKED]), "put a number", lambda: relu([MASKED.filled(1)])),
    (lambda: relu([[1.0, np.ma.masked]]), "or np.nan", lambda: relu([[1.0, np.nan]])),
    (lambda: relu(np.array([[1], [1, 2]], object)), "replace or drop [1]", lambda: relu([])),
    (lambda: glu([1.0, 2.0, 3.0]), "pass a multiple of 2", lambda: glu([1.0, 2.0])),
    (lambda: maxout(np.ones(4), pieces=3), "multiple of 3", lambda: maxout(np.ones(3), pieces=3)),
    (
        lambda: central_difference(np.sum, [1.0, 2.0]),
        "for a function of the whole array use numerical_gradient",
        lambda: numerical_gradient(np.sum, [1.0, 2.0]),
    ),
    (
        lambda: numerical_gradient(np.exp, [1.0, 2.0]),
        "for an elementwise function use central_difference",
        lambda: central_difference(np.exp, [1.0, 2.0]),
    ),
    (
        lambda: central_difference(np.exp, 1e9, h=1e-9),
        "leave h out or",
        lambda: central_difference(np.tanh, 1e9),
    ),
    (
        lambda: central_difference(np.tanh, 1e9, h=1e-9),
        "enlarge it",
        lambda: central_difference(np.tanh, 1e9, h=1.0),
    ),
    (
        lambda: losses.bce_with_logits([], []),
        "pass at least one",
        lambda: losses.bce_with_logits([0.0], [1.0]),
    ),
    (
        lambda: losses.bce_with_logits([], []),
        "reduction='sum'",
        lambda: losses.bce_with_logits([], [], reduction="sum"),
    ),
    (
        lambda: losses.bce_with_logits([0.0, 1.0], [1]),
        "Pass a target for each logit",
        lambda: losses.bce_with_logits([0.0, 1.0], [1, 0]),
    ),
    *(
        (
            lambda labels=labels: losses.cross_entropy(X, labels),
            "Pass the position of each right class",
            lambda: losses.cross_entropy(X, [0, 1]),
        )
        for labels in ([0.5, 1.0], [np.nan, 0.0], [1j, 0], [None, "cat"], Y.astype("M8[D]"))
    ),
    (
        lambda: network().loss(np.ones((0, 2)), []),
        "pass at least one example",
        lambda: network().loss(X[:1], Y[:1]),
    ),
    (
        lambda: trained(np.ones((0, 2)), []),
        "pass at least one example",
        lambda: trained(X[:1], Y[:1]),
    ),
    (
        lambda: trained(sizes=(2, 3, 1)),
        "for one, use loss='bce'",
        lambda: trained(sizes=(2, 3, 1), loss="bce"),
    ),
    (
        lambda: network(("relu", "tanh"), sizes=(2, 3, 3, 2)),
        "For an activation per hidden layer, pass a list",
        lambda: network(["relu", "tanh"], sizes=(2, 3, 3, 2)),
    ),
    (
        lambda: network("softmax"),
        "Leave the output as logits: the loss applies softmax itself",
        lambda: network().loss(X, Y),
    ),
    (lambda: network("swiglu"), "silu instead of swiglu", lambda: network("silu")),
    (lambda: network("geglu"), "gelu instead of geglu", lambda: network("gelu")),
    (
        lambda: trained(optimizer="adam", momentum=0.9),
        "leave momentum at 0",
        lambda: trained(optimizer="adam", momentum=0),
    ),
    (
        lambda: trained(x_test=X),
        "pass x_test and y_test together",
        lambda: trained(x_test=X, y_test=Y),
    ),
    (lambda: trained(y_test=Y), "or neither", lambda: trained()),
    (
        lambda: trained(y=[[0, 1]]),
        "y must be 1-d, with a label for each row of x",
        lambda: trained(y=[0, 1]),
    ),
    (
        lambda: trained(x=[[np.nan, 0.0], [0.0, 1.0]]),
        "drop or replace those rows",
        lambda: trained(x=[[0.0, 1.0]], y=[1]),
    ),
    (
        lambda: plotting.value_and_slope([1, 2], {"a": [1, 2]}, {"b": [1, 2]}),
        "give the same names twice",
        lambda: plotting.value_and_slope([1, 2], {"a": [1, 2]}, {"a": [1, 2]}),
    ),
    (
        lambda: EXPLORER(["elu"], params={"elu": {"beta": 1.0}}),
        "only {'elu': {'alpha': 1.0}}",
        lambda: EXPLORER(["elu"], params={"elu": {"alpha": 1.0}}),
    ),
    (lambda: DEPTH_FLOW(["tanhshrink"]), "choose another", lambda: DEPTH_FLOW(["relu"])),
    (lambda: side_by_side([]), "pass at least one network", lambda: side_by_side([network()])),
    (
        lambda: paired([0.9, np.nan], [0.9, 0.1]),
        "compare those that did not",
        lambda: paired([0.9], [0.9]),
    ),
    (
        lambda: newest("speed", "tests"),
        "run make bench",
        lambda: re.search(r"^bench:", MAKEFILE, re.M)[0],
    ),
]


@pytest.mark.parametrize(("mistake", "words", "mend"), WORDS, ids=[words for _, words, _ in WORDS])
def test_the_advice_in_a_message_mends_the_mistake(mistake, words, mend):
    assert words in str(raised(mistake))
    mend()


# Lists of what there is: every name in them is taken


def two_libraries(**traits):
    versions = [("leaf", ["0"], [0.0, 0.0, 4.0]), ("moss", ["0.2"], [-0.8, 0.0, 4.0])]
    return widgets.TwoLibraries([-4.0, 0.0, 4.0], ["slope"], {"relu": versions}, **traits)


LISTS = [
    # what is called with a name, the words before the list
    (lambda name: losses.cross_entropy(X, Y, reduction=name), "one of"),
    (lambda name: network(name), "choose one of"),
    (lambda name: network(init=name), "choose one of"),
    (lambda name: network(biases=name), "choose one of"),
    (lambda name: trained(optimizer=name), "choose one of"),
    (lambda name: side_by_side([network()], optimizer=name), "choose one of"),
    (lambda name: trained(loss=name, sizes=(2, 3, 1 if name == "bce" else 2)), "choose one of"),
    (lambda name: network(("elu", {name: 0.5})), "it has"),
    (lambda name: Card(name), "there is"),
    (lambda name: registry_table(name), "there is"),
    (lambda name: registry_table("function", names=[name]), "there is"),
    (lambda name: plane.clean(name), "choose one of"),
    (lambda name: EXPLORER(["relu", "tanh"], shown=[name]), "only"),
    (lambda name: widgets.BendTheLine(target=name), "one of"),
    (lambda name: widgets.BendTheLine(activation=name), "one of"),
    (lambda name: DEPTH_FLOW(["relu", "tanh"], activation=name), "one of"),
    (lambda name: widgets.Playground(preset=name), "one of"),
    (lambda name: widgets.Playground(data=name), "one of"),
    (lambda name: widgets.Playground(optimizer=name), "one of"),
    (lambda name: widgets.SoftmaxExplorer(["a", "b", "c"], right=name), "one of"),
    (lambda name: quiz.load_questions(name), "there are some for"),
    (lambda name: widgets.Quiz("softmax", answers={name: []}), "choose from"),
    (lambda name: widgets.ValueAndSlope(["relu", "elu"], shown=[name]), "only"),
    (lambda name: widgets.ValueAndSlope([name]), "choose from"),
    (lambda name: widgets.Playground(**{name: DEFAULTS.get(name)}), "choose from"),
    (lambda name: two_libraries(function=name), "there is"),
    (lambda name: two_libraries().set_trait("function", name), "there is"),
    (lambda name: two_libraries(first=name), "there is"),
    (lambda gain: DEPTH_FLOW(["relu"], gain=float(gain)), "one of"),
    (
        lambda alpha: widgets.ValueAndSlope(["elu"], params={"elu": {"alpha": float(alpha)}}),
        "one of",
    ),
]
WRONG = "-0.875"  # no name of anything, and no number that is offered


@pytest.mark.parametrize(("call", "words"), LISTS)
def test_every_name_that_a_message_lists_is_taken(call, words):
    names = names_after(words, str(raised(lambda: call(WRONG))))
    assert names and all(names)
    for name in names:
        call(name)


# No message with a remedy is left out

REMEDY = re.compile(
    r"remedy|\b(as|as in) [\w.]*[(\[]|for one,|only \{|knows \{|(?<!but )there (is|are) (some|\{)"
    r"|\b(pass|use|convert|take|replace|drop|fill|leave|choose|give|run|name at|one of)\b"
    r"|; (?!got|they)|\. [A-Z]"
)
# The checks of the exercises answer with sentences of their own, tried with their mistakes.
ROOMS = [path for path in sorted(PACKAGE.rglob("*.py")) if "exercises" not in path.parts]


def with_a_remedy(path):
    """Yield (first, last) line of each raise in a file whose message reads as advice."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        said = getattr(node.exc, "args", ()) if isinstance(node, ast.Raise) else ()
        if any(REMEDY.search(ast.unparse(argument)) for argument in said):
            yield node.lineno, node.end_lineno


def where(error):
    """Return the file and line of actlib that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    return [(Path(f.filename), f.lineno) for f in frames if PACKAGE in Path(f.filename).parents][-1]


def mistakes():
    yield from (lambda f=f, given=given: f(**given) for f, given, _, _ in CODE)
    yield from (mistake for mistake, _, _ in WORDS)
    yield from (lambda call=call: call(WRONG) for call, _ in LISTS)


def test_every_message_with_a_remedy_is_tried():
    tried = {where(raised(mistake)) for mistake in mistakes()}
    missed = [
        f"{path.relative_to(PACKAGE)}:{first}"
        for path in ROOMS
        for first, last in with_a_remedy(path)
        if not any((path, line) in tried for line in range(first, last + 1))
    ]
    assert not missed, f"add a trial of what the message advises: {missed}"


@pytest.mark.parametrize(
    ("message", "advises"),
    [
        ('"z is empty; pass at least one"', True),
        ('f"unknown {name}; choose one of {known}"', True),
        ('f"no list. Convert it with list({z})"', True),
        ('f"{remedy}"', True),
        ('f"z must be positive, got {z}"', False),
        ('f"a has shape {a.shape}; got {b.shape}"', False),
    ],
)
def test_advice_is_told_from_a_bare_statement(tmp_path, message, advises):
    path = tmp_path / "room.py"
    path.write_text(f"raise ValueError({message})")
    assert bool(list(with_a_remedy(path))) == advises
