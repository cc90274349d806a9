"""Living figures in Python: state, output, and what a page is given."""

import base64
import json
import re
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from course import ROOT
from figures import EXAMPLES, stored
from traitlets import TraitError

from actlib.activations import ACTIVATIONS
from actlib.widgets import ActivationExplorer
from actlib.widgets.activation_explorer.figure import flat_zones
from actlib.widgets.kit import assets
from actlib.widgets.kit.figure import WIDGET_VIEW
from actlib.widgets.kit.samples import pack, sample

every_figure = pytest.mark.parametrize("name", EXAMPLES)


def figure(name):
    return EXAMPLES[name]()


@cache
def in_vs_code(name):
    """Return another figure, equal to the stored one, and what VS Code gets of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VSCODE_PID", "1")
        shown = figure(name)
        return shown, shown._repr_mimebundle_()[0]


def test_every_figure_has_an_example_a_class_and_a_module():
    assert sorted(EXAMPLES) == assets.figure_names()
    assert {stored(name)[0].name for name in EXAMPLES} == {*EXAMPLES}


# What is stored in a notebook


@every_figure
def test_the_output_has_a_form_for_each_reader(name):
    shown, bundle = stored(name)
    assert [*bundle] == ["text/plain", "text/html"]
    assert bundle["text/plain"] == f"{type(shown).__name__}: {shown.alt()}"
    assert f'data-model="{shown.model_id}"' in bundle["text/html"]
    assert shown.get_state("_place") == {"_place": shown.model_id}
    assert len(shown.alt()) >= 40 and shown.alt().endswith(".")


@every_figure
def test_vs_code_gets_a_widget_view_too(name):
    shown, bundle = in_vs_code(name)
    assert bundle[WIDGET_VIEW]["model_id"] == shown.model_id


PRINT_HASHES = """
import hashlib, json, sys

sys.path.insert(0, "tests/kit")
from figures import EXAMPLES, stored

bundles = {name: json.dumps(EXAMPLES[name]()._repr_mimebundle_()) for name in sys.argv[1:]}
print(json.dumps({name: hashlib.sha256(b.encode()).hexdigest() for name, b in bundles.items()}))
"""


def test_the_outputs_are_the_same_in_every_process_and_in_any_order():
    first, second = (
        json.loads(
            subprocess.run(
                [sys.executable, "-c", PRINT_HASHES, *names],
                cwd=ROOT,
                env={"PYTHONHASHSEED": seed, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        )
        for seed, names in (("1", [*EXAMPLES]), ("2", reversed(EXAMPLES)))
    )
    assert first.keys() == second.keys() == EXAMPLES.keys()
    assert [name for name in EXAMPLES if first[name] != second[name]] == []


@every_figure
def test_two_equal_figures_differ_in_their_models_alone(name):
    (one, bundle), (other, second) = stored(name), in_vs_code(name)
    assert one.model_id != other.model_id
    assert bundle["text/html"].replace(one.model_id, other.model_id) == second["text/html"]


@every_figure
def test_the_state_is_small_and_leads_back_to_itself(name):
    shown, bundle = stored(name)
    state, html = shown.state(), bundle["text/html"]
    text = re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1]
    assert json.loads(text) == json.loads(json.dumps(state))
    assert len(text) < 20_000
    assert not {"layout", "tooltip", "comm", "tabbable"} & {*state}


@every_figure
def test_the_still_form_needs_no_script(name):
    html = stored(name)[1]["text/html"]
    still = re.search(r'<div class="living-still">(.*?)</div>\n<script', html, re.S)[1]
    assert "<script" not in still and "style=" not in still
    for img in re.findall(r"<img[^>]*>", still):
        assert re.search(r'src="data:image/(svg\+xml|png);base64,[\w+/=]+"', img)
        assert re.search(r'alt="[^"]{40,}" width="\d+" height="\d+"', img)


def test_no_text_in_a_state_ends_its_script():
    explorer = ActivationExplorer(["relu"])
    explorer.set_trait("inputs", {"title": "</script><b>"})
    assert "</script><b>" not in explorer.as_html()


def test_a_state_that_json_cannot_hold_is_refused():
    explorer = ActivationExplorer(["relu"])
    explorer.set_trait("inputs", {"share": float("nan")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        explorer.as_html()


@every_figure
def test_displaying_a_figure_leaves_no_other_figure_open(name):
    import matplotlib.pyplot as plt

    figure(name)._repr_mimebundle_()
    assert plt.get_fignums() == []


# Scripts and styles


@every_figure
def test_jupyterlab_gets_one_module_with_all_it_needs(name):
    source = assets.lab_module(name)
    assert not re.search(r"^import ", source, re.M)
    assert re.findall(r"^export .*", source, re.M) == ["export default { ...figure, initialize };"]


def test_a_page_gets_plain_scripts_that_keep_to_themselves():
    for file, source in assets.page_scripts().items():
        assert not re.search(r"^\s*(import|export) ", source, re.M), file
        assert source.startswith('(() => {\n"use strict";\n') and source.endswith("})();\n")
        assert not re.search(r"\beval\(|new Function|https?://(?!www\.w3\.org/2000/svg)", source)


@every_figure
def test_a_module_keeps_to_what_joining_relies_on(name):
    own = (assets.FIGURES / name / "figure.js").read_text("utf-8")
    shared = (assets.KIT / "drawing.js").read_text("utf-8")
    names = re.compile(r"^(?:export )?(?:function|const|let|class) (\w+)", re.M)
    assert not {*names.findall(own)} & {*names.findall(shared)}
    imported = re.search(r"import \{([^}]*)\}", own)[1].replace(",", " ").split()
    assert {*imported} <= {*assets.EXPORT.findall(shared)}
    assert all(len(re.findall(rf"\b{each}\b", own)) > 1 for each in imported), "imported, not used"
    for line in own.splitlines():
        assert line.count("`") % 2 == 0, f"a string over several lines: {line}"


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The empty folder of a figure called spin, beside a small kit."""
    for name, folder in {"FIGURES": tmp_path, "KIT": tmp_path / "kit"}.items():
        monkeypatch.setattr(assets, name, folder)
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "drawing.js").write_text("export function line() {}\n")
    (tmp_path / "kit" / "page.js").write_text("")
    (tmp_path / "kit" / "lab.js").write_text("")
    (tmp_path / "spin").mkdir()
    return tmp_path / "spin"


