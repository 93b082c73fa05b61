"""Rules files edited while mailflow runs: good ones take effect, bad ones change nothing, and
who keeps the rules hears of each once.
"""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.workers.rules_watch import RulesWatch
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from mailflow.clock import SteeredClock
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

ADMIN = "omar.osei@acme.example"
RIYA = "riya.rao@acme.example"
NEW_RULE = """
rules:
  - id: parking-permit
    category: policy_clarification
    when: {text: [parking permit for zone nine]}
    tests: [{text: "I need a parking permit for zone nine.", expect: policy_clarification}]
"""
WRONG_KEY = NEW_RULE.replace("category:", "catgory:")
FAILING = NEW_RULE.replace("expect: policy_clarification", "expect: leave_request")
MAIL = MailFacts(text="I need a parking permit for zone nine.")


def edit(site: Site, text: str) -> None:
    (site.home / "rules" / "parking.yaml").write_text(text, encoding="utf-8")


def settle(site: Site, clock: SteeredClock) -> list[EmailMessage]:
    """Two looks, as far apart as it takes; what the admin got meanwhile."""
    site.relay.clear()
    site.run()
    clock.advance(timedelta(seconds=3))
    site.run()
    return site.sent_to(ADMIN)


def decides(site: Site) -> str:
    return classify(site.runtime.office.house().bundle, MAIL).category


def test_a_good_change_takes_effect_while_it_runs_and_is_told_once(site: Site) -> None:
    clock = site.steer()
    assert settle(site, clock) == []
    before = site.runtime.office.house().bundle.id
    assert decides(site) == "triage"
    edit(site, NEW_RULE)
    (told,) = settle(site, clock)
    assert decides(site) == "policy_clarification"
    said = text_of(told)
    assert "+ rule parking-permit" in said
    assert site.runtime.office.house().bundle.id in said
    assert "(serial 2)" in said
    assert site.runtime.office.house().bundle.id != before
    assert settle(site, clock) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (WRONG_KEY, "rules/parking.yaml:4:5: error[unknown-key]"),
        (FAILING, "FAIL parking-permit tests[0] parking.yaml:6"),
    ],
    ids=["mistake", "failed test"],
)
def test_a_bad_change_leaves_the_last_good_rules_and_is_told_once(
    site: Site, change: str, words: str
) -> None:
    clock = site.steer()
    settle(site, clock)
    before = site.runtime.office.house().bundle
    edit(site, change)
    (told,) = settle(site, clock)
    said = text_of(told)
    assert words in said
    assert f"The rules in use (bundle {before.id}, serial 1) are unchanged." in said
    assert site.runtime.office.house().bundle is before
    assert settle(site, clock) == []
    (row,) = site.rows("SELECT note FROM heartbeats WHERE name = 'rules'")
    assert row["note"] == "refused"


def test_mended_files_are_told_to_be_in_force_again(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    edit(site, WRONG_KEY)
    settle(site, clock)
    (site.home / "rules" / "parking.yaml").unlink()
    (told,) = settle(site, clock)
    assert "New rules are in force" in text_of(told)
    (row,) = site.rows("SELECT note FROM heartbeats WHERE name = 'rules'")
    assert row["note"] == "ok"


def test_after_a_restart_with_bad_files_the_last_good_rules_decide(site: Site) -> None:
    clock = site.steer()
    edit(site, NEW_RULE)
    settle(site, clock)
    edit(site, WRONG_KEY)
    site.close()
    (told,) = settle(site, clock)
    assert "error[unknown-key]" in text_of(told)
    assert decides(site) == "policy_clarification"
    site.close()
    assert settle(site, clock) == []


def test_without_any_good_rules_everything_goes_to_a_person(site: Site) -> None:
    edit(site, WRONG_KEY)
    site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    site.run()
    case = site.case().case
    assert (case.category, case.state) == ("triage", "triage")
    assert len(site.sent_to(RIYA)) == 1
    assert "No good rules were ever in force" in text_of(site.sent_to(ADMIN)[0])


def test_of_two_processes_only_one_tells(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    first = site.runtime
    site._runtime = None
    second = site.runtime
    edit(site, NEW_RULE)
    for runtime in (first, second):
        runtime.rules.look()
    clock.advance(timedelta(seconds=3))
    for runtime in (first, second):
        runtime.rules.look()
    site.relay.clear()
    site.run()
    assert len(site.sent_to(ADMIN)) == 1
    serials = site.rows("SELECT serial FROM rules_bundles ORDER BY serial")
    assert [row["serial"] for row in serials] == [1, 2]
    first.close()


def test_a_changed_target_moves_the_clocks_of_open_cases(site: Site) -> None:
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Paycheck October", "My paycheck is short by 200 USD."))
    settle(site, clock)
    before = site.clock_of("first_response").due_at
    sla = site.home / "rules" / "sla.yaml"
    text = sla.read_text(encoding="utf-8")
    changed = text.replace("first_response: 8 working hours", "first_response: 30 working hours")
    assert changed != text
    sla.write_text(changed, encoding="utf-8")
    settle(site, clock)
    after = site.clock_of("first_response").due_at
    assert before is not None
    assert after is not None
    assert after > before


def test_changed_staff_takes_effect_and_a_broken_file_of_staff_does_not(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    path = site.home / "config" / "staff.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: Hana Handler", "name: Hana Holm"), encoding="utf-8")
    settle(site, clock)
    staff = site.runtime.office.house().staff
    assert next(p.name for p in staff.people if p.email == "hana.handler@acme.example") == (
        "Hana Holm"
    )
    path.write_text(text.replace("teams:", "temas:"), encoding="utf-8")
    (told,) = settle(site, clock)
    assert "staff.yaml" in text_of(told)
    assert site.runtime.office.house().staff is staff


class _Waits(threading.Event):
    """Stops the loop at its second wait, and keeps how long each was to be."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        if len(self.seconds) > 1:
            self.set()
        return self.is_set()


def test_a_process_that_keeps_running_looks_again_soon_after_it_saw_a_change(site: Site) -> None:
    settle(site, site.steer())
    edit(site, NEW_RULE)
    stop = _Waits()
    RulesWatch(site.runtime).run(stop)
    assert stop.seconds == [2.5, 2.5]
    (site.home / "rules" / "parking.yaml").unlink()
    stop = _Waits()
    RulesWatch(site.runtime).run(stop)
    assert stop.seconds == [10.0, 10.0]


def test_a_folder_that_vanishes_changes_nothing(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    before = site.runtime.office.house().bundle
    shutil.rmtree(site.home / "rules")
    (told,) = settle(site, clock)
    assert "cannot be read" in text_of(told)
    assert site.runtime.office.house().bundle is before
