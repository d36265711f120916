"""A sandbox on a full disk: what could not be kept was not answered, and it goes on when there is room again."""

import errno
import os
from pathlib import Path
from typing import TextIO

import pytest

from services.runtime import log
from services.sandbox import broker_service, commands
from services.sandbox.broker_service import BrokerService
from services.sandbox.kafka import EmbeddedKafka
from services.sandbox.partners.journal import Journal
from tests.waiting import until


def test_a_line_that_did_not_fit_leaves_nothing_for_the_next_to_go_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line in the middle would keep the partner, and all of the sandbox, from ever starting again."""
    journal = Journal(tmp_path / "partner.ndjson")
    assert not list(journal.open())
    journal.append({"first": 1})
    write = os.write

    def full(file: int, content: memoryview) -> int:
        """Room for some bytes, then for none."""
        if len(content) > 4:
            return write(file, content[:4])
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(OSError, match="no space"):
            journal.append({"second": 2})
    journal.append({"third": 3})
    journal.close()
    again = Journal(tmp_path / "partner.ndjson")
    assert list(again.open()) == [{"first": 1}, {"third": 3}]
    again.close()


class Fallen(EmbeddedKafka):
    """A broker that has ended, in a folder that cannot be written the first times it is started again."""

    starts = 0
    up = True

    @property
    def running(self) -> bool:
        """Not before it could write again."""
        return self.up

    async def start(self) -> str:
        """Answers, when its disk does."""
        self.starts += 1
        if 1 < self.starts < 4:
            raise OSError(errno.ENOSPC, "no space left")
        self.up = True
        return "127.0.0.1:1"

    def kill(self) -> None:
        """Nothing runs."""

    async def stop(self) -> None:
        """Nothing runs."""


async def test_a_broker_that_could_not_be_started_again_is_tried_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks after it must not end by a full disk: all would wait for it, and nobody be told."""
    monkeypatch.setattr(broker_service, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(broker_service, "AGAIN_SECONDS", 0.001)
    kafka = Fallen(tmp_path)
    service = BrokerService(kafka)
    await service.start()
    kafka.up = False

    async def back() -> bool:
        return service.restarts == 1

    await until(back, "it never came back")
    assert kafka.starts == 4
    assert service.healthy().ready
    await service.stop()


def test_a_log_that_cannot_be_written_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ended a sandbox on a full disk is told, and not that the last lines of its log did not fit."""

    def configured(*, stream: TextIO) -> None:
        stream.write("a line that is flushed at the end\n")

    monkeypatch.setattr(log, "configure", configured)
    with pytest.raises(LookupError, match="what it was"), commands.logging_to(Path("/dev/full")):
        raise LookupError("what it was")
