"""Who is away: an out-of-office reply and #away hand over what needs somebody, and only that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from datetime import date

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

PRIYA = "priya.patel@acme.example"
PAUL = "paul.petersen@acme.example"
HARASSED = "He sexually harassed me in the lab, and made unwanted advances."
AUTOMATIC = (("Auto-Submitted", "auto-replied"),)


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    assert site.case().case.owner == PRIYA
    return talk


def today(talk: Talk) -> date:
    return talk.clock.now().date()


def reply_out_of_office(talk: Talk, until: date, *, verified: bool = True) -> None:
    """As Exchange does: to the sender of the notification, not to its Reply-To."""
    talk.write(
        PRIYA,
        f"I am out of the office until {until.isoformat()}. My secret garden calls.",
        answers=talk.last_to(PRIYA),
        to="hr@acme.example",
        verified=verified,
        headers=AUTOMATIC,
    )


def test_an_owner_who_is_away_is_stood_in_for_until_the_day_they_name(talk: Talk) -> None:
    letters = talk.count_to(EMPLOYEE)
    reply_out_of_office(talk, today(talk) + timedelta(days=7))

    loaded = talk.site.case()
    assert loaded.case.owner == PAUL
    assert talk.site.ledger()[-1] == "auto_reply"
    assert talk.count_to(EMPLOYEE) == letters, "nobody outside hears who is away"
    texts = [message.text for message in talk.site.conversation(loaded)]
    assert not any("secret garden" in text for text in texts)
    assert "secret garden" not in text_of(talk.last_to(PAUL))
    handed = [e for e in talk.site.events(loaded) if e.kind is EventKind.OWNER_ASSIGNED]
    assert handed[-1].data["by"] == "absence"

    talk.write(EMPLOYEE, "It is also the overtime of September.", answers=talk.last_to(EMPLOYEE))
    assert "overtime of September" in text_of(talk.last_to(PAUL))

    talk.write("noel.nash@acme.example", "My paycheck is missing 200 dollars.", subject="Pay")
    newest = talk.site.cases()[-1].case
    assert newest.owner == PAUL, "what is new goes to whoever stands in"

    talk.write(PAUL, "#ack", answers=talk.last_to(PAUL))
    talk.pass_time(timedelta(days=4))
    assert talk.site.cases()[0].case.owner == PAUL
    talk.pass_time(timedelta(days=8))
    assert talk.site.cases()[0].case.owner == PRIYA, "the owner is there again"


def test_a_forged_out_of_office_reply_moves_no_case(talk: Talk) -> None:
    reply_out_of_office(talk, today(talk) + timedelta(days=7), verified=False)
    assert talk.site.case().case.owner == PRIYA
    talk.write("noel.nash@acme.example", "My paycheck is missing 200 dollars.", subject="Pay")
    assert talk.site.cases()[-1].case.owner == PRIYA


def test_whoever_said_away_is_stood_in_for_as_soon_as_a_case_needs_somebody(talk: Talk) -> None:
    talk.write(PRIYA, "#ack", answers=talk.last_to(PRIYA))
    until = today(talk) + timedelta(days=7)
    talk.write(
        PRIYA,
        f"#away until: {until.isoformat()} delegate: {PAUL}",
        to="hr+staff@acme.example",
        subject="away",
    )
    assert "Paul Petersen" in text_of(talk.last_to(PRIYA))
    assert talk.site.case().case.owner == PRIYA, "nothing needs anybody yet"

    talk.write(EMPLOYEE, "Any news?", answers=talk.last_to(EMPLOYEE))
    assert talk.site.case().case.owner == PAUL
    assert "Any news?" in text_of(talk.last_to(PAUL))
    talk.write(PAUL, "#take", answers=talk.last_to(PAUL))
    talk.pass_time(timedelta(days=12))
    assert talk.site.case().case.owner == PAUL, "taken for good"


def test_a_reminder_to_somebody_away_becomes_word_to_whoever_stands_in(talk: Talk) -> None:
    talk.write(PRIYA, "#ack", answers=talk.last_to(PRIYA))
    until = today(talk) + timedelta(days=20)
    talk.write(
        PRIYA, f"#away until: {until.isoformat()}", to="hr+staff@acme.example", subject="away"
    )
    before = talk.count_to(PRIYA)
    talk.pass_time(timedelta(days=5))
    assert talk.site.case().case.owner == PAUL
    assert talk.count_to(PRIYA) == before


def test_an_urgent_case_of_somebody_who_goes_away_is_handed_over_at_once(site: Site) -> None:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, HARASSED, subject="Please help")
    owner = site.case().case.owner
    talk.write(owner, "#ack", answers=talk.last_to(owner))
    until = today(talk) + timedelta(days=7)
    talk.write(
        owner, f"#away until: {until.isoformat()}", to="hr+staff@acme.example", subject="away"
    )
    case = site.case().case
    assert case.owner != owner, "nobody had to write for it"
    assert case.ref in text_of(talk.last_to(case.owner))
    talk.pass_time(timedelta(days=12))
    assert site.case().case.owner == owner, "given back"


def test_staff_on_leave_by_the_directory_are_away_without_a_word(site: Site) -> None:
    people = site.home / "config" / "directory.csv"
    row = f"Priya Patel,{PRIYA},,,Payroll,HR,Berlin,DE,en,Europe/Berlin,,leave,no\n"
    people.write_text(people.read_text(encoding="utf-8") + row, encoding="utf-8")
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    assert site.case().case.owner == PAUL


def test_the_owner_is_somebody_at_every_moment(talk: Talk) -> None:
    """Even where all who could stand in are away themselves."""
    everybody = [person.email for person in talk.site.runtime.office.house().staff.people]
    until = today(talk) + timedelta(days=7)
    for person in everybody:
        talk.write(
            person, f"#away until: {until.isoformat()}", to="hr+staff@acme.example", subject="away"
        )
    talk.write(EMPLOYEE, "Any news?", answers=talk.last_to(EMPLOYEE))
    talk.write("noel.nash@acme.example", "My paycheck is missing 200 dollars.", subject="Pay")
    assert all(loaded.case.owner in everybody for loaded in talk.site.cases())


def test_a_case_is_stood_in_for_again_after_it_was_given_back_the_same_day(talk: Talk) -> None:
    reply_out_of_office(talk, today(talk) + timedelta(days=7))
    assert talk.site.case().case.owner == PAUL
    talk.write(PAUL, f"#assign {PRIYA}", answers=talk.last_to(PAUL))
    talk.write(EMPLOYEE, "And what about September?", answers=talk.last_to(EMPLOYEE))
    assert talk.site.case().case.owner == PAUL
    texts = [message.text for message in talk.site.conversation(talk.site.case())]
    assert any("September" in text for text in texts), "the mail is in the case"
