"""What concerns every room's tests."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        default=False,
        help="write what is said now into the expected.json of the cases, and fail, so that somebody reads the diff",
    )
