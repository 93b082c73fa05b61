"""The commands that operators and auditors use, on a site that has worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sqlalchemy import text

from mailflow.casework.process_message import Unreadable, quarantine
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.receive import receive_new
from mailflow.store.session import reading
from mailflow.store.waiting import waiting_mails
from tests.acceptance.commands import Commands, write_small_rules
from tests.acceptance.site import ALIAS, text_of, write_mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

EMPLOYEE = "erin.evans@acme.example"
LEAD = "dana.lead@acme.example"
HANDLER = "hana.handler@acme.example"
PAYROLL = "priya.patel@acme.example"
PAYSLIP = "Hello,\n\nmy paycheck is short by 200 EUR.\n\nErin"
COMPLAINT = "I was sexually harassed by a colleague in the lab. He made unwanted advances."


@pytest.fixture
def site(site: Site) -> Site:
    write_small_rules(site)
    return site


@pytest.fixture
def mailflow(site: Site) -> Iterator[Commands]:
    yield Commands(site)
    structlog.reset_defaults()


@pytest.fixture
def payslip(site: Site) -> str:
    """The reference of a case about pay."""
    site.deliver(
        write_mail(f"Erin Evans <{EMPLOYEE}>", "Paycheck", PAYSLIP, message_id="<p@x.example>")
    )
    site.run()
    (loaded,) = site.cases()
    return loaded.case.ref


@pytest.fixture
def complaint(site: Site) -> str:
    """The reference of a case that few may know of."""
    site.deliver(write_mail(EMPLOYEE, "Please help", COMPLAINT, message_id="<c@x.example>"))
    site.run()
    (loaded,) = site.cases()
    assert loaded.case.case_class.is_sealed
    return loaded.case.ref


def test_an_operator_sees_outlines_without_people(mailflow: Commands, payslip: str) -> None:
    (row,) = mailflow.json("case", "list")
    assert row["ref"] == payslip
    assert row["category"] == "payroll_discrepancy"
    assert row["requester"] is None
    assert row["owner"]
    assert row["opened_at"].endswith("Z")
    assert row["next_due"] > row["opened_at"]


def test_a_sealed_category_is_neither_shown_nor_found_by_an_operator(
    mailflow: Commands, complaint: str
) -> None:
    (row,) = mailflow.json("case", "list")
    assert (row["ref"], row["category"], row["team"]) == (complaint, None, None)
    assert mailflow.json("case", "list", "--category", "harassment_discrimination") == []


def test_whoever_may_read_a_case_sees_all_of_its_row(
    mailflow: Commands, site: Site, complaint: str
) -> None:
    owner = site.cases()[0].case.owner
    (row,) = mailflow.json("case", "list", MAILFLOW_AS=owner)
    assert row["requester"] == EMPLOYEE
    assert row["category"] == "harassment_discrimination"
    found = mailflow.json("case", "list", "--category", "harassment_discrimination", "--as", owner)
    assert [one["ref"] for one in found] == [complaint]


@pytest.mark.usefixtures("complaint")
def test_whoever_may_not_know_of_a_case_has_no_row_of_it(mailflow: Commands) -> None:
    assert mailflow.json("case", "list", "--as", PAYROLL) == []
    assert mailflow.json("outbox", "list", "--as", PAYROLL) == []


def test_a_lead_who_is_named_in_a_case_has_no_row_of_it(mailflow: Commands, site: Site) -> None:
    site.deliver(write_mail(EMPLOYEE, "Please help", f"Paul Petersen groped me. {COMPLAINT}"))
    site.run()
    ref = site.cases()[0].case.ref
    paul = "paul.petersen@acme.example"
    assert mailflow.json("case", "list", "--as", paul) == []
    mailflow("case", "show", ref, "--as", paul, code=1)
    assert [row["ref"] for row in mailflow.json("case", "list", "--as", LEAD)] == [ref]


def test_cases_are_narrowed_by_state_risk_and_owner(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    case = site.cases()[0].case
    for words in (("--state", case.state), ("--risk", case.risk), ("--owner", case.owner)):
        assert [row["ref"] for row in mailflow.json("case", "list", *words)] == [payslip]
    assert mailflow.json("case", "list", "--state", "closed") == []
    assert mailflow.json("case", "list", "--owner", HANDLER) == []
    assert mailflow.json("case", "list", "--category", "triage") == []


@pytest.mark.usefixtures("payslip")
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("--category", "payrol_discrepancy"), "payroll_discrepancy"),
        (("--owner", "priya"), PAYROLL),
        (("--owner", "prya.patel@acme.example"), PAYROLL),
        (("--as", "dana"), LEAD),
        (("--as", "dana.leed@acme.example"), LEAD),
        (("--state", "asigned"), "assigned"),
        (("--risk", "hgih"), "high"),
    ],
)
def test_a_slip_in_what_a_list_is_narrowed_to_is_answered_with_the_nearest_name(
    mailflow: Commands, words: tuple[str, str], meant: str
) -> None:
    said = mailflow("case", "list", *words, code=2).stderr
    assert f'did you mean "{meant}"?' in " ".join(said.replace("│", " ").split())
    assert "Value error" not in said


@pytest.mark.usefixtures("payslip")
def test_the_cases_of_somebody_who_left_are_still_found(mailflow: Commands, site: Site) -> None:
    owner = site.cases()[0].case.owner
    staff = site.home / "config" / "staff.yaml"
    gone = staff.read_text().replace(owner, f"new.{owner}")
    staff.write_text(gone)
    assert len(mailflow.json("case", "list", "--owner", owner)) == 1


def test_a_case_is_shown_in_full_to_its_owner_and_that_is_on_record(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    owner = site.cases()[0].case.owner
    shown = mailflow.json("case", "show", payslip, "--as", owner)
    assert shown["requester"] == EMPLOYEE
    people = {who["address"]: who["role"] for who in shown["participants"]}
    assert people[EMPLOYEE] == "requester"
    assert shown["parties"][0]["role"] == "requester"
    directions = {message["direction"]: message for message in shown["messages"]}
    assert "short by 200 EUR" in directions["in"]["text"]
    assert directions["in"]["from"] == EMPLOYEE
    assert directions["out"]["to"] == [EMPLOYEE]
    assert {"case_opened", "owner_assigned", "mail_sent"} <= {e["kind"] for e in shown["events"]}
    clocks = {clock["target"]: clock for clock in shown["clocks"]}
    assert clocks["acknowledge"]["met_at"]
    assert clocks["first_response"]["due"]
    assert clocks["first_response"]["breached"] is False
    record = shown["record"]
    assert record["date_received"] == shown["opened_at"]
    assert "short by 200 EUR" in record["description"]
    assert record["outcome"] is None
    assert record["filled"] == 3
    assert mailflow.audit_kinds()[-1] == "case_read"


def test_a_missing_case_and_a_forbidden_one_are_refused_alike_and_on_record(
    mailflow: Commands, complaint: str
) -> None:
    missing = mailflow("case", "show", "HR-AAAAAA", "--as", PAYROLL, code=1)
    forbidden = mailflow("case", "show", complaint, "--as", PAYROLL, code=1)
    assert missing.stderr == forbidden.stderr == "not found or not yours\n"
    assert missing.stdout == forbidden.stdout == ""
    assert mailflow.audit_kinds()[-2:] == ["case_read", "case_read"]


def test_a_case_is_not_shown_to_nobody_in_particular(mailflow: Commands, payslip: str) -> None:
    assert "--as" in mailflow("case", "show", payslip, code=2).stderr


def test_a_case_is_readable_without_json(mailflow: Commands, site: Site, payslip: str) -> None:
    owner = site.cases()[0].case.owner
    shown = mailflow("case", "show", payslip, "--as", owner).stdout
    assert "  | my paycheck is short by 200 EUR." in shown


def test_mail_cannot_steer_the_terminal_it_is_shown_on(mailflow: Commands, site: Site) -> None:
    site.deliver(write_mail(EMPLOYEE, "Paycheck", "My paycheck is short \x1b[2J\x9b31m by 5 EUR."))
    site.run()
    case = site.cases()[0].case
    shown = mailflow("case", "show", case.ref, "--as", case.owner).stdout
    assert "by 5 EUR" in shown
    assert "\x1b" not in shown
    assert "\x9b" not in shown


def test_staff_read_their_own_case_as_any_employee_would(mailflow: Commands, site: Site) -> None:
    site.deliver(write_mail(PAYROLL, "Please help", COMPLAINT))
    site.run()
    ref = site.cases()[0].case.ref
    shown = mailflow.json("case", "show", ref, "--as", PAYROLL)
    assert {message["direction"] for message in shown["messages"]} == {"in", "out"}
    assert shown["events"] == []
    assert [p["address"] for p in shown["participants"]] == [PAYROLL]
    assert shown["owner"] is None


def test_every_fetched_mail_has_a_line_in_the_ledger(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    site.deliver(write_mail(EMPLOYEE, "Paycheck", PAYSLIP, message_id="<p@x.example>"))
    site.run()
    first, second = mailflow.lines("ledger")
    assert first["disposition"] == "case"
    assert first["case"] == payslip
    assert first["message_id"] == "p@x.example"
    assert first["mailbox"] == "hr"
    assert first["uid"] >= 1
    assert first["processed_at"]
    assert second["disposition"] in ("duplicate", "reply")
    assert "row_id" not in first


def test_the_outbox_names_recipients_only_to_those_who_may_read_the_case(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    rows = mailflow.json("outbox", "list")
    assert {row["case"] for row in rows} == {payslip}
    assert {row["state"] for row in rows} == {"sent"}
    assert {row["to"] for row in rows} == {None}
    sent = {str(m["Message-ID"]).strip("<>") for m in site.sent_to(EMPLOYEE)}
    assert sent <= {row["message_id"] for row in rows}
    owner = site.cases()[0].case.owner
    named = mailflow.json("outbox", "list", "--case", payslip, "--as", owner)
    assert {row["to"] for row in named} == {EMPLOYEE, owner}


def test_a_dead_mail_is_sent_again_by_hand_and_only_a_dead_one(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    with site.runtime.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET state='dead', sent_at=NULL WHERE template='acknowledgement'")
        )
    (dead,) = mailflow.json("outbox", "list", "--state", "dead")
    assert mailflow.json("outbox", "retry", dead["id"]) == [{"id": dead["id"], "state": "queued"}]
    assert mailflow.audit_kinds()[-1] == "mail_requeued"
    site.run()
    first, second = site.sent_to(EMPLOYEE)
    assert first["Message-ID"] == second["Message-ID"]
    mailflow("outbox", "retry", dead["id"], code=1)
    mailflow("outbox", "retry", "nothing", code=1)
    assert payslip in text_of(second)
    assert str(first["From"]).endswith(f"<{ALIAS}>")


@pytest.fixture
def unread(site: Site) -> str:
    """The id of a mail in quarantine, as an older version could not read it."""
    site.deliver(write_mail(EMPLOYEE, "Paycheck", PAYSLIP, message_id="<q@x.example>"))
    set_waiting_mails_aside(site)
    with reading(site.runtime.engine) as connection:
        return str(
            connection.execute(
                text("SELECT id FROM inbound WHERE state='quarantined'")
            ).scalar_one()
        )


def set_waiting_mails_aside(site: Site) -> None:
    runtime = site.runtime
    session = MailboxSession(runtime.accounts[0].imap)
    list(receive_new(runtime.intake, session, mailbox="hr"))
    session.close()
    with reading(runtime.engine) as connection:
        waiting = waiting_mails(
            connection, runtime.keyring, mailbox="hr", now=runtime.clock.now(), limit=9
        )
    for stored in waiting:
        quarantine(runtime.office, Unreadable(stored, "unparsable"))


def test_what_an_unreadable_mail_says_is_for_those_who_may_read_its_case(
    mailflow: Commands, site: Site, unread: str
) -> None:
    (row,) = mailflow.json("quarantine", "list")
    assert (row["id"], row["reason"]) == (unread, "unparsable")
    assert row["case"] == site.cases()[0].case.ref
    assert mailflow.json("quarantine", "show", unread)["subject"] is None
    seen = mailflow.json("quarantine", "show", unread, "--as", HANDLER)
    assert (seen["subject"], seen["from"]) == ("Paycheck", EMPLOYEE)
    assert mailflow.audit_kinds()[-2:] == ["quarantine_read", "quarantine_read"]


def test_the_original_bytes_are_written_privately_and_only_in_a_name(
    mailflow: Commands, site: Site, unread: str, tmp_path: Path
) -> None:
    file = tmp_path / "mail.eml"
    mailflow("quarantine", "show", unread, "--raw", file, code=2)
    mailflow("quarantine", "show", unread, "--raw", file, "--as", "x@acme.example", code=2)
    assert not file.exists()
    mailflow("quarantine", "show", unread, "--raw", file, "--as", HANDLER)
    assert b"my paycheck is short" in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert mailflow.audit_kinds()[-1] == "raw_mail_read"
    mailflow("quarantine", "show", unread, "--raw", file, "--as", HANDLER, code=2)


def test_a_retried_mail_is_processed_as_if_it_had_just_come_in(
    mailflow: Commands, site: Site, unread: str
) -> None:
    site.run()
    stub = site.cases()[0].case
    assert mailflow.json("quarantine", "retry", unread) == {"id": unread, "state": "stored"}
    assert mailflow.json("quarantine", "list") == []
    assert mailflow.lines("ledger")[0]["disposition"] is None
    site.run()
    case = next(loaded.case for loaded in site.cases() if loaded.case.uid != stub.uid)
    assert case.category == "payroll_discrepancy"
    assert case.ref in text_of(site.sent_to(EMPLOYEE)[0])
    assert mailflow.lines("ledger")[0]["case"] == case.ref
    told = mailflow.json("case", "show", stub.ref, "--as", stub.owner)["events"]
    assert [e["actor"] for e in told if e["kind"] == "mail_retried"] == ["operator"]
    mailflow("quarantine", "retry", unread, code=1)


def test_a_mail_that_stays_unreadable_goes_back_to_its_own_case(
    mailflow: Commands, site: Site, unread: str
) -> None:
    mailflow("quarantine", "retry", unread)
    set_waiting_mails_aside(site)
    (loaded,) = site.cases()
    (row,) = mailflow.json("quarantine", "list")
    assert (row["id"], row["case"]) == (unread, loaded.case.ref)


def test_a_second_copy_of_an_unreadable_mail_is_not_lost_to_the_first(
    mailflow: Commands, site: Site, unread: str
) -> None:
    site.deliver(write_mail(EMPLOYEE, "Paycheck", PAYSLIP, message_id="<q@x.example>"))
    site.run()
    assert len(site.cases()) == 2
    assert [line["disposition"] for line in mailflow.lines("ledger")] == ["quarantined", "case"]
    assert mailflow.json("quarantine", "list")[0]["id"] == unread


def test_a_mail_is_discarded_for_a_reason_and_its_bytes_are_kept(
    mailflow: Commands, site: Site, unread: str, tmp_path: Path
) -> None:
    mailflow("quarantine", "discard", unread, code=2)
    mailflow("quarantine", "discard", unread, "--reason", " ", code=2)
    mailflow(
        "quarantine",
        "discard",
        unread,
        "--reason",
        "a scanner",
        "--as",
        "priya.patel@acme.example",
        code=1,
    )
    mailflow("quarantine", "discard", unread, "--reason", "a scanner", "--as", HANDLER)
    assert mailflow.json("quarantine", "list") == []
    assert mailflow.audit_kinds()[-1] == "mail_discarded"
    stub = site.cases()[0].case
    events = mailflow.json("case", "show", stub.ref, "--as", HANDLER)["events"]
    assert events[-1]["data"]["reason"] == "a scanner"
    assert events[-1]["actor"] == HANDLER
    file = tmp_path / "mail.eml"
    mailflow("quarantine", "show", unread, "--raw", file, "--as", HANDLER)
    assert b"my paycheck is short" in file.read_bytes()


@pytest.fixture
def held(site: Site, payslip: str) -> str:
    """The id of a held mail: somebody else wrote to the employee's reply address."""
    (receipt,) = site.sent_to(EMPLOYEE)
    site.deliver(
        write_mail(
            "spouse@home.example",
            "Re: Paycheck",
            "It is 250 EUR now, I looked.",
            to=str(receipt["Reply-To"]),
            message_id="<h@x.example>",
        )
    )
    site.run()
    with reading(site.runtime.engine) as connection:
        return str(connection.execute(text("SELECT id FROM held_items")).scalar_one())


