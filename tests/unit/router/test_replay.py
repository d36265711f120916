"""What other rules would have done to recorded signals."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas import ids
from schemas.codes import Change, Kind, LegalBasis, PartnerKind
from schemas.decision import Effect
from schemas.signal import Signal
from services.router import reports
from services.router.comparison import differences
from services.router.difference import What
from services.router.period import moment
from services.router.replay import Course, Occurrence, compared, several
from services.router.replay_totals import Question, ReplayTotals
from services.router.report import Report
from services.router.ruleset import RuleSet
from services.runtime.errors import Refused
from tests.unit.router.samples import NOW, rule, rule_set, signal

DOOR = signal(kind=Kind.DAMAGE_DOOR)
SHELTER = rule("shelter", to=(PartnerKind.WOMENS_SHELTER,), legal_basis=LegalBasis.COVENANT)


def of_case(number: int, event: Signal, *, after: int = 0) -> Signal:
    """That event as the first one of a case of its own, in the same household."""
    case = ids.derived(ids.NAMESPACE, "case", number)
    changed_at = event.changed_at + timedelta(minutes=after)
    return event.model_copy(update={"id": case, "event": ids.event_id(case, "1"), "changed_at": changed_at})


def occurrence(event: Signal, revision: int = 1, *, counts: bool = True) -> Occurrence:
    """An event as the memory has it, decided an hour after it was changed."""
    decided_at = event.changed_at + timedelta(hours=1)
    return Occurrence(
        event.id, event.event, revision, event.change, event.changed_at, decided_at, event.facts, counts=counts
    )


def report(before: RuleSet, after: RuleSet, events: Sequence[Occurrence], day: date | None = None) -> Report:
    """What comes of it."""
    reckoning = ReplayTotals()
    retold = several(events)
    for one in compared(events, Course(before, retold), Course(after, retold), day):
        reckoning.add(one)
    return reckoning.report(Question(before.version, after.version, NOW, NOW + timedelta(days=1), day), 0)


def test_who_gains_and_who_loses_is_told_by_area_and_partner() -> None:
    """A rule more and a rule less: one partner hears of it now, the other no longer does, and the signal is named."""
    found = report(rule_set(rule()), rule_set(SHELTER), [occurrence(signal())])
    assert [(row.area, row.partner, row.differences) for row in found.rows] == [
        ("GM0193", "opvang", {What.GAINED: 1}),
        ("GM0193", "vt", {What.LOST: 1}),
    ]
    assert [(row.before.sent, row.after.sent) for row in found.rows] == [(0, 1), (1, 0)]
    assert [one.signal for one in found.changed] == [signal().id]
    assert (found.totals.events, found.totals.changed) == (1, 1)


def test_sets_that_say_the_same_change_nothing() -> None:
    """Whatever was recorded."""
    found = report(rule_set(rule()), rule_set(rule()), [occurrence(signal()), occurrence(of_case(1, DOOR))])
    assert (found.totals.events, found.totals.changed, found.changed) == (2, 0, ())


@pytest.mark.parametrize(
    ("change", "what"), [({"effect": Effect.HOLD}, What.HELD), ({"deadline": timedelta(hours=1)}, What.SOONER)]
)
def test_a_referral_that_stays_may_be_held_or_be_due_sooner(change: dict[str, Any], what: What) -> None:
    """Nobody gains or loses it, and still it is another."""
    found = report(rule_set(rule()), rule_set(rule(**change)), [occurrence(signal())])
    assert found.totals.differences == {what: 1}


def test_what_only_came_before_is_not_counted_and_is_remembered() -> None:
    """A correction in the period goes to whoever the tried set would have told of the first event."""
    later = signal("2", after=2, kind=Kind.DAMAGE_DOOR)
    found = report(rule_set(rule()), rule_set(), [occurrence(signal(), counts=False), occurrence(later, 2)])
    assert found.totals.events == 1
    assert {(one.partner, one.what) for one in found.changed[0].differences} == {
        ("vt", What.LOST),
        (None, What.GAINED),
    }


def test_a_withdrawal_is_no_choice_of_the_rules() -> None:
    """It goes along, and is not counted."""
    gone = signal("2", after=2, change=Change.WITHDRAWN)
    found = report(rule_set(rule()), rule_set(SHELTER), [occurrence(signal()), occurrence(gone, 2)])
    assert found.totals.events == 1


def test_a_pattern_sees_the_household_as_it_was_at_the_time() -> None:
    """The third damaged door is one too many, and the first two were not: what comes later is not yet known."""
    pattern = rule("doors", "damage_door_365d >= 3", effect=Effect.HOLD)
    doors = [of_case(number, DOOR, after=number) for number in range(3)]
    found = report(rule_set(), rule_set(pattern), [occurrence(door) for door in doors])
    assert [one.signal for one in found.changed if What.GAINED in {each.what for each in one.differences}] == [
        doors[2].id
    ]


def test_a_rule_of_tomorrow_can_be_tried_on_yesterday() -> None:
    """On its own day each signal meets the rules of that day; `on` asks what those of another would have done."""
    tomorrow = rule(valid_from=date(2027, 1, 1))
    events = [occurrence(signal())]
    assert report(rule_set(), rule_set(tomorrow), events).totals.changed == 0
    assert report(rule_set(), rule_set(tomorrow), events, date(2027, 1, 1)).totals.changed == 1


def test_the_digest_covers_everything_in_the_report() -> None:
    """Read back it is the same; with one count or one signal changed it is another."""
    found = report(rule_set(rule()), rule_set(SHELTER), [occurrence(signal())])
    assert Report.read(found.write()).digest == found.digest
    totals = found.totals.model_copy(update={"events": 2})
    others: list[dict[str, Any]] = [
        {"totals": totals},
        {"changed": ()},
        {"before": "0" * 64},
        {"until": NOW},
        {"rows": found.rows[1:]},
    ]
    assert len({found.digest, *(found.model_copy(update=other).digest for other in others)}) == 6


def test_an_approval_rests_on_a_report_about_that_very_set(tmp_path: Path) -> None:
    """Not on one about another set, one that was changed, or something else; a bare SHA-256 is taken as given."""
    found = report(rule_set(rule()), rule_set(SHELTER), [occurrence(signal())])
    path = tmp_path / "replay.json"
    path.write_bytes(reports.written(found))
    assert reports.digest(str(path), found.after) == found.digest
    assert reports.digest("ab" * 32, found.after) == "ab" * 32
    with pytest.raises(Refused, match="is about set"):
        reports.digest(str(path), found.before)
    path.write_text(path.read_text().replace('"events": 1', '"events": 2'))
    with pytest.raises(Refused, match="was changed"):
        reports.digest(str(path), found.after)
    for text in ("{}", "[]", "{"):
        path.write_text(text)
        with pytest.raises(Refused, match="is no report"):
            reports.digest(str(path), found.after)
    with pytest.raises(Refused, match="cannot be read"):
        reports.digest(str(tmp_path / "absent.json"), found.after)


def test_a_comparison_tells_rules_and_their_fields() -> None:
    """Added, removed, and changed with both values; an example beside a rule changes no decision."""
    before, after = rule_set(rule(), rule("gone")), rule_set(rule(effect=Effect.HOLD), rule("come"))
    found = {change.name: (change.way, dict(change.fields)) for change in differences(before, after)}
    assert found["violence"] == ("changed", {"effect": ("refer", "hold")})
    assert {name: way for name, (way, _) in found.items()} == {
        "come": "added", "gone": "removed", "violence": "changed",
    }  # fmt: skip
    assert differences(before, before) == []


def test_a_period_is_read_as_people_write_it() -> None:
    """Back from now, a day, or a moment; anything else is refused with the way to write it."""
    assert moment("90d", NOW) == NOW - timedelta(days=90)
    assert moment("2026-03-01", NOW) == datetime(2026, 3, 1, tzinfo=UTC)
    for text in ("soon", "90", "2026-13-01"):
        with pytest.raises(Refused, match="write how far back"):
            moment(text, NOW)
