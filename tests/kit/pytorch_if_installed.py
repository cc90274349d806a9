"""PyTorch for the tests that compare with it; without it they are skipped, and say so."""

import pytest

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ModuleNotFoundError:
    torch = nn = F = None

needs_pytorch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

__all__ = ["F", "needs_pytorch", "nn", "torch"]
