"""Reply and forward prefixes of subjects, in the languages mail clients speak."""

from __future__ import annotations

from functools import lru_cache

REPLY_PREFIXES = frozenset({
    "re", "aw", "sv", "vs", "antw", "antwort", "odp", "rif", "r", "res", "resp", "ynt", "yan",
    "cevap", "vá", "bls", "ref", "r\u00e9f", "r\u00e9p", "rep", "ad", "atb", "ha", "\u03b1\u03c0",
    "\u03c3\u03c7\u03b5\u03c4", "\u043e\u0442\u0432", "\u043e\u0442\u0432\u0435\u0442",
    "\u56de\u590d", "\u56de\u8986", "\u7b54\u590d", "\u8fd4\u4fe1", "\ud68c\uc2e0",
    "\u0432\u0456\u0434\u043f", "r\u0103sp", "na", "td", "odgovor", "re:",
})  # fmt: skip
FORWARD_PREFIXES = frozenset({
    "fwd", "fw", "wg", "tr", "rv", "enc", "i", "inoltra", "inoltro", "doorst", "dor", "vl", "vb",
    "vid", "videresendt", "pd", "ilt", "i\u0307lt", "ilet", "tov\u00e1bb\u00edt\u00e1s",
    "tov\u00e1bb\u00edtva", "tovabbitas", "p\u0159", "fs", "p\u0159edano", "weitergeleitet",
    "reenv", "res env", "encaminhado", "enc.", "e\u03b4", "\u03c0\u03c1\u03b8",
    "\u043f\u0435\u0440\u0435\u0441\u043b", "\u043f\u0435\u0440", "\u8f6c\u53d1", "\u8f49\u5bc4",
    "\u8f49\u767c", "\u8ee2\u9001", "\uc804\ub2ec", "redir", "red", "rvs", "videres", "\u00f6ver",
    "vidarebefordrat", "vidarebefordran", "l\u00e4hetetty edelleen", "preposlane",
    "preposlan\u00e9", "mf", "tf", "f", "fwd.", "fw.", "trans", "transf", "f\u00f8r", "fwrd",
    "forward", "forwarded", "edasi", "pren", "prosl", "proslije\u0111eno", "fyi fwd", "vrb",
    "vidareb", "redirec\u021bionat",
})  # fmt: skip


# What mail clients put before an answer and nobody writes at the head of a subject of their own.
_ANSWERS = frozenset({"re", "aw", "antw", "antwort", "sv", "odp", "rép"})

_MOST_ANSWERS = 20


@lru_cache(maxsize=64)
def _prefix(subject: str) -> str | None:
    """The word before the first colon (ASCII or full width), counters like ``Re[2]`` removed."""
    head, separator, _ = subject.lstrip().replace("\uff1a", ":")[:40].partition(":")
    if not separator:
        return None
    return head.partition("[")[0].partition("^")[0].partition("(")[0].strip().lower()


def without_answers(subject: str) -> str:
    """The subject less the prefixes that answers pile up: ``AW: Re: Pay`` is ``Pay``."""
    return _without(subject, _ANSWERS)


def without_prefixes(subject: str) -> str:
    """The subject less everything that answers and forwards put before it, for comparing."""
    return _without(subject, REPLY_PREFIXES | FORWARD_PREFIXES)


def _without(subject: str, prefixes: frozenset[str]) -> str:
    left = subject.strip()
    for _ in range(_MOST_ANSWERS):
        if _prefix(left) not in prefixes:
            break
        left = left.replace("\uff1a", ":", 1).partition(":")[2].lstrip()
    return left


def is_reply_subject(subject: str) -> bool:
    return _prefix(subject) in REPLY_PREFIXES


def is_forward_subject(subject: str, *, finnish: bool = False) -> bool:
    """``VS:`` is a forward in Danish and Norwegian, and a reply in Finnish."""
    prefix = _prefix(subject)
    if prefix == "vs":
        return not finnish
    if prefix is not None and prefix in FORWARD_PREFIXES:
        return True
    return subject.lstrip().lower().startswith(("[fwd:", "[fwd", "(fwd)", "[fw:"))
