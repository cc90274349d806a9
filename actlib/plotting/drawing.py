"""Draw the figures of the course from arrays.

Every function takes what it draws, returns the Axes it drew on (an array of them where
there are several panels) and makes a figure only if it is given none; `digits` always makes
its own. Nothing is computed here except means and ranges over seeds and the heights of a
histogram, and no argument is changed. An array that does not fit raises `ValueError` with its
name and shape. Arrays are real, in any units; a NaN leaves a gap.

Pictures that are dense (`boundary`, `digits`) or measured on a network (`training`,
`spread`, `differences`, `layers`) are shown as PNG only, see `storing.png_only`.
"""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb
from matplotlib.ticker import MaxNLocator

from .storing import png_only

MARKERS = "os^DvP"
# Lines only: a hatch of dots makes an SVG five times as large.
HATCHES = ["", "//", "\\\\", "--", "xx", "||"]


# Curves


def curves(z, named, *, joins=(), mark=(), xlabel="z", ylabel="", title="", ax=None):
    """Draw curves by name over the same points.

    z : shape (n,), increasing. named : dict of name → values, each of shape (n,).
    joins : where pieces of the curves meet. A curve that jumps there is broken, not joined
    by a steep line; one that only bends is drawn through.
    mark : points (z, value) to mark with a dot.

    >>> z = np.linspace(-1, 1, 5)
    >>> ax = curves(z, {"relu": np.maximum(z, 0), "its slope": z > 0}, joins=[0])
    >>> [line.get_label() for line in ax.lines[:2]]
    ['relu', 'its slope']
    """
    z = _vector("z", z)
    named = _same_shape(named, "z", z)
    ax = _axes(ax)
    for name, values in named.items():
        ax.plot(*_broken(z, values, joins), label=name)
    for point in mark:
        ax.plot(*point, "o", color=plt.rcParams["text.color"], zorder=3)
    _cross(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    _legend(ax, title)
    return ax


def value_and_slope(z, named_values, named_slopes, *, joins=(), xlabel="z", axes=None):
    """Draw functions above their derivatives, over the same points.

    z : shape (n,). named_values, named_slopes : dicts with the same names, arrays of shape
    (n,). joins : as in `curves`. axes : two Axes. Returns an array of two Axes.

    >>> z = np.linspace(-1, 1, 5)
    >>> value_and_slope(z, {"square": z**2}, {"square": 2 * z}).shape
    (2,)
    """
    if list(named_values) != list(named_slopes):
        raise ValueError(
            f"give the same names twice, got values of {list(named_values)} "
            f"and slopes of {list(named_slopes)}"
        )
    z = _vector("z", z)
    _same_shape(named_values, "z", z), _same_shape(named_slopes, "z", z)
    top, bottom = axes = _axes(axes, 5.3, rows=2)
    curves(z, named_values, joins=joins, xlabel="", ylabel="value", ax=top)
    curves(z, named_slopes, joins=joins, xlabel=xlabel, ylabel="slope", ax=bottom)
    bottom.get_legend().remove()
    return axes


def weighted_sum(x, pieces, total, *, target=None, xlabel="x", ylabel="", ax=None):
    """Draw weighted units thin, their sum bold and, if given, the target that it should match.

    x : shape (n,). pieces : shape (units, n), what each unit adds. total, target : (n,).

    >>> x = np.linspace(0, 1, 3)
    >>> ax = weighted_sum(x, [x, -x / 2], x / 2)
    >>> len(ax.lines[:3])
    3
    """
    x = _vector("x", x)
    pieces, total = np.asarray(pieces, float), np.asarray(total, float)
    if pieces.ndim != 2:
        raise ValueError(f"pieces must have shape (units, {x.size}), got {pieces.shape}")
    wanted = {"each row of pieces": pieces[0] if len(pieces) else pieces, "total": total}
    if target is not None:
        wanted["target"] = target
    _same_shape(wanted, "x", x)
    ax = _axes(ax)
    thin, bold, reference = (_style(i)["color"] for i in range(3))
    for i, piece in enumerate(pieces):
        label = None if i else "weighted units"
        ax.plot(x, piece, color=thin, linestyle="-", linewidth=1.1, alpha=0.75, label=label)
    ax.plot(x, total, color=bold, linestyle="-", linewidth=3.2, label="their sum")
    if target is not None:
        ax.plot(x, target, color=reference, linestyle=(0, (2, 1.5)), label="target")
    _cross(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    _legend(ax)
    return ax


# Points and pictures


def points(x, labels, *, names=None, ax=None):
    """Draw points in the plane, a colour and a marker for each class.

    x : shape (n, 2). labels : class of each point, integers 0, 1, …, shape (n,). names : the
    classes' names for the legend, by default "class 0" and so on.

    >>> ax = points([[0, 0], [1, 1], [1, 0]], [0, 0, 1], names=["off", "on"])
    >>> [group.get_label() for group in ax.collections]
    ['off', 'on']
    """
    x, labels = _points(x, labels)
    ax = _axes(ax, 4.2)
    for k in np.unique(labels):
        ax.scatter(
            *x[labels == k].T,
            s=34,
            marker=MARKERS[k % len(MARKERS)],
            facecolor=_style(k)["color"],
            edgecolor=ax.get_facecolor(),
            linewidth=0.7,
            label=names[k] if names else f"class {k}",
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    _legend(ax, handlelength=1)
    return ax


def boundary(xx, yy, zz, *, x=None, labels=None, level=0.0, names=None, ax=None):
    """Fill the plane with a classifier's answer, with the data points on top.

    xx, yy, zz : shape (rows, columns), as from `np.meshgrid`. Integers in zz are classes, one
    tint each; a floating zz is the score of class 1 against class 0, in bands of its distance
    from `level` (0 for a logit, 0.5 for a probability), with a line where it equals `level`.
    x, labels, names : as in `points`. Shown as PNG only.

    >>> xx, yy = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4))
    >>> ax = boundary(xx, yy, xx + yy, x=[[0.5, 0.5], [-1, 0]], labels=[1, 0])
    """
    xx, yy, zz = np.asarray(xx, float), np.asarray(yy, float), np.asarray(zz)
    if zz.ndim != 2 or not xx.shape == yy.shape == zz.shape:
        raise ValueError(
            f"xx, yy and zz must share one shape (rows, columns), "
            f"got {xx.shape}, {yy.shape} and {zz.shape}"
        )
    if x is not None:
        x, labels = _points(x, labels)
    ax = _axes(ax, 4.2)
    if np.issubdtype(zz.dtype, np.integer):
        tints = [_tint(_style(k)["color"], 0.3) for k in range(zz.max() + 1)]
        ax.pcolormesh(xx, yy, zz, cmap=ListedColormap(tints), vmin=0, vmax=len(tints) - 1)
    else:
        colors = _diverging(zz - level)
        bands = np.linspace(colors["vmin"], colors["vmax"], 13)
        ax.contourf(xx, yy, zz - level, levels=bands, antialiased=False, **colors)
        if zz.min() < level < zz.max():
            ink = plt.rcParams["text.color"]
            ax.contour(xx, yy, zz, levels=[level], colors=[ink], linewidths=1.6)
    if x is not None:
        points(x, labels, names=names, ax=ax)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.margins(0)
    ax.grid(False)
    png_only(ax)
    return ax


def digits(images, labels, *, predicted=None, columns=8):
    """Draw small grey pictures in a grid, each under its label; return an array of n Axes.

    images : shape (n, height, width), 0 is paper and the largest value ink. labels : shape
    (n,). predicted : shape (n,); a 3 read as an 8 is labelled "3 as 8". Shown as PNG
    only.

    >>> axes = digits(np.ones((2, 8, 8)), [3, 4], predicted=[8, 4])
    >>> [ax.get_title() for ax in axes]
    ['3 as 8', '4']
    """
    images, labels = np.asarray(images, float), np.asarray(labels)
    read = labels if predicted is None else np.asarray(predicted)
    n = len(images)
    if images.ndim != 3 or not n or labels.shape != (n,) or read.shape != (n,):
        flat = images.ndim == 2 and images.shape[1] == 64
        remedy = "; flat images become pictures by x.reshape(-1, 8, 8)" if flat else ""
        raise ValueError(
            f"digits need images of shape (n, height, width) and n labels, got images "
            f"{images.shape}, labels {labels.shape}, predicted {read.shape}{remedy}"
        )
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    axes = _axes(None, 0.2 + rows * (5.6 / columns + 0.25), rows=rows, columns=columns).ravel()
    ink, paper = plt.rcParams["text.color"], plt.rcParams["axes.facecolor"]
    grey = LinearSegmentedColormap.from_list("ink", [paper, ink])
    for ax, image, label, answer in zip(axes, images, labels, read, strict=False):
        ax.imshow(image, cmap=grey, vmin=0, vmax=images.max())
        right = answer == label
        text = f"{label}" if right else f"{label} as {answer}"
        ax.set_title(text, color=ink if right else _style(1)["color"], loc="center", fontsize=11.5)
    for ax in axes:
        ax.set_axis_off()
    png_only(axes[0])
    return axes[:n]


# What a network did


def training(named, *, ylabel="loss", log=False, decimals=3, start=1, ax=None):
    """Draw what was measured after each epoch: a line, and with several seeds their range.

    named : dict of name → shape (epochs,) or (seeds, epochs); for several seeds the mean is
    drawn over a band from the lowest to the highest. Rounded to `decimals` before drawing, with
    log=True to as many significant digits. start : number of the first epoch. Shown as PNG
    only.

    >>> ax = training({"relu": [[2.3, 0.5, 0.1], [2.3, 0.7, 0.3]]})
    >>> ax.lines[0].get_xydata().tolist()
    [[1.0, 2.3], [2.0, 0.6], [3.0, 0.2]]
    """
    ax = _lines_and_bands(named, "epochs", log, decimals, start, ax)
    ax.set(xlabel="epoch", ylabel=ylabel)
    return ax


def layers(named, *, ylabel="", log=True, decimals=3, start=1, ax=None):
    """Draw a quantity of each layer: a line with dots, and with several seeds their range.

    named : dict of name → shape (layers,) or (seeds, layers), rounded and shown as PNG only, as
    in `training`. start : number of the first layer.

    >>> ax = layers({"sigmoid": [0.25, 0.0625]}, ylabel="size of the gradient")
    >>> ax.get_yscale(), ax.lines[0].get_ydata().tolist()
    ('log', [0.25, 0.0625])
    """
    ax = _lines_and_bands(named, "layers", log, decimals, start, ax, marker="o")
    ax.set(xlabel="layer", ylabel=ylabel)
    return ax


def spread(named, *, xlabel="accuracy", decimals=3, ax=None):
    """Draw one row for each condition: a dot for each seed, a tick and a number at the mean.

    named : dict of name → shape (seeds,). Rounded to `decimals` before drawing. Shown as PNG
    only.

    >>> ax = spread({"linear": [0.91, 0.93], "relu": [0.97, 0.976]})
    >>> [text.get_text() for text in ax.texts]
    ['0.920', '0.973', 'mean']
    """
    named = {name: _vector(name, values) for name, values in _some(named).items()}
    ax = _axes(ax, 0.9 + 0.5 * len(named))
    for row, (name, values) in enumerate(named.items()):
        style = {"color": _style(row)["color"], "linestyle": "none"}
        mean = values.mean()
        seeds = np.round(values, decimals)
        ax.plot(seeds, np.full(seeds.size, row), "o", alpha=0.6, label=name, **style)
        ax.plot(np.round(mean, decimals), row, "|", markersize=22, markeredgewidth=2.4, **style)
        ax.text(1.02, row, f"{mean:.{decimals}f}", transform=ax.get_yaxis_transform(), va="center")
    ax.text(1.02, -0.5, "mean", transform=ax.get_yaxis_transform(), va="bottom", fontsize=11.5)
    return _rows(ax, list(named), xlabel)


def differences(named, *, xlabel="difference in points", decimals=2, ax=None):
    """Draw one row for each comparison: a dot for each seed, the mean and twice its error.

    named : dict of name → differences, shape (seeds,), as `comparing.paired` gives them. The bar
    reaches two standard errors to either side of the mean, which is written beside it; the line
    is at 0, no difference. Rounded to `decimals` before drawing. Shown as PNG alone.

    >>> ax = differences({"relu − linear": [1.0, 2.0, 3.0]})
    >>> [text.get_text() for text in ax.texts]
    ['+2.00 ± 0.58']
    """
    named = {name: _vector(name, values) for name, values in _some(named).items()}
    ax = _axes(ax, 0.9 + 0.5 * len(named))
    ax.axvline(0, color=plt.rcParams["text.color"], linestyle="-", linewidth=1)
    for row, values in enumerate(named.values()):
        style = {"color": _style(row)["color"], "linestyle": "none"}
        mean, error = values.mean(), values.std(ddof=1) / math.sqrt(values.size)
        ax.plot(np.round(values, decimals), np.full(values.size, row), "o", alpha=0.35, **style)
        low, high = np.round([mean - 2 * error, mean + 2 * error], decimals)
        ax.plot([low, high], [row, row], linewidth=5, color=style["color"], linestyle="-")
        ax.plot(np.round(mean, decimals), row, "|", markersize=22, markeredgewidth=2.4, **style)
        text = f"{mean:+.{decimals}f} ± {error:.{decimals}f}".replace("-", "−")
        ax.text(1.02, row, text, transform=ax.get_yaxis_transform(), va="center")
    return _rows(ax, list(named), xlabel)


def histograms(named, *, bins=40, curve=None, xlabel="z", ax=None):
    """Draw how values are distributed and, if given, the activation that they enter next.

    named : dict of name → values, any shape, finite. bins : a number of equal bins over all
    of them, or the edges. The height is the share of a set's values that fall in the bin.
    curve : (z, {name: values}), as for `curves`, drawn against an axis on the right.

    >>> ax = histograms({"layer 1": [0.1, 0.2, 0.9]}, bins=[0, 0.5, 1])
    >>> ax.patches[0].get_data().values.round(3).tolist()
    [0.667, 0.333]
    """
    named = {name: np.ravel(values).astype(float) for name, values in _some(named).items()}
    for name, values in named.items():
        if not values.size or not np.isfinite(values).all():
            raise ValueError(f"{name!r} must hold finite values, got shape {values.shape}")
    if curve is not None:
        z = _vector("z", curve[0])
        shapes = _same_shape(curve[1], "z", z)
    edges = np.histogram_bin_edges(np.concatenate(list(named.values())), bins)
    ax = _axes(ax)
    for i, (name, values) in enumerate(named.items()):
        share = np.histogram(values, edges)[0] / values.size
        ax.stairs(share, edges, fill=True, color=_style(i)["color"], alpha=0.15)
        ax.stairs(share, edges, label=name, linewidth=2, **_style(i))
    ax.set(xlabel=xlabel, ylabel="share of values")
    ax.locator_params(axis="y", nbins=6)
    if curve is not None:
        right = ax.twinx()
        for values in shapes.values():
            right.plot(z, values, color=plt.rcParams["text.color"], linestyle="-", linewidth=1.6)
        right.set_ylabel(", ".join(shapes))
        right.locator_params(axis="y", nbins=5)
        right.grid(False)
        right.spines["right"].set_visible(True)
    _legend(ax)
    return ax


# Numbers


def bars(named, *, labels, fmt="{:.2f}", ylabel="probability", ax=None):
    """Draw a group of bars for each label, one bar for each name, with its value above it.

    named : dict of name → shape (k,). labels : k names of classes. fmt : how a value is
    written, as for `str.format`.

    >>> ax = bars({"p − y": [-0.34, 0.24, 0.1]}, labels=["cat", "dog", "owl"])
    >>> [text.get_text() for text in ax.texts]
    ['−0.34', '0.24', '0.10']
    """
    named = _same_shape(named, "labels", np.asarray(labels))
    ax = _axes(ax)
    places, width = np.arange(len(labels)), 0.84 / len(named)
    for i, (name, values) in enumerate(named.items()):
        middle = places + (i - (len(named) - 1) / 2) * width
        color, hatch = _style(i)["color"], HATCHES[i % len(HATCHES)]
        face = color if not hatch else _tint(color, 0.25)
        drawn = ax.bar(
            middle, values, width * 0.92, facecolor=face, edgecolor=color, hatch=hatch, label=name
        )
        texts = [_written(value, fmt) for value in values]
        ax.bar_label(drawn, texts, padding=2, fontsize=11.5)
    ax.set(xticks=places, xticklabels=labels, ylabel=ylabel)
    ax.tick_params(axis="x", length=0)
    ax.grid(False)  # the numbers say more
    ax.margins(y=0.1)
    _legend(ax)
    return ax


def matrix(m, *, xlabels=None, ylabels=None, fmt="{:.2f}", ax=None):
    """Draw a small matrix with its numbers, orange where positive and blue where negative.

    m : shape (rows, columns). xlabels, ylabels : names of its columns and rows, by
    default 1, 2, …. fmt : how a number is written, as for `str.format`.

    >>> ax = matrix([[0.25, -0.25], [-0.25, 0.25]])
    >>> [text.get_text() for text in ax.texts]
    ['0.25', '−0.25', '−0.25', '0.25']
    """
    m = np.asarray(m, float)
    if m.ndim != 2 or not m.size:
        raise ValueError(f"m must be a matrix with at least one row, got shape {m.shape}")
    rows, columns = m.shape
    xlabels = range(1, columns + 1) if xlabels is None else xlabels
    ylabels = range(1, rows + 1) if ylabels is None else ylabels
    if (len(ylabels), len(xlabels)) != m.shape:
        raise ValueError(
            f"m has shape {m.shape}, but there are {len(ylabels)} ylabels "
            f"and {len(xlabels)} xlabels"
        )
    ax = _axes(ax, 0.6 + 0.62 * rows)
    ax.pcolormesh(m, edgecolors=ax.get_facecolor(), linewidth=2, **_diverging(m))
    for i, j in np.ndindex(m.shape):
        text = _written(m[i, j], fmt)
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=11.5)
    ax.set(xticks=np.arange(columns) + 0.5, xticklabels=xlabels)
    ax.set(yticks=np.arange(rows) + 0.5, yticklabels=ylabels)
    ax.set(xlim=(0, columns), ylim=(rows, 0), box_aspect=rows / columns / 1.6)
    ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return ax


# What the functions above share


def _written(value, fmt):
    """Return a number as text, with a true minus sign as on the axes."""
    return fmt.format(value).replace("-", "−")


def _axes(given, height=None, *, rows=1, columns=1):
    if given is not None:
        return given
    width, usual = plt.rcParams["figure.figsize"]
    return plt.subplots(rows, columns, figsize=(width, height or usual))[1]


def _style(i):
    # Bars, bands and markers do not follow the cycle of lines by themselves.
    styles = list(plt.rcParams["axes.prop_cycle"])
    return styles[i % len(styles)]


def _tint(color, share):
    """Mix a colour with the paper, so that dark text and full colours stand out on it."""
    paper = np.array(to_rgb(plt.rcParams["axes.facecolor"]))
    return tuple(share * np.array(to_rgb(color)) + (1 - share) * paper)


def _diverging(values):
    """Colours for signed values: paper at 0, the first colour below it, the second above."""
    negative, positive = (_tint(_style(i)["color"], 0.6) for i in (0, 1))
    paper = plt.rcParams["axes.facecolor"]
    most = np.nanmax(np.abs(values)) or 1.0
    cmap = LinearSegmentedColormap.from_list("signed", [negative, paper, positive])
    return {"cmap": cmap, "vmin": -most, "vmax": most}


def _some(named):
    if not named:
        raise ValueError("there is nothing to draw: the dict of names is empty")
    return named


def _vector(name, values):
    values = np.asarray(values, float)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"{name} must have shape (n,) with n at least 1, got {values.shape}")
    return values


def _points(x, labels):
    x, labels = np.asarray(x, float), np.asarray(labels)
    if x.ndim != 2 or x.shape[1] != 2 or not len(x) or labels.shape != x.shape[:1]:
        raise ValueError(
            f"points need x of shape (n, 2) and labels of shape (n,), "
            f"got x {x.shape} and labels {labels.shape}"
        )
    if not np.array_equal(labels, labels.astype(int)):
        raise ValueError(f"labels must be whole numbers, got {np.unique(labels)[:5]}")
    return x, labels.astype(int)


def _same_shape(named, what, like):
    named = {name: np.asarray(values, float) for name, values in _some(named).items()}
    for name, values in named.items():
        if values.shape != like.shape:
            raise ValueError(
                f"{name!r} has shape {values.shape}, but {what} has shape {like.shape}"
            )
    return named


def _broken(z, values, joins):
    """Put a gap where a curve jumps: where the step over a join dwarfs those beside it."""
    # steps[i] leads to point i. A join that is itself a sample has a step on either side.
    steps = np.abs(np.diff(values, prepend=values[:1], append=values[-1:]))
    gaps = []
    for join in joins:
        first, last = np.searchsorted(z, join), np.searchsorted(z, join, side="right")
        if first > 0 and last < z.size:
            usual = max(steps[first - 1], steps[last + 1], 1e-9)
            gaps += [i for i in range(first, last + 1) if steps[i] > 10 * usual]
    return np.insert(z, gaps, z[gaps]), np.insert(values, gaps, np.nan)


def _cross(ax):
    # The axes through 0, if 0 is in view: most of what matters happens there.
    for low_high, line in ((ax.get_xlim(), ax.axvline), (ax.get_ylim(), ax.axhline)):
        if low_high[0] < 0 < low_high[1]:
            line(0, color="#b3aa9e", linestyle="-", linewidth=1, zorder=0.9)


def _lines_and_bands(named, what, log, decimals, start, ax, **style):
    named = {name: np.asarray(values, float) for name, values in _some(named).items()}
    for name, values in named.items():
        if values.ndim not in (1, 2) or not values.size:
            raise ValueError(
                f"{name!r} must have shape ({what},) or (seeds, {what}), got {values.shape}"
            )
    ax = _axes(ax)
    for name, values in named.items():
        seeds = np.atleast_2d(values)
        x = np.arange(start, start + seeds.shape[1])
        mean, low, high = (
            _rounded(of_seeds, decimals, log)
            for of_seeds in (seeds.mean(axis=0), seeds.min(axis=0), seeds.max(axis=0))
        )
        (line,) = ax.plot(x, mean, label=name, **style)
        if len(seeds) > 1:
            ax.fill_between(x, low, high, color=line.get_color(), alpha=0.16, linewidth=0)
    if log:
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _legend(ax)
    png_only(ax)
    return ax


def _rows(ax, names, xlabel):
    """Label the rows from the top, take away what a row needs no more, and return the Axes."""
    ax.set(xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    png_only(ax)
    return ax


def _rounded(values, decimals, log):
    if not log:
        return np.round(values, decimals)
    return np.array([float(f"{value:.{decimals - 1}e}") for value in values])


def _legend(ax, title="", handlelength=None):
    """Put the names above the axes, in as few rows as possible, and the title above them."""
    handles, names = ax.get_legend_handles_labels()
    # The layout comes later, and makes the axes a little wider than they are now.
    room = 1.05 * ax.get_window_extent().width
    for rows in range(1, len(names) + 1):
        legend = ax.legend(
            handles,
            names,
            loc="lower left",
            bbox_to_anchor=(0, 1.02),
            borderaxespad=0,
            ncols=math.ceil(len(names) / rows),
            handlelength=handlelength,
        )
        if legend.get_window_extent().width <= room:
            break
    if title:
        ax.set_title(title, pad=10 + rows * 1.3 * plt.rcParams["font.size"])
