"""`seinpaal parked set-aside`: parks what holds up its partition, so that what waits behind it goes on."""

import asyncio
from pathlib import Path
from typing import Annotated, Final, assert_never

import orjson
import typer

from schemas import ids
from schemas.command import Action
from schemas.corporation import Sources
from schemas.parked import Coordinates
from schemas.topics import AUDIT, COMMANDS, OURS, REFERRALS, SIGNALS
from schemas.words import filled
from services.console import set_aside_words as words
from services.console.parked_commands import Json, app
from services.console.set_aside import Absent, Behind, First, Passed, Standing, standing
from services.ingest.settings import IngestSettings
from services.notify.command_sink import give
from services.notify.commands import Lang
from services.notify.desk_client import order
from services.notify.settings import NotifySettings
from services.router.settings import RouterSettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.reason import checked
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load
from services.runtime.yaml_file import load_yaml

Topic = Annotated[str, typer.Argument(help="Of the record that waits, as /readyz and hop.later name it.")]
Partition = Annotated[int, typer.Argument(help="Its partition.", min=0)]
Offset = Annotated[int, typer.Argument(help="Its offset there.", min=0)]
Yes = Annotated[bool, typer.Option("--yes", help="Do it. Without this it only tells what it would do.")]
Config = Annotated[Path | None, typer.Option(help="Folder with sources.yaml, unless INGEST_CONFIG says.")]

_OURS: Final = frozenset(each.name for each in OURS)


@app.command()
def set_aside(
    topic: Topic,
    partition: Partition,
    offset: Offset,
    *,
    reason: Annotated[str, typer.Option(callback=checked, help="Why it cannot wait; no personal data.")],
    actor: Actor,
    config: Config = None,
    yes: Yes = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """Park the record that holds up its partition, so that what waits behind it goes on. It can be redriven.

    Example: seinpaal parked set-aside signals.v1 3 1042 --reason "others wait too long" --actor operator-1 --yes
    """
    place = Coordinates(topic=topic, partition=partition, offset=offset)
    kafka, groups = load(KafkaSettings), groups_of(topic, config)
    first = read_from(place, asyncio.run(standing(kafka, place, groups)))
    command = order(Action.SET_ASIDE, ids.input_id(topic, partition, offset), actor=actor, reason=reason, at=now())
    if yes:
        asyncio.run(give(command, kafka))
    if json:
        told = {"command": str(command.id) if yes else None, "action": command.action, **place.model_dump()}
        typer.echo(orjson.dumps({**told, "reads_from": first, "given": yes}).decode())
        return
    who = ", ".join(groups)
    if first < offset:
        typer.echo(filled(words.BETWEEN, who, first).in_(lang))
    typer.echo(filled(words.GIVEN if yes else words.WOULD, topic, partition, offset, who).in_(lang))


def groups_of(topic: str, config: Path | None) -> tuple[str, ...]:
    """The consumer groups that read it.

    Raises:
        Refused: none may pass over what stands there, or none reads it.
    """
    ingest, notify = load(IngestSettings), load(NotifySettings)
    router = load(RouterSettings, parking_key="not needed to look")
    match topic:
        case AUDIT.name:
            raise Refused(words.NOT_THE_LOG)
        case SIGNALS.name:
            return (router.group,)
        case REFERRALS.name:
            return (notify.group,)
        case COMMANDS.name:
            return tuple(f"{each.group}-commands" for each in (ingest, router, notify))
    corporations = load_yaml((config or ingest.config) / "sources.yaml", Sources).corporations
    if topic not in {source.topic for corporation in corporations for source in corporation.sources}:
        raise Refused(filled(words.NOBODY_READS, topic))
    return (ingest.group,)


def read_from(place: Coordinates, stands: Standing) -> int:
    """The offset from which it is read on there. In a tenant system's topic no record need stand at each.

    Raises:
        Refused: it holds up nothing, with what to do.
    """
    named = (place.topic, place.partition, place.offset)
    match stands:
        case First():
            return place.offset
        case Behind(first=first) if place.topic not in _OURS:
            return first
        case Behind(first=first):
            raise Refused(filled(words.BEHIND, *named, first))
        case Absent():
            raise Refused(filled(words.ABSENT, *named))
        case Passed():
            raise Refused(filled(words.PASSED, *named))
        case _:
            assert_never(stands)
