"""A start of notify that fails."""

import pytest
from sqlalchemy import select

from services.notify.instance_runs import RUN
from services.notify.loops import Looking
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.runtime.errors import TryLater
from tests.integration.notify.house import House
from tests.unit.notify import samples


async def test_a_start_that_fails_is_taken_for_no_death(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends in order. As a death in which nothing was begun, it took back what was blamed before it."""
    house.configure([samples.partner()])

    async def away(_: Looking) -> None:
        raise TryLater("database: away")

    monkeypatch.setattr(Looking, "loops", away)
    with pytest.raises(TryLater, match="away"):
        await house.service().start()
    database = await open_database(house.database_url, MIGRATIONS)
    async with database.read() as connection:
        assert (await connection.execute(select(RUN.c.instance))).all() == []
    await database.stop()
