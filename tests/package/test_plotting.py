"""The figures: they draw what they are given, and come out the same each time."""

import hashlib
import io
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from nbclient import NotebookClient
from PIL import Image

from actlib import plotting

Z = np.linspace(-2, 2, 9)  # 0 is a node
RELU, STEP = np.maximum(Z, 0), (Z > 0).astype(float)
XY = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.5, 0.2]])
CLASSES = np.array([0, 1, 1, 0])
XX, YY = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 5))
SEEDS = np.array([[2.3, 0.5, 0.1], [2.3, 0.7, 0.3]])
LABELS = ["cat", "dog", "owl"]
IMAGES = np.arange(3 * 64.0).reshape(3, 8, 8)
P = np.array([0.66, 0.24, 0.10])

# A call of every function, by name, and whether its figure is shown as PNG only.
DRAW = {
    "curves": (lambda **k: plotting.curves(Z, {"relu": RELU}, joins=[0], mark=[(0, 0)], **k), 0),
    "value_and_slope": (
        lambda: plotting.value_and_slope(Z, {"relu": RELU}, {"relu": STEP}, joins=[0]),
        0,
    ),
    "weighted_sum": (lambda **k: plotting.weighted_sum(Z, [RELU, -Z], STEP, target=Z, **k), 0),
    "points": (lambda **k: plotting.points(XY, CLASSES, **k), 0),
    "boundary": (lambda **k: plotting.boundary(XX, YY, XX, x=XY, labels=CLASSES, **k), 1),
    "boundary of classes": (lambda **k: plotting.boundary(XX, YY, (XX > 0) * 2, **k), 1),
    "digits": (lambda: plotting.digits(IMAGES, np.arange(3), columns=2), 1),
    "training": (lambda **k: plotting.training({"relu": SEEDS, "tanh": SEEDS[0]}, **k), 1),
    "layers": (lambda **k: plotting.layers({"relu": SEEDS}, **k), 1),
    "spread": (lambda **k: plotting.spread({"relu": SEEDS[0], "tanh": SEEDS[1]}, **k), 1),
    "differences": (
        lambda **k: plotting.differences({"a − b": SEEDS[0], "c − b": -SEEDS[1]}, **k),
        1,
    ),
    "histograms": (
        lambda **k: plotting.histograms({"z": Z}, bins=3, curve=(Z, {"relu": RELU}), **k),
        0,
    ),
    "bars": (lambda **k: plotting.bars({"T = 1": P, "T = 2": P[::-1]}, labels=LABELS, **k), 0),
    "matrix": (lambda **k: plotting.matrix(np.diag(P) - np.outer(P, P), **k), 0),
}
every_figure = pytest.mark.parametrize("name", DRAW)


@pytest.fixture(autouse=True)
def course_style():
    plotting.use_course_style()
    yield
    plt.rcdefaults()


@pytest.fixture(autouse=True)
def read_only():
    """Make any attempt to write to the data raise an error."""
    arrays = [value for value in globals().values() if isinstance(value, np.ndarray)]
    for array in arrays:
        array.flags.writeable = False


