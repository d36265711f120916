"""What is told again, alike, after something else came between: it holds again; a copy of what was told does not."""

from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.audit import AuditEntry
from schemas.codes import Change, Kind, PartnerKind
from schemas.referral import Handling, ReferralChange
from schemas.signal import Signal
from services.router import outputs
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Reason, Repeated, Revision, Routed, Withdrawn
from services.router.household import ALONE
from services.router.memory import Earlier
from services.router.replay import Course, Occurrence
from tests.unit.router.samples import NOW, SIGNAL, at, follow, past, rule, rule_set, signal

RULES = rule_set(rule("violence"), rule("child", "about_child", to=(PartnerKind.WOMENS_SHELTER,)))
WORDS: Final[dict[str, dict[str, Any]]] = {
    "A": {"kind": Kind.NOISE_VIOLENCE},
    "B": {"kind": Kind.NOISE_VIOLENCE, "weapon": True},
    "W": {"change": Change.WITHDRAWN},
}
"""Three things a source may say of one record; the same words are the same event, whenever they are said."""


def said(words: str, after: int) -> Signal:
    """Those words, so many minutes after the first."""
    return signal(words, after=after, **WORDS[words])


def test_what_is_reported_again_after_its_withdrawal_is_put_before_a_person() -> None:
    """It may be a second report in the same words, or a sender that repeats itself: nobody is lost, nothing is sent."""
    decisions, known = follow(RULES, said("A", 0), said("W", 1), said("A", 2))
    again = decisions[2]
    assert isinstance(again, Routed)
    (planned,) = again.referrals
    assert (again.revision, planned.partner, planned.change) == (3, "vt", ReferralChange.UPDATE)
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.TOLD_AGAIN)
    assert planned.id == ids.referral_id(SIGNAL, "vt", 3)
    assert len({past.event for past in known.events}) == 3


def test_a_correction_that_is_taken_back_is_a_revision_like_any_other() -> None:
    """Nothing was withdrawn, so what the partner hears is what the source says now."""
    decisions, _ = follow(RULES, said("A", 0), said("B", 1), said("A", 2))
    again = decisions[2]
    assert isinstance(again, Routed)
    assert [(one.change, one.handling) for one in again.referrals] == [(ReferralChange.UPDATE, Handling.SEND)]


def test_a_second_withdrawal_in_the_same_words_withdraws() -> None:
    """What came between was told to partners: they hear that it is over."""
    decisions, _ = follow(RULES, said("A", 0), said("W", 1), said("B", 2), said("W", 3))
    assert isinstance(decisions[3], Withdrawn)
    assert [one.change for one in decisions[3].referrals] == [ReferralChange.WITHDRAWAL]


def test_a_copy_of_an_older_event_stays_a_copy() -> None:
    """As old as what it is a copy of, it undoes nothing, however late it comes."""
    decisions, known = follow(RULES, said("A", 0), said("W", 1), said("A", 0), said("W", 1))
    assert [type(one) for one in decisions[2:]] == [Duplicate, Duplicate]
    assert known.revision == 2


def test_a_copy_of_the_same_moment_stays_a_copy() -> None:
    """Ingest that was killed writes what it had written once more, with the same times."""
    decisions, _ = follow(RULES, said("A", 0), said("W", 0), said("A", 0), said("W", 0))
    assert [type(one) for one in decisions] == [Routed, Withdrawn, Duplicate, Duplicate]


def test_what_still_holds_is_not_told_again() -> None:
    """A source that says every night what stands makes no revisions of it; also not of what came back."""
    decisions, known = follow(RULES, *(said("A", n) for n in range(3)), said("W", 3), said("A", 4), said("A", 5))
    assert [type(one) for one in decisions] == [Routed, Duplicate, Duplicate, Withdrawn, Routed, Duplicate]
    assert known.revision == 3


def test_what_was_overtaken_holds_when_it_is_told_later() -> None:
    """The first time it came too late; the second time it is the newest there is."""
    decisions, _ = follow(RULES, said("B", 1), said("A", 0), said("A", 2))
    assert [type(one) for one in decisions] == [Routed, Overtaken, Routed]


