from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.bootstrap import prepare_database, site_digest
from mailflow.clock import SystemClock
from mailflow.keys.keyring import load_keyring
from mailflow.settings import load_settings
from mailflow.store.calibrations import CalibrationState, Remembered, remember_calibration
from mailflow.store.session import open_engine, transaction
from tests.acceptance.site import Site, write_instance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def site(
    tmp_path: Path, database_url: str, dovecot: Dovecot, imap_user: str, smtp_sink: SmtpSink
) -> Iterator[Site]:
    """The sample company on both databases, with a border whose stamp is trusted."""
    home = tmp_path / "site"
    home.mkdir()
    write_instance(
        home,
        database=database_url,
        imap_port=dovecot.port,
        user=imap_user,
        smtp_port=smtp_sink.port,
        broker="memory://",
    )
    site = Site(home, dovecot, imap_user, smtp_sink)
    prepare(home, database_url)
    yield site
    site.close()


def prepare(home: Path, database_url: str) -> None:
    """Lay the tables, and say that the border's stamp can be trusted, as `check auth` would."""
    clock = SystemClock()
    engine = open_engine(database_url)
    prepare_database(engine, load_keyring(home / "var" / "keyring.json"), clock=clock)
    settings = load_settings(home, environ={"IMAP_PASSWORD": "pw"})
    found = Remembered(CalibrationState.PASSED, site_digest(settings), clock.now())
    with transaction(engine) as connection:
        remember_calibration(connection, found)
    engine.dispose()
