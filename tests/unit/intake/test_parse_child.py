"""The loop inside a parser child, on plain files instead of pipes."""

from __future__ import annotations

import io
import json
import signal

from mailflow.intake.parse_child import CPU_SECONDS_PER_MAIL, LENGTH, run

SMALL = b"From: eva@acme.example\nSubject: Leave\n\nHello\n"


def batch(*raws: bytes) -> bytes:
    frames = b"".join(LENGTH.pack(len(raw)) + raw for raw in raws)
    return LENGTH.pack(len(raws)) + frames


def answers(incoming: bytes) -> list[dict[str, object]]:
    outgoing = io.BytesIO()
    run(io.BytesIO(incoming), outgoing, trusted_authserv_id=None)
    outgoing.seek(0)
    found = []
    while head := outgoing.read(LENGTH.size):
        found.append(json.loads(outgoing.read(LENGTH.unpack(head)[0])))
    return found


def test_every_mail_of_every_batch_is_answered() -> None:
    found = answers(batch(SMALL, SMALL) + batch(SMALL))
    assert [answer["subject"] for answer in found] == ["Leave"] * 3


def test_a_mail_over_the_limit_is_answered_with_its_reason() -> None:
    (answer,) = answers(batch(b"x" * (40 * 1024 * 1024 + 1)))
    assert "limit" in str(answer["unparsable"])


def test_the_cpu_timer_is_off_between_mails() -> None:
    answers(batch(SMALL))
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert CPU_SECONDS_PER_MAIL == 2.0
