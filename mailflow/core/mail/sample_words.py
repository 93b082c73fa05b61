"""What the invented people of the sample mails write, by language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailflow.core.mail import words

if TYPE_CHECKING:
    from collections.abc import Mapping

_SENT = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)
_DUE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
_MISSING = ("outcome", "resolution_date")


@dataclass(frozen=True)
class SampleWords:
    """``letter`` is an employee's first mail, ``later`` a further one, ``answer`` HR's reply and
    ``question`` what HR asks back.
    """

    letter: str
    later: str
    answer: str
    question: str
    emergency: str


_ENGLISH = SampleWords(
    letter=(
        "Hello,\n\nmy October payslip is 212.40 short. I worked two Sunday shifts (4 and 11 "
        "October), but the Sunday rate is missing for both of them.\n\nCould you look into it "
        "before the next pay run?\n\nThank you\nAna"
    ),
    later="Thanks! I found the roster, it is attached.\n\nAna",
    answer=(
        "Hello Ana,\n\nyou are right: both Sunday shifts were booked at the weekday rate. I have "
        "corrected them, and the 212.40 come with the November pay on Wednesday.\n\n"
        "Kind regards\nDana"
    ),
    question="Which two Sundays do you mean, and who signed your roster?",
    emergency=(
        "Are you or somebody else in danger right now? Call 112 first. We read this mailbox in "
        "working hours only."
    ),
)
_GERMAN = SampleWords(
    letter=(
        "Guten Tag,\n\nauf meiner Abrechnung für Oktober fehlen 212,40. Ich habe an zwei Sonntagen "
        "gearbeitet (4. und 11. Oktober), aber der Sonntagszuschlag fehlt beide Male.\n\nKönnten "
        "Sie das vor dem nächsten Lauf ansehen?\n\nDanke\nAna"
    ),
    later="Danke! Ich habe den Dienstplan gefunden, er hängt an.\n\nAna",
    answer=(
        "Guten Tag Ana,\n\nSie haben recht: Beide Sonntage waren wie Werktage gebucht. Ich habe "
        "es berichtigt, die 212,40 kommen am Mittwoch mit dem Novembergehalt.\n\n"
        "Freundliche Grüße\nDana"
    ),
    question="Um welche beiden Sonntage geht es, und wer hat Ihren Dienstplan unterschrieben?",
    emergency=(
        "Sind Sie oder andere gerade in Gefahr? Rufen Sie zuerst 112 an. Dieses Postfach lesen "
        "wir nur zu Arbeitszeiten."
    ),
)
_FRENCH = SampleWords(
    letter=(
        "Bonjour,\n\nil manque 212,40 sur ma fiche de paie d'octobre. J'ai travaillé deux "
        "dimanches (le 4 et le 11 octobre), mais la majoration manque les deux fois.\n\n"
        "Pourriez-vous regarder avant la prochaine paie ?\n\nMerci\nAna"
    ),
    later="Merci ! J'ai retrouvé le planning, il est joint.\n\nAna",
    answer=(
        "Bonjour Ana,\n\nvous avez raison : les deux dimanches étaient comptés comme des jours de "
        "semaine. C'est corrigé, les 212,40 arrivent mercredi avec la paie de novembre.\n\n"
        "Cordialement\nDana"
    ),
    question="De quels dimanches s’agit-il, et qui a signé votre planning ?",
    emergency=(
        "Vous ou quelqu'un d'autre êtes en danger ? Appelez d'abord le 112. Nous ne lisons cette "
        "boîte qu'aux heures de travail."
    ),
)
_SPANISH = SampleWords(
    letter=(
        "Hola:\n\nen mi nómina de octubre faltan 212,40. Trabajé dos domingos (el 4 y el 11 de "
        "octubre), pero falta el plus de domingo en los dos.\n\n¿Podrían mirarlo antes del "
        "próximo pago?\n\nGracias\nAna"
    ),
    later="¡Gracias! He encontrado el cuadrante, va adjunto.\n\nAna",
    answer=(
        "Hola, Ana:\n\ntiene razón: los dos domingos se contaron como días laborables. Ya está "
        "corregido, los 212,40 llegan el miércoles con la nómina de noviembre.\n\n"
        "Un saludo\nDana"
    ),
    question="¿De qué dos domingos se trata y quién firmó su cuadrante?",
    emergency=(
        "¿Usted u otra persona está en peligro ahora? Llame primero al 112. Solo leemos este "
        "buzón en horario de trabajo."
    ),
)
SAMPLE_WORDS: Mapping[str, SampleWords] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
}


def sample_facts(locale: str) -> dict[str, str]:
    """What the lines of receipts and the alerts speak of."""
    return {
        "ref": "HR-7K2Q9M",
        "line": "1",
        "verb": "clsoe",
        "guess": "close",
        "when": words.say_clock(_SENT, zone=UTC, locale=locale),
        "n": "3",
        "count": "2",
        "category": "payroll_discrepancy",
        "risk": "moderate",
        "state": "working",
        "owner": "Dana Lead",
        "person": "Sam Santos",
        "due": words.say_time(_DUE, zone=UTC, locale=locale),
        "date": _DUE.date().isoformat(),
        "meter": "4/6",
        "missing": ", ".join(words.field_words(name, locale) for name in _MISSING),
        "block": "#close outcome: resolved\n resolution: …",
        "sender": "a.silva@mail.example",
        "holder": "ana@acme.example",
        "text": "…",
        "recipient": "ana@acme.example",
        "reason": "550 5.1.1 unknown user",
    }
