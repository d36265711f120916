"""What a signal costs in C alone: the library calls that no ingest with sealing and audit can do without, and no more.

Parse the event, seal the particulars, wrap the case's key, derive five ids, write two records. No rule, no check, no
database, no reading from Kafka, none of our own Python but the calls themselves.
"""

import os
import time
from collections.abc import Sequence
from hashlib import sha1
from typing import Final

import orjson
from aiokafka.producer.message_accumulator import BatchBuilder
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.record import Output

IDS: Final = 5
PARTICULARS: Final = 600
"""Bytes of an event that are about people."""

BATCH: Final = 1_000_000
KEY: Final = os.urandom(32)
BOUND: Final = os.urandom(60)
HEADERS: Final = [(f"ce_{number}", b"about as long as one is") for number in range(8)]


def cpu(records: Sequence[Output]) -> float:
    """CPU microseconds of each of these."""
    batch = _batch()
    began = time.process_time()
    for record in records:
        event = orjson.loads(record.value)
        AESGCM(KEY).encrypt(os.urandom(12), record.value[:PARTICULARS], BOUND)
        AESGCM(KEY).encrypt(os.urandom(12), os.urandom(32), BOUND)
        for _ in range(IDS):
            sha1(BOUND, usedforsecurity=False).digest()
        written = orjson.dumps(event)
        for _ in ("signal", "audit entry"):
            if batch.append(timestamp=None, key=record.key, value=written, headers=HEADERS) is None:
                batch = _batch()
    return (time.process_time() - began) / len(records) * 1e6


def _batch() -> BatchBuilder:
    return BatchBuilder(BATCH, 0)
