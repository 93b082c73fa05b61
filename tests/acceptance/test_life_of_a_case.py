"""What happens to a case between its receipt and long after its end, by mail alone."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.core.case.case import State
from mailflow.core.policy.moments import working_days_later
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

PRIYA = "priya.patel@acme.example"
HANA = "hana.handler@acme.example"
LEAD = "olivia.okafor@acme.example"
LATER = timedelta(minutes=15)
PDF = b"%PDF-1.4 a payslip"


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY, attach=("payslip.pdf", PDF))
    talk.write(PRIYA, "#ack", answers=talk.last_to(PRIYA))
    return talk


def show(talk: Talk, ref: str) -> Any:
    """What `case show` prints to the owner; the product is put together anew afterwards."""
    talk.site.close()
    arguments = ["case", "show", ref, "--as", PRIYA, "--home", str(talk.site.home), "--json"]
    result = CliRunner().invoke(build_app(), arguments, env=talk.site.environ)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def click(talk: Talk, mail: EmailMessage, wish: str) -> None:
    """What the employee's mail client sends when they follow a link of ours."""
    links = [line.strip() for line in text_of(mail).splitlines() if "mailto:" in line]
    parts = next(urlsplit(link) for link in links if f"%5B{wish}%20" in link)
    asked = parse_qs(parts.query)
    talk.write(EMPLOYEE, asked["body"][0], subject=asked["subject"][0], to=unquote(parts.path))


def close_it(talk: Talk) -> EmailMessage:
    command = "#close outcome: resolved resolution: paid in November"
    talk.write(PRIYA, f"{command}\n\nIt comes in November.", answers=talk.last_to(PRIYA))
    talk.pass_time(LATER)
    assert talk.site.cases()[0].case.state is State.RESOLVED
    return talk.last_to(EMPLOYEE)


def test_what_was_written_in_a_merged_case_is_read_in_its_target(talk: Talk) -> None:
    first = talk.site.case().case
    talk.write(EMPLOYEE, "My paycheck of September is short, too.", subject="Paycheck September")
    second = next(one.case for one in talk.site.cases() if one.case.ref != first.ref)
    ack = talk.last_to(EMPLOYEE)
    secret = "September was the old roster, and payroll knew it since the summer."
    talk.write(PRIYA, f"#note\n\n{secret}", answers=talk.last_to(PRIYA))
    talk.write(PRIYA, f"#merge {first.ref}", answers=talk.last_to(PRIYA))
    cases = {one.case.ref: one.case for one in talk.site.cases()}
    assert cases[second.ref].state is State.CANCELLED

    talk.write(EMPLOYEE, "It is 80 EUR in September.", answers=ack)
    assert len(talk.site.cases()) == 2, "an answer to the merged case's mail opens nothing"
    word = talk.last_to(PRIYA)
    assert first.ref in text_of(word)

    talk.write(PRIYA, "#history", answers=word)
    history = text_of(talk.last_to(PRIYA))
    for written in ("overtime of October", "September is short", "old roster", "80 EUR"):
        assert written in history, written
    shown = show(talk, first.ref)
    texts = "\n".join(message["text"] for message in shown["messages"])
    assert "September is short" in texts
    assert "80 EUR" in texts

    talk.write(PRIYA, f"#reply\n\nAbout it: {secret}", answers=talk.last_to(PRIYA))
    assert "repeats part of an internal note" in text_of(talk.last_to(PRIYA))


def test_a_reminder_joins_the_conversation_that_the_employee_knows(talk: Talk) -> None:
    talk.write(PRIYA, "#wait employee until: +9d q: Which days?", answers=talk.last_to(PRIYA))
    talk.pass_time(LATER)
    question = talk.last_to(EMPLOYEE)
    talk.pass_time(timedelta(days=6))
    reminder = talk.last_to(EMPLOYEE)
    assert reminder["Message-ID"] != question["Message-ID"]
    assert "Which days?" in text_of(reminder)
    assert reminder["Subject"] == question["Subject"] == "Re: Paycheck October"
    assert reminder["In-Reply-To"] == question["In-Reply-To"]
    talk.write(EMPLOYEE, "The 3rd and the 4th.", answers=reminder)
    assert talk.site.case().case.state is State.WORKING


def test_waiting_for_others_is_noted_and_the_owner_reminded_of_the_employee(talk: Talk) -> None:
    talk.write(
        PRIYA,
        "#wait third_party until: +25d q: the bank has to confirm the transfer",
        answers=talk.last_to(PRIYA),
    )
    loaded = talk.site.case()
    assert loaded.case.state is State.WAITING_THIRD_PARTY
    notes = [one.text for one in talk.site.conversation(loaded) if one.direction == "note"]
    assert notes == ["the bank has to confirm the transfer"]
    talk.pass_time(timedelta(days=8))
    reminders = [text for text in talk.texts_to(PRIYA) if "it is not forgotten" in text]
    assert len(reminders) == 1
    talk.pass_time(timedelta(days=8))
    reminders = [text for text in talk.texts_to(PRIYA) if "it is not forgotten" in text]
    assert len(reminders) == 2
    assert talk.count_to(EMPLOYEE) == 1, "the question was not for the employee"


def test_a_mail_whose_two_texts_differ_does_nothing(talk: Talk) -> None:
    talk.write(
        PRIYA,
        "#close outcome: resolved resolution: paid",
        html="<p>Thank you, we look into your payslip.</p>",
        answers=talk.last_to(PRIYA),
    )
    assert "say different things" in text_of(talk.last_to(PRIYA))
    talk.pass_time(LATER)
    assert talk.site.case().case.state is State.WORKING
    assert talk.count_to(EMPLOYEE) == 1


