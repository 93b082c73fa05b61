"""Portal mails as typed requests."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core.case.case import Risk
from mailflow.core.policy.rules.adapter import adapt_mail, look_inside
from mailflow.core.policy.rules.classify import classify
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
    assert (adapted.subject, adapted.text) == ("Time off", "One week in May")
    assert dict(adapted.fields)["topic"] == "Time off"
    assert not look_inside(BUNDLE, portal_mail("Time off", "?"))[0].auto_submitted


def test_the_directory_is_asked_about_the_requester() -> None:
    facts, _ = look_inside(
        BUNDLE,
        portal_mail("Pay", "?"),
        lambda address: SenderFacts(address=address, title="Nurse", in_directory=True),
    )
    assert facts.sender == SenderFacts(address="ana@acme.example", title="Nurse", in_directory=True)


def test_mail_of_others_is_no_portal_mail() -> None:
    assert adapt_mail(BUNDLE, MailFacts(subject="New request", text="Topic: Pay")) is None


def test_a_requester_that_is_no_address_is_nobody() -> None:
    adapted = adapt_mail(BUNDLE, portal_mail("Pay", "?", requester="<ana>"))
    assert adapted is not None
    assert adapted.requester is None


def test_the_portals_category_counts_where_the_words_say_nothing() -> None:
    found = classify(BUNDLE, look_inside(BUNDLE, portal_mail("Time off", "One week in May"))[0])
    assert (found.category, found.risk, found.triage_reasons) == ("leave", Risk.LOW, ())


def test_a_complaint_filed_under_pay_stays_a_complaint() -> None:
    found = classify(BUNDLE, look_inside(BUNDLE, portal_mail("Pay", "My boss harassed me."))[0])
    assert (found.category, found.risk) == ("harassment", Risk.HIGH)
    assert found.secondary == ("payroll",)


def test_a_higher_category_of_the_portal_wins_over_lower_words() -> None:
    found = classify(
        BUNDLE, look_inside(BUNDLE, portal_mail("Pay", "It is about annual leave."))[0]
    )
    assert (found.category, found.risk, found.secondary) == ("payroll", Risk.MODERATE, ("leave",))


def test_fields_that_stand_for_nothing_else_end_the_text() -> None:
    bundle = build(head=ADAPTER.replace("    subject: topic\n", ""))
    adapted = adapt_mail(bundle, portal_mail("Pay", "Please look."))
    assert adapted is not None
    assert adapted.text == "Please look.\n\ntopic: Pay"


def test_a_hint_of_something_worse_than_the_portal_says_goes_to_a_person() -> None:
    hint = "  - {id: hint, category: harassment, certainty: hint, when: {text: [afraid]}}\n"
    bundle = build(hint, head=ADAPTER)
    found = classify(bundle, look_inside(bundle, portal_mail("Pay", "I am afraid."))[0])
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert ("payroll", "adapter portal") in {(c.category, c.rule) for c in found.candidates}


def test_a_mail_from_nearly_the_portal_is_read_by_no_adapter() -> None:
    facts = portal_mail("Pay", "?")
    for address in ("portal@acme.example.net", "x.portal@acme.example", "portal@mail.acme.example"):
        assert adapt_mail(BUNDLE, replace(facts, sender=SenderFacts(address=address))) is None
