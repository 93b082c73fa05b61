"""Job titles as people write them, and the words for one's own manager."""

from __future__ import annotations

from mailflow.core.case.name_words import name_words

# One office a group: whoever's directory title begins with one of a group's names is meant by
# every other of them. English, German, French, Spanish.
_OFFICES = (
    (
        "head of hr",
        "head of human resources",
        "hr head",
        "hr director",
        "director of hr",
        "human resources director",
        "director of human resources",
        "hr manager",
        "head of people",
        "chief people officer",
        "chief human resources officer",
        "chro",
        "vp hr",
        "vp of hr",
        "hr boss",
        "hr chef",
        "hr chefin",
        "hr leiter",
        "hr leiterin",
        "hr leitung",
        "personalleiter",
        "personalleiterin",
        "personalleitung",
        "personalchef",
        "personalchefin",
        "leiter personal",
        "leiterin personal",
        "leiterin der personalabteilung",
        "leiter der personalabteilung",
        "directeur des ressources humaines",
        "directrice des ressources humaines",
        "directeur rh",
        "directrice rh",
        "drh",
        "responsable rh",
        "director de recursos humanos",
        "directora de recursos humanos",
        "jefe de recursos humanos",
        "jefa de recursos humanos",
        "director de rrhh",
        "directora de rrhh",
        "jefa de rrhh",
        "jefe de rrhh",
    ),
    (
        "chief executive officer",
        "chief executive",
        "ceo",
        "managing director",
        "geschäftsführer",
        "geschäftsführerin",
        "vorstandsvorsitzende",
        "vorstandsvorsitzender",
        "pdg",
        "directeur général",
        "directrice générale",
        "director general",
        "directora general",
        "consejero delegado",
        "consejera delegada",
    ),
    ("chief operating officer", "coo", "head of operations"),
    ("chief financial officer", "cfo", "finance director", "directeur financier", "finanzchef"),
    ("chief technology officer", "cto", "technology director"),
    ("payroll manager", "head of payroll", "payroll lead", "leiter der lohnbuchhaltung"),
    ("employee relations lead", "head of employee relations", "employee relations manager"),
    ("general counsel", "head of legal", "legal director"),
)
OFFICES: tuple[tuple[tuple[str, ...], ...], ...] = tuple(
    tuple(name_words(phrase) for phrase in office) for office in _OFFICES
)

_OF_AUTHORITY_WORDS = """
director head chief manager lead leader officer president controller partner supervisor
generalist administrator counsel leiter leiterin chef chefin directeur directrice
responsable jefe jefa directora
"""
OF_AUTHORITY = frozenset(_OF_AUTHORITY_WORDS.split())
"""A title's beginning names an office only when one of these words is in it."""

_MY_WORDS = """
my our mein meine meiner meinem meinen unser unsere mon ma notre mi nuestro nuestra
"""
_MY = frozenset(_MY_WORDS.split())
_MANAGER_WORDS = """
boss manager supervisor superior chef chefin vorgesetzter vorgesetzte vorgesetzten cheffe
superieur superieure responsable jefe jefa supervisora n1
"""
_MANAGER = frozenset(_MANAGER_WORDS.split())
_BETWEEN_WORDS = """
line direct current own team former direkter direkte direkten
"""
_BETWEEN = frozenset(_BETWEEN_WORDS.split())
_LOOKS_AHEAD = 3


def levels_above(words: tuple[str, ...], position: int) -> int:
    """How far above the writer the person is whom the words at this position name: 1 for "my
    boss", 2 for "my manager's manager", 0 when they name no manager.
    """
    if words[position] not in _MY:
        return 0
    ahead = words[position + 1 : position + 1 + _LOOKS_AHEAD]
    for offset, word in enumerate(ahead):
        if word in _MANAGER:
            following = words[position + 2 + offset : position + 3 + offset]
            return 2 if following and following[0] in _MANAGER else 1
        if word not in _BETWEEN:
            return 0
    return 0
