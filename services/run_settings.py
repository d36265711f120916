"""The settings a process starts with, checked as a whole: every fault at once, each with its variable and its fix."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic_settings import BaseSettings

from schemas.cloudevents import OUR_SOURCE
from services.runtime.database_engine import parsed
from services.runtime.errors import Refused
from services.runtime.log import get_logger
from services.runtime.parking import ParkingKey
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load, strangers, variable

log = get_logger(__name__)

UNNAMED: Final = (
    "SEINPAAL_SOURCE is not set: every event of ours, also to partners, says that it is of organisation 00000000. "
    "Set it to urn:nld:kvknr:, your eight digits, :systeem:seinpaal"
)


def check(*settings: type[BaseSettings], unused: Collection[str] = ()) -> None:
    """Read all of them from the environment, and look whether what they name can be used; fields `unused` are left.

    Raises:
        Refused: with a line for every fault of every one of them.
    """
    faults = [fault for each in settings for fault in _faults(each, unused)]
    if faults:
        raise Refused("\n".join(dict.fromkeys(faults)))
    for notice in notices(*settings):
        log.warning("settings.placeholder", field=variable(KafkaSettings, "source"), why=notice)
    for each in settings:
        for given, nearest in strangers(each, os.environ):
            log.warning("settings.unknown", field=given, why=f"it is no setting, and is not read. Nearest is {nearest}")
        if "kek_file" in each.model_fields and (why := _bare(load(each))):
            log.warning("settings.exposed", field=variable(each, "kek_file"), why=why)


def notices(*settings: type[BaseSettings]) -> tuple[str, ...]:
    """What can be left so and should not be: it stops nobody, and is told at the start and at `/readyz`."""
    if KafkaSettings in settings and load(KafkaSettings).source == OUR_SOURCE:
        return (UNNAMED,)
    return ()


def _faults(settings: type[BaseSettings], unused: Collection[str]) -> Iterator[str]:
    try:
        loaded = load(settings)
        told: set[str] = set()
    except Refused as refused:
        faults = str(refused).splitlines()
        yield from faults
        told = {fault.partition(":")[0].partition(".")[0] for fault in faults}
        loaded = _without(settings, told)
    yield from _unreachable(loaded, told)
    for name, usable in USABLE.items():
        if name not in settings.model_fields or name in unused or variable(settings, name) in told:
            continue
        try:
            usable(getattr(loaded, name))
        except Refused as refused:
            yield f"{variable(settings, name)}: {str(refused).removeprefix('database: ')}"


def _unreachable(loaded: BaseSettings, told: Collection[str]) -> Iterator[str]:
    """Why Kafka cannot be reached with these, whatever the broker is like."""
    if isinstance(loaded, KafkaSettings) and not told:
        from services.runtime.kafka.connection import bootstrap, security  # noqa: PLC0415  who has no broker loads none

        for usable in (bootstrap, security):
            try:
                usable(loaded)
            except Refused as refused:
                yield str(refused)


def _bare(loaded: Any) -> str | None:
    """Why others may have the keys. It is said and not refused: Kubernetes mounts a secret for all to read."""
    from services.keyring.wrap import bare  # noqa: PLC0415  only who may open what is sealed loads it

    return bare(loaded.kek_file)


def _without(settings: type[BaseSettings], variables: Collection[str]) -> BaseSettings:
    """As if these had not been given: the others can still be looked at."""
    rest = {name: text for name, text in os.environ.items() if name not in variables}
    needed = (name for name, field in settings.model_fields.items() if field.is_required())
    return load(settings, environment=rest, **{name: "" for name in needed if variable(settings, name) in variables})


def _folder(path: Path) -> None:
    if not path.is_dir():
        raise Refused(f"{path} is no folder. Give the one that holds the configuration")


def _keks(path: Path) -> None:
    from services.keyring.wrap import KeyEncryptionKeys  # noqa: PLC0415  only who may open what is sealed loads it

    KeyEncryptionKeys.read(path)


USABLE: Final[Mapping[str, Callable[[Any], object]]] = {
    "config": _folder,
    "database_url": parsed,
    "kek_file": _keks,
    "parking_key": ParkingKey.parse,
}
"""By the field's name, which means the same in every stage's settings."""
