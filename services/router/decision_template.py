"""DECISION TEMPLATE: what is written of a new signal, from what was written of another with its values.

Most signals are new, and have values that a rule set has decided on already. What is written of two such differs in
ids, moments and what they carry. So `decide` and `outputs` are asked once, for a stand-in, and their words are kept.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from secrets import randbelow, token_hex
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from schemas import cloudevents, ids
from schemas.audit import Fact
from schemas.cloudevents import Attributes
from schemas.codes import PartnerKind
from schemas.legal import Country
from schemas.local_day import day_in
from schemas.message import moment
from schemas.parked import Coordinates
from schemas.record import Output
from schemas.signal import Sealed, Signal
from schemas.topics import REFERRALS
from services.router import outputs
from services.router.decide import report
from services.router.decision import Past, Routed, counted_as
from services.router.household import Around
from services.router.memory import Earlier
from services.router.plan import Case
from services.router.ruleset import RuleSet
from services.runtime import trail
from services.runtime.template import Template, Values

_TIME: Final = time(3, 14, 15, 926_535, tzinfo=UTC)
_WORD: Final = f"stand-in-{token_hex(16)}"
"""The stand-in's own words, ids and numbers are drawn by each process: nobody else has them, whoever tries."""


def _number() -> int:
    """As long as a number in JSON can be."""
    return 10**18 + randbelow(8 * 10**18)


_AT: Final = Coordinates(topic=f"{_WORD}.topic", partition=_number(), offset=_number())
_ID: Final = uuid4()
_EVENT: Final = uuid4()
_TRACE: Final = f"00-{_ID.hex}-{_EVENT.hex[:16]}-01"
_REFERENCE: Final = f"{_WORD}.reference"
_STAND_IN: Final = {
    "id": _ID,
    "event": _EVENT,
    "corporation": f"{_WORD}-corporation",
    "particulars": Sealed(kid=f"{_WORD}.kid", box=f"{_WORD}.box"),
}


class Cast(NamedTuple):
    """All that is written of a new signal, with places for what is its own.

    `within` is how long each referral may take, `kinds` the help that is asked, `result` what it counts as.
    """

    recipients: tuple[str, ...]
    within: tuple[timedelta, ...]
    kinds: frozenset[PartnerKind]
    result: str
    referrals: tuple[Template, ...]
    entry: Template
    decided: Template


class Stamp:
    """The moment of a batch and the deadlines that follow from it, as they are written."""

    def __init__(self, now: datetime) -> None:
        self.now: Final = now
        self.text: Final = moment(now)
        self._deadlines: dict[timedelta, bytes] = {}
        self._days: dict[Country, date] = {}

    def day(self, country: Country) -> date:
        """The day it is then in that country."""
        day = self._days.get(country)
        if day is None:
            day = self._days[country] = day_in(country, self.now)
        return day

    def deadline(self, within: timedelta) -> bytes:
        """So long after it."""
        text = self._deadlines.get(within)
        if text is None:
            text = self._deadlines[within] = moment(self.now + within)
        return text


class Written(NamedTuple):
    """What leaves, and what is remembered."""

    outputs: list[Output]
    decided: str
    facts: str


class _Own(NamedTuple):
    """What a signal has of its own in what is written of it, whoever is told."""

    signal: bytes
    event: bytes
    entry: bytes
    corporation: bytes
    reference: bytes
    decided_at: bytes
    facts: bytes
    particulars: bytes
    topic: bytes
    partition: bytes
    offset: bytes
    trace: bytes

    def as_event(self, id_: bytes) -> Attributes:
        """The attributes of what is written of it under that id."""
        return Attributes(id_, self.decided_at, self.trace)

    @classmethod
    def of(cls, signal: Signal, at: Coordinates, trace: str, stamp: Stamp) -> "_Own":
        """As text, of what is in the signal and of where its record stands."""
        topic, partition, offset = at.topic, str(at.partition), str(at.offset)
        return cls(
            signal=str(signal.id).encode(),
            event=str(signal.event).encode(),
            entry=ids.entry_text(
                f"{ids.input_text(topic, partition, offset)}/{signal.event}", Fact.SIGNAL_DECIDED
            ).encode(),
            corporation=signal.corporation.encode(),
            reference=(signal.reference or "").encode(),
            decided_at=stamp.text,
            facts=signal.facts.write(),
            particulars=signal.particulars.write(),
            topic=topic.encode(),
            partition=partition.encode(),
            offset=offset.encode(),
            trace=trace.encode(),
        )


def cast(signal: Signal, around: Around, rules: RuleSet, day: date) -> Cast:
    """For new signals that the rules cannot tell from this one, with a reference if it has one."""
    now = datetime.combine(day, _TIME)
    stand_in = signal.model_copy(update={**_STAND_IN, "reference": signal.reference and _REFERENCE})
    decided = report(Case(stand_in, rules, Earlier(), now), around)
    *referrals, entry = outputs.of_decision(stand_in, Past.of(stand_in, decided, at=_AT, decided_at=now), _TRACE)
    planned = decided.referrals if isinstance(decided, Routed) else ()
    recipients, within = tuple(one.recipient for one in planned), tuple(one.deadline - now for one in planned)
    stamp = Stamp(now)
    marks = _values(_Own.of(stand_in, _AT, _TRACE, stamp), _referrals(_ID, recipients), within, stamp)
    return Cast(
        recipients=recipients,
        within=within,
        kinds=frozenset(one.kind for one in planned if one.kind is not None),
        result=counted_as(decided),
        referrals=tuple(Template(each.value, marks) for each in referrals),
        entry=Template(entry.value, marks),
        decided=Template(decided.write(), marks),
    )


def write(made: Cast, signal: Signal, at: Coordinates, trace: str, stamp: Stamp) -> Written:
    """What `outputs` would write of that signal, had it been decided on; the entry with a salt of its own."""
    own, referrals = _Own.of(signal, at, trace, stamp), _referrals(signal.id, made.recipients)
    values = _values(own, referrals, made.within, stamp)
    written = [
        cloudevents.written(REFERRALS, own.as_event(id_), own.signal, mould.fill(values))
        for id_, mould in zip(referrals, made.referrals, strict=True)
    ]
    written.append(trail.written(made.entry.fill(values), own.as_event(own.entry), own.signal))
    return Written(written, made.decided.fill(values).decode(), own.facts.decode())


def _referrals(signal: UUID, recipients: Iterable[str]) -> list[bytes]:
    return [ids.first_referral_text(signal, recipient).encode() for recipient in recipients]


def _values(own: _Own, referrals: Iterable[bytes], within: Iterable[timedelta], stamp: Stamp) -> Values:
    return (*own, *referrals, *map(stamp.deadline, within))
