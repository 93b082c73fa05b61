"""One line of the table: a figure, what it is held against, and the goal."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "| what | database | figure | against | ratio | goal | |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Result:
    """``against`` is the ceiling of the same run, or the figure it must not fall behind."""

    what: str
    database: str
    figure: str
    against: str
    ratio: str
    goal: str
    is_met: bool

    def __str__(self) -> str:
        verdict = "" if self.is_met else "missed"
        cells = (self.what, self.database, self.figure, self.against, self.ratio, self.goal)
        return f"| {' | '.join(cells)} | {verdict} |"


def at_least(
    what: str, database: str, product: float, ceiling: float, *, goal: float, unit: str
) -> Result:
    """A rate as a ratio to a rate."""
    ratio = product / ceiling
    return Result(
        what,
        database,
        f"{product:,.0f} {unit}",
        f"{ceiling:,.0f} {unit}",
        f"{ratio:.2f}",
        f"≥ {goal}",
        is_met=ratio >= goal,
    )


def at_most(what: str, database: str, found: float, *, goal: float, unit: str) -> Result:
    """A time or a size that has a limit of its own."""
    return Result(
        what, database, f"{found:,.2f} {unit}", "-", "-", f"< {goal:g} {unit}", is_met=found < goal
    )
