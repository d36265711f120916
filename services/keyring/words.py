"""KEYRING WORDS: what is wrong with keys or their file, in English and Dutch; never a key."""

from typing import Final

from schemas.words import Words

NO_FILE: Final = Words(
    "no key-encryption keys at {}: `seinpaal keys init` makes the first",
    "geen sleutels in {}: `seinpaal keys init` maakt de eerste",
)
KEPT_OUT: Final = Words(
    "{} cannot be read ({}): its owner or its mode keeps us out",
    "{} is niet te lezen ({}): de eigenaar of de rechten van het bestand houden ons buiten",
)
NO_TEXT: Final = Words(
    "{}: expected lines of `id:` and 64 hex digits, and it is no text",
    "{}: hoort regels te hebben van `id:` en 64 hexadecimale cijfers, en het is geen tekst",
)
NO_LINE: Final = Words(
    "{}:{}: expected `id:` and 64 hex digits; an id has {} characters at most",
    "{}:{}: hier hoort `id:` en 64 hexadecimale cijfers te staan; een id heeft hoogstens {} tekens",
)
EMPTY: Final = Words(
    "{} is empty: put its lines back; where no key was ever made, remove it and make one",
    "{} is leeg: zet de regels terug; is er nog nooit een sleutel gemaakt, verwijder het dan en maak er een",
)
NOT_IN_IT: Final = Words(
    "KEYRING_KEK_FILE: {} was not in it when this began: add its line again, and start this anew",
    "KEYRING_KEK_FILE: {} stond er niet in toen dit begon: zet die regel terug, en start dit opnieuw",
)
OTHER_SECRET: Final = Words(
    "KEYRING_KEK_FILE: {} has another secret there than in this keyring, or this is another keyring: put the line back "
    "as it was, or set KEYRING_DATABASE_URL to the keyring of this file",
    "KEYRING_KEK_FILE: {} heeft daar een ander geheim dan in deze sleutelbos, of dit is een andere sleutelbos: zet de "
    "regel terug zoals die was, of zet KEYRING_DATABASE_URL op de sleutelbos van dit bestand",
)
NO_PARKING_KEY: Final = Words(
    "this keyring has no parking key of {}: check the id. ingest makes it when it starts with that corporation in "
    "sources.yaml",
    "deze sleutelbos heeft geen parkeersleutel van {}: controleer de id. ingest maakt die als het start met die "
    "corporatie in sources.yaml",
)
OTHER_KEYRING: Final = Words(
    "parking key {} is not in this keyring: use the keyring it was parked under",
    "parkeersleutel {} zit niet in deze sleutelbos: neem de sleutelbos waaronder het apart is gezet",
)
WRAPS: Final = Words(
    "{}: {} wraps. Set KEYRING_KEK_FILE={}, and keep a copy in a safe.",
    "{}: {} versleutelt de andere sleutels. Stel KEYRING_KEK_FILE={} in, en bewaar een kopie in een kluis.",
)
THERE: Final = Words(
    "{} was there already and is left as it is: {} wraps.",
    "{} was er al en blijft zoals het is: {} versleutelt de andere sleutels.",
)
