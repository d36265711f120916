"""Apache Kafka's jars: pinned by hash in kafka-jars.json, brought once from Maven Central, kept in the user's cache."""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from schemas.words import Words, filled
from services.runtime.errors import Refused
from services.sandbox import refusal_words as refused
from services.sandbox import up_words as words

ROOTS: Final = (
    "org.apache.kafka:kafka_2.13:4.1.1",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",  # without it the broker writes no log at all
)
AT_ONCE: Final = 8
PINNED: Final = Path(__file__).with_name("kafka-jars.json")

OnStep = Callable[[Words], None]


def cache_folder() -> Path:
    """Where the jars of this Kafka version stay, for every checkout of one user ($XDG_CACHE_HOME, else ~/.cache)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "seinpaal" / ROOTS[0].replace(":", "_")


async def kafka_jars(on_step: OnStep) -> list[Path]:
    """The class path, in order. `on_step` is called with a sentence for people, only while something is being brought.

    Raises `Refused` when a jar cannot be brought, or is not the one we pinned.
    """
    folder = cache_folder()
    pinned: dict[str, str] = json.loads(PINNED.read_text())
    missing = {name: sha256 for name, sha256 in pinned.items() if not _place(folder, name).exists()}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        await _bring(missing, folder, on_step)
    return [_place(folder, name) for name in pinned]


async def _bring(missing: dict[str, str], folder: Path, on_step: OnStep) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    brought = 0

    async def one(name: str, sha256: str) -> None:
        """One file, when it is its turn."""
        nonlocal brought
        async with turn:
            await asyncio.to_thread(_download, name, sha256, folder)
        brought += 1
        on_step(filled(words.BRINGING, brought, len(missing)))

    await asyncio.gather(*(one(name, sha256) for name, sha256 in missing.items()))


def _place(folder: Path, coordinate: str) -> Path:
    _, artifact, version = coordinate.split(":")
    return folder / f"{artifact}-{version}.jar"


def _download(coordinate: str, sha256: str, folder: Path) -> None:
    """Moves the jar into place only when it is whole: jgo writes in place, and only warns about a wrong checksum."""
    from jgo.config import GlobalSettings  # noqa: PLC0415  0.3 s that only the first start needs
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415  the same
    from jgo.maven import MavenContext  # noqa: PLC0415  the same

    repositories = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}  # a mirror, where one is set
    with TemporaryDirectory(dir=folder) as scratch:
        context = MavenContext(repo_cache=Path(scratch), remote_repos=repositories, timeout=30)
        try:
            jar = context.create_dependency(coordinate).artifact.resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
            looked = ", ".join(repositories.values())
            raise Refused(filled(refused.NOT_BROUGHT, coordinate, looked, type(error).__name__)) from error
        with jar.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != sha256:
            raise Refused(filled(refused.OTHER_CONTENT, coordinate, found, sha256))
        jar.replace(_place(folder, coordinate))


def pin() -> None:
    """Resolves ROOTS with all they need and writes kafka-jars.json again, with the hashes Maven Central gives today."""
    from jgo.maven import MavenContext  # noqa: PLC0415  only people who change ROOTS need it

    pinned: dict[str, str] = {}
    taken: set[str] = set()
    with TemporaryDirectory() as scratch:
        context = MavenContext(repo_cache=Path(scratch), timeout=30)
        for root in ROOTS:  # one by one: together, log4j's parent would set the versions of what Kafka brings
            given, needed = context.resolver.resolve([context.create_dependency(root)])
            for artifact in (dependency.artifact for dependency in given + needed):
                project = f"{artifact.groupId}:{artifact.artifactId}"
                if project not in taken:
                    taken.add(project)
                    pinned[f"{project}:{artifact.version}"] = hashlib.sha256(
                        artifact.resolve().read_bytes()
                    ).hexdigest()
    PINNED.write_text(json.dumps(pinned, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    pin()
