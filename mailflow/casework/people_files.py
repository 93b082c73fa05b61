"""config/staff.yaml and the directory while they change: the last good people stay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.casework.rules_bundle import SETTLE_SECONDS
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mailflow.clock import Clock
    from mailflow.core.case.people import Directory, Staff
    from mailflow.errors import Mistake


@dataclass(frozen=True)
class People:
    """Everybody the house knows: who works on cases, and everybody who may open one."""

    staff: Staff
    directory: Directory


@dataclass(frozen=True)
class PeopleRefused:
    """A file of people changed and is no good. Said once a change."""

    mistakes: tuple[Mistake, ...]


@dataclass
class PeopleFiles:
    """``read`` raises InvalidFilesError with every mistake. What stands there now is known."""

    files: tuple[Path, ...]
    read: Callable[[], People]
    clock: Clock
    _judged: str = field(default="", repr=False)
    _seen: str = field(default="", repr=False)
    _seen_at: float = field(default=0.0, repr=False)
    _refused: tuple[Mistake, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        self._judged = self._seen = self._digest()

    @property
    def is_settling(self) -> bool:
        return self._seen != self._judged

    def refresh(self) -> People | PeopleRefused | None:
        """None when nothing changed, or the change is still going on. Files that were refused are
        read at each look: what was wrong may be mended elsewhere, such as cases handed over.
        """
        digest = self._digest()
        if digest == self._judged and not self._refused:
            self._seen = digest
            return None
        if digest != self._seen:
            self._seen, self._seen_at = digest, self.clock.monotonic()
            return None
        if self.clock.monotonic() - self._seen_at < SETTLE_SECONDS:
            return None
        try:
            people = self.read()
        except InvalidFilesError as error:
            is_said = digest == self._judged and error.mistakes == self._refused
            self._judged, self._refused = digest, error.mistakes
            return None if is_said else PeopleRefused(error.mistakes)
        self._judged, self._refused = digest, ()
        return people

    def _digest(self) -> str:
        content = hashlib.sha256()
        for file in self.files:
            try:
                octets = file.read_bytes()
            except OSError as error:
                octets = f"unreadable {error.strerror}".encode()
            content.update(len(octets).to_bytes(8, "big") + octets)
        return content.hexdigest()
