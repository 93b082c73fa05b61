"""What time the database's machine has, where that is another machine than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def database_now(connection: Connection) -> datetime | None:
    """None for SQLite, which has no clock of its own."""
    if connection.dialect.name == "sqlite":
        return None
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment
