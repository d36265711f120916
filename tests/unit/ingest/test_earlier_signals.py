"""What is ignored for its code is heard, or waits for a person, where its record was a signal before."""

from collections.abc import Sequence
from typing import Any

from schemas.audit import Fact
from schemas.codes import Change, Kind
from schemas.record import Captured, Output
from services.ingest.areas import Atlas
from services.ingest.handler import Ingest
from services.ingest.normalise import Intake
from tests.unit.ingest.keys import Keys
from tests.unit.ingest.samples import AREAS, ENGLISH, NOW, a_record, a_signalering, an_intake
from tests.unit.ingest.test_landlord_event import an_event
from tests.unit.ingest.test_redrive import a_command, a_redrive, led_to
from tests.unit.ingest.written import accounts, entries, ids, parkings, signals

BEFORE: dict[str, Any] = {"OVE": {"kind": Kind.NUISANCE}, "SOC": "ignore"}
AFTER: dict[str, Any] = {"OVE": "ignore"}
NOISE = {"soort": "OVE", "detailSoort": None}
PESTS = {"soort": "SOC", "detailSoort": None}
ENDED = {"status": {"code": "VER"}}


async def handled(keys: Keys, records: Sequence[Captured], **changes: Any) -> list[Output]:
    """What becomes of these records at a source of VERA signaleringen."""
    return await taken(keys, an_intake("vera-signalering", **changes), records)


async def taken(keys: Keys, intake: Intake, records: Sequence[Captured]) -> list[Output]:
    """What becomes of these records at that source."""
    intake = await keys.given_to(intake)
    return await Ingest({intake.source.topic: intake}, Atlas(AREAS), keys.keyring, lambda: NOW).handle(records)


def told(offset: int, **changes: Any) -> Captured:
    """One signalering at that place."""
    return a_record(a_signalering(**changes), offset=offset)


def reasons(outputs: Sequence[Output]) -> list[str | None]:
    """Why each record that was ignored was."""
    return [entry.reason for entry in entries(outputs, Fact.EVENT_IGNORED)]


async def test_a_withdrawal_is_heard_where_its_code_is_ignored_since_it_was_told(keys: Keys) -> None:
    """A partner that was told would go on with what is none any more."""
    (reported,) = signals(await handled(keys, [told(0, **NOISE)], codes=BEFORE))
    outputs = await handled(keys, [told(1, **NOISE, **ENDED)], codes=AFTER)
    (withdrawn,) = signals(outputs)
    assert (withdrawn.id, withdrawn.change) == (reported.id, Change.WITHDRAWN)
    assert accounts(outputs) == [("source.test", 0, 1)]


async def test_a_withdrawal_of_what_was_never_told_is_ignored_with_its_code(keys: Keys) -> None:
    """Nothing that names people is sealed for what the corporation says is no signal."""
    outputs = await handled(keys, [told(0, **NOISE, **ENDED)], codes=AFTER)
    assert reasons(outputs) == ["code-ignored"]
    assert not signals(outputs)


async def test_a_correction_to_an_ignored_code_waits_for_a_person(keys: Keys) -> None:
    """Of what was told nobody can say by a code alone whether it was wrong; of what was not it says nothing."""
    await handled(keys, [told(0, **NOISE)], codes=BEFORE)
    outputs = await handled(keys, [told(1, **PESTS), told(2, id="SIG-2", **PESTS)], codes=BEFORE)
    (waits,) = parkings(outputs)
    assert (waits.reason, waits.origin.offset) == ("was-a-signal", 1)
    assert "withdraw it by its status" in waits.fix
    assert reasons(outputs) == ["code-ignored"]
    assert accounts(outputs) == [("source.test", 0, 1), ("source.test", 0, 2)]


