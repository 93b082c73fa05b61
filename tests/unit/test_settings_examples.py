"""The shipped config/ and the page about it stay complete and true."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from mailflow.casework.staff_files import read_directory, read_staff
from mailflow.settings import Settings, load_settings, read_settings
from mailflow.settings.values import Secret
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = shipped_folder("config")
PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
TEAMS_OF_THE_SHIPPED_RULES = {
    "leave",
    "payroll",
    "benefits",
    "hr-ops",
    "employee-relations",
    "investigations",
    "compliance",
    "safety",
    "speak-up",
    "hr-triage",
    "hr-leadership",
    "payroll-managers",
    "finance",
    "legal-counsel",
    "audit-committee",
    "senior-leadership",
    "executive-office",
}


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def keys_of(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf key with its default; a secret is a leaf."""
    for name, field in model.model_fields.items():
        inner = [found for found in models_in(field.annotation) if found is not Secret]
        many = "[]" if inner and "tuple" in str(field.annotation) else ""
        if inner:
            yield from keys_of(inner[0], f"{path}{name}{many}.")
        else:
            yield f"{path}{name}", field.default


KEYS = dict(keys_of(Settings))


def rows() -> dict[str, str]:
    """Defaults by key, as the page has them."""
    section = PAGE.read_text(encoding="utf-8").partition("## Keys of mailflow.yaml")[2]
    found = re.findall(
        r"^\| `([^`]+)` \| (.+?) \| .+\. \|$", section.partition("\n## ")[0], re.MULTILINE
    )
    return dict(found)


def test_the_page_has_every_key_and_no_other() -> None:
    assert sorted(rows()) == sorted(KEYS)


def plain(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds()) // 60} minutes"
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("key", [key for key in KEYS if "after_store" not in key])
def test_the_page_has_the_true_default(key: str) -> None:
    default, told = KEYS[key], rows()[key]
    if default is None:
        assert told == "—"
    elif default == ():
        assert told == "`[]`"
    elif default is PydanticUndefined:
        assert told == "required" or key.endswith(("port", "reply_domain"))
    elif key == "free_space_floor":
        assert (told, default) == ("`200 MiB`", 200 * 1024 * 1024)
    elif key == "emergency_text":
        assert told == "the text of `config/mailflow.yaml`"
    else:
        assert told == f"`{plain(default)}`"


def switched_on() -> str:
    """The shipped settings with everything that is switched off, on: a # before a key goes."""
    text = (CONFIG / "mailflow.yaml").read_text(encoding="utf-8")
    return re.sub(r"^( *)#(?=\S)", r"\1", text, flags=re.MULTILINE)


def write(home: Path, text: str) -> Path:
    (home / "config").mkdir()
    (home / "config" / "mailflow.yaml").write_text(text, encoding="utf-8")
    return home


def test_the_shipped_settings_are_valid_and_without_warning() -> None:
    settings, mistakes = read_settings(CONFIG.parent, environ={})
    assert mistakes == ()
    assert settings is not None
    assert settings.organization.name == "Acme"


def test_settings_that_are_switched_off_are_valid_when_switched_on(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, switched_on()), environ={})
    assert [mailbox.name for mailbox in settings.mailboxes] == ["hr", "speakup"]
    assert settings.metrics.listen == "127.0.0.1:9464"


@pytest.mark.parametrize("key", sorted({key.rpartition(".")[2] for key in KEYS}))
def test_every_key_stands_in_the_shipped_settings(key: str) -> None:
    inside_dns = {"file": "server"}  # dns has one of the two
    assert re.search(rf"(?<![\w]){inside_dns.get(key, key)}:", switched_on())


def test_the_shipped_settings_show_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(CONFIG.parent, environ={})
    for name in ("staff_replies", "reply_delay", "receipts", "after_store", "limits"):
        assert getattr(settings, name) == Settings.model_fields[name].default
    assert settings.free_space_floor == Settings.model_fields["free_space_floor"].default
    assert settings.emergency_text == Settings.model_fields["emergency_text"].default


def test_the_shipped_staff_fits_together_without_warning() -> None:
    staff, mistakes = read_staff(CONFIG / "staff.yaml")
    assert mistakes == ()
    assert staff is not None
    assert staff.teams.keys() >= TEAMS_OF_THE_SHIPPED_RULES


def test_the_shipped_staff_knows_every_key() -> None:
    text = (CONFIG / "staff.yaml").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8").partition("## staff.yaml")[2]
    keys = re.findall(r"`(?:[a-zA-Z]+(?:\[\])?\.)*([a-z_]+)`", page.partition("\n## ")[0])
    roles = {"triage", "handler", "investigator", "lead", "legal", "auditor", "admin", "custodian"}
    keys = [key for key in keys if key not in roles | {"internal", "provider"}]
    assert len(keys) > 10
    assert [key for key in keys if f"{key}:" not in text] == []


def test_the_shipped_directory_is_a_company_of_many_kinds() -> None:
    reading = read_directory(CONFIG / "directory.csv")
    employees = reading.directory.employees
    assert reading.mistakes == ()
    assert len(employees) >= 25
    assert {employee.locale for employee in employees} == {"en", "de", "fr", "es"}
    assert {employee.status for employee in employees} == {"active", "leave", "left"}
    assert sum(employee.executive for employee in employees) == 2
