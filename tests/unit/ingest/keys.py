"""A keyring with what tests do to one: hand out a corporation's keys, destroy a case's."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from services.ingest.normalise import Intake
from services.keyring.store import Keyring
from services.keyring.tables import DATA_KEY
from services.runtime.database import Database


@dataclass(frozen=True, slots=True)
class Keys:
    """The keyring and its database."""

    keyring: Keyring
    database: Database

    async def given_to(self, intake: Intake) -> Intake:
        """The intake with the keys of its corporation."""
        owner = intake.corporation.id
        return intake._replace(
            household_key=await self.keyring.household_key(owner), parking_key=await self.keyring.parking_key(owner)
        )

    async def destroy(self, case: UUID) -> None:
        """Erase the case, as far as its key goes."""
        async with self.database.begin() as connection:
            await connection.execute(update(DATA_KEY).where(DATA_KEY.c.signal == case).values(wrapped=None))
