"""Where the course is: the folder with README.md."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
