"""Composition root: Settings to one frozen Runtime."""
