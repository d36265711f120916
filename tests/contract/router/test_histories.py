"""A long history of one signal is read in part: what comes of an event is the same, and costs no more each time."""

from random import Random
from typing import Any, Final

import pytest

from schemas.codes import Change, Kind, PartnerKind
from schemas.signal import Signal
from services.router import history_store
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Recorded, Repeated, Routed, Withdrawn
from services.router.history_store import MANY
from services.router.household import ALONE, noticed
from services.router.memory import Earlier
from services.router.store import Kept, Memory
from services.runtime.database import Database
from tests.unit.router.samples import NOW, SIGNAL, at, past, rule, rule_set, signal

RULES = rule_set(
    rule("violence"),
    rule("child", "about_child", to=(PartnerKind.WOMENS_SHELTER,)),
    rule("weapon", "weapon", to=(PartnerKind.NEIGHBOURHOOD_TEAM,)),
)
WORDS: Final[dict[str, dict[str, Any]]] = {
    "A": {"kind": Kind.NOISE_VIOLENCE},
    "B": {"kind": Kind.NOISE_VIOLENCE, "weapon": True},
    "C": {"kind": Kind.CHILD_ALONE},
    "N": {"area": "GM0141"},
    "W": {"change": Change.WITHDRAWN},
}
STAMPS: Final = 12
"""More words than these are all said again sooner or later."""


def said(draw: Random, after: int) -> Signal:
    """Some words in some order, with some event ids that come again and some that do not."""
    word = draw.choice("AABCNWW")
    return signal(f"{word}{draw.randrange(STAMPS)}", after=after, **WORDS[word])


async def grown(memory: Memory, draw: Random, length: int) -> Earlier:
    """A history of what was said, now and then late, kept as the router keeps it."""
    known, kept = Earlier(), list[Kept]()
    for offset in range(length):
        event = said(draw, max(0, offset - draw.choice((0, 0, 0, 4))))
        match decide(event, at(offset), RULES, known, NOW, household=ALONE):
            case Routed() | Recorded() | Withdrawn() | Overtaken() as decision:
                one = past(decision, event, at(offset))
                kept.append(Kept.of(event, one))
                known = known.plus(one)
            case Duplicate(still=still) if still is not None:
                known = known.still(still)
    told = {(SIGNAL, one.event): one.said_at for one in known.events if one.said_at is not None}
    await memory.keep(kept, said=told)
    return known


@pytest.mark.parametrize("seed", [0, 2])
async def test_what_is_read_in_part_decides_as_the_whole(database: Database, seed: int) -> None:
    """Redeliveries, copies, changes that come late or back, withdrawals, and whoever was told long ago."""
    draw, length, met = Random(seed), 40, set[type]()  # noqa: S311  not for secrets
    known = await grown(Memory(database), draw, length)
    events = [(said(draw, after), draw.randrange(length + 9)) for after in range(length + 9)]
    events += [
        (signal("x", after=length).model_copy(update={"event": one.event}), one.at.offset) for one in known.events
    ]
    async with database.read() as connection:
        whole = (await history_store.whole(connection, [SIGNAL]))[SIGNAL]
        for event, offset in events:
            part = (await history_store.needed(connection, {SIGNAL: {event.event}}, many=0))[SIGNAL]
            assert (part.told, part.newest, part.first) == (whole.told, whole.newest, whole.first)
            decisions = [decide(event, at(offset), RULES, each, NOW, household=ALONE) for each in (whole, part)]
            assert decisions[0] == decisions[1]
            assert noticed(event, part, NOW) == noticed(event, whole, NOW)
            met.add(type(decisions[0]))
    assert met >= {Routed, Withdrawn, Overtaken, Duplicate, Repeated}


async def test_a_record_that_is_stamped_without_end_costs_no_more_each_time(database: Database) -> None:
    """Of its revisions only the newest is read, and the next one is numbered after it."""
    memory, known, kept = Memory(database), Earlier(), list[Kept]()
    for offset in range(MANY + 20):
        event = signal(str(offset), after=offset)
        one = past(decide(event, at(offset), RULES, known, NOW, household=ALONE), event, at(offset))
        kept.append(Kept.of(event, one))
        known = known.plus(one)
    await memory.keep(kept)
    again = signal("again", after=MANY + 20)
    recalled = (await memory.recall_for([again])).histories[SIGNAL]
    assert [one.event for one in recalled.events] == [kept[-1].event]
    assert recalled.revision == MANY + 20
    assert (await memory.recall_for([signal("3", after=3)])).histories[SIGNAL].telling(signal("3").event)


async def test_the_last_word_on_a_long_history_counts_as_on_a_short_one(database: Database) -> None:
    """What the source said again is younger than every change that is known, and overtakes what comes late."""
    memory = Memory(database)
    known = await grown(memory, Random(0), MANY + 30)  # noqa: S311  not for secrets
    latest, word = known.latest(), signal("w", after=9 * MANY).changed_at
    assert latest is not None
    await memory.keep([], said={(SIGNAL, latest.event): word})
    event = signal("late", after=8 * MANY)
    recalled = (await memory.recall_for([event])).histories[SIGNAL]
    assert len(recalled.events) < len(known.events)
    assert decide(event, at(999), RULES, recalled, NOW, household=ALONE) == Overtaken(newest=word)


async def test_only_the_long_history_of_a_batch_is_read_in_part(database: Database) -> None:
    """Its neighbours, old and new, are read as ever."""
    memory = Memory(database)
    await grown(memory, Random(3), 80)  # noqa: S311  not for secrets
    stranger = signal().model_copy(update={"id": signal("x").event})
    recalled = (await memory.recall_for([signal("y", after=90), stranger])).histories
    assert recalled[stranger.id] == Earlier()
    assert recalled[SIGNAL].revision > MANY
