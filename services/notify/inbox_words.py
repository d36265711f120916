"""INBOX WORDS: what a person at a partner without a server reads, in Dutch and English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

PARTNER: Final = Words("partner", "partner")
REFERRAL: Final = Words("referral", "verwijzing")
REVISION: Final = Words("revision", "versie")
LEFT: Final = Words("answer within", "antwoord binnen")
SINCE: Final = Words("there since", "ligt er sinds")
OPENED: Final = Words("times opened", "keer geopend")
NOTHING: Final = Words("nothing waits in the inbox", "er wacht niets in het postvak")

TEST: Final = Words("TEST DATA", "TESTGEGEVENS")
NOT_REAL: Final = Words("made up: nothing of this happened", "verzonnen: niets hiervan is gebeurd")
MIND: Final = Words("mind", "let op")
SUSPECTED: Final = Words(
    "a suspicion that nobody has established; no one in it was found to be a victim or a perpetrator",
    "een vermoeden dat niemand heeft vastgesteld; van niemand hierin staat vast dat die slachtoffer of pleger is",
)
FROM: Final = Words("from", "van")
BEFORE: Final = Words("answer before", "antwoord vóór")
BASIS: Final = Words("legal basis", "grondslag")
PEOPLE: Final = Words("who", "wie")
BORN: Final = Words("born", "geboren")
UNNAMED: Final = Words("name not known", "naam niet bekend")
ADDRESS: Final = Words("address", "adres")
STORY: Final = Words("in the words of who noticed", "in de woorden van wie het opmerkte")
REPORTER: Final = Words("noticed by (not for the family)", "opgemerkt door (niet voor het gezin)")
CONTACT: Final = Words("contact", "contact")

NO_INBOX: Final = Words("partner {!r} has no inbox; {}", "partner {!r} heeft geen postvak; {}")
THESE_HAVE: Final = Words("these have: {}", "deze wel: {}")
NONE_HAS: Final = Words(
    "no partner has; in partners.yaml it is `channel: {type: inbox}`",
    "geen enkele partner; in partners.yaml is dat `channel: {type: inbox}`",
)
NOT_THERE: Final = Words(
    "no referral {} lies ready for {}: `seinpaal inbox list {}` shows which do",
    "er ligt geen verwijzing {} klaar voor {}: `seinpaal inbox list {}` toont welke wel",
)
GONE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "withdrawn": Words("withdrawn", "ingetrokken"),
        "erased": Words("erased", "gewist"),
    }
)
NOTHING_TO_SHOW: Final = Words(
    "this referral was {}: there is nothing to show, and nothing more to do about it",
    "deze verwijzing is {}: er is niets te tonen, en niets meer aan te doen",
)
CANNOT_BE_SHOWN: Final = Words(
    "it cannot be shown ({}), by a fault of ours: report it",
    "het is niet te tonen ({}), door een fout van ons: meld dit",
)
