"""Whatever a producer writes is accepted, ignored or unreadable: never another error, and never a value in a reason."""

from typing import Any

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.corporation import Adapter
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, normalise
from services.runtime.errors import Unreadable
from tests.unit.ingest.mutation import EVENTS, MARK, intake_of, mutated
from tests.unit.ingest.samples import TODAY, a_record, became


@settings(max_examples=1500)
@given(mutated())
@example(("concern", {**EVENTS[3][1], "urgency": MARK}))
@example(("vera-signalering", {**EVENTS[0][1], "soort": {"code": MARK}}))
def test_any_mutation_is_one_of_three_answers(broken: tuple[Adapter, Any]) -> None:
    """A fourth answer would stop a partition, or park a record as a fault of ours; a leaked value could kill."""
    adapter, event = broken
    outcome = became(orjson.dumps(event), intake_of(adapter))
    match outcome:
        case Accepted():
            assert MARK not in repr(outcome.particulars)
            outcome.particulars.reveal()
            outcome.facts.write()
        case Ignored(reason=reason):
            assert MARK not in reason
        case Unreadable():
            assert MARK not in f"{outcome} {outcome.args} {outcome.reason} {outcome.field} {outcome.fix}"
            assert outcome.__traceback__ is None


@settings(max_examples=300)
@given(mutated())
def test_the_same_bytes_twice_are_the_same_ids(broken: tuple[Adapter, Any]) -> None:
    """A replay must be recognised by everybody downstream."""
    adapter, event = broken
    raw = orjson.dumps(event)
    first, second = became(raw, intake_of(adapter)), became(raw, intake_of(adapter))
    if isinstance(first, Accepted):
        assert isinstance(second, Accepted)
        assert first == second


@settings(max_examples=300)
@given(st.sampled_from([adapter for adapter, _ in EVENTS]), st.binary(max_size=200))
def test_any_bytes_are_one_of_three_answers(adapter: Adapter, raw: bytes) -> None:
    """A topic may hold anything: images, Avro, halves of JSON."""
    assert isinstance(became(raw, intake_of(adapter)), Accepted | Ignored | Unreadable)


@settings(max_examples=200)
@given(
    st.sampled_from(EVENTS),
    st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_time", "ce_subject", "traceparent", "content-type", "id", "CE_Type"]),
            st.none() | st.binary(max_size=30),
        )
    ),
)
def test_any_headers_are_one_of_three_answers(
    event: tuple[Adapter, Any], headers: list[tuple[str, bytes | None]]
) -> None:
    """Null values, bytes that are no text, and several headers of one name are all allowed by Kafka."""
    adapter, payload = event
    record = a_record(payload, headers=headers, key=b"\xff")
    assert isinstance(normalise(record, intake_of(adapter), TODAY), Accepted | Ignored | Unreadable)


def test_every_unbroken_event_is_a_signal() -> None:
    """Otherwise the mutations above would test nothing but refusals."""
    for adapter, event in EVENTS:
        assert isinstance(became(event, intake_of(adapter)), Accepted), adapter


def test_nesting_deeper_than_any_event_is_unreadable() -> None:
    """Python's stack must not be the limit."""
    for depth in (100, 400, 1000):
        raw = b'{"id":"1","soort":"OVE","x":' + b"[" * depth + b"]" * depth + b"}"
        outcome = became(raw, intake_of("vera-signalering"))
        assert isinstance(outcome, Accepted if depth == 100 else Unreadable)
