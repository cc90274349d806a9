"""Run an adapter in its library's environment: Python, Node, R, or C++ compiled first."""

import os
import shutil
from pathlib import Path

from environments import NotMeasured, call

ADAPTERS = Path(__file__).parent / "adapters"
QUIET = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3", "JAX_ENABLE_X64": "1", "KERAS_BACKEND": "jax",
    "GLOG_minloglevel": "3", "CHAINER_WARN_VERSION_MISMATCH": "0", "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu",
}  # fmt: skip


def libraries(root):
    """Return the folders of an unpacked Debian tree in which shared libraries lie."""
    if not root.exists():
        return []
    every = (path.parent for path in root.rglob("*.so*") if path.is_file())
    return sorted({str(folder) for folder in every})


def run(environment, folder):
    """Run the adapter of a library on the inputs in a folder."""
    adapter = ADAPTERS / environment.pins["adapter"]
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | QUIET
    settings |= environment.pins.get("settings", {})
    root = environment.root
    settings["LD_LIBRARY_PATH"] = ":".join(libraries(root))
    if not settings["LD_LIBRARY_PATH"]:
        del settings["LD_LIBRARY_PATH"]
    if adapter.suffix == ".py":
        command = [environment.python, adapter, folder]
    elif adapter.suffix == ".js":
        if "pip" in environment.wanted:  # models that Python writes and JavaScript runs
            models = ADAPTERS / "onnx_models.py"
            call([environment.python, models, folder], "writing models", env=settings)
        settings["NODE_PATH"] = str(environment.folder / "node_modules")
        command = ["node", adapter, folder]
    elif adapter.suffix == ".R":
        command = r_command(root, settings, adapter, folder)
    else:
        command = [compiled(environment, adapter), folder]
    call(command, "running the adapter", env=settings, cwd=environment.folder)


def r_command(root, settings, adapter, folder):
    home = root / "usr" / "lib" / "R"
    if not home.exists():
        raise NotMeasured("running the adapter: R is not there")
    settings |= {"R_HOME": str(home), "R_SHARE_DIR": str(root / "usr" / "share" / "R" / "share")}
    settings |= {"EDITOR": "vi", "PAGER": "cat"}  # R's own settings come with its installation
    settings["R_LIBS"] = f"{root}/usr/lib/R/site-library:{root}/usr/lib/R/library"
    settings["LD_LIBRARY_PATH"] += f":{home}/lib"
    return [home / "bin" / "exec" / "R", "--no-echo", "--no-restore", f"--file={adapter}",
            "--args", folder]  # fmt: skip


def compiled(environment, source):
    """Compile an adapter in C++ against an environment's headers and libraries."""
    compiler = shutil.which("g++")
    if compiler is None:
        raise NotMeasured("compiling the adapter: g++ is not there")
    program = environment.folder / source.stem
    root = environment.root
    flags = [
        f.format(root=root, venv=environment.folder / "venv")
        for f in environment.pins.get("flags", ())
    ]
    command = [compiler, "-O2", "-std=c++17", "-w", source, "-o", program]
    command += [f"-I{root}/usr/include", f"-I{root}/usr/include/x86_64-linux-gnu", *flags]
    command += [f"-L{folder}" for folder in libraries(root)]
    call([*command, *environment.pins.get("link", [])], "compiling the adapter")
    return program
