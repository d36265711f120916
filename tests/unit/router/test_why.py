"""Every referral can be asked why: what the router may say, there are words for."""

from typing import get_args

from schemas import why
from schemas.audit import AuditEntry
from schemas.codes import Change, Kind
from schemas.counted import counted
from schemas.decision import Effect
from schemas.record import Output
from schemas.signal import Facts
from schemas.topics import AUDIT
from schemas.words import Language
from services.router.decision import Reason, Routed
from services.router.outputs import of_decision
from services.router.vocabulary import NAMES
from services.router.window import near
from tests.unit.router.samples import at, follow, past, rule, rule_set, signal


def test_every_reason_has_words() -> None:
    """And there are words for no other."""
    assert set(why.REASONS) == {str(reason) for reason in Reason}


def test_every_fact_a_condition_reads_has_words() -> None:
    """A person reads `children in the house: yes`, not the name of a field."""
    read = {meaning.field for meaning in NAMES.values()} & set(Facts.model_fields)
    assert read | set(NAMES) - set(why.NAMES) == read, "each fact, and each word that says more"
    assert read <= set(why.NAMES)


def entry(outputs: list[Output]) -> AuditEntry:
    """The one that accounts for the input."""
    (one,) = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    return one


def test_the_entry_of_a_decision_tells_every_referral_as_it_was_sent() -> None:
    """New, held, following up and withdrawn: whoever has the log needs nothing else to say why."""
    rules = rule_set(rule(), rule("no-consent", 'consent == "given"', effect=Effect.HOLD))
    events = [signal("1"), signal("2", after=1, kind=Kind.NUISANCE), signal("3", after=2, change=Change.WITHDRAWN)]
    decisions, _ = follow(rules, *events)
    for event, decision in zip(events, decisions, strict=True):
        told = entry(of_decision(event, past(decision, event, at()), "trace"))
        assert told.explanation is not None
        assert [one.referral for one in told.told or ()] == [one.id for one in getattr(decision, "referrals", ())]
        assert [one.reason for one in told.told or ()] == [one.reason for one in getattr(decision, "referrals", ())]
        for language in get_args(Language):
            assert len(why.of_decision(told.told or (), told.explanation, language)) == told.count
    assert isinstance(decisions[0], Routed)


def test_every_count_of_a_household_has_words() -> None:
    """In both languages, with what is counted and within how many days."""
    for name in near("signals_90d"):
        told = {language: counted(name, language) for language in get_args(Language)}
        assert None not in told.values(), name
        assert len(set(told.values())) == len(told)
    assert counted("lock_change_365d", "en") == "signals of this household (lock change) within 365 days"
    assert counted("to_veilig_thuis_90d", "nl") == (
        "eerdere signalen van dit huishouden voor veilig-thuis binnen 90 dagen"
    )
    assert counted("kind", "en") is None
