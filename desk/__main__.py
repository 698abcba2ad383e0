"""`python -m desk` is `gongkai`."""

from __future__ import annotations

from desk.cli import main

main()
