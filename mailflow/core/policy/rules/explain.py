"""A classification in words (for people) and in JSON (for scripts)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mailflow.core.policy.rules.classify import classify, open_mail
from mailflow.core.policy.rules.near_miss import describe_failure, near_misses

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification, Why
    from mailflow.core.policy.rules.facts import MailFacts
    from mailflow.core.policy.rules.rule import Rule

_CONTEXT = 40
_LABEL_WIDTH = 10
_MOST_SHOWN = 12


def explain_text(
    bundle: Bundle,
    facts: MailFacts,
    *,
    serial: int | None = None,
    excluded: tuple[str, ...] = (),
    shows_all: bool = False,
    about: str | None = None,
) -> str:
    """The explain tree. ``excluded`` are people whom the conflict check took out.

    ``about`` is a rule whose failing condition is wanted in any case.
    """
    found = classify(bundle, facts)
    reader = open_mail(bundle, facts)
    lines = [
        _line("category", _category_text(bundle, found)),
        _line("risk", _risk_text(bundle, found)),
        *_why_lines(facts, found),
        *([_line("flags", ", ".join(found.flags))] if found.flags else []),
        _line("owner", _owner_text(found, excluded)),
        _line("sla", ", ".join(found.slas)),
        *([_line("escalates", ", ".join(found.escalate_to))] if found.escalate_to else []),
    ]
    if shows_all:
        lines += _all_rule_lines(bundle, found, facts)
    else:
        lines += [
            _line("near miss", f"{rule.id}: {failure}")
            for rule, failure in near_misses(reader, found.rules, about=about)
        ]
    number = f" serial {serial}" if serial is not None else ""
    return "\n".join([*lines, _line("bundle", f"{found.bundle}{number}")])


def explain_json(bundle: Bundle, facts: MailFacts) -> dict[str, Any]:
    """What `rules explain --json` prints of one mail, without the name of its file."""
    found = classify(bundle, facts)
    return {
        "category": found.category,
        "risk": bundle.risk_names[found.risk],
        "secondary": list(found.secondary),
        "flags": list(found.flags),
        "certainty": found.certainty.value,
        "why": [
            {"rule": why.rule, "field": why.field, "phrase": why.phrase, "span": list(why.span)}
            for why in found.why
        ],
        "candidates": [
            {"category": one.category, "certainty": one.certainty.value, "rule": one.rule}
            for one in found.candidates
        ],
        "triage": [reason.value for reason in found.triage_reasons],
        "team": found.team,
        "owner": found.owner,
        "sla": list(found.slas),
        "escalate_to": list(found.escalate_to),
        "tags": list(found.tags),
        "bundle": found.bundle,
    }


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL_WIDTH}}{text}".rstrip()


def place_text(rule: Rule) -> str:
    """``hr.yaml:28``."""
    return f"{rule.place.file.rpartition('/')[2]}:{rule.place.line}"


def _category_text(bundle: Bundle, found: Classification) -> str:
    rules = {rule.id: rule for rule in bundle.rules}
    if found.triage_reasons:
        reasons = ", ".join(reason.value.replace("_", " ") for reason in found.triage_reasons)
        by = ", ".join(
            f"{one.category} ({one.certainty.value}, {one.rule})" for one in found.candidates
        )
        candidates = f"; candidates: {by}" if by else ""
        return f"{found.category}   a person must look: {reasons}{candidates}"
    by = ", ".join(
        f"{name} ({place_text(rules[name])})" if name in rules else name
        for name in found.rules
        if found.category in (rules[name].categories if name in rules else (found.category,))
    )
    outranked = f", outranks {', '.join(found.secondary)}" if found.secondary else ""
    return f"{found.category}   by rule {by}{outranked}"


def _risk_text(bundle: Bundle, found: Classification) -> str:
    names = bundle.risk_names
    shown, highest = [], -1
    for step in found.risk_steps:
        if step.risk.rank > highest:
            highest = step.risk.rank
            shown.append(f"{names[step.risk]} ({step.because})")
    return f"{names[found.risk]}   {' -> '.join(shown)}"


def _why_lines(facts: MailFacts, found: Classification) -> list[str]:
    lines = [
        f'{why.field}: "{why.phrase}" matched {_in_context(facts, why)}'
        for why in found.why[:_MOST_SHOWN]
    ]
    if len(found.why) > _MOST_SHOWN:
        lines.append(f"and {len(found.why) - _MOST_SHOWN} more")
    ignored = Counter(why.phrase for why in found.ignored)
    lines += [f'ignored {count}x "{phrase}" (but_not)' for phrase, count in ignored.items()]
    return [_line("why" if place == 0 else "", line) for place, line in enumerate(lines)]


def _in_context(facts: MailFacts, why: Why) -> str:
    text = field_text(facts, why.field)
    start, end = why.span
    before = text[max(start - _CONTEXT, 0) : start]
    after = text[end : end + _CONTEXT]
    shown = " ".join(f"{before}>{text[start:end]}<{after}".split())
    return f'"{" ".join(text[start:end].split())}" in "{shown}"'


def field_text(facts: MailFacts, field: str) -> str:
    """The original text of a field that a Why names."""
    if field.startswith("header:"):
        return facts.headers.get(field.removeprefix("header:"), "")
    values = {
        "subject": facts.subject,
        "text": facts.text,
        "quoted": facts.quoted,
        "forwarded": facts.forwarded,
        "title": facts.sender.title,
        "department": facts.sender.department,
        "sender_name": f"{facts.sender.name} {facts.sender.address}",
    }
    return values.get(field, "")


def _owner_text(found: Classification, excluded: tuple[str, ...]) -> str:
    out = f"    excluded: {', '.join(excluded)} (named in the mail)" if excluded else ""
    return f"{found.owner} in {found.team}{out}"


def _all_rule_lines(bundle: Bundle, found: Classification, facts: MailFacts) -> list[str]:
    reader = open_mail(bundle, facts)
    lines = []
    for rule in bundle.rules:
        state = "matches" if rule.id in found.rules else describe_failure(reader, rule)
        lines.append(_line("rule", f"{rule.id} ({place_text(rule)}): {state or 'matches'}"))
    return lines
