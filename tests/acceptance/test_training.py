"""Confidentiality training: it runs out, is asked for by mail, and renewed by an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conversation import Talk
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
RIYA = "riya.rao@acme.example"
IVAN = "ivan.ilic@acme.example"
INES = "ines.ibarra@acme.example"
GROPED = "My colleague groped me on Friday."


@pytest.fixture
def talk(site: Site) -> Talk:
    """Ivan's training runs out in ten days, Ines' has run out."""
    clock = site.steer()
    staff = site.home / "config" / "staff.yaml"
    soon = (clock.now() + timedelta(days=10)).date().isoformat()
    gone = (clock.now() - timedelta(days=1)).date().isoformat()
    lines = staff.read_text(encoding="utf-8").splitlines()
    for position, line in enumerate(lines):
        for address, day in ((IVAN, soon), (INES, gone)):
            if f"email: {address}" in line:
                lines[position + 1] = lines[position + 1].replace("2027-06-30", day)
    staff.write_text("\n".join(lines) + "\n", encoding="utf-8")
    talk = Talk(site, clock)
    site.run()
    return talk


def test_nobody_without_training_gets_or_reads_a_case_of_high_risk(talk: Talk) -> None:
    talk.write(RIYA, GROPED, subject="Please read")
    case = talk.site.case().case
    assert case.owner == IVAN
    talk.write(INES, f"#status {case.ref}")
    assert GROPED not in talk.last_to(INES).as_string()


def test_the_renewal_is_asked_for_once_a_month_ahead(talk: Talk) -> None:
    (asked,) = talk.site.sent_to(IVAN)
    assert "#agree" in text_of(asked)
    assert "body=%23agree" in text_of(asked)
    talk.pass_time(timedelta(days=2))
    assert talk.count_to(IVAN) == 1
    assert talk.count_to("dana.lead@acme.example") == 0


def test_an_answer_renews_it_for_a_year_and_stays_as_evidence(talk: Talk) -> None:
    talk.write(INES, "#agree", answers=talk.last_to(INES))
    zone = talk.site.runtime.office.house().zone
    until = talk.clock.now().astimezone(zone) + timedelta(days=365)
    assert f"{until.day} de" in text_of(talk.last_to(INES))
    assert str(until.year) in text_of(talk.last_to(INES))
    assert [row["kind"] for row in talk.site.rows("SELECT kind FROM audit_log")].count(
        "training_renewed"
    ) == 1
    talk.pass_time(timedelta(days=20))
    talk.write(RIYA, GROPED, subject="Please read")
    assert talk.site.case().case.owner == INES, "Ivan's has run out meanwhile"
    talk.write(INES, "#agree")
    assert talk.count_to(INES) >= 2
    assert any("acuerdo" in text for text in talk.texts_to(INES)[-1:])


def test_a_consent_that_may_be_forged_renews_nothing(talk: Talk) -> None:
    talk.write(INES, "#agree", answers=talk.last_to(INES), verified=False)
    talk.write(RIYA, GROPED, subject="Please read")
    assert talk.site.case().case.owner == IVAN