def test_held_mail_is_shown_in_outline_or_to_those_who_may_read_its_case(
    mailflow: Commands, site: Site, payslip: str, held: str
) -> None:
    (row,) = mailflow.json("held", "list")
    assert (row["id"], row["case"], row["from"], row["subject"]) == (held, payslip, None, None)
    owner = site.cases()[0].case.owner
    (row,) = mailflow.json("held", "list", "--as", owner)
    assert row["from"] == "spouse@home.example"
    mailflow("held", "list", "--as", EMPLOYEE, code=2)


def test_an_accepted_mail_joins_its_case(
    mailflow: Commands, site: Site, payslip: str, held: str
) -> None:
    owner = site.cases()[0].case.owner
    mailflow("held", "accept", held, code=2)
    mailflow("held", "accept", held, "--as", "lucia.lopez@acme.example", code=1)
    mailflow("held", "accept", held, "--as", EMPLOYEE, code=2)
    assert mailflow.json("held", "accept", held, "--as", owner) == {"id": held, "state": "accepted"}
    shown = mailflow.json("case", "show", payslip, "--as", owner)
    assert any("250 EUR" in message["text"] for message in shown["messages"])
    assert "spouse@home.example" not in {p["address"] for p in shown["participants"]}
    accepted = [e for e in shown["events"] if e["kind"] == "mail_accepted"]
    assert [e["actor"] for e in accepted] == [owner]
    assert mailflow.lines("ledger")[-1]["disposition"] == "reply"
    assert {"held_accepted", "mail_decided"} <= set(mailflow.audit_kinds())
    site.run()
    assert "250 EUR" in text_of(site.sent_to(owner)[-1])
    assert mailflow.json("held", "list") == []
    mailflow("held", "accept", held, "--as", owner, code=1)


