"""Whether everything that the sample mails must bring about is there, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.demo.company import Part
from mailflow.demo.programme import PROGRAMME, REPLY_ID
from mailflow.store.outbox import OutboxState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.demo.board import Board, CaseRow, MailIn
    from mailflow.demo.post_office import Delivered
    from mailflow.demo.programme import Scene


@dataclass(frozen=True)
class Finding:
    """What became of one sample mail; ``missing`` are sentences, none when all is well."""

    what: str
    became: str
    case: CaseRow | None
    missing: tuple[str, ...]


def examine(board: Board) -> tuple[Finding, ...]:
    """One finding a scene, then one for the reply and one for the outgoing mail as a whole."""
    return (
        *(_examine_scene(scene, board) for scene in PROGRAMME),
        _examine_reply(board),
        _examine_sending(board),
    )


def is_complete(findings: tuple[Finding, ...]) -> bool:
    return not any(finding.missing for finding in findings)


def _examine_scene(scene: Scene, board: Board) -> Finding:
    mail = _mail_in(board, scene.message.message_id)
    if mail is None or not mail.became:
        return Finding(scene.what, "", None, ("the mail was not decided about",))
    case = _case(board, mail.ref)
    missing = (
        *_missing_case(scene, mail, case),
        *_missing_acknowledgement(scene, board, case),
        *(_missing_at_owner(scene, board, case) if case else ()),
        *_missing_escalation(scene, board, case),
    )
    return Finding(scene.what, mail.became, case, missing)


def _missing_case(scene: Scene, mail: MailIn, case: CaseRow | None) -> Iterator[str]:
    if scene.category is None:
        if case is not None:
            yield f"it must not be a case, but is {case.ref}"
        return
    if mail.became != "case" or case is None:
        yield f"it is no case, but: {mail.became}"
        return
    if case.category != scene.category:
        yield f"the category is {case.category}, not {scene.category}"
    if not case.owner:
        yield "nobody owns it"


def _missing_acknowledgement(scene: Scene, board: Board, case: CaseRow | None) -> Iterator[str]:
    answers = [
        copy
        for copy in board.delivered
        if copy.message.in_reply_to == scene.message.message_id and _is_from_hr(copy)
    ]
    sender = scene.message.sender
    told = [mail for mail in board.mails_out if sender and mail.recipient == sender.address]
    if scene.says is None:
        if answers or told:
            yield "the sender must get no answer, but got one"
        return
    if len(answers) != 1 or len(told) != 1:
        yield f"one acknowledgement was to come, {len(answers)} came"
        return
    (answer,) = answers
    if answer.account.address != scene.login:
        yield f"the acknowledgement went to {answer.account.address}"
    if case is not None and case.ref not in answer.message.text:
        yield "the acknowledgement does not name the case"
    if scene.says.casefold() not in " ".join(answer.message.text.casefold().split()):
        yield f'the acknowledgement does not say "{scene.says}"'


def _missing_at_owner(scene: Scene, board: Board, case: CaseRow) -> Iterator[str]:
    texts = [
        copy.message.text
        for copy in board.delivered
        if copy.account.address == case.owner and case.ref in copy.message.text
    ]
    if not texts:
        yield f"{case.owner_name} was not told"
        return
    for name in scene.attachments:
        if not any(name in text for text in texts):
            yield f"{case.owner_name} does not read of the attachment {name}"


def _missing_escalation(scene: Scene, board: Board, case: CaseRow | None) -> Iterator[str]:
    if scene.escalates_to is not None and case is not None:
        told = any(
            copy.account.address == scene.escalates_to and case.ref in copy.message.text
            for copy in board.delivered
        )
        if not told:
            yield f"{scene.escalates_to} was not told"
    if scene.kept_from is None or case is None:
        return
    written = any(
        mail.ref == case.ref and mail.recipient == scene.kept_from for mail in board.mails_out
    )
    read = any(
        copy.account.address == scene.kept_from and case.ref in copy.message.text
        for copy in board.delivered
    )
    if written or read:
        yield f"{scene.kept_from} got a mail, though the complaint is about them"


def _examine_reply(board: Board) -> Finding:
    what = "reply to the receipt"
    asked = _mail_in(board, PROGRAMME[0].message.message_id)
    mail = _mail_in(board, REPLY_ID)
    if mail is None or not mail.became:
        return Finding(what, "", None, ("the mail was not decided about",))
    case = _case(board, mail.ref)
    missing: list[str] = []
    if mail.became != "reply" or asked is None or mail.ref != asked.ref:
        missing.append(f"it did not join the case of the question, but became: {mail.became}")
    elif case is not None and not any(
        copy.account.address == case.owner and "2231" in copy.message.text
        for copy in board.delivered
    ):
        missing.append(f"{case.owner_name} does not read it")
    return Finding(what, mail.became, case, tuple(missing))


def _examine_sending(board: Board) -> Finding:
    unsent = [mail for mail in board.mails_out if mail.state is not OutboxState.SENT]
    missing = tuple(f"{mail.template} to {mail.recipient} is {mail.state}" for mail in unsent)
    return Finding("mails out", f"{len(board.mails_out) - len(unsent)} sent", None, missing)


def _is_from_hr(copy: Delivered) -> bool:
    return copy.login is not None and copy.login.part is Part.ALIAS


def _mail_in(board: Board, message_id: str | None) -> MailIn | None:
    return next((mail for mail in board.mails_in if mail.message.message_id == message_id), None)


def _case(board: Board, ref: str | None) -> CaseRow | None:
    return next((case for case in board.cases if case.ref == ref), None)
