"""TOPIC IDS: which topic stands behind a name now. Kafka gives each a new one, so a topic made anew has another.

aiokafka knows no version of the request that tells it (KIP-516), so that version is written out here.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

_METADATA: Final = 3
_VERSION: Final = 10
_NONE: Final = UUID(int=0)


class _Uuid(AbstractType):  # type: ignore[misc]  # aiokafka has no types
    @classmethod
    def encode(cls, value: UUID) -> bytes:
        """Sixteen bytes, as Kafka's protocol has it."""
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        """From sixteen bytes."""
        return UUID(bytes=data.read(16))


_TAGS: Final = ("tags", TaggedFields)
_NUMBERS: Final = CompactArray(Int32)
_PARTITION: Final = (
    ("error_code", Int16),
    ("partition", Int32),
    ("leader", Int32),
    ("leader_epoch", Int32),
    ("replicas", _NUMBERS),
    ("isr", _NUMBERS),
    ("offline_replicas", _NUMBERS),
    _TAGS,
)
_TOPIC: Final = (
    ("error_code", Int16),
    ("name", CompactString("utf-8")),
    ("id", _Uuid),
    ("is_internal", Boolean),
    ("partitions", CompactArray(*_PARTITION)),
    ("authorized_operations", Int32),
    _TAGS,
)
_BROKER: Final = (
    ("node", Int32),
    ("host", CompactString("utf-8")),
    ("port", Int32),
    ("rack", CompactString("utf-8")),
    _TAGS,
)


class _Told(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = _METADATA
    API_VERSION = _VERSION
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(*_BROKER)),
        ("cluster", CompactString("utf-8")),
        ("controller", Int32),
        ("topics", CompactArray(*_TOPIC)),
        ("authorized_operations", Int32),
        _TAGS,
    )


class _Asked(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    FLEXIBLE_VERSION = True
    API_KEY = _METADATA
    API_VERSION = _VERSION
    RESPONSE_TYPE = _Told
    SCHEMA = Schema(
        ("topics", CompactArray(("id", _Uuid), ("name", CompactString("utf-8")), _TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        _TAGS,
    )


class _Question(Request[_Asked]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = _METADATA

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)

    def build(self, request_struct_class: type[_Asked]) -> _Asked:
        """Of those topics, by name; none is made that is not there."""
        return request_struct_class([(_NONE, name, {}) for name in self._names], False, False, False, {})  # noqa: FBT003


async def topic_ids(consumer: AIOKafkaConsumer, names: Iterable[str]) -> dict[str, str]:
    """The ids of those topics that exist now; none of a broker before 2.8, which has no ids.

    Raises:
        KafkaError: the broker does not answer.
    """
    client = consumer._client  # noqa: SLF001  no public way in the pinned version
    try:
        answer: Any = await client.send(client.get_random_node(), _Question(names))
    except (IncompatibleBrokerVersion, NotImplementedError):  # so aiokafka says that the broker is too old
        return {}
    return {name: id_.hex for error, name, id_, *_ in answer.topics if error == 0 and id_ != _NONE}
