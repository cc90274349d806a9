"""Where the course lies: the folder that holds README.md."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
