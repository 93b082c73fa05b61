"""Character sets repaired and guessed, word by word."""

from __future__ import annotations

import pytest

from mailflow.core.mail.charset import codec_name, decode_bytes, is_refused

_REQUEST = "\u043f\u0440\u043e\u0448\u0443 \u043e\u0442\u043f\u0443\u0441\u043a"
DECODED = [
    ("half width katakana in iso-2022-jp", b"\x1b(I1\x1b(B", "iso-2022-jp", "\uff71"),
    ("jis x 0212 in iso-2022-jp", b"\x1b$(D0!\x1b(B", "iso-2022-jp", "\u4e02"),
    ("line breaks between jis rows", b"\x1b$B5Y\n2K\x1b(B", "iso-2022-jp", "\u4f11\n\u6687"),
    ("an odd escape", b"\x1b%Gx", "iso-2022-jp", "%Gx"),
    ("utf-8 with a mark, undeclared", b"\xef\xbb\xbf\xc3\xbc", None, "\u00fc"),
    ("utf-16 with a mark, undeclared", b"\xff\xfe\xfc\x00", None, "\u00fc"),
    ("iso-2022-jp, undeclared", b"\x1b$B5Y2K\x1b(B", None, "\u4f11\u6687"),
    ("utf-8 declared as big5", "\u5047\u671f".encode() + b"\xff", "big5", None),
    ("utf-8 declared as shift_jis", b"\xc3\xbc\xfd", "shift_jis", None),
    ("undefined byte of windows-1252", b"a\x81b", "windows-1252", "a\x81b"),
    ("utf-8 declared as latin with an undefined byte", b"\xe2\x80\x9d", "windows-1252", "\u201d"),
    ("koi8, undeclared", _REQUEST.encode("koi8-r"), None, _REQUEST),
    ("korean, undeclared", "\ud734\uac00\ub97c \uc2e0\uccad\ud569\ub2c8\ub2e4".encode("euc-kr"),
     None, "\ud734\uac00\ub97c \uc2e0\uccad\ud569\ub2c8\ub2e4"),
    ("chinese, undeclared", "\u6211\u60f3\u7533\u8bf7\u4f11\u5047".encode("gb18030"),
     None, "\u6211\u60f3\u7533\u8bf7\u4f11\u5047"),
    ("two accents together", "Gr\u00fc\u00dfe".encode("latin-1"), None, "Gr\u00fc\u00dfe"),
    ("accents far down", b"x" * 30_000 + "Gr\u00fc\u00dfe".encode("latin-1"), None,
     "x" * 30_000 + "Gr\u00fc\u00dfe"),
    ("katakana in shift_jis", "\u30c6\u30b9\u30c8 \u30e1\u30fc\u30eb".encode("cp932"), None,
     "\u30c6\u30b9\u30c8 \u30e1\u30fc\u30eb"),
    ("utf-8 with one damaged byte", b"K\xc3\xbcr \xff\xc3\x9cbung", None,
     "K\u00fcr \ufffd\u00dcbung"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "content", "declared", "text"), DECODED, ids=lambda one: str(one)[:40]
)
def test_bytes_become_text(
    what: str, content: bytes, declared: str | None, text: str | None
) -> None:
    decoded, _ = decode_bytes(content, declared)
    assert isinstance(decoded, str) if text is None else decoded == text


@pytest.mark.parametrize("name", ["UTF-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7"])
def test_charsets_that_hide_text_are_refused(name: str) -> None:
    assert is_refused(name)
    assert codec_name(name) is None


@pytest.mark.parametrize(
    "name", ["unicode_escape", "idna", "punycode", "zlib", "rot13", "mbcs", ""]
)
def test_only_listed_codecs_are_used(name: str) -> None:
    assert codec_name(name) is None


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("ISO_8859-1:1987", None),
        ("Windows-1252", "cp1252"),
        ("ks_c_5601-1987", "cp949"),
        ("cp-850", "cp850"),
    ],
)
def test_names_are_repaired(name: str, codec: str | None) -> None:
    assert codec_name(name) == codec
