"""SECRETS by reference: configuration says where one is, never what it is."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schemas.words import Words, filled
from services.notify import secret_words as words
from services.runtime.errors import Refused
from services.runtime.file_words import unread
from services.runtime.plain_file import content

Stamp = tuple[int, int, int] | None
"""Of a file as it stands: inode, size, time of change (ns). None when there is no file, or when it is not in one."""

LONGEST: Final = 1_000_000
"""Bytes of a secret; a key, a chain or the authorities of a country fit."""


class Secrets:
    """Where secrets are: variables, files, and names in the directory of `mounted` ones."""

    def __init__(self, mounted: Path | None = None, environment: Mapping[str, str] = os.environ) -> None:
        self._mounted = mounted
        self._environment = environment

    def read(self, reference: str) -> str:
        """What `env:NAME`, `file:PATH` or `mounted:NAME` holds now, without the white space around it.

        Raises:
            Refused: when it is of another form, missing or empty; the text names the place, never what is in it.
        """
        kind, _, place = reference.partition(":")
        found = self._environment.get(place, "") if kind == "env" else _read(reference, self._path(kind, place))
        if not found.strip():
            raise Refused(filled(words.MISSING, reference, _mend(reference)))
        return found.strip()

    def stamp(self, reference: str) -> Stamp:
        """Another one means that it was changed: read it again. Raises Refused as `read` does."""
        kind, _, place = reference.partition(":")
        if kind == "env":
            return None
        try:
            stat = self._path(kind, place).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _path(self, kind: str, place: str) -> Path:
        match kind, self._mounted:
            case "file", _:
                return Path(place)
            case "mounted", None:
                raise Refused(filled(words.NOWHERE, place))
            case "mounted", Path() as folder:
                return folder / place
            case _:
                raise Refused(words.NO_REFERENCE)


def _read(reference: str, path: Path) -> str:
    try:
        found = content(path, LONGEST + 1)
        if len(found) > LONGEST:
            raise Refused(filled(words.TOO_LONG, reference, LONGEST))
        return found.decode("utf-8-sig").replace("\r\n", "\n")  # Windows puts a mark before it, which nobody sees
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(filled(words.UNREAD, reference, unread(error), _mend(reference))) from None


def _mend(reference: str) -> Words:
    return words.MEND[reference.partition(":")[0]]
