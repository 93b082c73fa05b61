"""A site to measure on: Dovecot, a database, a relay that takes everything."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow.bootstrap import Runtime, assemble, prepare_database
from mailflow.clock import SystemClock
from mailflow.keys.keyring import load_keyring
from mailflow.store.session import open_engine
from tests.acceptance.site import write_instance
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "bench@acme.example"


@contextmanager
def measured_site(database: str) -> Iterator[tuple[Runtime, Dovecot, SmtpSink]]:
    """``database`` is sqlite or postgresql; PostgreSQL commits to disk as in production."""
    dovecot = Dovecot.start()
    relay = SmtpSink.start()
    postgres = Postgres.start(extra_settings=()) if database == "postgresql" else None
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "site"
        home.mkdir()
        url = postgres.create_database() if postgres else f"sqlite:///{folder}/bench.db"
        write_instance(
            home,
            database=url,
            imap_port=dovecot.port,
            user=USER,
            smtp_port=relay.port,
            broker="memory://",
        )
        if postgres:
            engine = open_engine(url)
            keyring = load_keyring(home / "var" / "keyring.json")
            prepare_database(engine, keyring, clock=SystemClock())
            engine.dispose()
        runtime = assemble(home, environ={"IMAP_PASSWORD": "pw"})
        try:
            yield runtime, dovecot, relay
        finally:
            runtime.close()
            relay.stop()
            dovecot.remove()
            if postgres:
                postgres.remove()
