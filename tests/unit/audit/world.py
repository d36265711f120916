"""A small world that never was: corporations send events, every stage does its part, and the books balance.

It keeps what the real one keeps: the audit entries, the ledger, and how far each topic has been read.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import LegalBasis, PartnerKind, Stage
from schemas.decision import Effect, Explanation, RuleTrace, Seen
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from tests.unit.audit.samples import START

CORPORATIONS = ("voorbeeld-wonen", "testdal", "sample-homes")
PARTNERS = {
    "veilig-thuis-voorbeeld": PartnerKind.VEILIG_THUIS,
    "vrouwenopvang-testdal": PartnerKind.WOMENS_SHELTER,
    "wijkteam-noord": PartnerKind.NEIGHBOURHOOD_TEAM,
}
RULES = {
    "veilig-thuis-voorbeeld": ("acute-danger", "acute != 'no' && disclosure", {"acute": "yes", "disclosure": "true"}),
    "vrouwenopvang-testdal": ("shelter-after-disclosure", "kind == 'disclosure.victim'", {"kind": "disclosure.victim"}),
    "wijkteam-noord": ("pattern-of-damage", "memory.damage_90d >= 3", {"memory.damage_90d": "3"}),
}


@dataclass
class World:
    """Call `happen` as often as you like."""

    seed: int = 1
    start: datetime = START
    entries: list[AuditEntry] = field(default_factory=list)
    ledger: dict[UUID, tuple[UUID, str, int, DeliveryState]] = field(default_factory=dict)
    """Referral -> signal, corporation, revision, state."""
    ends: Counter[str] = field(default_factory=Counter)
    """Topic -> its next offset; every topic has one partition here."""

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311  the same world every time is what we want
        self.now = self.start

    def happen(self) -> None:
        """One event of a tenant system, and all that follows from it."""
        self.now += timedelta(seconds=self.dice.expovariate(1 / 4))
        corporation = self.dice.choice(CORPORATIONS)
        place = self._place(f"source.{corporation}")
        lot = self.dice.random()
        if lot < 0.10:
            self._fact(
                Fact.EVENT_IGNORED, Stage.INGEST, place, corporation=corporation, input=place, reason="code-ignored"
            )
        elif lot < 0.13:
            self._parked(place, corporation)
        else:
            self._signal(corporation, place, number=self.ends[place.topic])

    def _parked(self, place: Coordinates, corporation: str) -> None:
        parked = ids.input_id(place.topic, place.partition, place.offset)
        self._fact(
            Fact.RECORD_PARKED,
            Stage.INGEST,
            place,
            corporation=corporation,
            event=parked,
            input=place,
            reason="code-unknown",
            field="signalering.soort.code",
        )

    def _signal(self, corporation: str, place: Coordinates, number: int) -> None:
        case = ids.signal_id(f"urn:nld:kvknr:00000000:systeem:{corporation}", str(number))
        event = ids.event_id(case, "1")
        of: dict[str, Any] = {"corporation": corporation, "signal": case, "event": event, "revision": 1}
        self._fact(Fact.SIGNAL_ACCEPTED, Stage.INGEST, place, input=place, **of)
        if self.dice.random() < 0.05:
            self._fact(Fact.BSN_REMOVED, Stage.INGEST, place, count=1, **of)
        self._decide(of, self._place("signals.v1"))
        if self.dice.random() < 0.04:
            again = self._place("signals.v1")
            self._fact(Fact.SIGNAL_DUPLICATE, Stage.ROUTER, again, input=again, count=0, **of)

    def _decide(self, of: dict[str, Any], place: Coordinates) -> None:
        partners = self.dice.sample(sorted(PARTNERS), k=self.dice.choice((1, 1, 1, 2)))
        nobody = self.dice.random() < 0.08
        fired = () if nobody else tuple(_rule(partner) for partner in partners)
        explanation = Explanation(rule_set="7d" * 32, fired=fired)
        count = 1 if nobody else len(partners)
        self._fact(Fact.SIGNAL_DECIDED, Stage.ROUTER, place, input=place, count=count, explanation=explanation, **of)
        for partner in [None] if nobody else partners:
            self._deliver({name: of[name] for name in ("corporation", "signal", "revision")}, partner)

    def _deliver(self, of: dict[str, Any], partner: str | None) -> None:
        place = self._place("referrals.v1")
        referral = ids.referral_id(of["signal"], partner or "", 1)
        of = {**of, "referral": referral, "partner": partner}
        lot = self.dice.random()
        if partner is None or lot < 0.12:
            reason = "no-rule-fired" if partner is None else "system-rule"
            deadline = self.now + timedelta(hours=8)
            self._move(
                Fact.REFERRAL_HELD, of, place, None, DeliveryState.HELD, input=place, reason=reason, due_at=deadline
            )
            if lot < 0.03:
                self._move(
                    Fact.REFERRAL_DISMISSED, of, place, DeliveryState.HELD, DeliveryState.DISMISSED, actor="af-1"
                )
            return
        self._move(Fact.REFERRAL_QUEUED, of, place, None, DeliveryState.PENDING, input=place)
        if lot < 0.20:
            due = self.now + timedelta(seconds=30)
            self._attempt(of, place, reason="unavailable", status=503, due_at=due)
            if lot < 0.15:
                return
        self._end(of, place, lot)

    def _end(self, of: dict[str, Any], place: Coordinates, lot: float) -> None:
        pending = DeliveryState.PENDING
        if lot > 0.985:
            reason = {"reason": "no-such-address", "status": 404, "attempt": 1}
            self._move(Fact.DELIVERY_PARKED, of, place, pending, DeliveryState.PARKED, **reason)
        elif lot > 0.975:
            self._move(Fact.REFERRAL_CANCELLED, of, place, pending, DeliveryState.CANCELLED, reason="withdrawn")
        else:
            attempt = {"reason": "accepted", "status": 201, "attempt": 2 if lot < 0.20 else 1, "digest": "0" * 64}
            self._move(Fact.DELIVERY_DELIVERED, of, place, pending, DeliveryState.DELIVERED, **attempt)
            self._fact(Fact.OUTCOME_TOLD, Stage.NOTIFY, place, reason="forwarded", cause=of["referral"], **of)

    def _attempt(self, of: dict[str, Any], place: Coordinates, **fields: Any) -> None:
        pending = DeliveryState.PENDING
        self._fact(
            Fact.DELIVERY_ATTEMPTED,
            Stage.NOTIFY,
            place,
            cause=of["referral"],
            attempt=1,
            before=pending,
            after=pending,
            **fields,
            **of,
        )

    def _move(
        self,
        what: Fact,
        of: dict[str, Any],
        place: Coordinates,
        before: DeliveryState | None,
        after: DeliveryState,
        **fields: Any,
    ) -> None:
        self._fact(what, Stage.NOTIFY, place, cause=of["referral"], before=before, after=after, **fields, **of)
        self.ledger[of["referral"]] = (of["signal"], of["corporation"], of["revision"], after)

    def _place(self, topic: str) -> Coordinates:
        self.ends[topic] += 1
        return Coordinates(topic=topic, partition=0, offset=self.ends[topic] - 1)

    def _fact(self, what: Fact, stage: Stage, place: Coordinates, *, cause: object = None, **fields: Any) -> None:
        self.now += timedelta(seconds=self.dice.uniform(0.005, 0.2))
        whence = cause or ids.input_id(place.topic, place.partition, place.offset)
        entry = AuditEntry(id=ids.entry_id(str(whence), what), at=self.now, stage=stage, fact=what, **fields)
        self.entries.append(entry)


def _rule(partner: str) -> RuleTrace:
    rule, condition, seen = RULES[partner]
    return RuleTrace(
        rule=rule,
        effect=Effect.REFER,
        kind=PARTNERS[partner],
        partner=partner,
        legal_basis=LegalBasis.WMO_5_2_6,
        condition=condition,
        seen=tuple(Seen(name=name, value=value) for name, value in seen.items()),
    )
