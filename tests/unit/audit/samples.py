"""Audit entries as the stages write them, all synthetic, and the records that carry them."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import LegalBasis, PartnerKind, Stage
from schemas.decision import Effect, Explanation, RuleTrace, Seen
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from schemas.record import Captured

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOURCE = "urn:nld:kvknr:00000000:systeem:voorbeeld"
CORPORATION = "voorbeeld-wonen"
PARTNER = "veilig-thuis-voorbeeld"

EXPLANATION = Explanation(
    rule_set="0" * 64,
    fired=(
        RuleTrace(
            rule="acute-danger",
            effect=Effect.REFER,
            kind=PartnerKind.VEILIG_THUIS,
            partner=PARTNER,
            legal_basis=LegalBasis.WMO_5_2_6,
            condition="facts.acute != 'no' && facts.disclosure",
            seen=(Seen(name="facts.acute", value="yes"), Seen(name="facts.disclosure", value="true")),
        ),
    ),
)


def signal(number: int) -> UUID:
    """The id of the n-th synthetic signal."""
    return ids.signal_id(SOURCE, f"ZAAK-{number}")


def fact(what: Fact, stage: Stage, *, cause: object, seconds: float = 0, **fields: Any) -> AuditEntry:
    """One entry; the same cause and fact make the same id."""
    fields.setdefault("corporation", CORPORATION)
    entry = ids.entry_id(str(cause), what)
    return AuditEntry(id=entry, at=START + timedelta(seconds=seconds), stage=stage, fact=what, **fields)


def record(entry: AuditEntry, offset: int) -> Captured:
    """The entry as it stands in `audit.v1`; another offset makes another salt, as a replay would."""
    salt = sha256(f"{entry.id} {offset}".encode()).digest()
    return Captured(topic="audit.v1", value=entry.write(), headers=[("salt", salt)], offset=offset)


def accepted(number: int) -> AuditEntry:
    """What ingest writes of the n-th signal."""
    place = Coordinates(topic=f"source.{CORPORATION}", partition=0, offset=number)
    case = signal(number)
    event = ids.event_id(case, "1")
    return fact(
        Fact.SIGNAL_ACCEPTED,
        Stage.INGEST,
        cause=event,
        seconds=number,
        signal=case,
        event=event,
        revision=1,
        input=place,
    )


def decided(number: int, *, count: int = 1) -> AuditEntry:
    """What the router writes of it."""
    place = Coordinates(topic="signals.v1", partition=0, offset=number)
    case = signal(number)
    event = ids.event_id(case, "1")
    return fact(
        Fact.SIGNAL_DECIDED,
        Stage.ROUTER,
        cause=event,
        seconds=number + 0.2,
        signal=case,
        event=event,
        revision=1,
        input=place,
        count=count,
        explanation=EXPLANATION,
    )


def delivered(number: int) -> list[AuditEntry]:
    """What notify writes of it: queued, attempted twice, delivered."""
    case = signal(number)
    referral = ids.referral_id(case, PARTNER, 1)
    of: dict[str, Any] = {"signal": case, "referral": referral, "revision": 1, "partner": PARTNER}
    place = Coordinates(topic="referrals.v1", partition=0, offset=number)
    pending, done = DeliveryState.PENDING, DeliveryState.DELIVERED
    due = START + timedelta(seconds=number + 31)
    return [
        fact(
            Fact.REFERRAL_QUEUED, Stage.NOTIFY, cause=referral, seconds=number + 0.4, after=pending, input=place, **of
        ),
        fact(
            Fact.DELIVERY_ATTEMPTED,
            Stage.NOTIFY,
            cause=f"{referral} 1",
            seconds=number + 1,
            before=pending,
            after=pending,
            attempt=1,
            status=503,
            reason="try-later",
            due_at=due,
            **of,
        ),
        fact(
            Fact.DELIVERY_DELIVERED,
            Stage.NOTIFY,
            cause=f"{referral} 2",
            seconds=number + 31,
            before=pending,
            after=done,
            attempt=2,
            status=201,
            reason="accepted",
            digest="0" * 64,
            **of,
        ),
    ]


def story(number: int) -> list[AuditEntry]:
    """One signal from start to end."""
    return [accepted(number), decided(number), *delivered(number)]


def replayed() -> list[AuditEntry]:
    """Five events. One is on its way, one is parked at the router, and one was parked at both stages and redriven.

    One came again from its source and is a copy, twice; one came back alike after another and was decided three times.
    """

    def again(entry: AuditEntry, time: int) -> AuditEntry:
        """From another record."""
        return entry.model_copy(update={"id": ids.entry_id(f"{entry.id} {time}", entry.fact)})

    def parking(stage: Stage, number: int) -> AuditEntry:
        """A record that could not be read; the router knows of which event."""
        place = ids.input_id(stage, 0, number)
        message = ids.event_id(signal(number), "1") if stage is Stage.ROUTER else None
        return fact(Fact.RECORD_PARKED, stage, cause=place, event=place, message=message)

    def redriven(parked: AuditEntry) -> AuditEntry:
        """Somebody mended what it lacked."""
        return fact(Fact.RECORD_REDRIVEN, Stage.INGEST, cause=f"command {parked.id}", event=parked.event)

    copy = decided(1).model_copy(update={"id": UUID(int=1), "fact": Fact.SIGNAL_DUPLICATE, "count": None})
    at_ingest, at_router = parking(Stage.INGEST, 4), parking(Stage.ROUTER, 4)
    return [
        *(accepted(1), decided(1), again(accepted(1), 2), copy, again(accepted(1), 3), again(copy, 2)),
        *(accepted(2), decided(2), again(accepted(2), 2), again(decided(2), 2), again(decided(2), 3)),
        *(accepted(3), parking(Stage.ROUTER, 3)),
        *(at_ingest, redriven(at_ingest), accepted(4), at_router, redriven(at_router), again(redriven(at_router), 2)),
        *(decided(4), accepted(5)),
    ]
