"""Checks for the chapter on sigmoid and tanh."""

__all__: list[str] = []
