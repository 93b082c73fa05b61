"""What a member of HR hears after forwarding an employee's mail, by code and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FORWARD_RECEIPTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "forward_opened": "The case belongs to the person whose mail you forwarded.",
        "forward_note": "Your own lines are an internal note; the employee does not get them.",
        "forward_plain": "You wrote no lines of your own.",
    },
    "de": {
        "forward_opened": "Der Fall gehört der Person, deren Mail Sie weitergeleitet haben.",
        "forward_note": "Ihre eigenen Zeilen sind eine interne Notiz, für die Person unsichtbar.",
        "forward_plain": "Eigene Zeilen haben Sie nicht geschrieben.",
    },
    "fr": {
        "forward_opened": "Le dossier est celui de la personne dont vous avez transféré le mail.",
        "forward_note": "Vos propres lignes restent une note interne, invisible pour la personne.",
        "forward_plain": "Vous n’avez rien ajouté vous-même.",
    },
    "es": {
        "forward_opened": "El caso se abrió para la persona cuyo correo usted reenvió.",
        "forward_note": "Sus propias líneas quedan como nota interna; la persona no las recibe.",
        "forward_plain": "Usted no añadió ninguna línea.",
    },
}