def test_a_rejected_mail_stays_out_for_good(
    mailflow: Commands, site: Site, payslip: str, held: str
) -> None:
    owner = site.cases()[0].case.owner
    mailflow("held", "reject", held, code=2)
    mailflow("held", "reject", held, "--as", owner)
    shown = mailflow.json("case", "show", payslip, "--as", owner)
    assert not any("250 EUR" in message["text"] for message in shown["messages"])
    assert shown["events"][-1]["kind"] == "mail_rejected"
    line = mailflow.lines("ledger")[-1]
    assert (line["disposition"], line["reason"]) == ("held", "rejected")
    mailflow("held", "accept", held, "--as", owner, code=1)


def test_what_is_on_the_server_and_in_the_ledger_is_the_same(
    mailflow: Commands, payslip: str
) -> None:
    found = mailflow.json("reconcile")
    assert found["gaps"] == []
    assert {(f["folder"], f["on_server"]) for f in found["folders"]} == {
        ("INBOX", 0),
        ("Processed", 1),
    }
    assert "all in the ledger" in mailflow("reconcile").stdout
    assert payslip


def test_a_mail_without_a_line_is_a_gap_and_is_taken_in(mailflow: Commands, site: Site) -> None:
    site.deliver(write_mail(EMPLOYEE, "Paycheck", PAYSLIP))
    assert [gap["kind"] for gap in mailflow.json("reconcile", code=1)["gaps"]] == ["not_in_ledger"]
    assert mailflow.json("reconcile")["gaps"] == []
    site.run()
    assert len(site.cases()) == 1
    assert mailflow.json("reconcile")["gaps"] == []


