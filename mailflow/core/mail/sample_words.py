"""What the invented people of the sample mails write, by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SampleWords:
    """``letter`` is an employee's first mail, ``later`` a further one, ``answer`` HR's reply."""

    letter: str
    later: str
    answer: str
    emergency: str
    done: tuple[str, ...]
    refused: tuple[str, ...]
    alert: str


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
    emergency=(
        "Are you or somebody else in danger right now? Call 112 first. We read this mailbox in "
        "working hours only."
    ),
    done=(
        "Your answer goes to the employee at 10:02.",
        "The category is now: pay.",
        "The employee is asked again on Monday, 30 November.",
    ),
    refused=(
        '"#clsoe" is not a command. Did you mean #close? Nothing of your mail was done.',
        "Nothing was sent to the employee.",
    ),
    alert="A reply address of this case was used from somebody else's mailbox.",
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
    emergency=(
        "Sind Sie oder andere gerade in Gefahr? Rufen Sie zuerst 112 an. Dieses Postfach lesen "
        "wir nur zu Arbeitszeiten."
    ),
    done=(
        "Ihre Antwort geht um 10:02 Uhr an die Person.",
        "Die Kategorie ist jetzt: Gehalt.",
        "Die Person wird am Montag, 30. November, noch einmal gefragt.",
    ),
    refused=(
        "„#clsoe“ ist kein Befehl. Meinten Sie #close? Nichts aus Ihrer Mail wurde ausgeführt.",
        "Der Person wurde nichts gesendet.",
    ),
    alert="Eine Antwortadresse dieses Falls wurde aus einem fremden Postfach benutzt.",
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
    emergency=(
        "Vous ou quelqu'un d'autre êtes en danger ? Appelez d'abord le 112. Nous ne lisons cette "
        "boîte qu'aux heures de travail."
    ),
    done=(
        "Votre réponse part à 10 h 02.",
        "La catégorie est maintenant : paie.",
        "La question sera reposée le lundi 30 novembre.",
    ),
    refused=(
        "« #clsoe » n'est pas une commande. Vouliez-vous dire #close ? Rien n'a été exécuté.",
        "Rien n'a été envoyé à la personne.",
    ),
    alert="Une adresse de réponse de ce dossier a servi depuis la boîte de quelqu'un d'autre.",
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
    emergency=(
        "¿Usted u otra persona está en peligro ahora? Llame primero al 112. Solo leemos este "
        "buzón en horario de trabajo."
    ),
    done=(
        "Su respuesta sale a las 10:02.",
        "La categoría es ahora: nómina.",
        "Se volverá a preguntar el lunes, 30 de noviembre.",
    ),
    refused=(
        "«#clsoe» no es una orden. ¿Quiso decir #close? No se ha hecho nada de su mensaje.",
        "No se ha enviado nada a la persona.",
    ),
    alert="Una dirección de respuesta de este caso se usó desde el buzón de otra persona.",
)
SAMPLE_WORDS: Mapping[str, SampleWords] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
}
