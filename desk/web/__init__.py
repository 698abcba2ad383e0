"""The desk in the browser: views read the form, call what the command line calls, and redirect."""

from __future__ import annotations

from desk.web.app import create_app, make_ready

__all__ = ["create_app", "make_ready"]
