"""Cases and each other: links, merging, splitting; never into a wider audience."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.case import CaseClass, State
from mailflow.core.case.case_record import CaseLink
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.transitions import ENDED, may_go
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.ending import end_case
from mailflow.core.policy.persons import addresses_of

if TYPE_CHECKING:
    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.case_sheet import CaseSheet

MERGED_FROM = "merged_from"
_CLASS_RANK = {each: rank for rank, each in enumerate(CaseClass)}


def link(command: c.Link, sheet: CaseSheet) -> Said:
    """Only staff see it: two people who complain of one subject never learn of each other."""
    other = find_other(command.ref, sheet)
    if isinstance(other, Said):
        return other
    _tie(sheet, other, here="related", there="related")
    return done("link_done", ref=other.case.ref)


def merge(command: c.Merge, sheet: CaseSheet) -> Said:
    """End this case in the other one: of the same person, and seen by nobody who does not see
    this one already.
    """
    other = find_other(command.ref, sheet)
    if isinstance(other, Said):
        return other
    case, target = sheet.case, other.case
    if case.requester not in addresses_of(target.requester, sheet.house):
        return refused("merge_requester", ref=target.ref)
    if target.state in ENDED or not may_go(case.state, State.CANCELLED):
        return refused("state_forbids", state=target.state)
    if would_widen(case, target):
        return refused("merge_wider", ref=target.ref)
    excluded = target.excluded | case.excluded
    suspected = (target.suspected | case.suspected) - excluded
    hidden = (*target.record.redactions, *case.record.redactions)
    merged = replace(
        target,
        excluded=excluded,
        suspected=suspected,
        record=replace(target.record, redactions=hidden),
    )
    if merged.owner in excluded | suspected:
        return refused("merge_wider", ref=target.ref)
    end_case(sheet, State.CANCELLED, why="merged")
    sheet.case = replace(sheet.case, merged_into=target.uid)
    sheet.note(EventKind.CASE_MERGED, into=target.ref)
    _tie(sheet, replace(other, case=merged), here="merged_into", there=MERGED_FROM)
    return done("merge_done", ref=target.ref)


def would_widen(case: Case, target: Case) -> bool:
    """Whether somebody reaches the target who does not reach the case."""
    if _CLASS_RANK[target.case_class] < _CLASS_RANK[case.case_class]:
        return True
    if not case.case_class.is_sealed:
        return False
    reach_case = case.assigned | {case.owner}
    return bool((target.assigned | {target.owner}) - reach_case)


def find_other(ref: str, sheet: CaseSheet) -> CaseFile | Said:
    """The other case, where the sender may work on it; "none" and "not yours" sound the same."""
    other = sheet.dossier.others.get(ref.upper().strip())
    if other is None or other.case.uid == sheet.case.uid:
        return refused("ref_unknown", ref=ref)
    person = sheet.house.person(sheet.member.email)
    if not may(person, other.case, Action.WRITE, today=sheet.today).allowed:
        return refused("ref_unknown", ref=ref)
    return other


def _tie(sheet: CaseSheet, other: CaseFile, *, here: str, there: str) -> None:
    ref, other_ref = sheet.case.ref, other.case.ref
    sheet.change_record(links=(*sheet.case.record.links, CaseLink(other_ref, here)))
    sheet.note(EventKind.CASES_LINKED, ref=other_ref, kind=here)
    record = other.case.record
    after = replace(other.case, record=replace(record, links=(*record.links, CaseLink(ref, there))))
    data = {"ref": ref, "kind": there}
    event = Event(EventKind.CASES_LINKED, sheet.now, actor=sheet.member.email, data=data)
    sheet.also.append(Decision(None, case=after, events=(event,)))


def redact(command: c.Redact, sheet: CaseSheet) -> Said:
    """From here on these words are shown to nobody in this case's mails and exports."""
    texts = [one.text for one in (*sheet.dossier.received, *sheet.dossier.notes)]
    if not any(command.text in " ".join(text.split()) for text in texts):
        return refused("redact_not_found")
    sheet.change_record(redactions=(*sheet.case.record.redactions, command.text))
    sheet.note(EventKind.TEXT_REDACTED, text=command.text)
    return done("redact_done")
