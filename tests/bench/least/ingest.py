"""The least ingest: parse, take the BSN out, seal under a key a case, a signal and the facts that account for it.

It takes one shape of event of one corporation as it comes: no model, no check, no parking, no second source.
Arguments: BOOTSTRAP TOPIC GROUP KEYRING KEK.
"""

import asyncio
import sys
from binascii import b2a_base64
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.bench.least import fact
from tests.bench.least.file import opened
from tests.bench.least.wire import Batches, Headers, Written, carry, derived, draw, headers, moment, unhurried

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
FACTS: Final = orjson.dumps({
    "origin": "staff-observation", "certainty": "suspected", "country": "NL", "acute": "unknown",
    "structural": "unknown", "disclosure": False, "children": "unknown", "pregnant": "unknown", "weapon": False,
    "staff_safety": False, "secret_address": False, "violence": [], "consent": "not-asked", "informed": "unknown",
    "professional_judgement": False, "test": False,
})[1:]  # fmt: skip
"""Those that are the same of every event: written once."""

ACCEPTED: Final = '"stage":"ingest","fact":"signal.accepted"'
REMOVED: Final = '"stage":"ingest","fact":"bsn.removed"'


class Taken(NamedTuple):
    """A record, what it says, and which signal and event that is; `case` is the signal as the keyring has it."""

    record: Any
    event: Any
    signal: str
    case: str
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
            signal = derived(f"signal\x1f{event['id']}")
            happened = derived(f"{signal}\x1fevent\x1f{event['gewijzigdOp']}")
            found.append(Taken(record, event, signal, signal.replace("-", ""), happened))
        return found

    async def write(self, read: list[Taken], written: Written) -> None:
        """Nothing is sealed under a key that is not kept in the same transaction, or before."""
        at = moment()
        keys = self._keys([taken.case for taken in read], at)
        async for taken in unhurried(read):
            self._carry(taken, keys[taken.case], at, written)

    def _keys(self, cases: list[str], at: str) -> dict[str, Key]:
        made: dict[str, Key] = {}
        rows = []
        for case in dict.fromkeys(cases):
            kid, secret, nonce = draw(8).hex(), draw(32), draw(12)
            made[case] = Key(kid, secret)
            wrapped = nonce + self._wrapping.encrypt(nonce, secret, kid.encode())
            rows.append((case, kid, self._kek, wrapped, at))
        if self.database.executemany(INSERT, rows).rowcount < len(rows):
            made |= {case: self._found(case) for case in made}
        return made

    def _found(self, case: str) -> Key:
        """Of a case that comes again: the first key stands."""
        query = "SELECT kid, wrapped FROM keyring_data_key WHERE signal = ?"
        kid, wrapped = self.database.execute(query, (case,)).fetchone()
        return Key(kid, self._wrapping.decrypt(wrapped[:12], wrapped[12:], kid.encode()))

    def _carry(self, taken: Taken, key: Key, at: str, written: Written) -> None:
        _, event, signal, case, happened = taken
        code, detail, address, person = event["soort"]["code"], event["detailSoort"], event["adres"], event["relatie"]
        removed = person is not None and person.pop("bsn", None) is not None
        kind, urgency = KINDS[code]
        where, area = (address, AREA) if isinstance(address, str) else (address["id"], _area(address))
        household = blake2b(where.encode(), digest_size=16, key=self._household).hexdigest()
        kid = key.kid.encode()
        nonce, bound = draw(12), b"signals.v1\0%b\0%b" % (bytes.fromhex(case), kid)
        box = AESGCM(key.secret).encrypt(nonce, orjson.dumps(particulars(address, person, event)), bound)
        facts = {
            "kind": kind, "urgency": urgency, "area": area, "household": household,
            "observed_at": event["begindatum"], "origin_code": f"{code}.{detail['code']}" if detail else code,
        }  # fmt: skip
        value = {
            "id": signal, "event": happened, "corporation": fact.CORPORATION, "reference": event["id"],
            "change": "reported", "changed_at": event["gewijzigdOp"], "accepted_at": at,
        }  # fmt: skip
        whole = b'%b,"facts":%b,%b,"particulars":{"alg":"A256GCM","kid":"%b","box":"%b"}}' % (
            orjson.dumps(value)[:-1], orjson.dumps(facts)[:-1], FACTS, kid, b2a_base64(nonce + box, newline=False),
        )  # fmt: skip
        span = f"{happened[:8]}{happened[9:13]}{happened[15:19]}"
        trace = f"00-{blake2b(signal.encode(), digest_size=16).hexdigest()}-{span}-01"
        head = headers(happened, TYPE, at.encode(), trace)
        written.add(TOPIC, int(household[:4], 16) % PARTITIONS, household.encode(), whole, head)
        for told in _account(taken, at, trace, removed=removed):
            written.add(fact.TOPIC, 0, signal.encode(), *told)


def _area(address: Any) -> str:
    return AREAS.get(address["gemeente"]["naam"], AREA)


def _account(taken: Taken, at: str, trace: str, *, removed: bool) -> Iterator[tuple[bytes, Headers]]:
    """The fact that accounts for the record, and one more when a BSN was taken out."""
    topic, partition, offset = taken.record.topic, taken.record.partition, taken.record.offset
    place = f"{topic}\x1f{partition}\x1f{offset}"
    of = f'"signal":"{taken.signal}","event":"{taken.happened}"'
    source = f'"input":{{"topic":"{topic}","partition":{partition},"offset":{offset}}}'
    yield fact.fact(ACCEPTED, place, at, trace, f"{of},{source}")
    if removed:
        yield fact.fact(REMOVED, place, at, trace, f'{of},"count":1')


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
