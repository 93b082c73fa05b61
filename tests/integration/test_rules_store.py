"""`mailflow rules` where an instance's store is plugged in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.casework.rules_bundle import compile_texts
from mailflow.cli import rules_home
from mailflow.cli.rules import app
from mailflow.core.policy.rules.backtest import CaseMail, PastMail
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.core.policy.rules.known_names import KnownNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from typer.testing import Result

    from mailflow.errors import Mistake

OLD = """mailflow: 1
categories:
  - {id: leave, team: hr-ops, sla: standard}
  - {id: triage, team: hr-ops, sla: standard}
rules:
  - id: leave
    category: leave
    risk: high
    when: {text: [annual leave]}
    tests: [{text: Annual leave please, expect: leave}]
"""
NEW = OLD.replace("    risk: high\n", "")
DANA = ("--as", "dana@acme.example")
MAIL = MailFacts(subject="Secret plans", text="My annual leave")


def id_of(text: str) -> str:
    bundle, _ = compile_texts({"rules/hr.yaml": text}, KnownNames())
    assert bundle is not None
    return bundle.id


@dataclass
class KeptRules:
    """What the store would keep, in memory."""

    bundles: dict[str, Mapping[str, str]] = field(default_factory=dict)
    serial: int = 41
    current: str = ""

    def in_force(self) -> tuple[str, int] | None:
        return (self.current, self.serial) if self.current else None

    def texts_of(self, bundle_id: str) -> Mapping[str, str] | None:
        return self.bundles.get(bundle_id)

    def past_mails(self, since: datetime) -> Iterator[PastMail]:
        assert since.tzinfo is not None
        yield PastMail("HR-7K2Q9M", MAIL)

    def case_mail(self, reference: str) -> CaseMail | None:
        return CaseMail(MAIL, id_of(OLD), 40) if reference == "HR-7K2Q9M" else None

    def lost_owners(self) -> tuple[Mistake, ...]:
        return ()

    def activate(self, texts: Mapping[str, str], bundle_id: str) -> int:
        self.bundles[bundle_id] = texts
        self.current = bundle_id
        self.serial += 1
        return self.serial


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> KeptRules:
    store = KeptRules({id_of(OLD): {"rules/hr.yaml": OLD}}, current=id_of(OLD))
    monkeypatch.setattr(rules_home, "_openers", [])
    rules_home.plug_store(lambda _home, _asker: store)
    return store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder, text in (("rules", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hr.yaml").write_text(text)
    return tmp_path


def run(home: Path, *arguments: str | Path) -> Result:
    command, *rest = map(str, arguments)
    return CliRunner().invoke(app, [command, *rest, "--home", str(home)])


def test_check_says_that_the_rules_in_use_stay_when_new_ones_are_broken(
    home: Path, kept: KeptRules
) -> None:
    (home / "rules" / "hr.yaml").write_text(OLD.replace("category: leave", "catgory: leave"))
    last = run(home, "check").stdout.splitlines()[-1]
    unchanged = f"The rules in use (bundle {kept.current}, serial 41) are unchanged."
    assert last == f"1 error, 0 warnings. {unchanged}"


def test_a_case_is_explained_with_the_rules_that_decided_it(home: Path, kept: KeptRules) -> None:
    (home / "rules" / "hr.yaml").write_text(NEW)
    then = run(home, "explain", "HR-7K2Q9M", *DANA).stdout
    assert "low (defaults) -> high (rule leave)" in then
    assert then.rstrip().endswith(f"bundle    {id_of(OLD)} serial 40")
    now = run(home, "explain", "HR-7K2Q9M", *DANA, "--bundle", home / "rules", "--json").stdout
    assert json.loads(now)["risk"] == "low"


def test_an_unknown_case_or_bundle_is_said_to_be_unknown(home: Path, kept: KeptRules) -> None:
    assert run(home, "explain", "HR-AAAAAA", *DANA).exit_code == 1
    assert run(home, "diff", "0123456789ab", home / "new").exit_code == 2


def test_stored_bundles_are_compared_by_id(home: Path, kept: KeptRules) -> None:
    result = run(home, "diff", id_of(OLD), home / "new")
    assert result.stdout.startswith("~ rule leave: risk high -> none")


def test_backtest_runs_on_stored_cases_and_masks_their_subjects(
    home: Path, kept: KeptRules
) -> None:
    result = run(home, "backtest", home / "new", "--cases", "--since", "30d")
    assert result.exit_code == 1
    assert "HR-7K2Q9M" in result.stdout
    assert "Secret" not in result.stdout
    found = json.loads(run(home, "backtest", home / "new", "--cases", "--json").stdout)
    assert (found["lowered"], found["moved"][0]["risk"]) == (1, ["high", "low"])
    assert run(home, "backtest", home / "new", "--cases", "--since", "soon").exit_code == 2


def test_apply_stores_what_it_puts_in_force(home: Path, kept: KeptRules) -> None:
    assert run(home, "apply", home / "new").exit_code == 1
    result = run(home, "apply", home / "new", "--accept-lowered", "1")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        f"In force: bundle {id_of(NEW)}, serial 42; 1 test passed."
    )
    assert kept.current == id_of(NEW)
    assert (home / "rules" / "hr.yaml").read_text() == NEW
