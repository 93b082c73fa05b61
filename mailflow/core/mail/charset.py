"""Character sets: names repaired, text decoded, the undeclared guessed. Never raises.

Only names in the list below are looked up, so that no mail can call another codec.
"""

from __future__ import annotations

import re
from functools import lru_cache

REFUSED = frozenset({"utf7", "unicode11utf7", "utf7imap", "xunicode20utf7"})

_ALIASES: dict[str, str] = {
    "utf8": "utf-8", "unicode11utf8": "utf-8", "xunicode20utf8": "utf-8", "utf8mb4": "utf-8",
    "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "utf32": "utf-32",
    "ucs2": "utf-16-be", "unicode": "utf-16", "iso10646ucs2": "utf-16-be",
    "usascii": "us-ascii", "ascii": "us-ascii", "ansix341968": "us-ascii", "iso646us": "us-ascii",
    "646": "us-ascii", "7bit": "us-ascii", "iso88591": "cp1252", "latin1": "cp1252",
    "88591": "cp1252", "iso8859": "cp1252", "l1": "cp1252", "cp819": "cp1252",
    "ansix31101983": "cp1252", "western": "cp1252", "ansi": "cp1252", "windows1252": "cp1252",
    "cp1252": "cp1252", "1252": "cp1252", "xansi": "cp1252", "win1252": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "xgbk": "gb18030", "euccn": "gb18030", "gb231280": "gb18030", "csgb2312": "gb18030",
    "windows936": "gb18030", "chinesegb": "gb18030", "gb": "gb18030", "hzgb2312": "hz",
    "big5": "cp950", "cp950": "cp950", "big5hkscs": "big5hkscs", "xbig5": "cp950",
    "big5et": "cp950", "csbig5": "cp950", "windows950": "cp950", "cnbig5": "cp950",
    "ksc5601": "cp949", "ksc56011987": "cp949", "ksc56011989": "cp949", "euckr": "cp949",
    "cp949": "cp949", "uhc": "cp949", "windows949": "cp949", "korean": "cp949",
    "kseuckr": "cp949", "xwindows949": "cp949", "iso2022kr": "iso2022_kr", "johab": "johab",
    "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "windows31j": "cp932",
    "cswindows31j": "cp932", "mskanji": "cp932", "cp932": "cp932", "windows932": "cp932",
    "shiftjis2004": "shift_jis_2004", "shiftjisx0213": "shift_jisx0213",
    "eucjp": "euc_jp", "xeucjp": "euc_jp", "eucjpms": "euc_jp", "cp51932": "euc_jp",
    "iso2022jp": "iso-2022-jp", "csiso2022jp": "iso-2022-jp", "iso2022jpms": "iso-2022-jp",
    "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "iso2022jp1": "iso-2022-jp",
    "iso2022jp2": "iso2022_jp_2", "iso2022jp3": "iso2022_jp_3", "jis": "iso-2022-jp",
    "iso2022jpext": "iso2022_jp_ext", "iso2022jp2004": "iso2022_jp_2004",
    "tis620": "cp874", "windows874": "cp874", "cp874": "cp874", "iso885911": "cp874",
    "macintosh": "mac_roman", "macroman": "mac_roman", "xmacroman": "mac_roman", "mac": "mac_roman",
    "xmaccyrillic": "mac_cyrillic", "maccyrillic": "mac_cyrillic", "xmacce": "mac_latin2",
    "xmaccentraleurroman": "mac_latin2", "xmacturkish": "mac_turkish", "xmacgreek": "mac_greek",
    "koi8r": "koi8_r", "koi8": "koi8_r", "cskoi8r": "koi8_r", "koi8u": "koi8_u", "koi8ru": "koi8_u",
    "iso88599": "cp1254", "iso88596i": "iso8859_6", "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8", "latin2": "iso8859_2", "latin5": "cp1254", "latin9": "iso8859_15",
    "cyrillic": "iso8859_5", "greek": "iso8859_7", "hebrew": "iso8859_8", "arabic": "iso8859_6",
    "viscii": "cp1258", "xviscii": "cp1258", "tcvn": "cp1258",
} | {
    f"iso8859{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)
} | {
    f"{prefix}{n}": f"cp{n}"
    for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)
    for prefix in ("windows", "cp", "win", "xcp", "")
} | {
    f"{prefix}{n}": f"cp{n}"
    for n in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869)
    for prefix in ("cp", "ibm", "")
}  # fmt: skip

_NOT_NAME = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=256)
def codec_name(declared: str) -> str | None:
    """Python's codec for a declared character set, or None when it is not on the list."""
    return _ALIASES.get(_NOT_NAME.sub("", declared.lower()[:60]))


@lru_cache(maxsize=256)
def is_refused(declared: str) -> bool:
    return _NOT_NAME.sub("", declared.lower()[:60]) in REFUSED


def decode_bytes(content: bytes, declared: str | None) -> tuple[str, bool]:
    """The text and whether the character set had to be guessed or was wrong."""
    codec = codec_name(declared) if declared else None
    if codec in (None, "us-ascii"):
        if content.isascii() and not (b"\x1b$" in content or b"\x1b(" in content):
            is_unknown = bool(declared) and codec is None
            return content.decode("ascii"), is_unknown
        return guess_text(content), True
    if codec == "iso-2022-jp":
        return decode_iso_2022_jp(content)
    try:
        return content.decode(codec or "ascii"), False
    except UnicodeDecodeError:
        return _repair(content, codec or "ascii"), True


