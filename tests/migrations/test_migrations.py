from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from mailflow.shipped_files import shipped_folder
from mailflow.store.migrate import is_current, migrate
from mailflow.store.schema import metadata
from mailflow.store.session import open_engine


@pytest.mark.servers
def test_migrations_go_up_down_and_up_again_without_drift(database_url: str) -> None:
    engine = open_engine(database_url)
    scripts = shipped_folder("migrations")
    migrate(engine, scripts)
    assert is_current(engine, scripts)
    migrate(engine, scripts, to="base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine, scripts)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    scripts = shipped_folder("migrations")
    migrate(engine, scripts)
    before = sorted(inspect(engine).get_table_names())
    migrate(engine, scripts)
    assert sorted(inspect(engine).get_table_names()) == before
    engine.dispose()
