"""Three units that bend a line, and the curve that their sum should become."""

from .figure import BendTheLine
