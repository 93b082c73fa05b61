"""A TCP line between a client and a server that can go slow, silent or dead on command."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from enum import StrEnum
from typing import Self

from tests.servers.place import LOOPBACK

_TICK_SECONDS = 0.02
_CHUNK_BYTES = 65536


class Weather(StrEnum):
    """What the line does with bytes, in both directions."""

    FAIR = "fair"
    # One byte in each direction every tick of the line.
    DRIP = "drip"
    # Half-open: connections stay, nothing arrives, nothing is refused.
    SILENT = "silent"


class UnreliableLine:
    """Listens on ``port`` and forwards to a server on loop-back; clients connect here instead."""

    host = LOOPBACK

    def __init__(self, server_port: int, *, drip_seconds: float) -> None:
        self._server_port = server_port
        self._drip_seconds = drip_seconds
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.settimeout(_TICK_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self.weather = Weather.FAIR
        self._is_open = True
        self._generation = 0
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @classmethod
    def start(cls, server_port: int, *, drip_seconds: float = 1.0) -> Self:
        line = cls(server_port, drip_seconds=drip_seconds)
        line._threads[0].start()
        return line

    def cut(self) -> None:
        """Ends every connection there is, by a TCP reset; new ones are welcome."""
        self._generation += 1

    def stop(self) -> None:
        self._is_open = False
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while self._is_open:
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            try:
                server = socket.create_connection((LOOPBACK, self._server_port), timeout=5)
            except OSError:
                _reset(client)
                continue
            thread = threading.Thread(target=self._forward, args=(client, server), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        generation = self._generation
        with selectors.DefaultSelector() as selector, contextlib.suppress(OSError):
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while self._is_open and generation == self._generation:
                if self.weather is Weather.SILENT:
                    time.sleep(_TICK_SECONDS)
                    continue
                is_over = False
                for key, _ in selector.select(_TICK_SECONDS):
                    is_over |= not self._pass_on(key)
                if is_over:
                    break
        _reset(client) if generation != self._generation else client.close()
        server.close()

    def _pass_on(self, key: selectors.SelectorKey) -> bool:
        """False when this side has said all it had to say."""
        if not isinstance(key.fileobj, socket.socket):
            return False
        is_dripping = self.weather is Weather.DRIP
        data = key.fileobj.recv(1 if is_dripping else _CHUNK_BYTES)
        if is_dripping:
            time.sleep(self._drip_seconds)
        key.data.sendall(data)
        return bool(data)


def _reset(connection: socket.socket) -> None:
    # Linger of zero seconds makes close() send RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
