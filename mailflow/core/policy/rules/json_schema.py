"""JSON Schema (draft 2020-12) of the rules files, for completion and hints in editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailflow.core.case.case import Group, Risk
from mailflow.core.case.people import HandledBy
from mailflow.core.policy.rules import keys
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.rules.word_index import LANGUAGES
from mailflow.located import Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mailflow.core.policy.rules.bundle import Bundle

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_YES_NO: Schema = {"type": "boolean"}
_SECTIONS = ("sla", "calendars", "nudges", "nudge_mail")


def rules_schema(bundle: Bundle | None = None, *, teams: Collection[str] = ()) -> Schema:
    """The schema; with a bundle, names are offered as this site has them."""
    names = _Names(bundle, teams)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mailflow rules",
        "type": "object",
        "additionalProperties": False,
        "properties": _described(
            keys.FILE_KEYS,
            {
                "mailflow": {"const": 1},
                "language": {"enum": sorted(LANGUAGES)},
                "risk_levels": {"type": "array", "items": _TEXT, "minItems": 4, "maxItems": 4},
                "defaults": {"$ref": "#/$defs/defaults"},
                "categories": _list_of("category"),
                "flags": _list_of("flag"),
                "phrases": {"type": "object", "additionalProperties": _one_or_many(_phrase())},
                "rules": _list_of("rule"),
                "tests": _list_of("test"),
                "adapters": _list_of("adapter"),
                **{name: {} for name in _SECTIONS},
            },
        ),
        "$defs": _definitions(names),
    }


class _Names:
    """Enumerations of what exists at a site; free text where nothing is known."""

    def __init__(self, bundle: Bundle | None, teams: Collection[str]) -> None:
        self.risk = _enum(bundle.risk_names.values() if bundle else [risk.value for risk in Risk])
        self.category = _enum(bundle.categories if bundle else ())
        self.flag = _enum(bundle.flags if bundle else ())
        self.list = _enum({name for _, name in bundle.book.lists} if bundle else ())
        node = bundle.sections.get("sla") if bundle else None
        self.sla = _enum([entry.key for entry in node] if isinstance(node, Table) else ())
        self.team = _enum(teams)
        self.target: Schema = {"anyOf": [self.team, {"type": "string", "pattern": "@"}]}


def _definitions(names: _Names) -> Schema:
    targets = _one_or_many(names.target)
    return {
        "defaults": _object(
            keys.DEFAULT_KEYS,
            {
                "risk": names.risk,
                "sla": names.sla,
                "if_nothing_matches": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"category": names.category, "risk": names.risk},
                },
                "if_unsure": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"team": names.team},
                },
                "escalate_to_alternate": targets,
            },
        ),
        "category": _object(
            keys.CATEGORY_KEYS,
            {
                "group": _enum(group.value for group in Group),
                "team": names.team,
                "risk": names.risk,
                "sla": names.sla,
                "escalate_to": targets,
                "escalate_to_alternate": targets,
                "tags": _one_or_many(_TEXT),
                "sensitive": _YES_NO,
                "retention": {"anyOf": [_TEXT, _object(keys.RETENTION_KEYS, {"hold": _YES_NO})]},
                "handled_by": _enum(kind.value for kind in HandledBy),
            },
            required=("id", "team"),
        ),
        "flag": _object(
            keys.FLAG_KEYS, {"risk": names.risk, "escalate_to": targets}, required=("id",)
        ),
        "rule": _rule(names, targets),
        "block": _block(),
        "words": _words(names),
        "phrase": _phrase_item(names),
        "test": _test(names),
        "adapter": _object(
            keys.ADAPTER_KEYS,
            {"when": _block_reference(), "read": {"type": "object"}, "category": {}},
            required=("id", "when", "read"),
        ),
    }


def _rule(names: _Names, targets: Schema) -> Schema:
    add = {
        "tags": _one_or_many(_TEXT),
        "flags": _one_or_many(names.flag),
        "escalate_to": targets,
        "notify": targets,
        "sla": _one_or_many(names.sla),
    }
    return _object(
        keys.RULE_KEYS,
        {
            "category": _one_or_many(names.category),
            "certainty": _enum((Certainty.SURE.value, Certainty.HINT.value)),
            "risk": names.risk,
            "when": _block_reference(),
            "add": _object(keys.ADD_KEYS, add),
            "enabled": _YES_NO,
            "alone": _YES_NO,
            "tests": _list_of("test"),
        },
        required=("id", "when"),
    )


def _block() -> Schema:
    words: Schema = {"$ref": "#/$defs/words"}
    special: Schema = {
        "attachments": _object(
            keys.ATTACHMENT_KEYS, {"none_allowed": _YES_NO, "name": {}, "type": {}}
        ),
        "header": {"type": "object", "additionalProperties": words},
        "sender": _object(
            keys.SENDER_KEYS,
            {
                **dict.fromkeys(("in_directory", "is_manager", "executive"), _YES_NO),
                **dict.fromkeys(("department", "title"), words),
                **dict.fromkeys(("country", "domain"), _one_or_many(_TEXT)),
            },
        ),
        "thread": _enum(one.value for one in ThreadPosition),
        "received": _object(
            keys.RECEIVED_KEYS, {"working_hours": _YES_NO, "weekday": _one_or_many(_TEXT)}
        ),
        "auto_submitted": _YES_NO,
        "language": _one_or_many(_TEXT),
    }
    addresses = dict.fromkeys(("from", "to", "cc", "alias"), _one_or_many(_TEXT))
    texts = dict.fromkeys(("subject", "text", "subject_or_text", "quoted", "forwarded"), words)
    nested = dict.fromkeys(keys.BLOCK_KEYS, _one_or_many(_block_reference()))
    return _object(keys.WHEN_KEYS, {**special, **addresses, **texts, **nested})


def _words(names: _Names) -> Schema:
    phrase: Schema = {"$ref": "#/$defs/phrase"}
    phrases = _one_or_many(phrase)
    long_form = _object(
        keys.TEXT_KEYS,
        {
            "any": phrases,
            "all": phrases,
            "but_not": phrases,
            "at_least": {"type": "integer", "minimum": 1},
            "list": names.list,
            "matches": _one_or_many(_TEXT),
            "near": _near(phrases),
            "same_sentence": _same_sentence(phrases),
        },
    )
    return {"anyOf": [_TEXT, {"type": "array", "items": phrase}, long_form]}


def _phrase_item(names: _Names) -> Schema:
    phrases = _one_or_many({"$ref": "#/$defs/phrase"})
    special: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "list": names.list,
            "matches": _one_or_many(_TEXT),
            "near": _near(phrases),
            "same_sentence": _same_sentence(phrases),
        },
    }
    return {"anyOf": [_phrase(), special]}


def _near(phrases: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "within": {"type": "integer", "minimum": 1, "maximum": 100},
            "all": {"type": "array", "items": phrases, "minItems": 2},
        },
    }


def _same_sentence(phrases: Schema) -> Schema:
    groups: Schema = {"type": "array", "items": phrases, "minItems": 2}
    return {
        "anyOf": [
            groups,
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {"all": groups, "without": phrases},
            },
        ]
    }


def _test(names: _Names) -> Schema:
    return _object(
        keys.TEST_KEYS,
        {
            **dict.fromkeys(("to", "cc", "tags", "escalate_to"), _one_or_many(_TEXT)),
            **dict.fromkeys(("flags", "not_flags"), _one_or_many(names.flag)),
            **dict.fromkeys(("expect_not", "secondary"), _one_or_many(names.category)),
            **{key: {} for key in ("attachments", "headers", "sender")},
            **dict.fromkeys(("working_hours", "auto_submitted"), _YES_NO),
            "expect": names.category,
            "risk": names.risk,
            "thread": _enum(one.value for one in ThreadPosition),
            "certainty": _enum(one.value for one in Certainty),
        },
    )


def _phrase() -> Schema:
    description = (
        "injur* starts with; bully~ any form; ... up to 5 words between; * one to three words;"
        " <list> a word list; (a|b) one of these"
    )
    return {**_TEXT, "description": description}


def _block_reference() -> Schema:
    return {"$ref": "#/$defs/block"}


def _object(
    described: Mapping[str, str], special: Schema, *, required: Iterable[str] = ()
) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": _described(described, special),
    }
    return {**schema, "required": list(required)} if required else schema


def _described(described: Mapping[str, str], special: Schema) -> Schema:
    return {
        key: {"description": text, **special.get(key, _TEXT)} for key, text in described.items()
    }


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _one_or_many(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _enum(values: Iterable[str]) -> Schema:
    names = list(values)
    return {"enum": names} if names else _TEXT
