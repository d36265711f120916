"""The least ledger: a line a referral, an attempt, and an outbox, in one SQLite file, a transaction a turn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from tests.bench.least import fact
from tests.bench.least.file import kept, opened
from tests.bench.least.wire import Headers, Written, derived, headers, moment, trace_of

OUTCOMES: Final = f"outcomes.{fact.CORPORATION}"
OUTCOME: Final = b"nl.woonsignalen.outcome.told.v1"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY, referral CHAR(36) NOT NULL UNIQUE, signal CHAR(36) NOT NULL, partner VARCHAR(63) NOT NULL,
  revision INTEGER NOT NULL, state VARCHAR(16) NOT NULL, attempts INTEGER NOT NULL, queued_at DATETIME NOT NULL,
  deadline DATETIME NOT NULL, changed_at DATETIME NOT NULL, told VARCHAR(16), topic VARCHAR(249) NOT NULL,
  partition INTEGER NOT NULL, "offset" BIGINT NOT NULL, traceparent VARCHAR(55), content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS due ON delivery (partner, id) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS lane ON delivery (signal);
CREATE TABLE IF NOT EXISTS attempt (
  delivery INTEGER NOT NULL, attempt INTEGER NOT NULL, at DATETIME NOT NULL, outcome VARCHAR(16) NOT NULL,
  status INTEGER, seconds FLOAT NOT NULL, digest VARCHAR(64), PRIMARY KEY (delivery, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY, topic VARCHAR(249) NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
  headers BLOB NOT NULL
)
"""
LINE: Final = """
INSERT INTO delivery (id, referral, signal, partner, revision, state, attempts, queued_at, deadline, changed_at, topic,
  partition, "offset", traceparent, content)
VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ENDED: Final = """
UPDATE delivery SET state = 'delivered', attempts = attempts + 1, changed_at = ?, told = 'forwarded' WHERE id = ?
"""
KNOWN: Final = "SELECT d.referral FROM json_each(?) AS wanted CROSS JOIN delivery d ON d.referral = wanted.value"

Told = tuple[str, bytes, bytes, Headers]


class Line(NamedTuple):
    """A referral that is to be delivered."""

    number: int
    referral: dict[str, Any]
    content: bytes
    trace: str

    @property
    def lane(self) -> tuple[str, str]:
        """What must stay in order: a case at a partner."""
        return self.referral["partner"], self.referral["signal"]


class Delivered(NamedTuple):
    """A partner has it."""

    line: Line
    at: str
    status: int
    seconds: float
    digest: str


class Ledger:
    """What it returns of a turn is durable. `told` is the last number of the outbox."""

    def __init__(self, path: Path) -> None:
        self._database = opened(path, TABLES)
        self._next = self._highest("delivery") + 1
        self.told = self._highest("outbox")

    def _highest(self, table: str) -> int:
        return int(self._database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608  one of two names

    def left(self) -> tuple[list[Line], list[Told]]:
        """After a kill: what is still to be delivered, and still to be told."""
        due = "SELECT id, content, traceparent FROM delivery WHERE state = 'pending' ORDER BY id"
        lines = [Line(id_, orjson.loads(raw), raw, trace) for id_, raw, trace in self._database.execute(due)]
        untold = self._database.execute("SELECT topic, key, value, headers FROM outbox ORDER BY id")
        return lines, [(topic, key, value, _unpacked(head)) for topic, key, value, head in untold]

    def turn(self, records: list[Any], ended: list[Delivered], published: int, written: Written) -> list[Line]:
        """All that happened since the last turn: the lines that are new. `published`: so much of the outbox is told."""
        now = moment()
        new = self._new(records)
        told = [_queued(line, now) for line, _ in new]
        for each in ended:
            told += _delivered(each)
        with kept(self._database) as database:
            database.execute("DELETE FROM outbox WHERE id <= ?", (published,))
            database.executemany(LINE, (_row(line, record, now) for line, record in new))
            database.executemany(ENDED, ((each.at, each.line.number) for each in ended))
            database.executemany("INSERT INTO attempt VALUES (?, 1, ?, 'accepted', ?, ?, ?)", map(_attempt, ended))
            database.executemany("INSERT INTO outbox VALUES (?, ?, ?, ?, ?)", _numbered(told, self.told + 1))
        for topic, key, value, head in told:
            written.add(topic, 0, key, value, head)
        self.told += len(told)
        return [line for line, _ in new]

    def _new(self, records: list[Any]) -> list[tuple[Line, Any]]:
        """Those that are not there yet; a replay adds nothing."""
        read = {referral["id"]: (referral, record) for record in records for referral in (orjson.loads(record.value),)}
        for (known,) in self._database.execute(KNOWN, (orjson.dumps(list(read)).decode(),)).fetchall():
            del read[known]
        first, self._next = self._next, self._next + len(read)
        return [
            (Line(number, referral, record.value, trace_of(record)), record)
            for number, (referral, record) in enumerate(read.values(), start=first)
        ]


def _row(line: Line, record: Any, now: str) -> tuple[Any, ...]:
    told = line.referral
    of = (line.number, told["id"], told["signal"], told["partner"], told["revision"])
    return (*of, now, told["deadline"], now, record.topic, record.partition, record.offset, line.trace, line.content)


def _attempt(each: Delivered) -> tuple[Any, ...]:
    return each.line.number, each.at, each.status, each.seconds, each.digest


def _fact(line: Line, name: str, cause: str, at: str, **more: Any) -> Told:
    told = line.referral
    of = {"signal": told["signal"], "referral": told["id"], "revision": told["revision"], "partner": told["partner"]}
    return fact.TOPIC, told["signal"].encode(), *fact.fact("notify", name, cause, at, line.trace, **of, **more)


def _queued(line: Line, at: str) -> Told:
    return _fact(line, "referral.queued", line.referral["id"], at, after="pending")


def _delivered(each: Delivered) -> list[Told]:
    """Tried, delivered, told, and what is told."""
    line, at, id_ = each.line, each.at, each.line.referral["id"]
    signal, outcome = line.referral["signal"], derived(id_, "outcome", "forwarded")
    value = {
        "id": outcome, "signal": signal, "reference": line.referral["reference"],
        "revision": line.referral["revision"], "status": "forwarded", "at": at,
    }  # fmt: skip
    more = {"attempt": 1, "status": each.status, "seconds": each.seconds, "digest": each.digest}
    return [
        _fact(line, "delivery.attempted", id_, at, reason="accepted", **more),
        _fact(line, "delivery.delivered", id_, at, before="pending", after="delivered"),
        (OUTCOMES, signal.encode(), orjson.dumps(value), headers(outcome, OUTCOME, at.encode(), line.trace)),
        _fact(line, "outcome.told", outcome, at, reason="forwarded"),
    ]


def _numbered(told: list[Told], first: int) -> Iterator[tuple[Any, ...]]:
    for number, (topic, key, value, head) in enumerate(told, start=first):
        yield number, topic, key, value, _packed(head)


def _packed(given: Headers) -> bytes:
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in given])


def _unpacked(raw: bytes) -> Headers:
    return [(name, value.encode("latin-1")) for name, value in orjson.loads(raw)]
