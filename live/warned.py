"""Warn as NumPy does where a number overflows, is divided by zero or has no value.

WebAssembly takes no note of such events, so that NumPy in a browser never hears of them. Here what
a cell computes by itself is looked at instead: its arithmetic, and its calls of NumPy's functions.
What goes on inside of packages is not seen.
"""

import ast
import operator
import warnings

import numpy as np

SIGNS = {
    ast.Add: ("add", operator.add, operator.iadd),
    ast.Sub: ("subtract", operator.sub, operator.isub),
    ast.Mult: ("multiply", operator.mul, operator.imul),
    ast.Div: ("divide", operator.truediv, operator.itruediv),
    ast.FloorDiv: ("floor_divide", operator.floordiv, operator.ifloordiv),
    ast.Mod: ("remainder", operator.mod, operator.imod),
    ast.Pow: ("power", operator.pow, operator.ipow),
    ast.MatMult: ("matmul", operator.matmul, operator.imatmul),
}
DOES = {name: does for name, does, _ in SIGNS.values()}
DOES |= {f"{name}=": does for name, _, does in SIGNS.values()}
# Where a function goes to infinity: there it divides by zero, elsewhere it overflows.
POLES = {
    **dict.fromkeys(("divide", "floor_divide", "remainder"), lambda x, y: y == 0),
    **dict.fromkeys(("power", "float_power"), lambda x, y: x == 0),
    **dict.fromkeys(("log", "log2", "log10", "reciprocal"), lambda x: x == 0),
    "log1p": lambda x: x == -1,
    "arctanh": lambda x: abs(x) == 1,
}
SHORTER = {2: "square", 0.5: "sqrt", -1: "reciprocal"}  # as NumPy computes such powers of arrays
SAID = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}


class Rewriter(ast.NodeTransformer):
    """Hand a cell's arithmetic, and its calls of NumPy's functions, over to `compute`."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if type(node.op) not in SIGNS:
            return node  # of bits
        return self.computed(node, ast.Constant(SIGNS[type(node.op)][0]), node.left, node.right)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if type(node.op) not in SIGNS or not isinstance(node.target, ast.Name):
            return node  # what stands before a part would be computed twice
        name = ast.Constant(f"{SIGNS[type(node.op)][0]}=")
        before = ast.Name(node.target.id, ast.Load())
        value = self.computed(node, name, before, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Call(self, node):
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(ast.Name("np" | "numpy"), name):
                if isinstance(getattr(np, name, None), np.ufunc) and not node.keywords:
                    return self.computed(node, node.func, *node.args)
        return node

    @staticmethod
    def computed(node, *given):
        call = ast.Call(ast.Name("__compute__", ast.Load()), [*given], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def compute(what, *inputs):
    """Return what an operation or a function of NumPy makes of its inputs, and warn as it would."""
    sign = isinstance(what, str)
    if sign and what[-1] == "=" and isinstance(inputs[0], np.ndarray):
        target, inputs = inputs[0], (np.array(inputs[0]), inputs[1])
        result = DOES[what](target, inputs[1])
    else:
        result = DOES[what](*inputs) if sign else what(*inputs)
    if isinstance(result, np.ndarray | np.generic) and (sign or isinstance(what, np.ufunc)):
        name = what.rstrip("=") if sign else what.__name__
        tell(name, result, inputs, sign and not any(isinstance(x, np.ndarray) for x in inputs))
    return result


def tell(name, result, inputs, scalar):
    # As plain arrays: an exercise may watch what is done with those that it hands over.
    made, *given = map(np.asarray, (result, *inputs))
    if made.dtype.kind not in "fciu" or any(x.dtype.kind not in "bfciu" for x in given):
        return
    whole = made.dtype.kind in "iu"
    if np.isfinite(made).all() and not (whole and name in ("floor_divide", "remainder")):
        return
    with np.errstate(all="ignore"):
        if name == "power" and not scalar and np.isscalar(inputs[1]) and inputs[1] in SHORTER:
            name, given = SHORTER[inputs[1]], given[:1]
        pole = POLES[name](*given) if name in POLES else np.False_
        finite, missing = np.True_, np.False_
        for each in given:
            finite = finite & (np.isfinite(each).all() if name == "matmul" else np.isfinite(each))
            missing = missing | (np.isnan(each).any() if name == "matmul" else np.isnan(each))
        infinite = np.isinf(made) & finite
        events = {
            "divide": (infinite | whole) & pole,
            "over": infinite & ~pole,
            "invalid": np.isnan(made) & ~missing,
        }
    asked = np.geterr()
    for event, places in events.items():
        if not places.any() or asked[event] == "ignore":
            continue
        text = f"{SAID[event]} encountered in {'scalar ' * scalar}{name}"
        if asked[event] == "raise":
            raise FloatingPointError(text)
        warnings.warn(text, RuntimeWarning, stacklevel=3)


def prepared(tree, source, names):
    """Return a cell's code as it runs in the page, which may use `compute`.

    An exercise's check reads the answer's own code, and says itself what overflows.
    """
    names["__compute__"] = compute
    return tree if "check_" in source else Rewriter().visit(tree)
