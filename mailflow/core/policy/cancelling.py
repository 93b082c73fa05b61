"""Calling back what has not left yet, and what was to happen with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.waiting import current_wait, end_wait, question_cause

if TYPE_CHECKING:
    from mailflow.core.case import commands as c
    from mailflow.core.policy.case_sheet import CaseSheet


def cancel(_command: c.Cancel, sheet: CaseSheet) -> Said:
    """Stop every mail to the employee that is still held, with its closing or its wait."""
    pending = sheet.dossier.pending
    if not pending:
        return refused("nothing_to_cancel")
    sheet.cancels += [one.outbox_id for one in pending]
    causes = {one.cause for one in pending}
    for cause in sorted(causes):
        sheet.note(EventKind.REPLY_CANCELLED, cause=cause)
    closing = sheet.case.record.pending
    if closing is not None and closing.cause in causes:
        sheet.change_record(pending=None)
    if not sheet.dossier.is_answered:
        sheet.change_record(has_answer=False)
    waiting = current_wait(sheet.case)
    if waiting is not None and question_cause(waiting.cause) in causes:
        end_wait(sheet, because="cancelled")
        sheet.go(State.WORKING)
    return done("reply_cancelled", count=str(len(pending)))
