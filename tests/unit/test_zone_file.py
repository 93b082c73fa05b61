"""A zone file that cannot be read is told in words of its own: `mailflow init` writes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.bootstrap import key_resolver
from mailflow.bootstrap.files import read_files
from mailflow.errors import InvalidFilesError
from mailflow.settings import load_settings
from tests.unit.test_settings_mistakes import HEAD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    text = f"{HEAD}sender_authentication: {{dns: {{file: zone.yaml}}}}\n"
    (tmp_path / "config" / "mailflow.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "mend sender_authentication.dns.file"),
        ("acme.example: v=spf1 \xfc".encode("latin-1"), "save the zone file as plain text"),
    ],
)
def test_an_unreadable_zone_file_is_told_with_its_mend(
    home: Path, content: bytes | None, message: str
) -> None:
    zone = home / "zone.yaml"
    if content is not None:
        zone.write_bytes(content)
    settings = load_settings(home, environ={"P": "secret"})
    with pytest.raises(InvalidFilesError) as refused:
        key_resolver(settings)
    (mistake,) = refused.value.mistakes
    assert (mistake.file, mistake.code) == (str(zone), "zone-file")
    assert message in mistake.message
    assert "mailflow init" not in mistake.message


def test_it_is_told_with_the_mistakes_of_the_other_files(home: Path) -> None:
    with pytest.raises(InvalidFilesError) as refused:
        read_files(home, environ={"P": "secret"})
    codes = {mistake.code for mistake in refused.value.mistakes}
    assert {"zone-file", "missing-file"} <= codes
