"""The least ingest: parse, take the BSN out, seal under a key a case, a signal and the facts that account for it.

It takes one shape of event of one corporation as it comes: no model, no check, no parking, no second source.
Arguments: BOOTSTRAP TOPIC GROUP KEYRING KEK.
"""

import asyncio
import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import blake2b
from hmac import digest
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.bench.least import fact
from tests.bench.least.file import opened
from tests.bench.least.wire import Batches, Headers, Written, carry, derived, headers, moment, pause

TOPIC: Final = "signals.v1"
PARTITIONS: Final = 6
TYPE: Final = b"nl.woonsignalen.signal.accepted.v1"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS keyring_data_key (
  signal CHAR(32) NOT NULL PRIMARY KEY, kid VARCHAR(64) NOT NULL, kek VARCHAR(64) NOT NULL, wrapped BLOB,
  made_at DATETIME NOT NULL, destroyed_at DATETIME
)
"""
INSERT: Final = """
INSERT OR IGNORE INTO keyring_data_key (signal, kid, kek, wrapped, made_at) VALUES (?, ?, ?, ?, ?)
"""
KINDS: Final = {"OVE": ("noise.violence", "urgent"), "AGR": ("threat", "urgent"), "ONB": ("fear.observed", "routine")}
AREAS: Final = {
    "Almelo": "GM0141", "Deventer": "GM0150", "Hardenberg": "GM0160", "Kampen": "GM0166", "Raalte": "GM0177",
}  # fmt: skip
AREA: Final = "GM0193"
FACTS: Final[dict[str, Any]] = {
    "origin": "staff-observation", "certainty": "suspected", "country": "NL", "acute": "unknown",
    "structural": "unknown", "disclosure": False, "children": "unknown", "pregnant": "unknown", "weapon": False,
    "staff_safety": False, "secret_address": False, "violence": [], "consent": "not-asked", "informed": "unknown",
    "professional_judgement": False, "test": False,
}  # fmt: skip


class Taken(NamedTuple):
    """A record, what it says, and which signal and event that is."""

    record: Any
    event: Any
    signal: str
    happened: str


class Key(NamedTuple):
    """Of one case, drawn."""

    kid: str
    secret: bytes


class Ingest:
    """Its keyring has the columns and the envelope of ours, so that our notify opens what it sealed."""

    def __init__(self, keyring: Path, kek: Path) -> None:
        self.database = opened(keyring, TABLES)
        self._kek, _, secret = kek.read_text().strip().rpartition("\n")[2].partition(":")
        self._wrapping = AESGCM(bytes.fromhex(secret))
        self._household = bytes.fromhex(secret)

    def read(self, batches: Batches) -> list[Taken]:
        """Each record with what it says."""
        found: list[Taken] = []
        for record in (record for some in batches.values() for record in some):
            event = orjson.loads(record.value)
            signal = derived("signal", event["id"])
            found.append(Taken(record, event, signal, derived(signal, "event", event["gewijzigdOp"])))
        return found

    async def write(self, read: list[Taken], written: Written) -> None:
        """Nothing is sealed under a key that is not kept in the same transaction, or before."""
        at = moment()
        keys = self._keys([taken.signal for taken in read], at)
        for place, taken in enumerate(read):
            self._carry(taken, keys[taken.signal], at, written)
            await pause(place)

    def _keys(self, signals: list[str], at: str) -> dict[str, Key]:
        drawn = os.urandom(52 * len(signals))
        made: dict[str, Key] = {}
        rows = []
        for place, signal in enumerate(dict.fromkeys(signals)):
            some = drawn[52 * place : 52 * place + 52]
            kid, secret, nonce = some[:8].hex(), some[8:40], some[40:]
            made[signal] = Key(kid, secret)
            wrapped = nonce + self._wrapping.encrypt(nonce, secret, kid.encode())
            rows.append((signal.replace("-", ""), kid, self._kek, wrapped, at))
        if self.database.executemany(INSERT, rows).rowcount < len(rows):
            made |= {signal: self._found(signal) for signal in made}
        return made

    def _found(self, signal: str) -> Key:
        """Of a case that comes again: the first key stands."""
        query = "SELECT kid, wrapped FROM keyring_data_key WHERE signal = ?"
        kid, wrapped = self.database.execute(query, (signal.replace("-", ""),)).fetchone()
        return Key(kid, self._wrapping.decrypt(wrapped[:12], wrapped[12:], kid.encode()))

    def _carry(self, taken: Taken, key: Key, at: str, written: Written) -> None:
        _, event, signal, happened = taken
        code, detail, address, person = event["soort"]["code"], event["detailSoort"], event["adres"], event["relatie"]
        removed = person is not None and person.pop("bsn", None) is not None
        kind, urgency = KINDS[code]
        where = address if isinstance(address, str) else address["id"]
        household = digest(self._household, where.encode(), "sha256").hex()[:32]
        bound = b"%b\0%b\0%b" % (TOPIC.encode(), bytes.fromhex(signal.replace("-", "")), key.kid.encode())
        nonce = os.urandom(12)
        box = nonce + AESGCM(key.secret).encrypt(nonce, orjson.dumps(particulars(address, person, event)), bound)
        area = AREA if isinstance(address, str) else AREAS.get(address["gemeente"]["naam"], AREA)
        facts = {
            "kind": kind, "urgency": urgency, "area": area, "household": household,
            "observed_at": event["begindatum"], "origin_code": f"{code}.{detail['code']}" if detail else code, **FACTS,
        }  # fmt: skip
        value = {
            "id": signal, "event": happened, "corporation": fact.CORPORATION, "reference": event["id"],
            "change": "reported", "changed_at": event["gewijzigdOp"], "accepted_at": at, "facts": facts,
            "particulars": {"alg": "A256GCM", "kid": key.kid, "box": b64encode(box).decode()},
        }  # fmt: skip
        span = f"{happened[:8]}{happened[9:13]}{happened[15:19]}"
        trace = f"00-{blake2b(signal.encode(), digest_size=16).hexdigest()}-{span}-01"
        head = headers(happened, TYPE, at.encode(), trace)
        written.add(TOPIC, int(household[:4], 16) % PARTITIONS, household.encode(), orjson.dumps(value), head)
        for told in _account(taken, at, trace, removed=removed):
            written.add(fact.TOPIC, 0, signal.encode(), *told)


def _account(taken: Taken, at: str, trace: str, *, removed: bool) -> Iterator[tuple[bytes, Headers]]:
    """The fact that accounts for the record, and one more when a BSN was taken out."""
    record = taken.record
    place = derived("input", record.topic, str(record.partition), str(record.offset))
    of = {"signal": taken.signal, "event": taken.happened}
    source = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    yield fact.fact("ingest", "signal.accepted", place, at, trace, **of, input=source)
    if removed:
        yield fact.fact("ingest", "bsn.removed", place, at, trace, **of, count=1)


def particulars(address: Any, person: Any, event: Any) -> dict[str, Any]:
    """What names people, in the form of our own model."""
    told: dict[str, Any] = {}
    if person is not None:
        known = {"name": person["aanschrijfnaam"], "birth_date": person["geboortedatum"][:10], "gender": "female"}
        told["people"] = [{"role": "household-member", **known}]
    if not isinstance(address, str):
        line = f"{address['straatnaam']} {address['huisnummer']}"
        told["address"] = {"lines": [line], "postcode": address["postcode"], "city": address["woonplaats"]["naam"]}
    told["narrative"] = event["extra-attributen"][0]["waarde"]
    return told


if __name__ == "__main__":
    bootstrap, topic, group, keyring, kek = sys.argv[1:6]
    work = Ingest(Path(keyring), Path(kek))
    asyncio.run(carry(bootstrap, topic, group, work, landed=lambda _: None))
