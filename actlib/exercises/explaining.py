"""Errors that an answer raised, explained by kind: why it happened and what to try next.

A kind is told by the error's type and message, and by the reader's line where the message
alone would leave it open. The first that fits is taken. No kind blames a call that is not
in that line.
"""

import inspect
import re
from dataclasses import dataclass

from .showing import shorten


@dataclass(frozen=True)
class Kind:
    """Errors of one kind: patterns of 'Type: message', of the line and of where it arose."""

    error: str
    why: str
    then: str
    line: str = ""
    inside: str = ""

    def fits(self, said, line, inside):
        return (
            re.search(self.error, said)
            and re.search(self.line, line)
            and re.search(self.inside, inside)
        )


ONE_TRUTH = "truth value|Boolean value of Tensor"
ONE_NUMBER = "Python scalars|cannot convert the series"

KINDS = (
    # A choice made once for a whole array.
    Kind(
        ONE_TRUTH,
        "A loss module was handed tensors where it takes its settings.",
        "build it first and call what was built, as in nn.SomeLoss()(logits, targets), or use "
        "the function of the same name in F.",
        inside=r"modules.loss|_reduction|modules.activation",
    ),
    Kind(
        ONE_TRUTH,
        "Python's own max and min compare whole rows, and a comparison of rows has many truth "
        "values.",
        "take z.max(axis=-1, keepdims=True), NumPy's maximum of each row.",
        line=r"(?<![\w.])(max|min|sorted)\([\w.]+\)",
    ),
    Kind(
        ONE_TRUTH,
        "Python's own max and min compare their arguments as wholes, and a comparison of "
        "arrays has many truth values.",
        "take np.maximum or np.minimum (torch.maximum for tensors), which compare entry by entry.",
        line=r"(?<![\w.])(max|min|sorted)\(",
    ),
    Kind(
        ONE_TRUTH,
        "`if` and `while` decide once, but an array has a truth value for each entry.",
        "choose entry by entry, with np.where(condition, a, b), np.maximum or torch.where.",
        line=r"\b(if|elif|while|assert)\b",
    ),
    Kind(
        ONE_TRUTH,
        "`and`, `or` and `not` decide once, but an array has a truth value for each entry.",
        "write & for and, | for or, ~ for not, with each comparison in parentheses.",
        line=r"\b(and|or|not)\b",
    ),
    Kind(
        ONE_TRUTH,
        "Something asked for one truth value of a whole array.",
        "choose entry by entry, with np.where, np.maximum or torch.where.",
    ),
    # One number wanted, an array given.
    Kind(
        "integer scalar arrays|cannot be interpreted as an integer|expected a sequence of integers",
        "An array, or a number with a point, stands where a whole number belongs: the second "
        "argument of np.max, np.min and np.sum is an axis, not a second operand.",
        "compare two things entry by entry with np.maximum(a, b); an axis or a size is a plain "
        "int.",
    ),
    Kind(
        ONE_NUMBER,
        "The functions of the module `math`, and float(), take one number, not an array.",
        "take NumPy's function of the same name (np.exp, np.log, np.sqrt), which takes each "
        "entry, or PyTorch's for a tensor.",
    ),
    # PyTorch's functions and tensors.
    Kind(
        "must be Tensor, not (tuple|list)",
        "PyTorch's functions take one tensor, and this is a tuple or a list of several things.",
        "take the tensor out of it, as (t,) = ctx.saved_tensors does, or join tensors with "
        "torch.stack.",
    ),
    Kind(
        r"must be Tensor, not (numpy|float|int|bool)|invalid combination[^(]*\([^)]*numpy",
        "PyTorch's functions take tensors, and this is a NumPy array or a number.",
        "make a tensor first: t = torch.as_tensor(...), or torch.zeros_like(t) for a 0.",
    ),
    Kind(
        "numpy.ndarray' object has no attribute",
        "PyTorch's functions and methods belong to tensors, and this is a NumPy array.",
        "make a tensor first: t = torch.as_tensor(...).",
        line=r"\b(F|torch|nn|functional)\.|detach|clamp|requires_grad|\.dim\b",
    ),
    Kind(
        "not implemented for '(Long|Int|Short|Byte|Bool)|got (Long|Int)|output type (Long|Int)"
        "|Only Tensors of floating point|expected scalar type|same dtype|Input dtype must be",
        "A tensor has the wrong dtype here: whole numbers where decimals belong, or float32 "
        "beside float64.",
        "convert it: t.float() or t.double(), or other.to(t.dtype).",
    ),
    Kind(
        "LongTensor|target tensor expected|expected target dtype",
        "This loss wants a class number for each row, a whole one.",
        "give the labels as integers of shape (n,), with labels.long(), scores first and labels "
        "second; targets of 0.0 and 1.0 want a binary loss.",
    ),
    Kind(
        "Can't call numpy|requires grad",
        "NumPy cannot go on with a tensor whose gradient is wanted.",
        "take PyTorch's functions (torch.exp, torch.log, torch.where) up to the end.",
        line=r"np\.|numpy",
    ),
    Kind(
        "does not require grad|does not have a grad_fn|appears to not have been used",
        "No gradient comes back: the result is not connected to the tensor that went in.",
        "start from the tensor you are given and use tensor operations only; .detach(), "
        ".item(), .numpy() and torch.tensor(...) cut the connection.",
    ),
    Kind(
        "NoneType' object has no attribute 'numpy'",
        "No gradient came back: a backward pass without `return` gives None.",
        "write `return` before the gradient.",
    ),
    Kind(
        "'(list|tuple)' object has no attribute",
        "A list or a tuple stands where an array or a tensor belongs.",
        "take the one that is asked for out of it, or join its parts: np.array of numbers, "
        "torch.stack of tensors.",
    ),
    Kind(
        "'(float|int)' object has no attribute",
        "A plain Python number stands where a tensor or an array belongs; .item() and float() "
        "make one, and cut the gradient off.",
        "keep tensors, or arrays, up to the end.",
    ),
    Kind(
        "in-?place|leaf Variable",
        "A tensor was changed in place that the gradient still needs.",
        "write t = t + ... instead of t += ... or t[...] = ....",
    ),
    Kind(
        "between 0 and 1",
        "A loss that takes probabilities got numbers below 0 or above 1.",
        "give logits to the loss that takes them: F.binary_cross_entropy_with_logits.",
    ),
    Kind(
        "not enough values to unpack.*got 0",
        "Nothing was saved for the backward pass.",
        "write ctx.save_for_backward(t) in forward.",
        line="saved_tensors",
    ),
    Kind(
        "returned an invalid gradient",
        "The gradient that `backward` returns has another shape than what `forward` was given.",
        "return a number for each entry of t: leave out the sum or the mean.",
    ),
    Kind(
        "incorrect number of gradients",
        "`backward` returns a gradient for each argument that `forward` takes after ctx.",
        "return as many as that, no more and no fewer.",
    ),
    Kind(
        "expected Variable or None",
        "`backward` has to return a tensor, and this is something else.",
        "use PyTorch's functions in place of NumPy's: torch.relu, torch.where.",
    ),
    Kind(
        r"Module\.apply\(\)",
        "The class is an nn.Module, whose apply does something else.",
        "derive it from torch.autograd.Function, and give it forward and backward.",
    ),
    # Shapes.
    Kind(
        "mismatch in its core dimension|not aligned|cannot be multiplied|size mismatch"
        "|inconsistent tensor size",
        "A matrix product needs the columns of the first to be as many as the rows of the second.",
        "print both shapes; one factor wants .T, or the two want the other order.",
    ),
    Kind(
        "not have enough dimensions|both arguments to matmul|matmul: Input operand"
        r"|for @: '(numpy\.)?(float|int)\d*' and '(numpy\.)?(float|int)\d*'",
        "@ multiplies matrices and rows, not plain numbers.",
        "use * for a product of entries, or give @ two arrays with axes.",
    ),
    Kind(
        # (4, 3) beside (4,): a number for each row that has lost its axis.
        r"broadcast.*\((\d+),\d+\) \(\1,\)|broadcast.*\((\d+),\) \(\2,\d+\)"
        r"|must match the size|non-singleton dimension",
        "Sizes are lined up from the last axis, and a sum or a maximum over an axis removes it.",
        "keep the axis with keepdims=True, so that each row meets its own number.",
        line=r"\b(a?max|a?min|n?sum|mean|norm|logsumexp)\(",
    ),
    Kind(
        "broadcast|must match the size|non-singleton dimension",
        "Sizes are lined up from the last axis; they must be equal, or one of them 1.",
        "print the shapes of both sides just before this line, and see which axis is missing or "
        "in the wrong place.",
    ),
    Kind(
        "AxisError|Dimension out of range",
        "This input has fewer axes than that: one row alone is an array with one axis.",
        "count from the end: axis=-1 is the last axis, however many there are.",
    ),
    Kind(
        "same number of dimensions",
        "np.concatenate joins arrays that have the same number of axes.",
        "give the one with fewer an axis, as b[None] does, or use np.vstack, which does that.",
    ),
    Kind(
        "inhomogeneous|setting an array element with a sequence",
        "An array is put together from pieces of different shapes.",
        "make each entry with one NumPy expression, or give all pieces the same shape.",
    ),
    Kind(
        "must be of integer \\(or boolean\\) type|only integers, slices",
        "An index must be a whole number, and this one has a decimal point, or is no number.",
        "use the labels or np.arange(n) as they are, or convert with .astype(int).",
    ),
    Kind(
        "too many indices|invalid index to scalar|not subscriptable",
        "There are more brackets than axes: one row has one axis, a number none.",
        "print the shape before this line; [..., 0] or axis=-1 counts from the last axis.",
    ),
    Kind(
        "IndexError",
        "An index points past the end.",
        "print the index and the shape before this line; the last of n entries has number n - 1.",
    ),
    Kind(
        "len\\(\\) of unsized|iteration over a 0-d|not iterable",
        "This input is one number: it has no length, and no entries to go through.",
        "leave the loop or len() out; NumPy's functions take numbers and arrays alike.",
    ),
    # Names and calls.
    Kind(
        "UnboundLocalError",
        "A name that gets a value somewhere in the function is local, and here it has none yet.",
        "give it a value before this line, on every branch.",
    ),
    Kind(
        "NameError",
        "A name is used that does not exist at this point.",
        "check its spelling against the arguments, or run the cell that defines it.",
    ),
    Kind(
        "ImportError|ModuleNotFoundError",
        "Something is imported that is not there.",
        "use what the first cell of the chapter imports.",
    ),
    Kind(
        "NoneType",
        "A step gave None: a function without `return`, or a method that works in place.",
        "write `return` before its result, or print the parts of this line one by one.",
    ),
    Kind(
        "has no attribute",
        "What stands before the point does not have what stands after it.",
        "look at the spelling, or find the function: np.exp(z), say, instead of z.exp().",
    ),
    Kind(
        "unexpected keyword|invalid keyword|got (some positional-only|an invalid)",
        "A function got an argument by a name that it does not have.",
        "look at its signature with `?`; NumPy says axis and keepdims, PyTorch dim and keepdim.",
    ),
    Kind(
        "positional argument|required argument|takes (at most|no|exactly|from)|\\(\\d+ given\\)",
        "A function was called with too few or too many arguments.",
        "look at its signature with `?`, and count the arguments in this line.",
    ),
    Kind(
        "is not callable",
        "Parentheses after something that is no function mean a call.",
        "write * for a product and [ ] for an entry.",
    ),
    Kind(
        r"bitwise_xor|type\(s\) for \^|xor_cpu",
        "In Python ^ is no power: it compares the bits of whole numbers.",
        "write ** for a power, as in z**2.",
    ),
    Kind(
        "unsupported operand|can't multiply sequence|did not contain a loop|can only concatenate"
        "|must be str|not supported between",
        "The two sides of an operation do not go together.",
        "print the type of each side; np.asarray makes an array of a list, and a method needs "
        "its parentheses.",
    ),
    Kind(
        "could not convert|invalid literal",
        "Text was taken for a number.",
        "write numbers without quotation marks.",
    ),
    # Numbers.
    Kind(
        "FloatingPointError: overflow",
        "A number grew beyond what the dtype can hold; np.seterr or np.errstate makes that an "
        "error.",
        "rewrite the formula so that exp and powers see no large positive number.",
    ),
    Kind(
        "FloatingPointError: underflow",
        "A number became too small and rounds to 0, which is harmless; np.seterr or np.errstate "
        "makes that an error.",
        "leave out np.seterr, or let it ignore underflow: under='ignore'.",
    ),
    Kind(
        "FloatingPointError",
        "A step gave nan or divided by 0; np.seterr or np.errstate makes that an error.",
        "print the numbers of this line before it: which is inf, 0 or nan?",
    ),
    Kind(
        "OverflowError",
        "A number grew beyond what a float can hold.",
        "rewrite the formula so that exp and powers see no large positive number.",
    ),
    Kind(
        "ZeroDivisionError",
        "Something was divided by a 0.",
        "print the denominator before this line, and see for which input it becomes 0.",
    ),
    Kind(
        "math domain error|expected a positive input|expected a nonnegative",
        "math.log and math.sqrt refuse 0 or negative numbers.",
        "rewrite the formula so that they see positive numbers only.",
    ),
    Kind(
        "RecursionError",
        "The function calls itself and never comes to an end.",
        "give it a case in which it does not call itself; if another function was meant, check "
        "its name.",
    ),
    Kind(
        "MemoryError|Unable to allocate|not enough memory",
        "An array became too large for the memory.",
        "look for a product of all entries with all entries, and take sums along an axis instead.",
    ),
    Kind(
        "read-only",
        "A result of NumPy was changed that shares its memory with another array.",
        "work on a copy: z = z.copy().",
    ),
    Kind(
        "EOFError|StdinNotImplemented|raw_input",
        "input() waits for somebody to type, and a check calls the function by itself.",
        "use the arguments in place of input().",
    ),
    Kind(
        "AssertionError",
        "An `assert` in your own code did not hold.",
        "print what it compares just before it.",
    ),
    Kind(
        "SystemExit",
        "exit() ends the program, not the function.",
        "use `return`.",
    ),
)


