"""Configuration: config/mailflow.yaml and the environment, read once into one frozen Settings."""

from __future__ import annotations

from mailflow.settings.load import load_settings, read_settings
from mailflow.settings.model import Settings
from mailflow.settings.values import secrets_in

__all__ = ["Settings", "load_settings", "read_settings", "secrets_in"]
