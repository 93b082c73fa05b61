"""Legal hold: what is kept whatever the retention says. Its release takes two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case import commands as c
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.classing import widens
from mailflow.core.policy.exporting import approve_export

if TYPE_CHECKING:
    from mailflow.core.policy.case_sheet import CaseSheet


def needs_second_step(command: c.Command, sheet: CaseSheet) -> bool:
    """Whether the sender is asked again, at the address in the directory, before it is done."""
    if isinstance(command, c.Restrict):
        return widens(command, sheet)
    return isinstance(command, (c.Hold, c.Release))


def hold(command: c.Hold, sheet: CaseSheet) -> Said:
    sheet.change_record(hold=command.reason, release_asked_by="")
    sheet.note(EventKind.HOLD_SET, reason=command.reason)
    return done("hold_done")


def release(command: c.Release, sheet: CaseSheet) -> Said:
    if not sheet.case.record.hold:
        return refused("no_hold")
    sheet.change_record(release_asked_by=sheet.member.email)
    sheet.note(EventKind.RELEASE_ASKED, reason=command.reason)
    return done("release_asked")


def approve(_command: c.Approve, sheet: CaseSheet) -> Said:
    """The second person's consent to what a first one asked for."""
    record = sheet.case.record
    asked_by = record.release_asked_by
    if not asked_by:
        waits = record.export_asked_by and not record.export_approved_by
        return approve_export(sheet) if waits else refused("nothing_to_approve")
    if asked_by in sheet.member.addresses:
        return refused("second_person")
    sheet.change_record(hold="", release_asked_by="")
    sheet.note(EventKind.HOLD_RELEASED, asked_by=asked_by)
    return done("release_done")


def review(command: c.Reviewed, sheet: CaseSheet) -> Said:
    sheet.note(EventKind.REVIEWED, actions=command.actions)
    return done("reviewed_done")


def agree(_command: c.Agree, sheet: CaseSheet) -> Said:
    sheet.note(EventKind.AGREED)
    return done("agree_done")
