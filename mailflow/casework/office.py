"""What every use case of casework works with: the database, the keys, the house rules, the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from mailflow.clock import Clock
    from mailflow.core.policy.house import House
    from mailflow.keys.keyring import Keyring


@dataclass(frozen=True)
class Office:
    """``house`` is asked for at each use, since rules may change while the process runs.

    ``reply_domain`` is where reply addresses live, ``id_domain`` what our Message-IDs end in.
    """

    engine: Engine = field(repr=False)
    keyring: Keyring
    clock: Clock
    house: Callable[[], House]
    reply_domain: str
    id_domain: str
