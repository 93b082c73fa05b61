"""Example mails of the rules files, from located YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.facts import (
    AttachmentFacts,
    MailFacts,
    SenderFacts,
    ThreadPosition,
    Unreadable,
)
from mailflow.core.policy.rules.findings import Findings, texts_of
from mailflow.core.policy.rules.keys import TEST_KEYS
from mailflow.core.policy.rules.rule import InlineTest
from mailflow.located import Node, Series, Table, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mailflow.core.case.case import Risk

_EXPECTATIONS = (
    "expect",
    "expect_not",
    "risk",
    "flags",
    "not_flags",
    "secondary",
    "escalate_to",
    "tags",
    "certainty",
)
_SENDER_KEYS = (
    "name",
    "address",
    "in_directory",
    "department",
    "title",
    "country",
    "is_manager",
    "executive",
)

_YES_NO = (("is_manager", False), ("executive", False), ("in_directory", True))


@dataclass(frozen=True)
class ExampleReader:
    """Reads tests against the names that exist."""

    findings: Findings
    categories: Collection[str]
    flags: Collection[str]
    risks: Mapping[str, Risk]

    def read_tests(self, node: Node | None, rule: str | None) -> tuple[InlineTest, ...]:
        """Tests of a rule, or (rule None) of the whole file; numbers count from 0."""
        if node is None:
            return ()
        label = f'rule "{rule}": tests' if rule else "tests"
        items = self.findings.series(node, label)
        found = (self._test(item, rule, number) for number, item in enumerate(items))
        return tuple(test for test in found if test is not None)

    def _test(self, node: Node, rule: str | None, number: int) -> InlineTest | None:
        what = f'a test of "{rule}"' if rule else "a test"
        table = self.findings.table(node, what, TEST_KEYS)
        if table is None:
            return None
        if all(table.get(key) is None for key in _EXPECTATIONS):
            self.findings.error(table.place, "no-expectation", f"{what} expects nothing")
        expect = self._names(table, "expect", self.categories, "category")
        name = self.findings.text(table.get("name"), f"{what}: name")
        return InlineTest(
            rule=rule,
            number=number,
            place=table.place,
            facts=self._facts(table, what),
            name=name.text if name else "",
            expect=expect[0] if expect else None,
            expect_not=self._names(table, "expect_not", self.categories, "category"),
            risk=self.findings.choice(table.get("risk"), self.risks, what="risk"),
            flags=self._names(table, "flags", self.flags, "flag"),
            not_flags=self._names(table, "not_flags", self.flags, "flag"),
            secondary=self._names(table, "secondary", self.categories, "category"),
            escalate_to=texts_of(self.findings.texts(table.get("escalate_to"), what)),
            tags=texts_of(self.findings.texts(table.get("tags"), what)),
            certainty=self.findings.choice(
                table.get("certainty"), {one.value: one for one in Certainty}, what="certainty"
            ),
        )

    def _names(self, table: Table, key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        named = self.findings.texts(table.get(key), key)
        return texts_of(tuple(one for one in named if self.findings.known(one, known, what=what)))

    def _facts(self, table: Table, what: str) -> MailFacts:
        def text(key: str) -> str:
            named = self.findings.text(table.get(key), f"{what}: {key}")
            return named.text if named else ""

        def texts(key: str) -> tuple[str, ...]:
            return texts_of(self.findings.texts(table.get(key), f"{what}: {key}"))

        thread = self.findings.choice(
            table.get("thread"), {one.value: one for one in ThreadPosition}, what="thread kind"
        )
        received = text("received")
        return MailFacts(
            subject=text("subject"),
            text=text("text"),
            quoted=text("quoted"),
            forwarded=text("forwarded"),
            sender=self._sender(table, text("from"), what),
            to=texts("to"),
            cc=texts("cc"),
            alias=text("alias"),
            attachments=self._attachments(table.get("attachments")),
            headers=self._headers(table.get("headers")),
            thread=thread or ThreadPosition.NEW,
            received_at=self._instant(table, received, what),
            working_hours=self._working_hours(table, what),
            auto_submitted=self.findings.yes_no(
                table.get("auto_submitted"), f"{what}: auto_submitted"
            ),
            language=text("language") or None,
            unreadable=_unreadable(table),
        )

    def _sender(self, table: Table, address: str, what: str) -> SenderFacts:
        node = table.get("sender")
        if node is None:
            return SenderFacts(address=address)
        sender = self.findings.table(node, f"{what}: sender", _SENDER_KEYS)
        if sender is None:
            return SenderFacts(address=address)
        texts = {
            key: named.text if named else ""
            for key in ("name", "address", "department", "title", "country")
            for named in (self.findings.text(sender.get(key), f"{what}: {key}"),)
        }
        yes = {
            key: self.findings.yes_no(sender.get(key), f"{what}: {key}", default=default)
            for key, default in (
                ("is_manager", False),
                ("executive", False),
                ("in_directory", True),
            )
        }
        return SenderFacts(
            address=address or texts["address"],
            name=texts["name"],
            in_directory=yes["in_directory"],
            department=texts["department"],
            title=texts["title"],
            country=texts["country"],
            is_manager=yes["is_manager"],
            executive=yes["executive"],
        )

    def _attachments(self, node: Node | None) -> tuple[AttachmentFacts, ...]:
        if node is None:
            return ()
        found: list[AttachmentFacts] = []
        for item in node.items if isinstance(node, Series) else (node,):
            if isinstance(item, Table):
                self.findings.table(item, "an attachment", ("name", "type", "size"))
                name = self.findings.text(item.get("name"), "name")
                kind = self.findings.text(item.get("type"), "type")
                size = self.findings.number(item.get("size"), "size")
                found.append(
                    AttachmentFacts(name.text if name else "", kind.text if kind else "", size or 0)
                )
                continue
            named = self.findings.text(item, "an attachment")
            found.extend([AttachmentFacts(named.text)] if named else [])
        return tuple(found)

    def _headers(self, node: Node | None) -> dict[str, str]:
        if not isinstance(node, Table):
            return {}
        return {entry.key.lower(): str(plain(entry.value)) for entry in node}

    def _instant(self, table: Table, text: str, what: str) -> datetime | None:
        if not text:
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            message = f'{what}: "{text}" is no instant: write it like 2026-11-23T10:00'
            self.findings.error(table.place, "wrong-type", message)
            return None

    def _working_hours(self, table: Table, what: str) -> Mapping[str, bool]:
        if table.get("working_hours") is None:
            return {}
        within = self.findings.yes_no(table.get("working_hours"), f"{what}: working_hours")
        return {"*": within}


def _unreadable(table: Table) -> tuple[Unreadable, ...]:
    """An empty ``text:`` is an empty mail; a test without the key just does not speak of it."""
    node = table.get("text")
    if node is not None and plain(node) == "":
        return (Unreadable.EMPTY_TEXT,)
    return ()
