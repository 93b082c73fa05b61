"""A provider's token endpoint on loop-back: gives tokens, or refuses as a test tells it to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

from tests.servers.place import LOOPBACK


class TokenEndpoint:
    """``forms`` are the requests so far. ``answer_with`` sets what all later ones get."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self._status = 200
        self._body: bytes = b""
        self.answer_with(200, {"access_token": "pw", "expires_in": 3600})
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                endpoint.forms.append({name: values[0] for name, values in form.items()})
                self.send_response(endpoint._status)
                self.send_header("Content-Length", str(len(endpoint._body)))
                self.end_headers()
                self.wfile.write(endpoint._body)

            def log_message(self, *_: object) -> None:
                """A test's output is not the place."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @classmethod
    def start(cls) -> Self:
        endpoint = cls()
        endpoint._thread.start()
        return endpoint

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}/token"

    def answer_with(self, status: int, answer: dict[str, Any] | bytes) -> None:
        self._status = status
        self._body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
