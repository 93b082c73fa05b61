from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailflow.core.mail.words.training import say_training
from mailflow.core.policy.training import (
    LASTS,
    ask_for_renewal,
    is_renewal_due,
    renew,
    with_renewals,
)
from tests.unit.core.sample_house import sample_house

TODAY = date(2026, 11, 24)
INES = "ines.ibarra@acme.example"


@pytest.mark.parametrize(
    ("until", "is_due"),
    [
        (None, False),
        (TODAY - timedelta(days=400), True),
        (TODAY, True),
        (TODAY + timedelta(days=30), True),
        (TODAY + timedelta(days=31), False),
    ],
)
def test_it_is_asked_for_within_the_last_month_and_after(until: date | None, is_due: bool) -> None:  # noqa: FBT001 - a table's column
    (somebody, *_) = sample_house().staff.people
    member = replace(somebody, training_until=until)
    assert is_renewal_due(member, today=TODAY) is is_due
    day, said = renew(member, today=TODAY)
    assert (day == TODAY + LASTS) is is_due
    assert said.is_done is is_due


def test_the_later_of_the_day_written_down_and_the_day_agreed_to_counts() -> None:
    staff = sample_house().staff
    before = staff.member(INES)
    assert before is not None
    assert before.training_until is not None
    later, earlier = before.training_until + timedelta(1), before.training_until - timedelta(1)
    for agreed, counts in ((later, later), (earlier, before.training_until)):
        renewed = with_renewals(staff, {INES: agreed, "pat.porter@benefitsdesk.example": later})
        member = renewed.member(INES)
        assert member is not None
        assert member.training_until == counts
        pat = renewed.member("pat.porter@benefitsdesk.example")
        assert pat is not None
        assert pat.training_until is None, "nobody trained them, so nothing is renewed"


def test_the_mail_says_the_rules_in_the_readers_language() -> None:
    house = sample_house()
    member = house.staff.member(INES)
    assert member is not None
    order = ask_for_renewal(member, house, now=datetime(2026, 11, 24, tzinfo=UTC))
    assert order.locale == "es"
    assert "#agree" in str(order.fields["what"])
    said = {say_training(TODAY, locale) for locale in ("en", "de-AT", "fr", "es", "pt")}
    assert len(said) == 4