def explain(outcome, function, call, arguments):
    """Return (why, next step) for an error that a call of a reader's function raised.

    `call` is how the check calls it, as text, with `arguments` the names of the arguments.
    """
    if _refuses(function, len(arguments)):
        then = f"write its first line as `def {call}:`."
        if not hasattr(function, "__code__"):
            then = f"write a function of your own that takes {' and '.join(arguments)}."
        return f"The check calls it as {call}.", then
    said = message(outcome.error, 1000)
    for kind in KINDS:
        if kind.fits(said, outcome.line, outcome.inside):
            return kind.why, kind.then
    return "", f"run {call} with these numbers in a cell of its own, and read the whole message."


def message(error, length=110):
    """Return an error's type and message, shortened.

    NumPy's advice on truth values, a.any() or a.all(), would lead astray and is left out.
    """
    try:
        text = str(error)
    except Exception:  # a class of the reader's own, whose message fails
        text = ""
    text = re.sub(r" Use a\.any\(\) or a\.all\(\)", "", " ".join(text.split())).rstrip(".")
    name = type(error).__name__
    return shorten(f"{name}: {text}" if text else name, length)


def _refuses(function, arguments):
    try:
        inspect.signature(function).bind(*range(arguments))
    except ValueError:  # no signature to be read
        return False
    except TypeError:
        return True
    return False
