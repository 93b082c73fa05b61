from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conftest import site
from tests.attacks.stage import Stage, open_stage

if TYPE_CHECKING:
    from tests.acceptance.site import Site

__all__ = ["site"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is judged happens before anything is stored: one database is enough."""
    return sqlite_url


@pytest.fixture
def stage(site: Site) -> Stage:
    return open_stage(site)