def test_a_module_that_cannot_be_joined_is_refused(toy):
    (toy / "figure.js").write_text("export default { render };\n")
    with pytest.raises(ValueError, match=r"spin/figure\.js needs one import"):
        assets.lab_module("spin")


def test_what_a_figure_computes_with_comes_in_a_scope_of_its_own(toy):
    (toy / "turning.js").write_text(
        "const step = 2;\nexport function turn(x) { return x * step; }\nexport const other = 1;\n"
    )
    (toy / "figure.js").write_text(
        'import { line } from "../kit/drawing.js";\nimport { turn } from "./turning.js";\n'
        "const step = 5;\nexport default { render };\n"
    )
    assert assets.figure_names() == ["spin"]
    for source in (assets.lab_module("spin"), assets.page_scripts()["spin.js"]):
        assert "import" not in source and "export const" not in source
        scope = source[source.index("() => {\nconst") : source.index("return { turn, other };")]
        assert "const step = 2;" in scope and "const step = 5;" not in scope
    assert "step" not in assets.page_scripts()["figures.js"]


def test_colours_are_the_course_styles_and_typed_nowhere_else():
    assert "--color-1: #d55e00;" in assets.stylesheet()
    assert "--dash-1: 8.8 3.3;" in assets.stylesheet()
    for path in [*assets.FIGURES.glob("*/*.css"), *assets.FIGURES.glob("*/*.js")]:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!\))", path.read_text("utf-8")), path.name


# Samples


def test_packed_numbers_are_32_bit_fixed_point():
    packed = np.frombuffer(base64.b64decode(pack([1.5, -31.25, 1e-9])), "<i4")
    assert (packed / 2**26).tolist() == [1.5, -31.25, 0.0]


@pytest.mark.parametrize("number", [32.0, -40.0, float("nan"), float("inf")])
def test_a_number_that_does_not_fit_is_named(number):
    with pytest.raises(ValueError, match=str(number)):
        pack([0.0, number])


def test_a_curve_that_needs_too_many_samples_is_refused():
    with pytest.raises(ValueError, match="sign"):
        sample(np.sign, np.zeros_like, [-1, 1.5])


def test_samples_follow_the_registry_at_a_join():
    relu = sample(ACTIVATIONS["relu"].value, ACTIVATIONS["relu"].grad, [-6, 0, 6], [0])
    assert relu["joins"] == [[0.0, 0.0, 0.0]]


