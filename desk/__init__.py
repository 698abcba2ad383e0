"""DECIDES: command line, nightly, deficiencies, scoring, reports."""
