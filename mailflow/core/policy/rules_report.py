"""What who keeps the rules is told of a change: the words of `rules check`, `test` and `diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rules.backtest_text import count_of, moved_lines, sum_line
from mailflow.core.policy.rules.diff import compare_bundles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailflow.core.policy.rules.backtest import BacktestResult
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.inline_tests import Outcome
    from mailflow.errors import Mistake

_MOST_CHANGES = 200
_MOST_WARNINGS = 20
_MOST_MOVED = 100
_LONGEST = 20_000


def say_activated(
    before: Bundle | None,
    after: Bundle,
    *,
    warnings: Sequence[Mistake] = (),
    past: BacktestResult | None = None,
) -> str:
    """What the new rules mean differently, what they would have done to ``past`` mail, and the
    warnings; all their tests have passed.
    """
    changes = compare_bundles(before, after) if before is not None else ()
    lines = [str(change) for change in changes[:_MOST_CHANGES]]
    if len(changes) > _MOST_CHANGES:
        lines.append(f"and {len(changes) - _MOST_CHANGES} more: see `mailflow rules diff`")
    if not changes:
        lines.append("No rule means anything else than before.")
    lines += ["", f"{count_of(len(after.tests), 'test')} passed."]
    if past is not None:
        lines += ["", *say_past(past, after)]
    if warnings:
        lines += ["", *(str(warning) for warning in warnings[:_MOST_WARNINGS])]
        lines.append(f"{count_of(len(warnings), 'warning')}.")
    return _cut(lines)


def say_past(past: BacktestResult, after: Bundle) -> list[str]:
    """The first mails of past cases under the rules before and after; subjects are masked."""
    if not past.count:
        return ["There are no past cases to try the new rules on."]
    lines = [f"Tried on the first mails of {count_of(past.count, 'past case')}:", sum_line(past)]
    if past.lowered:
        lines.append(
            f"LOOK AT THIS: {count_of(past.lowered, 'case')} would have had less protection."
        )
    return [*lines, *moved_lines(past, after.risk_names, most=_MOST_MOVED)]


def say_refused(
    mistakes: Sequence[Mistake],
    failures: Sequence[Outcome],
    *,
    in_use: tuple[str, int] | None,
) -> str:
    """Every mistake as `rules check` prints it, every failed test as `rules test` does.

    ``in_use`` is the bundle in force and its serial.
    """
    errors = [one for one in mistakes if one.severity == "error"]
    lines = [str(one) for one in errors]
    for outcome in failures:
        place = outcome.test.place
        where = f"{place.file.rpartition('/')[2]}:{place.line}"
        lines.append(f"FAIL {outcome.test.title} {where}  {'; '.join(outcome.problems)}")
    found = [count_of(len(errors), "error")] if errors else []
    found += [f"{count_of(len(failures), 'test')} failed"] if failures else []
    kept = (
        f"The rules in use (bundle {in_use[0]}, serial {in_use[1]}) are unchanged."
        if in_use
        else "No good rules were ever in force: all mail goes to triage."
    )
    return _cut([*lines, "", f"{', '.join(found)}. {kept}"])


def say_people(mistakes: Sequence[Mistake]) -> str:
    lines = [str(mistake) for mistake in mistakes]
    return _cut([*lines, "", f"{count_of(len(mistakes), 'error')}."])


def _cut(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n(cut)"
