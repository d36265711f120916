"""What is filled in for an accepted record is what would have been written of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Change
from schemas.corporation import Adapter
from schemas.record import Captured, Output
from schemas.signal import Signal
from schemas.topics import SIGNALS
from services.ingest.accepted_outputs import carried
from services.ingest.normalise import Accepted, normalise
from services.ingest.signal_template import Stamp, written
from services.keyring.seal import DataKey, unseal
from tests.unit.ingest.mutation import EVENTS, intake_of, mutated
from tests.unit.ingest.samples import NOW, TODAY, a_concern, a_record, an_intake
from tests.unit.ingest.samples import accepted as became_accepted

CORPORATION: Final = "voorbeeldwonen"
KEY: Final = DataKey("0011223344556677", b"k" * 32)

GOLDEN_SIGNAL: Final = (
    '{"id":"3af5dcb8-e349-5591-b68e-b7082ebaa051","event":"53c95c12-6841-5b42-a66f-f71cd8d1811d","corpora'
    'tion":"voorbeeldwonen","reference":"ZORG-1","change":"reported","changed_at":"2026-11-24T00:25:56.41'
    '5000Z","accepted_at":"2026-11-24T12:00:00Z"'
)
GOLDEN_FACT: Final = (
    '{"v":1,"id":"2f3c98b1-a319-5057-927a-da9fe8e7bb39","at":"2026-11-24T12:00:00Z","stage":"ingest","fac'
    't":"signal.accepted","corporation":"voorbeeldwonen","signal":"3af5dcb8-e349-5591-b68e-b7082ebaa051",'
    '"event":"53c95c12-6841-5b42-a66f-f71cd8d1811d","input":{"topic":"source.test","partition":0,"offset"'
    ':7},"trace":"00-0a1f44978102730cdb43ac819d9e4a21-ecdd274b39c2c208-01"}'
)

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
bounds = datetime(1900, 1, 2), datetime(2199, 12, 30)  # noqa: DTZ001  hypothesis takes them without a zone
moments = st.datetimes(*bounds, timezones=st.just(UTC) | zones)
places = st.builds(
    Captured,
    st.sampled_from(("source.test", "Een_ander-topic", "1")),
    st.none(),
    partition=st.integers(0, 2**31 - 1),
    offset=st.integers(0, 2**63 - 1),
)
differing = st.fixed_dictionaries(
    {},
    optional={
        "change": st.sampled_from(Change),
        "changed_at": moments,
        "removed": st.integers(0, 12),
        "trace": st.sampled_from((None, "none", f"00-{'1' * 32}-{'2' * 16}-00", f"00-{'a' * 32}-{'b' * 16}-01")),
        "reference": st.none() | st.from_regex(r"[A-Za-z0-9._:/-]{1,64}", fullmatch=True),
    },
)


def without_salt(outputs: Sequence[Output]) -> list[tuple[object, ...]]:
    """All that a replay repeats."""
    return [
        (one.topic, one.key, one.value, [header for header in one.headers if header[0] != "salt"]) for one in outputs
    ]


def same_as_carried(record: Captured, accepted: Accepted, now: datetime, key: DataKey = KEY) -> None:
    """Byte for byte, around the box that was drawn for it; and that box opens."""
    filled = written(record, accepted, CORPORATION, key, Stamp(now))
    sealed = Signal.read(filled[0].value).particulars
    assert unseal(key, sealed, topic=SIGNALS.name, signal=accepted.signal) == accepted.particulars.reveal()
    assert without_salt(filled) == without_salt(carried(record, accepted, CORPORATION, sealed, now))


def an_accepted(**changes: Any) -> Accepted:
    """A concern as it was accepted."""
    return became_accepted(a_concern(narrative="Verzonnen."), an_intake("concern"))._replace(**changes)


@settings(max_examples=400)
@given(mutated(), places, moments, differing)
def test_what_is_filled_in_is_what_would_have_been_written(
    broken: tuple[Adapter, Any], record: Captured, now: datetime, changes: dict[str, Any]
) -> None:
    """Of any event, wherever it stood, whenever it came and whatever it lacks."""
    adapter, event = broken
    outcome = normalise(a_record(event), intake_of(adapter), TODAY)
    if isinstance(outcome, Accepted):
        same_as_carried(record, outcome, now)
        same_as_carried(record, outcome._replace(**changes), now)


@pytest.mark.parametrize("place", range(len(EVENTS)))
def test_every_shape_is_filled_in_alike(place: int) -> None:
    """Those that are whole, so that none of them is only ever refused above."""
    adapter, event = EVENTS[place]
    record = a_record(event, partition=3, offset=17)
    same_as_carried(record, became_accepted(event, intake_of(adapter)), NOW)


def test_a_key_with_another_kind_of_name_goes_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What JSON must escape would break the message it is filled into."""
    same_as_carried(a_record({}), an_accepted(), NOW, DataKey('een "naam"', b"k" * 32))
    monkeypatch.setattr("services.ingest.signal_template.carried", None)
    with pytest.raises(TypeError):
        written(a_record({}), an_accepted(), CORPORATION, DataKey('een "naam"', b"k" * 32), Stamp(NOW))


def test_a_second_of_one_form_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that, the tests above would compare what is written with itself."""
    first = written(a_record({}), an_accepted(), CORPORATION, KEY, Stamp(NOW))
    monkeypatch.setattr("services.ingest.signal_template.carried", None)
    second = written(a_record({}, offset=1), an_accepted(reference="ZORG-2"), CORPORATION, KEY, Stamp(NOW))
    assert [one.topic for one in second] == [one.topic for one in first]


def test_the_bytes_of_a_signal_and_of_its_fact_stay_what_they_are() -> None:
    """Whoever reads them may keep a digest of them."""
    signal, fact = written(a_record({}, offset=7), an_accepted(), CORPORATION, KEY, Stamp(NOW))
    before, _, _ = signal.value.partition(b',"facts":')
    assert before.decode() == GOLDEN_SIGNAL
    assert fact.value.decode() == GOLDEN_FACT
