"""Serving ``/metrics`` and ``/healthz`` to an operator's monitoring, beside the work."""

from __future__ import annotations

import shutil
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError

from mailflow.errors import TemporaryError
from mailflow.reporting.metrics import judge_health, write_metrics

if TYPE_CHECKING:
    from threading import Event

    from mailflow.bootstrap import Runtime

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_ASK_SECONDS = 0.5
_CLIENT_SECONDS = 10.0

log = structlog.get_logger()


def serve_metrics(runtime: Runtime, stop: Event) -> None:
    """Until told to stop. A port that is taken is logged and given up: the work goes on."""
    host, _, port = (runtime.metrics_listen or "").rpartition(":")
    try:
        server = ThreadingHTTPServer(
            (host.strip("[]"), int(port)), partial(_Handler, runtime=runtime)
        )
    except OSError as error:
        log.warning("metrics_not_served", listen=runtime.metrics_listen, error=error.strerror)
        stop.wait()
        return
    server.timeout = _ASK_SECONDS
    with server:
        while not stop.is_set():
            server.handle_request()


def tell_metrics(runtime: Runtime) -> str:
    """Raises TemporaryError."""
    free = shutil.disk_usage(runtime.home).free
    return write_metrics(runtime.engine, now=runtime.clock.now(), free_bytes=free)


def tell_health(runtime: Runtime) -> tuple[bool, str]:
    """Whether all is well, and what is not, a line each."""
    try:
        health = judge_health(
            runtime.engine,
            mailboxes=tuple(account.name for account in runtime.accounts),
            now=runtime.clock.now(),
            has_room=runtime.intake.has_room(),
        )
    except (TemporaryError, DBAPIError):
        return False, "the database does not answer"
    return not health.troubles, "\n".join(health.troubles) or "ok"


class _Handler(BaseHTTPRequestHandler):
    timeout = _CLIENT_SECONDS
    server_version = "mailflow"
    sys_version = ""

    def __init__(self, *arguments: object, runtime: Runtime) -> None:
        self._runtime = runtime
        super().__init__(*arguments)  # type: ignore[arg-type]  # the server's own three

    def do_GET(self) -> None:
        if self.path == "/healthz":
            is_well, words = tell_health(self._runtime)
            self._answer(200 if is_well else 503, words + "\n")
        elif self.path == "/metrics":
            try:
                self._answer(200, tell_metrics(self._runtime))
            except (TemporaryError, DBAPIError):
                self._answer(503, "the database does not answer\n")
        else:
            self._answer(404, "ask for /metrics or /healthz\n")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", _TEXT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the library's name)
        """One line a look, each few seconds, is no news."""
