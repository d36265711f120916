"""The judges of the campaigns: each fault that they are there for is named, and what is well has none."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from services.audit.findings import Doubled, Undecided
from services.audit.reconcile import Book, Picture, Reader, Reading, Reconciliation
from services.sandbox.partners.receipts import Receipts
from services.sandbox.verdict import Verdict, judge
from tests.chaos.delivery_verdict import Evidence, faults
from tests.chaos.stores import Kept
from tests.unit.notify import samples

FIRST, SECOND = samples.referral(), samples.referral(revision=2)
PARTNER = samples.PARTNER
LINES = {
    each.id: replace(samples.line(revision=each.revision), state=DeliveryState.DELIVERED, attempts=1)
    for each in (FIRST, SECOND)
}
KEPT = [Kept(FIRST.id, "task-1", taken_back=False), Kept(SECOND.id, "task-1", taken_back=False)]


def told(number: int, fact: Fact, referral: UUID, **more: object) -> AuditEntry:
    """A fact about one of them."""
    given = {"id": UUID(int=number), "at": samples.AT, "stage": Stage.NOTIFY, "fact": fact, "referral": referral}
    return AuditEntry.model_validate(given | more)


def story(number: int, referral: UUID) -> list[AuditEntry]:
    """Queued from its record, tried once, delivered."""
    place = Coordinates(topic="referrals.v1", partition=0, offset=number)
    pending, delivered = DeliveryState.PENDING, DeliveryState.DELIVERED
    return [
        told(number, Fact.REFERRAL_QUEUED, referral, input=place, after=pending),
        told(number + 1, Fact.DELIVERY_ATTEMPTED, referral, attempt=1),
        told(number + 2, Fact.DELIVERY_DELIVERED, referral, before=pending, after=delivered),
    ]


WELL = Evidence(
    planned=[FIRST, SECOND],
    lines=LINES,
    entries=[*story(10, FIRST.id), *story(20, SECOND.id)],
    kept={PARTNER: KEPT},
    attempts=Counter({FIRST.id: 1, SECOND.id: 1}),
)


def kept(*records: Kept, by: str = PARTNER) -> Evidence:
    """All else is well."""
    return replace(WELL, kept={by: records})


BROKEN: list[tuple[Evidence, str]] = [
    (replace(WELL, lines={FIRST.id: LINES[FIRST.id]}), "never entered"),
    (kept(KEPT[0]), "told as delivered, but"),
    (kept(*KEPT, by="somebody-else"), "told as delivered, but"),
    (kept(KEPT[0], replace(KEPT[1], taken_back=True)), "has it otherwise than it was"),
    (kept(*KEPT, KEPT[1]), "took it in 2 times"),
    (kept(KEPT[0], replace(KEPT[1], record="task-2")), "has two records of one referral"),
    (kept(*KEPT, Kept(UUID(int=1), "task-3", taken_back=False)), "has what nobody sent"),
    (kept(*reversed(KEPT)), "got revisions [2, 1]"),
    (replace(WELL, entries=WELL.entries[1:]), "its trail is broken"),
    (replace(WELL, entries=[*WELL.entries, *story(30, SECOND.id)]), "it went on after its end"),
    (replace(WELL, entries=WELL.entries[3:]), "2 records were written and 1 are accounted for"),
    (replace(WELL, attempts=Counter({FIRST.id: 1})), "1 attempts, 0 rows"),
    (replace(WELL, ambiguous=1), "told again with other bytes"),
]


def test_a_campaign_in_which_all_is_well_has_no_fault() -> None:
    """Else what follows would prove nothing."""
    assert faults(WELL) == []


@pytest.mark.parametrize(("evidence", "sentence"), BROKEN, ids=[sentence for _, sentence in BROKEN])
def test_each_fault_of_a_delivery_is_named(evidence: Evidence, sentence: str) -> None:
    """Lost, doubled, overtaken, without audit."""
    assert any(sentence in each for each in faults(evidence)), faults(evidence)


DELIVERED = told(1, Fact.DELIVERY_DELIVERED, FIRST.id, signal=FIRST.signal, partner=PARTNER)
BESIDE = told(2, Fact.DELIVERY_DELIVERED, SECOND.id, signal=SECOND.signal, partner="derde")
READING = Reading("ingest", "source.testdal", 0, beginning=0, committed=3, end=3)
PICTURE = Picture((READING,), {"testdal": Book()}, frozenset())
BALANCED = Reconciliation(PICTURE, (), (), frozenset())
SERVER, OTHER = "fhir", "webhook"
SERVERS = {PARTNER: SERVER, "tweede": OTHER, "derde": SERVER}


def received(
    times: int, name: str = str(ids.referral_id(FIRST.signal, PARTNER, 1)), *, at: str = SERVER
) -> dict[str, Receipts]:
    """A partner that created it so often, and another one that has nothing."""
    receipts = Receipts()
    receipts.count([(f"urn:x|{name}", "created")] * times)
    return {SERVER: Receipts(), OTHER: Receipts()} | {at: receipts}


JUDGED: list[tuple[str, Callable[[], Verdict], bool, str]] = [
    ("well", lambda: judge(BALANCED, [DELIVERED], received(1), SERVERS), True, ""),
    ("doubled", lambda: judge(BALANCED, [DELIVERED], received(2), SERVERS), True, "created a referral more than once"),
    ("nowhere", lambda: judge(BALANCED, [DELIVERED], received(0), SERVERS), True, "no partner has it"),
    ("leaked", lambda: judge(BALANCED, [DELIVERED], received(1, at=OTHER), SERVERS), True, "another partner has it"),
    ("unknown", lambda: judge(BALANCED, [DELIVERED], received(1), {}), True, "another partner has it"),
    ("beside it", lambda: judge(BALANCED, [BESIDE], received(1, str(BESIDE.referral)), SERVERS), True, ""),
    (
        "another",
        lambda: judge(BALANCED, [DELIVERED], received(1, str(UUID(int=9))), SERVERS),
        True,
        "no partner has it",
    ),
    (
        "unaccounted",
        lambda: judge(replace(BALANCED, found=(Doubled("signals.v1", 0, 5, 2),)), [DELIVERED], received(1), SERVERS),
        True,
        "the books do not add up: Doubled",
    ),
    ("in flight", lambda: judge(replace(BALANCED, in_flight=(Undecided(UUID(int=1)),)), [], {}, {}), False, ""),
    ("behind", lambda: judge(replace(BALANCED, behind=frozenset({Reader.AUDIT})), [], {}, {}), False, ""),
    (
        "unread",
        lambda: judge(replace(BALANCED, picture=replace(PICTURE, readings=(replace(READING, end=4),))), [], {}, {}),
        False,
        "",
    ),
]


@pytest.mark.parametrize(("judged", "settled", "sentence"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED])
def test_the_verdict_over_a_run_names_what_is_wrong_and_what_is_not_over(
    judged: Callable[[], Verdict], sentence: str, *, settled: bool
) -> None:
    """Only what has come to rest without a fault is good."""
    verdict = judged()
    assert verdict.settled is settled
    assert sentence in " ".join(verdict.faults)
    assert verdict.good is (settled and not sentence)
