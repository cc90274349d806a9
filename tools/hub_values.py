"""Check `teach/hub/values.yaml` against the chart of Zero to JupyterHub: run it with the chart.

`python tools/hub_values.py CHART` takes the folder of the chart as it is published or in its
repository (`jupyterhub/`), with `values.yaml` and `values.schema.json` or `.yaml`. As helm does, it
lays our values over the chart's own and checks the whole; each fault is a line. The chart is not
part of this repository.
"""

import sys
from pathlib import Path

import yaml
from jsonschema.validators import validator_for

VALUES = Path(__file__).parents[1] / "teach" / "hub" / "values.yaml"


def laid_over(below, above):
    """Return `below` with the entries of `above`: mappings are merged, all else is replaced.

    >>> laid_over({"a": {"b": 1, "c": [2]}}, {"a": {"c": [3]}})
    {'a': {'b': 1, 'c': [3]}}
    """
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {key: laid_over(below.get(key), value) for key, value in above.items()}


def faults(values, chart):
    """Return a line for each fault of the values, merged with those of the chart's folder."""
    # JSON is YAML, so one reader will do for both.
    (schema, *_) = sorted(chart.glob("values.schema.*")) or sys.exit(
        f"{chart} has no values.schema.json or .yaml: name the chart's folder."
    )
    schema = yaml.safe_load(schema.read_text("utf-8"))
    merged = laid_over(yaml.safe_load((chart / "values.yaml").read_text("utf-8")), values)
    found = validator_for(schema)(schema).iter_errors(merged)
    return [f"{'.'.join(map(str, each.absolute_path)) or 'top'}: {each.message}" for each in found]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/hub_values.py CHART, the folder of the chart")
    told = faults(yaml.safe_load(VALUES.read_text("utf-8")), Path(sys.argv[1]))
    print(*told or [f"{VALUES.name} is valid for the chart in {sys.argv[1]}."], sep="\n")
    sys.exit(bool(told))
