"""SECRET WORDS: why a secret that is given by reference cannot be used, in English and Dutch; never what is in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

MEND: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "env": Words(
            "Set that variable for notify, and wherever commands about partners are given",
            "Zet die variabele voor notify, en overal waar opdrachten over partners worden gegeven",
        ),
        "file": Words(
            "Put it there, readable by the user that runs this",
            "Zet het daar, leesbaar voor de gebruiker die dit draait",
        ),
        "mounted": Words(
            "Put it into that file of the folder in NOTIFY_SECRETS, readable by the user that runs this",
            "Zet het in dat bestand van de map in NOTIFY_SECRETS, leesbaar voor de gebruiker die dit draait",
        ),
    }
)
"""What to do, by the kind of reference."""

MISSING: Final = Words("the secret {} is missing or empty. {}", "het geheim {} ontbreekt of is leeg. {}")
UNREAD: Final = Words("the secret {} cannot be read ({}). {}", "het geheim {} is niet te lezen ({}). {}")
NOWHERE: Final = Words(
    "the secret mounted:{} needs NOTIFY_SECRETS, the directory it is in",
    "het geheim mounted:{} heeft NOTIFY_SECRETS nodig, de map waar het in staat",
)
NO_REFERENCE: Final = Words(
    "a secret is given by reference: write env:NAME, file:PATH or mounted:NAME, not the secret itself",
    "een geheim wordt aangewezen: schrijf env:NAAM, file:PAD of mounted:NAAM, en niet het geheim zelf",
)
TOO_LONG: Final = Words(
    "the secret {} is longer than {} characters: is it the right file?",
    "het geheim {} is langer dan {} tekens: is dat het goede bestand?",
)
OF_FIELD: Final = Words("{}: {}", "{}: {}")
OF_PARTNER: Final = Words("partner {}: {}", "partner {}: {}")
