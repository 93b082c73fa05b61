from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.casework import rules_bundle
from tests.acceptance.conftest import prepare, site
from tests.acceptance.site import Site, write_instance
from tests.failure.warm_rules import run_no_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink

__all__ = ["make_site", "site", "sqlite_site"]


@pytest.fixture(autouse=True)
def rules_are_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the shipped rules costs more than most of these tests."""
    monkeypatch.setattr(rules_bundle, "run_tests", run_no_tests)


@pytest.fixture
def make_site(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_sink: SmtpSink
) -> Iterator[Callable[..., Site]]:
    """``make_site(database, broker=…, imap_port=…)``: the sample company as a test wants it."""
    made: list[Site] = []

    def make(database: str, *, broker: str = "memory://", imap_port: int | None = None) -> Site:
        home = tmp_path / f"site{len(made)}"
        home.mkdir()
        write_instance(
            home,
            database=database,
            imap_port=imap_port or dovecot.port,
            user=imap_user,
            smtp_port=smtp_sink.port,
            broker=broker,
        )
        prepare(home, database)
        made.append(Site(home, dovecot, imap_user, smtp_sink))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def sqlite_site(make_site: Callable[..., Site], sqlite_url: str) -> Site:
    """For what does not depend on the database."""
    return make_site(sqlite_url)
