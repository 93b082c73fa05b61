"""The schema's version: up to the newest by Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mailflow.store.session import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def migrate(engine: Engine, scripts: Path, *, to: str = "head") -> None:
    """Bring the database to a revision. Safe to run again; two at once wait for each other."""
    config = _config(scripts)
    with transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727274)")
        config.attributes["connection"] = connection
        if to == "base":
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)


def is_current(engine: Engine, scripts: Path) -> bool:
    """Whether the database has the newest schema."""
    newest = ScriptDirectory.from_config(_config(scripts)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config
