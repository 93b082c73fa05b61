"""Sample contexts of every mail, with all fields: what a class holds back is taken out later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mailflow.core.mail import words
from mailflow.core.mail.mailto import write_mailto
from mailflow.core.mail.sample_words import SAMPLE_WORDS, SampleWords, sample_facts
from mailflow.core.mail.words.notices import say_notice
from mailflow.core.mail.words.receipts import RECEIPTS, say_receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RECEIVED = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)
_DUE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
_PAY_DAY = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
_REPLY_ADDRESS = "hr+4mzk2q7vt6xw@acme.example"

Context = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One mail in one situation, named after it."""

    name: str
    context: Mapping[str, Any]


def sample_mails(mail_name: str, *, locale: str) -> tuple[Sample, ...]:
    """Each situation that the words of a mail differ in; none for a mail that is not known."""
    build = _BUILDERS.get(mail_name)
    if build is None:
        return ()
    known = SAMPLE_WORDS.get(words.language(locale), SAMPLE_WORDS["en"])
    always = _always(locale)
    return tuple(
        Sample(name, {**always, **context}) for name, context in build(locale, known).items()
    )


def _always(locale: str) -> Context:
    return {
        "ref": "HR-7K2Q9M",
        "organization": "Acme",
        "sender_name": "HR Support",
        "locale": locale,
        "is_urgent": False,
        "address": "hr@acme.example",
    }


def _acknowledgement(locale: str, known: SampleWords) -> dict[str, Context]:
    plain = {
        "category_words": words.category_words("payroll_discrepancy", locale),
        "promise": words.say_promise(_DUE, zone=UTC, locale=locale),
        "greeting_name": "Ana",
        "links": _links(locale, "status", "settled", "keep_from_manager"),
    }
    return {
        "known person": plain,
        "danger": {**plain, "is_urgent": True, "emergency_text": known.emergency},
        "mailbox that others open": {
            "links": _links(locale, "status", "keep_from_manager"),
            "advice": say_notice("mailbox_read", locale, {"address": "speakup@acme.example"}),
        },
        "nothing known": {"links": ()},
    }


def _first_notice(locale: str, known: SampleWords) -> Context:
    return {
        "text": known.letter,
        "writer": "Ana Silva <ana@acme.example>",
        "writer_known": True,
        "received": words.say_time(_RECEIVED, zone=UTC, locale=locale),
        "subject": {
            "de": "Sonntagszuschlag fehlt",
            "fr": "Majoration manquante",
            "es": "Falta el plus de domingo",
        }.get(locale, "Sunday rate missing"),
        "category_words": words.category_words("payroll_discrepancy", locale),
        "risk_words": words.risk_words("moderate", locale),
        "owner_name": "Dana Lead",
        "due": (
            _due("confirm_owner", _RECEIVED + timedelta(hours=4), locale),
            _due("first_response", _DUE, locale),
            _due("resolve", _PAY_DAY, locale),
        ),
        "why": ("payslip", "short", "rate is missing"),
        "attachments": (),
        "copied": 0,
        "warnings": (),
        "actions": _actions(locale, "ack", "assign", "category"),
        "is_new": True,
        "was_cut": False,
        "reply_reaches_employee": True,
    }


def _notification(locale: str, known: SampleWords) -> dict[str, Context]:
    first = _first_notice(locale, known)
    return {
        "new case": first,
        "later message": {
            **first,
            "text": known.later,
            "is_new": False,
            "due": (_due("next_response", _DUE, locale),),
            "attachments": ({"name": "roster-october.pdf", "size": _size(120_300, locale)},),
            "actions": _actions(locale, "close", "wait", "history"),
            "reply_reaches_employee": False,
        },
        "note": {
            **first,
            "text": known.answer,
            "writer": "Paul Petersen <paul.petersen@acme.example>",
            "subject": "",
            "is_new": False,
            "is_note": True,
            "why": (),
            "reply_reaches_employee": False,
        },
        "with every warning": _troubled(first, locale),
        "bare": {
            **first,
            **dict.fromkeys(("due", "why", "actions"), ()),
            "text": "",
            "subject": "",
        },
        "handed over": {
            name: first[name]
            for name in ("category_words", "risk_words", "owner_name", "due", "actions")
        }
        | {"reply_reaches_employee": False},
    }


def _troubled(first: Context, locale: str) -> Context:
    context = {
        **first,
        "is_urgent": True,
        "writer": "a.silva@mail.example",
        "writer_known": False,
        "copied": 3,
        "was_cut": True,
        "warnings": tuple(words.warning_words(code, locale) for code in words.WARNING_CODES),
        "attachments": (
            {"name": "photo 1.jpg", "size": _size(2_400_000, locale)},
            {"name": "photo 2.jpg", "size": _size(812, locale)},
        ),
    }
    del context["reply_reaches_employee"]
    return context


def _nudge(locale: str, _known: SampleWords) -> dict[str, Context]:
    context = {
        "category_words": words.category_words("payroll_discrepancy", locale),
        "age": words.say_age(timedelta(days=2, hours=3), locale=locale),
        "owner_name": "Dana Lead",
        "target_words": words.target_words("first_response", locale),
        "due": words.say_time(_DUE, zone=UTC, locale=locale),
        "actions": _actions(locale, "reply", "wait", "assign", "status"),
    }
    return {step: {**context, "step": step} for step in ("50%", "80%", "100%", "+1")}