def test_mail_that_a_lost_database_had_moved_comes_back_with_the_same_case(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    forget_everything(site)
    (gap,) = mailflow.json("reconcile", code=1)["gaps"]
    assert gap["kind"] == "not_in_ledger"
    assert "Processed" in gap["where"]
    site.run()
    assert [loaded.case.ref for loaded in site.cases()] == [payslip]
    assert mailflow.json("reconcile")["gaps"] == []
    # The INBOX counts its UIDs for itself: none is mistaken for the one found in Processed.
    site.deliver(write_mail(EMPLOYEE, "Time off", "How many vacation days do I have left?"))
    site.run()
    assert len(site.cases()) == 2


def test_a_mail_that_was_moved_by_hand_is_known_by_its_bytes(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    with site.runtime.engine.begin() as connection:
        connection.execute(
            text("UPDATE inbound SET processed_uid=NULL, processed_uidvalidity=NULL")
        )
    assert mailflow.json("reconcile")["gaps"] == []
    with reading(site.runtime.engine) as connection:
        place = connection.execute(text("SELECT processed_uid FROM inbound")).scalar_one()
    assert place == 1
    assert payslip


def test_an_open_case_whose_owner_has_left_is_a_gap(
    mailflow: Commands, site: Site, payslip: str
) -> None:
    owner = site.cases()[0].case.owner
    site.close()
    for name in ("staff.yaml", "directory.csv"):
        path = site.home / "config" / name
        path.write_text(path.read_text().replace(owner, f"new.{owner}"))
    (gap,) = mailflow.json("reconcile", code=1)["gaps"]
    assert (gap["kind"], gap["where"]) == ("case_without_owner", payslip)


def test_a_mailbox_that_does_not_answer_proves_nothing(mailflow: Commands, site: Site) -> None:
    path = site.home / "config" / "mailflow.yaml"
    path.write_text(path.read_text().replace(f"port: {site.dovecot.port}", "port: 1"))
    (gap,) = mailflow.json("reconcile", code=1)["gaps"]
    assert gap["kind"] == "mailbox_unreachable"


def forget_everything(site: Site) -> None:
    """As after the restore of a backup from before the first mail."""
    with site.runtime.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in _TABLES:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (names from below)
    site.close()


_TABLES = (
    *("timers", "clocks", "case_events", "decisions", "attachments", "messages", "message_ids"),
    *("reply_tokens", "participants", "outbox_attempts", "outbox_bodies", "outbox"),
    *("held_items", "inbound_bodies", "inbound", "mailbox_cursors", "cases", "workloads"),
)


def findings(document: Any) -> dict[tuple[str, str], str]:
    return {(one["area"], one["code"]): one["severity"] for one in document["findings"]}


def test_a_site_that_works_is_found_to_be_good(mailflow: Commands, payslip: str) -> None:
    document = mailflow.json("check")
    found = findings(document)
    assert document["good"] is True
    assert "error" not in found.values()
    for area in ("config", "staff", "directory", "rules", "templates"):
        assert any(where == area for where, _ in found), area
    assert found["imap hr", "log-in"] == "good"
    assert found["smtp", "log-in"] == "good"
    assert found["database", "answers"] == "good"
    assert found["keyring", "enrolled"] == "good"
    assert found["senders", "calibrated"] == "good"
    assert found["mail", "quarantined"] == "good"
    assert payslip


def test_what_waits_for_a_person_is_a_warning(mailflow: Commands, held: str, unread: str) -> None:
    found = findings(mailflow.json("check"))
    assert found["mail", "held"] == found["mail", "quarantined"] == "warning"
    assert found["processes", "never-seen"] == "warning"
    assert held != unread


def test_a_wrong_password_is_told_apart_from_a_server_that_is_not_there(
    mailflow: Commands, site: Site
) -> None:
    found = findings(mailflow.json("check", code=1, IMAP_PASSWORD="wrong"))
    assert found["imap hr", "log-in"] == "error"
    site.change_settings(f"port: {site.dovecot.port}", "port: 1")
    found = findings(mailflow.json("check", code=1))
    assert found["imap hr", "unreachable"] == "error"


def test_a_relay_that_does_not_answer_is_an_error(mailflow: Commands, site: Site) -> None:
    site.change_settings(f"port: {site.relay.port}", "port: 1")
    assert findings(mailflow.json("check", code=1))["smtp", "unreachable"] == "error"


def test_a_keyring_that_is_not_there_ends_in_78(mailflow: Commands, site: Site) -> None:
    site.close()
    (site.home / "var" / "keyring.json").rename(site.home / "var" / "elsewhere.json")
    assert findings(mailflow.json("check", code=78))["keyring", "keyring"] == "error"


def test_a_probe_to_a_reply_address_is_seen_to_arrive(mailflow: Commands, site: Site) -> None:
    site.relay.route(ALIAS, site.dovecot, site.user)
    found = findings(mailflow.json("check", "--send-probe"))
    assert found["probe hr", "arrived"] == "good"
    assert found["probe hr", "clock"] == "good"
    site.run()
    assert site.cases() == []


def test_the_case_of_an_unreadable_mail_never_shows_what_another_case_took_over(
    mailflow: Commands, site: Site, unread: str
) -> None:
    stub = site.cases()[0].case
    mailflow("quarantine", "retry", unread)
    site.run()
    about_stub = [mail for mail in site.sent_to(stub.owner) if stub.ref in text_of(mail)]
    assert about_stub
    assert not any("short by 200 EUR" in text_of(mail) for mail in about_stub)
