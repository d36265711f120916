"""ADVICE: what to do about a database that cannot do what we ask, by its code. `{}` is its setting and its place."""

from typing import Final

AWAY: Final = "away"
FILE: Final = "file"
POOL: Final = "pool"
POOLER: Final = "pooler"
SLOW: Final = "slow"
TABLES: Final = "tables"
"""Faults that have no code of the database's own."""

_TABLES: Final = (
    "Tables of ours are not there as we made them: set {} to the database that has them (a user's search_path counts "
    "too), or restore it as deploy/README.md tells, and start anew"
)
_POOLER: Final = (
    "A pooler between us and PostgreSQL does not keep our prepared statements and settings: set {} to PostgreSQL itself"
)
_DAMAGED: Final = "It is damaged: stop, and restore {} from a backup, as deploy/README.md tells"
_ROOM: Final = "Make room on the disk of {}"

_ADVICE: Final = {
    AWAY: "Start it, or correct {}",
    FILE: (
        "What is written now would be lost: stop the service, put the file back or restore it as deploy/README.md "
        "tells, and start anew: {}"
    ),
    POOLER: _POOLER,
    POOL: "Others of this process use them all. Look what {} is busy with",
    SLOW: "Look what keeps {} busy, or whether the network between us and it lets everything through",
    TABLES: _TABLES,
    "08P01": _POOLER,
    "0A000": "Its tables were changed under us, so we ask once more: {}",
    "25006": "It is a standby, or was made read only: set {} to the server that takes writes",
    "26": _POOLER,
    "28": "Check the user and the password in {}",
    "3D": "Make that database, or correct {}",
    "40": "Others wrote there at the same moment, so we do it once more: {}",
    "42": _TABLES,
    "3F": _TABLES,
    "42501": "Give its user the rights on all tables: {}",
    "42P05": _POOLER,
    "53100": _ROOM,
    "53200": "Its memory is used up: give the server of {} more, or less to do",
    "53300": "Raise max_connections, or run fewer processes: {}",
    "53400": "Raise the limit of its user or database: {}",
    "55P03": "Somebody holds a lock for long: look in pg_stat_activity of {}",
    "57014": "It takes too long for its statement_timeout, or somebody ended it: {}",
    "58": "Its disk or its files fail: look in the log of the server of {}",
    "XX": "Its insides fail: look in the log of the server of {}",
    "XX001": _DAMAGED,
    "XX002": "An index is damaged: look in the log of the server, and REINDEX it: {}",
    "SQLITE_CANTOPEN": "Let us read and write the file and its folder: {}",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR": "Its disk fails, or is full: look at that of {}",
    "SQLITE_NOTADB": "That is no database: set the address right, or restore the file as deploy/README.md tells: {}",
    "SQLITE_PERM": "Let us read and write the file and its folder: {}",
    "SQLITE_READONLY": "Let us write the file and its folder: {}",
}

_ELSE: Final = "It is that of {}"
_CLASS: Final = 2
"""A class of SQLSTATEs is named by its first two characters."""


def of(code: str) -> str:
    """For a SQLSTATE or the name of SQLite's result code, of which the longest beginning that is known counts."""
    if code.startswith("SQLITE_"):
        return next((said for name, said in _ADVICE.items() if f"{code}_".startswith(f"{name}_")), _ELSE)
    return _ADVICE.get(code) or _ADVICE.get(code[:_CLASS], _ELSE)
