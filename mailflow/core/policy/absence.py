"""An out-of-office reply of a staff member: not a word of it joins a case, but until the day it
names somebody else stands in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.mail.absence_notice import read_absence_notice
from mailflow.core.mail.authentication import may_command
from mailflow.core.policy.decision import Absence, Decision, Disposition
from mailflow.core.policy.joining import note_automatic
from mailflow.core.policy.moments import calendar_of
from mailflow.core.policy.standing_in import cover_absent_owner, tell_new_owner

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Arrival, Situation
    from mailflow.core.policy.house import House

OUT_OF_OFFICE = "out_of_office"


def hear_absence(
    arrival: Arrival,
    file: CaseFile | None,
    member: StaffMember,
    house: House,
    situation: Situation,
) -> Decision | None:
    """None when the automatic reply says nothing of an absence, or is not surely theirs: who is
    away decides whose case it is, so a forged notice changes nothing.
    """
    if not may_command(arrival.verdict, house.authentication):
        return None
    today = arrival.now.astimezone(house.zone).date()
    message = arrival.message
    notice = read_absence_notice(message.subject, message.new_text or message.text, today=today)
    if notice is None:
        return None
    delegate = situation.workload.absent.get(member.email) or member.delegate or ""
    until = notice.last_day or _next_working_day(today, house)
    absence = Absence(member.email, until, delegate)
    decision = Decision(disposition=Disposition.AUTO_REPLY)
    if file is not None:
        decision = note_automatic(arrival, file, Disposition.AUTO_REPLY)
    decision = replace(decision, reason=OUT_OF_OFFICE, absence=absence)
    if file is None or file.case.owner not in member.addresses:
        return decision
    absent = {**situation.workload.absent, member.email: delegate}
    workload = replace(situation.workload, absent=absent)
    taken = cover_absent_owner(file, file.case, house, workload, now=arrival.now)
    if taken is None:
        return decision
    return tell_new_owner(
        taken.added_to(decision), house, now=arrival.now, cause=f"away:{arrival.cause[:32]}"
    )


def _next_working_day(today: date, house: House) -> date:
    """A notice that names no day counts for today and the next working day."""
    calendar = calendar_of(None, house)
    return calendar.working_time.working_day(today, steps=1) if calendar else today
