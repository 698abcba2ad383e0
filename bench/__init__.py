"""Measured figures: accuracy and speed, each with the command that makes it."""
