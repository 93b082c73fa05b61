"""Sends the sample mails, each as its writer would: logged in, or from the world outside."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

from mailflow.demo.company import ALIAS, Part
from mailflow.demo.programme import ASKER, PROGRAMME, write_reply
from mailflow.demo.servers import LOOPBACK

if TYPE_CHECKING:
    from threading import Event

    from mailflow.clock import Clock
    from mailflow.core.mail.message import Message
    from mailflow.demo.company import Account
    from mailflow.demo.programme import Scene
    from mailflow.demo.servers import PrivateServers

_LOOK_AGAIN_SECONDS = 0.2
_PATIENCE_SECONDS = 30.0


class Player:
    """``play`` runs in a thread and returns when all is sent, or at once when told to stop."""

    def __init__(self, servers: PrivateServers, clock: Clock, *, pause_seconds: float) -> None:
        self._servers = servers
        self._clock = clock
        self._pause_seconds = pause_seconds

    def play(self, stop: Event) -> None:
        for scene in PROGRAMME:
            self._send(scene)
            if stop.wait(self._pause_seconds):
                return
        acknowledgement = self._wait_for_acknowledgement(stop)
        if acknowledgement is not None:
            raw, to = write_reply(acknowledgement, now=self._clock.now())
            self._send_as(self._account(ASKER), raw, to)

    def _send(self, scene: Scene) -> None:
        raw = scene.raw(self._clock.now())
        if scene.login is None:
            sender = scene.message.sender
            self._servers.deliver(raw, [ALIAS], sender=sender.address if sender else "")
        else:
            self._send_as(self._account(scene.login), raw, ALIAS)

    def _send_as(self, account: Account, raw: bytes, to: str) -> None:
        with smtplib.SMTP(LOOPBACK, self._servers.smtp_port) as smtp:
            smtp.login(account.address, account.password)
            smtp.sendmail(account.address, [to], raw)

    def _account(self, address: str) -> Account:
        account = self._servers.company.find(address)
        if account is None:
            raise LookupError(address)
        return account

    def _wait_for_acknowledgement(self, stop: Event) -> Message | None:
        """What came back on the first question."""
        asked = PROGRAMME[0].message.message_id
        until = self._clock.monotonic() + _PATIENCE_SECONDS
        while self._clock.monotonic() < until:
            for copy in self._servers.delivered:
                is_answer = copy.message.in_reply_to == asked
                if is_answer and copy.login and copy.login.part is Part.ALIAS:
                    return copy.message
            if stop.wait(_LOOK_AGAIN_SECONDS):
                return None
        return None