def test_samples_too_large_for_fixed_point_are_scaled():
    square = sample(np.square, lambda z: 2 * z, [0, 20])
    packed = np.frombuffer(base64.b64decode(square["data"]), "<i4") / 2**26
    assert square["scale"] == 16.0  # 400 / 16 is under 32
    slope = 2 * 10 * (1 + np.cos(np.pi / (2 * packed.size // 2)))
    assert packed[packed.size // 2] * 16 == pytest.approx(slope, abs=1e-6)
    assert "scale" not in sample(np.square, lambda z: 2 * z, [0, 5])


# The activation explorer


def test_flat_zones_are_where_the_slope_is_small():
    sigmoid = flat_zones(ACTIVATIONS["sigmoid"].grad, 0.01)
    p = (1 - np.sqrt(1 - 4 * 0.01)) / 2  # the solution of p (1 - p) = 0.01
    assert [[low, high] for low, high, _ in sigmoid] == [
        [None, pytest.approx(np.log(p / (1 - p)))],
        [pytest.approx(np.log((1 - p) / p)), None],
    ]
    assert flat_zones(ACTIVATIONS["relu6"].grad, 0.01, (0, 6)) == [
        [None, 0.0, True],
        [6.0, None, True],
    ]
    softsign = flat_zones(ACTIVATIONS["softsign"].grad, 0.01)
    assert softsign[0][1] == pytest.approx(-9) and softsign[1][0] == pytest.approx(9)
    assert flat_zones(ACTIVATIONS["identity"].grad, 0.01) == []


def test_a_slope_that_only_passes_zero_is_not_dead():
    dip = flat_zones(lambda z: z, 0.01)
    assert dip == [[pytest.approx(-0.01), pytest.approx(0.01), False]]


@pytest.mark.parametrize("name", [n for n, e in ACTIVATIONS.items() if e.kind == "elementwise"])
def test_flat_zones_hold_for_every_activation(name):
    entry = ACTIVATIONS[name]
    z = np.linspace(-29.9, 29.9, 5001)
    inside = np.zeros(z.shape, bool)
    for low, high, _ in flat_zones(entry.grad, 0.01, entry.joins()):
        inside |= (z > (-np.inf if low is None else low)) & (z < (np.inf if high is None else high))
    small = np.abs(entry.grad(z)) < 0.01
    edges = np.abs(np.abs(entry.grad(z)) - 0.01) < 1e-6
    at_join = np.isin(z.round(6), entry.joins())
    assert (inside == small)[~edges & ~at_join].all()


def test_shares_of_a_normal_are_exact():
    explorer = ActivationExplorer(["hardtanh"], scale=0.5)
    assert explorer.shares("hardtanh") == pytest.approx((0.0455002639, 0.0455002639), abs=1e-9)


def test_a_parameter_between_the_stops_is_sampled_when_python_sets_it():
    explorer = ActivationExplorer(["leaky_relu"])
    assert 0.37 not in explorer.functions["leaky_relu"]["params"]["alpha"]
    explorer.params = {"leaky_relu": {"alpha": 0.37}}
    assert 0.37 in explorer.functions["leaky_relu"]["params"]["alpha"]
    assert len(explorer.functions["leaky_relu"]["tables"]) == 22


def test_a_default_that_is_no_stop_is_sampled_too():
    explorer = ActivationExplorer(["leaky_relu"])
    assert 0.01 in explorer.functions["leaky_relu"]["params"]["alpha"]


def test_the_reader_chooses_the_stops():
    explorer = ActivationExplorer(["swish"], values={"swish": {"beta": [0.5, 1, 8]}})
    assert explorer.functions["swish"]["params"] == {"beta": [0.5, 1.0, 8.0]}


def test_two_parameters_are_sampled_in_all_combinations():
    explorer = ActivationExplorer(["hardtanh"])
    stops = explorer.functions["hardtanh"]["params"]
    assert len(explorer.functions["hardtanh"]["tables"]) == len(stops["low"]) * len(stops["high"])


def test_a_new_threshold_moves_the_zones():
    explorer = ActivationExplorer(["tanh"])
    before = explorer.shares("tanh")[0]
    sent = explorer.functions
    explorer.threshold = 0.1
    assert explorer.shares("tanh")[0] > before and explorer.functions != sent


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: ActivationExplorer(["softmax"]), "'softmax' is not an elementwise"),
        (lambda: ActivationExplorer(["rulu"]), "'rulu' is not an elementwise"),
        (lambda: ActivationExplorer(["relu"], limits=(1, -1)), r"got \(1, -1\)"),
        (lambda: ActivationExplorer(["relu"], z=7), r"\[-6, 6\], got 7"),
        (lambda: ActivationExplorer(["relu"], shown=["gelu"]), "gelu"),
        (lambda: ActivationExplorer(["relu"], params={"relu": {"alpha": 1}}), "alpha"),
        (lambda: ActivationExplorer(["elu"], params={"elu": {"alpha": -1.0}}), "alpha must lie"),
        (lambda: ActivationExplorer(["elu"], values={"elu": {"beta": [1]}}), "beta"),
        (lambda: ActivationExplorer(["relu"], inputs=[np.nan]), "finite"),
        (lambda: ActivationExplorer([]), "at least one"),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        wrong()
