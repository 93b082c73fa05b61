"""People who leave the staff while cases are still theirs."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML
from sqlalchemy import text as sql

from mailflow.core.policy.targets import Target
from mailflow.errors import TemporaryError
from tests.acceptance.site import text_of, write_mail
from tests.acceptance.test_rules_live import RIYA, run_command, settle

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

HEIR = "lucia.lopez@acme.example"
ACCUSED = "ines.ibarra@acme.example"


def without(staff: str, address: str) -> str:
    """The file less a person: their own lines, and what names them elsewhere."""
    assert address in staff
    document = YAML(typ="safe").load(staff)
    document["people"] = [p for p in document["people"] if p["email"] != address]
    for person in document["people"]:
        if person.get("delegate") == address:
            del person["delegate"]
    for team in document["teams"].values():
        team["members"] = [m for m in team.get("members", []) if m != address]
        if team["lead"] == address:
            team["lead"] = document["fallback_owner"]
    out = StringIO()
    YAML(typ="safe").dump(document, out)
    return out.getvalue()


def hand_over(site: Site, owner: str, *, to: str) -> None:
    """As an admin does when somebody leaves."""
    path = site.home / "config" / "staff.yaml"
    staff = without(path.read_text(encoding="utf-8"), owner)
    left = f"left:\n  - {{email: {owner}, handover_to: {to}}}\n"
    path.write_text(staff + left, encoding="utf-8")


def checked(site: Site) -> list[dict[str, str]]:
    findings: list[dict[str, str]] = json.loads(run_command(site, "check", "--json").stdout)[
        "findings"
    ]
    return findings


def test_nobody_leaves_the_staff_with_open_cases(site: Site) -> None:
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    settle(site, clock)
    case = site.case().case
    path = site.home / "config" / "staff.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(without(whole, case.owner), encoding="utf-8")
    (told,) = settle(site, clock)
    assert f"{case.owner} is not among the people any more, but owns an open case ({case.ref})" in (
        " ".join(text_of(told).split())
    )
    assert site.runtime.office.house().staff.member(case.owner) is not None
    assert settle(site, clock) == []
    applied = run_command(site, "rules", "apply", str(site.home / "rules"))
    assert (applied.exit_code, case.ref in applied.stdout) == (1, True)
    finding = next(f for f in checked(site) if f["code"] == "owns-cases")
    assert case.ref in finding["message"]
    with site.runtime.engine.begin() as connection:
        connection.execute(sql("UPDATE cases SET state = 'closed'"))
    settle(site, clock)
    assert site.runtime.office.house().staff.member(case.owner) is None


def test_whoever_left_hands_all_open_cases_to_the_person_that_is_named(site: Site) -> None:
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    settle(site, clock)
    before = site.case().case
    hand_over(site, before.owner, to=HEIR)

    settle(site, clock)

    loaded = site.case()
    assert loaded.case.owner == HEIR
    assert site.sent_to(HEIR), "they hear of it"
    assert loaded.file.running(Target.CONFIRM_OWNER) is not None
    assert site.runtime.office.house().staff.member(before.owner) is None
    assert not [f for f in checked(site) if f["code"] == "owns-cases"]
    assert settle(site, clock) == [], "once is enough"


def test_a_case_about_the_person_who_takes_over_goes_to_somebody_else(site: Site) -> None:
    clock = site.steer()
    text = "Ines Ibarra sexually harassed me in the lab, and made unwanted advances."
    site.deliver(write_mail(RIYA, "In confidence", text))
    settle(site, clock)
    before = site.case().case
    hand_over(site, before.owner, to=ACCUSED)
    settle(site, clock)
    assert site.case().case.owner not in (ACCUSED, before.owner)


def test_a_mail_put_off_does_not_go_to_whoever_left_meanwhile(site: Site) -> None:
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    site.relay.stop()
    with suppress(TemporaryError):
        site.run()
    before = site.case().case
    hand_over(site, before.owner, to=HEIR)
    site.close()
    site.relay.restart()
    for _ in range(3):
        clock.advance(timedelta(minutes=10))
        site.run()
    assert site.case().case.owner == HEIR
    assert site.sent_to(before.owner) == []
    rows = site.rows("SELECT state, error FROM outbox WHERE state = 'cancelled'")
    assert [bool(row["error"]) for row in rows] == [True], "with the reason"
    assert site.sent_to(RIYA), "all others go"
