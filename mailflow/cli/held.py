"""`mailflow held`: mails that wait for somebody to vouch for them."""

from __future__ import annotations

from typing import Annotated

import typer

from mailflow.casework.held import HeldAnswer, HeldMail, accept_held, list_held, reject_held
from mailflow.cli.asking import (
    NOT_FOUND,
    AsOption,
    JsonOption,
    asker_of,
    open_instance,
    refuse,
    require_person,
)
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, print_rows, to_json
from mailflow.intake.parse_pool import ParsePool
from mailflow.workers.reading import MailReader

_COLUMNS = ("id", "case", "reason", "at", "from", "subject")
_NOTHING_DONE = {
    HeldAnswer.NOT_YOURS: NOT_FOUND,
    HeldAnswer.NO_CASE: "this mail belongs to no case: it can only be rejected",
    HeldAnswer.TRY_LATER: "the mail cannot be read at the moment; try again later",
}

Id = Annotated[str, typer.Argument(metavar="ID", help="As `held list` shows it.")]

app = typer.Typer(no_args_is_help=True, help="Mails that wait for somebody to vouch for them.")


@app.callback()
def _held() -> None:
    """Mails that wait for somebody to vouch for them."""


@app.command("list")
def list_(home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """What is held, oldest first; senders and subjects for those who may read the case.

    Example: mailflow held list --as dana.lead@acme.example
    """
    with open_instance(home) as runtime:
        found = list_held(runtime.office, asker=asker_of(runtime, as_))
    print_rows((_row(one) for one in found), as_json=json, columns=_COLUMNS)


@app.command()
def accept(
    held_id: Id, home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Let a held mail join its case, as if its sender had been sure. Commands in it are not run.

    Example: mailflow held accept 019ab0c4d2f1 --as dana.lead@acme.example
    """
    person = require_person(as_, wanted="held accept")
    with open_instance(home) as runtime, ParsePool() as pool:
        answer = accept_held(
            runtime.office, MailReader(runtime, pool), held_id, asker=asker_of(runtime, person)
        )
    _tell(held_id, answer, state="accepted", json=json)


@app.command()
def reject(
    held_id: Id, home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Leave a held mail out of its case for good. Its bytes are kept.

    Example: mailflow held reject 019ab0c4d2f1 --as dana.lead@acme.example
    """
    person = require_person(as_, wanted="held reject")
    with open_instance(home) as runtime:
        answer = reject_held(runtime.office, held_id, asker=asker_of(runtime, person))
    _tell(held_id, answer, state="rejected", json=json)


def _tell(held_id: str, answer: HeldAnswer, *, state: str, json: bool) -> None:
    if answer is not HeldAnswer.DONE:
        refuse(_NOTHING_DONE[answer])
    typer.echo(to_json({"id": held_id, "state": state}) if json else f"{held_id} is {state}")


def _row(held: HeldMail) -> Row:
    fields = held.fields
    return {
        "id": held.item.id,
        "case": held.case,
        "reason": held.item.reason,
        "state": held.item.state,
        "at": held.item.at,
        "from": fields.sender.address if fields and fields.sender else None,
        "subject": fields.subject if fields else None,
    }
