"""The controls of ipywidgets as the page makes them: a value, its limits, and who observes it.

What a control looks like is the page's affair (live/page/session.js). Whatever else ipywidgets
has needs a Jupyter server: it is not here, and says so when it is asked for.
"""

import math

from traitlets import Any, Bool, Bytes, Float, HasTraits, Int, List, Unicode, Union, validate


class Widget(HasTraits):
    """Anything that can be shown; settings of its looks are kept and make no difference."""

    description = Unicode("")
    disabled = Bool(False)
    layout = Any()
    style = Any()
    _model_id = None

    def __init__(self, value=None, **traits):
        known = {name: given for name, given in traits.items() if self.has_trait(name)}
        if value is not None:
            known["value"] = value
        super().__init__(**known)
        self.open()

    def open(self):
        """Do nothing: there is nobody to announce it to."""

    @property
    def model_id(self):
        return self._model_id


class Box(Widget):
    children = List()

    def __init__(self, children=(), **traits):
        super().__init__(**traits)
        self.children = list(children)


class HBox(Box):
    pass


class VBox(Box):
    pass


class Image(Widget):
    value = Bytes(b"")
    format = Unicode("png")
    width = Any()


class HTML(Widget):
    value = Unicode("")


class Label(HTML):
    pass


class _Slider(Widget):
    kind = "range"

    @validate("value")
    def _inside(self, proposal):
        return min(max(proposal["value"], self.min), self.max)


class FloatSlider(_Slider):
    min, max, step = Float(0.0), Float(100.0), Float(0.1)
    value = Float(0.0)


class IntSlider(_Slider):
    min, max, step = Int(0), Int(100), Int(1)
    value = Int(0)


class FloatLogSlider(Widget):
    kind = "log"
    min, max, step, base = Float(0.0), Float(4.0), Float(0.1), Float(10.0)
    value = Float(1.0)

    def place(self):
        return math.log(self.value, self.base)


class FloatText(Widget):
    kind = "number"
    value = Float(0.0)


class IntText(Widget):
    kind = "number"
    value = Int(0)


class Text(Widget):
    kind = "text"
    value = Unicode("")


class Checkbox(Widget):
    kind = "checkbox"
    value = Bool(False)


class _Choice(Widget):
    kind = "select"
    options = Union([List(), Any()])
    value = Any()

    def __init__(self, options=(), value=None, **traits):
        pairs = options.items() if isinstance(options, dict) else options
        self._pairs = [each if isinstance(each, tuple) else (str(each), each) for each in pairs]
        if value is None and self._pairs:
            value = self._pairs[0][1]
        super().__init__(value, options=list(options), **traits)


class Dropdown(_Choice):
    pass


class Select(_Choice):
    pass


class ToggleButtons(_Choice):
    pass


class RadioButtons(_Choice):
    pass


def describe(name, control):
    """Return what the page must know of a control, as JSON values."""
    told = {"name": name, "label": control.description or name, "kind": control.kind}
    if control.kind in ("range", "log"):
        told |= {"min": control.min, "max": control.max, "step": control.step}
    if control.kind == "log":
        return told | {"value": control.place(), "base": control.base}
    if control.kind == "select":
        places = [value for _, value in control._pairs]
        told["options"] = [text for text, _ in control._pairs]
        return told | {"value": places.index(control.value)}
    return told | {"value": control.value}


def set_value(control, value):
    """Give a control the value that its reader chose on the page."""
    if control.kind == "log":
        value = control.base**value
    elif control.kind == "select":
        value = control._pairs[int(value)][1]
    elif isinstance(control.value, int) and not isinstance(control.value, bool):
        value = int(value)
    control.value = value


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(
        f"ipywidgets.{name} needs a Jupyter server, which a page has not: run this in JupyterLab"
    )
