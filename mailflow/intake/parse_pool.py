"""Bounded parser children: CPU, memory and wall limits, killed and replaced when they overrun."""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mailflow.core.mail.message_json import from_full_json
from mailflow.errors import UnparsableError
from mailflow.intake.parse_child import LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from types import TracebackType

    from mailflow.core.mail.message import Message

WALL_SECONDS_PER_MAIL = 10.0
MAX_BATCH_MAILS = 64
MAX_BATCH_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024


class ParsePool:
    """Children that parse mail. Safe to use from several threads; a context manager.

    ``trusted_authserv_id`` is handed to every parse. Children inherit no environment but the path
    to this package, so no key or password is within a hostile mail's reach.
    """

    def __init__(
        self, *, workers: int | None = None, trusted_authserv_id: str | None = None
    ) -> None:
        self._workers = max(1, workers or os.cpu_count() or 1)
        self._trusted_authserv_id = trusted_authserv_id
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self._workers):
            self._idle.put(None)
        self._ahead: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the children; a later parse starts new ones."""
        if self._ahead is not None:
            self._ahead.shutdown(cancel_futures=True)
            self._ahead = None
        for _ in range(self._workers):
            child = self._idle.get()
            if child is not None:
                child.end()
        for _ in range(self._workers):
            self._idle.put(None)

    def parse(self, raw: bytes) -> Message:
        """Raises UnparsableError when the mail is over the limits or its child died of it."""
        (outcome,) = self._parse_batch([raw])
        if isinstance(outcome, UnparsableError):
            raise outcome
        return outcome

    def parse_many(self, raws: Sequence[bytes]) -> list[Message | UnparsableError]:
        """One outcome a mail, in their order; small mails share a trip through the pipe."""
        batches = _make_batches(raws, self._workers)
        if len(batches) == 1:
            return self._parse_batch(batches[0])
        with ThreadPoolExecutor(self._workers) as threads:
            outcomes = threads.map(self._parse_batch, batches)
            return [outcome for batch in outcomes for outcome in batch]

    def parse_soon(self, raws: Sequence[bytes]) -> Future[list[Message | UnparsableError]]:
        """As ``parse_many``, beside whatever the caller does meanwhile."""
        if self._ahead is None:
            self._ahead = ThreadPoolExecutor(1)
        return self._ahead.submit(self.parse_many, raws)

    def _parse_batch(self, raws: Sequence[bytes]) -> list[Message | UnparsableError]:
        outcomes: list[Message | UnparsableError] = []
        child = self._idle.get()
        try:
            while len(outcomes) < len(raws):
                if child is None:
                    child = _Child(self._trusted_authserv_id)
                outcomes.extend(child.parse(raws[len(outcomes) :]))
                if len(outcomes) < len(raws):
                    outcomes.append(UnparsableError(child.kill()))
                    child = None
        finally:
            self._idle.put(child)
        return outcomes


def _make_batches(raws: Sequence[bytes], workers: int) -> list[Sequence[bytes]]:
    per_batch = max(1, min(MAX_BATCH_MAILS, -(-len(raws) // workers)))
    batches: list[Sequence[bytes]] = []
    start = size = 0
    for position, raw in enumerate(raws):
        if position > start and (
            position - start >= per_batch or size + len(raw) > MAX_BATCH_BYTES
        ):
            batches.append(raws[start:position])
            start, size = position, 0
        size += len(raw)
    batches.append(raws[start:])
    return batches


class _Child:
    """One process and its two pipes."""

    def __init__(self, trusted_authserv_id: str | None) -> None:
        package = Path(__file__).resolve().parents[2]
        arguments = [sys.executable, "-m", "mailflow.intake.parse_child"]
        if trusted_authserv_id:
            arguments.append(trusted_authserv_id)
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"PYTHONPATH": str(package), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        )

    def parse(self, raws: Sequence[bytes]) -> list[Message | UnparsableError]:
        """Outcomes as far as they came: when fewer than mails, the next one ended the child."""
        outcomes: list[Message | UnparsableError] = []
        try:
            self._send(raws)
            outcomes.extend(self._receive() for _ in raws)
        except (OSError, EOFError, ValueError, KeyError):
            return outcomes
        return outcomes

    def _send(self, raws: Sequence[bytes]) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - Popen was asked for a pipe
        head = LENGTH.pack(len(raws))
        parts = [head, *(piece for raw in raws for piece in (LENGTH.pack(len(raw)), raw))]
        data = memoryview(b"".join(parts))
        while data:
            data = data[pipe.write(data) or 0 :]

    def _receive(self) -> Message | UnparsableError:
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        answer = json.loads(self._read(length))
        if "unparsable" in answer:
            return UnparsableError(answer["unparsable"])
        contents = tuple(self._read(attachment["size"]) for attachment in answer["attachments"])
        return from_full_json(answer, contents)

    def _read(self, length: int) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - Popen was asked for a pipe
        received = bytearray()
        while len(received) < length:
            if not select.select([pipe], [], [], WALL_SECONDS_PER_MAIL)[0]:
                raise EOFError
            chunk = os.read(pipe.fileno(), min(length - len(received), _CHUNK_BYTES))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)

    def kill(self) -> str:
        """Ends the process at once and says why it did not answer."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0.05)
        self._process.kill()
        code = self._process.wait()
        self._close_pipes()
        return f"The parser did not finish this mail (exit {code})."

    def end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
