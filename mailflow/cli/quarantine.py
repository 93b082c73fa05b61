"""`mailflow quarantine`: mails that could not be read."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mailflow.casework.quarantine import (
    Quarantined,
    discard_quarantined,
    list_quarantined,
    retry_quarantined,
    show_quarantined,
)
from mailflow.cli.asking import (
    NOT_FOUND,
    USAGE,
    AsOption,
    JsonOption,
    asker_of,
    open_instance,
    refuse,
    require_person,
)
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, iso, print_rows, printable, to_json
from mailflow.core.mail.message import Address

_COLUMNS = ("id", "mailbox", "uid", "case", "reason", "size", "received_at", "quarantined_at")
_PRIVATE = 0o600

Id = Annotated[str, typer.Argument(metavar="ID", help="As `quarantine list` shows it.")]

app = typer.Typer(no_args_is_help=True, help="Mails that could not be read.")


@app.callback()
def _quarantine() -> None:
    """Mails that could not be read."""


@app.command("list")
def list_(home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """What lies in quarantine, oldest first, and the case that tells of each.

    Example: mailflow quarantine list
    """
    with open_instance(home) as runtime:
        found = list_quarantined(runtime.office, asker=asker_of(runtime, as_))
    print_rows((_row(one) for one in found), as_json=json, columns=_COLUMNS)


@app.command()
def show(
    mail_id: Id,
    home: HomeOption = HERE,
    *,
    raw: Annotated[
        Path | None,
        typer.Option("--raw", metavar="FILE", help="Write the original bytes there; needs --as."),
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """What the header of one mail says, for whoever may read its case. That you looked is on
    record.

    Example: mailflow quarantine show 019ab0c4d2f1 --as tom.triage@acme.example --raw mail.eml
    """
    if raw is not None:
        require_person(as_, wanted="--raw")
        if raw.exists():
            refuse(f"{raw} is there already and is not overwritten", code=USAGE)
    with open_instance(home) as runtime:
        found = show_quarantined(
            runtime.office, mail_id, asker=asker_of(runtime, as_), with_raw=raw is not None
        )
    if found is None or (raw is not None and found.raw is None):
        refuse(NOT_FOUND)
    if raw is not None and found.raw is not None:
        _write_private(raw, found.raw)
    document = {**_row(found), **_fields(found)}
    if json:
        typer.echo(to_json(document, indent=2))
        return
    for name, value in document.items():
        typer.echo(f"{name:16} {_say(value)}")


@app.command()
def retry(
    mail_id: Id, home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Let a mail be processed again, after an upgrade for instance; also a discarded one.

    Example: mailflow quarantine retry 019ab0c4d2f1e3a59b7c6d5e4f3a2b1c
    """
    with open_instance(home) as runtime:
        done = retry_quarantined(runtime.office, mail_id, asker=asker_of(runtime, as_))
    _tell(mail_id, "waits to be processed", done=done, json=json, state="stored")


@app.command()
def discard(
    mail_id: Id,
    home: HomeOption = HERE,
    *,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the case.")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a mail off the list. Its bytes are kept, and `retry` brings it back.

    Example: mailflow quarantine discard 019ab0c4d2f1 --reason "empty mail of a scanner"
    """
    if not reason.strip():
        refuse("--reason must say something", code=USAGE)
    with open_instance(home) as runtime:
        asker = asker_of(runtime, as_)
        done = discard_quarantined(runtime.office, mail_id, asker=asker, reason=reason.strip())
    _tell(mail_id, "is discarded; its bytes are kept", done=done, json=json, state="discarded")


def _tell(mail_id: str, words: str, *, done: bool, json: bool, state: str) -> None:
    if not done:
        refuse(NOT_FOUND)
    typer.echo(to_json({"id": mail_id, "state": state}) if json else f"{mail_id} {words}")


def _row(found: Quarantined) -> Row:
    row = found.row
    return {
        "id": row.id,
        "mailbox": row.mailbox,
        "uidvalidity": row.uidvalidity,
        "uid": row.uid,
        "case": found.case,
        "state": row.state,
        "reason": row.reason,
        "tries": row.tries,
        "size": row.size,
        "received_at": row.internal_date,
        "quarantined_at": row.processed_at,
    }


def _fields(found: Quarantined) -> Row:
    """The header's facts; None for all of them where the asker may not read."""
    message = found.fields
    if message is None:
        return dict.fromkeys(("from", "to", "subject", "date", "message_id", "problems"))
    return {
        "from": _address(message.sender),
        "to": [_address(one) for one in message.to],
        "subject": message.subject,
        "date": message.date,
        "message_id": message.message_id,
        "problems": list(message.problems),
    }


def _address(address: Address | None) -> str | None:
    if address is None:
        return None
    return f"{address.name} <{address.address}>" if address.name else address.address


def _say(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(_say(one) for one in value)
    if isinstance(value, datetime):
        return iso(value)
    return " ".join(printable(str(value)).split())


def _write_private(path: Path, data: bytes) -> None:
    """For the owner alone, and never over another file."""
    try:
        with open(path, "xb", opener=_open_private) as file:
            file.write(data)
    except OSError as error:
        refuse(f"{path} cannot be written: {error.strerror}")


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, _PRIVATE)
