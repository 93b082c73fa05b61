from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow import shipped_files
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_checkout_ships_what_lies_beside_the_package() -> None:
    assert (shipped_folder("config") / "mailflow.yaml").is_file()


def test_an_installed_package_ships_what_lies_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mailflow" / "shipped" / "rules").mkdir(parents=True)
    monkeypatch.setattr(shipped_files, "_PACKAGE", tmp_path / "mailflow")
    assert shipped_folder("rules") == tmp_path / "mailflow" / "shipped" / "rules"
    assert shipped_folder("config") == tmp_path / "config"
