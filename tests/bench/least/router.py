"""The least router: parse, recall, compare, remember, a referral and the fact that says why.

Its rules are Python, and few. It knows one country, one partner, no withdrawals, no commands, no other instance.
Arguments: BOOTSTRAP TOPIC GROUP MEMORY.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from tests.bench.least import fact
from tests.bench.least.file import opened
from tests.bench.least.wire import Batches, Written, carry, derived, headers, moment, trace_of, unhurried

TOPIC: Final = "referrals.v1"
PARTITIONS: Final = 6
TYPE: Final = b"nl.woonsignalen.referral.decided.v1"
PARTNER: Final = "veilig-thuis-voorbeeld"
BASIS: Final = "wmo-2015-5.2.6"
DAY: Final = timedelta(days=1)
RULE_SET: Final = "0" * 64
DECIDED: Final = '"stage":"router","fact":"signal.decided"'
MANY: Final = 30
TABLES: Final = """
CREATE TABLE IF NOT EXISTS router_event (
  signal CHAR(36) NOT NULL, event CHAR(36) NOT NULL, revision INTEGER, changed_at DATETIME NOT NULL,
  decided_at DATETIME NOT NULL, topic VARCHAR(249) NOT NULL, partition INTEGER NOT NULL, "offset" BIGINT NOT NULL,
  decided BLOB NOT NULL, facts BLOB NOT NULL, household VARCHAR(32), PRIMARY KEY (signal, event)
);
CREATE TABLE IF NOT EXISTS router_household (
  household VARCHAR(32) NOT NULL, signal CHAR(36) NOT NULL, kind VARCHAR(40) NOT NULL, origin VARCHAR(40) NOT NULL,
  moment DATETIME NOT NULL, asked VARCHAR(200) NOT NULL, PRIMARY KEY (household, signal)
)
"""
EARLIER: Final = """
SELECT e.signal, e.event, e.revision, e.decided_at FROM json_each(?) AS wanted CROSS JOIN router_event e
ON e.signal = wanted.value
"""
AROUND: Final = """
SELECT h.household, count(*) FROM json_each(?) AS wanted CROSS JOIN router_household h
ON h.household = wanted.value GROUP BY h.household
"""
VIOLENCE: Final = frozenset({"noise.violence", "threat", "fear.observed", "child.concern", "elder.abuse"})
UNKNOWN: Final = frozenset({"yes", "unknown"})

Signals = list[tuple[Any, Any]]
Events = dict[str, tuple[int, str]]
"""Of a signal: which revision each is, and when it was decided."""


class Known(NamedTuple):
    """What the rules look at. `around`: signals of its household, to the most that a rule asks for."""

    kind: str
    origin: str
    acute: str
    structural: str
    children: str
    around: int


Rule = tuple[str, str, Callable[[Known], bool], tuple[str, ...]]
RULES: Final[tuple[Rule, ...]] = (
    (
        "nl-meldcode-5a-melden",
        "by_a_person && about_violence && (acute_or_unknown || structural_or_unknown)",
        lambda known: (
            known.origin != "system-rule"
            and known.kind in VIOLENCE
            and (known.acute in UNKNOWN or known.structural in UNKNOWN)
        ),
        ("kind", "acute", "origin", "structural"),
    ),
    ("nl-kind", "by_a_person && about_child", lambda known: known.children == "yes", ("children", "origin")),
    ("nl-ouderen", 'kind == "elder.abuse"', lambda known: known.kind == "elder.abuse", ("kind",)),
    ("nl-schade", "by_a_person && damage", lambda known: known.kind.startswith("damage."), ("kind", "origin")),
    ("nl-radar", "signals_90d >= 30", lambda known: known.around >= MANY, ("around",)),
)


@lru_cache(maxsize=4096)
def _explained(known: Known) -> tuple[str, str]:
    """What to do and why, as JSON without braces and as JSON. Equal facts are looked at once."""
    fired = [
        {
            "rule": name, "effect": "refer", "kind": "veilig-thuis", "partner": PARTNER, "legal_basis": BASIS,
            "condition": condition, "seen": [{"name": each, "value": str(getattr(known, each))} for each in seen],
        }
        for name, condition, holds, seen in RULES if holds(known)
    ]  # fmt: skip
    effect = {
        "handling": "send" if fired else "hold", "reason": "rule" if fired else "no-rule-fired", "partner": PARTNER,
        "kind": "veilig-thuis", "legal_basis": BASIS,
    }  # fmt: skip
    why = {"rule_set": RULE_SET, "fired": fired}
    return orjson.dumps(effect)[1:-1].decode(), orjson.dumps(why).decode()


class Router:
    """A replay finds its events decided, and says the same again."""

    def __init__(self, memory: Path) -> None:
        self.database = opened(memory, TABLES)

    def read(self, batches: Batches) -> Signals:
        """Each record with what it says."""
        return [(record, orjson.loads(record.value)) for found in batches.values() for record in found]

    async def write(self, read: Signals, written: Written) -> None:
        """What was there is read at once, and what is new is kept at once."""
        now = moment()
        earlier, around = self._recalled(read)
        rows, stays = [], []
        async for record, signal in unhurried(read):
            events, facts = earlier.setdefault(signal["id"], {}), signal["facts"]
            household, known = facts["household"], events.get(signal["event"])
            revision, at = events[signal["event"]] = known or (len(events) + 1, now)
            around[household] += known is None
            decided, facts_json = _decide(record, signal, (revision, at), around[household], written)
            if known is None:
                ids = (signal["id"], signal["event"])
                stood = (record.topic, record.partition, record.offset)
                rows.append((*ids, revision, signal["changed_at"], at, *stood, decided, facts_json, household))
                noticed = (facts["kind"], facts["origin"], facts["observed_at"], "veilig-thuis")
                stays.append((household, signal["id"], *noticed))
        self.database.executemany("INSERT INTO router_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.database.executemany("INSERT OR REPLACE INTO router_household VALUES (?, ?, ?, ?, ?, ?)", stays)

    def _recalled(self, signals: Signals) -> tuple[dict[str, Events], Counter[str]]:
        earlier: dict[str, Events] = {}
        wanted = orjson.dumps(sorted({signal["id"] for _, signal in signals})).decode()
        for signal, event, revision, at in self.database.execute(EARLIER, (wanted,)):
            earlier.setdefault(signal, {})[event] = (revision, at)
        wanted = orjson.dumps(sorted({signal["facts"]["household"] for _, signal in signals})).decode()
        return earlier, Counter(dict(self.database.execute(AROUND, (wanted,)).fetchall()))


def _decide(record: Any, signal: Any, when: tuple[int, str], around: int, written: Written) -> tuple[bytes, bytes]:
    """Writes; returns the decision and the facts as they are remembered."""
    revision, at = when
    facts, id_, event, deadline = signal["facts"], signal["id"], signal["event"], _deadline(at)
    looked_at = (facts["kind"], facts["origin"], facts["acute"], facts["structural"], facts["children"])
    effect, explanation = _explained(Known(*looked_at, min(around, MANY)))
    facts_json = orjson.dumps(facts)
    referral = derived(f"{id_}\x1freferral\x1f{PARTNER}\x1f{revision}")
    handling = f'"change":"{"new" if revision == 1 else "update"}",{effect}'
    value = {"corporation": signal["corporation"], "reference": signal["reference"]}
    head = (
        f'{{"id":"{referral}","signal":"{id_}","event":"{event}","revision":{revision},{handling},"decided_at":"{at}"'
    )
    whole = b'%b,"deadline":"%b",%b,"explanation":%b,"facts":%b,"particulars":%b}' % (
        head.encode(), deadline.encode(), orjson.dumps(value)[1:-1], explanation.encode(), facts_json,
        orjson.dumps(signal["particulars"]),
    )  # fmt: skip
    trace, key = trace_of(record), id_.encode()
    written.add(TOPIC, int(id_[:4], 16) % PARTITIONS, key, whole, headers(referral, TYPE, at.encode(), trace))
    told = f'[{{"referral":"{referral}",{handling},"deadline":"{deadline}"}}]'
    place = f'"input":{{"topic":"{record.topic}","partition":{record.partition},"offset":{record.offset}}}'
    of = f'"signal":"{id_}","event":"{event}","revision":{revision},{place},"count":1'
    more = f'{of},"explanation":{explanation},"told":{told}'
    written.add(fact.TOPIC, 0, key, *fact.fact(DECIDED, event, at, trace, more))
    decided = f'{{"outcome":"routed","revision":{revision},"referrals":{told},"explanation":{explanation}}}'
    return decided.encode(), facts_json


@lru_cache(maxsize=16)
def _deadline(at: str) -> str:
    return (datetime.fromisoformat(at) + DAY).isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    bootstrap, topic, group, memory = sys.argv[1:5]
    asyncio.run(carry(bootstrap, topic, group, Router(Path(memory)), landed=lambda _: None))
