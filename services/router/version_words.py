"""VERSION WORDS: what is told of proposing, approving and activating rules, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.command import Action
from schemas.words import Words

NEXT: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Action.RULES_PROPOSE: Words(
            "proposed. Somebody else approves it: seinpaal rules approve {}",
            "voorgesteld. Een ander keurt het goed: seinpaal rules approve {}",
        ),
        Action.RULES_APPROVE: Words(
            "approved. Put it in force: seinpaal rules activate {}",
            "goedgekeurd. Zet het in werking: seinpaal rules activate {}",
        ),
        Action.RULES_ACTIVATE: Words("in force in every router", "geldt in elke router"),
    }
)
ACTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Action.RULES_PROPOSE: Words("propose", "voorgesteld"),
        Action.RULES_APPROVE: Words("approve", "goedgekeurd"),
        Action.RULES_ACTIVATE: Words("activate", "in werking"),
    }
)
STATES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "proposed": Words("is proposed: somebody else approves it", "is voorgesteld: een ander keurt het goed"),
        "approved": Words("is approved, and not in force yet", "is goedgekeurd, en geldt nog niet"),
        "active": Words("is in force", "geldt"),
        "retired": Words("is no longer in force", "geldt niet meer"),
    }
)
REFUSALS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "unknown-rule-set": Words(
            "nobody proposed it. Propose it first", "niemand stelde het voor. Stel het eerst voor"
        ),
        "own-proposal": Words(
            "you proposed it yourself. Ask a second person to approve it",
            "u stelde het zelf voor. Vraag een tweede persoon het goed te keuren",
        ),
        "is-proposed": Words(
            "it is proposed, and nobody has approved it yet", "het is voorgesteld, en nog door niemand goedgekeurd"
        ),
        "is-approved": Words("it was approved already. Activate it", "het is al goedgekeurd. Zet het in werking"),
        "is-active": Words("it is in force already", "het geldt al"),
        "is-retired": Words(
            "it was in force before. Activate it again to go back to it",
            "het gold eerder. Zet het opnieuw in werking om ernaar terug te gaan",
        ),
        "check-failed": Words(
            "it does not pass the check, and the set in force stays",
            "de controle keurt het af, en de regels die gelden blijven",
        ),
        "another-content": Words(
            "its content is not what its version says, and the set in force stays",
            "de inhoud is niet wat de versie zegt, en de regels die gelden blijven",
        ),
    }
)
NOTHING_YET: Final = Words(
    "no set was ever proposed: the files of the router's folder decide. seinpaal rules propose",
    "er is nooit iets voorgesteld: de bestanden in de map van de router gelden. seinpaal rules propose",
)
NOT_PROPOSED: Final = Words(
    "{}: not proposed. Correct what is wrong first", "{}: niet voorgesteld. Verbeter eerst wat niet klopt"
)
REFUSED: Final = Words("refused", "geweigerd")
REPORT: Final = Words("report", "verslag")
SAY_ON_WHAT: Final = Words(
    "give --report, as `seinpaal rules replay --rules {} --report` makes it, or --without-report",
    "geef --report, zoals `seinpaal rules replay --rules {} --report` het maakt, of --without-report",
)
