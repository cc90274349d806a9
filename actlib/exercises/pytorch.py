"""Checks for the chapter on the PyTorch APIs."""

__all__: list[str] = []
