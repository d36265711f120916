"""The least ledger: a line a referral, an attempt, and an outbox, in one SQLite file, a transaction a turn."""

import asyncio
import marshal
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from tests.bench.least import fact
from tests.bench.least.file import opened
from tests.bench.least.wire import Headers, Written, derived, headers, moment, trace_of, unhurried

OUTCOMES: Final = f"outcomes.{fact.CORPORATION}"
OUTCOME: Final = b"nl.woonsignalen.outcome.told.v1"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY, referral CHAR(36) NOT NULL UNIQUE, signal CHAR(36) NOT NULL, partner VARCHAR(63) NOT NULL,
  revision INTEGER NOT NULL, state VARCHAR(16) NOT NULL, attempts INTEGER NOT NULL, queued_at DATETIME NOT NULL,
  deadline DATETIME NOT NULL, changed_at DATETIME NOT NULL, told VARCHAR(16), topic VARCHAR(249) NOT NULL,
  partition INTEGER NOT NULL, "offset" BIGINT NOT NULL, traceparent VARCHAR(55), content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS due ON delivery (id) WHERE state = 'pending';
CREATE TABLE IF NOT EXISTS attempt (
  delivery INTEGER NOT NULL, attempt INTEGER NOT NULL, at DATETIME NOT NULL, outcome VARCHAR(16) NOT NULL,
  status INTEGER, seconds FLOAT NOT NULL, digest VARCHAR(64), PRIMARY KEY (delivery, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (turn INTEGER PRIMARY KEY, told BLOB NOT NULL)
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
    """A partner has it, and `told` is what is to be told of that."""

    line: Line
    at: str
    status: int
    seconds: float
    digest: str
    told: list[Told]


class Ledger:
    """What it returns of a turn is durable. `last` is the number of the last turn."""

    def __init__(self, path: Path) -> None:
        self._database = opened(path, TABLES)
        self._next = self._database.execute("SELECT coalesce(max(id), 0) + 1 FROM delivery").fetchone()[0]
        self.last: int = self._database.execute("SELECT coalesce(max(turn), 0) FROM outbox").fetchone()[0]

    def left(self) -> tuple[list[Line], list[Told]]:
        """After a kill: what is still to be delivered, and still to be told."""
        due = "SELECT id, content, traceparent FROM delivery WHERE state = 'pending' ORDER BY id"
        lines = [Line(id_, orjson.loads(raw), raw, trace) for id_, raw, trace in self._database.execute(due)]
        untold = self._database.execute("SELECT told FROM outbox ORDER BY turn").fetchall()
        return lines, [told for (some,) in untold for told in marshal.loads(some)]  # noqa: S302  our own file

    async def turn(self, records: list[Any], ended: list[Delivered], told_to: int, written: Written) -> list[Line]:
        """All that happened since the last turn; the lines that are new. What is told of turns to `told_to` may go."""
        now = moment()
        new = self._new(records)
        told = [_queued(line, now) for line, _ in new]
        told += [one for each in ended for one in each.told]
        self.last += 1
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM outbox WHERE turn <= ?", (told_to,))
        database.execute("INSERT INTO outbox VALUES (?, ?)", (self.last, marshal.dumps(told)))
        database.executemany(LINE, [_row(line, record, now) for line, record in new])
        await asyncio.sleep(0)  # what is under way goes on
        database.executemany(ENDED, [(each.at, each.line.number) for each in ended])
        database.executemany("INSERT INTO attempt VALUES (?, 1, ?, 'accepted', ?, ?, ?)", map(_attempt, ended))
        committed = asyncio.get_running_loop().run_in_executor(None, database.execute, "COMMIT")
        async for topic, key, value, head in unhurried(told):
            written.add(topic, 0, key, value, head)
        await committed
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


def _fact(line: Line, name: str, cause: str, at: str, more: str) -> Told:
    told = line.referral
    of = f'"signal":"{told["signal"]}","referral":"{told["id"]}","revision":{told["revision"]}'
    what = f'"stage":"notify","fact":"{name}"'
    given = fact.fact(what, cause, at, line.trace, f'{of},"partner":"{told["partner"]}",{more}')
    return fact.TOPIC, told["signal"].encode(), *given


def _queued(line: Line, at: str) -> Told:
    return _fact(line, "referral.queued", line.referral["id"], at, '"after":"pending"')


def delivered(line: Line, at: str, status: int, seconds: float, digest: str) -> Delivered:
    """Tried, delivered, told, and what is told."""
    id_ = line.referral["id"]
    signal, outcome = line.referral["signal"], derived(f"{id_}\x1foutcome\x1fforwarded")
    value = {
        "id": outcome, "signal": signal, "reference": line.referral["reference"],
        "revision": line.referral["revision"], "status": "forwarded", "at": at,
    }  # fmt: skip
    tried = f'"attempt":1,"status":{status},"seconds":{seconds:f},"digest":"{digest}"'
    told = [
        _fact(line, "delivery.attempted", id_, at, f'"reason":"accepted",{tried}'),
        _fact(line, "delivery.delivered", id_, at, '"before":"pending","after":"delivered"'),
        (OUTCOMES, signal.encode(), orjson.dumps(value), headers(outcome, OUTCOME, at.encode(), line.trace)),
        _fact(line, "outcome.told", outcome, at, '"reason":"forwarded"'),
    ]
    return Delivered(line, at, status, seconds, digest, told)
