"""`mailflow keys`: the key numbers that tokens and Message-IDs are made with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from mailflow.bootstrap import Runtime
from mailflow.casework.key_changes import KEY_ROTATION, revoke_key, rotate_keys
from mailflow.cli.asking import AsOption, JsonOption, asker_of, open_instance, refuse
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, to_json
from mailflow.errors import MailflowError
from mailflow.store import instance, reply_tokens
from mailflow.store.session import reading

_ROTATE_AFTER = timedelta(days=366)

Kid = Annotated[int, typer.Argument(metavar="KID", help="As `keys check` shows it.")]

app = typer.Typer(no_args_is_help=True, help="The keys that reply addresses are made with.")


@app.callback()
def _keys() -> None:
    """The keys that reply addresses are made with."""


@app.command()
def rotate(home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Make a new key number, once a year or when in doubt. Reply addresses that people have stay
    good. Save the keyring afterwards: an older copy lacks the new number.

    Example: mailflow keys rotate --home /srv/hr
    """
    with open_instance(home) as runtime:
        try:
            kid = rotate_keys(runtime.office, asker=asker_of(runtime, as_))
        except MailflowError as no:
            refuse(str(no))
    words = f"new reply addresses use key number {kid}; save var/keyring.json now"
    typer.echo(to_json({"active": kid}) if json else words)


@app.command()
def revoke(
    kid: Kid, home: HomeOption = HERE, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Believe a key number no more: mail to its reply addresses is held, and whoever has one in
    an open case is sent another, to the address in the directory. It cannot be undone.

    Example: mailflow keys revoke 0 --home /srv/hr
    """
    with open_instance(home) as runtime:
        try:
            done = revoke_key(runtime.office, kid, asker=asker_of(runtime, as_))
        except MailflowError as no:
            refuse(str(no))
    if json:
        typer.echo(to_json({"revoked": kid, "active": done.active_kid, "told": done.told}))
        return
    typer.echo(
        f"key number {kid} is believed no more; new reply addresses use {done.active_kid}, and "
        f"{done.told} mails bring them to people; save var/keyring.json now"
    )


@app.command()
def check(home: HomeOption = HERE, *, json: JsonOption = False) -> None:
    """Is the keyring whole, private and the one of this database? Which numbers are in use?

    Exit 78 when the keyring is missing or another one.

    Example: mailflow keys check --home /srv/hr
    """
    with open_instance(home) as runtime:
        kids = list(_kids(runtime))
        is_due = _is_rotation_due(runtime)
        buckets = list(runtime.keyring.bucket_names)
    if json:
        document = {"good": True, "kids": kids, "buckets": buckets, "rotation_due": is_due}
        typer.echo(to_json(document, indent=2))
        return
    typer.echo("the keyring is whole, private, and the one of this database")
    for row in kids:
        addresses = f"{row['addresses']} reply addresses in open cases"
        typer.echo(f"key number {row['kid']}: {row['state']}, {addresses}")
    if is_due:
        typer.echo("the newest is over a year old: run `mailflow keys rotate`")


def _kids(runtime: Runtime) -> Iterator[Row]:
    keyring = runtime.keyring
    with reading(runtime.engine) as connection:
        counts = reply_tokens.count_by_kid(connection)
    for kid in keyring.kids:
        state = "active" if kid == keyring.active_kid else "accepted"
        if not keyring.is_accepted(kid):
            state = "revoked"
        yield {"kid": kid, "state": state, "addresses": counts.get(kid, 0)}


def _is_rotation_due(runtime: Runtime) -> bool:
    with reading(runtime.engine) as connection:
        since = instance.heartbeat_at(connection, KEY_ROTATION) or instance.created_at(connection)
    return since is not None and runtime.clock.now() - since >= _ROTATE_AFTER
