"""What a correct sender composes is read back exactly: the email package writes, we read."""

from __future__ import annotations

from email import policy
from email.headerregistry import Address as ComposedAddress
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.mail.parse import parse_message

LETTERS = st.characters(
    categories=("Ll", "Lu", "Nd", "Lo"), exclude_characters="\u0130", max_codepoint=0xFFFF
)
WORDS = st.text(LETTERS, min_size=1, max_size=12)
PHRASES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
LINES = st.lists(st.one_of(PHRASES, st.just("")), max_size=8)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@st.composite
def messages(draw: st.DrawFn) -> EmailMessage:
    # Long lines: Python 3.11 loses blanks between the encoded words that it folds.
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=9_000))
    message["From"] = ComposedAddress(draw(NAMES), "eva", "acme.example")
    message["To"] = [
        ComposedAddress(name, f"to{number}", "acme.example")
        for number, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=4)))
    ]
    message["Subject"] = draw(PHRASES)
    message["Message-ID"] = "<composed@acme.example>"
    text = "\n".join(draw(LINES)) + "\n"
    message.set_content(text, cte=draw(st.sampled_from(["8bit", "quoted-printable", "base64"])))
    for number, content in enumerate(draw(st.lists(st.binary(max_size=200), max_size=3))):
        message.add_attachment(
            content, maintype="application", subtype="pdf", filename=f"{draw(WORDS)}{number}.pdf"
        )
    return message


@given(message=messages())
@settings(max_examples=50, deadline=None)
def test_subject_and_people_are_read_back(message: EmailMessage) -> None:
    read = parse_message(bytes(message))
    assert read.subject == message["Subject"]
    assert read.sender is not None
    assert read.sender.name == message["From"].addresses[0].display_name
    assert [(one.name, one.address) for one in read.to] == [
        (one.display_name, one.addr_spec) for one in message["To"].addresses
    ]


@given(message=messages())
@settings(max_examples=50, deadline=None)
def test_text_is_read_back(message: EmailMessage) -> None:
    body = message.get_body()
    assert body is not None
    read = parse_message(bytes(message))
    assert read.text.strip("\n") == body.get_content().replace("\r\n", "\n").strip("\n")


@given(message=messages())
@settings(max_examples=50, deadline=None)
def test_files_are_read_back(message: EmailMessage) -> None:
    read = parse_message(bytes(message))
    assert [(one.filename, one.content) for one in read.attachments] == [
        (part.get_filename(), part.get_content()) for part in message.iter_attachments()
    ]
