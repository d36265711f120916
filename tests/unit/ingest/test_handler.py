"""A batch: every record is accounted for once, what names people is sealed, and a replay is recognised."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from schemas.audit import Fact
from schemas.record import Captured, Output, Record
from services.ingest import bsn
from services.ingest.areas import Atlas
from services.ingest.event import LARGEST
from services.ingest.handler import LARGE, Ingest
from services.ingest.normalise import guard_of
from services.runtime.errors import TryLater, Unreadable
from services.runtime.parking import weight
from tests.unit.ingest.keys import Keys
from tests.unit.ingest.samples import AREAS, NOW, SENT, a_concern, a_record, an_intake
from tests.unit.ingest.written import accounts, entries, ids, kept, opened, parkings, signals

NUMBER = "999999990"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def an_ingest(keys: Keys, **changes: Any) -> Ingest:
    """The handler of one concern source."""
    intake = await keys.given_to(an_intake("concern", **changes))
    return Ingest({intake.source.topic: intake}, Atlas(AREAS), keys.keyring, lambda: NOW)


def batch(*payloads: Any) -> list[Captured]:
    """These payloads as records that follow each other."""
    return [a_record(payload, offset=offset) for offset, payload in enumerate(payloads)]


async def handled(keys: Keys, records: Sequence[Record]) -> list[Output]:
    """What a new handler makes of them."""
    return await (await an_ingest(keys)).handle(records)


async def test_every_record_is_accounted_for_exactly_once(keys: Keys) -> None:
    """Accepted, ignored, parked, with a number removed or not: one fact each bears the record's place."""
    records = batch(a_concern(), None, b"kapot", a_concern(id="2", narrative=f"BSN {NUMBER}"), {"kind": "onbekend"})
    outputs = await handled(keys, records)
    assert accounts(outputs) == [("source.test", 0, offset) for offset in range(len(records))]
    assert [entry.fact for entry in entries(outputs) if entry.input] == [
        Fact.EVENT_IGNORED,
        Fact.RECORD_PARKED,
        Fact.RECORD_PARKED,
        Fact.SIGNAL_ACCEPTED,
        Fact.SIGNAL_ACCEPTED,
    ]


async def test_the_same_batch_again_makes_the_same_ids(keys: Keys) -> None:
    """At-least-once becomes once: every reader knows what it has seen."""
    records = batch(a_concern(), None, b"kapot", a_concern(id="2", narrative=f"BSN {NUMBER}"))
    assert ids(await handled(keys, records)) == ids(await handled(keys, records))


async def test_a_topic_made_anew_repeats_offsets_and_no_ids(keys: Keys) -> None:
    """What stands there now is another record: its fact is no repetition, and what is parked replaces nothing."""
    for payload in (a_concern(), None, b"kapot"):
        old, new = [await handled(keys, [a_record(payload, timestamp=SENT + later)]) for later in (0, 1)]
        assert accounts(old) == accounts(new)
        assert {entry.id for entry in entries(old)}.isdisjoint(entry.id for entry in entries(new))
        assert {one.id for one in parkings(old)}.isdisjoint(one.id for one in parkings(new))


async def test_a_resent_event_is_accounted_for_at_both_places(keys: Keys) -> None:
    """The signal is the same one, and both offsets have their fact."""
    outputs = await handled(keys, batch(a_concern(), a_concern()))
    first, second = signals(outputs)
    assert (first.id, first.event) == (second.id, second.event)
    assert len(accounts(outputs)) == 2
    assert len({entry.id for entry in entries(outputs)}) == 2


async def test_what_names_people_is_sealed_and_opens_with_the_case_s_key(keys: Keys) -> None:
    """Nothing of it is anywhere in the outputs in the clear."""
    persons = [{"role": "possible-victim", "name": "Testpersoon Een"}]
    outputs = await handled(keys, batch(a_concern(persons=persons, narrative="Verzonnen verhaal.")))
    (signal,) = signals(outputs)
    told = await opened(signal, keys.keyring)
    assert told.narrative is not None
    assert told.narrative.reveal() == "Verzonnen verhaal."
    everything = b"".join(output.value + b"".join(value for _, value in output.headers) for output in outputs)
    for word in (b"Testpersoon", b"Verzonnen", b"E-555"):
        assert word not in everything


async def test_signals_are_keyed_by_household(keys: Keys) -> None:
    """Signals about one home stay in order, and the key tells nobody which home."""
    outputs = await handled(keys, batch(a_concern()))
    (signal,) = signals(outputs)
    assert outputs[0].key == signal.facts.household.encode()


async def test_removed_numbers_are_counted_in_a_fact_of_their_own(keys: Keys) -> None:
    """How many, never which; the fact belongs to the signal and accounts for nothing."""
    outputs = await handled(keys, batch(a_concern(narrative=f"{NUMBER} en {NUMBER}")))
    (fact,) = entries(outputs, Fact.BSN_REMOVED)
    assert (fact.count, fact.input, fact.signal) == (2, None, signals(outputs)[0].id)


async def test_a_parked_record_is_kept_whole_but_for_the_numbers(keys: Keys) -> None:
    """What could not be read may be redriven later; what may not be kept is not kept there either."""
    broken = f'{{"kind": "{NUMBER}"}}'.encode()
    record = a_record(broken, key=f"k-{NUMBER}".encode(), headers=[("x", None), ("y", b"\xff")])
    outputs = await handled(keys, [record])
    (parked,) = parkings(outputs)
    whole = await kept(parked, keys.keyring)
    intake = await keys.given_to(an_intake("concern"))
    pseudonym = bsn.cleaned(NUMBER, guard_of(intake)).value
    assert (whole.value, whole.key) == (orjson.dumps({"kind": pseudonym}), f"k-{pseudonym}".encode())
    assert list(whole.headers) == [("x", None), ("y", b"\xff")]
    (fact,) = entries(outputs, Fact.BSN_REMOVED)
    assert fact.count == 2


