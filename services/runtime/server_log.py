"""SERVER LOG: PostgreSQL keeps a log of its own, and unless told otherwise writes there what a refused row holds."""

from typing import Final

from sqlalchemy import column, select, table

from services.runtime.database import Database
from services.runtime.log import get_logger

log = get_logger(__name__)

QUIET: Final = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic", "fatal"),
    "log_parameter_max_length_on_error": ("0",),
}
"""Settings of a server whose log holds nothing of a row; the first value is the one that we deploy with."""

_SETTINGS: Final = table("pg_settings", column("name"), column("setting"))


async def warn_of_server_log(database: Database) -> None:
    """Warn where the server's log would hold what a refused row holds. Nothing waits for it: operators set it.

    Raises TryLater when the database is not there.
    """
    if database.dialect != "postgresql":
        return
    theirs = select(_SETTINGS).where(_SETTINGS.c.name.in_(QUIET))
    async with database.read() as connection:
        stand: dict[str, str] = {row.name: row.setting for row in await connection.execute(theirs)}
    loud = [f"{name}={values[0]}" for name, values in QUIET.items() if stand.get(name) not in values]
    if loud:
        why = f"{database.known}: its server's log would hold what a refused row holds. Set {', '.join(loud)} there"
        log.warning("database.server_log", why=why)
