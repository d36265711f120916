"""What the least of a hop or a delivery costs, whatever is written around it."""

import os
import time
from collections.abc import Sequence
from hashlib import sha1
from typing import Final

import orjson
from aiokafka.producer.message_accumulator import BatchBuilder
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.record import Output
from services.notify.channels.gate import passed
from services.notify.fhir.build import build
from services.notify.fhir.validate import Gate
from tests.unit.notify import samples

IDS: Final = 5
PARTICULARS: Final = 600
"""Bytes of an event that are about people."""

BATCH: Final = 1_000_000
KEY: Final = os.urandom(32)
BOUND: Final = os.urandom(60)
HEADERS: Final = [(f"ce_{number}", b"about as long as one is") for number in range(8)]


def signal(records: Sequence[Output]) -> float:
    """CPU microseconds of each in library calls alone, those that no ingest with sealing and audit can do without.

    Parse the event, seal the particulars, wrap the case's key, derive five ids, write two records. No rule, no check,
    no database, no reading from Kafka.
    """
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


def bundle(times: int) -> float:
    """CPU microseconds of a referral that is made a Bundle and validated, and not sent."""
    gate, letter = Gate(), samples.letter()
    passed(gate, build(letter), letter)  # the first of its shape costs more
    began = time.process_time()
    for _ in range(times):
        passed(gate, build(letter), letter)
    return (time.process_time() - began) / times * 1e6


def _batch() -> BatchBuilder:
    return BatchBuilder(BATCH, 0)
