"""How fast mail becomes cases, against a bare script that fetches, parses and inserts.

The ceiling does what no product can leave out: bulk fetch, compat32 parse, HTML to text, one
set-based insert per 50 mails, on the same servers in the same run.
"""

from __future__ import annotations

import email
import imaplib
import sys
import time
from email import policy
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text, insert, text

from bench.mails import mixed_mails
from bench.site import USER, measured_site
from mailflow.casework.rules_ahead import RulesAhead
from mailflow.intake.parse_pool import ParsePool
from mailflow.store.session import open_engine
from mailflow.workers.poller import Poller
from mailflow.workers.reading import MailReader
from mailflow.workers.run import settle_memory

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mailflow.bootstrap import Runtime
    from tests.servers.dovecot import Dovecot

MAILS = 2_000
GOALS = {"sqlite": 0.3, "postgresql": 0.25}
_AT_ONCE = 50


def measure(database: str, *, mails: int = MAILS) -> tuple[float, float]:
    """(mails a second of the product, of the ceiling), both with their processes running."""
    with (
        measured_site(database) as (runtime, dovecot, _relay),
        ParsePool() as pool,
        RulesAhead() as rules,
    ):
        dovecot.deliver_files(USER, mixed_mails(mails, tag="warm", seed=1)[:100])
        _look_once(runtime, pool, rules)
        rules.ask(runtime.office.house().bundle, ())
        settle_memory()
        raws = mixed_mails(mails)
        dovecot.deliver_files(USER, raws, "Ceiling")
        ceiling = mails / _timed(lambda: bare_script(runtime.engine, dovecot))
        dovecot.deliver_files(USER, raws)
        product = mails / _timed(lambda: _look_once(runtime, pool, rules))
        return product, ceiling


def take_in(runtime: Runtime) -> None:
    """Everything up to the commit of cases, clocks and outbox; nothing is sent."""
    with ParsePool() as pool, RulesAhead() as rules:
        pool.parse(b"From: a@b.example\n\nwarm\n")
        _look_once(runtime, pool, rules)


def _look_once(runtime: Runtime, pool: ParsePool, rules: RulesAhead) -> None:
    for account in runtime.accounts:
        read = MailReader(runtime, pool, rules)
        Poller(runtime, account, read=read, ring=lambda _lanes: None).look_once()


def bare_script(engine: Engine, dovecot: Dovecot) -> None:
    metadata = MetaData()
    table = Table(
        "bare",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("subject", Text),
        Column("body", Text),
        Column("raw", LargeBinary),
    )
    bare = open_engine(engine.url.render_as_string(hide_password=False))
    metadata.create_all(bare)
    client = imaplib.IMAP4(dovecot.host, dovecot.port)
    client.login(USER, dovecot.password)
    client.select("Ceiling")
    _, data = client.uid("SEARCH", "ALL")
    uids = data[0].split()
    for start in range(0, len(uids), 500):
        chunk = b",".join(uids[start : start + 500]).decode()
        _, fetched = client.uid("FETCH", chunk, "(UID BODY.PEEK[])")
        raws = [item[1] for item in fetched if isinstance(item, tuple)]
        rows = [_row(raw, start + number) for number, raw in enumerate(raws)]
        for first in range(0, len(rows), _AT_ONCE):
            with bare.begin() as connection:
                connection.execute(insert(table), rows[first : first + _AT_ONCE])
    client.logout()
    with bare.begin() as connection:
        connection.execute(text("DROP TABLE bare"))
    bare.dispose()


def _row(raw: bytes, number: int) -> dict[str, Any]:
    message = email.message_from_bytes(raw, policy=policy.compat32)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    payload = parts[0].get_payload(decode=True) if parts else b""
    body = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if parts and parts[0].get_content_subtype() == "html":
        body = BeautifulSoup(body, "lxml").get_text("\n")
    return {"id": str(number), "subject": str(message["subject"]), "body": body, "raw": raw}


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    names = sys.argv[1:] or list(GOALS)
    print("| database | mails/s | ceiling/s | ratio | goal |\n|---|---|---|---|---|")
    for name in names:
        product, ceiling = measure(name)
        print(
            f"| {name} | {product:,.0f} | {ceiling:,.0f} "
            f"| {product / ceiling:.2f} | {GOALS[name]} |"
        )


if __name__ == "__main__":
    main()