@given(st.lists(st.sampled_from("ABW"), min_size=2, max_size=8), st.data())
def test_what_was_parked_and_comes_late_ends_as_if_it_had_come_in_time(told: list[str], data: st.DataObject) -> None:
    """Redriven after the source said something else, or the same as before: its last word stands."""
    story = [said(words, after) for after, words in enumerate(told)]
    late = story.pop(data.draw(st.integers(0, len(story) - 2)))
    _, known = follow(RULES, *story, late)
    latest = known.latest()
    assert latest is not None
    assert latest.tells(story[-1].event)


def test_a_copy_that_was_answered_before_the_newest_revision_is_answered_so_again() -> None:
    """Also by a source whose clocks disagree: where it stands tells that it was read before what came after it."""
    story = (said("A", 0), said("A", 5), said("W", 2))
    decisions, known = follow(RULES, *story)
    assert [type(one) for one in decisions] == [Routed, Duplicate, Overtaken]
    assert isinstance(decide(story[1], at(1), RULES, known, NOW, household=ALONE), Duplicate)
    corrected = known.plus(past(decide(said("B", 6), at(5), RULES, known, NOW, household=ALONE), said("B", 6), at(5)))
    before = decide(said("A", 7), at(4), RULES, corrected, NOW, household=ALONE)
    assert isinstance(before, Duplicate)
    assert before.still is None


stories = st.lists(st.tuples(st.sampled_from("ABW"), st.integers(0, 8)), min_size=1, max_size=9).map(
    lambda told: [said(*one) for one in told]
)


@given(stories)
def test_a_topic_read_again_is_answered_as_it_was(story: list[Signal]) -> None:
    """By who remembers it, after a kill at any record, and by who begins anew: the same ids, and nothing besides."""
    decisions, known = follow(RULES, *story)
    for offset, (event, first) in enumerate(zip(story, decisions, strict=True)):
        again = decide(event, at(offset), RULES, known, NOW, household=ALONE)
        if isinstance(first, Duplicate):
            assert isinstance(again, Duplicate)
        else:
            assert isinstance(again, Repeated)
            assert again.past.decided == first
    assert follow(RULES, *story) == (decisions, known)
    assert len({past.event for past in known.events}) == len(known.events)


@given(st.lists(st.sampled_from("ABW"), min_size=1, max_size=8))
def test_the_last_word_stands(told: list[str]) -> None:
    """Whatever came before it, once or more often: the newest revision is what the source said last."""
    story = [said(words, after) for after, words in enumerate(told)]
    _, known = follow(RULES, *story)
    latest = known.latest()
    assert latest is not None
    assert latest.tells(story[-1].event)
    assert known.revision == 1 + sum(one != other for one, other in pairwise(told))


def test_a_replay_decides_it_as_it_was_decided() -> None:
    """What came back is recognised by what was kept of it, and waits for a person there too."""
    story = (said("A", 0), said("W", 1), said("A", 2))
    decisions, _ = follow(RULES, *story)
    course = Course(RULES, {said("A", 0).event})
    for number, event in enumerate(story, 1):
        kept = Occurrence(event.id, event.event, number, event.change, event.changed_at, NOW, event.facts, counts=True)
        decided = decisions[number - 1]
        assert isinstance(decided, Revision)
        assert isinstance(decided, Routed | Withdrawn)
        assert course.take(kept, kept.again(), NOW) == decided.referrals


def test_nothing_known_has_no_newest_revision() -> None:
    """A signal never seen."""
    assert Earlier().latest() is None
    assert Earlier().telling(said("A", 0).event) == []


def test_what_is_reported_again_in_a_topic_made_anew_is_no_copy() -> None:
    """Its places begin anew, so it stands before, or where it stood the first time; and it is answered alike again."""
    _, known = follow(RULES, said("A", 0), said("W", 1))
    later = said("A", 2).model_copy(update={"accepted_at": NOW + timedelta(minutes=1)})
    again = decide(later, at(0), RULES, known, NOW, household=ALONE)
    assert isinstance(again, Routed)
    kept = past(again, later, at(0))
    assert decide(later, at(0), RULES, known.plus(kept), NOW, household=ALONE) == Repeated(kept)
    entries = {
        AuditEntry.read(outputs.of_decision(later, one, "00-0")[-1].value).id
        for one in (*known.events, past(again, later, at(1)), kept)
    }
    assert len(entries) == 4
