"""SECRETS by reference: configuration says where one is, never what it is."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.runtime.errors import Refused


def secret(reference: str, environment: Mapping[str, str] = os.environ) -> str:
    """What `env:NAME` or `file:PATH` holds, without the white space around it.

    Raises:
        Refused: when it is of another form, missing or empty; the text names the place, never what is in it.
    """
    kind, _, place = reference.partition(":")
    match kind:
        case "env":
            found = environment.get(place, "")
        case "file":
            found = _read(Path(place))
        case _:
            raise Refused("a secret is given by reference: write env:NAME or file:PATH, not the secret itself")
    if not found.strip():
        raise Refused(f"the secret {kind}:{place} is missing or empty")
    return found.strip()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"the secret file:{path} cannot be read ({type(error).__name__})") from None
