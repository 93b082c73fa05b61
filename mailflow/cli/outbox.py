"""`mailflow outbox`: what is sent, what waits, what failed, and sending it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mailflow.casework.outbox_view import list_outbox, retry_mails
from mailflow.cli.asking import NO, AsOption, JsonOption, asker_of, open_instance
from mailflow.cli.choices import one_of
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import print_rows
from mailflow.store.outbox import OutboxState

_COLUMNS = ("id", "case", "template", "to", "state", "attempts", "due_at", "sent_at", "error")

app = typer.Typer(no_args_is_help=True, help="The mails that mailflow sends.")


@app.callback()
def _outbox() -> None:
    """The mails that mailflow sends."""


@app.command("list")
def list_(
    home: HomeOption = HERE,
    *,
    state: Annotated[
        OutboxState | None, one_of(OutboxState, what="state", help="Only mails in this state.")
    ] = None,
    case: Annotated[str | None, typer.Option(metavar="REF", help="Only this case's.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Every mail, oldest first. Recipients are shown to those who may read the case.

    Example: mailflow outbox list --state dead
    """
    with open_instance(home) as runtime:
        listed = list_outbox(runtime.office, asker=asker_of(runtime, as_), state=state, ref=case)
        print_rows((asdict(one) for one in listed), as_json=json, columns=_COLUMNS)


@app.command()
def retry(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `outbox list` shows them.")],
    home: HomeOption = HERE,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Queue dead or put-off mails to be sent at once: the same bytes, the same Message-ID.

    Example: mailflow outbox retry 019ab0c4d2f1e3a59b7c6d5e4f3a2b1c
    """
    with open_instance(home) as runtime:
        done = retry_mails(runtime.office, tuple(ids), asker=asker_of(runtime, as_))
    rows = [{"id": one, "state": "queued" if ok else None} for one, ok in done.items()]
    print_rows(rows, as_json=json, columns=("id", "state"))
    for one, ok in done.items():
        if not ok:
            typer.echo(f"{one}: no mail that is dead, deferred or ambiguous", err=True)
    if not all(done.values()):
        raise typer.Exit(NO)
