"""What is written of a line without being checked is what the checked message writes, byte for byte."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import LegalBasis, Stage
from schemas.command import Objection
from schemas.delivery import DeliveryState
from schemas.outcome import Outcome, OutcomeStatus
from schemas.parked import Coordinates
from schemas.progress import Progress
from schemas.record import Output
from schemas.topics import outcome_topic
from services.notify.facts import fact, tell
from services.notify.line import Line
from services.runtime.trail import recorded
from tests.unit.notify import samples

MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
WORDS = st.text(max_size=20)
LINES = st.builds(
    lambda **given: samples.line().but(**given),
    partner=st.none() | st.just("testpartner"),
    reference=st.none() | WORDS,
    traceparent=st.none() | st.just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    revision=st.integers(1, 9),
    moves=st.integers(0, 9),
)
CAUSES = st.tuples(st.none() | st.uuids(), st.integers(0, 9))
MORE = st.fixed_dictionaries(
    {},
    optional={
        "message": st.uuids(),
        "input": st.builds(Coordinates, topic=WORDS, partition=st.integers(0, 9), offset=st.integers(0, 2**60)),
        "before": st.none() | st.sampled_from(DeliveryState),
        "after": st.sampled_from(DeliveryState),
        "reason": st.none() | WORDS,
        "count": st.integers(0, 9),
        "attempt": st.integers(1, 99),
        "status": st.none() | st.integers(100, 599),
        "seconds": st.floats(0, 100),
        "digest": st.just("0" * 64),
        "due_at": st.none() | MOMENTS,
        "progress": st.sampled_from(Progress),
        "legal_basis": st.sampled_from(LegalBasis),
        "despite": st.none() | st.lists(st.sampled_from(Objection), max_size=2).map(tuple),
        "actor": st.just("lead-1"),
        "assigned_to": st.just("af-1"),
        "request": st.uuids(),
    },
)


def told(output: Output) -> tuple[object, ...]:
    """All of it but the salt, which is drawn."""
    headers = [(name, value) for name, value in output.headers if name != "salt"]
    return output.topic, output.key, output.value, headers


def checked(line: Line, what: Fact, at: datetime, cause: UUID, ordinal: int, **more: Any) -> Output:
    """The same fact, as a message that is checked."""
    entry = AuditEntry(
        id=ids.entry_id(cause, what, ordinal),
        at=at,
        stage=Stage.NOTIFY,
        fact=what,
        corporation=line.corporation,
        signal=line.signal,
        referral=line.referral,
        revision=line.revision,
        partner=line.partner,
        trace=line.traceparent,
        **more,
    )
    return recorded(entry)


@given(LINES, st.sampled_from(Fact), MOMENTS, CAUSES, MORE)
def test_a_fact_is_written_as_its_message_writes_it(
    line: Line, what: Fact, at: datetime, caused: tuple[UUID | None, int], more: dict[str, Any]
) -> None:
    """Whatever it tells, in whatever order it is given; with its key and its headers."""
    cause, ordinal = caused
    backwards = dict(reversed(more.items()))
    assert told(fact(line, what, at, cause=cause, ordinal=ordinal, **backwards)) == told(
        checked(line, what, at, cause or line.referral, ordinal, **more)
    )


@given(LINES, st.sampled_from(OutcomeStatus), MOMENTS)
def test_what_the_corporation_hears_is_written_as_its_message_writes_it(
    line: Line, status: OutcomeStatus, at: datetime
) -> None:
    """And its fact names it as its cause."""
    after, outputs = tell(line, status, at, lambda _: True)
    id_ = ids.derived(line.referral, "outcome", status, line.moves)
    message = Outcome(
        id=id_, signal=line.signal, reference=line.reference, revision=line.revision, status=status, at=at
    )
    topic, key = outcome_topic(line.corporation), str(line.signal)
    event = cloudevents.event(topic, id=id_, time=at, key=key, value=message.write(), traceparent=line.traceparent)
    assert after.told is status
    assert [told(each) for each in outputs] == [
        told(event),
        told(checked(line, Fact.OUTCOME_TOLD, at, id_, 0, reason=status)),
    ]


def test_a_fact_tells_nothing_that_has_no_place_in_it() -> None:
    """The message would refuse it; so does what is written without it."""
    with pytest.raises(KeyError):
        fact(samples.line(), Fact.REFERRAL_QUEUED, samples.AT, narrative="nothing of this")