def test_the_wish_to_have_data_deleted_starts_the_month_of_the_law(talk: Talk) -> None:
    click(talk, close_it(talk), "delete_data")
    loaded = talk.site.cases()[0]
    assert "data_request" in loaded.case.flags
    clock = next(c for c in loaded.file.clocks if c.target == "data_request" and c.is_running)
    assert clock.due_at is not None
    assert timedelta(days=27) < clock.due_at - clock.started_at < timedelta(days=35)
    assert any("to have their data deleted" in text for text in talk.texts_to(PRIYA))


def test_a_rating_is_kept_and_nobody_is_bothered(talk: Talk) -> None:
    letter = close_it(talk)
    before = talk.count_to(PRIYA)
    click(talk, letter, "rate4")
    loaded = talk.site.case()
    rated = [e.data["rating"] for e in talk.site.events(loaded) if e.kind == "rated"]
    assert rated == [4]
    assert loaded.case.state is State.RESOLVED
    assert talk.count_to(PRIYA) == before


def test_files_travel_both_ways_and_a_notes_file_never_does(talk: Talk) -> None:
    notice = next(m for m in talk.site.sent_to(PRIYA) if "payslip.pdf" in text_of(m))
    corrected = b"%PDF-1.4 the corrected payslip"
    talk.write(
        PRIYA, "Here is the corrected one.", answers=notice, attach=("corrected.pdf", corrected)
    )
    talk.pass_time(LATER)
    letter = talk.last_to(EMPLOYEE)
    files = [(part.get_filename(), part.get_content()) for part in letter.iter_attachments()]
    assert files == [("corrected.pdf", corrected)]
    assert "corrected.pdf" in text_of(letter)

    inside = b"%PDF-1.4 what payroll says inside"
    talk.write(PRIYA, "#note\n\nSee the file.", answers=notice, attach=("inside.pdf", inside))
    talk.write(PRIYA, "#reply\n\nSee the file.", answers=notice, attach=("renamed.pdf", inside))
    assert "attachment came into the case with an internal note" in text_of(talk.last_to(PRIYA))
    talk.pass_time(LATER)
    assert talk.last_to(EMPLOYEE)["Message-ID"] == letter["Message-ID"]


def test_a_closed_record_is_added_to_and_never_changed(talk: Talk) -> None:
    close_it(talk)
    talk.pass_time(timedelta(days=12))
    case = talk.site.case().case
    assert case.state is State.CLOSED
    answers = talk.last_to(PRIYA)
    talk.write(PRIYA, "#party witness: Wes Walker", answers=answers)
    assert "The record of this case is closed" in text_of(talk.last_to(PRIYA))
    assert talk.site.case().case.record == case.record
    talk.write(PRIYA, "The bank confirmed it in December.", answers=answers)
    assert "dated addendum" in text_of(talk.last_to(PRIYA))
    assert talk.site.case().case.state is State.CLOSED
    shown = show(talk, case.ref)
    (addendum,) = [message for message in shown["messages"] if message["addendum"]]
    assert addendum["text"] == "The bank confirmed it in December."
    assert parseaddr(addendum["from"])[1] == PRIYA


def test_a_case_rests_for_20_working_days_at_most_and_then_the_lead_is_told(site: Site) -> None:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, "I have moved, here is my change of address.", subject="Address")
    assert site.case().case.owner == HANA
    question = "#wait third_party until: +35d q: the registry answers"
    talk.write(HANA, question, answers=talk.last_to(HANA))
    assert talk.site.clock_of("resolve").due_at is None
    begun = talk.clock.now()
    talk.pass_time(timedelta(days=25))
    assert talk.site.case().case.state is State.WAITING_THIRD_PARTY
    while talk.site.case().case.state is State.WAITING_THIRD_PARTY:
        talk.pass_time(timedelta(hours=12))
    case, house = talk.site.case().case, talk.site.runtime.office.house()
    assert case.state is State.WORKING
    last_day = working_days_later(20, case, house, start=begun)
    assert timedelta(0) <= talk.clock.now() - last_day <= timedelta(hours=12)
    assert talk.site.clock_of("resolve").due_at is not None
    assert "20 Arbeitstage geruht" in text_of(talk.last_to(HANA)), "she reads German"
    (told,) = (text for text in talk.texts_to(LEAD) if "rested for 20 working days" in text)
    assert case.ref in told

    talk.write(HANA, "#wait employee until: +5d q: Did it come?", answers=talk.last_to(HANA))
    assert "laufen seine Fristen diesmal weiter" in text_of(talk.last_to(HANA))
    assert talk.site.case().case.state is State.WAITING_EMPLOYEE
    assert talk.site.clock_of("resolve").due_at is not None
    talk.pass_time(LATER)
    assert "Did it come?" in text_of(talk.last_to(EMPLOYEE))


def test_the_date_that_an_answer_was_waited_for_brings_the_case_back(talk: Talk) -> None:
    talk.write(PRIYA, "#wait employee until: +5d q: Which days?", answers=talk.last_to(PRIYA))
    talk.pass_time(timedelta(days=6))
    assert talk.site.case().case.state is State.WAITING_EMPLOYEE, "the fifth day is not over"
    talk.pass_time(timedelta(days=3))
    assert talk.site.case().case.state is State.WORKING
    assert "The date that this case waited for has come" in text_of(talk.last_to(PRIYA))
