"""Settings read from the environment at once: every bad one named with its variable, none with its value."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from operator import attrgetter
from typing import Any, Final, TypeVar

from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource

from schemas.words import Words, Wrong, filled
from services.runtime import model_words as words
from services.runtime.errors import Refused
from services.runtime.model_errors import explained
from services.runtime.yaml_file import together

S = TypeVar("S", bound=BaseSettings)

_SETTING: Final = Words("{}: {}{}", "{}: {}{}")
"""A variable, what is wrong with it, and what it is for."""

_NEAR: Final = 0.85
"""How alike a variable must be to a setting to count as its misspelling (difflib's ratio)."""

_OF_OTHERS: Final = re.compile(r"_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP).*)?$|^NOTIFY_SOCKET$|^KAFKA_.*OPTS$|__")
"""What Kubernetes sets for a service of that name, systemd for a process, Kafka for its own; and parts of a mapping."""


def load(settings: type[S], *, environment: Mapping[str, str] | None = None, **given: Any) -> S:
    """The settings: `given` (from a command line) before the environment, which is this process's unless told.

    Raises Refused with a line for each variable that is missing, unusable or misspelt.
    """
    variables = os.environ if environment is None else environment
    source = _Environment(settings, variables)
    faults = list(_misspelt(settings, variables))
    try:
        loaded = settings(_build_sources=((InitSettingsSource(settings, given), source), given))
    except ValidationError as error:
        loaded = None
        faults += [_fault(settings, part) for part in error.errors(include_input=False, include_url=False)]
    if loaded is None or faults:
        raise Refused(together(sorted(faults, key=attrgetter("en"))))
    return loaded


class _Environment(EnvSettingsSource):
    """Reads the mapping it is given, and leaves what is no JSON to validation: it must not hide the other faults."""

    def __init__(self, settings: type[BaseSettings], variables: Mapping[str, str]) -> None:
        super().__init__(settings)
        self.env_vars = {name if self.case_sensitive else name.lower(): text for name, text in variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A value that is no JSON goes to validation as it is, so that it is told with all other faults."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def variable(settings: type[BaseSettings], name: str) -> str:
    """The environment variable of a field."""
    match settings.model_fields[name].validation_alias:
        case str() as alias:
            return alias.upper()
        case AliasChoices(choices=[str() as alias, *_]):
            return alias.upper()
        case _:
            return f"{settings.model_config.get('env_prefix', '')}{name}".upper()


def _fault(settings: type[BaseSettings], error: ErrorDetails) -> Words:
    given, *below = (str(step) for step in error["loc"])
    for name, field in settings.model_fields.items():
        if given.upper() in {name.upper(), variable(settings, name)}:
            meaning = filled(words.MEANING, field.description) if field.description else ""
            return filled(_SETTING, ".".join([variable(settings, name), *below]), _said(error), meaning)
    return filled(_SETTING, ".".join([given.upper(), *below]), _said(error), "")


def _said(error: ErrorDetails) -> Words:
    """What a validator of ours says in fixed words; of any other only its kind, as its text may hold what was given."""
    raised = error.get("ctx", {}).get("error")
    return raised.words if isinstance(raised, Wrong) else explained(error)


def _misspelt(settings: type[BaseSettings], variables: Mapping[str, str]) -> Iterator[Words]:
    """A misspelt KAFKA_SECURITY_PROTOCOL would leave the default in force, unseen."""
    known, prefix = _known(settings), _prefix(settings)
    for given in _unknown(prefix, known, variables):
        near = get_close_matches(given.upper(), known, n=1, cutoff=_NEAR)
        for meant in near or [one for one in sorted(known) if _shortens(given.upper(), one)][:1]:
            yield filled(words.NO_SETTING, given, meant)


def _unknown(prefix: str, known: Collection[str], variables: Iterable[str]) -> Iterator[str]:
    """Those with our prefix that are none of ours, in capitals or not; what others set for a service is left out."""
    for given in variables:
        name = given.upper()
        if prefix and name.startswith(prefix) and name not in known and not _OF_OTHERS.search(name):
            yield given


def _shortens(given: str, meant: str) -> bool:
    """Whether each word is one of the other's, or short for it: NOTIFY_DB_URL for NOTIFY_DATABASE_URL."""
    pairs = list(zip(given.split("_"), meant.split("_"), strict=False))
    return given.count("_") == meant.count("_") and all(_is_short_for(short, word) for short, word in pairs)


def _is_short_for(short: str, word: str) -> bool:
    letters = iter(word)
    return short[:1] == word[:1] and all(letter in letters for letter in short)


def strangers(settings: type[BaseSettings], variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables with the prefix of these settings that are none of them, each with the setting most like it."""
    known = _known(settings)
    for given in _unknown(_prefix(settings), known, variables):
        yield given, get_close_matches(given.upper(), known, n=1, cutoff=0)[0]


def _prefix(settings: type[BaseSettings]) -> str:
    return settings.model_config.get("env_prefix", "").upper()


def _known(settings: type[BaseSettings]) -> set[str]:
    return {variable(settings, name) for name in settings.model_fields}
