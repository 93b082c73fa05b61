"""A decided mail as it is filed, and the words and rules that decided it as they are kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mailflow.store.messages import FiledMessage, file_attachments

if TYPE_CHECKING:
    from mailflow.casework.desk import ReadMail
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.store.messages import Direction


def _writer(mail: ReadMail, message: Message) -> str:
    """The judged sender, or whom the filed original names."""
    own = message.sender.address if message.sender else ""
    return own if message is not mail.message else mail.verdict.address or own


def file_mail(
    mail: ReadMail, message: Message, direction: Direction, found: Classification | None
) -> FiledMessage:
    """The mail as its case has it; what its way spoke for is kept, so that the decision can be
    explained later.
    """
    claim = found.claim if found else None
    return FiledMessage(
        id=mail.stored.id,
        direction=direction,
        at=mail.stored.internal_date,
        sender=_writer(mail, message),
        sender_name=message.sender.name if message.sender else None,
        to=tuple(address.address for address in message.to),
        subject=message.subject,
        text=message.new_text or message.text,
        full_text=message.text,
        message_id=message.message_id,
        references=message.references,
        copied=tuple(address.address for address in message.cc),
        attachments=file_attachments(message),
        inbound_id=mail.stored.id,
        extra={
            "sender_level": int(mail.verdict.level),
            "problems": list(message.problems),
            **({"claim": asdict(claim)} if claim else {}),
        },
    )


def rules_on_record(found: Classification) -> dict[str, object]:
    """The decision row: what was chosen, by which rules and words, and what was not chosen."""
    return {
        "category": found.category,
        "risk": found.risk,
        "certainty": found.certainty,
        "secondary": list(found.secondary),
        "flags": list(found.flags),
        "rules": list(found.rules),
        "why": [
            {"rule": w.rule, "field": w.field, "phrase": w.phrase, "span": list(w.span)}
            for w in found.why
        ],
        "risk_steps": [{"risk": step.risk, "because": step.because} for step in found.risk_steps],
        "candidates": [
            {"category": c.category, "certainty": c.certainty, "rule": c.rule}
            for c in found.candidates
        ],
        "triage_reasons": list(found.triage_reasons),
    }
