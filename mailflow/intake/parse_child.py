"""The bounded child that reads hostile mail: bytes in, JSON out. Holds no key and no connection."""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
from typing import BinaryIO

from mailflow.core.mail.message_json import as_full_json
from mailflow.core.mail.parse import parse_message
from mailflow.errors import UnparsableError

CPU_SECONDS_PER_MAIL = 2.0
MEMORY_BYTES_ABOVE_BASELINE = 256 * 1024 * 1024
LENGTH = struct.Struct(">I")


def run(incoming: BinaryIO, outgoing: BinaryIO, *, trusted_authserv_id: str | None) -> None:
    """Answers batches until the parent closes the pipe.

    A batch is read whole before the first answer is written, so that parent and child never both
    wait on full pipes. A mail over its CPU time ends the process by SIGPROF.
    """
    while len(head := incoming.read(LENGTH.size)) == LENGTH.size:
        (count,) = LENGTH.unpack(head)
        batch = [_read_frame(incoming) for _ in range(count)]
        batch.reverse()
        while batch:
            raw = batch.pop()
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_PER_MAIL)
            answer, contents = _parse(raw, trusted_authserv_id)
            signal.setitimer(signal.ITIMER_PROF, 0)
            outgoing.write(LENGTH.pack(len(answer)) + answer)
            outgoing.writelines(contents)
            if not batch or contents:
                outgoing.flush()
        outgoing.flush()


def _read_frame(incoming: BinaryIO) -> bytes:
    (length,) = LENGTH.unpack(incoming.read(LENGTH.size))
    return incoming.read(int(length))


def _parse(raw: bytes, trusted_authserv_id: str | None) -> tuple[bytes, tuple[bytes, ...]]:
    try:
        message = parse_message(raw, trusted_authserv_id=trusted_authserv_id)
        answer = json.dumps(as_full_json(message)).encode("ascii")
    except (UnparsableError, MemoryError, RecursionError) as error:
        return json.dumps({"unparsable": f"{type(error).__name__}: {error}"}).encode("ascii"), ()
    return answer, tuple(attachment.content for attachment in message.attachments)


def limit_memory() -> None:
    """A limit above what the interpreter itself needs, whose size differs between builds."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - one read at start
        baseline = int(statm.read().split()[0]) * resource.getpagesize()
    limit = baseline + MEMORY_BYTES_ABOVE_BASELINE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    limit_memory()
    identifier = sys.argv[1] if len(sys.argv) > 1 else None
    run(sys.stdin.buffer, sys.stdout.buffer, trusted_authserv_id=identifier)


if __name__ == "__main__":
    main()
