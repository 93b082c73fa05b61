"""`mailflow reconcile`: the proof that no mail is lost, and the mending of what is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import typer

from mailflow.bootstrap import Runtime
from mailflow.cli.asking import NO, JsonOption, open_instance
from mailflow.cli.home import HERE, HomeOption
from mailflow.cli.rows import to_json
from mailflow.errors import TemporaryError
from mailflow.intake.reconcile import FolderCount, reconcile_mailbox
from mailflow.store.case_pages import refs_without_owner
from mailflow.store.reconciled import rows_without_case
from mailflow.store.session import reading


@dataclass(frozen=True)
class Gap:
    """``kind`` is a neutral word; ``where`` a folder and UID, a case or a row."""

    kind: str
    where: str
    mend: str


def reconcile(home: HomeOption = HERE, *, json: JsonOption = False) -> None:
    """Prove that every mail on the server is in the ledger.

    Also that every decided mail has its case, and every open case an owner. Mails without a line
    are stored at once, and decided by the next run. Run it daily, and after each restore.

    Example: mailflow reconcile --home /srv/hr
    """
    with open_instance(home) as runtime:
        counts: list[FolderCount] = []
        gaps = [*_look_at_servers(runtime, counts), *_look_at_rows(runtime)]
    if json:
        typer.echo(
            to_json(
                {
                    "folders": [
                        {
                            "mailbox": one.mailbox,
                            "folder": one.folder,
                            "on_server": one.on_server,
                            "missing": list(one.missing),
                        }
                        for one in counts
                    ],
                    "gaps": [vars(gap) for gap in gaps],
                },
                indent=2,
            )
        )
    else:
        for one in counts:
            missing = f"{len(one.missing)} without a line" if one.missing else "all in the ledger"
            typer.echo(f"{one.mailbox} {one.folder}: {one.on_server} mails, {missing}")
        for gap in gaps:
            typer.echo(f"{gap.kind}: {gap.where}; {gap.mend}")
    if gaps:
        raise typer.Exit(NO)


def _look_at_servers(runtime: Runtime, counts: list[FolderCount]) -> Iterator[Gap]:
    for account in runtime.accounts:
        try:
            found = reconcile_mailbox(runtime.intake, account.imap, mailbox=account.name)
        except TemporaryError as error:
            mend = "nothing was compared there; `mailflow check` says more"
            yield Gap("mailbox_unreachable", f"{account.name} ({error})", mend)
            continue
        counts += found
        for one in found:
            for uid in one.missing:
                where = f"{one.mailbox} {one.folder} UID {uid}"
                yield Gap("not_in_ledger", where, "it is stored now; the next run decides about it")


def _look_at_rows(runtime: Runtime) -> Iterator[Gap]:
    house = runtime.office.house()
    owners = [address for member in house.staff.people for address in member.addresses]
    with reading(runtime.engine) as connection:
        lost = rows_without_case(connection, mailboxes=house.aliases)
        orphans = refs_without_owner(connection, runtime.keyring, owners)
    for row in lost:
        where = f"{row.mailbox} UID {row.uid} ({row.id})"
        yield Gap("mail_without_case", where, "restore the database, or add the mailbox again")
    for ref in orphans:
        mend = "its owner is not in config/staff.yaml: put them back, or assign the case"
        yield Gap("case_without_owner", ref, mend)
