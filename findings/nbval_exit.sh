#!/bin/sh
# In nbval a notebook that ends itself stays green.
# One would guess: after a cell that calls exit(), the kernel is gone, and the cells after it fail.
# What happens: the kernel asks its front end to end it, nbval does not hear that, and goes on with the same
#   kernel: the later cells run, names and all, and four of four pass.
# Version: nbval 0.11.0, ipykernel 7.1.0 (PyPI), November 2026.
# Source: RunningKernel.await_reply (nbval/kernel.py) reads the reply's status alone, not its payload `ask_exit`
. "$(dirname "$0")/setup.sh"
python_packages nbval==0.11.0 ipykernel==7.1.0 pytest==8.4.2 nbformat==5.10.4
python <<'CODE'
import re
import subprocess
import sys
from importlib.metadata import version

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

print("nbval", version("nbval"))
cells = [new_code_cell(source, execution_count=1) for source in ("x = 2", "exit()", "print(x)", "1 / x")]
cells[2].outputs = [new_output("stream", name="stdout", text="2\n")]
cells[3].outputs = [new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)]
nbformat.write(new_notebook(cells=cells), "ends.ipynb")
command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "ends.ipynb"]
run = subprocess.run(command, capture_output=True, text=True)
print(re.search(r"\d+ passed|\d+ failed.*", run.stdout)[0], "exit code", run.returncode)
CODE
seen <<'SEEN'
nbval 0.11.0
4 passed exit code 0
SEEN
