"""What the tests of the pages share: a page of the book, opened as a reader opens it."""

import pytest


@pytest.fixture
def visit(open_page, book):
    """Open a page of the book from disk, without motion: visit(name, **options) -> Watched."""
    return lambda name, **options: open_page(
        book / f"{name}.html", reduced_motion="reduce", **options
    )
