"""Keeping a person out of a case from now on: an owner goes at once, and what they were sent is
put on record.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import EventKind
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.policy.decision import Joining
from mailflow.core.policy.mails import hand_over
from mailflow.core.policy.ownership import pick_owner

if TYPE_CHECKING:
    from mailflow.core.policy.case_sheet import CaseSheet


def exclude(sheet: CaseSheet, addresses: frozenset[str], *, because: str) -> None:
    """Late conflict: access ends, the case moves if it was theirs, exposure is written down.

    Reply addresses of an excluded person are worthless from here on, since every read and every
    send asks the gate; nothing of theirs needs revoking one by one.
    """
    new = addresses - sheet.case.excluded
    if not new:
        return
    before = sheet.case
    sheet.case = replace(
        before,
        excluded=before.excluded | new,
        suspected=before.suspected - new,
        assigned=before.assigned - new,
    )
    sheet.note(EventKind.PERSON_EXCLUDED, addresses=sorted(new), because=because)
    exposed = [who.address for who in sheet.file.participants if who.address in new]
    if exposed:
        sheet.note(EventKind.EXPOSURE_FOUND, addresses=sorted(exposed))
    if before.owner in new:
        _move(sheet)


def _move(sheet: CaseSheet) -> None:
    category = sheet.house.bundle.categories.get(sheet.case.category)
    before = sheet.case.owner
    ownership = pick_owner(
        sheet.case,
        sheet.house.staff,
        policy=category.owner if category else "",
        workload=sheet.situation.workload,
        today=sheet.today,
        directory=sheet.house.directory,
    )
    sheet.case = replace(sheet.case, owner=ownership.owner)
    sheet.note(EventKind.OWNER_ASSIGNED, owner=ownership.owner, before=before, by="conflict")
    sheet.workload[before] = sheet.workload.get(before, 0) - 1
    sheet.workload[ownership.owner] = sheet.workload.get(ownership.owner, 0) + 1
    member = sheet.house.staff.member(ownership.owner)
    audience = Audience.STAFF if member else Audience.EXTERNAL
    sheet.joining.append(
        Joining(ownership.owner, member.name if member else None, ParticipantRole.OWNER, audience)
    )
    last = sheet.dossier.last_received
    sheet.mails.append(
        hand_over(
            sheet.case,
            sheet.house,
            to=ownership.owner,
            cause=sheet.arrival.cause,
            now=sheet.now,
            shows=last.id if last else None,
            fields={"is_new": True},
        )
    )
