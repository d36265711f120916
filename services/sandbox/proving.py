"""PROVING: before anything is delivered, the sandbox's partners are put to the test as any partner is.

Those that do not stand it come in as a real one would: two made-up persons vouch for them, for all to see.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from schemas import ids
from schemas.command import Action, Command
from schemas.partner import InboxChannel, Partner
from schemas.topics import COMMANDS
from schemas.words import filled
from services.notify import standing_store
from services.notify.command_sink import give_all
from services.notify.directory import read_directory
from services.notify.kit import report_store
from services.notify.kit.connection import Terms
from services.notify.kit.exam import examine
from services.notify.kit.report import Report
from services.notify.settings import MIGRATIONS
from services.notify.standing import due, stands
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.errors import Refused
from services.runtime.kafka import TopicSpec, ensure_topics
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings
from services.runtime.web_server import Listen
from services.runtime.yaml_file import together
from services.sandbox import up_words as words
from services.sandbox.jars import OnStep

FIRST: Final = "sandbox-person-1"
SECOND: Final = "sandbox-person-2"
REASON: Final = "sandbox: it fails on purpose, and everything here is made up"
HERE: Final = Listen("127.0.0.1", 0)
"""Where they reach us meanwhile, each at a port of its own."""

APART: Final = timedelta(microseconds=1)
"""Between the two words, so that each has an id of its own."""


class Proving:
    """A service that has done its work once it has started. Who is live already is not asked again."""

    name = "sandbox proof"

    def __init__(
        self,
        config: Path,
        database_url: str,
        kafka: KafkaSettings,
        *,
        ours: Callable[[str], bool],
        on_step: OnStep,
        mounted: Path | None = None,
    ) -> None:
        """`ours` says of an address whether a sandbox partner is behind it: nobody else is asked, or vouched for.

        `mounted` is the directory of mounted secrets.
        """
        self._config = config
        self._url = database_url
        self._kafka = kafka
        self._ours = ours
        self._on_step = on_step
        self._mounted = mounted
        self._done = False

    async def start(self) -> None:
        """All at once; each report is kept.

        Raises:
            TryLater: there is no database or no broker.
            Refused: an entry cannot be used; the text tells all that were found.
        """
        partners = [each for each in read_directory(self._config).partners.values() if self._sandboxed(each)]
        database = await open_database(self._url, MIGRATIONS)
        try:
            async with database.read() as connection:
                known = await standing_store.evidence(connection, partners)
            reports = await self._examined([each for each in partners if due(stands(each, known[each.id], now()))])
            async with database.begin() as connection:
                for each in reports:
                    await report_store.keep(connection, each, FIRST)
        finally:
            await database.stop()
        await self._vouch([each.partner for each in reports if not each.passed])
        self._done = True

    async def stop(self) -> None:
        """Nothing is open."""

    def healthy(self) -> Health:
        """It did what it is for, or did not."""
        return Health(alive=True, ready=self._done)

    def _sandboxed(self, partner: Partner) -> bool:
        """Its real address and its test address are both of this process."""
        if partner.trial is None:
            return False
        channels = (partner.channel, partner.trial.channel)
        return all(not isinstance(each, InboxChannel) and self._ours(str(each.url)) for each in channels)

    async def _examined(self, partners: Sequence[Partner]) -> list[Report]:
        made: list[Report] = []

        async def one(partner: Partner) -> None:
            """Put one to the test, and count it."""
            made.append(await examine(partner, Terms(now, mounted=self._mounted, listen=HERE), lambda _: None))
            self._on_step(filled(words.PROVING, len(made), len(partners)))

        ended = await asyncio.gather(*(one(each) for each in partners), return_exceptions=True)
        refused = [each.words for each in ended if isinstance(each, Refused)]
        for each in ended:
            if each is not None and not isinstance(each, Refused):
                raise each
        if refused:
            raise Refused(together(refused))
        return made

    async def _vouch(self, partners: Sequence[str]) -> None:
        if not partners:
            return
        await ensure_topics(self._kafka, [TopicSpec(COMMANDS.name, COMMANDS.partitions, COMMANDS.configs())])
        at = now()
        words = [word for partner in partners for word in vouched(partner, at)]
        await give_all(words, self._kafka)


def vouched(partner: str, at: datetime) -> tuple[Command, Command]:
    """What two made-up persons say of it, one after the other."""
    about = ids.partner_id(partner)
    first = Command(
        id=ids.command_id(Action.PARTNER_ADMIT, about, at.isoformat()),
        at=at,
        action=Action.PARTNER_ADMIT,
        target=about,
        actor=FIRST,
        reason=REASON,
        partner=partner,
    )
    later = at + APART
    number = ids.command_id(Action.PARTNER_ADMIT, about, later.isoformat())
    return first, first.model_copy(update={"id": number, "at": later, "actor": SECOND, "proposal": first.id})
