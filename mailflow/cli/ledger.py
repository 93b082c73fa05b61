"""`mailflow ledger`: what became of every mail that was fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from mailflow.bootstrap import Runtime
from mailflow.cli.asking import JsonOption, open_instance
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, print_lines
from mailflow.store.ledger import PAGE_SIZE, read_ledger
from mailflow.store.session import reading

_COLUMNS = (
    "mailbox",
    "uidvalidity",
    "uid",
    "disposition",
    "case",
    "reason",
    "received_at",
    "processed_at",
)


def ledger(home: HomeOption = HERE, *, json: JsonOption = False) -> None:
    """A line for each mail that was ever fetched, in the order of storing.

    With --json one object a line; a mail that waits has no disposition yet.

    Example: mailflow ledger --json | grep '"disposition": "held"'
    """
    with open_instance(home) as runtime:
        print_lines(_read_all(runtime), as_json=json, columns=_COLUMNS)


def _read_all(runtime: Runtime) -> Iterator[Row]:
    """Page by page, so that memory stays flat and no transaction stays open."""
    after = ""
    while True:
        with reading(runtime.engine) as connection:
            page = read_ledger(connection, runtime.keyring, after=after)
        for line in page:
            after = line.row_id
            row = asdict(line)
            del row["row_id"]
            yield row
        if len(page) < PAGE_SIZE:
            return
