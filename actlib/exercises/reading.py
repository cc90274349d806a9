"""Reading an answer's code: which functions and operators it uses, its helpers' included."""

import builtins
import contextlib
import dis
import functools
import inspect

LOOKUPS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF")
# What finds a function by a text: the text is then read as a name.
BY_TEXT = {"getattr", "__getattribute__", "vars", "__dict__", "attrgetter", "ACTIVATIONS"}
BETWEEN = ("EXTENDED_ARG", "PUSH_NULL", "NOP")  # steps that leave what was loaded in place
BARE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
MISSING = object()


def used_by(function, unless=(), depth=4):
    """Yield (as written, names) for each name, comparison and power in a function's code.

    The names are the last part of what is written, and what the object behind it calls
    itself. A helper from the same notebook is read as well, except one that is named in
    `unless`.
    """
    function = _plain(function)
    code = getattr(function, "__code__", None)
    if code is None:
        name = getattr(function, "__name__", type(function).__name__)
        yield name, {name}
        return
    if (getattr(function, "__module__", "") or "").startswith("actlib.activations"):
        # A function of the course was handed over as it is.
        yield function.__name__, {function.__name__}
    helpers = []
    known = {**vars(builtins), **function.__globals__, **_closure(function)}
    for path, thing in _names(code, known, unless):
        if thing is not function and _is_helper(thing, function):
            helpers += [thing] if path not in unless else []
        else:
            yield path, {path.rpartition(".")[2], getattr(thing, "__name__", type(thing).__name__)}
    for helper in helpers if depth else ():
        if helper.__name__ not in unless:
            yield from used_by(helper, unless, depth - 1)


def is_untouched(function):
    """Tell whether a function is a stub: it returns None or `...` and does nothing else."""
    code = getattr(_plain(function), "__code__", None)
    steps = list(dis.get_instructions(code)) if code else []
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= BARE and constants[-1:] in ([None], [...])


def _plain(function):
    """Return the Python function behind a partial, a bound method or a callable object."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not hasattr(function, "__code__") and not inspect.isbuiltin(function):
        for name in ("forward", "__call__"):
            method = getattr(type(function), name, None)
            if hasattr(method, "__code__"):
                return method
    return function


def _closure(function):
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # a cell that is not filled yet
            found[name] = cell.cell_contents
    return found


def _is_helper(thing, function):
    thing = _plain(thing) if callable(thing) and not inspect.isclass(thing) else None
    return getattr(thing, "__globals__", None) is function.__globals__


def _names(code, known, unless):
    path, thing = "", MISSING
    steps = list(dis.get_instructions(code))
    by_text = BY_TEXT & {step.argval for step in steps if isinstance(step.argval, str)}
    for step in steps:
        if step.opname in LOOKUPS:
            path, thing = step.argval, known.get(step.argval, MISSING)
            yield path, thing
        elif step.opname.startswith("LOAD_FAST"):
            # From Python 3.13 on one step may load two.
            path = step.argval[-1] if isinstance(step.argval, tuple) else step.argval
            thing = MISSING
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            path = f"{path}.{step.argval}"
            thing = getattr(thing, step.argval, MISSING) if inspect.ismodule(thing) else MISSING
            yield path, thing
        elif step.opname == "IMPORT_FROM":
            yield step.argval, MISSING
        elif step.opname not in BETWEEN:
            # An attribute of what is computed here has no path: (u - v).max is .max.
            path, thing = "", MISSING
            if step.opname == "COMPARE_OP":
                yield str(step.argval), MISSING
            elif "POWER" in step.opname or step.argrepr.startswith("**"):
                yield "**", MISSING
            elif step.opname == "LOAD_CONST" and by_text and isinstance(step.argval, str):
                yield step.argval, MISSING
    for inner in code.co_consts:
        if inspect.iscode(inner) and inner.co_name not in unless:
            yield from _names(inner, known, unless)
