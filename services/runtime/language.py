"""Which language a terminal is spoken to in."""

import os
from collections.abc import Mapping

from schemas.words import Language


def of_locale(environment: Mapping[str, str] | None = None) -> Language:
    """Dutch where the locale says so, else English: the first of LC_ALL, LC_MESSAGES and LANG that is set counts."""
    variables = os.environ if environment is None else environment
    chosen = next((variables[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if variables.get(name)), "")
    return "nl" if chosen.lower().startswith("nl") else "en"
