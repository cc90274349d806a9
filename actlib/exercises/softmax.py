"""Checks for the chapter on softmax."""

__all__: list[str] = []
