"""What sending works with: the database, the keys, the house rules, the templates, the relay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from mailflow.clock import Clock
    from mailflow.core.mail.templates import TemplateSet
    from mailflow.core.policy.house import House
    from mailflow.delivery.circuit_breaker import CircuitBreaker
    from mailflow.delivery.smtp import SmtpAccount
    from mailflow.keys.keyring import Keyring

SENDER_NAME = "HR Support"
"""Neutral on purpose: a team's name in From would betray what a case is about."""


@dataclass(frozen=True)
class PostRoom:
    """``tags_bounces`` is off where the relay refuses our tagged or the null reverse-path.
    ``jitter`` gives 0..1 and spreads retries.
    """

    engine: Engine = field(repr=False)
    keyring: Keyring
    clock: Clock
    house: Callable[[], House]
    templates: TemplateSet = field(repr=False)
    account: SmtpAccount
    reply_domain: str
    tags_bounces: bool
    jitter: Callable[[], float]
    breaker: CircuitBreaker
