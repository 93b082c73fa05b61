"""The mix of mails that the benchmarks send: 70 % text, 30 % HTML, a few attachments."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.policy import SMTP

_OPENINGS = (
    "my paycheck for October is short by {n} EUR and nobody could tell me why.",
    "I would like to take parental leave from March, what do I have to hand in?",
    "could you please confirm my employment for the landlord, the form is attached below.",
    "how many vacation days do I have left this year, and do they carry over?",
    "I moved to a new flat, please change my address to Lindenweg {n}.",
    "is there a rule on working from abroad for two weeks in summer?",
    "my mileage claim number {n} was rejected without a reason.",
    "I want to add my newborn to the health plan before the enrollment ends.",
)
_FILLER = (
    "We talked about it in the last team meeting, but I am not sure who decides.",
    "Last year it was handled by a colleague who has left since.",
    "I tried the portal first; it only says that the request is being processed.",
    "Please tell me what else you need from me, I can send copies this week.",
    "It would help me a lot to know by Friday, since I have to plan ahead.",
    "Thank you very much for your patience and for looking into this.",
)


def mixed_mails(count: int, *, seed: int = 7, tag: str = "bench") -> list[bytes]:
    """Text up to 2 kB, HTML up to 5 kB, each fiftieth with a picture of 20 kB."""
    chance = random.Random(seed)
    return [_mail(number, chance, tag) for number in range(count)]


def _mail(number: int, chance: random.Random, tag: str) -> bytes:
    paragraphs = [chance.choice(_OPENINGS).format(n=number)]
    paragraphs += [chance.choice(_FILLER) for _ in range(chance.randint(1, 12))]
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Person {number % 400} <person{number % 400}@acme.example>"
    message["To"] = "hr@acme.example"
    message["Subject"] = f"Question {number}"
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0000"
    message["Message-ID"] = f"<{tag}.{number}@client.example>"
    if chance.random() < 0.7:
        message.set_content("Hello,\n\n" + "\n\n".join(paragraphs) + "\n\nKind regards\nA person\n")
    else:
        rows = "".join(
            f'<p style="font-family:Calibri;font-size:11pt;margin:0 0 8pt 0">{p}</p>'
            for p in paragraphs
        )
        message.set_content(
            f'<html><body><div class="WordSection1"><p>Hello,</p>{rows}</div></body></html>',
            subtype="html",
        )
    if number % 50 == 0:
        message.add_attachment(
            chance.randbytes(20_000), maintype="image", subtype="jpeg", filename="photo.jpg"
        )
    return message.as_bytes()
