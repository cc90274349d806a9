"""The kernel that sheets are graded in: what judges is loaded before a student's code runs.

A cell that does not come to an end is interrupted; one that goes on all the same ends the kernel.
The file that GRADING_LAST names holds the cell that is running, should it end the kernel.
"""

import os
import signal
import sys
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp

from teach import grading

# Seconds of the processor's time for a cell; a check's answer has its own limit, in grading.
PATIENCE = 15.0


def part():
    """Let what is imported from now on be another copy of the package than the one that judges."""
    for name in [*sys.modules]:
        if name.partition(".")[0] == "actlib":
            del sys.modules[name]


def started(info):
    if note := os.environ.get("GRADING_LAST"):
        Path(note).write_text(info.raw_cell, "utf-8")
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, grading.Impatience())
        signal.setitimer(signal.ITIMER_PROF, PATIENCE, PATIENCE)


def ended(_):
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, 0)


def leave():
    # IPython's exit() ends the kernel some cells later, whose answers would be lost.
    raise SystemExit


def main():
    part()
    grading.seal()
    app = IPKernelApp.instance()
    app.initialize()
    app.shell.events.register("pre_run_cell", started)
    app.shell.events.register("post_run_cell", ended)
    app.shell.ask_exit = leave
    app.start()


if __name__ == "__main__":
    main()
