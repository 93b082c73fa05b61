"""Asking the rules about mails whose turn comes next, on another core.

Only a queue is worth a second process: it is started when one is first looked ahead in. It may
be slow, die or never come up; whoever decides then asks the rules alone, to the same answer.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import MailFacts

log = structlog.get_logger()


class RulesAhead:
    """One child that knows the rules. Safe to use from several threads; a context manager."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1)
        self._child: subprocess.Popen[bytes] | None = None
        self._knows: Bundle | None = None
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_closed = True
        self._end_child()
        self._thread.shutdown(cancel_futures=True)

    def begin(self, work: Callable[[], None]) -> None:
        """Have ``work``, which calls ``ask``, done beside whatever the caller does meanwhile."""
        if not self._is_closed:
            self._thread.submit(work)

    def ask(self, bundle: Bundle, facts: Sequence[MailFacts]) -> list[Classification] | None:
        """What the rules say of each mail; None when nobody answers."""
        with self._lock:
            try:
                child = self._child_that_knows(bundle)
                _say(child, tuple(facts))
                assert child.stdout is not None  # noqa: S101 - Popen was asked for a pipe
                found: list[Classification] = pickle.load(child.stdout)  # noqa: S301 - written by our own child process.
            except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
                if not self._is_closed:
                    log.warning("rules_not_asked_ahead", error=type(error).__name__)
                self._end_child()
                return None
        return found

    def _child_that_knows(self, bundle: Bundle) -> subprocess.Popen[bytes]:
        if self._is_closed:
            raise EOFError
        if self._child is None:
            self._child = _start_child()
        if self._knows is not bundle:
            _say(self._child, _without_places(bundle))
            self._knows = bundle
        return self._child

    def _end_child(self) -> None:
        child, self._child, self._knows = self._child, None, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _start_child() -> subprocess.Popen[bytes]:
    package = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "mailflow.casework.rules_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(package), "LC_ALL": "C.UTF-8"},
    )


def _say(child: subprocess.Popen[bytes], what: object) -> None:
    assert child.stdin is not None  # noqa: S101 - Popen was asked for a pipe
    pickle.dump(what, child.stdin, protocol=pickle.HIGHEST_PROTOCOL)
    child.stdin.flush()


def _without_places(bundle: Bundle) -> Bundle:
    """The bundle as far as a classification needs it: a third of the whole."""
    return replace(
        bundle,
        rules=tuple(replace(rule, tests=(), when="") for rule in bundle.rules),
        file_tests=(),
        places={},
        phrase_places={},
        sections={},
    )
