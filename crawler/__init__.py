"""SEES: the only room with a network cable; it writes files only."""
