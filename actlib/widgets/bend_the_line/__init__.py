"""Three units that bend a line, and the curve that their sum should match."""

from .figure import BendTheLine
