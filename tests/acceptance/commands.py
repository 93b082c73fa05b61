"""The command line on a test's site, and a few rules where the shipped ones do not matter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.store.session import reading

if TYPE_CHECKING:
    from typer.testing import Result

    from tests.acceptance.site import Site

# A site with three kinds of cases: what these tests show does not hang on the shipped words.
SMALL_RULES = """\
mailflow: 1
risk_levels: [low, moderate, high, confidential]
defaults:
  risk: low
  sla: standard
  if_nothing_matches: {category: triage, risk: moderate}
  if_unsure: {team: hr-triage}
  escalate_to_alternate: [executive-office]
categories:
  - {id: harassment_discrimination, group: employee_relations, sensitive: true, risk: high,
     team: employee-relations, owner: least_loaded, sla: harassment_discrimination,
     escalate_to: [hr-leadership], escalate_to_alternate: [executive-office]}
  - {id: payroll_discrepancy, group: administration, risk: moderate, team: payroll,
     owner: round_robin, sla: payroll_discrepancy, escalate_to: [payroll-managers]}
  - {id: triage, team: hr-triage, owner: least_loaded, sla: triage}
rules:
  - id: harassment
    category: harassment_discrimination
    when: {text: [sexually harassed]}
    tests:
      - {text: "I was sexually harassed.", expect: harassment_discrimination}
      - {text: "The harassment training.", expect_not: harassment_discrimination}
  - id: pay
    category: payroll_discrepancy
    when: {text: [paycheck is short]}
"""


def write_small_rules(site: Site) -> None:
    for path in (site.home / "rules").iterdir():
        if path.name not in ("sla.yaml", "calendars.yaml"):
            path.unlink()
    (site.home / "rules" / "small.yaml").write_text(SMALL_RULES, encoding="utf-8")


class Commands:
    """The command line on one site; ``json`` is what a command printed, parsed."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(self, *words: object, code: int = 0, **environ: str) -> Result:
        arguments = [str(word) for word in words]
        env = {**self.site.environ, "MAILFLOW_HOME": str(self.site.home), **environ}
        result = CliRunner().invoke(build_app(), arguments, env=env)
        # A command sends the logs to its own standard error, which ends with it.
        structlog.reset_defaults()
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, (result.stdout, result.stderr)
        return result

    def json(self, *words: object, code: int = 0, **environ: str) -> Any:
        return json.loads(self(*words, "--json", code=code, **environ).stdout)

    def lines(self, *words: object) -> list[Any]:
        return [json.loads(line) for line in self(*words, "--json").stdout.splitlines()]

    def audit_kinds(self) -> list[str]:
        with reading(self.site.runtime.engine) as connection:
            return list(
                connection.execute(text("SELECT kind FROM audit_log ORDER BY seq")).scalars()
            )