def contrast(first, second):
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    rgb = np.array([to_rgb(first), to_rgb(second)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


# Style


def test_contrast_of_black_on_white_is_21():
    assert contrast("k", "w") == pytest.approx(21)
    assert contrast("#767676", "w") == pytest.approx(4.54, abs=0.01)


def test_every_line_stands_out_from_the_paper():
    for style in plt.rcParams["axes.prop_cycle"]:
        assert contrast(style["color"], plt.rcParams["axes.facecolor"]) >= 3, style


@pytest.mark.parametrize("what", ["text.color", "axes.labelcolor", "xtick.labelcolor"])
def test_text_is_easy_to_read_on_the_paper(what):
    assert contrast(plt.rcParams[what], plt.rcParams["axes.facecolor"]) >= 7


def test_numbers_are_easy_to_read_on_the_darkest_cells():
    ax = plotting.matrix([[-1.0, 1.0]])
    for color in ax.collections[0].to_rgba([-1.0, 1.0]):
        assert contrast(plt.rcParams["text.color"], color[:3]) >= 4.5


def test_no_two_of_six_curves_share_a_colour_or_their_dashes():
    styles = list(plt.rcParams["axes.prop_cycle"])
    assert len({style["color"] for style in styles}) == 6
    assert len({str(style["linestyle"]) for style in styles}) == 6


def test_settings_made_before_do_not_change_the_style():
    not_in_the_style = "axes.titleweight"
    plt.rcParams[not_in_the_style] = "bold"
    plotting.use_course_style()
    assert plt.rcParams[not_in_the_style] == "normal"


# What all functions promise


@every_figure
def test_axes_of_one_new_figure_are_returned(name):
    ax = DRAW[name][0]()
    assert len(plt.get_fignums()) == 1
    assert all(isinstance(one, plt.Axes) and one.figure is plt.gcf() for one in np.ravel(ax))


@pytest.mark.parametrize("name", sorted(DRAW.keys() - {"value_and_slope", "digits"}))
def test_a_figure_is_drawn_on_the_axes_given(name):
    _, ax = plt.subplots()
    assert DRAW[name][0](ax=ax) is ax
    assert len(plt.get_fignums()) == 1


def test_two_panels_are_drawn_on_the_axes_given():
    _, axes = plt.subplots(2)
    assert plotting.value_and_slope(Z, {"a": Z}, {"a": Z}, axes=axes) is axes
    assert len(plt.get_fignums()) == 1


@every_figure
def test_dense_and_measured_pictures_mark_themselves_as_png_only(name):
    draw, png_only = DRAW[name]
    ax = np.ravel(draw())[0]
    assert bool(ax.figure.get_rasterized()) == bool(png_only)


@every_figure
def test_nothing_lies_outside_the_figure(name):
    figure = np.ravel(DRAW[name][0]())[0].figure
    figure.draw_without_rendering()
    drawn, paper = figure.get_tightbbox(), figure.get_size_inches()
    assert drawn.x0 >= 0 and drawn.y0 >= 0
    assert drawn.x1 <= paper[0] and drawn.y1 <= paper[1]


@every_figure
def test_a_legend_covers_no_data(name):
    for ax in np.ravel(DRAW[name][0]()):
        ax.figure.draw_without_rendering()
        if ax.get_legend():
            assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.curves(Z, {}), "nothing to draw"),
        (lambda: plotting.curves(Z, {"relu": RELU[1:]}), r"'relu' has shape \(8,\), but z .*\(9,"),
        (lambda: plotting.curves(np.eye(2), {"relu": RELU}), r"z must have shape .* \(2, 2\)"),
        (lambda: plotting.curves([], {"relu": []}), "n at least 1"),
        (lambda: plotting.value_and_slope(Z, {"relu": RELU}, {"step": STEP}), "the same names"),
        (lambda: plotting.value_and_slope(Z, {"r": RELU}, {"r": STEP[1:]}), r"'r' has .*\(8,\)"),
        (lambda: plotting.weighted_sum(Z, RELU, Z), r"pieces must .* \(units, 9\), got \(9,\)"),
        (lambda: plotting.weighted_sum(Z, [Z[1:]], Z), r"row of pieces' has shape \(8,\)"),
        (lambda: plotting.weighted_sum(Z, [Z], Z[1:]), r"'total' has shape \(8,\)"),
        (lambda: plotting.weighted_sum(Z, [Z], Z, target=Z[1:]), r"'target' has shape \(8,\)"),
        (lambda: plotting.points(XY.T, CLASSES), r"x \(2, 4\) and labels \(4,\)"),
        (lambda: plotting.points(XY, CLASSES[1:]), r"labels \(3,\)"),
        (lambda: plotting.points(XY, CLASSES + 0.5), "whole numbers"),
        (lambda: plotting.boundary(XX, YY, XX.T), r"\(5, 7\), \(5, 7\) and \(7, 5\)"),
        (lambda: plotting.boundary(XX, YY, XX, x=XY, labels=[1]), r"labels \(1,\)"),
        (lambda: plotting.digits(IMAGES.reshape(3, 64), [1, 2, 3]), r"x.reshape\(-1, 8, 8\)"),
        (lambda: plotting.digits(IMAGES, [1, 2]), r"labels \(2,\)"),
        (lambda: plotting.digits(IMAGES, [1, 2, 3], predicted=[1]), r"predicted \(1,\)"),
        (lambda: plotting.training({"relu": 1.0}), r"\(epochs,\) or \(seeds, epochs\), got \(\)"),
        (lambda: plotting.layers({"relu": []}), r"\(layers,\) or \(seeds, layers\), got \(0,\)"),
        (lambda: plotting.spread({"relu": SEEDS}), r"relu must have shape .* got \(2, 3\)"),
        (lambda: plotting.histograms({"z": [np.nan]}), r"'z' must hold finite .* \(1,\)"),
        (lambda: plotting.histograms({"z": Z}, curve=(Z, {"f": [1]})), r"'f' has shape \(1,\)"),
        (lambda: plotting.bars({"T": P[1:]}, labels=LABELS), r"'T' has shape \(2,\), but labels"),
        (lambda: plotting.matrix(P), r"must be a matrix .* \(3,\)"),
        (lambda: plotting.matrix([P], xlabels="ab"), r"\(1, 3\), but .* 1 ylabels and 2 xlabels"),
    ],
)
def test_what_does_not_fit_is_named_and_no_figure_is_left(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
    assert not plt.get_fignums()


# What each function draws


def drawn(line):
    return line.get_xydata().T.tolist()


def test_curves_are_drawn_through_the_values_given():
    ax = plotting.curves(Z, {"relu": RELU, "step": STEP}, mark=[(1, 0.5)])
    relu, step, dot = ax.lines[:3]
    assert drawn(relu) == [Z.tolist(), RELU.tolist()]
    assert drawn(step) == [Z.tolist(), STEP.tolist()]
    assert drawn(dot) == [[1], [0.5]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["relu", "step"]


@pytest.mark.parametrize(("z", "count"), [(Z, 2), (Z + 3, 1)], ids=["in view", "out of view"])
def test_the_axes_through_zero_are_drawn_where_they_are_in_view(z, count):
    ax = plotting.curves(z, {"tanh": np.tanh(Z)})
    through = [drawn(line) for line in ax.lines[1:]]
    assert through == [[[0, 0], [0, 1]], [[0, 1], [0, 0]]][-count:]


@pytest.mark.parametrize("nodes", [9, 10], ids=["join is a node", "join between nodes"])
@pytest.mark.parametrize("at_join", [0.0, 0.5, 1.0])
def test_a_curve_that_jumps_is_broken_there_and_only_there(nodes, at_join):
    z = np.linspace(-2, 2, nodes)
    ax = plotting.curves(z, {"step": np.heaviside(z, at_join)}, joins=[-1, 0, 1])
    x, y = drawn(ax.lines[0])
    pieces = np.split(y, np.flatnonzero(np.isnan(y)))
    inside = [piece[np.isfinite(piece)] for piece in pieces]
    assert all(np.ptp(piece) == 0 for piece in inside)
    assert len(inside) == (3 if nodes == 9 and at_join == 0.5 else 2)
    assert sorted(set(x)) == z.tolist()


@pytest.mark.parametrize("nodes", [9, 10])
def test_a_curve_that_bends_is_not_broken(nodes):
    z = np.linspace(-2, 2, nodes)
    bends = {"relu": np.maximum(z, 0), "abs": abs(z), "relu6": np.clip(z, 0, 1), "tanh": np.tanh(z)}
    ax = plotting.curves(z, bends, joins=[-2, 0, 1, 2, 5])
    assert all(np.isfinite(line.get_ydata()).all() for line in ax.lines)


def test_values_are_above_slopes():
    top, bottom = plotting.value_and_slope(Z, {"square": Z**2}, {"square": 2 * Z})
    assert drawn(top.lines[0]) == [Z.tolist(), (Z**2).tolist()]
    assert drawn(bottom.lines[0]) == [Z.tolist(), (2 * Z).tolist()]
    assert top.get_position().y0 > bottom.get_position().y1


def test_a_sum_is_bolder_than_its_pieces():
    ax = plotting.weighted_sum(Z, [RELU, -Z], STEP, target=Z**2)
    first, second, total, target = ax.lines[:4]
    for line, values in ((first, RELU), (second, -Z), (total, STEP), (target, Z**2)):
        assert drawn(line) == [Z.tolist(), values.tolist()]
    assert total.get_linewidth() > 2 * first.get_linewidth()


def test_points_of_a_class_share_a_marker_no_other_class_has():
    ax = plotting.points(XY, CLASSES)
    for k, group in enumerate(ax.collections):
        assert group.get_offsets().tolist() == XY[k == CLASSES].tolist()
    first, second = (group.get_paths()[0].vertices for group in ax.collections)
    assert first.shape != second.shape or not np.allclose(first, second)


def test_a_class_alone_keeps_its_colour():
    both = plotting.points(XY, CLASSES).collections[1]
    alone = plotting.points(XY, np.ones(4)).collections[0]
    assert alone.get_facecolor().tolist() == both.get_facecolor().tolist()


def test_the_boundary_is_where_the_score_is_at_its_level():
    ax = plotting.boundary(XX, YY, XX, level=0.25)
    line = ax.collections[-1].get_paths()[0].vertices
    np.testing.assert_allclose(line[:, 0], 0.25)


def test_regions_have_the_classes_given():
    classes = (XX > 0).astype(int)
    mesh = plotting.boundary(XX, YY, classes).collections[0]
    assert mesh.get_array().reshape(XX.shape).tolist() == classes.tolist()


@pytest.mark.parametrize("score", [0.0, 2.0, -3.0])
def test_a_score_that_never_changes_sign_has_no_boundary(score):
    ax = plotting.boundary(XX, YY, np.full(XX.shape, score))
    assert len(ax.collections) == 1


def test_pictures_are_below_their_labels_and_a_wrong_one_says_so():
    axes = plotting.digits(IMAGES, [7, 8, 9], predicted=[7, 3, 9], columns=2)
    assert [ax.get_title() for ax in axes] == ["7", "8 as 3", "9"]
    for ax, image in zip(axes, IMAGES, strict=True):
        assert ax.images[0].get_array().tolist() == image.tolist()


@pytest.mark.parametrize("draw", [plotting.training, plotting.layers])
def test_seeds_are_drawn_as_their_mean_over_their_range(draw):
    ax = draw({"relu": SEEDS})
    assert drawn(ax.lines[0]) == [[1, 2, 3], [2.3, 0.6, 0.2]]
    band = ax.collections[0].get_paths()[0].vertices
    for x, low, high in zip([1, 2, 3], SEEDS.min(0), SEEDS.max(0), strict=True):
        assert {low, high} == set(band[band[:, 0] == x, 1])


def test_measured_values_are_rounded_before_they_are_drawn():
    noisy = SEEDS[0] + 1e-7
    assert drawn(plotting.training({"a": noisy}).lines[0])[1] == SEEDS[0].tolist()
    assert drawn(plotting.training({"a": noisy}, decimals=0).lines[0])[1] == [2, 1, 0]
    assert plotting.spread({"a": noisy}).lines[0].get_xdata().tolist() == SEEDS[0].tolist()


def test_small_values_keep_their_digits_on_a_logarithmic_axis():
    ax = plotting.layers({"a": [1.23456e-7, 0.0, 65.4321, np.nan]})
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [1.23e-7, 0, 65.4, np.nan])


def test_each_row_has_a_dot_for_each_seed_and_a_tick_at_the_mean():
    ax = plotting.spread({"linear": [0.9, 0.92], "relu": [0.97, 0.98, 0.99]})
    assert [drawn(line) for line in ax.lines] == [
        [[0.9, 0.92], [0, 0]],
        [[0.91], [0]],
        [[0.97, 0.98, 0.99], [1, 1, 1]],
        [[0.98], [1]],
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["linear", "relu"]


def test_the_bins_of_a_histogram_show_shares_and_are_common_to_all():
    ax = plotting.histograms({"a": [[0, 1], [1, 4]], "b": [0, 8]}, bins=2)
    outlines = [patch.get_data() for patch in ax.patches[1::2]]
    assert [outline.values.tolist() for outline in outlines] == [[0.75, 0.25], [0.5, 0.5]]
    assert all(outline.edges.tolist() == [0, 4, 8] for outline in outlines)


def test_the_curve_over_a_histogram_has_an_axis_of_its_own():
    ax = plotting.histograms({"a": Z}, curve=(Z, {"relu": RELU}))
    (right,) = set(ax.figure.axes) - {ax}
    assert drawn(right.lines[0]) == [Z.tolist(), RELU.tolist()]
    assert right.get_ylabel() == "relu"


def test_bars_are_as_high_as_the_number_above_them():
    ax = plotting.bars({"T = 1": P, "T = 2": P[::-1]}, labels=LABELS, fmt="{:.1f}")
    assert [bar.get_height() for bar in ax.patches] == [*P, *P[::-1]]
    assert [text.get_text() for text in ax.texts] == ["0.7", "0.2", "0.1", "0.1", "0.2", "0.7"]
    assert [label.get_text() for label in ax.get_xticklabels()] == LABELS
    assert len({bar.get_hatch() for bar in ax.patches}) == 2


def test_a_matrix_is_drawn_as_it_is_written():
    m = np.array([[1.0, -2.0, 0.0], [0.5, 0.0, 3.0]])
    ax = plotting.matrix(m, ylabels=["a", "b"], fmt="{:g}")
    assert [text.get_text() for text in ax.texts] == ["1", "−2", "0", "0.5", "0", "3"]
    mesh = ax.collections[0]
    assert mesh.get_array().tolist() == m.tolist()
    assert mesh.get_clim() == (-3, 3)
    assert ax.get_ylim() == (2, 0)


def test_a_matrix_of_zeros_is_drawn():
    assert len(plotting.matrix(np.zeros((2, 2))).texts) == 4


# What is stored

PRINT_FILES = "import test_plotting as t; t.plotting.use_course_style(); print(t.hashes())"


def hashes():
    """Return a hash of both files of some figures: markers, hatches, clipping, dense."""
    figures = [np.ravel(DRAW[name][0]())[0].figure for name in ("points", "bars", "boundary")]
    svgs = [plotting.as_svg(figure).encode() for figure in figures[:2]]
    pngs = [plotting.as_png(figure) for figure in figures]
    return [hashlib.sha256(data).hexdigest() for data in svgs + pngs]


def test_figures_are_the_same_bytes_in_another_process():
    other = subprocess.run(
        [sys.executable, "-c", PRINT_FILES],
        env=os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "MPLBACKEND": "agg"},
        cwd=os.path.dirname(__file__),
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == str(hashes())


def test_a_figure_saved_twice_is_the_same_bytes():
    figure = DRAW["curves"][0]().figure
    svg, png = plotting.as_svg(figure), plotting.as_png(figure)
    assert (plotting.as_svg(figure), plotting.as_png(figure)) == (svg, png)
    other = DRAW["curves"][0]().figure
    assert (plotting.as_png(other), plotting.as_svg(other)) == (png, svg)


def test_files_name_no_date_and_no_version():
    figure = DRAW["curves"][0]().figure
    assert not re.search(r"<metadata|Matplotlib v|\d{4}-\d\d-\d\d", plotting.as_svg(figure))
    assert not {"Software", "Creation Time"} & set(opened(plotting.as_png(figure)).info)


def test_a_difference_in_the_last_digits_leaves_an_svg_as_it_is():
    first = plotting.as_svg(plotting.curves(Z, {"tanh": np.tanh(Z)}).figure)
    second = plotting.as_svg(plotting.curves(Z, {"tanh": np.tanh(Z) * (1 + 1e-12)}).figure)
    moved = plotting.as_svg(plotting.curves(Z, {"tanh": np.tanh(Z) * (1 + 1e-3)}).figure)
    assert first == second != moved


def test_a_png_looks_like_the_figure_before_its_colours_were_counted():
    figure = DRAW["boundary"][0]().figure
    stored = np.asarray(opened(plotting.as_png(figure)), float)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    exact = np.asarray(opened(file.getvalue()), float)
    assert stored.shape == exact.shape
    assert np.sqrt(np.mean((stored - exact) ** 2)) < 1
    assert stored[0, 0].tolist() == exact[0, 0].tolist()


def test_a_figure_of_curves_is_small_enough_for_ten_in_a_chapter():
    z = np.linspace(-4, 4, 401)
    ax = plotting.curves(z, {"relu": np.maximum(z, 0), "tanh": np.tanh(z), "sin": np.sin(z)})
    assert len(plotting.as_svg(ax.figure)) < 30_000
    assert len(plotting.as_png(ax.figure)) < 30_000


def opened(png):
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB") if image.mode != "RGB" else image.copy()


CELLS = [
    "import numpy as np\nfrom actlib import plotting\nplotting.use_course_style()",
    "z = np.linspace(-2, 2)\nax = plotting.curves(z, {'square': z**2})",
    "xx, yy = np.meshgrid(z, z)\nax = plotting.boundary(xx, yy, xx)",
    "ax = plotting.curves(z, {'square': z**2})",
]


def run():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]


def test_a_notebook_stores_both_formats_each_time_the_same_and_a_dense_picture_as_png(monkeypatch):
    # Otherwise the kernel would inherit the setting, and draw no figure.
    monkeypatch.delenv("MPLBACKEND", raising=False)
    first, second = run(), run()
    imports, curve, dense, again = first
    assert imports == []
    both = {"image/svg+xml", "image/png", "text/plain"}
    assert [set(output.data) for output in curve] == [both]
    assert [set(output.data) for output in dense] == [both - {"image/svg+xml"}]
    assert [set(output.data) for output in again] == [both], "png_only holds for one figure"
    assert curve[0].metadata["image/png"] == {"width": 576, "height": 346}
    assert first == second
