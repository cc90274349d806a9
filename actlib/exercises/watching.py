"""Arrays that report each NumPy step: what a result alone cannot show."""

import sys
from contextlib import contextmanager

import numpy as np


class Watched(np.ndarray):
    """An array that tells `report(name, inputs, output)` about each ufunc it goes through.

    What is made from it is watched too, until `np.asarray` takes the watch off.
    """

    def __array_finalize__(self, source):
        self.report = getattr(source, "report", None)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        plain = [x.view(np.ndarray) if isinstance(x, Watched) else x for x in inputs]
        if out is not None:
            options["out"] = tuple(x.view(np.ndarray) if isinstance(x, Watched) else x for x in out)
        result = getattr(ufunc, method)(*plain, **options)
        report = next(x.report for x in (*inputs, *(out or ())) if isinstance(x, Watched))
        if report:
            report(f"np.{ufunc.__name__}", plain, result)
        if out is not None:
            return out[0]
        if not isinstance(result, np.ndarray):
            return result
        result = result.view(Watched)
        result.report = report
        return result


def watching(judge):
    """Return a watch for `running.call`: it notes what `judge(name, inputs, output)` returns."""

    def watch(x, seen):
        if not isinstance(x, np.ndarray):
            return x
        watched = x.view(Watched)
        watched.report = lambda *step: seen.append(judge(*step))
        return watched

    watch.judge = judge
    return watch


@contextmanager
def tensors_watched(judge, seen):
    """Note what `judge` returns for each of PyTorch's steps inside, too, if PyTorch is loaded."""
    overrides = judge and sys.modules.get("torch.overrides")
    if not overrides:
        yield
        return

    class Watch(overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, inputs=(), options=None):
            result = function(*inputs, **(options or {}))
            tensors = [x for x in (*inputs, result) if hasattr(x, "detach")]
            if hasattr(result, "detach") and len(tensors) > 1:
                # As float64, which NumPy has, and which changes neither a shape nor an inf.
                *taken, made = [x.detach().cpu().double().numpy() for x in tensors]
                name = getattr(function, "__name__", "step")
                seen.append(judge(f"torch.{name}", taken, made))
            return result

    with Watch():
        yield


def overflow(name, inputs, output):
    """Return a sentence if a step makes an infinite number from finite ones."""
    finite = all(np.all(np.isfinite(x)) for x in inputs if np.asarray(x).dtype.kind in "fiub")
    if finite and not np.all(np.isfinite(output)):
        return f"{name} overflows on the way"
    return None
