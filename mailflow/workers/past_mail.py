"""New rules tried on past mail, in parser children of their own and for a limited time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.casework.asker import who_asks
from mailflow.casework.stored_rules import DatabaseRules
from mailflow.core.mail.message import Message
from mailflow.core.policy.rules.backtest import run_backtest
from mailflow.core.policy.rules_admins import rules_admins_of
from mailflow.intake.own_lists import without_own_list
from mailflow.intake.parse_pool import ParsePool

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from mailflow.bootstrap import Runtime
    from mailflow.casework.stored_rules import ReadAgain
    from mailflow.clock import Clock
    from mailflow.core.policy.rules.backtest import BacktestResult, PastMail
    from mailflow.core.policy.rules.bundle import Bundle

LOOKS_BACK = timedelta(days=90)
MOST_SECONDS = 60.0


def read_again_with(own_lists: Mapping[str, Collection[str]]) -> ReadAgain:
    """Parses stored mails as they were parsed when they came."""

    def read_again(raws: Sequence[tuple[str, bytes]]) -> list[Message | None]:
        whole = [without_own_list(raw, own_lists.get(mailbox, ())) for mailbox, raw in raws]
        with ParsePool(workers=1) as pool:
            parsed = pool.parse_many(whole)
        return [one if isinstance(one, Message) else None for one in parsed]

    return read_again


def try_on_past_mail(runtime: Runtime, before: Bundle, after: Bundle) -> BacktestResult:
    """The newest first mails of cases, as many as a minute allows, as an operator sees them; none
    of a case that one of those who keep the rules must not know of.
    """
    office = runtime.office
    rules = DatabaseRules(
        runtime.engine,
        lambda: (office, who_asks(office, None, login="rules")),
        read_again_with(runtime.intake.own_lists),
    )
    house = office.house()
    readers = (house.person(one).addresses for one in rules_admins_of(house.staff))
    mails = rules.past_mails(
        runtime.clock.now() - LOOKS_BACK, readers=frozenset[str]().union(*readers)
    )
    return run_backtest(before, after, _while_there_is_time(mails, runtime.clock))


def _while_there_is_time(mails: Iterable[PastMail], clock: Clock) -> Iterator[PastMail]:
    stop = clock.monotonic() + MOST_SECONDS
    for mail in mails:
        if clock.monotonic() > stop:
            return
        yield mail
