"""The list of cases as one person may see it, or as an operator does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.sight import Sight
from mailflow.store.audit_log import append_audit
from mailflow.store.case_pages import walk_cases
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mailflow.casework.asker import Asker
    from mailflow.casework.office import Office
    from mailflow.core.case.case_file import CaseFile
    from mailflow.store.case_pages import CaseFilter


@dataclass(frozen=True)
class ListedCase:
    """None stands for what the asker may not see."""

    ref: str
    state: str
    category: str | None
    risk: str
    owner: str | None
    team: str | None
    requester: str | None
    opened_at: datetime
    next_due: datetime | None


def list_cases(office: Office, chosen: CaseFilter, *, asker: Asker) -> Iterator[ListedCase]:
    """Newest first. A case that the asker must not know of has no row at all; a look in
    somebody's name is on record before it happens.
    """
    if asker.person is not None:
        now = office.clock.now()
        row = asker.audit_row("case_list_read", at=now, state=chosen.state, risk=chosen.risk)
        with transaction(office.engine) as connection:
            append_audit(connection, office.keyring, [row])
    for loaded in walk_cases(office.engine, office.keyring, chosen):
        listed = outline(loaded.file, asker.sight(loaded.case))
        # Who may not see a category must not find it out by asking for it either.
        if listed and chosen.category in (None, listed.category):
            yield listed


def outline(file: CaseFile, sight: Sight) -> ListedCase | None:
    """One row of the list; a sealed category, and the team that would tell it, need sight."""
    if sight is Sight.NOTHING:
        return None
    case = file.case
    shows_kind = sight is Sight.WHOLE or not case.case_class.is_sealed
    return ListedCase(
        ref=case.ref,
        state=case.state,
        category=case.category if shows_kind else None,
        risk=case.risk,
        owner=None if sight is Sight.OWN and not shows_kind else case.owner,
        team=case.team if shows_kind else None,
        requester=case.requester if sight.has_content else None,
        opened_at=case.opened_at,
        next_due=next_due(file),
    )


def next_due(file: CaseFile) -> datetime | None:
    """The earliest promise that still runs."""
    due = [clock.due_at for clock in file.clocks if clock.is_running and clock.due_at is not None]
    return min(due, default=None)