def _repair(content: bytes, codec: str) -> str:
    if codec == "cp1252":  # five bytes are undefined in it; browsers read them as C1 controls
        return content.decode("latin-1") if _is_mostly_text(content) else guess_text(content)
    if codec == "utf-8" or codec.startswith("utf"):
        lenient = content.decode(codec, "replace")
        if lenient.count("\ufffd") * 20 <= len(lenient):
            return lenient
        return guess_text(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(codec, "replace")


def _is_mostly_text(content: bytes) -> bool:
    return not _is_utf8(content)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_iso_2022_jp(content: bytes) -> tuple[str, bool]:
    """ISO-2022-JP as Microsoft extends it: JIS rows decoded through code page 932."""
    output: list[str] = []
    is_odd = False
    for index, run in enumerate(content.split(b"\x1b")):
        if index == 0:
            text, was_guessed = decode_bytes(run, "us-ascii")
            output.append(text)
            is_odd |= was_guessed
        elif run[:2] in (b"$B", b"$@"):
            output.append(_decode_jis_rows(run[2:]))
        elif run[:2] in (b"(B", b"(J", b"(H"):
            output.append(run[2:].decode("cp932", "replace"))
        elif run[:2] == b"(I":
            output.append(bytes(byte | 0x80 for byte in run[2:]).decode("cp932", "replace"))
        elif run[:3] == b"$(D":
            output.append((b"\x1b" + run + b"\x1b(B").decode("iso2022_jp_ext", "replace"))
        else:
            output.append(run.decode("ascii", "replace"))
            is_odd = True
    return "".join(output), is_odd


def _decode_jis_rows(run: bytes) -> str:
    """Pairs of JIS X 0208 bytes, shifted into code page 932; line breaks pass through."""
    shifted = bytearray()
    position = 0
    while position < len(run):
        first = run[position]
        if first < 0x21 or position + 1 >= len(run):  # noqa: PLR2004 - control bytes end a row
            shifted.append(first)
            position += 1
            continue
        row, cell = first & 0x7F, run[position + 1] & 0x7F
        shifted.append((row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1))  # noqa: PLR2004 - JIS X 0208
        if row % 2:
            shifted.append(cell + (0x20 if cell >= 0x60 else 0x1F))  # noqa: PLR2004 - JIS X 0208
        else:
            shifted.append(cell + 0x7E)
        position += 2
    return bytes(shifted).decode("cp932", "replace")


_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip


def guess_text(content: bytes) -> str:
    """Text of undeclared bytes: byte order mark, UTF-8, escapes, then the likeliest script."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace")
    if b"\x1b$" in content or b"\x1b(" in content:
        return decode_iso_2022_jp(content)[0]
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lenient = content.decode("utf-8", "replace")
    if _is_nearly_all_read(lenient):
        return lenient
    sample = content[:8192]
    if _is_accented(sample):
        return content.decode("cp1252", "replace")
    best = max(_GUESSES, key=lambda codec: _score(sample, codec))
    return content.decode(_GUESSES[best], "replace")


_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_PAIR_IN_WORD = re.compile(
    rb"(?<=[A-Za-z])[\x80-\xff]{2}(?![\x80-\xff])|(?<![\x80-\xff])[\x80-\xff]{2}(?=[A-Za-z])"
)
_KANA_LEADS = b"\x82\x83"  # nearly every other byte of Japanese in Shift_JIS


def _is_nearly_all_read(lenient: str) -> bool:
    """UTF-8 that a gateway damaged in places: other codes hardly ever look like it."""
    bad = lenient.count("\ufffd")
    high = len(lenient) - len(lenient.encode("ascii", "ignore"))
    return high - bad >= 2 * bad


def _is_accented(sample: bytes) -> bool:
    """Accents between plain letters, one by one or two together as in German ``üß``."""
    runs = _HIGH_RUN.findall(sample)
    accents = sum(1 for run in runs if len(run) == 1) + len(_PAIR_IN_WORD.findall(sample))
    high = sum(map(len, runs))
    leads = high - len(b"".join(runs).translate(None, _KANA_LEADS))
    return accents * 2 > len(runs) and leads * 3 < high


# Scored in the small set that people write with, decoded in its superset.
_GUESSES = {
    "cp1252": "cp1252",
    "cp1251": "cp1251",
    "koi8_r": "koi8_r",
    "cp932": "cp932",
    "gb2312": "gb18030",
    "euc_kr": "cp949",
    "big5": "cp950",
    "euc_jp": "euc_jp",
}


def _score(sample: bytes, codec: str) -> float:
    """How much the high bytes, read in this code, look like writing (letters of one script)."""
    text = sample.decode(codec, "replace")
    high = [character for character in text if character > "\x7f"]
    if not high:
        return 0.0
    good = sum(_weight(character, codec) for character in high)
    return good / len(high)


def _weight(character: str, codec: str) -> float:  # noqa: PLR0911 - one return a script
    if character == "\ufffd" or "\x80" <= character < "\xa0":
        return -4.0
    if codec == "cp1252":
        return (
            0.55 if character in "äöüßÄÖÜéèêëàâçñóíáúìòùîïôûœæøåÅØÆÉÇÑÓÁÍÚ€’“”„–—…«»°·•©®" else 0.0
        )
    if codec in ("cp1251", "koi8_r"):
        if "а" <= character <= "я" or character in "ёіїє":
            return 0.8
        return 0.2 if "А" <= character <= "Я" else -0.5
    if "\u3040" <= character <= "\u30ff":
        return 1.0 if codec in ("cp932", "euc_jp") else 0.4
    if "\uac00" <= character <= "\ud7a3":
        return 0.95 if codec == "euc_kr" else -1.0
    if "\u4e00" <= character <= "\u9fff":
        return 0.85 if codec in ("gb2312", "big5") else 0.7
    if "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e":
        return 0.8
    return -0.5
