"""A case of pay in memory, at work, as the tests of what follows begin with."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from tests.property.case_world import World, shipped_house

if TYPE_CHECKING:
    from mailflow.core.case.case import State
    from mailflow.core.policy.house import House

SHORT_PAY = "My paycheck is missing the overtime of October."
A_MOMENT = timedelta(minutes=15)
CLOSE = "#close outcome: resolved resolution: paid in November"


@cache
def house() -> House:
    return shipped_house()


def at_work(*commands: str) -> World:
    """The owner has confirmed it, and written these commands."""
    world = World(house())
    world.employee_writes(SHORT_PAY)
    for text in ("#ack", *commands):
        owner_writes(world, text)
    return world


def owner_writes(world: World, text: str) -> None:
    world.staff_writes(world.case.owner, text)


def resolved(*commands: str) -> World:
    world = at_work(*commands)
    owner_writes(world, CLOSE)
    world.pass_time(A_MOMENT)
    return world


def state_of(world: World) -> State:
    return world.case.state
