"""Measurements, each as a ratio to a ceiling taken in the same run: `make bench`."""
