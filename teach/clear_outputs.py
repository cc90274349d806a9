"""A filter for git: a notebook on its way into the repository loses what running it has added.

Set up on a hub, it lets a notebook that a student only ran count as unchanged and be replaced:

    git config --system filter.clear-outputs.clean "python3 /opt/course/teach/clear_outputs.py"

The file `.gitattributes` of the handout names the filter; where it is not set up, git does without.
The student's file itself is not touched. Anything but a notebook passes as it is.
"""

import json
import sys

# What JupyterLab adds to cells and to the notebook while it runs.
ADDED = {"collapsed", "scrolled", "trusted", "execution", "ExecuteTime"}


def clear(text):
    r"""Return a notebook's text without outputs and counts; any other text unchanged.

    >>> clear("no notebook")
    'no notebook'
    >>> ran = '{"cells": [{"cell_type": "code", "outputs": [1], "execution_count": 3}]}'
    >>> clear(ran) == clear(ran.replace("[1]", "[]").replace("3", "null"))
    True
    """
    try:
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
            for key in ADDED & cell.get("metadata", {}).keys():
                del cell["metadata"][key]
            if isinstance(cell.get("source"), str):
                cell["source"] = cell["source"].splitlines(keepends=True)
        metadata = notebook.get("metadata", {})
        metadata.pop("widgets", None)
        if "name" in metadata.get("language_info", {}):
            metadata["language_info"] = {"name": metadata["language_info"]["name"]}
        if "kernelspec" in metadata:
            metadata["kernelspec"]["display_name"] = "Python 3"
    except (ValueError, KeyError, TypeError, AttributeError):
        return text
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(clear(sys.stdin.buffer.read().decode("utf-8")).encode("utf-8"))
