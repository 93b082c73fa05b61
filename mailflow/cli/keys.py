"""`mailflow keys`: the key numbers that tokens and Message-IDs are made with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from mailflow.bootstrap import Runtime
from mailflow.casework.key_changes import KEY_ROTATION, revoke_key, rotate_keys, take_sheet
from mailflow.cli.asking import AsOption, JsonOption, asker_of, open_instance, refuse
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import Row, to_json
from mailflow.errors import MailflowError
from mailflow.keys.keyring import write_keyring
from mailflow.keys.recovery_sheet import read_sheet
from mailflow.settings import load_settings
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
def sheet(home: HomeOption = HERE, *, as_: AsOption = None) -> None:
    """Print the recovery sheet: the whole keyring in groups of letters, for paper in a safe.

    Whoever has it can open everything: do not store the output. It is on record that it was
    printed. `mailflow keys check --sheet FILE` tells whether a sheet would do today.

    Example: mailflow keys sheet --home /srv/hr | lp
    """
    with open_instance(home) as runtime:
        text = take_sheet(runtime.office, asker=asker_of(runtime, as_))
    typer.echo(text, nl=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The sheet, typed or scanned.")],
    home: HomeOption = HERE,
) -> None:
    """Make the keyring anew from a recovery sheet. Never overwrites one; each slip in the typing
    is named by its line.

    Example: mailflow keys restore sheet.txt --home /srv/hr
    """
    contents = read_sheet(_read(file), file=str(file))
    path = load_settings(home, environ=os.environ).keyring
    keyring = write_keyring(path, contents)
    typer.echo(f"wrote {path} with key numbers {', '.join(map(str, keyring.kids))}")
    typer.echo("next: `mailflow keys check`, then delete the file that you typed")


def _read(file: Path) -> str:
    """Windows editors begin a text in UTF-8 with a byte order mark."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        refuse(f"{file} is no text: save it as plain text (UTF-8)")


@app.command()
def check(
    home: HomeOption = HERE,
    *,
    sheet: Annotated[  # the option's own name
        Path | None, typer.Option("--sheet", metavar="FILE", help="Would this sheet do today?")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Is the keyring whole, private and the one of this database? Which numbers are in use?

    Exit 78 when the keyring is missing or another one; 1 when a recovery sheet would not do.

    Example: mailflow keys check --home /srv/hr
    """
    if sheet is not None:
        _check_sheet(home, sheet, as_json=json)
        return
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


def _check_sheet(home: Path, file: Path, *, as_json: bool) -> None:
    contents = read_sheet(_read(file), file=str(file))
    with open_instance(home) as runtime:
        gaps = runtime.keyring.find_gaps(contents)
    if as_json:
        typer.echo(to_json({"good": not gaps, "gaps": list(gaps)}))
    elif not gaps:
        typer.echo(f"{file} is whole and would bring this keyring back")
    if gaps:
        words = "; ".join(gaps)
        refuse(f"{file} would not do: {words}; print a new one with `mailflow keys sheet`")


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
