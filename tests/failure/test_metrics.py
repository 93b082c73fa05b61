"""Figures and health for an operator's monitoring."""

from __future__ import annotations

import http.client
import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailflow.workers.metrics_server import serve_metrics, tell_health, tell_metrics
from tests.acceptance.site import write_mail
from tests.failure.waiting import in_background, running, wait_until
from tests.servers.place import LOOPBACK, free_port
from tests.servers.smtp_faults import Cut, Reply, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.bootstrap import Runtime
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"


def figures(runtime: Runtime) -> dict[str, float]:
    lines = [line for line in tell_metrics(runtime).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def listening(site: Site) -> Runtime:
    return replace(site.runtime, metrics_listen=f"{LOOPBACK}:{free_port()}")


def get(runtime: Runtime, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(runtime.metrics_listen or "", timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def is_served(runtime: Runtime) -> bool:
    try:
        return get(runtime, "/")[0] == 404
    except OSError:
        return False


@pytest.fixture
def served(listening: Runtime) -> Iterator[Runtime]:
    stop = threading.Event()
    with in_background(lambda: serve_metrics(listening, stop)):
        wait_until(lambda: is_served(listening))
        yield listening
        stop.set()


def test_what_is_dead_or_in_doubt_shows_in_the_figures(site: Site) -> None:
    site.relay.fail(Stage.RCPT, Reply(550), times=None, recipient=RIYA)
    site.relay.fail(Stage.KEPT, Cut(), times=None)
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    site.run()
    found = figures(site.runtime)
    assert found['mailflow_outbox_mails{state="dead"}'] == 1
    in_doubt = found['mailflow_outbox_mails{state="ambiguous"}']
    assert in_doubt >= 1
    assert found["mailflow_outbox_ambiguous_total"] == in_doubt
    assert found["mailflow_received_waiting"] == 0
    assert found["mailflow_disk_free_bytes"] > 0


def test_the_figures_name_nobody(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck", "There is a mistake on my payslip."))
    site.run()
    assert "@" not in tell_metrics(site.runtime)


def test_a_site_at_work_is_healthy_and_one_that_is_silent_is_not(site: Site) -> None:
    assert tell_health(site.runtime) == (False, "scheduler is silent\nmailbox:hr is silent")
    with running(site.runtime):
        wait_until(lambda: tell_health(site.runtime)[0])


def test_a_mailbox_that_cannot_be_reached_is_told(sqlite_site: Site) -> None:
    site = sqlite_site
    site.dovecot.stop()
    with running(site.runtime):
        wait_until(lambda: "mailbox:hr: IMAP" in tell_health(site.runtime)[1])
    site.dovecot.restart()


def test_figures_and_health_are_served_beside_the_work(served: Runtime) -> None:
    status, text = get(served, "/metrics")
    assert (status, "mailflow_outbox_mails" in text) == (200, True)
    assert get(served, "/healthz")[0] == 503
    assert get(served, "/cases")[0] == 404


def test_a_port_that_is_taken_leaves_the_work_alone(listening: Runtime) -> None:
    host, _, port = (listening.metrics_listen or "").rpartition(":")
    stop = threading.Event()
    with (
        socket.create_server((host, int(port))),
        in_background(lambda: serve_metrics(listening, stop)),
    ):
        stop.set()