def _escalation(locale: str, _known: SampleWords) -> dict[str, Context]:
    context = {
        "category_words": words.category_words("safety_incident", locale),
        "age": words.say_age(timedelta(minutes=25), locale=locale),
        "owner_name": "Dana Lead",
        "due": (_due("first_response", _DUE, locale),),
        "actions": _actions(locale, "take", "assign", "status"),
    }
    return {"urgent": {**context, "is_urgent": True}, "late": context}


def _reply(locale: str, known: SampleWords) -> dict[str, Context]:
    plain: Context = {"links": (), "attachments": ()}
    settled = _headed(locale, "settled", known.answer)
    return {
        "answer": {**plain, "text": known.answer},
        "with a file": {
            "text": known.answer,
            "links": _links(locale, "settled", "not_settled"),
            "attachments": ({"name": "payslip-october.pdf", "size": _size(84_000, locale)},),
        },
        "settled": {**plain, "text": settled, "links": _links(locale, "not_settled")},
        "asked again": {**plain, "text": _headed(locale, "chase", known.question)},
        "where it stands": {
            **plain,
            "text": _headed(locale, "status", words.state_words("working", locale)),
        },
    }


def _headed(locale: str, heading: str, text: str) -> str:
    return f"{say_receipt(f'letter_{heading}', sample_facts(locale), locale)}\n\n{text}"


def _receipt(locale: str, known: SampleWords) -> dict[str, Context]:
    due = (_due("resolve", _PAY_DAY, locale),)
    quiet: Context = {"actions": (), "due": due, "transcript": ""}
    return {
        "answered": {**quiet, **_lines(locale, "reply_ordered"), **_offer(locale, "cancel")},
        "note": {**quiet, **_lines(locale, "note_kept"), **_offer(locale, "send 3")},
        "commands": {**quiet, **_lines(locale, "category_done", "risk_done", "wait_employee")},
        "told": {**quiet, **_lines(locale, "status"), "transcript": known.letter},
        "mistyped": {
            **quiet,
            **_lines(locale, "unknown_verb_guess", is_done=False),
            **_offer(locale, "help"),
        },
        "not closed": {**quiet, **_lines(locale, "close_missing", is_done=False)},
        "reply to all": {
            **quiet,
            "lines": (
                *_lines(locale, "reply_to_all", is_done=False)["lines"],
                *_lines(locale, "kept_instead")["lines"],
            ),
            **_offer(locale, "send 3"),
        },
    }


def _lines(locale: str, *codes: str, is_done: bool = True) -> Context:
    facts = sample_facts(locale)
    return {"lines": tuple({"ok": is_done, "text": say_receipt(c, facts, locale)} for c in codes)}


def _offer(locale: str, *verbs: str) -> Context:
    return {"actions": _actions(locale, *verbs)}


def _challenge(locale: str, _known: SampleWords) -> dict[str, Context]:
    return {"held mail": {"received": words.say_time(_RECEIVED, zone=UTC, locale=locale)}}


def _alert(locale: str, _known: SampleWords) -> dict[str, Context]:
    """Every alert there is; the last as it looks outside a case."""
    facts = sample_facts(locale)
    codes = [code for code in RECEIPTS["en"] if code.startswith("alert_")]
    said = {code: say_receipt(code, facts, locale) for code in codes}
    alerts: dict[str, Context] = {
        code.removeprefix("alert_").replace("_", " "): {"what": text, **_alert_offer(text, locale)}
        for code, text in said.items()
    }
    return alerts | {"no case": {"what": said[codes[-1]], "actions": (), "ref": ""}}


def _alert_offer(text: str, locale: str) -> Context:
    verbs = [verb for verb in ("accept", "reject", "approve") if f"#{verb}" in text]
    return _offer(locale, *(verbs or ["status"]))


def _rules(_locale: str, _known: SampleWords) -> dict[str, Context]:
    explained = "category  payroll_discrepancy   by rule payroll-problem (administration.yaml:41)"
    mistake = (
        'rules/hr.yaml:23:5: error[unknown-key] unknown key "catgory", did you mean "category"?\n'
        "   23 |     catgory: payroll_discrepancy\n"
        "      |     ^^^^^^^"
    )
    always = {"ref": "", "bundle": "8f3ac1d20b77 (serial 41)"}
    return {
        "in force": {**always, "news": "in_force", "text": "~ rule payroll-problem: risk high"},
        "refused": {**always, "news": "refused", "text": mistake},
        "people refused": {**always, "news": "people_refused", "text": mistake},
        "explained": {**always, "news": "explained", "text": explained},
    }


_BUILDERS: Mapping[str, Callable[[str, SampleWords], dict[str, Context]]] = {
    "acknowledgement": _acknowledgement,
    "notification": _notification,
    "nudge": _nudge,
    "escalation": _escalation,
    "reply": _reply,
    "receipt": _receipt,
    "challenge": _challenge,
    "alert": _alert,
    "rules": _rules,
}


def _due(target: str, moment: datetime, locale: str) -> dict[str, str]:
    return {
        "what": words.target_words(target, locale),
        "when": words.say_time(moment, zone=UTC, locale=locale),
    }


def _size(size_bytes: int, locale: str) -> str:
    return words.say_size(size_bytes, locale=locale)


def _actions(locale: str, *verbs: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "label": words.action_label(verb.split()[0], locale),
            "href": write_mailto(_REPLY_ADDRESS, subject="HR case HR-7K2Q9M", body=f"#{verb}"),
        }
        for verb in verbs
    )


def _links(locale: str, *purposes: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "label": words.link_label(purpose, locale),
            "href": f"mailto:{_REPLY_ADDRESS}?subject=HR%20case%20HR-7K2Q9M",
        }
        for purpose in purposes
    )
