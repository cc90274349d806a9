"""Find the lines of the libraries' own files that sources.toml names, in their environments."""

import fnmatch
import functools
import re
import tomllib
from pathlib import Path

from environments import Environment, NotMeasured

HERE = Path(__file__).parent


@functools.cache
def listed():
    """Return the entries of sources.toml."""
    return tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))["source"]


def roots(environment):
    """Yield the folders in which a library's files lie."""
    yield from (environment.folder / "venv").glob("lib/python3*/site-packages")
    yield environment.folder / "node_modules"
    yield environment.root


def located(entry, environment):
    """Return the number of the line that an entry means; NotMeasured names what is missing."""
    paths = [root / entry["file"] for root in roots(environment)]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        raise NotMeasured(f"{environment.name}: {entry['file']} is not there")
    inside = False
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        inside = inside or re.search(entry["from"], line)
        if inside and re.search(entry["line"], line):
            return number
    raise NotMeasured(f"{environment.name}: {entry['name']} is not in {entry['file']} as expected")


def fits(entry, surprise):
    """Return whether an entry explains a surprise."""
    return (
        fnmatch.fnmatch(surprise["library"], entry["library"])
        and surprise["function"] in entry["function"]
        and surprise["kind"] in entry.get("kind", [surprise["kind"]])
        and surprise["mode"].startswith(entry.get("mode", ""))
        and re.search(entry.get("call", ""), surprise["call"]) is not None
    )


def attach(surprises, table):
    """Give each surprise whose place is known a `source`, an index; return the list of places."""
    places, known = [], {}
    for surprise in surprises:
        for n, entry in enumerate(listed()):
            if not fits(entry, surprise):
                continue
            key = n, surprise["library"]
            if key not in known:
                try:
                    line = located(entry, Environment(surprise["library"], table))
                except NotMeasured as reason:
                    print(f"no source: {reason}")
                    break
                known[key] = len(places)
                places.append(
                    {"library": surprise["library"], "version": surprise["version"]}
                    | {k: entry[k] for k in ("file", "name", "why")}
                    | {"line": line}
                )
            surprise["source"] = known[key]
            break
    return places
