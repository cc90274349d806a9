"""Formulas are set when the book is built: _ext/pages_math.py."""

import subprocess
import sys

from course import ROOT

SET = "import pages_math; print(pages_math.set_formula('x', False)[1] or 'set')"


def test_a_process_that_set_a_formula_ends():
    # Without its being closed, the engine kept most of them for ever.
    for _ in range(5):
        command = [sys.executable, "-c", SET]
        done = subprocess.run(command, cwd=ROOT / "_ext", capture_output=True, timeout=60)
        assert (done.returncode, done.stdout.strip()) == (0, b"set"), done.stderr.decode()
