"""ADVICE: what to do about a database that cannot do what we ask, by its code. `{}` is its setting and its place."""

from typing import Final

from schemas.words import Words

AWAY: Final = "away"
FILE: Final = "file"
POOL: Final = "pool"
POOLER: Final = "pooler"
SLOW: Final = "slow"
TABLES: Final = "tables"
"""Faults that have no code of the database's own."""

_TABLES: Final = Words(
    "Tables of ours are not there as we made them: set {} to the database that has them (a user's search_path counts "
    "too), or restore it as deploy/README.md tells, and start anew",
    "Onze tabellen staan er niet zoals wij ze maakten: zet {} op de database die ze heeft (ook het search_path van een "
    "gebruiker telt), of zet die terug zoals in deploy/README.md staat, en start opnieuw",
)
_POOLER: Final = Words(
    "A pooler between us and PostgreSQL does not keep our prepared statements and settings: set {} to PostgreSQL "
    "itself",
    "Een pooler tussen ons en PostgreSQL bewaart onze prepared statements en instellingen niet: zet {} op PostgreSQL "
    "zelf",
)
_DAMAGED: Final = Words(
    "It is damaged: stop, and restore {} from a backup, as deploy/README.md tells",
    "Hij is beschadigd: stop, en zet {} terug uit een backup, zoals in deploy/README.md staat",
)
_ROOM: Final = Words("Make room on the disk of {}", "Maak ruimte op de schijf van {}")
_FILE_RIGHTS: Final = Words(
    "Let us read and write the file and its folder: {}", "Laat ons het bestand en de map lezen en schrijven: {}"
)

_ADVICE: Final = {
    AWAY: Words("Start it, or correct {}", "Start hem, of verbeter {}"),
    FILE: Words(
        "What is written now would be lost: stop the service, put the file back or restore it as deploy/README.md "
        "tells, and start anew: {}",
        "Wat nu wordt geschreven gaat verloren: stop de dienst, zet het bestand terug zoals in deploy/README.md staat, "
        "en start opnieuw: {}",
    ),
    POOLER: _POOLER,
    POOL: Words(
        "All of ours wait for an answer: look what keeps {} busy, as a lock that somebody holds, or whether the "
        "network between us and it lets everything through",
        "Al onze verbindingen wachten op antwoord: kijk wat {} bezighoudt, zoals een lock die iemand vasthoudt, of het "
        "netwerk daarheen alles doorlaat",
    ),
    SLOW: Words(
        "Look what keeps {} busy, or whether the network between us and it lets everything through",
        "Kijk wat {} bezighoudt, en of het netwerk daarheen alles doorlaat",
    ),
    TABLES: _TABLES,
    "08P01": _POOLER,
    "0A000": Words(
        "Its tables were changed under us, so we ask once more: {}",
        "De tabellen zijn ondertussen gewijzigd, dus wij vragen het nog eens: {}",
    ),
    "25006": Words(
        "It is a standby, or was made read only: set {} to the server that takes writes",
        "Het is een standby, of mag alleen worden gelezen: zet {} op de server waar geschreven mag worden",
    ),
    "26": _POOLER,
    "28": Words("Check the user and the password in {}", "Controleer gebruiker en wachtwoord in {}"),
    "3D": Words("Make that database, or correct {}", "Maak die database, of verbeter {}"),
    "40": Words(
        "Others wrote there at the same moment, so we do it once more: {}",
        "Een ander schreef er op hetzelfde moment, dus wij doen het nog eens: {}",
    ),
    "42": _TABLES,
    "3F": _TABLES,
    "42501": Words("Give its user the rights on all tables: {}", "Geef de gebruiker rechten op alle tabellen: {}"),
    "42P05": _POOLER,
    "53100": _ROOM,
    "53200": Words(
        "Its memory is used up: give the server of {} more, or less to do",
        "Het geheugen is op: geef de server van {} er meer, of minder te doen",
    ),
    "53300": Words(
        "Raise max_connections, or run fewer processes: {}",
        "Verhoog max_connections, of laat minder processen draaien: {}",
    ),
    "53400": Words("Raise the limit of its user or database: {}", "Verhoog de grens van die gebruiker of database: {}"),
    "55P03": Words(
        "Somebody holds a lock for long: look in pg_stat_activity of {}",
        "Iets houdt lang een lock vast: kijk in pg_stat_activity van {}",
    ),
    "57014": Words(
        "It takes too long for its statement_timeout, or somebody ended it: {}",
        "Het duurt te lang voor zijn statement_timeout, of iemand brak het af: {}",
    ),
    "58": Words(
        "Its disk or its files fail: look in the log of the server of {}",
        "Zijn schijf of bestanden falen: kijk in het logboek van de server van {}",
    ),
    "XX": Words(
        "Its insides fail: look in the log of the server of {}",
        "Hij faalt van binnen: kijk in het logboek van de server van {}",
    ),
    "XX001": _DAMAGED,
    "XX002": Words(
        "An index is damaged: look in the log of the server, and REINDEX it: {}",
        "Een index is beschadigd: kijk in het logboek van de server, en maak die opnieuw met REINDEX: {}",
    ),
    "SQLITE_BUSY": Words(
        "Another program writes there, or keeps it open to: end it (a backup, a sqlite3 in a terminal): {}",
        "Een ander programma schrijft erin, of houdt het daarvoor open: sluit dat (een backup, een sqlite3 in een "
        "terminal): {}",
    ),
    "SQLITE_CANTOPEN": _FILE_RIGHTS,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR": Words(
        "Its disk fails, or is full: look at that of {}", "Zijn schijf faalt, of is vol: kijk naar die van {}"
    ),
    "SQLITE_NOTADB": Words(
        "That is no database: set the address right, or restore the file as deploy/README.md tells: {}",
        "Dat is geen database: verbeter het adres, of zet het bestand terug zoals in deploy/README.md staat: {}",
    ),
    "SQLITE_PERM": _FILE_RIGHTS,
    "SQLITE_READONLY": Words(
        "Let us write the file and its folder: {}", "Laat ons het bestand en de map schrijven: {}"
    ),
}

_ELSE: Final = Words("It is that of {}", "Het gaat om die van {}")
_CLASS: Final = 2
"""A class of SQLSTATEs is named by its first two characters."""

NOT_FREE: Final = Words("no connection free in the pool in time", "er kwam niet op tijd een verbinding vrij in de pool")
DROPPED: Final = Words("what we set for a connection is dropped", "wat wij voor een verbinding instellen gaat verloren")
NO_ANSWER: Final = Words("no answer in time (TimeoutError)", "geen antwoord op tijd (TimeoutError)")
NOT_REACHED: Final = Words("not reachable ({})", "niet bereikbaar ({})")
LOST: Final = Words("connection lost ({})", "verbinding weggevallen ({})")
NOT_NOW: Final = Words("not now ({})", "nu niet ({})")

NOWHERE: Final = Words("no database at {}: set {} to where it is{}", "geen database op {}: zet {} op waar hij is{}")
OTHER_TABLES: Final = Words(
    "{} has no tables of that kind: set {} to where they are{}",
    "{} heeft zulke tabellen niet: zet {} op waar ze zijn{}",
)


def of(code: str) -> Words:
    """For a SQLSTATE or the name of SQLite's result code, of which the longest beginning that is known counts."""
    if code.startswith("SQLITE_"):
        return next((said for name, said in _ADVICE.items() if f"{code}_".startswith(f"{name}_")), _ELSE)
    return _ADVICE.get(code) or _ADVICE.get(code[:_CLASS], _ELSE)
