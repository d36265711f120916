"""GIVING: what a person decided, written to `commands.v1`, where the stages read it."""

from collections.abc import Sequence
from datetime import datetime

from schemas import cloudevents, ids
from schemas.command import Action, Command
from schemas.topics import COMMANDS
from services.notify.line import Line
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings


def decided(
    action: Action, line: Line, *, actor: str, reason: str, at: datetime, partner: str | None = None
) -> Command:
    """One decision about one referral; its id follows from what, about which and when."""
    return Command(
        id=ids.derived(ids.NAMESPACE, "command", action, line.referral, at.isoformat()),
        at=at,
        action=action,
        target=line.referral,
        actor=actor,
        reason=reason,
        partner=partner,
    )


def again(line: Line, *, actor: str, reason: str, at: datetime) -> Command:
    """A redrive of a parked referral, one of many. Its id follows from this very parking, so twice is once."""
    return Command(
        id=ids.derived(line.referral, "redrive", line.moves),
        at=at,
        action=Action.REDRIVE,
        target=line.referral,
        actor=actor,
        reason=reason,
    )


async def give_all(commands: Sequence[Command], kafka: KafkaSettings) -> None:
    """As `give`, for many at once."""
    sink = Sink(kafka, client_id="seinpaal-commands")
    await sink.start()
    try:
        await sink.send(
            [
                cloudevents.event(COMMANDS, id=each.id, time=each.at, key=str(each.target), value=each.write())
                for each in commands
            ]
        )
    finally:
        await sink.stop()


async def give(command: Command, kafka: KafkaSettings) -> None:
    """Returns once every replica in sync has it. Raises TryLater, KafkaError or OSError without a broker."""
    sink = Sink(kafka, client_id="seinpaal-commands")
    await sink.start()
    try:
        key, value = str(command.target), command.write()
        await sink.send([cloudevents.event(COMMANDS, id=command.id, time=command.at, key=key, value=value)])
    finally:
        await sink.stop()
