"""RETURNING: what its partner turned down while it was being sent; it comes back however that attempt ended."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.local_day import day_in
from schemas.referral import Referral
from services.notify import store
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.rerouting import alternative, came_back, overtaken


async def returning(
    connection: AsyncConnection, lines: Iterable[tuple[Line, datetime]], directory: Directory
) -> dict[UUID, str | None]:
    """Those of these lines, locked by the caller with their cases; each with whom the rule names then, if anybody."""
    marked = [(line, at) for line, at in lines if came_back(line)]
    cases = await store.cases(connection, {line.signal for line, _ in marked}) if marked else {}
    found: dict[UUID, str | None] = {}
    for line, at in marked:
        case = cases[line.signal]
        if not overtaken(line, case):
            facts = Referral.read(await store.content(connection, line.referral)).facts
            had = {*await store.tried(connection, line.signal), *(each.partner for each in case)}
            day = day_in(facts.country, at)
            found[line.referral] = alternative(directory, line, line.reason, had, area=facts.area, day=day)
    return found
