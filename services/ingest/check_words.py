"""CHECK WORDS: what `seinpaal sources` tells people, in English and Dutch. Codes stay beside their Dutch words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

BECAUSE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "tombstone": Words(
            "it has no value: Kafka's mark that a key is gone", "zonder inhoud: zo meldt Kafka dat een sleutel weg is"
        ),
        "snapshot": Words(
            "it was read from a snapshot: it tells of old rows, not of news",
            "gelezen uit een momentopname: dat gaat over oude rijen, niet over nieuws",
        ),
        "deleted": Words(
            "a row was deleted: withdraw a signal by its status",
            "een rij is verwijderd: trek een signaal in met zijn status",
        ),
        "truncated": Words("a table was emptied", "een tabel is leeggemaakt"),
        "message": Words(
            "it is a message in the database's log, not a row", "een bericht in het databaselog, geen rij"
        ),
        "heartbeat": Words("it is Debezium's heartbeat", "het levensteken van Debezium"),
        "transaction": Words(
            "it is Debezium's mark that a transaction begins or ends",
            "zo meldt Debezium dat een transactie begint of eindigt",
        ),
        "schema-change": Words(
            "it tells that a table was made anew or changed, and of no row",
            "een tabel is anders ingericht; het gaat over geen enkele rij",
        ),
        "other-table": Words("its table is not in `tables`", "de tabel staat niet onder `tables`"),
        "nothing-changed": Words("no column that is mapped changed", "geen kolom die meetelt is gewijzigd"),
        "code-ignored": Words("`codes` says ignore for its code", "`codes` zegt ignore bij deze code"),
        "status-ignored": Words("`codes` says ignore for its status", "`codes` zegt ignore bij deze status"),
        "unmapped-code": Words(
            "its code is not in `codes`, and the source says `unmapped: ignore`",
            "de code staat niet onder `codes`, en de bron zegt `unmapped: ignore`",
        ),
        "code-missing": Words(
            "it has no code, and `codes` says `missing: ignore`", "zonder code, en `codes` zegt `missing: ignore`"
        ),
        "destroyed": Words(
            "the case was destroyed in the archive: what is left corrects nothing",
            "de zaak is vernietigd in het archief: wat rest verbetert niets",
        ),
        "housekeeping": Words(
            "its event type is about no concern; map it under `codes` if it is",
            "dit soort gebeurtenis gaat over geen zorg; zet het onder `codes` als dat wel zo is",
        ),
    }
)
"""What each reason to ignore an event means, for people."""

WITHOUT: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "dwelling": Words(
            "no dwelling is named: nothing that happens there adds up with it",
            "geen woning genoemd: wat daar nog gebeurt, telt er niet bij op",
        ),
        "area": Words(
            "no area is found: a person decides who is told",
            "geen gebied gevonden: een mens besluit wie bericht krijgt",
        ),
    }
)
"""What follows when that is not found, for people."""

ONLY_TOLD: Final = Words(
    "`codes` says ignore for its code: it is heard where the record was a signal before, else ignored",
    "`codes` zegt ignore bij deze code: het telt als dit eerder een signaal was, en wordt anders overgeslagen",
)
EVERYWHERE: Final = Words(
    "tables: {0} is taken in every schema and database there is. Say which, such as public.{0}",
    "tables: {0} geldt in elk schema en elke database die er is. Zeg welke, zoals public.{0}",
)
"""Said of a table that is named alone."""

CAPITALS: Final = Words(
    "codes: VERA writes {0} as {1}, and a code is known only as it is listed. Write it so",
    "codes: VERA schrijft {0} als {1}, en een code geldt alleen zoals die hier staat. Schrijf het zo",
)
NEVER_WITHDRAWN: Final = Words(
    "columns: nothing is mapped to status, so that no row is ever withdrawn. Say which column holds it",
    "columns: voor status is niets aangewezen, zodat geen rij ooit wordt ingetrokken. Zeg in welke kolom het staat",
)
UNSEEN: Final = Words(
    "columns: no row of this sample has {}: nobody hears what stands there. Write the name as the database does, "
    "capitals too",
    "columns: geen rij van dit voorbeeld heeft {}: niemand hoort wat daar staat. Schrijf de naam zoals in de database, "
    "ook de hoofdletters",
)

BECAME: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "signal": Words("signal", "signaal"),
        "withdrawal": Words("withdrawal", "intrekking"),
        "ignored": Words("ignored", "overgeslagen"),
        "unreadable": Words("unreadable", "onleesbaar"),
    }
)
PARTICULARS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "address": Words("address", "adres"),
        "narrative": Words("narrative", "toelichting"),
        "reporter": Words("reporter", "melder"),
        "safe contact": Words("safe contact", "veilig contact"),
        "dwelling": Words("dwelling", "woning"),
        "area": Words("area", "gebied"),
    }
)
PERSON: Final = Words("{} person", "{} persoon")
PEOPLE: Final = Words("{} people", "{} personen")
REMOVED: Final = Words("numbers removed: {}", "nummers verwijderd: {}")
FACTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "country": Words("country", "land"),
        "observed_at": Words("observed at", "opgemerkt op"),
        "changed_at": Words("changed at", "gewijzigd op"),
    }
)
"""Names of facts that rules have no word for; the others are in `schemas/why.py`."""

BECAME_HEAD: Final = Words("became", "werd")
FACTS_HEAD: Final = Words("facts", "feiten")
FOUND_HEAD: Final = Words("found, or why", "gevonden, of waarom")
SOURCE: Final = Words("source", "bron")
ADAPTER: Final = Words("adapter", "adapter")
TOPIC: Final = Words("topic", "topic")
CANNOT_BE_READ: Final = Words("{}: cannot be read ({}). Check the name", "{}: niet te lezen ({}). Controleer de naam")
NO_SOURCES: Final = Words(
    "no source is in it yet: add one under `sources` of a corporation",
    "er staat nog geen bron in: zet er een onder `sources` van een corporatie",
)
NO_SOURCE: Final = Words("no source has that name. {}", "geen bron heet zo. {}")
DID_YOU_MEAN: Final = Words("Did you mean {}?", "Bedoelt u {}?")
USE_ONE_OF: Final = Words("Use one of {}", "Kies uit {}")
