"""Find what a cell needs: the statements of earlier cells that it depends on, and no others.

A notebook is read as a list of units, its top-level statements. Of each unit this finds which
names it reads, binds, and changes in place: by assigning to a part, by a method that is not
known to leave its object alone, by a call of a function that changes what it is given. A random
generator changes with every draw. From these the units follow that must run before a cell, so
that it prints what the page shows, while an exercise need not wait for an experiment.

It is a careful reading, not a proof: `exec`, a name made up at run time, or an object that hides
in another are not seen. The tests run each cell of the course after only what this names.
"""

import ast
import builtins
import hashlib
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np

# States that no name stands for: how figures look, and how NumPy prints and warns.
LOOK, NUMPY = "<look>", "<numpy>"
SETTERS = {
    "use_course_style": LOOK,
    "use": LOOK,
    "rcdefaults": LOOK,
    "update": LOOK,
    "set_printoptions": NUMPY,
    "seterr": NUMPY,
    "seed": NUMPY,
    "manual_seed": NUMPY,
    "simplefilter": NUMPY,
    "filterwarnings": NUMPY,
}
DRAWING = ("matplotlib", "actlib.plotting", "actlib.widgets")

CHANGING_ARRAY = set(
    ["sort", "fill", "put", "resize", "partition", "setfield", "setflags", "byteswap", "itemset"]
)
LEAVING = (
    ({*dir(np.ndarray)} - CHANGING_ARRAY)
    | {*dir(str)}
    | set(
        [
            "get",
            "items",
            "keys",
            "values",
            "index",
            "count",
            "copy",
            "union",
            "intersection",
            "difference",
            "issubset",
        ]
    )
    | set(
        [
            "group",
            "groups",
            "start",
            "end",
            "span",
            "read_text",
            "read_bytes",
            "exists",
            "glob",
            "is_file",
            "resolve",
        ]
    )
    | set(["detach", "numpy", "size", "dim", "cpu"])
)
# In a package, whose objects are known less well, a method counts as changing only by its name.
CHANGING = (
    CHANGING_ARRAY
    | {*dir(np.random.Generator)} - {"spawn"}
    | set(
        [
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "clear",
            "update",
            "add",
            "discard",
            "setdefault",
            "popitem",
        ]
    )
    | set(["sort", "reverse", "write", "set_trait", "shuffle"])
)
# NumPy's functions that write into an argument, by its place.
WRITES_INTO = {
    "shuffle": 0,
    "copyto": 0,
    "fill_diagonal": 0,
    "put": 0,
    "place": 0,
    "putmask": 0,
    "at": 0,
}
BUILTINS = {*dir(builtins)}


@dataclass
class Effects:
    """What a statement, or a function when it is called, reads, binds and changes."""

    reads: set = field(default_factory=set)
    later: set = field(default_factory=set)  # what functions that it defines read when called
    binds: set = field(default_factory=set)
    changes: set = field(default_factory=set)
    loops: set = field(default_factory=set)  # of what it binds, what a loop leaves over


@dataclass
class Function:
    """What calling a function does: to its parameters, in order, and to names outside."""

    parameters: tuple
    changed: frozenset = frozenset()  # parameters
    outside: frozenset = frozenset()  # names of the notebook that it changes


@dataclass
class Unit:
    """A top-level statement of cell number `cell`, its code and its effects."""

    cell: int
    source: str
    line: int
    effects: Effects
    modules: frozenset = frozenset()


def root(node):
    """Return the name that an expression such as `a.b[0].c` starts from, None if none does."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def name_of(node):
    """Return the last name of an expression such as `np.random.default_rng`, or None."""
    return getattr(node, "attr", getattr(node, "id", None))


def parts(node):
    """Yield the names whose objects may be, or be in, the value of an expression."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        for each in node.elts:
            yield from parts(each)
    elif isinstance(node, ast.Dict):
        for each in node.values:
            yield from parts(each)
    elif isinstance(node, ast.IfExp):
        yield from parts(node.body)
        yield from parts(node.orelse)
    elif isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("zip", "enumerate", "reversed", "sorted", "list", "tuple", "dict", "iter"):
            for each in node.args:
                yield from parts(each)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "values"):
            yield from parts(node.func.value)
    elif name := root(node):
        yield name


