"""The process that asks the rules beside the one that decides. Holds no key and no connection."""

from __future__ import annotations

import gc
import pickle
import sys
from typing import TYPE_CHECKING, BinaryIO

from mailflow.core.policy.rules.bundle import Bundle
from mailflow.core.policy.rules.classify import classify

if TYPE_CHECKING:
    from mailflow.core.policy.rules.facts import MailFacts

Question = Bundle | tuple["MailFacts", ...]
"""A bundle from now on, or mails to be asked about."""


def run(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answers until the parent closes the pipe."""
    bundle: Bundle | None = None
    while (question := _next_question(incoming)) is not None:
        if isinstance(question, Bundle):
            bundle = question
            gc.freeze()
        elif bundle is not None:
            found = [classify(bundle, facts) for facts in question]
            pickle.dump(found, outgoing, protocol=pickle.HIGHEST_PROTOCOL)
            outgoing.flush()


def _next_question(incoming: BinaryIO) -> Question | None:
    try:
        question: Question = pickle.load(incoming)  # noqa: S301 - written by our own parent process.
    except EOFError:
        return None
    return question


def main() -> None:
    run(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
