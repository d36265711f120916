"""A list of suspects that is full hides nothing that is lost, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from services.audit import books
from services.audit.append import read
from services.audit.findings import Unaccepted, Undecided, Unledgered
from services.audit.reconcile import Picture, Reader
from services.audit.store import AuditStore
from services.console import look as looks
from services.console.reconcile import judged
from tests.contract.console.conftest import Shown
from tests.unit.audit.samples import record

Make = Callable[[int], Shown]
LISTED = 3


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST", LISTED)
    monkeypatch.setattr(looks, "MOST", LISTED)


def undecided(shown: Shown, most: int) -> list[AuditEntry]:
    """Take away what came after so many acceptances; gives decisions on them, in the order of the events."""
    world = shown.world
    decided = [entry for entry in world.entries if entry.fact is Fact.SIGNAL_DECIDED]
    decided = sorted(decided, key=lambda entry: str(entry.event))[:most]
    signals = {entry.signal for entry in decided}
    gone = [entry for entry in world.entries if entry.signal in signals and entry.stage is not Stage.INGEST]
    shown.markers |= {(entry.input.topic, entry.input.offset) for entry in gone if entry.input}
    world.entries = [entry for entry in world.entries if entry not in gone]
    world.ledger = {referral: of for referral, of in world.ledger.items() if of[0] not in signals}
    return [entry.model_copy(update={"count": 0}) for entry in decided]


async def take(shown: Shown, *entries: AuditEntry) -> None:
    """They come into the log after all that was there."""
    size = len(shown.world.entries)
    arrivals = [read(record(entry, size + place)) for place, entry in enumerate(entries)]
    await AuditStore(shown.database).append(("audit.v1", 0), size, size + len(entries), arrivals)
    shown.world.entries += entries


async def test_what_is_lost_behind_a_full_list_is_found(shown: Make) -> None:
    """More are on their way at the first look than are listed: they arrive, and the one that never does is lost."""
    made = shown(60)
    *late, lost = undecided(made, LISTED + 1)
    await made.recorded()

    async def caught_up(_first: Picture) -> frozenset[Reader]:
        """The router decides on what had arrived."""
        await take(made, *late)
        late.clear()
        return frozenset()

    result = await judged(made.looking().look, caught_up)
    assert [one.event for one in result.found if isinstance(one, Undecided)] == [lost.event]
    assert not result.whole


async def test_what_came_after_the_first_look_crowds_out_nothing(shown: Make) -> None:
    """However much is on its way by then: what was lost before is listed, and nothing else."""
    made = shown(60)
    lost, *_ = undecided(made, 1)
    known = {entry.id for entry in made.world.entries}
    later = [entry for entry in shown(80).world.entries if entry.fact is Fact.SIGNAL_ACCEPTED]
    new = [entry for entry in later if entry.id not in known]
    await made.recorded()

    async def caught_up(_first: Picture) -> frozenset[Reader]:
        """Meanwhile more is accepted than can be listed."""
        await take(made, *new)
        return frozenset()

    result = await judged(made.looking().look, caught_up)
    assert len(new) > LISTED
    assert [one.event for one in result.found if isinstance(one, Undecided)] == [lost.event]
    assert (result.not_listed, result.in_flight) == (0, ())


async def test_what_nobody_comes_to_is_in_flight_however_much_it_is(shown: Make) -> None:
    """The router is away, and all that waits for it is counted."""
    made = shown(60)
    undecided(made, LISTED + 2)
    await made.recorded()

    async def caught_up(_first: Picture) -> frozenset[Reader]:
        """Not in time."""
        return frozenset({Reader.ROUTER})

    result = await judged(made.looking().look, caught_up)
    told = sum(isinstance(one, Undecided) for one in result.in_flight)
    assert (told, result.in_flight_not_listed, result.not_listed) == (LISTED, 2, 0)


@pytest.mark.parametrize("more", [0, 1, 4])
async def test_a_look_tells_how_many_it_did_not_list(shown: Make, more: int) -> None:
    """Of events without a decision, and of signals that never came into the ledger."""
    made = shown(60)
    undecided(made, LISTED + more)
    await made.recorded()
    assert (await made.looking().look()).more[Undecided] == more


async def test_signals_beyond_the_list_are_counted(shown: Make) -> None:
    """None of them came into the ledger."""
    made = shown(60)
    gone = {entry.signal for entry in made.world.entries if entry.stage is Stage.ROUTER and entry.count}
    made.world.entries = [entry for entry in made.world.entries if entry.stage is not Stage.NOTIFY]
    made.world.ledger.clear()
    await made.recorded()
    picture = await made.looking().look()
    assert picture.more[Unledgered] == len(gone) - LISTED > 0


async def test_what_was_never_accepted_stands_before_what_is_undecided(shown: Make) -> None:
    """It waits for nobody, so a backlog of the router does not hide it."""
    made = shown(60)
    undecided(made, LISTED + 1)
    decided = next(entry for entry in reversed(made.world.entries) if entry.fact is Fact.SIGNAL_DECIDED)
    made.world.entries = [
        entry for entry in made.world.entries if entry.event != decided.event or entry.fact is not Fact.SIGNAL_ACCEPTED
    ]
    await made.recorded()
    picture = await made.looking().look()
    assert decided.event is not None
    assert Unaccepted(decided.event) in picture.suspects
    assert (picture.more[Undecided], picture.more[Unaccepted]) == (2, 0)
