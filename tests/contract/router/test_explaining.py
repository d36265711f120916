"""A decision that was taken is asked again, on both databases: by the rules that decided it, and by others."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from schemas import ids
from schemas.codes import Change, Kind, Origin
from schemas.decision import Effect
from schemas.signal import Signal
from services.router import archive, rule_set_store
from services.router.check import load
from services.router.explain import explained, of_facts, same_course
from services.router.in_force import InForce
from services.router.recorded_decision import taken
from services.router.ruleset import RuleSet
from services.router.tables import EVENT
from services.runtime.database import Database
from services.runtime.errors import Refused
from tests.contract.router.conftest import RULES, MakeRouter
from tests.contract.router.test_handler import record
from tests.unit.router.policy import Policy
from tests.unit.router.samples import NOW, SIGNAL, facts, rule, rule_set, signal

RADAR = rule_set(
    rule(),
    rule("radar", "signals_90d >= 3 && origins_90d >= 2", effect=Effect.HOLD),
    rule("last", "days_since_last < 9", effect=Effect.RECORD, to=(), legal_basis=None),
)


def of_case(number: int, event: str = "1", *, change: Change = Change.REPORTED, **given: Any) -> Signal:
    """An event of one of several cases in one household."""
    case = ids.derived(ids.NAMESPACE, "case", number)
    base = signal(event, after=int(event), change=change, **given)
    return base.model_copy(update={"id": case, "event": ids.event_id(case, event)})


async def kept(database: Database, rules: RuleSet) -> None:
    """As an instance does before a folder's rules decide."""
    async with database.begin() as connection:
        await rule_set_store.archive(connection, rules.version, archive.written(rules))


async def test_what_was_decided_is_decided_so_again(router: MakeRouter, database: Database, database_url: str) -> None:
    """Each revision of each signal, amid the signals of its household as they were then; also of one that moved."""
    await kept(database, RADAR)
    events = [
        of_case(1), of_case(2, origin=Origin.THIRD_PARTY), of_case(3, kind=Kind.NUISANCE),
        of_case(2, "2", household="f" * 32), of_case(4, kind=Kind.NUISANCE),
        of_case(1, "2", change=Change.WITHDRAWN), of_case(5, kind=Kind.NUISANCE, household="f" * 32),
        of_case(1).model_copy(update={"changed_at": NOW}),
    ]  # fmt: skip
    for offset, event in enumerate(events):
        await router(RADAR).handle([record(event, offset)])
    revisions: dict[object, int] = {}
    fired = set[str]()
    for event in events:
        revisions[event.id] = revisions.get(event.id, 0) + 1
        one = await taken(database_url, str(event.id), revisions[event.id])
        assert one.rules is not None
        assert one.question.signal.facts == event.facts
        again = explained(one.question, one.rules)
        assert same_course(again.decision, one.past.decided)
        assert bool(again.tried) == (event.change is Change.REPORTED)
        fired |= {tried.rule.id for tried in again.tried if tried.answer == "fires"}
    assert fired == {"violence", "radar", "last"}


async def test_a_signal_is_found_by_the_beginning_of_its_id(
    router: MakeRouter, database: Database, database_url: str
) -> None:
    """The newest revision, when none is asked for; with dashes or without, in capitals or not."""
    await kept(database, RULES)
    await router().handle([record(signal("1"), 0), record(signal("2", after=2), 1), record(signal("3", after=1), 2)])
    for text in (str(SIGNAL), SIGNAL.hex[:8], str(SIGNAL)[:9].upper(), f" {SIGNAL.hex[:30]} "):
        one = await taken(database_url, text, None)
        assert (one.question.signal.id, one.question.earlier.revision) == (SIGNAL, 1)
    assert (await taken(database_url, SIGNAL.hex, 1)).question.earlier.revision == 0


async def test_what_cannot_be_explained_says_why(router: MakeRouter, database: Database, database_url: str) -> None:
    """Unknown, ambiguous, no such revision, no id at all; in Dutch too."""
    near = signal().model_copy(update={"id": UUID(SIGNAL.hex[:20] + "0" * 12), "event": UUID(int=7)})
    await router().handle([record(signal(), 0), record(near, 1)])
    for text, revision, told, dutch in (
        ("00000000", None, "no signal 00000000 was decided here: seinpaal trail 00000000", "hier niets bepaald"),
        (SIGNAL.hex[:8], None, "more than one signal's id", "meer dan één signaal: geef er meer van"),
        (SIGNAL.hex, 2, "has no revision 2; it has 1", "heeft geen versie 2, wel 1"),
        (SIGNAL.hex[:7], None, "32 hex digits", "32 hexadecimale cijfers"),
        ("zwolle-1234", None, "32 hex digits", "32 hexadecimale cijfers"),
        (SIGNAL.hex + "0", None, "32 hex digits", "32 hexadecimale cijfers"),
    ):
        with pytest.raises(Refused, match=told) as refused:
            await taken(database_url, text, revision)
        assert dutch in refused.value.said("nl")
    assert (await taken(database_url, SIGNAL.hex, None)).rules is None
    async with database.begin() as connection:
        await connection.execute(update(EVENT).values(facts="", household=None))
    with pytest.raises(Refused, match=r"its facts are forgotten \(ROUTER_RETENTION_DAYS\)"):
        await taken(database_url, SIGNAL.hex, None)


async def test_a_count_that_was_forgotten_since_stands_as_it_was_seen(
    router: MakeRouter, database: Database, database_url: str
) -> None:
    """The decision itself names it, so the rule that fired fires again."""
    await kept(database, RADAR)
    events = [of_case(1), of_case(2, origin=Origin.THIRD_PARTY), of_case(3)]
    for offset, event in enumerate(events):
        await router(RADAR).handle([record(event, offset)])
    async with database.begin() as connection:
        await connection.execute(
            update(EVENT).where(EVENT.c.signal.in_([one.id for one in events[:2]])).values(facts="", household=None)
        )
    one = await taken(database_url, events[2].id.hex, None)
    again = explained(one.question, RADAR)
    assert {tried.rule.id for tried in again.tried if tried.answer == "fires"} == {"violence", "radar", "last"}


async def test_a_folder_that_decides_is_kept_before_it_does(database: Database, tmp_path: Path) -> None:
    """The first set and every one after it; two instances keep it once, and it reads back as the same set."""
    policy = Policy(tmp_path / "config")
    looking = [InForce(policy.write(), database, lambda: NOW) for _ in range(2)]
    first, also = [(await one.look()).rules for one in looking]
    assert also.version == first.version
    policy.spoil("rules/nl.yaml", "24h", "23h").write()
    await looking[0].reload()
    second = (await looking[0].look()).rules
    assert first.version != second.version
    for one in (first, second):
        async with database.read() as connection:
            content = await rule_set_store.archived(connection, one.version)
        assert content is not None
        assert archive.of_archive(content, one.version).version == one.version
    with pytest.raises(Refused, match="is another set"):
        archive.of_archive(archive.written(first), second.version)


def test_the_shipped_rules_survive_the_archive() -> None:
    """Every key they use, and they decide the same."""
    shipped = load(Path("deploy/config"), NOW.date())
    again = archive.of_archive(archive.written(shipped), shipped.version)
    question = of_facts(facts(), NOW.date() + timedelta(days=1))
    assert explained(question, again).decision == explained(question, shipped).decision
    assert [one.rule for one in again.rules] == [one.rule for one in shipped.rules]
