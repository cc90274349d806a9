"""Safe means run: every formula that a page shows as safe is executed at the extremes.

Found are the functions in the chapters' code that call exp, log or a relative, and, in prose and
quizzes, the formulas with one in a paragraph that speaks of safety (`CLAIM`). Each stands in a
table below: `Safe`, and is then run at ±{1e-8, 1, 100, 1e4} in float16, float32 and float64, value
and slope, against mpmath; `Breaks`, shown because it breaks, and must then break; or `Plain`, with
the reason why nothing is claimed of it. A formula in no table fails, and so does an entry that no
page has any more.
"""

import ast
import json
import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations_with_replacement

import mpmath
import numpy as np
import pytest
from course import ROOT
from notebooks import CHAPTERS
from pytorch_if_installed import F, needs_pytorch, torch

DTYPES = ("float16", "float32", "float64")
POINTS = tuple(sign * size for size in (1e-8, 1.0, 100.0, 1e4) for sign in (1, -1))
ROWS = {row[::turn] for row in combinations_with_replacement(POINTS, 3) for turn in (1, -1)}
# Softmax has a Jacobian; the slope of this sum of its outputs stands for it.
WEIGHTS = (1.0, 2.0, -1.0)


@dataclass(frozen=True)
class Safe:
    """A formula to run, and what is exact.

    `exact`, `slope`: its value and slope with mpmath, from a number, or from a row of three if
    `rows`. `f(np, z)`: the formula, with np NumPy or PyTorch; None for a function in a cell.
    `arguments`: what the function takes after z. `units`: by how many units in the last place the
    value may be off; `small`: from where on downwards they are those of this number, where the
    formula adds something larger and so cannot keep the digits of a small result. `small_slope`:
    the same for the slope. `at_zero`: what autograd makes of the slope at exactly 0, where that
    is wrong and the page says so. `both`: the function returns its slope too.
    """

    exact: object
    slope: object
    f: object = None
    rows: bool = False
    arguments: tuple = ()
    units: int = 8
    small: float = 0
    small_slope: float = 0
    at_zero: float | None = None
    both: bool = False


@dataclass(frozen=True)
class Breaks(Safe):
    """A formula that a page shows because it breaks, `at` this z in this `dtype`."""

    dtype: str = "float32"
    at: object = None


@dataclass(frozen=True)
class Plain:
    """A formula of which its page does not say that it is safe; `why` it stands there."""

    why: str


# ---------------------------------------------------------------------------------------
# The exact values


def exact_sigmoid(z):
    return 1 / (1 + mpmath.exp(-z))


def exact_sigmoid_grad(z):
    return exact_sigmoid(z) * exact_sigmoid(-z)


def exact_tanh_grad(z):
    return mpmath.sech(z) ** 2


def exact_tanh_grad_grad(z):
    return -2 * mpmath.tanh(z) * mpmath.sech(z) ** 2


def exact_sigmoid_grad_grad(z):
    return exact_sigmoid_grad(z) * (1 - 2 * exact_sigmoid(z))


def exact_softplus(z):
    return mpmath.log1p(mpmath.exp(z)) if z < 0 else z + mpmath.log1p(mpmath.exp(-z))


def exact_elu(z):
    return z if z > 0 else mpmath.expm1(z)


def exact_elu_grad(z):
    return mpmath.mpf(1) if z > 0 else mpmath.exp(z)


def exact_logsumexp(row):
    return max(row) + mpmath.log(sum(mpmath.exp(z - max(row)) for z in row))


def exact_softmax(row):
    return [mpmath.exp(z - exact_logsumexp(row)) for z in row]


def exact_softmax_back(row):
    p = exact_softmax(row)
    mean = sum(w * p_i for w, p_i in zip(WEIGHTS, p, strict=True))
    return [p_i * (w - mean) for w, p_i in zip(WEIGHTS, p, strict=True)]


def exact_loss(row):
    """The cross-entropy of a row whose last class is right."""
    return exact_logsumexp(row) - row[-1]


def exact_loss_grad(row):
    *wrong, right = exact_softmax(row)
    return [*wrong, right - 1]