@pytest.mark.parametrize("size", [LARGE, LARGE // 2], ids=["each", "together"])
async def test_what_is_large_keeps_nobody_from_being_heard(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """It is read, and put aside, while the loop goes on: Kafka would take us for dead, and a probe would end us."""
    heard, loop = asyncio.Event(), asyncio.get_running_loop()
    looked: list[str] = []
    cleaned, record = bsn.cleaned, bsn.Cleaning.record

    def waits(what: str) -> bool:
        """Until the loop did something else."""
        asyncio.run_coroutine_threadsafe(_set(heard), loop).result(10)
        looked.append(what)
        return heard.is_set()

    monkeypatch.setattr(bsn, "cleaned", lambda *given: waits("read") and cleaned(*given))
    monkeypatch.setattr(bsn.Cleaning, "record", lambda *given: waits("put aside") and record(*given))
    large = a_record(a_concern(narrative=f"BSN {NUMBER}" + "x" * size))
    broken = replace(a_record({}), value=b"x" * size)
    outputs = await handled(keys, [large, broken])
    assert (len(signals(outputs)), len(parkings(outputs))) == (1, 1)
    assert looked == ["read", "put aside"]


async def _set(event: asyncio.Event) -> None:
    event.set()


async def test_a_record_that_no_system_writes_is_not_looked_into(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """To parse it would take all memory, and to look for numbers in it minutes: its neighbours' signals go on."""
    monkeypatch.setattr(bsn.Cleaning, "record", None)  # who looked for a number in it would call nothing
    monkeypatch.setattr(bsn.Cleaning, "value", None)
    huge = b'{"id":"1","bsn":' + b"[" * LARGEST + b"]}"
    for record in (replace(a_record(huge), value=huge), replace(a_record({}), headers=[("x", huge)])):
        outputs = await handled(keys, [record, *batch(a_concern())])
        [parked] = parkings(outputs)
        assert (parked.reason, parked.left_behind) == ("too-large", weight(record))
        assert len(signals(outputs)) == 1
        assert len(accounts(outputs)) == 2


async def test_a_record_too_large_to_keep_does_not_stop_its_partition(keys: Keys) -> None:
    """Sealed it would not fit a Kafka record; it stays where it stood, with its number, and nothing was removed."""
    value = b"x" * 600_000 + f" BSN {NUMBER}".encode()
    outputs = await handled(keys, [a_record(value, offset=7)])
    (parked,) = parkings(outputs)
    assert (parked.reason, parked.origin.offset) == ("not-json", 7)
    assert (parked.size, (parked.left_behind or 0) >= len(value)) == (len(value), True)
    assert "too large" in parked.fix
    assert [entry.fact for entry in entries(outputs)] == [Fact.RECORD_PARKED]
    assert all(len(output.value) < 10_000 for output in outputs)


async def test_an_erased_case_is_not_carried_again(keys: Keys) -> None:
    """Its key was destroyed; a replay of the tenant's topic must not bring the case back."""
    (signal,) = signals(await handled(keys, batch(a_concern())))
    await keys.destroy(signal.id)
    outputs = await handled(keys, batch(a_concern(narrative="Verzonnen: later.")))
    assert signals(outputs) == []
    (fact,) = entries(outputs)
    assert (fact.fact, fact.reason, fact.input is not None) == (Fact.EVENT_IGNORED, "case-erased", True)


async def test_the_trace_goes_on_below_the_one_it_came_with(keys: Keys) -> None:
    """The tenant system's trace reaches the partner; without one the case has a trace of its own."""
    ingest = await an_ingest(keys)
    came, without = a_record(a_concern(), headers=[("traceparent", TRACE.encode())]), a_record(a_concern(), offset=1)
    traces = [entry.trace or "" for entry in entries(await ingest.handle([came, without]), Fact.SIGNAL_ACCEPTED)]
    assert traces[0].startswith(TRACE[:36])
    assert traces[0] != TRACE
    assert traces[1][3:35] != TRACE[3:35]
    signal, _ = await ingest.handle([came])
    assert dict(signal.headers)["ce_traceparent"] == traces[0].encode()


async def test_what_the_handler_failed_on_is_parked_without_its_text(keys: Keys) -> None:
    """A fault of ours tells its kind; the text of an unknown error may hold anything."""
    ingest = await an_ingest(keys)
    (parked,) = parkings(ingest.park(a_record(a_concern()), KeyError("Testpersoon")))
    assert parked.reason == "unexpected-KeyError"
    (parked,) = parkings(ingest.park(a_record(a_concern()), Unreadable("too-large", fix="smaller")))
    assert (parked.reason, parked.fix) == ("too-large", "smaller")


async def test_without_the_keyring_nothing_is_decided(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch comes again: no signal leaves unsealed, and none is lost."""

    async def away(_cases: object) -> None:
        raise TryLater("keyring: the database is not there")

    ingest = await an_ingest(keys)
    monkeypatch.setattr(keys.keyring, "data_keys", away)
    with pytest.raises(TryLater):
        await ingest.handle(batch(a_concern(), b"kapot"))
