"""What time the database's machine has, where that is another machine than ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from mailflow.store.session import reading

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from mailflow.clock import Clock


def database_now(connection: Connection) -> datetime | None:
    """None for SQLite, which has no clock of its own."""
    if connection.dialect.name == "sqlite":
        return None
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


class DatabaseClock:
    """The one time of all processes on one database, wherever they run: a lease that one of them
    takes is over for all at the same moment. Between two looks at the database it goes on by our
    own ``monotonic``, so that nobody who sets this machine's clock moves it.
    """

    def __init__(self, engine: Engine, own: Clock) -> None:
        self._engine = engine
        self._own = own
        self._then: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        then = self._then
        if then is None:
            return self._own.now()
        moment, monotonic = then
        return moment + timedelta(seconds=self._own.monotonic() - monotonic)

    def monotonic(self) -> float:
        return self._own.monotonic()

    def look(self) -> None:
        """Ask the database for its time. Raises TemporaryError; then the last answer stands."""
        before = self._own.monotonic()
        with reading(self._engine) as connection:
            moment = database_now(connection)
        # Half of the way there and back, as NTP reckons.
        self._then = (moment, (before + self._own.monotonic()) / 2) if moment else None