def exact_bce(target):
    # Not softplus(z) - target * z, which would cancel.
    return lambda z: target * exact_softplus(-z) + (1 - target) * exact_softplus(z)


def exact_bce_grad(target):
    return lambda z: exact_sigmoid(z) - target


# ---------------------------------------------------------------------------------------
# The formulas of the pages


def tanh_by_expm1(np, z):
    u = np.expm1(-2 * np.abs(z))
    return -np.sign(z) * u / (2 + u)


def tanh_by_q(np, z):
    q = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - q) / (1 + q)


def textbook_bce(target):
    return lambda np, z: target * np.log(1 + np.exp(-z)) + (1 - target) * np.log(1 + np.exp(z))


def bce_by_parts(target):
    return lambda np, z: np.maximum(z, 0) - target * z + np.log1p(np.exp(-np.abs(z)))


def softplus_by_parts(np, z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def elu_by_minimum(np, z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def logsumexp_by_maximum(np, z):
    return np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))


def loss_by_maximum(np, z):
    return np.log(np.sum(np.exp(z - np.max(z)))) - (z[-1] - np.max(z))


def sigmoid_and_slope_by_q(np, z):
    q = np.exp(-np.abs(z))
    return np.where(z < 0, q / (1 + q), 1 / (1 + q)), q / (1 + q) ** 2


def tanh_grad_by_q(np, z):
    q = np.exp(-2 * np.abs(z))
    return 4 * q / (1 + q) ** 2


NAIVE = Breaks(exact_sigmoid, exact_sigmoid_grad, lambda np, z: 1 / (1 + np.exp(-z)), at=-100.0)
# z - max(z) is rounded, and exp multiplies what was lost by its size: up to 100 here.
ROWWISE = Safe(exact_softmax, exact_softmax_back, rows=True, units=100, small_slope=1)
LOGSUMEXP = Safe(exact_logsumexp, exact_softmax, rows=True, small=1, small_slope=1)
LOSS = Safe(exact_loss, exact_loss_grad, rows=True, small=1, small_slope=1)
SOFTPLUS = Safe(exact_softplus, exact_sigmoid, small_slope=1)
ELU = Safe(exact_elu, exact_elu_grad, small_slope=1)

FIRST_LOSS = Plain("the logarithm of a number of classes; the loss itself is the library's")

IN_CODE = {
    "in_practice": {
        name: FIRST_LOSS
        for name in ("draw_first_loss", "first_check", "first_losses", "solved_first_loss")
    },
    "pytorch": {
        "elu_by_where": Breaks(exact_elu, exact_elu_grad, at=89.0),
        "elu_clamped": ELU,
        "my_softplus": Breaks(exact_softplus, exact_sigmoid, at=100.0),
        "sigmoid_by_q": Safe(exact_sigmoid, exact_sigmoid_grad, at_zero=0.0),
        "sigmoid_naive": Breaks(exact_sigmoid, exact_sigmoid_grad, at=-100.0),
        "softplus_by_q": SOFTPLUS,
        "softplus_naive": Breaks(exact_softplus, exact_sigmoid, at=100.0),
        "solved_softplus": SOFTPLUS,
    },
    "sigmoid_tanh": {
        "chain_rule_by_hand": Plain("sigmoid_naive and its slope, step by step, which break"),
        "sigmoid_naive": Breaks(exact_sigmoid, exact_sigmoid_grad, at=-100.0),
        "sigmoid_stable": Safe(exact_sigmoid, exact_sigmoid_grad, both=True),
        "tanh_slope": Safe(exact_tanh_grad, exact_tanh_grad_grad, small_slope=1),
    },
    "softmax": {
        "logsumexp_shifted": Safe(
            exact_logsumexp, exact_softmax, rows=True, small=1, small_slope=1
        ),
        "softmax_naive": Breaks(
            exact_softmax, exact_softmax_back, rows=True, at=(1000.0, 1001.0, 1002.0)
        ),
        "softmax_shifted": ROWWISE,
        "solved_loss_from_logits": replace(LOSS, arguments=(2,)),
        "solved_softmax_rows": ROWWISE,
    },
}

