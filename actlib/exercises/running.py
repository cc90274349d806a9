"""Calling an answer: once for each case, without a trace in the reader's session."""

import copy
import io
import linecache
import sys
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .showing import shorten
from .watching import tensors_watched

# Files that are not the reader's: this package, Python's library, what is installed.
FOREIGN = (str(Path(__file__).parents[1]), str(Path(linecache.__file__).parent))
PRINTED = 2000  # characters that are kept of what an answer prints


@dataclass
class Outcome:
    """What one call did: its result or its error, and what could be seen on the way."""

    case: tuple
    result: object = None
    error: BaseException | None = None
    line: str = ""  # the reader's line that raised
    inside: str = ""  # the file and function in which the error arose
    printed: str = ""
    changed: tuple = ()  # the places of arguments that are no longer what they were
    seen: list = field(default_factory=list)  # what a watch had to say


def call(function, case, watch=None):
    """Call a function with copies of a case's arguments; return the Outcome, never raise.

    `watch` turns an array into one that reports each NumPy step; see `watching`.
    """
    outcome, out = Outcome(case), _Short()
    arguments = [np.copy(x) if isinstance(x, np.ndarray) else x for x in case]
    handed = [watch(x, outcome.seen) if watch else x for x in arguments]
    try:
        tensors = tensors_watched(watch and watch.judge, outcome.seen)
        with undisturbed(), redirect_stdout(out), tensors:
            outcome.result = function(*handed)
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if _is_readers(frame.filename)]
        if own:
            outcome.line = shorten(linecache.getline(own[-1].filename, own[-1].lineno), 70)
        outcome.inside = f"{frames[-1].filename}:{frames[-1].name}"
        # The traceback would keep every array of the call alive.
        outcome.error = error.with_traceback(None)
    outcome.printed = out.getvalue()
    pairs = zip(arguments, case, strict=True)
    outcome.changed = tuple(at for at, pair in enumerate(pairs) if not _equal(*pair))
    return outcome


def _is_readers(filename):
    return not filename.startswith(FOREIGN) and "-packages" not in filename


def _equal(a, b):
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a is b or a == b


class _Short(io.StringIO):
    """A text stream that keeps its beginning: an endless loop may print endlessly."""

    def write(self, text):
        if self.tell() < PRINTED:
            super().write(text[: PRINTED - self.tell()])
        return len(text)


@contextmanager
def undisturbed():
    """Run a block as in a fresh session, and leave the session as it was.

    Floating-point errors and warnings are silent inside: a verdict comes from values. In
    WebAssembly NumPy does not notice such errors at all.
    """
    with warnings.catch_warnings(), np.printoptions(), np.errstate(all="ignore"), _torch_state():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _torch_state():
    # PyTorch is never imported here; if the reader has, its modes are put back afterwards.
    torch = sys.modules.get("torch")
    if not hasattr(torch, "set_default_dtype"):
        yield
        return
    grad, dtype = torch.is_grad_enabled(), torch.get_default_dtype()
    options = getattr(sys.modules.get("torch._tensor_str"), "PRINT_OPTS", None)
    before = copy.copy(vars(options)) if options else {}
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        if options:
            vars(options).update(before)
