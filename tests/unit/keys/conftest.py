from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.keys.keyring import Keyring, create_keyring
from tests.unit.keys.independent import known_keyring

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return create_keyring(tmp_path / "keyring.json", instance="acme-hr")


@pytest.fixture
def known(tmp_path: Path) -> Keyring:
    """A keyring whose keys the tests know; its kids are 0 and 3."""
    return known_keyring(tmp_path / "known.json")
