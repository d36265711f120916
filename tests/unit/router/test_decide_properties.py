"""What holds for every signal and every rule set."""

from itertools import pairwise
from typing import Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.codes import Answer, Certainty, Change, Consent, Kind, LegalBasis, Origin, PartnerKind, Urgency, Violence
from schemas.decision import Effect
from schemas.legal import permits
from schemas.referral import Handling, ReferralChange
from schemas.signal import Facts, Signal
from services.router.deadlines import LATEST
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Recorded, Repeated, Routed, Withdrawn
from services.router.household import ALONE
from services.router.memory import Earlier
from services.router.rule import Rule
from services.router.vocabulary import NAMES
from tests.unit.router.samples import HACKNEY, NOW, ZWOLLE, at, facts, follow, past, rule, rule_set, signal

ATOMS: Final = (
    "true", "about_violence", "about_child", "by_a_person", "acute_or_unknown", "!acute_or_unknown",
    'acute == "yes"', 'acute != "yes"', 'structural == "no"', "children_or_unknown", 'kind == "nuisance"',
    'consent == "given"', "dash_score >= 14", '"physical" in violence', "disclosure", 'origin == "system-rule"',
)  # fmt: skip

conditions = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3).map(" && ".join)


@st.composite
def rules(draw: st.DrawFn, name: str) -> Rule:
    """A rule of either country, also one that the checks would refuse."""
    effect = draw(st.sampled_from(Effect))
    sends = effect is not Effect.RECORD
    kinds = draw(st.lists(st.sampled_from(PartnerKind), min_size=1, max_size=3, unique=True))
    return rule(
        name,
        draw(conditions),
        effect=effect,
        country=draw(st.sampled_from(("NL", "GB"))),
        to=tuple(kinds) if sends else (),
        legal_basis=draw(st.sampled_from(LegalBasis)) if sends else None,
        deadline=draw(st.none() | st.timedeltas(min_value=_SECOND, max_value=_WEEK)),
    )


_SECOND: Final = LATEST[Urgency.EMERGENCY] / 900
_WEEK: Final = LATEST[Urgency.ROUTINE] * 3

some_rules = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).flatmap(
    lambda names: st.tuples(*(rules(name) for name in names))
)

some_facts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(Kind),
        "urgency": st.sampled_from(Urgency),
        "origin": st.sampled_from(Origin),
        "certainty": st.sampled_from(Certainty),
        "country": st.sampled_from(("NL", "GB")),
        "area": st.sampled_from((None, ZWOLLE, "GM0141", HACKNEY, "GM9999")),
        "acute": st.sampled_from(Answer),
        "structural": st.sampled_from(Answer),
        "children": st.sampled_from(Answer),
        "disclosure": st.booleans(),
        "secret_address": st.booleans(),
        "violence": st.lists(st.sampled_from(Violence), unique=True, max_size=2).map(tuple),
        "consent": st.sampled_from(Consent),
        "dash_score": st.none() | st.integers(0, 27),
    }
).map(lambda chosen: facts(**chosen))

changes = st.sampled_from(Change)


@st.composite
def histories(draw: st.DrawFn) -> list[Signal]:
    """Events of one record in any order, some of them twice."""
    steps = draw(st.lists(st.tuples(st.integers(0, 4), changes, some_facts), min_size=1, max_size=6))
    base = signal()
    return [
        base.model_copy(
            update={
                "event": ids.event_id(base.id, str(after)),
                "change": change,
                "changed_at": signal(after=after).changed_at,
                "facts": told,
            }
        )
        for after, change, told in steps
    ]


@given(some_rules, histories())
def test_no_event_ends_in_silence(ruled: tuple[Rule, ...], events: list[Signal]) -> None:
    """Every event yields a referral, or a decision that says why it yields none."""
    for decision in follow(rule_set(*ruled), *events)[0]:
        match decision:
            case Routed(referrals=referrals):
                assert referrals
            case Recorded(explanation=explanation):
                assert {trace.effect for trace in explanation.fired} == {Effect.RECORD}
            case Withdrawn() | Overtaken() | Repeated() | Duplicate():
                pass