TANH = Safe(mpmath.tanh, exact_tanh_grad, tanh_by_expm1, small_slope=1, at_zero=0.0)
BCE = Safe(exact_bce(1), exact_bce_grad(1), bce_by_parts(1), small_slope=1)
BOUND = Plain("where a value rounds to its bound: found by a search beside it")

IN_PROSE = {
    "accuracy": {
        "1 / (1 + np.exp(-z))": NAIVE,
        r"e^{s}(1 + \mathrm{lost})": Plain("a derivation, of what is done in double precision"),
    },
    "in_practice": {r"\ln K": FIRST_LOSS},
    "why_nonlinearity": {r"\log(1 + e^{-m})": Plain("how a loss falls along a direction")},
    "glossary.md": {r"\mathrm{LSE}(z + c) = \mathrm{LSE}(z) + c": Plain("an identity")},
    "pytorch": {
        r"\log(1 + e^z)": Breaks(
            exact_softplus, exact_sigmoid, lambda np, z: np.log(1 + np.exp(z)), at=100.0
        ),
        r"\log(1 + e^{-z})": Plain("how large a difference is"),
        r"\max(z, 0) + \log(1 + e^{-|z|})": replace(SOFTPLUS, f=softplus_by_parts),
        r"\log(\sigma(z))": Breaks(
            lambda z: -exact_softplus(-z),
            lambda z: exact_sigmoid(-z),
            lambda np, z: np.log(1 / (1 + np.exp(-z))),
            at=-1000.0,
        ),
    },
    "relu_family": {
        "1/(1 + e^{-z})": Plain("the definition of the sigmoid"),
        "e^z - 1": Breaks(exact_elu, exact_elu_grad, lambda np, z: np.exp(z) - 1, at=-1e-8),
        # A page without autograd; PyTorch's minimum would share the tie.
        "expm1(minimum(z, 0))": replace(ELU, f=elu_by_minimum, at_zero=0.5),
    },
    "sigmoid_tanh": {
        "(1 - q)/(1 + q)": Breaks(mpmath.tanh, exact_tanh_grad, tanh_by_q, at=1e-8),
        "(exp(z) - exp(-z)) / (exp(z) + exp(-z))": Breaks(
            mpmath.tanh,
            exact_tanh_grad,
            lambda np, z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
            at=100.0,
        ),
        "-u/(2 + u)": TANH,
        "1 + e^{-z}": BOUND,
        r"1 - \sigma \approx e^{-z}": BOUND,
        r"1 - \tanh \approx 2e^{-2z}": BOUND,
        "1/(1 + e^{-z})": NAIVE,
        r"L = \log(1 + e^{z}) - tz": Plain("what the formula after it computes"),
        r"\begin{aligned} \sigma(z) &= \begin{cases} 1 / (1 + q) & z \ge 0 \\ q / (1 + q) & z < 0 "
        r"\end{cases} \\[3ex] \sigma'(z) &= \frac{q}{(1 + q)^2}, \qquad q = e^{-|z|}. "
        r"\end{aligned}": Safe(
            exact_sigmoid, exact_sigmoid_grad, sigmoid_and_slope_by_q, both=True
        ),
        r"\max(z, 0) - tz + \log(1 + e^{-|z|})": BCE,
        r"p \ln 2": BOUND,
        "q / (1 + q)^2": Safe(exact_tanh_grad, exact_tanh_grad_grad, tanh_grad_by_q, small_slope=1),
        "u = e^{-2|z|} - 1 = q - 1": Plain("what expm1 computes"),
        r"z = (p + 1) \ln 2": BOUND,
        r"z = \tfrac12 (p + 2) \ln 2": BOUND,
    },
    "softmax.json": {
        r"\log\left(e^{10} \sum_j e^{z_j}\right)": Plain("an identity"),
    },
    "softmax": {
        r"\sum_j t_j (\log t_j - \log p_j)": Plain("a definition; the cell works from log_softmax"),
        r"p_1 = \frac{e^{z_1}}{e^{z_1} + e^{z_2}} = \frac{1}{1 + e^{-(z_1 - z_2)}} = "
        r"\sigma(z_1 - z_2).": Plain("an identity"),
        r"-z_c + \log \sum_j e^{z_j}": Breaks(
            exact_loss,
            exact_loss_grad,
            lambda np, z: -z[-1] + np.log(np.sum(np.exp(z))),
            rows=True,
            at=(0.0, 0.0, 100.0),
        ),
        r"\begin{aligned} \log p_i &= z_i - \mathrm{LSE}(z), \\ \mathrm{LSE}(z) &= \log \sum_j "
        r"e^{z_j} . \end{aligned}": Plain("the definition"),
        r"\ln(1 + (K-1)/e)": Plain("the floor of a loss, for a number of classes"),
        r"\log\left(e^c \sum_j e^{z_j}\right) = \mathrm{LSE}(z) + c": Plain("an identity"),
        r"\mathrm{LSE}(z) - z_c": Plain("the loss; LSE is run beside it"),
        r"\mathrm{LSE}(z) - z_c = \mathrm{LSE}(z - m) - (z_c - m)": replace(
            LOSS, f=loss_by_maximum
        ),
        r"\mathrm{LSE}(z) = m + \log \sum_j e^{z_j - m} .": replace(
            LOGSUMEXP, f=logsumexp_by_maximum
        ),
        "e^{z_i + c} = e^c e^{z_i}": Plain("an identity"),
        r"m \le \mathrm{LSE}(z) \le m + \log K": Plain("a bound"),
        "np.log(softmax(z))": Plain("what the cell after it shows to be -inf"),
        r"z = \log p + c": Plain("an identity"),
    },
}

