"""Redriving: a parked record goes the same way again, with today's configuration, as often as a person asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.codes import Kind, Stage
from schemas.command import Action, Command
from schemas.message import Malformed
from schemas.parked import Coordinates, Parked
from schemas.record import Captured, Output, Record
from services.ingest.areas import Atlas
from services.ingest.handler import Ingest
from services.ingest.normalise import Intake
from services.ingest.redrive import Redrive, Stands
from services.runtime import parking
from services.runtime.errors import Refused, Unreadable
from tests.unit.ingest.keys import Keys
from tests.unit.ingest.samples import AREAS, NOW, a_record, a_signalering, an_intake
from tests.unit.ingest.written import accounts, entries, ids, kept, opened, parkings, signals

UNMAPPED = {"soort": "NIEUW", "detailSoort": None}
MAPPED: dict[str, Any] = {"NIEUW": {"kind": Kind.THREAT}}


async def parked(keys: Keys, **changes: Any) -> Parked:
    """A record that was parked because nobody had mapped its code."""
    intake = await keys.given_to(an_intake("vera-signalering"))
    ingest = Ingest({intake.source.topic: intake}, Atlas(AREAS), keys.keyring, lambda: NOW)
    (found,) = parkings(await ingest.handle([a_record(a_signalering(**UNMAPPED, **changes), offset=3)]))
    return found


def a_command(found: Parked | None, number: int = 1, **changes: Any) -> Captured:
    """What a person decided about it."""
    given: dict[str, Any] = {
        "id": UUID(int=number),
        "at": NOW,
        "action": Action.REDRIVE,
        "target": found.id if found else UUID(int=9),
        "actor": "tester-1",
        "reason": "mapped",
        "parked": found,
    }
    return Captured("commands.v1", Command(**{**given, **changes}).write(), offset=number)


async def nothing(_place: Coordinates) -> Record | None:
    """A topic that has let everything go."""
    return None


async def a_redrive(keys: Keys, *intakes: Intake, stands: Stands = nothing) -> Redrive:
    """The handler, with these sources."""
    by_topic = {intake.source.topic: await keys.given_to(intake) for intake in intakes}
    return Redrive(by_topic, await keys.keyring.parking_key(), Atlas(AREAS), keys.keyring, lambda: NOW, stands)


def led_to(outputs: Sequence[Output]) -> list[AuditEntry]:
    """The facts after the one that accounts for the command's record."""
    taken, *facts = entries(outputs)
    assert taken.fact is Fact.COMMAND_TAKEN
    return facts


async def test_a_mapped_code_makes_the_parked_record_a_signal(keys: Keys) -> None:
    """Parking accounted for the input already: the second time none of the facts does."""
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED))
    outputs = await redrive.handle([a_command(await parked(keys))])
    (signal,) = signals(outputs)
    assert signal.facts.kind == "threat"
    assert (await opened(signal, keys.keyring)).narrative is not None
    assert {entry.fact for entry in led_to(outputs)} == {Fact.SIGNAL_ACCEPTED, Fact.RECORD_REDRIVEN}
    assert accounts(outputs) == [("commands.v1", 0, 1)]
    (fact,) = entries(outputs, Fact.RECORD_REDRIVEN)
    assert (fact.reason, fact.actor, fact.signal) == ("accepted", "tester-1", signal.id)


async def test_the_signal_is_the_one_it_would_have_been(keys: Keys) -> None:
    """Redriven or read from the topic, a record has one identity: a correction still finds it."""
    intake = an_intake("vera-signalering", codes=MAPPED)
    (redriven,) = signals(await (await a_redrive(keys, intake)).handle([a_command(await parked(keys))]))
    ingest = Ingest({"source.test": await keys.given_to(intake)}, Atlas(AREAS), keys.keyring, lambda: NOW)
    (read,) = signals(await ingest.handle([a_record(a_signalering(**UNMAPPED), offset=3)]))
    assert (redriven.id, redriven.event, redriven.changed_at) == (read.id, read.event, read.changed_at)


async def test_carrying_a_command_out_twice_is_carrying_it_out_once(keys: Keys) -> None:
    """The same ids, whatever is replayed; another command is another try."""
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED))
    found = await parked(keys)
    once, twice = await redrive.handle([a_command(found)]), await redrive.handle([a_command(found)])
    assert ids(once) == ids(twice)
    other = entries(await redrive.handle([a_command(found, number=2)]), Fact.RECORD_REDRIVEN)
    assert other[0].id not in ids(once)


