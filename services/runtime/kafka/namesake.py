"""NAMESAKE: whether another process goes by our name in the group.

Static members of one name take each other's partitions, and neither is told: the broker only says that it does not know
us, as it also does after a long pause. Whoever joins again then takes them back, and so on for ever.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.runtime.errors import SeinpaalError
from services.runtime.kafka.topics import admin
from services.runtime.settings import KafkaSettings

DIGITS: Final = 8  # of a digest: enough to tell one list of topics from the one before

PATIENCE: Final = 5.0
"""Seconds for asking the group; without an answer we join, as we would have."""


def member_name(group: str, instance: str, topics: Iterable[str]) -> str:
    """The lasting name of a process within its group, for as long as it reads the same topics.

    Whoever joins by a name that the group knows gets what that name had, and nobody looks at what it asks for
    (Kafka 4.1, GroupMetadataManager, updateStaticMemberThenRebalanceOrCompleteJoin). A topic that is new would be
    read by nobody, and one that went would be assigned all the same. So other topics make another member.
    """
    digest = hashlib.sha256("\n".join(sorted(topics)).encode()).hexdigest()
    return f"{group}-{instance}-{digest[:DIGITS]}"


class Namesake:
    """Looks for another member of our name, and remembers that there is one."""

    def __init__(self, settings: KafkaSettings, group: str, name: str) -> None:
        """`name` is both our client id and our group instance id."""
        self._settings, self._group, self._name = settings, group, name
        self._consumer: AIOKafkaConsumer | None = None
        self._member = ""
        self.found = False

    def follow(self, consumer: AIOKafkaConsumer) -> None:
        """This is us: it has joined for the first time."""
        self._consumer = consumer
        self.seen()

    def seen(self) -> None:
        """The group has told us which of its members we are."""
        if self._consumer is not None:
            self._member = _member(self._consumer)

    @property
    def forgotten(self) -> bool:
        """Whether the broker said that it does not know the member we were."""
        return self._consumer is not None and _member(self._consumer) != self._member

    async def look(self) -> bool:
        """Whether the group holds somebody of our name who is not us; only while no joining of ours is under way.

        False when the group does not answer.
        """
        if self._consumer is not None:
            with suppress(TimeoutError, KafkaError, SeinpaalError, OSError):
                async with asyncio.timeout(PATIENCE), admin(self._settings) as client:
                    self.found = bool(await self._of_our_name(client) - {self._member})
        return self.found

    def step_aside(self) -> None:
        """Ends our part in the group without joining again, which would push the other one out."""
        if self.found and self._consumer is not None:
            self._consumer._coordinator._coordination_task.cancel()  # noqa: SLF001  it waits in our listener, for ever

    def why(self, hop: str) -> str:
        """For the operator. The name of a hop begins with that of its stage."""
        return (
            f"{hop}: another process is {self._name} in consumer group {self._group} too and took its partitions: "
            f"give each process another {hop.partition('-')[0].upper()}_INSTANCE"
        )

    async def _of_our_name(self, client: AIOKafkaAdminClient) -> set[str]:
        (answer,) = await client.describe_consumer_groups([self._group])
        return {
            member["member_id"]
            for group in answer.to_object()["groups"]
            for member in group["members"]
            if member["client_id"] == self._name
        }


def _member(consumer: AIOKafkaConsumer) -> str:
    """Empty after the broker said that it does not know us."""
    member: str = consumer._coordinator.member_id  # noqa: SLF001  no public way in the pinned version
    return member
