"""What HR staff agree to each year, in every language of the mails."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mailflow.core.mail import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VERSION = "1"
"""Goes on record with each consent: raise it when the words change."""

_RULES: Mapping[str, str] = MappingProxyType(
    {
        "en": "Your confidentiality training counts until {until}. After that day no case of high "
        "or confidential risk can be yours, and you cannot read one. To renew it for a year, read "
        "these rules and reply with #agree. I read only cases that I work on. I speak of a case "
        "with nobody who does not work on it. I forward none of its mails and keep no copies. I "
        "say at once when a case may touch me or somebody close to me. I report it at once when "
        "something went to the wrong person.",
        "de": "Ihre Schulung zur Vertraulichkeit gilt bis {until}. Danach können Sie keinen Fall "
        "mit hohem oder vertraulichem Risiko haben oder lesen. Um sie für ein Jahr zu erneuern, "
        "lesen Sie diese Regeln und antworten Sie mit #agree. Ich lese nur Fälle, an denen ich "
        "arbeite. Ich spreche über einen Fall nur mit Menschen, die daran arbeiten. Ich leite "
        "keine seiner Mails weiter und behalte keine Kopien. Ich sage sofort, wenn ein Fall mich "
        "oder mir Nahestehende betreffen könnte. Ich melde sofort, wenn etwas an die falsche "
        "Person ging.",
        "fr": "Votre formation à la confidentialité est valable jusqu'au {until}. Ensuite, aucun "
        "dossier à risque élevé ou confidentiel ne pourra vous être confié ni montré. Pour la "
        "renouveler pour un an, lisez ces règles et répondez par #agree. Je ne lis que les "
        "dossiers auxquels je travaille. Je n'en parle qu'avec les personnes qui y travaillent. "
        "Je ne transfère aucun de leurs courriels et n'en garde aucune copie. Je signale aussitôt "
        "qu'un dossier pourrait me toucher, moi ou un proche. Je signale aussitôt tout envoi à la "
        "mauvaise personne.",
        "es": "Su formación en confidencialidad vale hasta el {until}. Después no podrá llevar ni "
        "leer ningún caso de riesgo alto o confidencial. Para renovarla por un año, lea estas "
        "reglas y responda con #agree. Solo leo los casos en los que trabajo. Solo hablo de un "
        "caso con quienes trabajan en él. No reenvío sus correos ni guardo copias. Aviso "
        "enseguida si un caso puede afectarme a mí o a alguien cercano. Aviso enseguida si algo "
        "llegó a la persona equivocada.",
    }
)


def say_training(until: date, locale: str) -> str:
    """English where the language is none of ours."""
    rules = _RULES.get(words.language(locale), _RULES["en"])
    return rules.replace("{until}", words.say_day(until, locale=locale))
