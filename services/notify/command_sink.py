"""COMMAND SINK: what a person decided, written to `commands.v1`, where the stages read it."""

from collections.abc import Sequence
from datetime import datetime

from schemas import cloudevents, ids
from schemas.command import Action, Command
from schemas.topics import COMMANDS
from services.notify.line import Line
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings


def one_of_many(action: Action, line: Line, refusals: int, *, actor: str, reason: str, at: datetime) -> Command:
    """A decision about many, for one of them. Its id follows from how the line stands, so twice is once.

    `refusals`: how often a decision about it was refused before; what was mended since is given anew.
    """
    return Command(
        id=ids.derived(line.referral, action, line.moves, line.attempts, refusals),
        at=at,
        action=action,
        target=line.referral,
        actor=actor,
        reason=reason,
    )


async def give_all(commands: Sequence[Command], kafka: KafkaSettings) -> None:
    """Returns once every replica in sync has them all. Raises TryLater, KafkaError or OSError without a broker."""
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
    """As `give_all`, of one."""
    await give_all([command], kafka)