class Reader(ast.NodeVisitor):
    """Collect the effects of statements in one scope: a notebook's, or a function's."""

    def __init__(self, functions):
        self.functions = functions
        self.inner = []  # names of comprehensions, innermost last
        self.sure = True  # this statement runs in any case
        self.effects = Effects()
        self.alike = []  # sets of names that may share an object
        self.fresh = set()  # names that are given a new object
        self.maybe = set()  # names that may be given one
        self.modules = {}
        self.generators = functions.setdefault("<generators>", set())

    # -- names

    def is_inner(self, name):
        return any(name in names for names in self.inner)

    def visit_Name(self, node):
        if self.is_inner(node.id):
            return
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.effects.binds or not self.sure:
                self.effects.reads.add(node.id)
            self.use(node.id)
        else:
            self.bind(node.id)
            if isinstance(node.ctx, ast.Del):
                self.change(node.id)

    def bind(self, name):
        self.effects.binds.add(name)
        if not self.sure:
            # What it was before may still count; inside of a function that is its own affair.
            self.maybe.add(name)

    def change(self, name):
        if name and not self.is_inner(name):
            self.effects.changes.add(name)
        for names in self.inner:
            # A loop's variable stands for the parts of what it loops over.
            for each in names.get(name, ()):
                self.change(each)

    def use(self, name):
        """Count what a function changes outside as changed wherever the function is used."""
        for function in self.functions.get(name, ()):
            for each in function.outside:
                self.change(each)

    # -- statements

    def visit_Import(self, node):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.modules[name] = alias.name
            self.bind(name)

    def visit_ImportFrom(self, node):
        for alias in node.names:
            name = alias.asname or alias.name
            self.modules[name] = f"{node.module}.{alias.name}"
            self.bind(name)

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            self.store(target, node.value)

    def visit_AnnAssign(self, node):
        self.visit(node.annotation)
        if node.value:
            self.visit(node.value)
            self.store(node.target, node.value)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        self.change(root(node.target))
        if name := root(node.target):
            self.effects.reads.add(name)
        if not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        self.store(node.target, node.value)

    def store(self, target, value):
        if isinstance(target, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            for i, each in enumerate(target.elts):
                self.store(each, value.elts[i] if same else value)
        elif isinstance(target, ast.Starred):
            self.store(target.value, value)
        elif isinstance(target, ast.Name):
            self.visit(target)
            if isinstance(value, ast.Call) and name_of(value.func) == "default_rng":
                self.generators.add(target.id)
            held = {*parts(value)} if value is not None else set()
            if isinstance(value, ast.Dict) and (table := self.table(value)):
                self.functions[target.id] = table
            if held:
                self.alike.append({target.id, *held})
            elif self.sure:
                self.fresh.add(target.id)
        else:
            name = root(target)
            self.change(name)
            if name:
                self.effects.reads.add(name)
                if value is not None and (held := {*parts(value)}):
                    self.alike.append({name, *held})
            self.visit_parts_of(target)

    def table(self, node):
        """Return the functions that a dict holds."""
        names = [each.id for each in node.values if isinstance(each, ast.Name)]
        return [function for name in names for function in self.functions.get(name, ())]

    def visit_parts_of(self, target):
        if isinstance(target, ast.Subscript):
            self.visit(target.slice)
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            if isinstance(target.value, (ast.Subscript, ast.Attribute)):
                self.visit_parts_of(target.value)
            else:
                self.visit(target.value)

    def visit_Delete(self, node):
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.visit(target)
            else:
                self.change(root(target))
                self.visit_parts_of(target)

    def unsure(self, statements):
        before, self.sure = self.sure, False
        for each in statements:
            self.visit(each)
        self.sure = before

    def visit_If(self, node):
        self.visit(node.test)
        self.unsure(node.body + node.orelse)

    def visit_While(self, node):
        self.visit(node.test)
        self.unsure(node.body + node.orelse)

    def visit_For(self, node):
        # Taken to run at least once, as loops of a course do.
        self.visit(node.iter)
        names = {each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)}
        self.effects.loops |= names - self.effects.binds
        self.store(node.target, node.iter)
        for each in node.body + node.orelse:
            self.visit(each)

    def visit_Try(self, node):
        self.unsure(node.body + node.orelse + node.finalbody)
        for handler in node.handlers:
            if handler.type:
                self.visit(handler.type)
            self.unsure(handler.body)

    def visit_With(self, node):
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars:
                self.store(item.optional_vars, item.context_expr)
        for each in node.body:
            self.visit(each)

    def visit_Match(self, node):
        self.visit(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                for name in (getattr(pattern, "name", None), getattr(pattern, "rest", None)):
                    if name:
                        self.effects.changes.add(name)
                        self.effects.binds.add(name)
            self.unsure([each for each in (case.guard, *case.body) if each])

    # -- scopes

    def visit_comprehension_of(self, node, *elements):
        names = {}
        self.inner.append(names)
        for part in node.generators:
            held = [*parts(part.iter)]
            self.visit(part.iter)
            for each in ast.walk(part.target):
                if isinstance(each, ast.Name):
                    names[each.id] = held
            for test in part.ifs:
                self.visit(test)
        for element in elements:
            self.visit(element)
        self.inner.pop()

    def visit_ListComp(self, node):
        self.visit_comprehension_of(node, node.elt)

    visit_SetComp = visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node):
        self.visit_comprehension_of(node, node.key, node.value)

    def visit_FunctionDef(self, node):
        for each in (*node.decorator_list, *self.defaults(node.args)):
            self.visit(each)
        effects, function = read_function(node, self.functions)
        self.effects.later |= effects.reads | effects.later
        self.functions.setdefault(node.name, [])[:] = [function]
        self.bind(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        for each in self.defaults(node.args):
            self.visit(each)
        effects, function = read_function(node, self.functions)
        names = {name for name in effects.reads | effects.later if not self.is_inner(name)}
        self.effects.reads |= names
        self.effects.later |= names
        for name in function.outside:
            self.change(name)

    def visit_ClassDef(self, node):
        for each in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.visit(each)
        for each in node.body:
            if isinstance(each, ast.FunctionDef):
                effects, function = read_function(each, self.functions)
                self.effects.later |= effects.reads | effects.later
                method(self.functions, node.name, each.name, function)
            else:
                inner = Reader(self.functions)
                inner.visit(each)
                self.effects.reads |= inner.effects.reads
                self.effects.later |= inner.effects.later
        self.bind(node.name)

    @staticmethod
    def defaults(arguments):
        return [each for each in (*arguments.defaults, *arguments.kw_defaults) if each]

    # -- calls

    def visit_Call(self, node):
        self.generic_visit(node)
        for keyword in node.keywords:
            if keyword.arg == "out":
                self.change(root(keyword.value))
        name = None
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in ("next", "setattr", "delattr") and node.args:
                self.change(root(node.args[0]))
            known = self.functions.get(name, ())
        elif isinstance(node.func, ast.Attribute):
            name, owner = node.func.attr, root(node.func)
            of_module = owner is None or self.is_module(owner)
            known = self.functions.get(name if of_module else f".{name}", ())
            if owner is None:  # of what a call returns
                known = [*known, *self.functions.get(f".{name}", ())]
            if (of_module or name == "shuffle") and name in WRITES_INTO and node.args:
                self.change(root(node.args[WRITES_INTO[name]]))
            elif owner and not of_module:
                if known:
                    if any("self" in function.changed for function in known):
                        self.change(owner)
                elif name in CHANGING if "<package>" in self.functions else name not in LEAVING:
                    self.change(owner)
            if name in SETTERS and (owner is None or of_module):
                self.change(SETTERS[name])
        else:
            # One out of a table of functions, whichever.
            known = self.functions.get(root(node.func), ())
        for function in known:
            self.apply(function, node)
        if not known:
            # Who is given a generator draws from it.
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(argument, ast.Name) and self.is_generator(argument.id):
                    self.change(argument.id)

    def apply(self, function, node):
        """Count as changed what a function changes of what it is called with."""
        for i, argument in enumerate(node.args):
            if isinstance(argument, ast.Starred) or i >= len(function.parameters):
                break
            if function.parameters[i] in function.changed:
                for name in parts(argument):
                    self.change(name)
        for keyword in node.keywords:
            if keyword.arg in function.changed:
                for name in parts(keyword.value):
                    self.change(name)
        for name in function.outside:
            self.change(name)

    def is_generator(self, name):
        return name == "rng" or name in self.generators

    def is_module(self, name):
        """Tell whether a name stands for something imported, which methods leave alone."""
        return name in self.modules or name in self.functions.get("<imported>", {})


def method(functions, owner, name, function):
    """Note a method: under its name, and a class's __init__ under the name of the class."""
    own = Function(function.parameters[1:], function.changed, function.outside)
    if function.parameters[:1] and function.parameters[0] in function.changed:
        own.changed = function.changed | {"self"}
    if name == "__init__":
        functions.setdefault(owner, []).append(own)
    else:
        functions.setdefault(f".{name}", []).append(own)


def read_function(node, functions):
    """Return what a function's body reads from outside, and what calling it changes."""
    arguments = node.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    more = [each.arg for each in arguments.kwonlyargs]
    rest = [each.arg for each in (arguments.vararg, arguments.kwarg) if each]
    reader = Reader(functions)
    body = node.body if isinstance(node.body, list) else [node.body]
    for each in body:
        reader.visit(each)
    effects = reader.effects
    declared = {
        name
        for each in ast.walk(node)
        if isinstance(each, (ast.Global, ast.Nonlocal))
        for name in each.names
    }
    own = ({*names, *more, *rest} | effects.binds) - declared
    changed = alike(effects.changes, reader.alike)
    outside = {name for name in changed if name not in own}
    # A parameter that is given a new object first, as in z = z - z.max(), is the function's own.
    changed -= reader.fresh
    function = Function(
        tuple(names), frozenset(changed & {*names, *more}), frozenset(outside - BUILTINS)
    )
    free = Effects(effects.reads - own - BUILTINS | outside - BUILTINS, effects.later - own)
    return free, function


def alike(names, groups):
    """Return names with all that may stand for the same object."""
    names, grown = set(names), True
    while grown:
        grown = False
        for group in groups:
            if names & group and not group <= names:
                names |= group
                grown = True
    return names


def library(sources):
    """Return what the functions and methods of a package do, from the texts of its modules.

    Thrice: a function may call one that stands further down or in another file, and so may that.
    """
    return read_library(tuple(sources))


@lru_cache(maxsize=1)  # a build asks for the same package several times
def read_library(sources):
    trees = [ast.parse(source) for source in sources]
    functions = {"<package>": []}
    for _ in range(3):
        found = {"<package>": []}
        for tree in trees:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    function = read_function(node, functions)[1]
                    found.setdefault(node.name, []).append(function)
                elif isinstance(node, ast.Assign):
                    Reader(found).visit(node)
                elif isinstance(node, ast.ClassDef):
                    for each in node.body:
                        if isinstance(each, ast.FunctionDef):
                            function = read_function(each, functions)[1]
                            method(found, node.name, each.name, function)
        functions = found
    # What a package changes of its own is its own affair.
    for name in ("<generators>", "<package>"):
        functions.pop(name, None)
    for known in functions.values():
        for function in known:
            function.outside = frozenset(function.outside & {LOOK, NUMPY})
    return functions


def summary(functions):
    """Return as JSON values what `library` found: of what changes nothing, the name alone."""
    return {
        name: [
            [each.parameters, sorted(each.changed), sorted(each.outside)]
            for each in found
            if each.changed or each.outside
        ]
        for name, found in functions.items()
    }


def from_summary(told):
    """Return what `library` found, as far as it matters, from its `summary`."""
    return {
        name: [
            Function(tuple(parameters), frozenset(changed), frozenset(outside))
            for parameters, changed, outside in found or [[(), (), ()]]
        ]
        for name, found in told.items()
    }


def statements(tree):
    """Yield the statements of a cell, an import of several names as one statement for each."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and len(node.names) > 1:
            for alias in node.names:
                single = ast.copy_location(type(node)(**{**vars(node), "names": [alias]}), node)
                yield single, ast.unparse(single)
        else:
            yield node, None


def read_units(sources, known=None):
    """Return the units of a notebook, given the sources of its code cells.

    A cell that is no Python yields no unit. `known`: what `library` found.
    """
    functions = {name: [*each] for name, each in (known or {}).items()}
    imported, groups, units = {}, [], []
    functions["<imported>"] = imported
    for number, source in enumerate(sources):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        lines = source.split("\n")
        for node, text in statements(tree):
            reader = Reader(functions)
            reader.visit(node)
            effects = reader.effects
            effects.changes |= reader.maybe
            imported.update(reader.modules)
            for name in effects.binds - reader.modules.keys():
                imported.pop(name, None)
            groups += reader.alike
            names = effects.reads | effects.later
            if any(imported.get(name, "").startswith(DRAWING) for name in names):
                effects.reads.add(LOOK)
            effects.reads.add(NUMPY)
            text = text or "\n".join(lines[first_line(node) - 1 : node.end_lineno])
            modules = frozenset(reader.modules.values())
            units.append(Unit(number, text, first_line(node), effects, modules))
    for unit in units:
        effects = unit.effects
        effects.changes = alike(effects.changes, groups) - BUILTINS
        effects.reads = (effects.reads | effects.changes) - BUILTINS
        effects.later -= BUILTINS
    return units


def first_line(node):
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


class Notebook:
    """The units of a notebook, and what each of its cells needs."""

    def __init__(self, sources, known=None):
        self.sources = list(sources)
        self.units = read_units(sources, known)
        self._keys = {}
        self.needs = cache(self.needs)

    def units_of(self, cell):
        return [i for i, unit in enumerate(self.units) if unit.cell == cell]

    def before(self, cell):
        """Return the place of the first unit that belongs to this cell or a later one."""
        return next((i for i, unit in enumerate(self.units) if unit.cell >= cell), len(self.units))

    def slice_of(self, places):
        """Return the places of the earlier units that those in `places`, in order, need."""
        places = [*places]
        end = places[-1] + 1 if places else 0
        inside, needed, asked = {*places}, set(), set()

        def ask(name, place):
            if (name, place) in asked:
                return
            asked.add((name, place))
            cell = self.units[min(place, end - 1)].cell
            for i in range(place - 1, -1, -1):
                effects = self.units[i].effects
                if name in effects.loops and self.units[i].cell != cell:
                    continue  # what a loop leaves over is no result: no other cell is run for it
                if name in effects.changes or name in effects.binds:
                    include(i)
                    if name in effects.binds and name not in effects.changes:
                        return

        def include(i):
            if i in needed:
                return
            needed.add(i)
            effects = self.units[i].effects
            for name in effects.reads:
                ask(name, i)
            for name in effects.later:
                ask(name, end)

        for i in places:
            include(i)
        return sorted(needed - inside)

    def needs(self, cell):
        """Return the places of the units that must run before a cell."""
        return self.slice_of(self.units_of(cell))

    def key(self, i):
        """Return a text that changes with a unit's code and with all that it depends on."""
        if i not in self._keys:
            codes = [self.units[j].source for j in [*self.slice_of([i]), i]]
            self._keys[i] = hashlib.sha256("\0".join(codes).encode()).hexdigest()[:16]
        return self._keys[i]

    def modules(self, cell):
        """Return the modules that a cell and what it needs import, as in `actlib.plotting`."""
        places = [*self.needs(cell), *self.units_of(cell)]
        return sorted({name for i in places for name in self.units[i].modules})
