"""A backtest in lines for people: each case that would move, and the sum of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rules.backtest import Effect, mask_subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.case.case import Risk
    from mailflow.core.policy.rules.backtest import BacktestResult, Moved

_SUBJECT_WIDTH = 17
_CATEGORY_WIDTH = 44
_RISK_WIDTH = 20


def count_of(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def moved_lines(
    result: BacktestResult,
    names: Mapping[Risk, str],
    *,
    shows_subjects: bool = False,
    most: int | None = None,
) -> list[str]:
    """The table, without lines when nothing moves; ``most`` cases at most."""
    if not result.moved:
        return []
    shown = result.moved[:most]
    width = max(4, *(len(one.name) for one in shown))
    kind = "" if shows_subjects else " (masked)"
    columns = f"{f'SUBJECT{kind}':<{_SUBJECT_WIDTH}}  {'CATEGORY':<{_CATEGORY_WIDTH}}"
    lines = [f"{'CASE':<{width}}  {columns}  {'RISK':<{_RISK_WIDTH}}  BECAUSE"]
    lines += [_moved_line(one, names, width=width, shows_subjects=shows_subjects) for one in shown]
    if len(shown) < len(result.moved):
        lines.append(f"and {len(result.moved) - len(shown):,} more")
    return lines


def sum_line(result: BacktestResult) -> str:
    before, after = result.in_triage
    return (
        f"{len(result.moved):,} changed: {result.has_effect(Effect.RAISED):,} raised, "
        f"{result.has_effect(Effect.LOWERED):,} lowered, "
        f"{result.left_sensitive:,} left a sensitive category, "
        f"{result.has_effect(Effect.OTHER):,} other; triage {before:,} -> {after:,}"
    )


def _moved_line(one: Moved, names: Mapping[Risk, str], *, width: int, shows_subjects: bool) -> str:
    may_show = shows_subjects and not one.is_private
    subject = one.subject if may_show else mask_subject(one.subject)
    subject = " ".join(subject.split())[:_SUBJECT_WIDTH]
    category = _step(*one.categories)
    risk = _step(*(names.get(risk, risk.value) for risk in one.risks))
    effect = "" if one.effect is Effect.OTHER else f"   {one.effect.value.upper()}"
    columns = f"{subject:<{_SUBJECT_WIDTH}}  {category:<{_CATEGORY_WIDTH}}"
    return f"{one.name:<{width}}  {columns}  {risk:<{_RISK_WIDTH}}  {one.because}{effect}"


def _step(before: str, after: str) -> str:
    return after if before == after else f"{before} -> {after}"
