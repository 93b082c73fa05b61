"""Rules files edited while mailflow runs: good ones take effect, bad ones change nothing, and
who keeps the rules hears of each once.
"""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import structlog
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.core.case.mail_order import Lane
from mailflow.core.policy.rules.backtest import run_backtest
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.intake.parse_pool import ParsePool
from mailflow.workers.metrics_server import tell_metrics
from mailflow.workers.poller import Poller
from mailflow.workers.post_worker import PostWorker
from mailflow.workers.reading import MailReader
from mailflow.workers.rules_watch import RulesWatch
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage
    from pathlib import Path

    from typer.testing import Result

    from mailflow.casework.rules_news import RulesKeeper
    from mailflow.clock import SteeredClock
    from mailflow.core.policy.rules.backtest import BacktestResult
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.errors import Mistake
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


def edit(site: Site, rules: str) -> None:
    (site.home / "rules" / "parking.yaml").write_text(rules, encoding="utf-8")


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
    assert "\nmailflow_rules_ok 0.0\n" in tell_metrics(site.runtime)
    clock.advance(timedelta(hours=2))
    assert "\nmailflow_rules_age_seconds 72" in tell_metrics(site.runtime)


@pytest.mark.parametrize(
    ("change", "first", "more"),
    [
        (WRONG_KEY.replace("tests:", "tets:"), "rules/parking.yaml:4", 1),
        (FAILING, "rules/parking.yaml:6", 0),
    ],
    ids=["two mistakes", "failed test"],
)
def test_each_process_that_starts_with_bad_files_says_in_its_log_where_to_look(
    site: Site, change: str, first: str, more: int
) -> None:
    site.run()
    edit(site, change)
    for _ in range(2):
        site.close()
        with structlog.testing.capture_logs() as said:
            site.run()
        (refused,) = [line for line in said if line["event"] == "rules_refused"]
        assert (refused["first"], refused["more"]) == (first, more)


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
    assert "\nmailflow_rules_ok 1.0\n" in tell_metrics(site.runtime)


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


def test_the_mail_says_which_past_cases_would_have_gone_elsewhere(site: Site) -> None:
    clock = site.steer()
    site.deliver(
        write_mail(RIYA, "Zone nine", "Blue sky over the sea, and a parking permit for zone nine."),
        write_mail(RIYA, "Help", "He hit me in the corridor."),
    )
    settle(site, clock)
    refs = {loaded.case.risk.is_urgent: loaded.case.ref for loaded in site.cases()}
    edit(site, NEW_RULE)
    (told,) = settle(site, clock)
    said = text_of(told)
    assert "Tried on the first mails of 2 past cases:" in said
    assert "1 changed: 0 raised, 1 lowered" in said
    assert "LOOK AT THIS: 1 case would have had less protection." in said
    (line,) = (line for line in said.splitlines() if "parking-permit" in line and "LOWERED" in line)
    assert line.startswith(refs[False])
    assert "triage -> policy_clarification" in line
    assert "Zone nine" not in said
    assert refs[True] not in said