async def test_what_is_still_unreadable_stays_parked_with_its_reason(keys: Keys) -> None:
    """The same parking, told anew: it goes on waiting, and the fact says what is wrong now."""
    found = await parked(keys)
    outputs = await (await a_redrive(keys, an_intake("vera-signalering"))).handle([a_command(found)])
    (again,) = parkings(outputs)
    (fact,) = led_to(outputs)
    assert again.id == found.id
    assert (fact.fact, fact.reason, fact.field) == (Fact.COMMAND_REFUSED, "unmapped-code", "soort")


async def test_a_number_in_what_was_parked_before_goes_when_it_is_parked_again(keys: Keys) -> None:
    """What an earlier version let in is not kept any longer than that, and its removal is told."""
    intake = await keys.given_to(an_intake("vera-signalering"))
    record = a_record(a_signalering(**UNMAPPED, burgerServiceNr="12345678"), offset=3)
    outputs = parking.parked(
        record, KeyError(), stage=Stage.INGEST, corporation="voorbeeldwonen", at=NOW, key=intake.parking_key
    )
    again = await (await a_redrive(keys, an_intake("vera-signalering"))).handle([a_command(parkings(outputs)[0])])
    whole = await kept(parkings(again)[0], keys.keyring)
    assert b"12345678" not in (whole.value or b"12345678")
    assert [entry.fact for entry in led_to(again)] == [Fact.BSN_REMOVED, Fact.COMMAND_REFUSED]


async def test_what_is_ignored_now_is_done_with(keys: Keys) -> None:
    """A person decided that the code means nothing."""
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes={"NIEUW": "ignore"}))
    outputs = await redrive.handle([a_command(await parked(keys))])
    assert [(entry.fact, entry.reason) for entry in led_to(outputs)] == [
        (Fact.EVENT_IGNORED, "code-ignored"),
        (Fact.RECORD_REDRIVEN, "ignored"),
    ]


async def test_an_erasure_is_refused_for_now_and_accounted_for(keys: Keys) -> None:
    """Nobody carries it out yet, and nobody passes over it in silence."""
    asked = Command.read(a_command(None).value or b"").model_copy(update={"action": Action.ERASE})
    outputs = await (await a_redrive(keys)).handle([Captured("commands.v1", asked.write(), offset=8)])
    assert accounts(outputs) == [("commands.v1", 0, 8)]
    (fact,) = led_to(outputs)
    assert (fact.fact, fact.reason, fact.message) == (Fact.COMMAND_REFUSED, "not-possible-yet", asked.id)


async def test_a_command_to_set_a_record_aside_is_accounted_for_and_no_more(keys: Keys) -> None:
    """Whichever stage the record holds up: the hop there parks it, and tells of that."""
    asked = Command.read(a_command(None).value or b"").model_copy(update={"action": Action.SET_ASIDE})
    outputs = await (await a_redrive(keys)).handle([Captured("commands.v1", asked.write(), offset=8)])
    assert (accounts(outputs), led_to(outputs), len(outputs)) == ([("commands.v1", 0, 8)], [], 1)


async def test_a_command_about_another_record_is_refused(keys: Keys) -> None:
    """What it names and what it carries must be one record: else a person approved something else."""
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED))
    (fact,) = led_to(await redrive.handle([a_command(await parked(keys), target=UUID(int=5))]))
    assert (fact.fact, fact.reason) == (Fact.COMMAND_REFUSED, "another-record")


async def test_a_source_that_is_gone_and_a_broken_seal_are_refused(keys: Keys) -> None:
    """Neither can be carried out, now or by trying again."""
    found = await parked(keys)
    redrive = await a_redrive(keys, an_intake("vera-signalering", topic="another"))
    (fact,) = led_to(await redrive.handle([a_command(found)]))
    assert fact.reason == "no-such-source"
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED))
    for box in ("A" * 200, "A", "é"):
        broken = found.model_copy(update={"sealed": found.sealed.model_copy(update={"box": box})})
        (fact,) = led_to(await redrive.handle([a_command(broken)]))
        assert fact.reason == "cannot-be-opened"
    elsewhere = found.model_copy(update={"sealed": found.sealed.model_copy(update={"kid": "of another keyring"})})
    (fact,) = led_to(await redrive.handle([a_command(elsewhere)]))
    assert fact.reason == "key-unknown"