@given(some_rules, histories())
def test_nothing_of_a_system_rule_is_sent_whatever_the_rules(ruled: tuple[Rule, ...], events: list[Signal]) -> None:
    """Nor of a secret address: not the report, not its update, not its withdrawal."""
    rule_of, known = rule_set(*ruled), Earlier()
    for offset, event in enumerate(events):
        decision = decide(event, at(offset), rule_of, known, NOW, household=ALONE)
        if isinstance(decision, Routed | Recorded | Withdrawn | Overtaken):
            known = known.plus(past(decision, event, at(offset)))
        if isinstance(decision, Routed | Withdrawn) and (
            event.facts.origin is Origin.SYSTEM_RULE or event.facts.secret_address
        ):
            assert {planned.handling for planned in decision.referrals} <= {Handling.HOLD}


@given(some_rules, some_facts)
def test_unknown_danger_counts_as_yes_whatever_the_rules(ruled: tuple[Rule, ...], told: Facts) -> None:
    """However a condition is written, unknown and yes fire the same rules and reach the same partners alike."""
    for field in ("acute", "structural"):
        outcomes = []
        for answer in (Answer.YES, Answer.UNKNOWN):
            event = signal().model_copy(update={"facts": told.model_copy(update={field: answer})})
            (decision,), _ = follow(rule_set(*ruled), event)
            assert isinstance(decision, Routed | Recorded)
            fired = [trace.rule for trace in decision.explanation.fired]
            outcomes.append((fired, decision.referrals if isinstance(decision, Routed) else ()))
        assert outcomes[0] == outcomes[1]


@given(some_rules.flatmap(lambda ruled: st.tuples(st.just(ruled), st.permutations(ruled))), histories())
def test_the_order_of_rules_means_nothing(ruled: tuple[tuple[Rule, ...], list[Rule]], events: list[Signal]) -> None:
    """The same rules in another order decide the same, under the same version."""
    one, other = rule_set(*ruled[0]), rule_set(*ruled[1])
    assert one.version == other.version
    assert follow(one, *events) == follow(other, *events)


@given(some_rules, histories())
def test_a_history_read_again_gives_the_same_outputs(ruled: tuple[Rule, ...], events: list[Signal]) -> None:
    """Every event that was decided repeats its decision at its own offset and is a duplicate at any other."""
    known = follow(rule_set(*ruled), *events)[1]
    for one in known.events:
        event = next(each for each in events if each.event == one.event)
        assert decide(event, one.at, rule_set(), known, NOW, household=ALONE) == Repeated(one)
        assert decide(event, at(99), rule_set(), known, NOW, household=ALONE) == Duplicate(one)


@given(some_rules, histories())
def test_what_is_sent_has_a_partner_and_a_legal_basis(ruled: tuple[Rule, ...], events: list[Signal]) -> None:
    """Nothing leaves without a recipient; a report leaves only on a basis that permits its kind on these facts."""
    for event, decision in zip(events, follow(rule_set(*ruled), *events)[0], strict=True):
        for planned in decision.referrals if isinstance(decision, Routed | Withdrawn) else ():
            assert planned.deadline > NOW
            if planned.handling is Handling.SEND:
                assert planned.partner is not None
                assert planned.kind is not None
                assert planned.legal_basis is not None
                if planned.change is not ReferralChange.WITHDRAWAL:
                    assert permits(planned.legal_basis, planned.kind, event.facts)


@given(some_rules, histories())
def test_revisions_rise_by_one_and_ids_never_repeat(ruled: tuple[Rule, ...], events: list[Signal]) -> None:
    """A case is a row of revisions, and a recipient gets each of them once, beginning with a new one."""
    decisions = [one.decided for one in follow(rule_set(*ruled), *events)[1].events]
    counted = [one for one in decisions if not isinstance(one, Overtaken)]
    assert [one.revision for one in counted] == list(range(1, len(counted) + 1))
    told: dict[str, list[ReferralChange]] = {}
    seen: set[UUID] = set()
    for one in counted:
        for planned in one.referrals if isinstance(one, Routed | Withdrawn) else ():
            assert planned.id not in seen
            seen.add(planned.id)
            told.setdefault(planned.recipient, []).append(planned.change)
    for row in told.values():
        assert row[0] is ReferralChange.NEW
        assert ReferralChange.NEW not in row[1:]
        assert all(pair != (ReferralChange.WITHDRAWAL,) * 2 for pair in pairwise(row))


@given(some_facts)
def test_every_name_has_a_value_for_every_signal(told: Facts) -> None:
    """And a code among its codes: a condition never meets what the checks did not try."""
    for name, meaning in NAMES.items():
        value = meaning.of(getattr(told, meaning.field))
        if meaning.shape == "code":
            assert value in meaning.codes, name
        assert value is not None, name
