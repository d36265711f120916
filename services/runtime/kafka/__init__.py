"""Kafka for every stage: a hop that reads and commits, a sink that writes, topics made and looked at.

Importing any of it bounds what aiokafka unpacks (`unpacking`).
"""

from services.runtime.kafka import unpacking
from services.runtime.kafka.batch_seen import BatchSeen, unseen
from services.runtime.kafka.hop import Hop
from services.runtime.kafka.owners import Owners, owned
from services.runtime.kafka.reading import Offsets, offsets, record_at, scan
from services.runtime.kafka.set_asides import SetAsides
from services.runtime.kafka.sink import Sink, TooLarge
from services.runtime.kafka.topics import TopicSpec, compacts, ensure_topics

__all__ = [
    "BatchSeen",
    "Hop",
    "Offsets",
    "Owners",
    "SetAsides",
    "Sink",
    "TooLarge",
    "TopicSpec",
    "compacts",
    "ensure_topics",
    "offsets",
    "owned",
    "record_at",
    "scan",
    "unpacking",
    "unseen",
]
