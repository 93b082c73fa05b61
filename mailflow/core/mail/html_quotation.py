"""Elements that mail clients put around quotations and signatures. Structure only, no text."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag


class Mark(Enum):
    """What an element says about the lines inside it, or from it on."""

    NOTHING = 0
    QUOTED = 1
    QUOTED_TO_END = 2
    HEADER_MAY_FOLLOW = 3
    SIGNATURE = 4
    GMAIL_QUOTE = 5


_QUOTED_CLASSES = frozenset({
    "moz-cite-prefix", "moz-forward-container", "moz-email-headers-table", "yahoo_quoted",
    "yahoo-quoted-begin", "zmail_extra", "protonmail_quote", "tutanota_quote", "front-blockquote",
    "gmail_attr", "gmail_quote_attribution", "ms-outlook-mobile-reference-message",
    "cs-reply-original", "ntes-mailmaster-quote", "mailru-blockquote", "js-quoted-message",
    "hs_reply", "sparrowquote", "quotedtext", "quotedcontent", "quote-container", "reply-quote",
    "olk-src-body-section", "mail-quote-collapse", "mb_quote", "x-quote", "plist-quote",
    "mailbird-quote",
})  # fmt: skip
_QUOTED_IDS = frozenset({
    "olk_src_body_section", "mail-editor-reference-message-container", "reply-intro",
    "isreplycontent", "replycontent", "isforwardcontent", "blockquote_zmail", "_htmlquote",
    "replybody", "orig-msg", "replyforward", "qt", "mailquote", "originalmessage", "oriemail",
    "orgmessage", "divtagdefaultwrapperquoted", "yahoo_quoted", "forwardedmessage",
})  # fmt: skip
_TO_END_IDS = frozenset({
    "divrplyfwdmsg", "appendonsend", "stopspelling", "ms-outlook-mobile-body-separator-line",
    "x_appendonsend", "mail-editor-reference-message", "replysplit", "hmquoteheader",
})  # fmt: skip
_SIGNATURE_CLASSES = frozenset({
    "gmail_signature", "moz-signature", "protonmail_signature_block", "signature", "mail-signature",
    "email-signature", "gmail_signature_prefix", "tutanota_signature", "ms-outlook-ios-signature",
    "spark-signature", "yahoo-signature", "ydp-signature", "zimbra-signature", "zmail_signature",
})  # fmt: skip
_SIGNATURE_IDS = frozenset({
    "signature", "ms-outlook-mobile-signature", "applemailsignature", "x_signature", "owasignature",
    "ymail_android_signature",
    "linebreakatbeginningofsignature", "composer_signature", "zmail_signature",
    "mail_android_signature",
})  # fmt: skip
_HEADER_BORDERS = (
    "#b5c4df",
    "#e1e1e1",
    "windowtext",
    "#b5c4d",
    "rgb(181,196,223)",
    "rgb(225,225,225)",
    "rgb(229,229,229)",
)


def mark_of(tag: Tag) -> Mark:
    attributes = tag.attrs
    if not attributes:
        return Mark.QUOTED if tag.name == "blockquote" else Mark.NOTHING
    mark = _mark_of_id(str(attributes.get("id", "")).lower())
    if mark is Mark.NOTHING and "class" in attributes:
        mark = _mark_of_classes(tag)
    if mark is not Mark.NOTHING:
        return mark
    if tag.name == "blockquote":
        return Mark.NOTHING if _is_indent(tag) else Mark.QUOTED
    return _mark_of_others(tag)


def _mark_of_classes(tag: Tag) -> Mark:
    names = frozenset(str(tag.attrs["class"]).lower().split())
    if "gmail_quote" in names and tag.name != "blockquote":
        return Mark.GMAIL_QUOTE
    if not names.isdisjoint(_QUOTED_CLASSES):
        return Mark.QUOTED
    return Mark.NOTHING if names.isdisjoint(_SIGNATURE_CLASSES) else Mark.SIGNATURE


def _mark_of_others(tag: Tag) -> Mark:
    attributes = tag.attrs
    if attributes.get("data-smartmail") == "gmail_signature":
        return Mark.SIGNATURE
    if attributes.get("name") == "messageSignatureSection":  # Spark
        return Mark.SIGNATURE
    if attributes.get("name") in ("messageReplySection", "quote"):
        return Mark.QUOTED
    if tag.name == "div" and _has_header_border(str(attributes.get("style", ""))):
        return Mark.HEADER_MAY_FOLLOW
    return Mark.NOTHING


def _mark_of_id(identifier: str) -> Mark:
    if not identifier:
        return Mark.NOTHING
    if identifier in _TO_END_IDS:
        return Mark.QUOTED_TO_END
    if identifier in _QUOTED_IDS or identifier.startswith(
        ("yahoo_quoted", "ydp_quoted", "olk_src_body")
    ):
        return Mark.QUOTED
    return Mark.SIGNATURE if identifier in _SIGNATURE_IDS else Mark.NOTHING


def _is_indent(tag: Tag) -> bool:
    """The indent button of Gmail and Outlook makes a blockquote that quotes nobody."""
    style = "".join(str(tag.attrs.get("style", "")).lower().split())
    return "margin:000" in style and ("border:none" in style or "border:medium" in style)


def _has_header_border(style: str) -> bool:
    """The line Outlook draws above From/Sent/To/Subject."""
    if "border-top" not in style.lower():
        return False
    compact = "".join(style.lower().split())
    is_solid = "border-top:solid" in compact or "border-top-style:solid" in compact
    return is_solid and any(color in compact for color in _HEADER_BORDERS)


def is_hidden(tag: Tag) -> bool:
    """Text that no reader sees: preheaders, and words meant for filters or for commands."""
    attributes = tag.attrs
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style:
        return False
    compact = "".join(str(style).lower().split())
    return (
        "display:none" in compact
        or "visibility:hidden" in compact
        or "mso-hide:all" in compact
        or "font-size:0;" in compact
        or compact.endswith(("font-size:0", "font-size:0px"))
        or "font-size:0px" in compact
    )
