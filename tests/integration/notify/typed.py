"""Commands as they are typed, and what they write where the stages read it."""

import asyncio
from uuid import UUID

import pytest

from schemas.command import Command
from schemas.topics import COMMANDS
from services.cli import main
from services.runtime.kafka import TopicSpec, scan
from services.runtime.settings import KafkaSettings
from tests.integration.notify.house import House

SPEC = TopicSpec(COMMANDS.name, COMMANDS.partitions, COMMANDS.configs())


def leads_there(monkeypatch: pytest.MonkeyPatch, house: House, *, columns: int = 240) -> None:
    """The environment of whoever types: this ledger, this broker, and a terminal that is so wide."""
    for name, value in (
        ("NOTIFY_DATABASE_URL", house.database_url),
        ("NOTIFY_CONFIG", house.folder),
        ("KAFKA_BOOTSTRAP", house.kafka.bootstrap),
        ("COLUMNS", columns),
    ):
        monkeypatch.setenv(name, str(value))


def run(*arguments: str) -> int:
    """Its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def given(bootstrap: str, target: UUID | str) -> list[Command]:
    """The commands about it on the topic."""

    async def read() -> list[Command]:
        records = scan(KafkaSettings(bootstrap=bootstrap), COMMANDS.name)
        return [Command.read(record.value or b"") async for record in records]

    return [command for command in asyncio.run(read()) if str(command.target) == str(target)]