# ---------------------------------------------------------------------------------------
# Finding them

GROWING = {"exp", "expm1", "exp2", "log", "log1p", "log2", "logaddexp", "sinh", "cosh", "power"}
CLAIM = re.compile(
    r"stabl|\bsafe|overflow|digit|remed|surviv|shift|right (?:everywhere|at)|"
    r"only (?:ever )?sees|round",
    re.I,
)
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$|`[^`\n]+`", re.S)
HAS_EXP_OR_LOG = re.compile(r"e\^|exp2?\b|expm1|log1p|\\(?:exp|log|ln)\b|\blog\(|LSE")
# A letter that stands for an exponential, as q = e^{-|z|}.
SHORT = re.compile(r"(?<![a-zA-Z])([a-z]) = e\^")
# An exponential alone, or one with a name, is a part of a formula.
PART = re.compile(
    r"(?:\w = )?(?:e\^(?:\w|\{[^{}]*\})|\\?(?:expm?1?|log1p)(?:\([^()]*\))?)|\\log \w(?:_\w)?"
)
PAGES = ("README.md", "glossary.md", "index.md", "instructors.md", "playground.md")
# Made from what stands elsewhere: the exercises, and the registry.
MADE = {"answer_key", "atlas"}


def functions_in_code():
    """Yield (chapter, name, source) of every function in a cell that calls exp, log or the like."""
    for chapter in CHAPTERS:
        for cell in [] if str(chapter) in MADE else chapter.code:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.FunctionDef):
                    calls = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
                    names = {getattr(f, "attr", getattr(f, "id", "")) for f in calls}
                    if names & GROWING:
                        yield str(chapter), node.name, ast.get_source_segment(cell.source, node)


def texts():
    """Yield (page, text) of everything that readers read, outputs and solutions' code apart."""
    for chapter in CHAPTERS:
        if str(chapter) not in MADE:
            yield str(chapter), chapter.prose
    for page in PAGES:
        yield page, (ROOT / page).read_text(encoding="utf-8")
    for path in sorted((ROOT / "actlib" / "questions").glob("*.json")):
        for question in json.loads(path.read_text(encoding="utf-8")):
            words = [question["question"], *question.get("feedback", {}).values()]
            for option in question.get("options", []):
                words += [option["text"], option["feedback"]]
            yield path.name, "\n\n".join(words)


def formulas_in(text):
    """Return the formulas with a variable in the paragraphs of a text that speak of safety."""
    # A displayed formula belongs to the paragraph before it.
    text = re.sub(r"\n\s*\n(?=\$\$)|(?<=\$\$)\n\s*\n", " ", text)
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        short = "".join(SHORT.findall(paragraph))
        for formula in FORMULA.findall(paragraph) if CLAIM.search(paragraph) else []:
            core = " ".join(formula.strip("$`").split())
            variables = re.sub(r"\\[a-zA-Z]+|[a-zA-Z]{2,}|e\^", " ", core)
            whole = HAS_EXP_OR_LOG.search(core) and not PART.fullmatch(core)
            in_short = short and re.search(rf"[{short}]", variables) and re.search(r"[/-]", core)
            if (whole and re.search(r"[a-zA-Z]", variables)) or (in_short and not PART.match(core)):
                found.append(core)
    return found


