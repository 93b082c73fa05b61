"""The closed list of what can be wrong with a mail that was read all the same."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """A code of ``Message.problems``; SENTENCES says each in words."""

    ADDRESS_LIMIT = "address_limit"
    BAD_ADDRESS = "bad_address"
    BAD_DATE = "bad_date"
    BAD_ENCODED_WORD = "bad_encoded_word"
    BAD_HEADER_LINE = "bad_header_line"
    BAD_TNEF = "bad_tnef"
    BAD_TRANSFER_ENCODING = "bad_transfer_encoding"
    CHARSET_GUESSED = "charset_guessed"
    CHARSET_REFUSED = "charset_refused"
    DEPTH_LIMIT = "depth_limit"
    DUPLICATE_FIELD = "duplicate_field"
    ENCRYPTED = "encrypted"
    FIELD_LIMIT = "field_limit"
    FROM_NOT_STRICT = "from_not_strict"
    ID_LIMIT = "id_limit"
    MISSING_BOUNDARY = "missing_boundary"
    NO_DATE = "no_date"
    NO_FROM = "no_from"
    NO_MESSAGE_ID = "no_message_id"
    PART_LIMIT = "part_limit"
    SEVERAL_FROM = "several_from"
    TEXT_LIMIT = "text_limit"
    TRUNCATED = "truncated"
    UNPARSABLE = "unparsable"


SENTENCES: dict[Problem, str] = {
    Problem.ADDRESS_LIMIT: "More than 100 addresses in one field: the rest was not read.",
    Problem.BAD_ADDRESS: "An address field holds something that is no address.",
    Problem.BAD_DATE: "The Date field cannot be read as a date.",
    Problem.BAD_ENCODED_WORD: "A broken encoded word (RFC 2047) was read as far as it goes.",
    Problem.BAD_HEADER_LINE: "A line among the header fields is no header field.",
    Problem.BAD_TNEF: "A winmail.dat cannot be opened; it is kept as it came.",
    Problem.BAD_TRANSFER_ENCODING: "A part is not encoded the way it says.",
    Problem.CHARSET_GUESSED: "The character set is missing, unknown or wrong, and was guessed.",
    Problem.CHARSET_REFUSED: "The character set is refused because it hides text (UTF-7).",
    Problem.DEPTH_LIMIT: "Parts are nested deeper than 30 levels: the inner ones were not opened.",
    Problem.DUPLICATE_FIELD: "A field that may stand once stands several times; the first counts.",
    Problem.ENCRYPTED: "The mail is encrypted and was not read.",
    Problem.FIELD_LIMIT: "The header is larger than the limits: the rest of it was not read.",
    Problem.FROM_NOT_STRICT: "From is not one plain ASCII address.",
    Problem.ID_LIMIT: "More than 50 message ids in one field: the oldest were left out.",
    Problem.MISSING_BOUNDARY: "A multipart names no boundary, or none of its parts was found.",
    Problem.NO_DATE: "There is no Date field.",
    Problem.NO_FROM: "There is no From field.",
    Problem.NO_MESSAGE_ID: "There is no Message-ID.",
    Problem.PART_LIMIT: "More than 1,000 parts: the rest was not opened.",
    Problem.SEVERAL_FROM: "There are several From fields, or several authors.",
    Problem.TEXT_LIMIT: "The text is longer than the limit: the rest was left out.",
    Problem.TRUNCATED: "The mail ends before its last part does.",
    Problem.UNPARSABLE: "The mail could not be read within the limits; only header fields were.",
}
