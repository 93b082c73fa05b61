from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from mailflow.bootstrap import prepare_database
from mailflow.keys.keyring import create_keyring, load_keyring
from mailflow.store.session import open_engine, reading, transaction
from mailflow.store.timers import due_timers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from mailflow.clock import SteeredClock


@pytest.fixture
def engine(database_url: str, tmp_path: Path, clock: SteeredClock) -> Iterator[Engine]:
    create_keyring(tmp_path / "keyring.json")
    engine = open_engine(database_url)
    prepare_database(engine, load_keyring(tmp_path / "keyring.json"), clock=clock)
    yield engine
    engine.dispose()


def test_a_timer_that_a_newer_version_set_holds_up_no_other(
    engine: Engine, clock: SteeredClock
) -> None:
    statement = text(
        "INSERT INTO timers (id, fire_at, case_uid, kind, target, step, generation, tries)"
        " VALUES (:id, :at, :id, :kind, 'x', 'x', 0, 0)"
    )
    rows = [
        {"id": f"{number:032x}", "at": clock.now(), "kind": kind}
        for number, kind in enumerate(("not_yet_invented", "nudge"))
    ]
    with transaction(engine) as connection:
        connection.execute(statement, rows)
    with reading(engine) as connection:
        (due,) = due_timers(connection, now=clock.now(), limit=10)
    assert due.timer.kind == "nudge"
