"""REDRIVING: parked records are read again; many of them in slices, for as long as most can be read now."""

from collections.abc import Collection, Sequence
from typing import Final

from rich.console import Console
from rich.progress import Progress as Bar

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.words import Language
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS, AuditSettings
from services.console import parked_words as words
from services.console.parked import Waiting
from services.notify.bulk import ENOUGH, SLICE, Progress
from services.notify.bulk_commands import all_tried
from services.notify.command_sink import give_all
from services.runtime.clock import now
from services.runtime.database import look_into
from services.runtime.settings import KafkaSettings, load

_ENDS: Final = (Fact.RECORD_REDRIVEN, Fact.COMMAND_REFUSED)
"""Each redrive comes to one of these."""

PATIENCE: Final = 60.0
"""Seconds in which a stage that runs has read what it was given, and the log has it."""

LINES: Final = 1_000_000
"""More lines of the log than redrives there are."""


async def redriven(picked: Sequence[Waiting], reason: str, actor: str) -> list[Command]:
    """Have them read again, all at once; what came of it, the log tells."""
    at = now()
    commands = [
        Command(
            id=ids.derived(ids.NAMESPACE, "command", Action.REDRIVE, each.parked.id, at.isoformat()),
            at=at,
            action=Action.REDRIVE,
            target=each.parked.id,
            actor=actor,
            reason=reason,
            parked=each.parked,
        )
        for each in picked
    ]
    await give_all(commands, load(KafkaSettings))
    return commands


async def redrive_all(picked: Sequence[Waiting], reason: str, actor: str, language: Language) -> Progress:
    """Slice by slice, the first one a small one; how many were read again, and of how many that came to nothing.

    Raises:
        Refused: most of a slice cannot be read now either, or nobody reads them.
    """
    done = Progress(0, 0)
    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task(words.DOING.in_(language), total=len(picked))
        while some := picked[done.tried : done.tried + (SLICE if done.tried else ENOUGH)]:
            tried = await _slice(some, reason, actor)
            done = Progress(done.tried + tried.tried, done.failed + tried.failed)
            bar.update(task, completed=done.tried)
    return done


async def _slice(some: Sequence[Waiting], reason: str, actor: str) -> Progress:
    database = await look_into(load(AuditSettings).database_url, MIGRATIONS, "AUDIT_DATABASE_URL")
    try:
        log = AuditLog(database)
        before = await log.size() - 1
        given = {command.id for command in await redriven(some, reason, actor)}

        async def look_again() -> Progress:
            """What the log tells of these."""
            lines = await log.after(before, LINES, _ENDS)
            return judged([line.entry.fact for line in lines if line.entry.message in given])

        return await all_tried(look_again, len(given), PATIENCE)
    finally:
        await database.stop()


def judged(ends: Collection[Fact]) -> Progress:
    """How far they are, by what each came to so far."""
    return Progress(len(ends), sum(end is Fact.COMMAND_REFUSED for end in ends))
