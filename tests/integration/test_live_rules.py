"""Rules files that change while mailflow runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.casework.rules_bundle import (
    Activated,
    LiveRules,
    Refused,
    Unchanged,
    load_rules,
    start_rules,
)
from mailflow.clock import SteeredClock
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from pathlib import Path

    from mailflow.casework.rules_bundle import RulesNews

RULES = """mailflow: 1
categories:
  - {id: leave, team: hr-ops, sla: standard}
  - {id: triage, team: hr-ops, sla: standard}
rules:
  - id: leave
    category: leave
    when: {text: [annual leave]}
    tests: [{text: Annual leave please, expect: leave}]
"""
BROKEN = RULES.replace("category: leave", "catgory: leave")
FAILING = RULES.replace("[annual leave]", "[sick leave]")
BETTER = RULES.replace("[annual leave]", "[annual leave, day off]")


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock(datetime(2026, 11, 23, 10, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "hr.yaml").write_text(RULES)
    return rules


def start(folder: Path, clock: SteeredClock, stored: str | None = None) -> LiveRules:
    last_good = {"rules/hr.yaml": stored} if stored else None
    live, _ = start_rules(folder, KnownNames, clock, last_good=last_good, triage_team="hr-triage")
    return live


def settle(live: LiveRules, clock: SteeredClock) -> RulesNews:
    """What a look says once the files have been quiet for long enough."""
    assert live.refresh() == Unchanged()
    clock.advance(timedelta(seconds=3))
    return live.refresh()


def test_a_good_change_is_swapped_in_once_it_has_settled(folder: Path, clock: SteeredClock) -> None:
    live = start(folder, clock)
    before = live.bundle.id
    (folder / "hr.yaml").write_text(BETTER)
    news = settle(live, clock)
    assert isinstance(news, Activated)
    assert news.bundle is live.bundle
    assert live.bundle.id != before
    assert news.texts == {"rules/hr.yaml": BETTER}


def test_a_file_that_still_changes_is_left_alone(folder: Path, clock: SteeredClock) -> None:
    live = start(folder, clock)
    for version in (BROKEN, FAILING, BETTER):
        (folder / "hr.yaml").write_text(version)
        clock.advance(timedelta(seconds=1))
        assert live.refresh() == Unchanged()
    clock.advance(timedelta(seconds=2))
    assert isinstance(live.refresh(), Activated)


def test_a_broken_change_leaves_the_last_good_rules_in_force_and_is_said_once(
    folder: Path, clock: SteeredClock
) -> None:
    live = start(folder, clock)
    before = live.bundle
    (folder / "hr.yaml").write_text(BROKEN)
    news = settle(live, clock)
    assert isinstance(news, Refused)
    assert [mistake.code for mistake in news.mistakes] == ["unknown-key"]
    assert live.bundle is before
    assert not live.is_current
    clock.advance(timedelta(seconds=30))
    assert live.refresh() == Unchanged()


def test_a_change_whose_tests_fail_is_refused_with_the_failures(
    folder: Path, clock: SteeredClock
) -> None:
    live = start(folder, clock)
    (folder / "hr.yaml").write_text(FAILING)
    news = settle(live, clock)
    assert isinstance(news, Refused)
    assert [outcome.test.title for outcome in news.failures] == ["leave tests[0]"]


def test_going_back_to_the_rules_in_force_makes_them_current_again(
    folder: Path, clock: SteeredClock
) -> None:
    live = start(folder, clock)
    (folder / "hr.yaml").write_text(BROKEN)
    settle(live, clock)
    (folder / "hr.yaml").write_text(RULES + "# as before\n")
    assert settle(live, clock) == Unchanged()
    assert live.is_current


def test_a_folder_that_disappears_changes_nothing(folder: Path, clock: SteeredClock) -> None:
    live = start(folder, clock)
    before = live.bundle
    (folder / "hr.yaml").unlink()
    folder.rmdir()
    news = settle(live, clock)
    assert isinstance(news, Refused)
    assert live.bundle is before
    assert live.refresh() == Unchanged()


def test_a_folder_that_is_being_replaced_is_waited_for(folder: Path, clock: SteeredClock) -> None:
    live = start(folder, clock)
    folder.rename(folder.with_name("old"))
    assert live.refresh() == Unchanged()
    folder.with_name("old").rename(folder)
    clock.advance(timedelta(seconds=3))
    assert live.refresh() == Unchanged()
    assert live.is_current


def test_after_a_restart_with_broken_files_the_stored_rules_are_in_force(
    folder: Path, clock: SteeredClock
) -> None:
    (folder / "hr.yaml").write_text(BROKEN)
    live = start(folder, clock, stored=RULES)
    assert "leave" in live.bundle.categories
    assert not live.is_current


def test_without_any_good_rules_everything_goes_to_triage(
    folder: Path, clock: SteeredClock
) -> None:
    (folder / "hr.yaml").write_text(BROKEN)
    live = start(folder, clock)
    assert list(live.bundle.categories) == ["triage"]
    assert live.bundle.triage.team == "hr-triage"


def test_loading_raises_every_mistake_of_every_file_at_once(folder: Path) -> None:
    (folder / "hr.yaml").write_text(BROKEN)
    (folder / "more.yaml").write_text("rules:\n\t- {}\n")
    with pytest.raises(InvalidFilesError) as refused:
        load_rules(folder)
    assert [mistake.file for mistake in refused.value.mistakes] == [
        "rules/hr.yaml",
        "rules/more.yaml",
    ]
