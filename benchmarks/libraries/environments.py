"""Give each library that is scanned an environment of its own, with exactly the pinned versions.

Python packages go into a virtual environment, npm's into a folder, and Debian's are unpacked
into a folder, not installed: nothing of the machine changes, and none of it is ever imported
by the course. All lie in $ACTLIB_LIBRARIES, else in the user's cache. Only the ordinary
clients pip, npm and apt-get are called.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(
    os.environ.get("ACTLIB_LIBRARIES")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "actlib-libraries"
)
TIMEOUT = 1500


class NotMeasured(Exception):
    """A library could not be installed or measured; the message is the line that says why."""


def pins():
    """Return {library: what pins.toml says of it}, and {absent library: reason}."""
    table = tomllib.loads((HERE / "pins.toml").read_text(encoding="utf-8"))
    absent = table.pop("absent", {})
    return table, absent


def last_line(text):
    """Return the line of a program's messages that says what went wrong, without paths."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith(("error", "npm error", "e:"))]
    line = (told or lines or ["it said nothing"])[-1]
    for folder in (str(CACHE), str(HERE), str(Path.home())):
        line = line.replace(folder, "…")
    return line[:300]


def call(command, what, **options):
    """Run a command; NotMeasured names what it was for, and its last words."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            capture_output=True, text=True, timeout=TIMEOUT, preexec_fn=lambda: os.nice(15),
            **options,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise NotMeasured(f"{what}: {missing.filename} is not there") from None
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"{what}: not done after {TIMEOUT} seconds") from None
    if done.returncode:
        raise NotMeasured(f"{what}: {last_line(done.stderr or done.stdout)}")
    return done.stdout


class Environment:
    """Where one library lies, and how its adapter is run there."""

    def __init__(self, name, table):
        self.name, self.pins = name, table[name]
        self.shared = self.pins.get("environment", name)
        self.wanted = table[self.shared]
        self.folder = CACHE / self.shared.replace("/", "+")
        self.python = self.folder / "venv" / "bin" / "python"
        self.root = self.folder / "debian"

    def install(self):
        stamp = self.folder / "installed.json"
        wanted = {kind: self.wanted[kind] for kind in ("pip", "npm", "deb") if kind in self.wanted}
        if stamp.exists() and json.loads(stamp.read_text()) == wanted:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if "pip" in wanted:
            self.install_python(wanted["pip"])
        if "npm" in wanted:
            (self.folder / "package.json").write_text("{}")
            npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
            call([*npm, *wanted["npm"]], "installing with npm", cwd=self.folder)
        if "deb" in wanted:
            self.unpack(wanted["deb"])
        stamp.write_text(json.dumps(wanted))

    def install_python(self, packages):
        """Install Python packages: with uv, which costs less, where it is there, else with pip."""
        venv = self.folder / "venv"
        # A machine's own constraints would replace the pins.
        plain = os.environ | {"PIP_CONSTRAINT": os.devnull}
        plain.pop("PYTHONPATH", None)
        uv = Path(sysconfig.get_path("scripts")) / "uv"
        if uv.exists():
            for ours, theirs in (("FIND_LINKS", "FIND_LINKS"), ("EXTRA_INDEX_URL", "INDEX")):
                if f"PIP_{ours}" in plain:
                    plain.setdefault(f"UV_{theirs}", plain[f"PIP_{ours}"])
            call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], "creating")
            install = [uv, "pip", "install", "--quiet", "--python", self.python]
            # PyTorch's build without CUDA comes from another index than PyPI.
            install += ["--index-strategy", "unsafe-best-match"]
        else:
            call([sys.executable, "-m", "venv", "--clear", venv], "creating")
            install = [self.python, "-m", "pip", "install", "-qq", "--no-compile", "--no-cache-dir"]
        if "build" in self.wanted:  # for old packages that today's setuptools cannot build
            call([*install, *self.wanted["build"]], "installing", env=plain)
            install.append("--no-build-isolation")
        call([*install, *packages], "installing", env=plain)
        cuda = sorted(path.name for path in venv.glob("lib/*/site-packages/nvidia*"))
        if cuda:
            raise NotMeasured(f"installing: brought {cuda[0]}, which needs a GPU")

    def unpack(self, packages):
        """Download Debian packages with what they need and is not there, and unpack them."""
        simulated = call(
            ["apt-get", "install", "--simulate", "--no-install-recommends", *packages],
            "resolving with apt-get",
        )
        needed = [line.split()[1] for line in simulated.splitlines() if line.startswith("Inst ")]
        named = [package.partition("=")[0] for package in packages]
        every = [*packages, *(name for name in needed if name not in named)]
        files = self.folder / "files"
        files.mkdir(exist_ok=True)
        call(["apt-get", "download", *every], "downloading with apt-get", cwd=files)
        for file in sorted(files.glob("*.deb")):
            call(["dpkg", "-x", file, self.root], "unpacking")
        for link in self.root.rglob("*"):  # a link to /etc means the one that was unpacked
            if link.is_symlink() and os.readlink(link).startswith("/"):
                target = self.root / os.readlink(link).lstrip("/")
                if target.exists():
                    link.unlink()
                    link.symlink_to(target)

    def version(self):
        """Return the installed version of the library, read from the package's own data."""
        package = self.pins.get("package", self.name)
        if (self.folder / "node_modules" / package).exists():
            data = (self.folder / "node_modules" / package / "package.json").read_text()
            return json.loads(data)["version"]
        if "pip" in self.wanted:
            ask = "import sys; from importlib import metadata as m; print(m.version(sys.argv[1]))"
            return call([self.python, "-c", ask, package], "asking for the version").strip()
        for file in (self.folder / "files").glob(f"{package}_*.deb"):
            return call(["dpkg-deb", "-f", file, "Version"], "asking for the version").strip()
        raise NotMeasured(f"asking for the version: {package} is not there")

    def checked_version(self):
        """Return the installed version; NotMeasured names it where another one is pinned."""
        version, pinned = self.version(), self.pinned()
        if pinned not in (version, version.partition("+")[0]):
            raise NotMeasured(f"version {version} is there, and {pinned} is pinned")
        return version

    def pinned(self):
        """Return the version that pins.toml names for the library."""
        package = self.pins.get("package", self.name)
        for kind, mark in (("pip", "=="), ("npm", "@"), ("deb", "=")):
            for line in self.wanted.get(kind, ()):
                name, found, version = line.rpartition(mark)
                if found and name == package:
                    return version
        return None
