"""Bytes → facts, once."""
