"""JUDGES: pure rules over a frozen snapshot. No I/O, no clock, no HTML, no SQL."""
