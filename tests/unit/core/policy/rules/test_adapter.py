"""Portal mails as typed requests."""

from __future__ import annotations

from mailflow.core.case.case import Risk
from mailflow.core.policy.rules.adapter import adapt_mail, classify_adapted
from mailflow.core.policy.rules.facts import MailFacts, SenderFacts
from tests.unit.core.policy.rules.sample_rules import build

ADAPTER = r"""
adapters:
  - id: portal
    when: {from: [portal@acme.example], subject: [new request]}
    read:
      text:
        - '(?m)^Requested by: .*<(?P<requester>[^<>\s]+)>$'
        - '(?m)^Topic: (?P<topic>.+)$'
        - '(?s)\nDetails:\s*(?P<details>.*)$'
    text: details
    subject: topic
    category: {from: topic, map: {Time off: leave, Pay: payroll}, otherwise: triage}
"""
BUNDLE = build(head=ADAPTER)


def portal_mail(topic: str, details: str, requester: str = "<Ana@acme.example>") -> MailFacts:
    return MailFacts(
        subject="New request #12",
        text=f"Requested by: Ana {requester}\nTopic: {topic}\n\nDetails:\n{details}\n",
        sender=SenderFacts(address="portal@acme.example"),
        auto_submitted=True,
    )


def test_the_request_inside_a_portal_mail_is_read() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Time off", "One week in May"))
    assert adapted is not None
    assert (adapted.adapter, adapted.requester, adapted.category) == (
        "portal",
        "ana@acme.example",
        "leave",
    )
    assert (adapted.facts.subject, adapted.facts.text) == ("Time off", "One week in May")
    assert dict(adapted.fields)["topic"] == "Time off"
    assert not adapted.facts.auto_submitted


def test_the_directory_is_asked_about_the_requester() -> None:
    adapted = adapt_mail(
        BUNDLE,
        portal_mail("Pay", "?"),
        look_up=lambda address: SenderFacts(address=address, title="Nurse", in_directory=True),
    )
    assert adapted is not None
    assert adapted.facts.sender == SenderFacts(
        address="ana@acme.example", title="Nurse", in_directory=True
    )


def test_mail_of_others_is_no_portal_mail() -> None:
    assert adapt_mail(BUNDLE, MailFacts(subject="New request", text="Topic: Pay")) is None


def test_a_requester_that_is_no_address_is_nobody() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Pay", "?", requester="<ana>"))
    assert adapted is not None
    assert adapted.requester is None


def test_the_portals_category_counts_where_the_words_say_nothing() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Time off", "One week in May"))
    assert adapted is not None
    found = classify_adapted(BUNDLE, adapted)
    assert (found.category, found.risk, found.triage_reasons) == ("leave", Risk.LOW, ())


def test_a_complaint_filed_under_pay_stays_a_complaint() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Pay", "My boss harassed me."))
    assert adapted is not None
    found = classify_adapted(BUNDLE, adapted)
    assert (found.category, found.risk) == ("harassment", Risk.HIGH)
    assert found.secondary == ("payroll",)


def test_a_higher_category_of_the_portal_wins_over_lower_words() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Pay", "It is about annual leave."))
    assert adapted is not None
    found = classify_adapted(BUNDLE, adapted)
    assert (found.category, found.risk, found.secondary) == ("payroll", Risk.MODERATE, ("leave",))
