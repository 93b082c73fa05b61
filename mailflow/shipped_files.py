"""Where the files lie that mailflow ships: rules, templates, config, migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

ShippedName = Literal["rules", "templates", "config", "migrations"]

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: ShippedName) -> Path:
    """Inside the package of an installed wheel (pyproject's force-include), else beside it."""
    installed = _PACKAGE / "shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
