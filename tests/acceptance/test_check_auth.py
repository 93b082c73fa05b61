"""Before a mail server's word counts, the site mails itself forgeries and looks what arrives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from mailflow.store.session import transaction
from tests.acceptance.commands import Commands, write_small_rules
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import ALIAS, AUTHSERV, text_of
from tests.servers.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is remembered is one row: the store's own tests look at both databases."""
    return sqlite_url


@pytest.fixture
def site(site: Site) -> Site:
    """The sample company on its first day: nothing was tried out yet."""
    write_small_rules(site)
    with transaction(site.runtime.engine) as connection:
        connection.execute(text("DELETE FROM heartbeats"))
    site.close()
    site.relay.route(ALIAS, site.dovecot, site.user)
    return site


@pytest.fixture
def border(site: Site) -> Iterator[SmtpSink]:
    """A relay that demands a log-in, removes foreign results and stamps its own."""
    sink = SmtpSink.start(requires_login=True, authserv_id=AUTHSERV)
    sink.route(ALIAS, site.dovecot, site.user)
    site.environ["SMTP_PASSWORD"] = "pw"
    site.change_settings(
        f"port: {site.relay.port}, security: none",
        f"port: {sink.port}, security: none, username: {ALIAS}, password: {{env: SMTP_PASSWORD}}",
    )
    yield sink
    sink.stop()


@pytest.fixture
def mailflow(site: Site) -> Commands:
    return Commands(site)


def found(document: Any) -> dict[str, str]:
    return {one["code"]: one["severity"] for one in document["findings"]}


def senders(mailflow: Commands) -> Any:
    (one,) = [f for f in mailflow.json("check")["findings"] if f["area"] == "senders"]
    return one


def answer_as_owner(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    talk.write(owner, "#note\n\nWe look into it.", answers=talk.last_to(owner))


def last_receipt(talk: Talk) -> str:
    return text_of(talk.last_to(talk.site.case().case.owner))


def test_a_border_that_strips_forgeries_passes_and_staff_are_recognised(
    mailflow: Commands, border: SmtpSink
) -> None:
    codes = found(mailflow.json("check", "auth", "--wait", "20"))
    assert "error" not in codes.values()
    assert codes["forged-results-stripped"] == codes["staff-recognised"] == "good"
    assert codes["plus"] == codes["message-id-kept"] == "good"
    assert senders(mailflow)["code"] == "calibrated"
    assert len(border.envelopes) == 5


def test_a_border_that_lets_forgeries_through_fails_and_commands_stay_off(
    mailflow: Commands, site: Site
) -> None:
    document = mailflow.json("check", "auth", "--wait", "20", code=1)
    assert found(document)["forged-results-kept"] == "error"
    assert "RFC 8601" in str(document["findings"])
    assert senders(mailflow)["code"] == "calibration-failed"
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    answer_as_owner(talk)
    assert "Did you send" in talk.last_to(site.case().case.owner)["Subject"]


def test_probes_open_no_case_and_are_never_answered(
    mailflow: Commands, site: Site, border: SmtpSink
) -> None:
    mailflow.json("check", "auth", "--wait", "20")
    site.run()
    assert site.cases() == []
    assert set(site.ledger()) == {"auto_generated"}
    assert len(border.envelopes) == 5


def test_own_dkim_without_a_signing_relay_is_told_which_profile_helps(
    mailflow: Commands, site: Site, border: SmtpSink
) -> None:
    site.change_settings("profile: trusted-ar", "dns: {file: zone.yaml}, profile: own-dkim")
    (site.home / "zone.yaml").write_text("{}\n", encoding="utf-8")
    document = mailflow.json("check", "auth", "--wait", "20")
    (advice,) = [one for one in document["findings"] if one["code"] == "staff-challenged"]
    assert advice["severity"] == "warning"
    assert "trusted-ar" in advice["mend"]
    assert border.envelopes


def test_commands_are_off_until_it_passes_and_a_running_site_takes_it_up(
    mailflow: Commands, site: Site, border: SmtpSink
) -> None:
    assert border.port
    talk = Talk(site, site.steer())
    talk.site.relay = border
    talk.write(EMPLOYEE, SHORT_PAY)
    answer_as_owner(talk)
    assert "Did you send" in talk.last_to(site.case().case.owner)["Subject"]
    running = site.runtime
    mailflow.json("check", "auth", "--wait", "20")
    running.rules.look()
    answer_as_owner(talk)
    assert site.runtime is running
    assert "NOT sent to the employee" in last_receipt(talk)


def test_an_assumption_is_shown_by_check_and_stands_in_the_audit_log(
    mailflow: Commands, site: Site
) -> None:
    mailflow("check", "auth", "--assume", "the provider has no test mailbox")
    assert site.relay.envelopes == ()
    shown = senders(mailflow)
    assert shown["code"] == "calibration-assumed"
    assert "the provider has no test mailbox" in shown["message"]
    assert mailflow.audit_kinds() == ["senders_calibrated"]
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    answer_as_owner(talk)
    assert "NOT sent to the employee" in last_receipt(talk)


def test_an_assumption_without_a_reason_is_refused(mailflow: Commands) -> None:
    mailflow("check", "auth", "--assume", "  ", code=2)
    assert senders(mailflow)["code"] == "not-calibrated"


def test_a_changed_setting_voids_what_was_tried_out(mailflow: Commands, site: Site) -> None:
    mailflow("check", "auth", "--assume", "as agreed")
    site.change_settings("trusted_hops: 1", "trusted_hops: 2")
    assert senders(mailflow)["code"] == "calibration-void"
    assert not site.runtime.office.house().authentication.calibrated


def test_a_week_later_check_asks_for_another_try(
    mailflow: Commands, site: Site, border: SmtpSink
) -> None:
    assert border.port
    mailflow.json("check", "auth", "--wait", "20")
    with transaction(site.runtime.engine) as connection:
        week = timedelta(days=7)
        connection.execute(
            text("UPDATE heartbeats SET at = :at WHERE name = 'sender_authentication'"),
            {"at": (site.runtime.clock.now() - week).isoformat(sep=" ")},
        )
    assert senders(mailflow)["code"] == "calibration-due"
    assert site.runtime.office.house().authentication.calibrated


def test_probes_that_are_lost_change_nothing_that_was_known(
    mailflow: Commands, site: Site, border: SmtpSink
) -> None:
    mailflow.json("check", "auth", "--wait", "20")
    nowhere = SmtpSink.start()
    site.change_settings(f"port: {border.port}", f"port: {nowhere.port}")
    document = mailflow.json("check", "auth", "--wait", "0", code=1)
    assert found(document) == {"probe-lost": "error"}
    assert senders(mailflow)["code"] == "calibrated"
    nowhere.stop()


def test_a_server_that_does_not_answer_is_told_and_changes_nothing(
    mailflow: Commands, site: Site
) -> None:
    site.change_settings(f"port: {site.dovecot.port}", "port: 1")
    assert found(mailflow.json("check", "auth", code=1)) == {"server-lost": "error"}