def test_rules_that_cannot_be_tried_on_past_mail_are_told_all_the_same(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    edit(site, NEW_RULE)
    site.runtime.rules.look()
    clock.advance(timedelta(seconds=3))
    site.runtime.rules.look()
    site.runtime.rules.tell(_fail)
    site.relay.clear()
    site.run()
    (told,) = site.sent_to(ADMIN)
    assert "+ rule parking-permit" in text_of(told)


def _fail(before: Bundle, after: Bundle) -> BacktestResult:
    raise LookupError(before.id, after.id)


def test_mail_is_handled_while_new_rules_are_read_and_tried(site: Site) -> None:
    """The thread of the rules hangs in the middle of judging, and then of trying, a change."""
    clock = site.steer()
    settle(site, clock)
    keeper, gate = site.runtime.rules, _Gate()
    keeper.live._rules.also = gate.hang_in_judging
    edit(site, NEW_RULE)
    keeper.look()
    clock.advance(timedelta(seconds=3))
    thread = threading.Thread(target=keep_rules, args=(keeper, gate), daemon=True)
    thread.start()
    for place in ("judging", "trying"):
        assert gate.is_reached(place)
        site.deliver(write_mail(RIYA, f"Paycheck {place}", "My paycheck is short by 200 USD."))
        work_without_looking_at_rules(site)
        assert len(site.cases()) == gate.opened
        gate.let_go(place)
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert len(site.sent_to(RIYA)) == 2
    assert decides(site) == "policy_clarification"


class _Gate:
    """Two places at which the thread of the rules waits until the test lets it go."""

    def __init__(self) -> None:
        self.opened = 1
        self._reached = {"judging": threading.Event(), "trying": threading.Event()}
        self._let_go = {"judging": threading.Event(), "trying": threading.Event()}

    def hang_in_judging(self, texts: Mapping[str, str]) -> tuple[Mistake, ...]:
        self._hang("judging")
        assert texts
        return ()

    def hang_in_trying(self, before: Bundle, after: Bundle) -> BacktestResult:
        self._hang("trying")
        return run_backtest(before, after, ())

    def is_reached(self, place: str) -> bool:
        return self._reached[place].wait(timeout=30)

    def let_go(self, place: str) -> None:
        self.opened += 1
        self._let_go[place].set()

    def _hang(self, place: str) -> None:
        self._reached[place].set()
        assert self._let_go[place].wait(timeout=60)


def keep_rules(keeper: RulesKeeper, gate: _Gate) -> None:
    keeper.look()
    keeper.tell(gate.hang_in_trying)


def work_without_looking_at_rules(site: Site) -> None:
    runtime = site.runtime
    with ParsePool() as pool:
        read = MailReader(runtime, pool)
        Poller(runtime, runtime.accounts[0], read=read, ring=lambda _lanes: None).look_once()
    worker = PostWorker(runtime)
    worker.deliver([int(lane) for lane in Lane])
    worker.close()


def test_of_two_processes_only_one_tells(site: Site) -> None:
    clock = site.steer()
    settle(site, clock)
    first = site.runtime
    site._runtime = None
    second = site.runtime
    old = first.office.house().bundle.id
    edit(site, NEW_RULE)
    for runtime in (first, second):
        runtime.rules.look()
    clock.advance(timedelta(seconds=3))
    for runtime in (first, second):
        runtime.rules.look()
        assert runtime.office.house().bundle.id != old
    for runtime in (second, first):
        runtime.rules.tell(lambda before, after: run_backtest(before, after, ()))
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


def test_every_command_of_rules_reaches_the_database(site: Site, tmp_path: Path) -> None:
    """Check, diff, backtest, apply and explain, as typed; and a running process takes it over."""
    clock = site.steer()
    site.deliver(write_mail(RIYA, "Zone nine", "Blue sky, and a parking permit for zone nine."))
    settle(site, clock)
    case, old = site.case().case, site.runtime.office.house().bundle.id
    new = tmp_path / "new"
    shutil.copytree(site.home / "rules", new)
    (new / "parking.yaml").write_text(NEW_RULE, encoding="utf-8")
    checked_new = run_command(site, "rules", "check", str(new))
    assert f"The rules in use (bundle {old}, serial 1) are older." in checked_new.stdout
    assert "+ rule parking-permit" in run_command(site, "rules", "diff", str(new)).stdout
    tried = run_command(site, "rules", "backtest", str(new), "--cases")
    assert tried.exit_code == 1
    assert f"{case.ref}  " in tried.stdout
    assert "1 lowered" in tried.stdout
    assert run_command(site, "rules", "apply", str(new)).exit_code == 1
    applied = run_command(site, "rules", "apply", str(new), "--accept-lowered", "1")
    assert applied.exit_code == 0, applied.stderr
    assert ", serial 2;" in applied.stdout
    (told,) = settle(site, clock)
    assert "+ rule parking-permit" in text_of(told)
    assert decides(site) == "policy_clarification"
    words = ("rules", "explain", case.ref, "--as", case.owner)
    explained = run_command(site, *words)
    assert f"bundle    {old} serial 1" in explained.stdout
    assert "category  triage" in explained.stdout
    now = run_command(site, *words, "--bundle", str(new))
    assert "category  policy_clarification" in now.stdout


def run_command(site: Site, *words: str) -> Result:
    env = {**site.environ, "MAILFLOW_HOME": str(site.home)}
    result = CliRunner().invoke(build_app(), list(words), env=env)
    structlog.reset_defaults()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


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
