"""FIRST START: an empty database is made for a stage that never read anything, and for no other.

One that was lost would be made anew without a word: the router would number a correction as a first report, and what
notify had not delivered would be gone with nobody to miss it.
"""

from collections.abc import Mapping, Sequence

from services.runtime.database import Database
from services.runtime.errors import Refused
from services.runtime.kafka import offsets
from services.runtime.server_log import warn_of_server_log
from services.runtime.settings import KafkaSettings


class HasRead(Refused):
    """A stage has none of its tables, and has read before: they are elsewhere, or lost."""

    def __init__(self, known: str, kafka: KafkaSettings, groups: Sequence[str]) -> None:
        """`known`: what its database is known by."""
        delete = f"kafka-consumer-groups.sh --bootstrap-server {kafka.bootstrap} --delete"
        super().__init__(
            f"{known} has none of our tables, and our group {' and '.join(groups)} has read before: they are "
            "elsewhere, or lost. Set it to where they are, or restore them as deploy/README.md tells. Only to begin "
            f"anew without what they held: {delete} {' '.join(f'--group {group}' for group in groups)}"
        )


async def start_with(database: Database, kafka: KafkaSettings, groups: Mapping[str, str]) -> None:
    """Start the database of a stage whose consumer `groups` read these topics, which are there.

    Raises:
        HasRead: when it has no tables, and a group has read before: they are elsewhere, or lost.
        TryLater: when the database or the broker is not there.
    """
    if not await database.made():
        read = [group for group, topic in groups.items() if await _has_read(kafka, group, topic)]
        if read and not await database.made():  # another instance may have made them meanwhile, and read
            raise HasRead(database.known, kafka, read)
    await database.start()
    await warn_of_server_log(database)


async def _has_read(kafka: KafkaSettings, group: str, topic: str) -> bool:
    return any(each.committed for each in (await offsets(kafka, group, [topic])).values())
