"""Finds the moments worth watching in a demo: one detector a file, every rule in domain/highlight.py."""
