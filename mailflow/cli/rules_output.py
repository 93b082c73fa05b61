"""How the `rules` commands print: for people, for scripts (json) and for code review (github)."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from mailflow.core.policy.rules.backtest_text import count_of, moved_lines, sum_line
from mailflow.core.policy.rules.explain import explain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.backtest import BacktestResult
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.inline_tests import Coverage, Outcome
    from mailflow.errors import Mistake


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def print_mistakes(mistakes: tuple[Mistake, ...], form: Format, *, summary: str) -> None:
    """One finding per line start; the summary last."""
    if form is Format.JSON:
        found = [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "severity": one.severity,
                "code": one.code,
                "message": one.message,
            }
            for one in mistakes
        ]
        typer.echo(json.dumps({"findings": found, "summary": summary}, ensure_ascii=False))
        return
    for one in mistakes:
        if form is Format.GITHUB:
            place = f"file={one.file},line={one.line},col={one.column},title={one.code}"
            typer.echo(f"::{one.severity} {place}::{_escaped(one.message)}")
        else:
            _print_coloured(one)
    typer.echo(summary)


def print_outcomes(bundle: Bundle, outcomes: tuple[Outcome, ...], form: Format) -> None:
    failed = [one for one in outcomes if not one.is_passed]
    summary = f"{len(outcomes) - len(failed):,} passed, {len(failed):,} failed"
    if form is Format.JSON:
        found = [
            {
                "test": one.test.title,
                "file": one.test.place.file,
                "line": one.test.place.line,
                "passed": one.is_passed,
                "problems": list(one.problems),
            }
            for one in outcomes
        ]
        typer.echo(json.dumps({"tests": found, "summary": summary}, ensure_ascii=False))
        return
    for one in failed:
        place, problems = one.test.place, "; ".join(one.problems)
        if form is Format.GITHUB:
            where = f"file={place.file},line={place.line},title=failed test"
            typer.echo(f"::error {where}::{_escaped(f'{one.test.title}: {problems}')}")
            continue
        file = place.file.rpartition("/")[2]
        typer.echo(f"FAIL {one.test.title} {file}:{place.line}  {problems}")
        tree = explain_text(bundle, one.test.facts, about=one.test.rule)
        typer.echo("\n".join(f"     {line}" for line in tree.splitlines()))
    typer.echo(summary)


def print_coverage(coverage: Coverage) -> None:
    """Before the last line of `rules test`: what no test touches."""
    for rule, phrase in coverage.phrases:
        file = rule.place.file.rpartition("/")[2]
        typer.echo(f'untested {rule.id} {file}:{rule.place.line}  "{phrase}"')
    touched = coverage.phrase_count - len(coverage.phrases)
    typer.echo(f"{touched:,} of {count_of(coverage.phrase_count, 'phrase')} touched by a test")


def print_backtest(
    result: BacktestResult, names: Mapping[Risk, str], *, seconds: float, shows_subjects: bool
) -> None:
    head = f"{count_of(result.count, 'message')}, old {result.old}, new {result.new}"
    typer.echo(f"{head}, {seconds:.1f} s")
    print_lines(moved_lines(result, names, shows_subjects=shows_subjects))
    typer.echo(sum_line(result))


def backtest_json(result: BacktestResult, names: Mapping[Risk, str]) -> str:
    return json.dumps(
        {
            "messages": result.count,
            "old": result.old,
            "new": result.new,
            "lowered": result.lowered,
            "left_sensitive": result.left_sensitive,
            "triage": list(result.in_triage),
            "moved": [
                {
                    "case": one.name,
                    "category": list(one.categories),
                    "risk": [names.get(risk, risk.value) for risk in one.risks],
                    "because": one.because,
                    "effect": one.effect.value,
                }
                for one in result.moved
            ],
        },
        ensure_ascii=False,
    )


def print_lines(lines: Iterable[object]) -> None:
    for line in lines:
        typer.echo(str(line))


def _print_coloured(mistake: Mistake) -> None:
    head, _, rest = str(mistake).partition("\n")
    colour = typer.colors.RED if mistake.severity == "error" else typer.colors.YELLOW
    typer.secho(head, fg=colour)
    if rest:
        typer.echo(rest)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
