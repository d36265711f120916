"""Ids are derived, never drawn: a replay makes the same ones, so every reader recognises what it has seen."""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha1
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:seinpaal:v1")

_VARIANT: Final = {f"{digit:x}": f"{8 + digit % 4:x}" for digit in range(16)}
"""What the first digit of the fourth group becomes: its two highest bits are 10."""


def derived(space: UUID, *parts: object) -> UUID:
    """UUID version 5 (RFC 9562, section 5.5) of the parts; a part cannot run over into the next.

    Written out because `uuid.uuid5` costs three times as much, and every record needs several.
    """
    name = "\x1f".join(map(str, parts))
    digest = sha1(space.bytes + name.encode(), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16], "big")
    number = number & ~(0xF000 << 64) | (5 << 76)
    number = number & ~(0xC000 << 48) | (0x8000 << 48)
    return UUID(int=number)


def spelt(space: UUID, *parts: str) -> str:
    """The text of what `derived` makes of texts, for a third of the cost, where nothing else is done with it."""
    name = "\x1f".join(parts)
    found = sha1(space.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = _VARIANT[found[16]]
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{variant}{found[17:20]}-{found[20:32]}"


@lru_cache(maxsize=1024)
def _source_space(source: str) -> UUID:
    return derived(NAMESPACE, "source", source)


def signal_id(source: str, record: str) -> UUID:
    """One record of one tenant system, whatever happens to it later. `source` is its CloudEvents source URN.

    The case has the same id: a case is one signal with all its revisions and referrals.
    """
    return derived(_source_space(source), "signal", record)


def event_id(signal: UUID, event: str) -> UUID:
    """One thing that happened to that record. `event` is the tenant system's id of it, or a digest of its content."""
    return derived(signal, "event", event)


def told_again_id(event: UUID, revision: int) -> UUID:
    """A change that came back, alike, after another one: which revision of its signal it became then."""
    return derived(event, "again", revision)


def referral_id(signal: UUID, partner: str, revision: int) -> UUID:
    """One signal, one partner, one revision. A held referral without a partner has `partner` empty."""
    return derived(signal, "referral", partner, revision)


def entry_id(cause: UUID | str, fact: str, ordinal: int = 0) -> UUID:
    """One audit entry: what caused it, the fact, and its ordinal when one cause has several."""
    return derived(NAMESPACE, "entry", cause, fact, ordinal)


def input_id(topic: str, partition: int, offset: int) -> UUID:
    """One record of a topic of ours, by where it stands; of any topic, for who may not read it."""
    return derived(NAMESPACE, "input", topic, partition, offset)


def record_id(topic: str, partition: int, offset: int, timestamp: int) -> UUID:
    """One record of anybody's topic: made anew, it repeats its offsets. Also the id of what was parked there."""
    return derived(NAMESPACE, "record", topic, partition, offset, timestamp)


def first_referral_text(signal: UUID, partner: str) -> str:
    """`referral_id` of the first revision, as text."""
    return spelt(signal, "referral", partner, "1")


def entry_text(cause: str, fact: str, ordinal: int = 0) -> str:
    """`entry_id`, as text of texts."""
    return spelt(NAMESPACE, "entry", cause, fact, str(ordinal))


def input_text(topic: str, partition: str, offset: str) -> str:
    """`input_id`, as text of texts."""
    return spelt(NAMESPACE, "input", topic, partition, offset)


def record_text(topic: str, partition: str, offset: str, timestamp: int) -> str:
    """`record_id`, as text."""
    return spelt(NAMESPACE, "record", topic, partition, offset, str(timestamp))


def outcome_text(referral: UUID, status: str, moves: int) -> str:
    """One thing told to the corporation about one referral, after so many changes of its state; as text."""
    return spelt(referral, "outcome", status, str(moves))


def command_id(action: str, target: UUID, moment: str) -> UUID:
    """One decision of a person: what about, and when, to the microsecond."""
    return derived(NAMESPACE, "command", action, target, moment)


def rule_set_id(version: str) -> UUID:
    """One rule set, by the SHA-256 of its content: what a command about it aims at."""
    return derived(NAMESPACE, "rules", version)


def partner_id(partner: str) -> UUID:
    """One partner, by its id in `partners.yaml`: what a command about it aims at."""
    return derived(NAMESPACE, "partner", partner)


def call_id(referral: UUID, why: str, deadline: datetime) -> UUID:
    """One telephone call somebody must make about one referral, and why.

    A referral that one partner turned down has a new deadline, and may be late at the next one too.
    """
    return derived(referral, "call", why, deadline.astimezone(UTC).isoformat())
