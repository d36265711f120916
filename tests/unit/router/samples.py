"""Made-up signals, rules, partners and areas, as small as they can be."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from schemas import ids
from schemas.area import AreaEntry
from schemas.codes import Change, Kind, LegalBasis, Origin, PartnerKind, Urgency
from schemas.decision import Effect
from schemas.parked import Coordinates
from schemas.partner import Partner, Partners
from schemas.signal import Facts, Sealed, Signal
from services.router.condition import read
from services.router.decide import decide
from services.router.decision import Decision, Duplicate, Overtaken, Past, Recorded, Routed, Withdrawn
from services.router.directory import Directory
from services.router.household import ALONE
from services.router.memory import Earlier
from services.router.rule import Rule, RuleTest
from services.router.ruleset import Checked, RuleSet

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIGNAL: Final = ids.signal_id("urn:nld:kvknr:00000000:systeem:voorbeeld", "SIG-1")
ZWOLLE: Final = "GM0193"
HACKNEY: Final = "E09000012"

AREAS: Final = (
    AreaEntry(code=ZWOLLE, name="Zwolle", country="NL"),
    AreaEntry(code="GM0141", name="Almelo", country="NL"),
    AreaEntry(code=HACKNEY, name="Hackney", country="GB"),
)

PARTNERS: Final = Partners.read(
    b"""{"partners": [
      {"id": "vt", "name": "Veilig Thuis Voorbeeld", "country": "NL", "identifier": {"system": "urn:x", "value": "1"},
       "serves": [{"kind": "veilig-thuis", "areas": ["GM0193", "GM0141"]}],
       "channel": {"type": "fhir", "url": "http://127.0.0.1:1/fhir"}},
      {"id": "opvang", "name": "Opvang Voorbeeld", "country": "NL", "identifier": {"system": "urn:x", "value": "2"},
       "serves": [{"kind": "vrouwenopvang", "areas": ["GM0193", "GM0141"]}],
       "channel": {"type": "fhir", "url": "http://127.0.0.1:1/fhir"}},
      {"id": "team", "name": "Team Voorbeeld", "country": "NL", "identifier": {"system": "urn:x", "value": "3"},
       "serves": [{"kind": "wijkteam", "areas": ["GM0193"]}],
       "channel": {"type": "fhir", "url": "http://127.0.0.1:1/fhir"}},
      {"id": "both", "name": "Both Example", "country": "GB", "identifier": {"system": "urn:x", "value": "4"},
       "serves": [{"kind": "marac", "areas": ["E09000012"]}, {"kind": "idva", "areas": ["E09000012"]}],
       "channel": {"type": "fhir", "url": "http://127.0.0.1:1/fhir"}}]}"""
).partners
"""Nobody gives wijkteam help in Almelo, and `both` gives two kinds."""


def directory(partners: tuple[Partner, ...] = PARTNERS, areas: tuple[AreaEntry, ...] = AREAS) -> Directory:
    """Who gives what where."""
    return Directory(partners, areas)


def facts(**given: Any) -> Facts:
    """Facts with whatever is given."""
    return Facts(
        **{
            "kind": Kind.NOISE_VIOLENCE,
            "urgency": Urgency.ROUTINE,
            "origin": Origin.STAFF_OBSERVATION,
            "country": "NL",
            "area": ZWOLLE,
            "household": "0" * 32,
            **given,
        }
    )


def signal(event: str = "1", *, after: int = 0, change: Change = Change.REPORTED, **given: Any) -> Signal:
    """One event of the one record; `after` is how many minutes after the first its tenant system changed it."""
    changed_at = NOW - timedelta(hours=1) + timedelta(minutes=after)
    return Signal(
        id=SIGNAL,
        event=ids.event_id(SIGNAL, event),
        corporation="voorbeeld",
        reference="SIG-1",
        change=change,
        changed_at=changed_at,
        accepted_at=changed_at,
        facts=facts(**given),
        particulars=Sealed(kid="0011", box="c3ludGhldGlzY2g="),
    )


def rule(name: str = "violence", when: str = "about_violence", **given: Any) -> Rule:
    """One rule that refers to Veilig Thuis unless told otherwise."""
    return Rule(
        **{
            "id": name,
            "owner": "lead",
            "reason": "An example of a rule.",
            "legal_basis": LegalBasis.WMO_5_2_6,
            "country": "NL",
            "when": when,
            "to": (PartnerKind.VEILIG_THUIS,),
            "effect": Effect.REFER,
            "tests": (RuleTest(given={}, expect="fires"),),
            **given,
        }
    )


def rule_set(*rules: Rule, of: Directory | None = None) -> RuleSet:
    """Those rules, without the checks on the whole."""
    checked = []
    for each in rules:
        condition, _ = read(each.when)
        assert condition is not None, each.when
        checked.append(Checked(each, condition))
    return RuleSet(checked, of or directory())


def at(offset: int = 0) -> Coordinates:
    """Where a record stands."""
    return Coordinates(topic="signals.v1", partition=0, offset=offset)


def past(decided: Decision, event: Signal, where: Coordinates) -> Past:
    """A new decision as it is remembered."""
    assert isinstance(decided, Routed | Recorded | Withdrawn | Overtaken)
    return Past.of(event, decided, at=where, decided_at=NOW)


def follow(rules: RuleSet, *events: Signal, earlier: Earlier | None = None) -> tuple[list[Decision], Earlier]:
    """The decisions on events that come one after the other, each on the next offset, and what is then remembered."""
    known = earlier or Earlier()
    decisions: list[Decision] = []
    for offset, event in enumerate(events):
        decision = decide(event, at(offset), rules, known, NOW, household=ALONE)
        decisions.append(decision)
        if isinstance(decision, Routed | Recorded | Withdrawn | Overtaken):
            known = known.plus(past(decision, event, at(offset)))
        elif isinstance(decision, Duplicate) and decision.still is not None:
            known = known.still(decision.still)
    return decisions, known


def routed(rules: RuleSet, event: Signal) -> Routed:
    """The decision on a first event that goes to somebody."""
    (decision,), _ = follow(rules, event)
    assert isinstance(decision, Routed)
    return decision


def ids_of(decision: Routed) -> list[UUID]:
    """The ids of its referrals."""
    return [planned.id for planned in decision.referrals]
