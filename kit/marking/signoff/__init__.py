"""Marks that are set by hand, and signed certificates."""
