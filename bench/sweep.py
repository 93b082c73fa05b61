"""A sweep reads what is due, not what is open: 50 due timers among ten thousand and a million."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from mailflow.shipped_files import shipped_folder
from mailflow.store.migrate import migrate
from mailflow.store.session import open_engine, reading, transaction
from mailflow.store.timers import due_timers
from tests.servers.postgres import Postgres

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEW, MANY = 10_000, 1_000_000
GOAL = 2.0
_DUE = 50
_FILL = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
        "INSERT INTO timers (id, fire_at, case_uid, kind, target, step, generation, tries) "
        "SELECT printf('%032x', i), "
        "datetime(:now, printf('%+d seconds', CASE WHEN i <= :due THEN -i ELSE i END)), "
        "printf('%032x', i), 'nudge', 'resolve', '50%', 0, 0 FROM n"
    ),
    "postgresql": (
        "INSERT INTO timers (id, fire_at, case_uid, kind, target, step, generation, tries) "
        "SELECT lpad(to_hex(i), 32, '0'), "
        "CAST(:now AS timestamptz) + (CASE WHEN i <= :due THEN -i ELSE i END) * interval '1 s', "
        "lpad(to_hex(i), 32, '0'), 'nudge', 'resolve', '50%', 0, 0 "
        "FROM generate_series(1, :count) AS i"
    ),
}


def measure(engine: Engine, count: int) -> float:
    """Seconds of one sweep among ``count`` open timers; the best of many, as it is short."""
    with transaction(engine) as connection:
        connection.execute(text("DELETE FROM timers"))
        connection.execute(
            text(_FILL[engine.dialect.name]),
            {"count": count, "due": _DUE, "now": NOW.isoformat(sep=" ")},
        )
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE timers"))
    best = float("inf")
    for _ in range(200):
        with reading(engine) as connection:
            start = time.perf_counter()
            found = due_timers(connection, now=NOW, limit=500)
            best = min(best, time.perf_counter() - start)
        assert len(found) == _DUE
    return best


def main() -> None:
    print("| database | 10,000 open | 1,000,000 open | ratio | goal |\n|---|---|---|---|---|")
    for name in sys.argv[1:] or ["sqlite", "postgresql"]:
        postgres = Postgres.start() if name == "postgresql" else None
        with tempfile.TemporaryDirectory() as folder:
            url = postgres.create_database() if postgres else f"sqlite:///{folder}/sweep.db"
            engine = open_engine(url)
            migrate(engine, shipped_folder("migrations"))
            few, many = measure(engine, FEW), measure(engine, MANY)
            engine.dispose()
        if postgres:
            postgres.remove()
        print(
            f"| {name} | {few * 1e6:,.0f} µs | {many * 1e6:,.0f} µs | {many / few:.2f} | ≤ {GOAL} |"
        )


if __name__ == "__main__":
    main()
