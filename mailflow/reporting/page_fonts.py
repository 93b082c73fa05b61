"""The fonts of every case file, as files for the library that reads them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pymupdf_fonts import fontbuffers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class PageFonts:
    """FiraGO (Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Devanagari), and Noto's symbols."""

    regular: Path
    bold: Path
    symbols: Path


@contextmanager
def open_page_fonts() -> Iterator[PageFonts]:
    """The files last as long as the block: pages read them until they are written out."""
    with TemporaryDirectory(prefix="mailflow-fonts-") as folder:
        fonts = PageFonts(*(Path(folder, f"{name}.ttf") for name in ("figo", "figbo", "symbol2")))
        for path in (fonts.regular, fonts.bold, fonts.symbols):
            read: Callable[[], bytes] = fontbuffers[path.stem]
            path.write_bytes(read())
        yield fonts
