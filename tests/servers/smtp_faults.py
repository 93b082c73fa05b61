"""How the SMTP sink misbehaves on command: at which stage, and in which way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where in the dialogue of RFC 5321 the fault strikes."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    # After the first bytes of the message, long before its end.
    MESSAGE = "message"
    # The final dot has come, the message is NOT kept, no answer yet.
    DOT = "dot"
    # The message is kept and delivered, its 250 is not yet sent: the ambiguous moment.
    KEPT = "kept"
    RSET = "rset"
    QUIT = "quit"


@dataclass(frozen=True)
class Reply:
    """Answers this instead; after a 421 the connection closes, as RFC 5321 3.8 asks."""

    code: int
    text: str = "as the test commands"


@dataclass(frozen=True)
class Stall:
    """Says nothing for so long (or until the sink stops), then goes on as if all were well."""

    seconds: float = 3600.0


@dataclass(frozen=True)
class Cut:
    """Closes the connection without a word, by a TCP reset."""


@dataclass(frozen=True)
class HalfReply:
    """Sends the beginning of an answer, without its line end, then cuts."""

    text: str = "25"


@dataclass(frozen=True)
class Drip:
    """Sends the right answer one byte at a time; where no answer is due, it does nothing."""

    pause_seconds: float = 1.0


Answer = Reply | Stall | Cut | HalfReply | Drip


@dataclass
class Fault:
    """``times`` left before the sink is well again (None: for ever); RCPT may name one address."""

    stage: Stage
    answer: Answer
    times: int | None = 1
    recipient: str | None = None

    def strikes(self, stage: Stage, recipient: str | None) -> bool:
        if stage is not self.stage or self.times == 0:
            return False
        return self.recipient is None or self.recipient == recipient

    def count_strike(self) -> None:
        if self.times is not None:
            self.times -= 1
