"""Checks for the chapter on why nonlinearity matters."""

__all__: list[str] = []
