"""An end to a command on a line that is alive but never done: time-outs of a socket are for each
packet, so a byte now and then would stretch them for ever.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def cut_after(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Shut the connection down when the block takes longer; whoever reads from it sees its end."""

    def cut() -> None:
        with suppress(OSError):
            # Past the TLS layer, whose own shutdown would wait for the other side.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