async def test_what_another_stage_parked_is_written_to_its_topic_again(keys: Keys) -> None:
    """A fault of the router parks signals; once it is mended they must still be decided."""
    said = ("redriven", str(UUID(int=1)).encode())
    headers = [("ce_id", b"1"), ("x", None), ("redriven", b"the time before")]
    lost = Captured("signals.v1", b"{}", key=b"k", headers=headers, offset=4)
    house = await keys.keyring.parking_key()
    outputs = parking.parked(lost, KeyError(), stage=Stage.ROUTER, corporation=None, at=NOW, key=house)
    _, again, fact = await (await a_redrive(keys)).handle([a_command(parkings(outputs)[0])])
    assert again == Output("signals.v1", b"k", b"{}", [("ce_id", b"1"), said])
    assert [(entry.fact, entry.reason) for entry in entries([fact])] == [(Fact.RECORD_REDRIVEN, "written-again")]


async def test_what_was_left_in_its_topic_is_read_from_there_again(keys: Keys) -> None:
    """Too large to be kept, and not lost: while its topic has it, it can still become a signal."""
    large = {"x": "y" * 600_000}
    record = a_record(a_signalering(**UNMAPPED, **large), offset=3)
    found = await parked(keys, **large)
    asked: list[Coordinates] = []

    async def stands(place: Coordinates) -> Record | None:
        asked.append(place)
        return record

    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED), stands=stands)
    outputs = await redrive.handle([a_command(found)])
    assert [signal.facts.kind for signal in signals(outputs)] == ["threat"]
    assert asked == [found.origin]


async def forbidden(_place: Coordinates) -> Record | None:
    """A topic that we may not read."""
    raise Refused("give us Read on it")


async def another(_place: Coordinates) -> Record | None:
    """A topic that was made anew."""
    return a_record(a_signalering(), offset=3)


@pytest.mark.parametrize(
    ("stands", "reason"),
    [(nothing, "no-longer-there"), (forbidden, "may-not-be-read"), (another, "another-record")],
)
async def test_what_its_topic_does_not_give_back_is_refused_with_the_reason(
    keys: Keys, stands: Stands, reason: str
) -> None:
    """A person hears why; and what stands in its place now is never taken for it."""
    found = await parked(keys, x="y" * 600_000)
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED), stands=stands)
    (fact,) = led_to(await redrive.handle([a_command(found)]))
    assert (fact.fact, fact.reason) == (Fact.COMMAND_REFUSED, reason)


async def test_a_command_that_cannot_be_parked_whole_stops_no_other(keys: Keys) -> None:
    """Somebody else's 700 kB on the topic of commands leave a pointer."""
    redrive = await a_redrive(keys)
    (found,) = parkings(redrive.park(Captured("commands.v1", b"x" * 700_000, offset=4), Malformed("command", ("id",))))
    assert (found.reason, found.size, found.left_behind) == ("not-our-schema", 700_000, 700_000)


async def test_other_stages_commands_are_passed_over(keys: Keys) -> None:
    """Releasing is notify's, and so is trying a delivery again."""
    redrive = await a_redrive(keys, an_intake("vera-signalering", codes=MAPPED))
    assert await redrive.handle([a_command(None, action=Action.RELEASE), a_command(None)]) == []


async def test_what_is_no_command_is_parked(keys: Keys) -> None:
    """The hop parks it alone, under the house's key."""
    redrive = await a_redrive(keys)
    record = Captured("commands.v1", b'{"id": 1}')
    with pytest.raises(Malformed) as raised:
        await redrive.handle([record])
    (found,) = parkings(redrive.park(record, raised.value))
    assert (found.reason, found.corporation) == ("not-our-schema", None)


async def test_a_decision_that_names_somebody_is_parked_and_no_fact_repeats_it(keys: Keys) -> None:
    """Whichever program wrote it: the record is not redriven by somebody's name."""
    redrive = await a_redrive(keys)
    record = a_command(await parked(keys), actor="Jan Jansen")
    with pytest.raises(Unreadable) as raised:
        await redrive.handle([record])
    outputs = redrive.park(record, raised.value)
    (found,) = parkings(outputs)
    assert (found.reason, found.field) == ("names-somebody", "actor")
    assert not any(b"Jansen" in output.value for output in outputs)


async def test_no_number_is_kept_of_what_is_no_command(keys: Keys) -> None:
    """It may be a tenant system's event on the wrong topic: it is sealed too, and it is not kept either."""
    record = Captured("commands.v1", b'{"bsn": "123456782", "t": 123456782}')
    outputs = (await a_redrive(keys)).park(record, Malformed("command", ("id",)))
    whole = await kept(parkings(outputs)[0], keys.keyring)
    assert whole.value == b'{"bsn":null,"t":"[BSN]"}'
    assert [(entry.count, entry.corporation) for entry in entries(outputs, Fact.BSN_REMOVED)] == [(2, None)]