CODE = {(chapter, name): source for chapter, name, source in functions_in_code()}
PROSE = {(page, formula) for page, text in texts() for formula in formulas_in(text)}
KNOWN_CODE = {(page, name): e for page, table in IN_CODE.items() for name, e in table.items()}
KNOWN_PROSE = {(page, f): e for page, table in IN_PROSE.items() for f, e in table.items()}
REMEDY = "give each a line in the table: Safe, Breaks or Plain"


def test_every_function_that_could_overflow_is_known():
    assert set(CODE) - set(KNOWN_CODE) == set(), REMEDY
    assert set(KNOWN_CODE) - set(CODE) == set(), "no chapter defines these any more"


def test_every_formula_in_a_paragraph_on_safety_is_known():
    assert PROSE - set(KNOWN_PROSE) == set(), REMEDY
    assert set(KNOWN_PROSE) - PROSE == set(), "no page has these any more"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The stable form is $\\log(1 + e^{z})$.", [r"\log(1 + e^{z})"]),
        ("It cannot overflow:\n\n$$\nq / (1 + e^{-z})\n$$", ["q / (1 + e^{-z})"]),
        ("Safe: `1 / (1 + np.exp(-z))`", ["1 / (1 + np.exp(-z))"]),
        ("The derivative of $e^{-z} + z$ is needed.", []),
        ("`exp` overflows at $e^{89}$, $q = e^{-|z|}$ does not, and $\\ln 10^{12}$ is 27.6.", []),
    ],
)
def test_a_formula_is_found_where_safety_is_claimed(text, found):
    assert formulas_in(text) == found


# ---------------------------------------------------------------------------------------
# Running them


@pytest.fixture(autouse=True)
def forty_digits():
    """Compute what is exact to 40 digits: the rows cancel up to 17."""
    with mpmath.workdps(40):
        yield


class Torch:
    """The names that the formulas use of NumPy, for tensors."""

    @staticmethod
    def maximum(a, b):
        return torch.maximum(a, torch.as_tensor(b, dtype=a.dtype))

    @staticmethod
    def minimum(a, b):
        return torch.minimum(a, torch.as_tensor(b, dtype=a.dtype))

    def __getattr__(self, name):
        return getattr(torch, name)


def of_cell(page, name, library):
    """Return the function of a chapter's cell, with `library` as its np."""
    # A tensor's max gives the index too; amax is the same function without it.
    source = CODE[page, name].replace(".max(", ".amax(") if library is not np else CODE[page, name]
    cell = {"np": library, "torch": torch, "F": F}
    exec(source, cell)
    return cell[name]


def function_of(page, name, entry, library):
    """Return the formula as a function of z alone."""
    if entry.f is not None:
        return partial(entry.f, library)
    function = of_cell(page, name, library)
    return lambda z: function(z, *entry.arguments)


def off_by(got, exact, dtype, small):
    """Return the largest difference, in units in the last place of what is exact."""
    got, exact = np.atleast_1d(got), exact if isinstance(exact, list) else [exact]
    assert got.dtype == dtype and got.shape == (len(exact),)
    info, worst = np.finfo(dtype), 0.0
    for ours, right in zip(got.tolist(), exact, strict=True):
        unit = float(info.eps) * max(abs(right), small) + float(info.smallest_subnormal)
        if abs(right) > float(info.max):
            error = 0.0 if ours == np.inf * mpmath.sign(right) else np.inf
        else:
            error = float(abs(ours - right) / unit) if np.isfinite(ours) else np.inf
        worst = max(worst, error)
    return worst


def exactly(z, dtype):
    """Return z as it is stored in this dtype: an array, and what mpmath makes of it."""
    stored = np.array(z, dtype)
    if stored.ndim:
        return stored, [mpmath.mpf(float(v)) for v in stored]
    return stored[()], mpmath.mpf(float(stored))


