"""Who parts from a case, and what is left to them: by commands and by later mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.acceptance import decide_arrival
from mailflow.core.case.case import CaseClass, Risk, State
from mailflow.core.case.command_grammar import read_instructions
from mailflow.core.case.dossier import Dossier
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.participant import Participant, ParticipantRole
from mailflow.core.case.reply_address import Audience, Purpose, good_until
from mailflow.core.followup import follow_up
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.mail.message import Address, Forward
from mailflow.core.policy.case_sheet import CaseSheet
from mailflow.core.policy.commanding import carry_out
from mailflow.core.policy.decision import (
    Acceptance,
    Decision,
    Disposition,
    Ending,
    NewCaseIds,
    Situation,
    SpentAddress,
    Thread,
    TokenUse,
)
from mailflow.core.policy.exposure import finds_exposure, report_exposure
from mailflow.core.policy.notices import tell_of_gap
from mailflow.core.policy.ownership import Workload
from mailflow.core.policy.parting import part_from_case
from mailflow.core.triage import triage
from tests.unit.core.sample_house import NOW, a_message, an_arrival, as_file, decide, sample_house

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.people import StaffMember

RIYA = "riya.rao@acme.example"
PAT = "pat.porter@benefitsdesk.example"
BEA = "bea.brandt@acme.example"
INES = "ines.ibarra@acme.example"
IVAN = "ivan.ilic@acme.example"
DANA = "dana.lead@acme.example"
HELEN = "helen.hart@acme.example"
COUNSEL = "counsel@lawfirm.example"
HARASSED = "He sexually harassed me in the corridor."
IDLE = Situation(Workload({}, {}))


def opened(text: str, category: str) -> CaseFile:
    return as_file(decide(a_message(text, sender=RIYA), category))


def command(file: CaseFile, sender: str, text: str, *, situation: Situation = IDLE) -> Decision:
    """What staff write to their own address in the case."""
    who = file.participant(sender) or Participant(
        "f" * 32, sender, None, ParticipantRole.STAFF, Audience.STAFF
    )
    arrival = an_arrival(a_message(text, sender=sender), level=SenderLevel.V3)
    thread = Thread(file=file, token=TokenUse(who, Purpose.NOTE))
    return triage(arrival, thread, sample_house(), situation)


def member_of(address: str) -> StaffMember:
    member = sample_house().staff.member(address)
    assert member is not None
    return member


def kinds(decision: Decision) -> list[EventKind]:
    return [event.kind for event in decision.events]


def purposes_to(decision: Decision, address: str) -> list[str]:
    return [order.purpose for order in decision.mails if order.recipient == address]


def test_a_case_with_a_provider_that_is_reclassified_comes_back_inside() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    assert file.case.owner == PAT
    after = command(file, BEA, "#risk high reason: it is about harassment")
    assert after.case is not None
    assert after.case.case_class is CaseClass.ER
    assert after.case.owner == BEA
    assert PAT not in after.case.assigned
    assert purposes_to(after, PAT) == ["relieved"]
    assert after.renews == (PAT,)
    assert EventKind.PULLED_BACK in kinds(after)


def test_a_providers_moderate_case_that_goes_to_somebody_else_is_none_of_theirs_any_more() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    moderate = replace(file.case, risk=Risk.MODERATE, case_class=CaseClass.MODERATE)
    after = command(replace(file, case=moderate), BEA, f"#assign {BEA} summary: mine")
    assert after.case is not None
    assert after.case.owner == BEA
    assert purposes_to(after, PAT) == ["relieved"]


def test_an_owner_whom_the_class_outgrows_is_told_and_keeps_nothing() -> None:
    file = opened("How many vacation days do I have?", "time_off_eligibility")
    fiona = "fiona.falk@acme.example"
    owner = Participant("e" * 32, fiona, None, ParticipantRole.OWNER, Audience.STAFF)
    file = replace(
        file, case=replace(file.case, owner=fiona), participants=(*file.participants, owner)
    )
    after = command(file, fiona, "#category harassment_discrimination")
    assert after.case is not None
    assert after.case.owner in {INES, IVAN}, "she has no training"
    assert "relieved" in purposes_to(after, fiona)
    assert fiona not in after.renews


def test_a_case_that_a_provider_comes_to_own_has_somebody_inside() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    inside = replace(file.case, owner=BEA, assigned=frozenset())
    after = command(replace(file, case=inside), BEA, f"#assign {PAT} summary: yours")
    assert after.case is not None
    assert after.case.owner == PAT
    assert BEA in after.case.assigned
    assert "accountable" in purposes_to(after, BEA)


def test_where_nobody_inside_may_answer_for_it_the_contact_outside_does() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    case = replace(file.case, assigned=frozenset(), excluded=frozenset({BEA, HELEN}))
    file = replace(file, case=case)
    after = part_from_case(
        Decision(None, case=case), file, sample_house(), IDLE, now=NOW, cause="c"
    )
    assert purposes_to(after, COUNSEL) == ["accountable"]
    assert [one.audience for one in after.joining] == [Audience.EXTERNAL]


def test_an_owner_who_is_kept_out_hears_nothing_and_what_they_had_is_found() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    owner = file.case.owner
    after = command(file, HELEN, f"#conflict {owner}")
    assert after.case is not None
    assert after.case.owner not in after.case.excluded
    assert owner in after.renews
    assert purposes_to(after, owner) == []
    assert EventKind.EXPOSURE_FOUND in kinds(after)
    assert "notification" in purposes_to(after, after.case.owner)


def test_an_ended_case_changes_hands_without_new_clocks() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    closed = replace(file.case, state=State.CLOSED)
    kept_out = replace(closed, excluded=frozenset({closed.owner}))
    after = part_from_case(
        Decision(None, case=kept_out),
        replace(file, case=closed),
        sample_house(),
        IDLE,
        now=NOW,
        cause="c",
    )
    assert after.case is not None
    assert after.case.owner != closed.owner
    assert after.new_clocks == ()
    assert after.timers == ()


def test_a_party_that_is_staff_keeps_their_stand_in_out_too() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    after = command(file, HELEN, f"#party subject: {DANA}")
    assert after.case is not None
    assert {DANA, INES} <= after.case.excluded, "Ines stands in for Dana"
    after = command(file, HELEN, f"#conflict {DANA}")
    assert after.case is not None
    assert {DANA, INES} <= after.case.excluded


@pytest.mark.parametrize(
    ("sender", "text", "code"),
    [
        (HELEN, "#conflict Nobody Known", "person_unknown"),
        (HELEN, f"#conflict {RIYA}", "conflict_requester"),
        (HELEN, f"#clear-conflict {IVAN} reason: no", "not_excluded"),
    ],
)
def test_what_cannot_be_kept_out_or_cleared_is_said(sender: str, text: str, code: str) -> None:
    file = opened(HARASSED, "harassment_discrimination")
    after = command(file, sender, text)
    assert after.disposition is Disposition.COMMAND
    assert code in after.reason
    assert after.case == file.case


def test_nobody_clears_themselves() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    meant = replace(file.case, suspected=frozenset({HELEN}))
    sheet = CaseSheet(
        an_arrival(a_message("", sender=HELEN)),
        member_of(HELEN),
        replace(file, case=meant),
        sample_house(),
        IDLE,
    )
    (wanted,) = read_instructions(f"#clear-conflict {HELEN} reason: not me").commands
    assert carry_out(wanted, sheet).code == "not_oneself"


def test_whoever_was_only_possibly_meant_is_cleared_by_one() -> None:
    file = opened(f"{HARASSED} Ibarra laughed.", "harassment_discrimination")
    assert INES in file.case.suspected
    after = command(file, HELEN, f"#clear-conflict {INES} reason: another Ibarra")
    assert after.case is not None
    assert after.case.suspected == frozenset()
    assert EventKind.CONFLICT_CLEARED in kinds(after)


def test_keeping_the_same_person_out_twice_changes_nothing_more() -> None:
    file = opened(f"{HARASSED} It was Dana Lead.", "harassment_discrimination")
    after = command(file, HELEN, f"#conflict {DANA}")
    assert after.case is not None
    assert after.case.excluded == file.case.excluded
    assert EventKind.PERSON_EXCLUDED not in kinds(after)


def test_an_outsider_is_kept_out_by_their_address() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    after = command(file, HELEN, "#conflict eve@elsewhere.example")
    assert after.case is not None
    assert "eve@elsewhere.example" in after.case.excluded


def test_who_wrote_what_is_forwarded_is_named_by_it() -> None:
    forwarded = Forward(
        Address("Dana", DANA), subject="About Ines Ibarra", text="Helen Hart agrees."
    )
    message = a_message(HARASSED, sender=RIYA, forwarded=forwarded)
    case = decide(message, "harassment_discrimination").case
    assert case is not None
    assert {DANA, INES, HELEN} <= case.excluded


@pytest.mark.parametrize(("kept_out", "to"), [((), HELEN), ((HELEN,), COUNSEL)])
def test_a_target_that_nobody_knows_is_told_to_somebody_unconflicted(
    kept_out: tuple[str, ...], to: str
) -> None:
    file = opened(HARASSED, "harassment_discrimination")
    case = replace(file.case, excluded=frozenset(kept_out))
    order = tell_of_gap(case, sample_house(), target="hr-all@", now=NOW, cause="c")
    assert order.recipient == to
    assert "hr-all@" in str(order.fields["what"])


def test_two_people_clear_whom_one_cannot() -> None:
    file = opened(f"{HARASSED} It was Dana Lead.", "harassment_discrimination")
    first = command(file, HELEN, f"#clear-conflict {DANA} reason: another Dana")
    assert first.case is not None
    assert DANA in first.case.excluded
    (asked,) = [order for order in first.mails if order.purpose == "alert"]
    assert asked.recipient != HELEN
    known = Situation(IDLE.workload, Dossier(clearing_asked={DANA: HELEN}))
    again = command(file, HELEN, f"#clear-conflict {DANA} reason: another", situation=known)
    assert again.reason == "second_person"
    second = command(file, asked.recipient, f"#clear-conflict {DANA} reason: yes", situation=known)
    assert second.case is not None
    assert DANA not in second.case.excluded
    status = command(file, asked.recipient, "#status", situation=known)
    (receipt,) = [order for order in status.mails if order.purpose == "receipt"]
    assert receipt.fields["actions"] == [f"clear_conflict {DANA}"]


def test_a_confidential_case_names_nobody_to_the_second_person() -> None:
    text = "I want to report fraud: Uma Unger took a kickback."
    file = opened(text, "whistleblower_report")
    uma = "uma.unger@acme.example"
    first = command(file, file.case.owner, f"#clear-conflict {uma} reason: another Uma")
    for order in first.mails:
        if order.purpose == "alert":
            assert uma not in str(order.fields)


def test_where_nobody_else_may_decide_nobody_is_cleared() -> None:
    file = opened(f"{HARASSED} It was Dana Lead.", "harassment_discrimination")
    alone = replace(
        file.case,
        assigned=frozenset(),
        excluded=file.case.excluded
        | {HELEN, "nora.novak@acme.example", "olivia.okafor@acme.example"},
    )
    after = command(
        replace(file, case=alone), file.case.owner, f"#clear-conflict {DANA} reason: no"
    )
    assert after.reason == "no_second_person"


def test_the_report_lists_what_was_sent_and_read_oldest_first() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    owner = file.case.owner
    after = command(file, HELEN, f"#conflict {owner}")
    assert finds_exposure(after)
    hour = timedelta(hours=1)
    past = (
        Event(EventKind.MAIL_SENT, NOW - hour, data={"to": owner, "template": "notification"}),
        Event(EventKind.MAIL_SENT, NOW - hour, data={"to": HELEN, "template": "escalation"}),
        Event(EventKind.CASE_READ, NOW, actor=owner, data={"what": "history"}),
    )
    told = report_exposure(after, past, sample_house(), now=NOW, cause="c")
    (found,) = [event for event in told.events if event.kind is EventKind.EXPOSURE_FOUND]
    assert found.data["known"] == [
        {"at": (NOW - hour).isoformat(), "mail": "notification"},
        {"at": NOW.isoformat(), "read": "history"},
    ]
    assert len(told.mails) == len(after.mails) + 1
    nothing = report_exposure(after, (), sample_house(), now=NOW, cause="c")
    assert nothing.mails == after.mails
    none = Decision(None)
    assert report_exposure(none, past, sample_house(), now=NOW, cause="c") is none


def spent(file: CaseFile, ending: Ending, *, holder: str) -> Thread:
    who = file.participant(holder) or Participant(
        "e" * 32, holder, None, ParticipantRole.STAFF, Audience.STAFF
    )
    return Thread(spent=SpentAddress(file, who, ending))


def test_who_writes_to_an_ended_address_hears_what_everybody_without_access_hears() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    house = sample_house()
    for sender, level, answers in (
        (PAT, SenderLevel.V3, 1),
        (PAT, SenderLevel.V1, 0),
        (file.case.owner, SenderLevel.V3, 0),
    ):
        arrival = an_arrival(a_message("What is new?", sender=sender), level=level)
        thread = spent(file, Ending.REVOKED, holder=sender)
        decision = triage(arrival, thread, house, IDLE)
        assert decision.disposition is Disposition.HELD
        assert len(decision.answers) == answers
        assert [order.recipient for order in decision.mails] == [file.case.owner]
        assert sender in str(decision.mails[0].fields["what"])


def test_what_came_to_an_ended_address_joins_as_a_note_once_the_owner_accepts_it() -> None:
    file = opened(HARASSED, "harassment_discrimination")
    owner = file.case.owner
    arrival = replace(
        an_arrival(a_message("#close", sender=owner), level=SenderLevel.V3),
        accepted=Acceptance.BY_OWNER,
    )
    thread = spent(file, Ending.REVOKED, holder=owner)
    decision = decide_arrival(arrival, thread, sample_house(), IDLE)
    assert decision.disposition is Disposition.NOTE
    assert decision.held_because is None


@pytest.mark.parametrize(
    ("level", "follows", "reason"),
    [
        (SenderLevel.V3, True, ""),
        (SenderLevel.V1, True, ""),
        (SenderLevel.V0, False, "sender_not_genuine"),
    ],
)
def test_a_case_after_an_expired_address_hangs_on_the_proof_of_its_sender(
    level: SenderLevel, *, follows: bool, reason: str
) -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    arrival = an_arrival(a_message("And my second newborn?", sender=RIYA), level=level)
    arrival = replace(arrival, ids=NewCaseIds("1" * 32, "HR-AAAAAA"))
    thread = spent(file, Ending.EXPIRED, holder=RIYA)
    decision = triage(arrival, thread, sample_house(), IDLE)
    assert decision.opens_case
    assert decision.reason == reason
    assert bool(decision.also) is follows


def test_a_case_that_follows_is_acknowledged_by_the_rules_of_any_new_one() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    arrival = an_arrival(a_message("And my second newborn?", sender=RIYA))
    arrival = replace(arrival, ids=NewCaseIds("1" * 32, "HR-AAAAAA"), acks_left=False)
    decision = triage(arrival, spent(file, Ending.EXPIRED, holder=RIYA), sample_house(), IDLE)
    assert decision.reason == "over_budget"
    assert purposes_to(decision, RIYA) == []


def test_an_ended_case_keeps_its_addresses_for_ninety_days() -> None:
    case = opened("How do I add my newborn?", "benefits_enrollment").case
    assert good_until(case) is None
    for state in (State.CLOSED, State.CANCELLED):
        ended = replace(case, state=state, closed_at=NOW)
        assert good_until(ended) == NOW + timedelta(days=90)
    assert good_until(replace(case, state=State.RESOLVED, resolved_at=NOW)) is None


def test_time_alone_also_finds_somebody_inside_for_a_providers_case() -> None:
    opening = decide(a_message("How do I add my newborn?", sender=RIYA), "benefits_enrollment")
    file = as_file(opening)
    bare = replace(file, case=replace(file.case, assigned=frozenset()))
    timer = opening.timers[0]
    after = follow_up(
        timer,
        bare,
        sample_house(),
        now=timer.fire_at + timedelta(days=30),
        workload=Workload({}, {}),
    )
    assert after.case is not None
    assert BEA in after.case.assigned


def test_the_day_decides_nothing_about_a_providers_people() -> None:
    file = opened("How do I add my newborn?", "benefits_enrollment")
    assert date.min < NOW.date()
    after = part_from_case(
        Decision(None, case=file.case), file, sample_house(), IDLE, now=NOW, cause="c"
    )
    assert after.renews == ()
    assert after.mails == ()