async def test_a_correction_to_a_code_that_is_not_listed_any_more_waits_too(keys: Keys) -> None:
    """`unmapped: ignore` is for what never was a signal."""
    await handled(keys, [told(0, **NOISE)], codes=BEFORE)
    outputs = await handled(keys, [told(1, **NOISE), told(2, id="SIG-2", **NOISE)], codes={}, unmapped="ignore")
    assert [waits.reason for waits in parkings(outputs)] == ["was-a-signal"]
    assert reasons(outputs) == ["unmapped-code"]


async def test_what_was_told_in_the_same_batch_was_told_before(keys: Keys) -> None:
    """A backlog is read as it was written: report, then correction or withdrawal, whatever the batch."""
    records = [told(0, **NOISE), told(1, **PESTS), told(2, **PESTS, **ENDED)]
    outputs = await handled(keys, records, codes=BEFORE)
    assert [signal.change for signal in signals(outputs)] == [Change.REPORTED, Change.WITHDRAWN]
    assert [waits.reason for waits in parkings(outputs)] == ["was-a-signal"]


async def test_what_became_a_signal_later_is_ignored_before_also_when_it_is_read_again(keys: Keys) -> None:
    """After a crash its key is there already: each record is accounted for by the fact of the first time."""
    records = [told(0, **PESTS), told(1, **NOISE)]
    first, again = [await handled(keys, records, codes=BEFORE) for _ in range(2)]
    assert ids(first) == ids(again)
    assert reasons(again) == ["code-ignored"]


async def test_an_erased_case_is_no_case(keys: Keys) -> None:
    """What still comes about it is ignored, also where it would have waited."""
    (reported,) = signals(await handled(keys, [told(0, **NOISE)], codes=BEFORE))
    await keys.destroy(reported.id)
    assert not parkings(await handled(keys, [told(1, **PESTS)], codes=BEFORE))


async def test_an_event_whose_type_alone_is_ignored_corrects_nothing(keys: Keys) -> None:
    """That something is closed or moved says nothing of what was noticed; another concern does."""
    codes = {"domestic-abuse": {"kind": Kind.FEAR_OBSERVED}, "ConcernClosedEvent": "ignore", "noise": "ignore"}
    intake = an_intake("landlord-event", corporation=ENGLISH, codes=codes)
    raised = an_event("ConcernRaisedEvent", concernType="Domestic abuse")
    assert len(signals(await taken(keys, intake, [a_record(raised, offset=0)]))) == 1
    closed, noise = an_event("ConcernClosedEvent"), an_event("ConcernRaisedEvent", concernType="Noise")
    outputs = await taken(keys, intake, [a_record(closed, offset=1), a_record(noise, offset=2)])
    assert reasons(outputs) == ["code-ignored"]
    assert [waits.origin.offset for waits in parkings(outputs)] == [2]


async def test_redriven_as_it_is_it_is_ignored_and_done_with(keys: Keys) -> None:
    """A person has looked at it: it must not wait for ever."""
    await handled(keys, [told(0, **NOISE)], codes=BEFORE)
    (waits,) = parkings(await handled(keys, [told(1, **PESTS)], codes=BEFORE))
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=BEFORE))
    outputs = await redrive.handle([a_command(waits)])
    assert [(fact.fact, fact.reason) for fact in led_to(outputs)] == [
        (Fact.EVENT_IGNORED, "code-ignored"),
        (Fact.RECORD_REDRIVEN, "ignored"),
    ]


async def test_what_was_parked_for_another_reason_is_not_ignored_by_redriving_it(keys: Keys) -> None:
    """Who says `ignore` of a new code does not know that its record was told before."""
    await handled(keys, [told(0, **NOISE)], codes=BEFORE)
    (waits,) = parkings(await handled(keys, [told(1, soort="NIEUW", detailSoort=None)], codes=BEFORE))
    assert waits.reason == "unmapped-code"
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes={**BEFORE, "NIEUW": "ignore"}))
    outputs = await redrive.handle([a_command(waits)])
    assert [again.reason for again in parkings(outputs)] == ["was-a-signal"]