def value_off_by(page, name, entry, z, dtype):
    """Return by how many units the value at z is off; a warning of NumPy's is an error."""
    stored, right = exactly(z, dtype)
    if page == "pytorch" and entry.f is None:
        got = function_of(page, name, entry, Torch())(torch.tensor(stored)).numpy()
    else:
        with np.errstate(all="raise", under="ignore"):
            got = function_of(page, name, entry, np)(stored)
    if entry.both:
        got, slope = got
        assert off_by(slope, entry.slope(right), dtype, entry.small_slope) <= entry.units
    return off_by(got, entry.exact(right), dtype, entry.small)


def slope_off_by(page, name, entry, z, dtype):
    """Return by how many units autograd's slope at z is off."""
    stored, right = exactly(z, dtype)
    t = torch.tensor(stored, requires_grad=True)
    a = function_of(page, name, entry, Torch())(t)
    weights = torch.tensor(WEIGHTS, dtype=a.dtype) if a.ndim else 1
    (slope,) = torch.autograd.grad((a * weights).sum(), t)
    exact = entry.slope(right)
    if entry.at_zero is not None and stored == 0:
        exact = mpmath.mpf(entry.at_zero)
    return off_by(slope.numpy(), exact, dtype, entry.small_slope)


def entries(kind):
    """Return the parameters of a test: page, name and entry of each formula of one kind."""
    known = [*KNOWN_CODE.items(), *KNOWN_PROSE.items()]
    return [
        pytest.param(page, name, entry, id=f"{page}: {name}")
        for (page, name), entry in known
        if type(entry) is kind
    ]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("page", "name", "entry"), entries(Safe))
def test_a_safe_formula_has_the_right_value(page, name, entry, dtype):
    if page == "pytorch" and torch is None:
        pytest.skip("PyTorch is not installed")
    points = ROWS if entry.rows else POINTS
    wrong = {z: value_off_by(page, name, entry, z, dtype) for z in points}
    assert {z: error for z, error in wrong.items() if error > entry.units} == {}


@needs_pytorch
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("page", "name", "entry"), entries(Safe))
def test_a_safe_formula_has_the_right_slope(page, name, entry, dtype):
    if entry.both:
        pytest.skip("it returns its slope, which is checked with the value")
    points = ROWS if entry.rows else POINTS
    wrong = {z: slope_off_by(page, name, entry, z, dtype) for z in points}
    assert {z: error for z, error in wrong.items() if error > entry.units} == {}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("target", [0, 0.25, 1])
def test_binary_cross_entropy_is_safe_for_every_target(target, dtype):
    entry = replace(BCE, f=bce_by_parts(target), exact=exact_bce(target), small=1)
    entry = replace(entry, slope=exact_bce_grad(target))
    for z in POINTS:
        assert value_off_by("", "", entry, z, dtype) <= entry.units, z
        assert torch is None or slope_off_by("", "", entry, z, dtype) <= entry.units, z


@needs_pytorch
@pytest.mark.parametrize(("page", "name", "entry"), entries(Breaks))
def test_a_formula_shown_as_broken_breaks(page, name, entry):
    stored, right = exactly(entry.at, entry.dtype)
    a = function_of(page, name, entry, Torch())(torch.tensor(stored)).numpy()
    value = off_by(a, entry.exact(right), entry.dtype, 0)
    assert max(value, slope_off_by(page, name, entry, entry.at, entry.dtype)) > 1000


@pytest.mark.parametrize(
    ("formula", "exact", "z", "dtype"),
    [
        (textbook_bce(1.0), exact_bce(1), -100.0, "float32"),
        (tanh_by_q, mpmath.tanh, 1e-8, "float32"),
        (lambda np, z: np.log(1 + np.exp(z)), exact_softplus, -100.0, "float64"),
    ],
)
def test_a_formula_that_was_once_called_safe_is_refused(formula, exact, z, dtype):
    stored, right = exactly(z, dtype)
    with np.errstate(all="ignore"):
        assert off_by(formula(np, stored), exact(right), dtype, 0) > 1000
