"""WHICH SET: a folder, a version, or what is in force -> the rule set a person means."""

import asyncio
from datetime import date
from pathlib import Path
from string import hexdigits

from schemas.words import filled
from services.router import refusal_words as refused
from services.router import version_client
from services.router.check import load
from services.router.in_force import Unusable, usable
from services.router.ruleset import RuleSet
from services.runtime.errors import Refused


async def meant(text: str, database_url: str, day: date) -> RuleSet:
    """The set in a folder of that name, or the one that was proposed with that version.

    Raises:
        Refused: it is neither, or does not pass the checks.
    """
    found = await asyncio.to_thread(_in_folder, Path(text), day)
    if found is not None:
        return found
    if not set(text.lower()) <= set(hexdigits):
        raise Refused(filled(refused.NO_FOLDER, text))
    _, version = await version_client.chosen(database_url, text)
    return await _proposed(version, database_url, day)


async def in_force(folder: Path, database_url: str, day: date) -> RuleSet:
    """The set that decides now: the one that was activated, else the folder's.

    Raises:
        Refused: it does not pass the checks.
    """
    version = await version_client.activated(database_url)
    if version is None:
        return await asyncio.to_thread(load, folder, day)
    return await _proposed(version, database_url, day)


def _in_folder(folder: Path, day: date) -> RuleSet | None:
    return load(folder, day) if folder.is_dir() else None


async def _proposed(version: str, database_url: str, day: date) -> RuleSet:
    try:
        return usable(await version_client.policy_of(database_url, version) or {}, version, day)
    except Unusable as unusable:
        raise Refused(filled(refused.NOT_USABLE, version[:12], unusable.reason)) from None
