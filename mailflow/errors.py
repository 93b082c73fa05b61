"""The error tree: a class says what the caller should do about it.

Nothing here is raised for an answer that is merely "no": that is a value.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a file that a person edits, in words that say how to mend it.

    ``line`` and ``column`` count from 1; 0 means the whole file. ``source_line`` is the line as
    it stands in the file, for the caret. ``width`` is how many characters the caret underlines.
    ``severity`` is ``error`` or ``warning``.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    source_line: str = ""
    width: int = 1
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}: {self.severity}[{self.code}] {self.message}"
        if not self.source_line:
            return head
        caret = " " * max(self.column - 1, 0) + "^" * max(self.width, 1)
        return f"{head}\n{self.line:>5} | {self.source_line}\n      | {caret}"


class MailflowError(Exception):
    """Anything that mailflow itself decided to refuse."""


class InvalidFilesError(MailflowError):
    """Configuration, rules or templates are wrong: show every mistake and exit 3."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class KeyringError(MailflowError):
    """The keyring is missing, unreadable, too open or another instance's: exit 78, send nothing."""


class SealError(MailflowError):
    """A sealed value does not open: wrong key, wrong place or tampered with. Quarantine it."""


class TemporaryError(MailflowError):
    """A server did not answer or said "later": try again with backoff, nothing is lost."""


class AwayError(TemporaryError):
    """Nobody listens at all: to knock again soon costs nobody anything."""


class ConflictError(MailflowError):
    """Somebody else changed the row first: load again and decide again."""


class UnparsableError(MailflowError):
    """The bytes cannot be read as mail within the limits: quarantine them whole."""
